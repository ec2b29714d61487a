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

__all__ = ["pays", "tile_rows"]

SMALL = 1_000_000  # multiplications up to which OpenBLAS does not pack
LARGE = 200_000_000
MAX_INNER = 1024
MAX_COLUMNS = 512


def tile_rows(rows: int, inner: int, columns: int, transposed: bool) -> int | None:
    """How many rows a tile has, None if the product is better left whole.

    >>> tile_rows(32, 784, 128, False), tile_rows(784, 32, 128, True), tile_rows(4, 4, 4, False)
    (8, 196, None)
    """
    size = rows * inner * columns
    if not SMALL < size < LARGE or inner > MAX_INNER or columns > MAX_COLUMNS:
        return None
    most = min(SMALL // (inner * columns), 196 if transposed else 32)
    fitting = [tile for tile in range(8, most + 1) if rows % tile == 0]
    return fitting[-1] if fitting else None


@lru_cache(maxsize=1)
def pays() -> bool:
    """Whether tiles are faster here, found out by trying when first asked."""
    random = np.random.default_rng(0)
    a = random.random((32, 784), np.float32)
    b = random.random((784, 128), np.float32)
    whole, parts = np.empty((32, 128), np.float32), np.empty((4, 8, 128), np.float32)
    tiles = a.reshape(4, 8, 784)
    blas.hold()
    try:
        by_tiles = _fastest(lambda: np.matmul(tiles, b, parts))
        as_whole = _fastest(lambda: a.dot(b, whole))
    finally:
        blas.release()
    return by_tiles < 0.9 * as_whole


def _fastest(function: Callable[[], object], rounds: int = 25) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - start)
    return best
