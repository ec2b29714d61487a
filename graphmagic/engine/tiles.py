"""Matrix products in tiles: OpenBLAS multiplies small matrices without packing them first, which pays off.

One batched product on views does the work of the loop.  Measured with AVX-512 kernels: 32x784 by 784x128 takes
0.58 of the time, 128x784 by 784x128 0.77.  Elsewhere it may be slower, so a test of a few milliseconds decides.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from graphmagic.engine import blas

__all__ = ["pays", "tile_and_depth", "tile_rows"]

SMALL = 1_000_000  # multiplications up to which OpenBLAS does not pack
LARGE = 200_000_000
MAX_INNER = 1024
MAX_COLUMNS = 512
MIN_DEPTH, MAX_DEPTH = 96, 200


def tile_rows(rows: int, inner: int, columns: int, transposed: bool) -> int | None:
    """How many rows a tile has, None if the product is better left whole.

    >>> tile_rows(32, 784, 128, False), tile_rows(784, 32, 128, True), tile_rows(4, 4, 4, False)
    (8, 196, None)
    """
    size = rows * inner * columns
    if not SMALL < size < LARGE or inner > MAX_INNER or columns > MAX_COLUMNS:
        return None
    return _largest_tile(rows, inner * columns, transposed)


def tile_and_depth(rows: int, inner: int, columns: int, transposed: bool) -> tuple[int, int] | None:
    """For products that are too deep for `tile_rows`: how many rows a tile has, and how deep each of some products is.

    They are added up.  OpenBLAS then needs no memory of its own, which it has for each thread.

    >>> tile_and_depth(784, 1024, 128, True), tile_and_depth(64, 3136, 256, False), tile_and_depth(4, 4, 4, False)
    ((56, 128), (16, 196), None)
    """
    if not SMALL < rows * inner * columns < LARGE or columns > MAX_COLUMNS:
        return None
    for depth in range(min(MAX_DEPTH, inner // 2), MIN_DEPTH - 1, -1):
        tile = _largest_tile(rows, depth * columns, transposed) if inner % depth == 0 else None
        if tile is not None:
            return tile, depth
    return None


def _largest_tile(rows: int, cost: int, transposed: bool) -> int | None:
    most = min(SMALL // cost, 196 if transposed else 32)
    return next((tile for tile in range(most, 7, -1) if rows % tile == 0), None)


@lru_cache(maxsize=1)
def pays() -> bool:
    """Whether tiles are faster here, found out by trying when first asked."""
    random = np.random.default_rng(0)
    a = random.random((32, 784), np.float32)
    b = random.random((784, 128), np.float32)
    whole, parts = np.empty((32, 128), np.float32), np.empty((4, 8, 128), np.float32)
    tiles = a.reshape(4, 8, 784)
    try:
        blas.hold(pays)
        by_tiles = _fastest(lambda: np.matmul(tiles, b, parts))
        as_whole = _fastest(lambda: a.dot(b, whole))
    finally:
        blas.release(pays)
    return by_tiles < 0.9 * as_whole


def _fastest(function: Callable[[], object], rounds: int = 25) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best
