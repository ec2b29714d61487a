"""Batch normalization with moving averages for use after training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic import dtypes, nn
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.layers.base import Layer, smart_cond
from graphmagic.ops.arithmetic import multiply, subtract
from graphmagic.ops.assigning import assign_sub
from graphmagic.ops.casting import cast
from graphmagic.ops.constant import constant
from graphmagic.ops.initializers import ones_initializer, zeros_initializer
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.variable import Variable
from graphmagic.shapes import TensorShape

__all__ = ["BatchNormalization", "batch_normalization"]

ones = ones_initializer()
zeros = zeros_initializer()


class BatchNormalization(Layer):
    """Normalizes the channels of a batch, with moving averages for use after training.

    Arguments as `batch_normalization`.

    >>> import graphmagic as tf
    >>> layer = tf.layers.BatchNormalization()
    >>> y = layer(tf.placeholder(tf.float32, [None, 4]), training=True)
    >>> [v.name.split("/")[1] for v in layer.variables]
    ['gamma:0', 'beta:0', 'moving_mean:0', 'moving_variance:0']
    >>> [op.name for op in layer.updates]
    ['batch_normalization/AssignMovingAvg', 'batch_normalization/AssignMovingAvg_1']
    """

    gamma: Any = None
    beta: Any = None

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = zeros,
        gamma_initializer: Any = ones,
        moving_mean_initializer: Any = zeros,
        moving_variance_initializer: Any = ones,
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: float = 0.99,
        fused: bool | None = None,
        trainable: bool = True,
        virtual_batch_size: int | None = None,
        adjustment: Any = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(trainable, name, **options)
        for value, what in (
            (renorm, "renorm"),
            (virtual_batch_size, "virtual_batch_size"),
            (adjustment, "adjustment"),
        ):
            if value:
                raise NotImplementedError(f"batch normalization with {what} is not supported")
        self._axes = [axis] if isinstance(axis, int) else list(axis)
        self.momentum, self.epsilon, self.center, self.scale = momentum, epsilon, center, scale
        self._fused = fused
        self._initializers = gamma_initializer, beta_initializer
        self._moving = moving_mean_initializer, moving_variance_initializer
        self._regularizers = gamma_regularizer, beta_regularizer
        self._constraints = gamma_constraint, beta_constraint

    def build(self, input_shape: TensorShape) -> None:
        """Make gamma, beta and the moving averages."""
        rank = input_shape.ndims
        if rank is None:
            raise ValueError("Input has undefined rank.")
        axes = [axis + rank if axis < 0 else axis for axis in self._axes]
        if any(not 0 <= axis < rank for axis in axes):
            raise ValueError(
                "Invalid value for `axis` argument. Expected 0 <= axis < inputs.rank "
                f"(with inputs.rank={rank}). Received: axis={tuple(axes)}"
            )
        sizes = [input_shape.as_list()[axis] for axis in axes]
        if None in sizes:
            raise ValueError(
                f"Input has undefined `axis` dimension. Received input with shape {input_shape}. "
                f"Axis value: {tuple(axes)}"
            )
        self._places = axes
        # One operation does it all for images normalized by channel.
        wanted = rank == 4 and axes in ([1], [3])
        if self._fused and not wanted:
            raise ValueError(
                "Batch normalization layers with `fused=True` only support 4D input tensors normalized by channel. "
                f"Received input of rank {rank} and axis {tuple(axes)}."
            )
        self.fused = wanted if self._fused is None else self._fused
        known = [size for size in sizes if size is not None]
        if len(axes) > 1:
            known = [size or 1 if axis in axes else 1 for axis, size in enumerate(input_shape.as_list())]
        self._build_variables(known)

    def _build_variables(self, sizes: list[int]) -> None:
        kind = dtypes.float32 if self._dtype is dtypes.float16 else self._dtype
        for index, (name, made) in enumerate((("gamma", self.scale), ("beta", self.center))):
            if made:
                weight = self.add_weight(
                    name,
                    sizes,
                    kind,
                    self._initializers[index],
                    self._regularizers[index],
                    constraint=self._constraints[index],
                )
                setattr(self, name, weight)
        self.moving_mean = self.add_weight("moving_mean", sizes, kind, self._moving[0], trainable=False)
        self.moving_variance = self.add_weight(
            "moving_variance", sizes, kind, self._moving[1], trainable=False
        )

    def call(self, inputs: Any, training: Any = False, **arguments: Any) -> Tensor:
        """Compute the outputs."""
        compute = self._fused_outputs if self.fused else self._plain_outputs
        outputs = compute(inputs, training)
        outputs.set_shape(inputs.shape)
        return outputs

    # ----- images -----

    def _fused_outputs(self, inputs: Tensor, training: Any) -> Tensor:
        depth = self.moving_mean.shape.as_list()
        gamma = constant(1.0, self.moving_mean.dtype.base_dtype, depth) if self.gamma is None else self.gamma
        beta = constant(0.0, self.moving_mean.dtype.base_dtype, depth) if self.beta is None else self.beta
        settings: dict[str, Any] = {
            "epsilon": self.epsilon,
            "data_format": "NCHW" if self._places == [1] else "NHWC",
        }

        def of_batch() -> list[Tensor]:
            return list(nn.fused_batch_norm(inputs, gamma, beta, **settings))

        def of_averages() -> list[Tensor]:
            averages = self.moving_mean, self.moving_variance
            return list(nn.fused_batch_norm(inputs, gamma, beta, *averages, is_training=False, **settings))

        outputs, mean, variance = smart_cond(training, of_batch, of_averages)
        if not isinstance(training, (Tensor, Variable)) and not training:
            return outputs  # type: ignore[no-any-return]
        momentum = smart_cond(training, lambda: constant(self.momentum), lambda: constant(1.0))
        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            self.add_update(self._fused_update(average, value, momentum))
        return outputs  # type: ignore[no-any-return]

    def _fused_update(self, average: Variable, value: Any, momentum: Tensor) -> Any:
        with get_default_graph().name_scope("AssignMovingAvg") as scope:
            rate = subtract(1.0, momentum)
            return assign_sub(
                average, multiply(subtract(average, value, name="sub"), rate, name="mul"), name=scope
            )

    # ----- everything else -----

    def _plain_outputs(self, inputs: Tensor, training: Any) -> Tensor:
        rank = inputs.shape.ndims or 0
        reduced = [axis for axis in range(rank) if axis not in self._places]
        mean: Any = self.moving_mean
        variance: Any = self.moving_variance
        if isinstance(training, (Tensor, Variable)) or training:
            values = nn.moments(inputs, reduced, keep_dims=len(self._places) > 1)
            batch_mean, batch_variance = [cast(v, self.moving_mean.dtype.base_dtype) for v in values]
            mean = smart_cond(training, lambda: batch_mean, lambda: self.moving_mean)
            variance = smart_cond(training, lambda: batch_variance, lambda: self.moving_variance)
            for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
                self.add_update(self._update(average, value, training))
        scale, offset = self.gamma, self.beta
        if self._places != [rank - 1] and len(self._places) == 1:
            sizes: list[Any] = [1] * rank
            sizes[self._places[0]] = self.moving_mean.shape.as_list()[0]
            mean, variance = reshape(mean, sizes), reshape(variance, sizes)
            scale = None if scale is None else reshape(scale, sizes)
            offset = None if offset is None else reshape(offset, sizes)
        kind = inputs.dtype.base_dtype
        return nn.batch_normalization(
            inputs,
            cast(convert_to_tensor(mean), kind),
            cast(convert_to_tensor(variance), kind),
            None if offset is None else cast(convert_to_tensor(offset), kind),
            None if scale is None else cast(convert_to_tensor(scale), kind),
            self.epsilon,
        )

    def _update(self, average: Variable, value: Any, training: Any) -> Any:
        def moved() -> Any:
            with get_default_graph().name_scope("AssignMovingAvg") as scope:
                decay = convert_to_tensor(1.0 - self.momentum, average.dtype.base_dtype, name="decay")
                change = multiply(subtract(average, value, name="sub"), decay, name="mul")
                return assign_sub(average, change, name=scope)

        return smart_cond(training, moved, lambda: average)


def batch_normalization(
    inputs: Any,
    axis: int | Sequence[int] = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
    beta_initializer: Any = zeros,
    gamma_initializer: Any = ones,
    moving_mean_initializer: Any = zeros,
    moving_variance_initializer: Any = ones,
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
    training: Any = False,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_momentum: float = 0.99,
    fused: bool | None = None,
    virtual_batch_size: int | None = None,
    adjustment: Any = None,
) -> Tensor:
    """Normalize the channels of a batch (Ioffe and Szegedy 2015), with moving averages for use after training.

    While training, the operations that update the moving averages have to run too; they are in the collection
    ``tf.GraphKeys.UPDATE_OPS``::

        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            train_op = optimizer.minimize(loss)

    Args:
        inputs: a tensor of known rank.
        axis: the dimension of the channels, or a list of dimensions.
        momentum: how much of a moving average stays in each update.
        epsilon: a small number that keeps the division safe.
        center: whether to add beta.
        scale: whether to multiply with gamma.
        beta_initializer: the initializer of beta.
        gamma_initializer: the initializer of gamma.
        moving_mean_initializer: the initializer of the moving mean.
        moving_variance_initializer: the initializer of the moving variance.
        beta_regularizer: computes a loss from beta.
        gamma_regularizer: computes a loss from gamma.
        beta_constraint: a function that optimizers apply to beta after each update.
        gamma_constraint: the same for gamma.
        training: a boolean, or a boolean tensor such as a placeholder: normalize by the batch, or by the averages.
        trainable: whether optimizers change beta and gamma by default.
        name: the name of the variable scope.
        reuse: use the variables of an earlier layer of that name.
        renorm: not supported.
        renorm_clipping: not supported.
        renorm_momentum: not supported.
        fused: whether one operation does it all; for images if None.
        virtual_batch_size: not supported.
        adjustment: not supported.

    Returns:
        A `Tensor` of the shape of `inputs`.

    Raises:
        ValueError: the axis is out of range, or its size unknown.
        NotImplementedError: an argument is not supported.

    >>> import graphmagic as tf
    >>> y = tf.layers.batch_normalization(tf.constant([[1.0], [3.0]]), training=True)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(y).round(2).ravel()
    array([-1.,  1.], dtype=float32)
    """
    layer = BatchNormalization(
        axis,
        momentum,
        epsilon,
        center,
        scale,
        beta_initializer,
        gamma_initializer,
        moving_mean_initializer,
        moving_variance_initializer,
        beta_regularizer,
        gamma_regularizer,
        beta_constraint,
        gamma_constraint,
        renorm,
        renorm_clipping,
        renorm_momentum,
        fused,
        trainable,
        virtual_batch_size,
        adjustment,
        name,
        _scope=name,
        _reuse=reuse,
    )
    result: Tensor = layer(inputs, training=training)
    return result
