"""The largest elements of vectors."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.arithmetic import add, multiply
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import invalid, of_rank, of_rank_at_least, size_from
from graphmagic.ops.fill import range as sequence
from graphmagic.ops.gather import unsorted_segment_sum
from graphmagic.ops.queries import shape, size
from graphmagic.ops.reshaping import expand_dims, reshape
from graphmagic.shapes import TensorShape

__all__ = ["TopKV2", "in_top_k", "top_k"]

top_k_op = OpDef(
    "TopKV2",
    "input:T, k:Tk -> values:T, indices:index_type",
    types={"T": dtypes.REALS, "Tk": (dtypes.int16, *dtypes.INDICES), "index_type": dtypes.INDICES},
    defaults={"sorted": True, "Tk": dtypes.int32, "index_type": dtypes.int32},
    value_inputs=("k",),
)


class TopKV2(NamedTuple):
    """The largest elements, and where they are."""

    values: Tensor
    indices: Tensor


@top_k_op.kernel
def top_k_kernel(x: Any, k: Any, *, index_type: Any) -> Any:
    if np.ndim(k):
        raise invalid(f"k must be scalar, got shape {shape_text(k)}")
    count = int(k)
    if count < 0:
        raise invalid(f"Need k >= 0, got {count}")
    if x.ndim < 1:
        raise invalid(f"input must be >= 1-D, got shape {shape_text(x)}")
    width = x.shape[-1]
    if width < count:
        raise invalid(f"input must have at least k columns. Had {width}, needed {count}")
    # Ascending and stable on the reversed rows, then reversed: of equal elements the first comes first.
    places = width - 1 - np.argsort(x[..., ::-1], -1, kind="stable")[..., ::-1][..., :count]
    return np.take_along_axis(x, places, -1), places.astype(index_type.numpy)


@top_k_op.shape_rule
def top_k_shape(x: Tensor, k: Tensor) -> list[TensorShape]:
    of_rank_at_least(x.shape, 1)
    count = size_from(k, 1)
    if x.shape.ints is None:
        return [TensorShape(None)] * 2
    width = x.shape.ints[-1]
    if width is not None and count is not None and width < count:
        raise ValueError(f"input must have last dimension >= k = {count} but is {width}")
    return [TensorShape([*x.shape.ints[:-1], count])] * 2


@top_k_op.gradient
def top_k_grad(op: Operation, dy: Tensor, _: Any) -> tuple[Tensor | None, ...]:
    """The gradient goes to where the elements came from."""
    x, places = op.inputs[0], cast(op.outputs[1], dtypes.int32)
    sizes, found = shape(x), shape(places)
    width, count = sizes[-1], found[-1]
    rows: Any = reshape(places, [-1, count])
    starts = multiply(sequence(shape(rows)[0]), width)
    flat = add(rows, expand_dims(starts, -1))
    total = unsorted_segment_sum(reshape(dy, [-1]), reshape(flat, [-1]), size(x))
    return reshape(total, sizes), None


def top_k(
    input: Any, k: Any = 1, sorted: bool = True, index_type: Any = dtypes.int32, name: str | None = None
) -> TopKV2:
    """The `k` largest elements of each row, and where they are.

    Args:
        input: a tensor of real numbers, rank 1 or more.
        k: how many.
        sorted: accepted for old programs: the results are sorted in any case.
        index_type: the type of the places, int32 or int64.
        name: the operation's name.

    Returns:
        (values, indices); of equal elements the first comes first.

    Raises:
        ValueError: rows are shorter than `k`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.top_k([1.0, 9.0, 3.0, 9.0], 2))
    TopKV2(values=array([9., 9.], dtype=float32), indices=array([1, 3], dtype=int32))
    """
    op = apply_op(top_k_op, input, k, name=name, sorted=sorted, index_type=dtypes.as_dtype(index_type))
    return TopKV2(*op.outputs)


in_top_k_op = OpDef(
    "InTopKV2",
    "predictions:float32, targets:T, k:T -> precision:bool",
    types={"T": dtypes.INDICES},
    defaults={"T": dtypes.int32},
    differentiable=False,
)


@in_top_k_op.kernel
def in_top_k_kernel(predictions: Any, targets: Any, k: Any) -> Any:
    if predictions.ndim != 2:
        raise invalid("predictions must be 2-dimensional")
    if targets.ndim != 1:
        raise invalid("targets must be 1-dimensional")
    if len(predictions) != len(targets):
        raise invalid(
            f"First dimension of predictions {len(predictions)} must match length of targets {len(targets)}",
        )
    classes = predictions.shape[1]
    known = (targets >= 0) & (targets < classes)
    wanted = predictions[np.arange(len(targets)), np.where(known, targets, 0)][:, None]
    larger = np.count_nonzero(predictions > wanted, 1)
    return known & np.all(np.isfinite(predictions), 1) & (larger < k)


@in_top_k_op.shape_rule
def in_top_k_shape(predictions: Tensor, targets: Tensor, k: Tensor) -> TensorShape:
    rows, length = of_rank(predictions.shape, 2)[:1], of_rank(targets.shape, 1)
    try:
        return rows.merge_with(length)  # type: ignore[no-any-return]
    except ValueError:
        raise ValueError(
            f"Dimensions must be equal, but are {rows.as_list()[0]} and {length.as_list()[0]}"
        ) from None


def in_top_k(predictions: Any, targets: Any, k: Any, name: str | None = None) -> Tensor:
    """Whether the right classes are among the `k` that got the largest predictions.

    Args:
        predictions: a float32 matrix, one row per example.
        targets: the number of the right class of each example.
        k: how many.
        name: the name of the scope of the operation made.

    Returns:
        A vector of booleans; False where a prediction is not finite.

    Raises:
        ValueError: the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.in_top_k([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]], [1, 2], 2))
    array([ True, False])
    """
    with get_default_graph().name_scope(name or "in_top_k"):
        return apply_op(in_top_k_op, predictions, targets, k).outputs[0]
