"""Grids and masks made from vectors: meshgrid, sequence_mask."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.arithmetic import maximum, multiply
from graphmagic.ops.casting import cast, cast_op
from graphmagic.ops.constant import constant
from graphmagic.ops.extremes import reduce_max
from graphmagic.ops.fill import fill
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.logic import less
from graphmagic.ops.queries import rank, size
from graphmagic.ops.reshaping import expand_dims, reshape
from graphmagic.ops.stacking import stack

__all__ = ["meshgrid", "sequence_mask"]


def meshgrid(*args: Any, **kwargs: Any) -> list[Tensor]:
    """The coordinates of all points of a grid.

    Args:
        *args: n vectors: the coordinates along each dimension.
        **kwargs: ``indexing``: ``"xy"`` (the default; the first two dimensions are exchanged, as for pictures) or
            ``"ij"``; ``name``: the scope of the operations made.

    Returns:
        A list of n tensors of rank n.

    Raises:
        TypeError: there is another keyword.
        ValueError: `indexing` is neither value.

    >>> import graphmagic as tf
    >>> x, y = tf.meshgrid([1, 2, 3], [4, 5])
    >>> tf.Session().run([x, y])
    [array([[1, 2, 3],
           [1, 2, 3]], dtype=int32), array([[4, 4, 4],
           [5, 5, 5]], dtype=int32)]
    """
    indexing = kwargs.pop("indexing", "xy")
    name = kwargs.pop("name", "meshgrid")
    if kwargs:
        key = next(iter(kwargs))
        raise TypeError(f"'{key}' is an invalid keyword argument for this function")
    if indexing not in ("xy", "ij"):
        raise ValueError(f"Argument `indexing` parameter must be either 'xy' or 'ij', got '{indexing}'")
    with get_default_graph().name_scope(name):
        count = len(args)
        columns = [reshape(stack(x), (1,) * i + (-1,) + (1,) * (count - i - 1)) for i, x in enumerate(args)]
        vectors = [convert_to_tensor(x) for x in args]
        lengths = [size(x) for x in args]
        if not vectors:
            return []
        if indexing == "xy" and count > 1:
            columns[0] = reshape(columns[0], (1, -1) + (1,) * (count - 2))
            columns[1] = reshape(columns[1], (-1, 1) + (1,) * (count - 2))
            lengths[0], lengths[1] = lengths[1], lengths[0]
        ones = fill(lengths, constant(1, vectors[0].dtype.base_dtype))
        return [multiply(x, ones) for x in columns]


def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = dtypes.bool, name: str | None = None
) -> Tensor:
    """For each length, that many times True and then False.

    Args:
        lengths: integers of any shape.
        maxlen: the size of the last dimension of the result; the largest length if None.
        dtype: the type of the result.
        name: the scope of the operations made.

    Returns:
        A `Tensor` of shape ``lengths.shape + [maxlen]``.

    Raises:
        ValueError: `maxlen` is no scalar.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sequence_mask([1, 2], 3))
    array([[ True, False, False],
           [ True,  True, False]])
    """
    with get_default_graph().name_scope(name or "SequenceMask"):
        counts = convert_to_tensor(lengths)
        if maxlen is None:
            longest = reduce_max(counts, _all_axes(counts))
            longest = maximum(constant(0, longest.dtype.base_dtype), longest)
        else:
            longest = convert_to_tensor(maxlen)
        if longest.shape.ndims not in (None, 0):
            raise ValueError(
                f"Argument `maxlen` must be scalar for sequence_mask, received `maxlen` = {longest} with shape "
                f"'{longest.shape}' instead"
            )
        kind = longest.dtype.base_dtype
        row = graph_range(constant(0, kind), longest, constant(1, kind), name="Range")
        column = apply_op(cast_op, expand_dims(counts, -1), DstT=kind).outputs[0]
        mask = less(row, column)
        wanted = as_dtype(dtype)
        return mask if wanted is dtypes.bool else cast(mask, wanted)


def _all_axes(x: Tensor) -> Any:
    if x.shape.ndims is not None:
        return constant(list(range(x.shape.ndims)), dtypes.int32)
    return graph_range(0, rank(x))
