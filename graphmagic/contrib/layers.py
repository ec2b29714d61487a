"""Layers and what belongs to them, as tutorials used them before ``tf.layers`` (``tf.contrib.layers``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.contrib.building import apply_regularization, embed_sequence, optimize_loss, repeat, stack
from graphmagic.contrib.columns import (
    bucketized_column,
    create_feature_spec_for_parsing,
    crossed_column,
    embedding_column,
    one_hot_column,
    real_valued_column,
    sparse_column_with_hash_bucket,
    sparse_column_with_integerized_feature,
    sparse_column_with_keys,
)
from graphmagic.contrib.scoping import add_arg_scope
from graphmagic.contrib.wrapped import (
    avg_pool2d,
    batch_norm,
    conv2d,
    conv2d_transpose,
    dropout,
    finished,
    layer_scope,
    made,
    max_pool2d,
    one_hot_encoding,
    softmax,
)
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import add_to_collections
from graphmagic.graph.node import Tensor
from graphmagic.layers import core
from graphmagic.layers import flatten as _flatten
from graphmagic.names import namespace as _namespace
from graphmagic.nn.activations import relu
from graphmagic.nn.pointwise_losses import l2_loss
from graphmagic.ops.arithmetic import add, multiply
from graphmagic.ops.initializers import zeros_initializer
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.rounding import abs as abs_
from graphmagic.ops.scaling_initializers import variance_scaling_initializer as _scaling

__all__ = [
    "bucketized_column",
    "create_feature_spec_for_parsing",
    "crossed_column",
    "embedding_column",
    "one_hot_column",
    "real_valued_column",
    "sparse_column_with_hash_bucket",
    "sparse_column_with_integerized_feature",
    "sparse_column_with_keys",
    "apply_regularization",
    "avg_pool2d",
    "batch_norm",
    "conv2d",
    "conv2d_transpose",
    "convolution2d",
    "convolution2d_transpose",
    "dropout",
    "embed_sequence",
    "max_pool2d",
    "one_hot_encoding",
    "optimize_loss",
    "relu",
    "repeat",
    "softmax",
    "stack",
    "flatten",
    "fully_connected",
    "l1_l2_regularizer",
    "l1_regularizer",
    "l2_regularizer",
    "linear",
    "variance_scaling_initializer",
    "xavier_initializer",
    "xavier_initializer_conv2d",
]


@add_arg_scope
def flatten(inputs: Any, outputs_collections: Any = None, scope: str | None = None) -> Tensor:
    """Each example of a batch as a row.

    Args:
        inputs: a tensor whose first dimension is that of the examples.
        outputs_collections: collections to add the result to.
        scope: the name of what is made.
    """
    result: Tensor = _flatten(inputs, name=scope)
    add_to_collections(outputs_collections or [], result)
    return result


def xavier_initializer(uniform: bool = True, seed: int | None = None, dtype: Any = None) -> Any:
    """Random weights that keep the size of signals and of gradients; see `tf.glorot_uniform_initializer`."""
    kind = "uniform" if uniform else "normal"
    options = {} if dtype is None else {"dtype": dtype}
    return _scaling(1.0, "fan_avg", kind, seed, **options)


xavier_initializer_conv2d = xavier_initializer


def variance_scaling_initializer(
    factor: float = 2.0,
    mode: str = "FAN_IN",
    uniform: bool = False,
    seed: int | None = None,
    dtype: Any = None,
) -> Any:
    """Random weights whose variance is `factor` divided by the number of inputs, of outputs, or their mean."""
    options = {} if dtype is None else {"dtype": dtype}
    return _scaling(factor, mode.lower(), "uniform" if uniform else "normal", seed, **options)


def l2_regularizer(scale: float, scope: str | None = None) -> Callable[[Any], Tensor]:
    """A function that gives `scale` times half the sum of the squares of weights."""
    return lambda weights: multiply(scale, l2_loss(weights), name=scope or "l2_regularizer")


def l1_regularizer(scale: float, scope: str | None = None) -> Callable[[Any], Tensor]:
    """A function that gives `scale` times the sum of the absolute values of weights."""
    return lambda weights: multiply(
        scale, reduce_sum(abs_(convert_to_tensor(weights))), name=scope or "l1_regularizer"
    )


def l1_l2_regularizer(
    scale_l1: float = 1.0, scale_l2: float = 1.0, scope: str | None = None
) -> Callable[[Any], Tensor]:
    """The sum of `l1_regularizer` and `l2_regularizer`."""
    return lambda weights: add(
        l1_regularizer(scale_l1)(weights),
        l2_regularizer(scale_l2)(weights),
        name=scope or "l1_l2_regularizer",
    )


@add_arg_scope
def fully_connected(
    inputs: Any,
    num_outputs: int,
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = None,
    weights_regularizer: Any = None,
    biases_initializer: Any = zeros_initializer,
    biases_regularizer: Any = None,
    reuse: bool | None = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """A layer in which every unit sees all inputs, `relu` unless told otherwise.

    Args:
        inputs: a tensor with at least two dimensions.
        num_outputs: how many units.
        activation_fn: applied to the sums; None leaves them.
        normalizer_fn: applied to the sums instead of adding biases.
        normalizer_params: its keyword arguments.
        weights_initializer: of the weights; `xavier_initializer` if None.
        weights_regularizer: of the weights.
        biases_initializer: of the biases; None goes without biases.
        biases_regularizer: of the biases.
        reuse: use the variables that are there.
        variables_collections: accepted for old programs.
        outputs_collections: collections to add the result to.
        trainable: whether training changes the variables.
        scope: the name of the variables' scope.

    >>> import graphmagic as tf
    >>> _ = tf.contrib.layers.fully_connected(tf.zeros([2, 3]), 4)
    >>> [v.name for v in tf.global_variables()]
    ['fully_connected/weights:0', 'fully_connected/biases:0']
    """
    with layer_scope(scope, "fully_connected", inputs, reuse, variables_collections) as opened:
        layer = core.Dense(
            num_outputs,
            use_bias=biases_initializer is not None and normalizer_fn is None,
            kernel_initializer=xavier_initializer()
            if weights_initializer is None
            else made(weights_initializer),
            bias_initializer=made(biases_initializer),
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            _scope=opened,
            _reuse=reuse,
        )
        return finished(layer(inputs), activation_fn, normalizer_fn, normalizer_params, outputs_collections)


def linear(inputs: Any, num_outputs: int, **options: Any) -> Tensor:
    """`fully_connected` without an activation."""
    return fully_connected(inputs, num_outputs, **{"activation_fn": None, **options})


convolution2d, convolution2d_transpose = conv2d, conv2d_transpose

__getattr__, __dir__ = _namespace(__name__)
