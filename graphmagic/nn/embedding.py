"""Looking up rows of matrices that may be split into parts."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.nn.norm_clipping import clip_by_norm
from graphmagic.ops.arithmetic import add_n, maximum
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import of_rank_at_least
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.constant import constant
from graphmagic.ops.fill import range as sequence
from graphmagic.ops.gather import gather
from graphmagic.ops.identity import identity
from graphmagic.ops.logic import less
from graphmagic.ops.partition import dynamic_partition, dynamic_stitch
from graphmagic.ops.queries import rank, shape, size
from graphmagic.ops.reshaping import reshape

__all__ = ["embedding_lookup"]


def parts_of(params: Any) -> list[Any]:
    """The parts of a matrix: one tensor, or a list of them.

    Raises:
        ValueError: there are none.
    """
    if params is None:
        raise ValueError("params must be specified")
    if isinstance(params, (list, tuple)) and not params:
        raise ValueError("Length of params is currently 0. Need at least one param.")
    return list(params) if isinstance(params, (list, tuple)) else [params]


def embedding_lookup(
    params: Any,
    ids: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    validate_indices: bool = True,
    max_norm: float | None = None,
) -> Tensor:
    """The rows of a matrix with given numbers.

    Gradients reach the matrix as `IndexedSlices` of these rows alone.

    Args:
        params: the matrix, or a list of its parts.
        ids: the numbers, integers of any shape.
        partition_strategy: how rows are spread over the parts: ``"mod"`` deals them out in turn, ``"div"`` gives each
            part a run of neighbours.
        name: the operation's name.
        validate_indices: accepted for old programs; numbers are always checked.
        max_norm: rows with a larger norm are scaled down to it; None for no limit.

    Returns:
        A `Tensor` of shape ``ids.shape + params.shape[1:]``.

    Raises:
        ValueError: there are no parts, or the strategy is unknown.
        InvalidArgumentError: a number is out of range, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.embedding_lookup([[1.0, 2.0], [3.0, 4.0]], [1, 0, 1])[0])
    array([3., 4.], dtype=float32)
    """
    # A nested list of numbers is one matrix, not a list of parts.
    matrix = isinstance(params, list) and bool(params) and not any(hasattr(p, "dtype") for p in params)
    parts = [convert_to_tensor(params, name="params")] if matrix else parts_of(params)
    with get_default_graph().name_scope(name or "embedding_lookup") as scope:
        parts = [convert_to_tensor(p, name="params") for p in parts]
        numbers = convert_to_tensor(ids, name="ids")
        if len(parts) == 1:
            return identity(_clipped(gather(parts[0], numbers, name=scope), numbers, max_norm))
        return _clipped(_from_parts(parts, numbers, partition_strategy, scope), numbers, max_norm)


def _clipped(rows: Tensor, ids: Tensor, max_norm: float | None) -> Tensor:
    if max_norm is None:
        return rows
    known = ids.shape.ndims, rows.shape.ndims
    if None in known:
        axes: Any = sequence(rank(ids), rank(rows))
    else:
        axes = list(range(*known))  # type: ignore[arg-type]
    clipped: Tensor = clip_by_norm(rows, max_norm, axes=axes)
    return clipped


def _from_parts(parts: list[Tensor], ids: Tensor, strategy: str, name: str) -> Tensor:
    flat: Any = reshape(ids, [-1])
    places = sequence(size(flat))
    for part in parts:
        of_rank_at_least(part.shape, 1)
    if strategy == "mod":
        owner, local = flat % len(parts), flat // len(parts)
    elif strategy == "div":
        owner, local = _runs(parts, flat)
    else:
        raise ValueError(f"Unrecognized partition strategy: {strategy}.Must be one of either `mod` or `div`.")
    owner = cast(owner, dtypes.int32)
    wanted = dynamic_partition(local, owner, len(parts))
    origins = dynamic_partition(places, owner, len(parts))
    rows = [gather(part, some) for part, some in zip(parts, wanted, strict=True)]
    merged = dynamic_stitch(origins, rows, name=name)
    inner = parts[0].shape[1:]
    for part in parts[1:]:
        inner = inner.merge_with(part.shape[1:])
    row_shape: Any = inner if inner.is_fully_defined() else shape(parts[0])[1:]
    result = reshape(merged, concat([shape(ids), row_shape], 0))
    result.set_shape(ids.shape.concatenate(inner))
    return result


def _runs(parts: list[Tensor], ids: Any) -> tuple[Any, Any]:
    """The part of each id and its row there, if the first parts may have one row more than the others."""
    kind = ids.dtype.base_dtype
    sizes = [part.shape[0].value for part in parts]
    if None in sizes:
        total: Any = add_n([cast(shape(part)[0], kind) for part in parts])
    else:
        total = constant(sum(s for s in sizes if s is not None), kind)
    per_part, extra = total // len(parts), total % len(parts)
    owner = maximum(ids // (per_part + 1), (ids - extra) // per_part)
    return owner, where(less(owner, extra), ids % (per_part + 1), (ids - extra) % per_part)
