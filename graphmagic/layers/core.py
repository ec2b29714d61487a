"""Fully connected layers, dropout, and making vectors of images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic import nn
from graphmagic.graph.node import Tensor
from graphmagic.layers.base import Layer, activated, is_first, smart_cond
from graphmagic.ops.contraction import tensordot
from graphmagic.ops.identity import identity
from graphmagic.ops.initializers import zeros_initializer
from graphmagic.ops.linalg import matmul
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.transposing import transpose
from graphmagic.shapes import TensorShape

__all__ = ["Dense", "Dropout", "Flatten", "dense", "dropout", "flatten"]

Function = Callable[[Any], Any]
zeros = zeros_initializer()


class Dense(Layer):
    """A fully connected layer: ``activation(inputs @ kernel + bias)``; arguments as `dense`.

    >>> import graphmagic as tf
    >>> layer = tf.layers.Dense(3)
    >>> layer(tf.zeros([2, 4])).shape, layer.kernel.name
    (TensorShape([Dimension(2), Dimension(3)]), 'dense/kernel:0')
    """

    kernel: Any = None
    bias: Any = None

    def __init__(
        self,
        units: int,
        activation: Function | None = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = zeros,
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(trainable, name, **options)
        self.units = int(units)
        self.activation = activation
        self.use_bias = use_bias
        self._kernel = {
            "initializer": kernel_initializer,
            "regularizer": kernel_regularizer,
            "constraint": kernel_constraint,
        }
        self._bias = {
            "initializer": bias_initializer,
            "regularizer": bias_regularizer,
            "constraint": bias_constraint,
        }

    def build(self, input_shape: TensorShape) -> None:
        """Make the kernel and the bias."""
        depth = input_shape.ints[-1] if input_shape.ints else None
        if depth is None:
            if input_shape.ndims == 0:
                self.check_rank(input_shape, least=2)
            raise ValueError(
                "The last dimension of the inputs to a Dense layer should be defined. Found None. "
                f"Full input shape received: {input_shape}"
            )
        self.check_rank(input_shape, least=2)
        self.kernel = self.add_weight("kernel", [depth, self.units], **self._kernel)
        if self.use_bias:
            self.bias = self.add_weight("bias", [self.units], **self._bias)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The shape of the outputs for inputs of a shape.

        Raises:
            ValueError: the last dimension is not known.
        """
        known = TensorShape(input_shape).with_rank_at_least(2)
        if known[-1].value is None:
            raise ValueError(
                f"The innermost dimension of input_shape must be defined, but saw: {TensorShape(input_shape)}"
            )
        outputs: TensorShape = known[:-1].concatenate(self.units)
        return outputs

    def call(self, inputs: Any, **arguments: Any) -> Tensor:
        """Compute the outputs."""
        if inputs.shape.ndims > 2:
            outputs = tensordot(inputs, self.kernel, [[inputs.shape.ndims - 1], [0]])
            outputs.set_shape(inputs.shape[:-1].concatenate([self.units]))
        else:
            outputs = matmul(inputs, self.kernel)
        if self.use_bias:
            outputs = nn.bias_add(outputs, self.bias)
        return activated(self.activation, outputs)


