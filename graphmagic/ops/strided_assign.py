"""Writing parts of variables: ``variable[1:3].assign(value)``."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid
from graphmagic.ops.strided import MASKS, checked_index, static_slice_shape
from graphmagic.shapes import TensorShape

__all__ = ["assign_slice", "slice_attribute"]

strided_assign_op = OpDef(
    "StridedSliceAssign",
    "ref:&T, begin:Index, end:Index, strides:Index, value:T -> output_ref:&T",
    types={"Index": dtypes.INDICES},
    defaults=dict.fromkeys(MASKS, 0),
    writes=True,
    differentiable=False,
)


@strided_assign_op.kernel
def strided_assign_kernel(
    old: Any,
    begin: Any,
    end: Any,
    strides: Any,
    value: Any,
    *,
    begin_mask: int,
    end_mask: int,
    ellipsis_mask: int,
    new_axis_mask: int,
    shrink_axis_mask: int,
) -> Any:
    bits = begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask
    try:
        index = checked_index(begin, end, strides, dict(zip(MASKS, bits, strict=True)), np.shape(old))
    except ValueError as error:
        raise invalid(str(error)) from None
    new = np.array(old)
    wanted = new[index].shape
    try:
        new[index] = np.broadcast_to(value, wanted)
    except ValueError:
        raise invalid(
            f"Cannot broadcast input shape {shape_text(value)} into final shape [{','.join(map(str, wanted))}]"
        ) from None
    return new


@strided_assign_op.shape_rule
def strided_assign_shape(
    ref: Tensor, begin: Tensor, end: Tensor, strides: Tensor, value: Tensor, *, op: Operation
) -> TensorShape:
    static_slice_shape(ref, begin, end, strides, op.attrs)
    return ref.shape


def assign_slice(part: Tensor, value: Any, name: str | None = None) -> Tensor:
    """Write the part of a variable that a slice has read.

    Args:
        part: ``variable[...]``.
        value: the new elements, of the shape of the part.
        name: the operation's name.

    Returns:
        A `Tensor` whose value is the whole new value of the variable.

    Raises:
        ValueError: `part` is no slice of a variable.

    >>> import graphmagic as tf
    >>> v, sess = tf.Variable([1.0, 2.0, 3.0]), tf.Session()
    >>> sess.run(v.initializer)
    >>> sess.run(v[1:].assign([8.0, 9.0]))
    array([1., 8., 9.], dtype=float32)
    """
    source, *place = part.op.inputs
    ref = source.op.inputs[0] if source.op.type == "Identity" else source
    if not ref.dtype.is_ref_dtype:
        raise ValueError("Sliced assignment is only supported for variables")
    masks = {key: part.op.attrs[key] for key in MASKS}
    return apply_op(
        strided_assign_op, ref, *place, value, name=name or f"{part.op.name}/_assign", **masks
    ).outputs[0]


def slice_attribute(tensor: Tensor, name: str) -> Any:
    """What a tensor has beyond the attributes of its class: slices can be assigned to.

    Raises:
        AttributeError: there is no such attribute.
    """
    if name == "assign" and tensor.op.type == "StridedSlice":
        return partial(assign_slice, tensor)
    raise AttributeError(f"'Tensor' object has no attribute {name!r}")
