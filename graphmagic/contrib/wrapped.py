"""Layers under the names and with the variables of ``tf.contrib.layers``: convolutions, pools, normalization."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from graphmagic import nn
from graphmagic.contrib.scoping import add_arg_scope
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import (
    add_to_collection,
    add_to_collections,
    control_dependencies,
    get_collection,
    get_collection_ref,
    name_scope,
)
from graphmagic.graph.graph import GraphKeys
from graphmagic.graph.node import Tensor
from graphmagic.layers import convolutional, core, normalization, pooling, transposed
from graphmagic.ops.identity import identity
from graphmagic.ops.initializers import ones_initializer, zeros_initializer
from graphmagic.ops.one_hot import one_hot
from graphmagic.ops.scaling_initializers import glorot_uniform_initializer
from graphmagic.ops.variable_scope import variable_scope

__all__ = [
    "avg_pool2d",
    "batch_norm",
    "conv2d",
    "conv2d_transpose",
    "dropout",
    "layer_scope",
    "max_pool2d",
    "one_hot_encoding",
    "softmax",
]

RENAMED = {"kernel": "weights", "bias": "biases"}


@contextmanager
def layer_scope(scope: Any, default: str, inputs: Any, reuse: Any, collections: Any = None) -> Iterator[Any]:
    """The scope of a layer, in which a kernel is called ``weights`` and a bias ``biases``."""

    def getter(getter: Callable[..., Any], name: str, *args: Any, **kwargs: Any) -> Any:
        before, _, last = name.rpartition("/")
        renamed = RENAMED.get(last, last)
        found = getter(f"{before}/{renamed}" if before else renamed, *args, **kwargs)
        keys = collections.get(renamed, []) if isinstance(collections, dict) else list(collections or [])
        for key in (GraphKeys.MODEL_VARIABLES, *keys):
            if all(found is not known for known in get_collection(key)):
                add_to_collection(key, found)
        return found

    with variable_scope(scope, default, [inputs], reuse=reuse, custom_getter=getter) as opened:
        yield opened


def made(initializer: Any) -> Any:
    """An initializer, from one or from its class."""
    return initializer() if isinstance(initializer, type) else initializer


def finished(outputs: Tensor, activation: Any, normalizer: Any, parameters: Any, collections: Any) -> Tensor:
    """What a layer gives: normalized, activated, and noted in collections."""
    if normalizer is not None:
        outputs = normalizer(outputs, **(parameters or {}))
    if activation is not None:
        outputs = activation(outputs)
    add_to_collections(collections or [], outputs)
    return outputs


@add_arg_scope
def conv2d(
    inputs: Any, num_outputs: int, kernel_size: Any, stride: Any = 1, padding: str = "SAME", data_format: Any = None,
    rate: Any = 1, activation_fn: Any = nn.relu, normalizer_fn: Any = None, normalizer_params: Any = None,
    weights_initializer: Any = glorot_uniform_initializer, weights_regularizer: Any = None,
    biases_initializer: Any = zeros_initializer, biases_regularizer: Any = None, reuse: Any = None,
    variables_collections: Any = None, outputs_collections: Any = None, trainable: bool = True, scope: Any = None,
) -> Tensor:  # fmt: skip
    """A convolution of images, with `tf.nn.relu` unless told otherwise.

    Args:
        inputs: shape ``[batch, height, width, channels]``, or channels second for ``NCHW``.
        num_outputs: how many filters.
        kernel_size: the height and width of the filters.
        stride: how far the filters move.
        padding: ``SAME`` or ``VALID``.
        data_format: ``NHWC`` or ``NCHW``.
        rate: how far apart the elements of a filter are.
        activation_fn: applied at the end; None for none.
        normalizer_fn: such as `batch_norm`, instead of adding biases.
        normalizer_params: its keyword arguments.
        weights_initializer: of the filters.
        weights_regularizer: of the filters.
        biases_initializer: of the biases; None goes without biases.
        biases_regularizer: of the biases.
        reuse: use the variables that are there.
        variables_collections: collections for the variables, or a dictionary of them by ``weights`` and ``biases``.
        outputs_collections: collections for the result.
        trainable: whether training changes the variables.
        scope: the name of the scope; ``Conv``, ``Conv_1`` ... if None.

    >>> import graphmagic as tf
    >>> tf.contrib.layers.conv2d(tf.zeros([1, 8, 8, 3]), 4, [3, 3])
    <tf.Tensor 'Conv/Relu:0' shape=(1, 8, 8, 4) dtype=float32>
    >>> [v.name for v in tf.global_variables()]
    ['Conv/weights:0', 'Conv/biases:0']
    """
    with layer_scope(scope, "Conv", inputs, reuse, variables_collections) as opened:
        layer = convolutional.Conv2D(
            num_outputs,
            kernel_size,
            stride,
            padding,
            _layout(data_format),
            rate,
            use_bias=normalizer_fn is None and biases_initializer is not None,
            kernel_initializer=made(weights_initializer),
            bias_initializer=made(biases_initializer),
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            _scope=opened,
            _reuse=reuse,
        )
        outputs = layer(inputs)
        return finished(outputs, activation_fn, normalizer_fn, normalizer_params, outputs_collections)


@add_arg_scope
def conv2d_transpose(
    inputs: Any, num_outputs: int, kernel_size: Any, stride: Any = 1, padding: str = "SAME", data_format: Any = None,
    activation_fn: Any = nn.relu, normalizer_fn: Any = None, normalizer_params: Any = None,
    weights_initializer: Any = glorot_uniform_initializer, weights_regularizer: Any = None,
    biases_initializer: Any = zeros_initializer, biases_regularizer: Any = None, reuse: Any = None,
    variables_collections: Any = None, outputs_collections: Any = None, trainable: bool = True, scope: Any = None,
) -> Tensor:  # fmt: skip
    """The transpose of a convolution; arguments as `conv2d`."""
    with layer_scope(scope, "Conv2d_transpose", inputs, reuse, variables_collections) as opened:
        layer = transposed.Conv2DTranspose(
            num_outputs,
            kernel_size,
            stride,
            padding,
            _layout(data_format),
            use_bias=normalizer_fn is None and biases_initializer is not None,
            kernel_initializer=made(weights_initializer),
            bias_initializer=made(biases_initializer),
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            _scope=opened,
            _reuse=reuse,
        )
        outputs = layer(inputs)
        return finished(outputs, activation_fn, normalizer_fn, normalizer_params, outputs_collections)


def _layout(data_format: Any) -> str:
    return "channels_first" if data_format in ("NCHW", "channels_first") else "channels_last"


def _pooled(
    function: Any, default: str, inputs: Any, size: Any, stride: Any, padding: str, *others: Any
) -> Tensor:
    collections, data_format, scope = others
    with name_scope(scope or default):
        outputs: Tensor = function(inputs, size, stride, padding, _layout(data_format))
    add_to_collections(collections or [], outputs)
    return outputs


@add_arg_scope
def max_pool2d(
    inputs: Any, kernel_size: Any, stride: Any = 2, padding: str = "VALID", data_format: Any = None,
    outputs_collections: Any = None, scope: str | None = None,
) -> Tensor:  # fmt: skip
    """The largest element of each window.

    Args:
        inputs: shape ``[batch, height, width, channels]``.
        kernel_size: the height and width of the windows.
        stride: how far they move.
        padding: ``VALID`` or ``SAME``.
        data_format: ``NHWC`` or ``NCHW``.
        outputs_collections: collections for the result.
        scope: the name of the scope.
    """
    others = outputs_collections, data_format, scope
    return _pooled(pooling.max_pooling2d, "MaxPool2D", inputs, kernel_size, stride, padding, *others)


@add_arg_scope
def avg_pool2d(
    inputs: Any, kernel_size: Any, stride: Any = 2, padding: str = "VALID", data_format: Any = None,
    outputs_collections: Any = None, scope: str | None = None,
) -> Tensor:  # fmt: skip
    """The mean of each window; arguments as `max_pool2d`."""
    others = outputs_collections, data_format, scope
    return _pooled(pooling.average_pooling2d, "AvgPool2D", inputs, kernel_size, stride, padding, *others)


@add_arg_scope
def batch_norm(
    inputs: Any, decay: float = 0.999, center: bool = True, scale: bool = False, epsilon: float = 0.001,
    activation_fn: Any = None, param_initializers: Any = None, param_regularizers: Any = None,
    updates_collections: Any = GraphKeys.UPDATE_OPS, is_training: Any = True, reuse: Any = None,
    variables_collections: Any = None, outputs_collections: Any = None, trainable: bool = True,
    batch_weights: Any = None, fused: Any = None, data_format: str = "NHWC", zero_debias_moving_mean: bool = False,
    scope: Any = None, renorm: bool = False, renorm_clipping: Any = None, renorm_decay: float = 0.99,
) -> Tensor:  # fmt: skip
    """Batch normalization (Ioffe and Szegedy, 2015).

    Args:
        inputs: a tensor whose first dimension is that of the examples.
        decay: of the moving averages.
        center: whether there is an offset ``beta``.
        scale: whether there is a factor ``gamma``.
        epsilon: added to the variance.
        activation_fn: applied at the end.
        param_initializers: a dictionary of initializers by the names of the variables.
        param_regularizers: the same with regularizers.
        updates_collections: where the updates of the averages go; None runs them with the layer.
        is_training: whether batches are normalized by themselves, or by the averages.
        reuse: use the variables that are there.
        variables_collections: collections for the variables.
        outputs_collections: collections for the result.
        trainable: whether training changes ``beta`` and ``gamma``.
        batch_weights: must be None.
        fused: accepted for old programs.
        data_format: ``NHWC`` or ``NCHW``.
        zero_debias_moving_mean: accepted for old programs.
        scope: the name of the scope; ``BatchNorm``, ``BatchNorm_1`` ... if None.
        renorm: must be False.
        renorm_clipping: must be None.
        renorm_decay: accepted for old programs.

    Raises:
        ValueError: what is not supported is asked for.
    """
    if batch_weights is not None or renorm or renorm_clipping is not None:
        raise ValueError("graphmagic's batch_norm has neither batch_weights nor renorm: leave them out.")
    initializers, regularizers = dict(param_initializers or {}), dict(param_regularizers or {})
    usual = {"gamma": ones_initializer, "moving_variance": ones_initializer}
    with layer_scope(scope, "BatchNorm", inputs, reuse, variables_collections) as opened:
        found = convert_to_tensor(inputs)
        layer = normalization.BatchNormalization(
            axis=1 if data_format == "NCHW" else -1,
            momentum=decay,
            epsilon=epsilon,
            center=center,
            scale=scale,
            **{  # type: ignore[arg-type]
                f"{name}_initializer": initializers.get(name) or usual.get(name, zeros_initializer)()
                for name in ("beta", "gamma", "moving_mean", "moving_variance")
            },
            **{f"{name}_regularizer": regularizers.get(name) for name in ("beta", "gamma")},  # type: ignore[arg-type]
            trainable=trainable,
            _scope=opened,
            _reuse=reuse,
        )
        before = len(layer.updates)
        outputs = layer(found, training=is_training)
        updates = layer.updates[before:]
        if updates_collections != GraphKeys.UPDATE_OPS:
            usual_place = get_collection_ref(GraphKeys.UPDATE_OPS)
            usual_place[:] = [update for update in usual_place if update not in updates]
        if updates_collections is None:
            with control_dependencies(updates):
                outputs = identity(outputs)
        elif updates_collections != GraphKeys.UPDATE_OPS:
            for update in updates:
                add_to_collections(updates_collections, update)
        return finished(outputs, activation_fn, None, None, outputs_collections)


@add_arg_scope
def dropout(
    inputs: Any, keep_prob: Any = 0.5, noise_shape: Any = None, is_training: Any = True,
    outputs_collections: Any = None, scope: Any = None, seed: int | None = None,
) -> Tensor:  # fmt: skip
    """Set random elements to zero while training.

    Args:
        inputs: a tensor.
        keep_prob: how probable it is that an element stays.
        noise_shape: as for `tf.nn.dropout`.
        is_training: whether to do it.
        outputs_collections: collections for the result.
        scope: the name of the scope.
        seed: the seed; see `tf.set_random_seed`.
    """
    with variable_scope(scope, "Dropout", [inputs]) as opened:
        layer = core.Dropout(1 - keep_prob, noise_shape, seed, _scope=opened)
        outputs: Tensor = layer(inputs, training=is_training)
    add_to_collections(outputs_collections or [], outputs)
    return outputs


@add_arg_scope
def softmax(logits: Any, scope: str | None = None) -> Tensor:
    """Probabilities from logits, classes last."""
    with name_scope(scope or "softmax"):
        return nn.softmax(logits)


@add_arg_scope
def one_hot_encoding(
    labels: Any, num_classes: int, on_value: float = 1.0, off_value: float = 0.0, outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:  # fmt: skip
    """A row with one `on_value` for each label."""
    with name_scope(scope or "OneHotEncoding"):
        outputs = one_hot(labels, num_classes, on_value, off_value)
    add_to_collections(outputs_collections or [], outputs)
    return outputs
