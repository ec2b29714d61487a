"""What one vector has and another lacks, and where values would be inserted: setdiff1d, searchsorted."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.queries import shape as shape_of
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.stacking import stack
from graphmagic.shapes import TensorShape

__all__ = ["searchsorted", "setdiff1d"]


class ListDiff(NamedTuple):
    """The elements that remain, and where they were."""

    out: Tensor
    idx: Tensor


list_diff_op = OpDef(
    "ListDiff",
    "x:T, y:T -> out:T, idx:out_idx",
    types={"out_idx": dtypes.INDICES},
    defaults={"out_idx": dtypes.int32},
)


@list_diff_op.kernel
def list_diff_kernel(x: Any, y: Any, *, out_idx: Any) -> Any:
    for name, array in (("x", x), ("y", y)):
        if np.ndim(array) != 1:
            raise invalid(f"{name} should be a 1D vector.")
    places = np.flatnonzero(~np.isin(x, y))
    return x[places], places.astype(as_dtype(out_idx).numpy)


@list_diff_op.shape_rule
def list_diff_shape(x: Tensor, y: Tensor) -> list[TensorShape]:
    of_rank(x.shape, 1)
    of_rank(y.shape, 1)
    return [TensorShape([None]), TensorShape([None])]


def setdiff1d(x: Any, y: Any, index_dtype: Any = dtypes.int32, name: str | None = None) -> ListDiff:
    """The elements of `x` that are not in `y`, in order and with repetitions.

    Args:
        x: a vector.
        y: a vector of the same type.
        index_dtype: the type of the indices, int32 or int64.
        name: the operation's name.

    Returns:
        A named tuple ``(out, idx)`` with ``out[i] == x[idx[i]]``.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.setdiff1d([1, 2, 3, 4], [1, 3]).out)
    array([2, 4], dtype=int32)
    """
    return ListDiff(*apply_op(list_diff_op, x, y, name=name, out_idx=as_dtype(index_dtype)).outputs)


# ----- searchsorted -----


def _bound_op(name: str, side: Any) -> OpDef:
    opdef = OpDef(
        name,
        "sorted_inputs:T, values:T -> output:out_type",
        types={"out_type": dtypes.INDICES},
        defaults={"out_type": dtypes.int32},
        differentiable=False,
    )

    def kernel(sorted_inputs: Any, values: Any, *, dtype: Any) -> Any:
        if sorted_inputs.ndim != 2:
            raise invalid("sorted input argument must be a matrix")
        if len(sorted_inputs) != len(values):
            raise invalid("Leading dim_size of both tensors must match.")
        rows = [np.searchsorted(row, wanted, side) for row, wanted in zip(sorted_inputs, values, strict=True)]
        return np.array(rows, dtype).reshape(values.shape)

    def shape_rule(sorted_inputs: Tensor, values: Tensor) -> TensorShape:
        of_rank(sorted_inputs.shape, 2)
        return of_rank(values.shape, 2)

    opdef.kernel(kernel)
    opdef.shape_rule(shape_rule)
    return opdef


lower_bound_op = _bound_op("LowerBound", "left")
upper_bound_op = _bound_op("UpperBound", "right")


def searchsorted(
    sorted_sequence: Any,
    values: Any,
    side: str = "left",
    out_type: Any = dtypes.int32,
    name: str | None = None,
) -> Tensor:
    """Where each value would have to be inserted to keep a sequence sorted.

    Args:
        sorted_sequence: sorted along its last dimension.
        values: the values to look for, with the same leading dimensions.
        side: ``"left"``: before the elements that are equal; ``"right"``: after them.
        out_type: the type of the result, int32 or int64.
        name: the operation's name.

    Returns:
        A `Tensor` of the shape of `values`.

    Raises:
        ValueError: `side` is neither value.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.searchsorted([1, 3, 5], [0, 3, 9]))
    array([0, 1, 3], dtype=int32)
    """
    ops = {"left": lower_bound_op, "right": upper_bound_op}
    if side not in ops:
        raise ValueError(f"Argument `side` must be either 'right' or 'left'. Received: `side` = '{side}'.")
    with get_default_graph().name_scope(name or "searchsorted"):
        sequence, wanted = convert_to_tensor(sorted_sequence), convert_to_tensor(values)
        length = shape_of(sequence)[-1]
        count = shape_of(wanted)[-1]
        rows = reshape(sequence, stack([-1, length]))
        found = apply_op(
            ops[side], rows, reshape(wanted, stack([-1, count])), out_type=as_dtype(out_type)
        ).outputs[0]
        return reshape(found, shape_of(wanted))
