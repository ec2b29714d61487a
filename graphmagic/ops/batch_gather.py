"""The gradient of picking within batches, and `batch_gather`, which picks along the last dimension of the indices."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arithmetic import add, multiply, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.division import floormod
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.gather import gather, unsorted_segment_sum
from graphmagic.ops.queries import rank as rank_of
from graphmagic.ops.queries import shape as shape_of
from graphmagic.ops.reduce import reduce_prod
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.stacking import stack
from graphmagic.ops.transposing import transpose

__all__ = ["batch_gather", "batch_gather_grad"]


def batch_gather_grad(op: Operation, dy: Tensor) -> tuple[Tensor | None, ...]:
    """Number the slices of all entries of the batch through, and sum what was picked into place."""
    params, indices, axis = op.inputs
    sizes: Any = shape_of(params)
    shared: Any = op.attrs["batch_dims"]
    if shared < 0:
        shared = add(rank_of(indices), shared)
    position, last = floormod(axis, rank_of(params)), rank_of(params)
    end: Any = add(position, subtract(rank_of(indices), shared))
    batch, picks = graph_range(shared), graph_range(position, end)
    order = [batch, picks, graph_range(shared, position), graph_range(end, rank_of(dy))]
    count, width = reduce_prod(sizes[:shared]), sizes[position]
    others = concat([sizes[shared:position], sizes[add(position, 1) :]], 0)
    starts = cast(multiply(graph_range(count), width), indices.dtype.base_dtype)
    numbers = reshape(indices, stack([count, -1]))
    shifted = reshape(add(numbers, reshape(starts, [-1, 1])), [-1])
    rows = reshape(transpose(dy, concat(order, 0)), concat([[-1], others], 0))
    total = unsorted_segment_sum(rows, shifted, multiply(count, width))
    whole = reshape(total, concat([sizes[:shared], [width], others], 0))
    before = graph_range(add(shared, 1), add(position, 1))
    back = [batch, before, reshape(shared, [1]), graph_range(add(position, 1), last)]
    return transpose(whole, concat(back, 0)), None, None


def batch_gather(params: Any, indices: Any, name: str | None = None) -> Tensor:
    """Pick slices of each entry of a batch: `gather` with all dimensions of `indices` but the last as the batch.

    Args:
        params: the tensor to pick from.
        indices: integers; all dimensions but the last are those of `params`.
        name: the scope of the operations made.

    Returns:
        A `Tensor` of shape ``indices.shape + params.shape[indices.rank:]``.

    Raises:
        ValueError: the rank of `indices` is not known.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.batch_gather([[1, 2], [3, 4]], [[1], [0]]))
    array([[2],
           [3]], dtype=int32)
    """
    with get_default_graph().name_scope(name or "BatchGather"):
        numbers = convert_to_tensor(indices, name="indices")
        x = convert_to_tensor(params, name="params")
        if numbers.shape.ndims is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        return gather(x, numbers, batch_dims=numbers.shape.ndims - 1)