def dense(
    inputs: Any,
    units: int,
    activation: Function | None = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = zeros,
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """A fully connected layer: ``activation(inputs @ kernel + bias)``.

    Args:
        inputs: a tensor of rank 2 or more; the last dimension must be known.
        units: the number of outputs.
        activation: a function of tensors; None for none.
        use_bias: whether there is a bias.
        kernel_initializer: the initializer of the kernel; that of the scope if None.
        bias_initializer: the initializer of the bias.
        kernel_regularizer: computes a loss from the kernel.
        bias_regularizer: computes a loss from the bias.
        activity_regularizer: accepted for old programs.
        kernel_constraint: a function that optimizers apply to the kernel after each update.
        bias_constraint: the same for the bias.
        trainable: whether optimizers change the variables by default.
        name: the name of the variable scope; ``dense``, ``dense_1`` ... if None.
        reuse: use the variables of an earlier layer of that name.

    Returns:
        A `Tensor` like `inputs` with `units` elements in the last dimension.

    Raises:
        ValueError: the last dimension is unknown, or the variables exist already.

    >>> import graphmagic as tf
    >>> tf.layers.dense(tf.zeros([2, 4]), 3, activation=tf.nn.relu, name="hidden")
    <tf.Tensor 'hidden/Relu:0' shape=(2, 3) dtype=float32>
    """
    layer = Dense(
        units,
        activation,
        use_bias,
        kernel_initializer,
        bias_initializer,
        kernel_regularizer,
        bias_regularizer,
        activity_regularizer,
        kernel_constraint,
        bias_constraint,
        trainable,
        name,
        _scope=name,
        _reuse=reuse,
    )
    result: Tensor = layer(inputs)
    return result


class Dropout(Layer):
    """Sets random elements to zero while training; arguments as `dropout`.

    >>> import graphmagic as tf
    >>> tf.layers.Dropout(0.4)(tf.ones([3]), training=False).name
    'dropout/Identity:0'
    """

    def __init__(
        self,
        rate: Any = 0.5,
        noise_shape: Any = None,
        seed: int | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name=name, **options)
        self.rate, self.noise_shape, self.seed = rate, noise_shape, seed

    def call(self, inputs: Any, training: Any = False, **arguments: Any) -> Tensor:
        """Compute the outputs."""

        def dropped() -> Tensor:
            return nn.dropout(inputs, rate=self.rate, noise_shape=self.noise_shape, seed=self.seed)

        result: Tensor = smart_cond(training, dropped, lambda: identity(inputs))
        return result


def dropout(
    inputs: Any,
    rate: Any = 0.5,
    noise_shape: Any = None,
    seed: int | None = None,
    training: Any = False,
    name: str | None = None,
) -> Tensor:
    """Set random elements to zero while training, and scale the others up.

    Args:
        inputs: a tensor of floats.
        rate: the probability that an element is dropped.
        noise_shape: as in `tf.nn.dropout`.
        seed: as in `tf.nn.dropout`.
        training: a boolean, or a boolean tensor such as a placeholder; if False nothing is dropped.
        name: the name of the scope of the operations made.

    Returns:
        A `Tensor` of the shape of `inputs`.

    >>> import graphmagic as tf
    >>> x = tf.ones([3])
    >>> tf.Session().run(tf.layers.dropout(x, 0.5, training=False))
    array([1., 1., 1.], dtype=float32)
    """
    layer = Dropout(rate, noise_shape, seed, name, _scope=name)
    result: Tensor = layer(inputs, training=training)
    return result


class Flatten(Layer):
    """Makes one dimension of all but the first; arguments as `flatten`.

    >>> import graphmagic as tf
    >>> tf.layers.Flatten()(tf.zeros([2, 3, 4])).shape.as_list()
    [2, 12]
    """

    def __init__(self, data_format: str = "channels_last", name: str | None = None, **options: Any) -> None:
        super().__init__(name=name, **options)
        self._first = is_first(data_format)

    def call(self, inputs: Any, **arguments: Any) -> Tensor:
        """Compute the outputs."""
        self.check_rank(inputs.shape, least=1)
        if self._first and (inputs.shape.ndims or 0) > 1:
            inputs = transpose(inputs, [0, *range(2, inputs.shape.ndims), 1])
        batch = inputs.shape[0].value
        result = reshape(inputs, (shape(inputs)[0] if batch is None else batch, -1))
        result.set_shape([batch, inputs.shape[1:].num_elements()])
        return result


def flatten(inputs: Any, name: str | None = None, data_format: str = "channels_last") -> Tensor:
    """Make one dimension of all but the first.

    Args:
        inputs: a tensor.
        name: the name of the scope of the operations made.
        data_format: ``channels_first`` if the channels come second; they go last.

    Returns:
        A matrix.

    >>> import graphmagic as tf
    >>> tf.layers.flatten(tf.placeholder(tf.float32, [None, 3, 4]))
    <tf.Tensor 'flatten/Reshape:0' shape=(?, 12) dtype=float32>
    """
    result: Tensor = Flatten(data_format, name, _scope=name)(inputs)
    return result
