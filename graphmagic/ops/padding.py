"""Padding at the borders: with a value, or with a mirror image."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops import queries
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.slicing import slice
from graphmagic.ops.stacking import stack
from graphmagic.shapes import TensorShape, unknown_shape

Grads = tuple[Tensor | None, ...]
_TYPES: dict[str, Any] = {
    "types": {"Tpaddings": dtypes.INDICES},
    "defaults": {"Tpaddings": dtypes.int32},
    "value_inputs": ("paddings",),
}


def _checked(x: Any, paddings: Any) -> list[tuple[int, int]]:
    if np.shape(paddings) != (np.ndim(x), 2):
        if np.ndim(paddings) != 2 or np.shape(paddings)[1] != 2:
            raise invalid(
                f"paddings must be a matrix with 2 columns: {list(np.shape(paddings))}".replace(" ", "")
            )
        raise invalid(
            "The first dimension of paddings must be the rank of inputs"
            f"{list(np.shape(paddings))} {list(np.shape(x))}".replace(", ", ",")
        )
    if np.any(np.less(paddings, 0)):
        raise invalid(
            f"Paddings must be non-negative: {' '.join(map(str, paddings[np.any(paddings < 0, 1)][0]))}"
        )
    return [(int(before), int(after)) for before, after in paddings]


def _padded(x: Any, paddings: Any, value: Any) -> Any:
    pairs = _checked(x, paddings)
    return np.pad(x, pairs, constant_values=value) if pairs else np.array(x)


def _paddings_rank(x: Tensor, paddings: Tensor) -> int | None:
    """The rank of a tensor, as far as it or its paddings say it."""
    of_rank(paddings.shape, 2)
    rows, columns = paddings.shape.ints or (None, None)
    if columns not in (None, 2):
        raise ValueError(f"Dimension must be 2 but is {columns}")
    if rows is not None:
        of_rank(x.shape, rows)
    return x.shape.ndims if rows is None else rows


def _static_padded(x: Tensor, paddings: Tensor) -> TensorShape:
    rank = _paddings_rank(x, paddings)
    counts = static_value(paddings)
    if counts is not None and (counts < 0).any():
        raise ValueError("Paddings must be non-negative")
    if counts is None or x.shape.ints is None:
        return unknown_shape(rank)
    sizes = zip(x.shape.ints, counts.sum(1), strict=True)
    return TensorShape([None if size is None else size + int(more) for size, more in sizes])


pad_op = OpDef("Pad", "input:T, paddings:Tpaddings -> output:T", **_TYPES)


@pad_op.kernel
def pad_kernel(x: Any, paddings: Any) -> Any:
    fill: Any = b"" if x.dtype == object else 0
    return _padded(x, paddings, fill)


pad_op.shape_rule(_static_padded)


def _unpadded(x: Tensor, paddings: Tensor, dy: Tensor) -> Tensor:
    before = slice(paddings, [0, 0], stack([queries.rank(x), 1]))
    return slice(dy, reshape(before, [-1]), queries.shape(x, out_type=paddings.dtype.base_dtype))


@pad_op.gradient
def pad_grad(op: Operation, dy: Tensor) -> Grads:
    return _unpadded(op.inputs[0], op.inputs[1], dy), None


pad_v2_op = OpDef("PadV2", "input:T, paddings:Tpaddings, constant_values:T -> output:T", **_TYPES)


@pad_v2_op.kernel
def pad_v2_kernel(x: Any, paddings: Any, constant_values: Any) -> Any:
    return _padded(x, paddings, np.asarray(constant_values, x.dtype)[()])


@pad_v2_op.shape_rule
def pad_v2_shape(x: Tensor, paddings: Tensor, constant_values: Tensor) -> TensorShape:
    return _static_padded(x, paddings)


@pad_v2_op.gradient
def pad_v2_grad(op: Operation, dy: Tensor) -> Grads:
    """As TensorFlow has it, no gradient reaches the padding value."""
    return _unpadded(op.inputs[0], op.inputs[1], dy), None, None


# ----- mirrors -----

mirror_pad_op = OpDef("MirrorPad", "input:T, paddings:Tpaddings -> output:T", **_TYPES)
_MODES = {"REFLECT": "reflect", "SYMMETRIC": "symmetric"}


def _check_mirror(x: Any, pairs: list[tuple[int, int]], mode: str) -> None:
    for (before, after), size in zip(pairs, np.shape(x), strict=True):
        limit = size if mode == "SYMMETRIC" else size - 1
        if before > limit or after > limit:
            than = "no greater than" if mode == "SYMMETRIC" else "less than"
            raise invalid(
                f"paddings must be {than} the dimension size: {before}, {after} {'' if mode == 'SYMMETRIC' else 'not '}"
                f"{'greater' if mode == 'SYMMETRIC' else 'less'} than {size}"
            )


@mirror_pad_op.kernel
def mirror_pad_kernel(x: Any, paddings: Any, *, mode: str) -> Any:
    pairs = _checked(x, paddings)
    _check_mirror(x, pairs, mode)
    return np.pad(x, pairs, _MODES[mode])  # type: ignore[call-overload]


mirror_pad_op.shape_rule(_static_padded)


@mirror_pad_op.gradient
def mirror_pad_grad(op: Operation, dy: Tensor) -> Grads:
    return apply_op(mirror_pad_grad_op, dy, op.inputs[1], mode=op.attrs["mode"]).outputs[0], None


mirror_pad_grad_op = OpDef("MirrorPadGrad", "input:T, paddings:Tpaddings -> output:T", **_TYPES)


@mirror_pad_grad_op.kernel
def mirror_pad_grad_kernel(dy: Any, paddings: Any, *, mode: str) -> Any:
    """Fold the borders back: each padded element adds to the one it is an image of."""
    pairs = _checked(dy, paddings)
    for axis, (before, after) in enumerate(pairs):
        size = dy.shape[axis] - before - after
        sources = np.pad(np.arange(size), (before, after), _MODES[mode])  # type: ignore[call-overload]
        folded = np.zeros((size, *np.delete(dy.shape, axis)), dy.dtype)
        np.add.at(folded, sources, np.moveaxis(dy, axis, 0))
        dy = np.moveaxis(folded, 0, axis)
    return dy


@mirror_pad_grad_op.shape_rule
def mirror_pad_grad_shape(dy: Tensor, paddings: Tensor) -> TensorShape:
    _paddings_rank(dy, paddings)
    counts = static_value(paddings)
    if counts is None or dy.shape.ints is None:
        return unknown_shape((paddings.shape.ints or (dy.shape.ndims,))[0])
    sizes = zip(dy.shape.ints, counts.sum(1), strict=True)
    return TensorShape([None if size is None else size - int(less) for size, less in sizes])


@mirror_pad_grad_op.gradient
def mirror_pad_grad_grad(op: Operation, dy: Tensor) -> Grads:
    return apply_op(mirror_pad_op, dy, op.inputs[1], mode=op.attrs["mode"]).outputs[0], None


def pad(
    tensor: Any, paddings: Any, mode: str = "CONSTANT", name: str | None = None, constant_values: Any = 0
) -> Tensor:
    """Add elements before and after, along each dimension.

    Args:
        tensor: a tensor of rank r.
        paddings: integers of shape ``[r, 2]``: how many before and how many after.
        mode: ``"CONSTANT"``, ``"REFLECT"`` (a mirror image that leaves out the border) or ``"SYMMETRIC"`` (one that
            repeats it); upper or lower case.
        name: the operation's name.
        constant_values: the value of the new elements in mode ``"CONSTANT"``.

    Returns:
        A `Tensor` of rank r.

    Raises:
        ValueError: the mode is unknown, or the shapes do not fit.

    >>> import graphmagic as tf
    >>> x = tf.constant([1, 2, 3])
    >>> tf.Session().run([tf.pad(x, [[1, 2]]), tf.pad(x, [[1, 2]], "REFLECT")])
    [array([0, 1, 2, 3, 0, 0], dtype=int32), array([2, 1, 2, 3, 2, 1], dtype=int32)]
    """
    kind = mode.upper()
    if kind == "CONSTANT":
        if not isinstance(constant_values, Tensor) and np.ndim(constant_values) == 0 and constant_values == 0:
            result = apply_op(pad_op, tensor, paddings, name=name).outputs[0]
        else:
            result = apply_op(pad_v2_op, tensor, paddings, constant_values, name=name).outputs[0]
    elif kind in _MODES:
        result = apply_op(mirror_pad_op, tensor, paddings, name=name, mode=kind).outputs[0]
    else:
        raise ValueError(
            'Value of argument `mode` expected to be one of "CONSTANT", "REFLECT", or "SYMMETRIC". '
            f"Received `mode` = {mode}"
        )
    return result
