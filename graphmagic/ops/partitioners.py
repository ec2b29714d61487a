"""Functions that say into how many parts a variable is cut; graphmagic asks them and keeps variables whole."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from graphmagic.dtypes import as_dtype
from graphmagic.shapes import as_shape

__all__ = ["fixed_size_partitioner", "min_max_variable_partitioner", "variable_axis_size_partitioner"]

Partitioner = Callable[..., list[int]]


def fixed_size_partitioner(num_shards: int, axis: int = 0) -> Partitioner:
    """A partitioner that cuts every variable into so many parts along one dimension.

    >>> fixed_size_partitioner(3)(shape=[6, 2], dtype="float32")
    [3, 1]
    """

    def partitioner(shape: Any, **unused: Any) -> list[int]:
        dims = as_shape(shape).as_list()
        cuts = [1] * len(dims)
        cuts[axis] = min(num_shards, dims[axis] or 1)
        return cuts

    return partitioner


def variable_axis_size_partitioner(
    max_shard_bytes: int, axis: int = 0, bytes_per_string_element: int = 16, max_shards: int | None = None
) -> Partitioner:
    """A partitioner that keeps parts below a size, cutting along one dimension.

    Args:
        max_shard_bytes: the largest size of a part.
        axis: the dimension.
        bytes_per_string_element: how large strings are taken to be.
        max_shards: the largest number of parts.

    Raises:
        ValueError: a number is not positive.

    >>> variable_axis_size_partitioner(16)(shape=[6, 2], dtype="float32")
    [3, 1]
    """
    for name, value in (("max_shard_bytes", max_shard_bytes), ("max_shards", max_shards)):
        if value is not None and value < 1:
            raise ValueError(f"Argument `{name}` must be positive. Received {name}={value}")

    def partitioner(shape: Any, dtype: Any) -> list[int]:
        dims = [d or 1 for d in as_shape(shape).as_list()]
        kind = as_dtype(dtype)
        element = bytes_per_string_element if kind.name == "string" else kind.size
        cuts = [1] * len(dims)
        row = math.prod(dims) // max(dims[axis], 1) * element
        per_part = max(1, max_shard_bytes // max(row, 1))
        cuts[axis] = -(-dims[axis] // per_part)
        if max_shards is not None:
            cuts[axis] = min(max_shards, cuts[axis])
        return cuts

    return partitioner


def min_max_variable_partitioner(
    max_partitions: int = 1,
    axis: int = 0,
    min_slice_size: int = 256 << 10,
    bytes_per_string_element: int = 16,
) -> Partitioner:
    """A partitioner that cuts into as many parts as keep a least size.

    Args:
        max_partitions: the largest number of parts.
        axis: the dimension.
        min_slice_size: the least size of a part, in bytes.
        bytes_per_string_element: how large strings are taken to be.

    Raises:
        ValueError: a number is not positive.

    >>> min_max_variable_partitioner(4, min_slice_size=16)(shape=[6, 2], dtype="float32")
    [3, 1]
    """
    for name, value in (("max_partitions", max_partitions), ("min_slice_size", min_slice_size)):
        if value < 1:
            raise ValueError(f"Argument `{name}` must be positive. Received: {name}={value}")

    def partitioner(shape: Any, dtype: Any) -> list[int]:
        dims = [d or 1 for d in as_shape(shape).as_list()]
        kind = as_dtype(dtype)
        element = bytes_per_string_element if kind.name == "string" else kind.size
        cuts = [1] * len(dims)
        least = max(1, math.prod(dims) * element // min_slice_size)
        cuts[axis] = max(1, min(dims[axis], max_partitions, least))
        return cuts

    return partitioner
