"""Bringing activations to a standard size: over batches, vectors and neighbouring channels."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.backward import gradients
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import one_of
from graphmagic.ops.arithmetic import maximum, multiply, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import invalid, merged_shape, of_rank
from graphmagic.ops.elementary import pow, rsqrt, square
from graphmagic.ops.fill import range as sequence
from graphmagic.ops.linalg import matmul
from graphmagic.ops.logic import less_equal
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import expand_dims, reshape
from graphmagic.ops.rounding import abs
from graphmagic.ops.stacking import stack
from graphmagic.shapes import TensorShape

__all__ = [
    "batch_norm_with_global_normalization",
    "batch_normalization",
    "l2_normalize",
    "local_response_normalization",
    "lrn",
]


def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: Any,
    name: str | None = None,
) -> Tensor:
    """``(x - mean) / sqrt(variance + variance_epsilon) * scale + offset``, with broadcasting.

    Args:
        x: a tensor of floats.
        mean: the mean, as from `moments`.
        variance: the variance.
        offset: what to add; None for nothing.
        scale: what to multiply with; None for nothing.
        variance_epsilon: a small number that keeps the division safe.
        name: the name of the scope of the operations made.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> y = tf.nn.batch_normalization(tf.constant([1.0, 5.0]), 3.0, 4.0, 10.0, 2.0, 0.0)
    >>> tf.Session().run(y)
    array([ 8., 12.], dtype=float32)
    """
    with get_default_graph().name_scope(name or "batchnorm"):
        value: Any = convert_to_tensor(x)
        kind = value.dtype.base_dtype
        inverse: Any = rsqrt(variance + variance_epsilon)
        if scale is not None:
            inverse = inverse * scale
        scaled = value * cast(inverse, kind)
        shift = -mean * inverse if offset is None else offset - mean * inverse
        result: Tensor = scaled + cast(shift, kind)
        return result


def batch_norm_with_global_normalization(
    t: Any = None,
    m: Any = None,
    v: Any = None,
    beta: Any = None,
    gamma: Any = None,
    variance_epsilon: Any = None,
    scale_after_normalization: bool | None = None,
    name: str | None = None,
    input: Any = None,
    mean: Any = None,
    variance: Any = None,
) -> Tensor:
    """`batch_normalization` with the arguments of early programs.

    Args:
        t: a tensor of floats.
        m: the mean.
        v: the variance.
        beta: the offset.
        gamma: the scale.
        variance_epsilon: a small number that keeps the division safe.
        scale_after_normalization: whether to use `gamma`.
        name: the name of the scope of the operations made.
        input: the new name of `t`.
        mean: the new name of `m`.
        variance: the new name of `v`.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> x = tf.constant([1.0, 5.0])
    >>> tf.Session().run(tf.nn.batch_norm_with_global_normalization(x, 3.0, 4.0, 10.0, 2.0, 0.0, False))
    array([ 9., 11.], dtype=float32)
    """
    x = one_of("input", input, "t", t)
    center, spread = one_of("mean", mean, "m", m), one_of("variance", variance, "v", v)
    scale = gamma if scale_after_normalization else None
    return batch_normalization(x, center, spread, beta, scale, variance_epsilon, name)


def l2_normalize(
    x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None
) -> Tensor:
    """Scale vectors to length 1.

    Args:
        x: a tensor of floats.
        axis: the dimensions along which the vectors lie; all if None.
        epsilon: vectors whose squared length is smaller are divided by its root instead.
        name: the name of the scope of the operations made.
        dim: the old name of `axis`.

    Returns:
        A `Tensor` of the same shape.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.l2_normalize([3.0, 4.0], 0)).round(4)
    array([0.6, 0.8], dtype=float32)
    """
    along = one_of("axis", axis, "dim", dim)
    with get_default_graph().name_scope(name or "l2_normalize") as scope:
        value = convert_to_tensor(x, name="x")
        total = reduce_sum(square(value), along, keepdims=True)
        return multiply(value, rsqrt(maximum(total, epsilon)), name=scope)


# ----- local response normalization -----

_ATTRS: dict[str, Any] = {"depth_radius": 5, "bias": 1.0, "alpha": 1.0, "beta": 0.5}
_TYPES = {"T": (dtypes.float16, dtypes.float32, dtypes.float64)}
lrn_op = OpDef("LRN", "input:T -> output:T", types=_TYPES, defaults=_ATTRS)


def _window_sums(x: Any, radius: int) -> Any:
    """For each channel the sum over it and `radius` neighbours on each side."""
    depth = x.shape[-1]
    total = np.array(x)
    for step in range(1, min(radius, depth - 1) + 1):
        total[..., step:] += x[..., :-step]
        total[..., :-step] += x[..., step:]
    return total


def _norms(x: Any, radius: int, bias: float, alpha: float) -> Any:
    kind = x.dtype.type
    return np.add(np.multiply(_window_sums(np.square(x), radius), kind(alpha)), kind(bias))


@lrn_op.kernel
def lrn_kernel(x: Any, *, depth_radius: int, bias: float, alpha: float, beta: float) -> Any:
    if x.ndim != 4:
        raise invalid("in must be 4-dimensional")
    return np.multiply(x, np.power(_norms(x, depth_radius, bias, alpha), x.dtype.type(-beta)))


@lrn_op.shape_rule
def lrn_shape(x: Tensor) -> TensorShape:
    return of_rank(x.shape, 4)


@lrn_op.gradient
def lrn_grad(op: Operation, dy: Tensor) -> Tensor:
    attrs = {key: op.attrs[key] for key in _ATTRS}
    return apply_op(lrn_grad_op, dy, op.inputs[0], op.outputs[0], **attrs).outputs[0]


lrn_grad_op = OpDef(
    "LRNGrad",
    "input_grads:T, input_image:T, output_image:T -> output:T",
    types=_TYPES,
    defaults=_ATTRS,
)


@lrn_grad_op.kernel
def lrn_grad_kernel(
    dy: Any, x: Any, y: Any, *, depth_radius: int, bias: float, alpha: float, beta: float
) -> Any:
    if not dy.shape == x.shape == y.shape:
        raise invalid("input_grads, input_image, and out_image should have the same shape")
    kind = x.dtype.type
    norms = _norms(x, depth_radius, bias, alpha)
    through = _window_sums(np.true_divide(np.multiply(dy, y), norms), depth_radius)
    direct = np.multiply(dy, np.power(norms, kind(-beta)))
    return np.subtract(direct, np.multiply(np.multiply(x, through), kind(2 * alpha * beta)))


@lrn_grad_op.shape_rule
def lrn_grad_shape(dy: Tensor, x: Tensor, y: Tensor) -> TensorShape:
    return merged_shape(merged_shape(of_rank(dy.shape, 4), x.shape), y.shape)


@lrn_grad_op.gradient
def lrn_grad_grad(op: Operation, ddx: Tensor) -> tuple[Tensor | None, ...]:
    """That of the same formula written with simple operations; the normalized images belong to the formula."""
    dy, x, _ = op.inputs
    attrs = op.attrs
    places: Any = sequence(shape(x)[3])
    apart = abs(subtract(expand_dims(places, 0), expand_dims(places, 1)))
    near = cast(less_equal(apart, attrs["depth_radius"]), x.dtype.base_dtype)
    rows = reshape(square(x), stack([-1, shape(x)[3]]))
    sums: Any = reshape(matmul(rows, near), shape(x))
    y = multiply(x, pow(attrs["bias"] + attrs["alpha"] * sums, -attrs["beta"]))
    (dx,) = gradients(y, [x], dy)
    return (*gradients(dx, [dy, x], ddx), None)


def local_response_normalization(
    input: Any,
    depth_radius: int = 5,
    bias: float = 1,
    alpha: float = 1,
    beta: float = 0.5,
    name: str | None = None,
) -> Tensor:
    """Divide each pixel by the size of its neighbouring channels: ``x / (bias + alpha * sum of squares) ** beta``.

    Args:
        input: images, shape ``[batch, height, width, channels]``.
        depth_radius: how many channels on each side count as neighbours.
        bias: what is added to the sum of squares.
        alpha: what the sum is multiplied with.
        beta: the exponent.
        name: the operation's name.

    Returns:
        A `Tensor` of the same shape.

    Raises:
        ValueError: the rank is not 4.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.lrn(tf.ones([1, 1, 1, 3])))
    array([[[[0.5, 0.5, 0.5]]]], dtype=float32)
    """
    attrs = {
        "depth_radius": int(depth_radius),
        "bias": float(bias),
        "alpha": float(alpha),
        "beta": float(beta),
    }
    return apply_op(lrn_op, input, name=name, **attrs).outputs[0]


lrn = local_response_normalization
