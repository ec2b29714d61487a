"""Layers of images as one kernel: convolution, bias, relu and pooling of a few images, then of the next ones.

One operation after the other on a whole batch writes and reads main memory each time.  Here what a layer computes on
its way stays in the cache, and is not kept: going back, pooling and relu only need to know which elements won.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from graphmagic.aligned import aligned_empty
from graphmagic.nn.convolve import backwards
from graphmagic.nn.image_blocks import ImageBlocks
from graphmagic.nn.prepared_conv import Convolution, FilterSum, images_at_a_time
from graphmagic.nn.prepared_pool import ZERO, Largest, Spread
from graphmagic.nn.windows import Windows

__all__ = ["Layer", "LayerGradient", "LayerSizes", "PoolGradient"]

Array = np.ndarray[Any, Any]
FEW_BYTES = 1 << 19  # of images between convolution and pooling


@dataclass(frozen=True)
class LayerSizes:
    """What a layer is made of.

    Attributes:
        batch: how many images.
        middle: height, width and channels before pooling.
        depth: how many channels are convolved.
        win: the windows of the convolution, None without one.
        rectifies: whether there is a relu.
        pools: whether there is a pooling of 2 x 2, over even heights and widths.
    """

    batch: int
    middle: tuple[int, ...]
    depth: int = 0
    win: Windows | None = None
    rectifies: bool = False
    pools: bool = False

    @property
    def pooled(self) -> tuple[int, ...]:
        """Height, width and channels of the result."""
        height, width, channels = self.middle
        return (height // 2, width // 2, channels) if self.pools else self.middle

    def images(self, *windows: tuple[int, int, Windows] | None) -> int:
        """How many images at a time: all that is computed of them should stay in the cache."""
        most = max(1, FEW_BYTES // (4 * int(np.prod(self.middle))))
        return min([most, *[images_at_a_time(*one) for one in windows if one is not None]])


class _Forward:
    """The work of a `Layer` on some images."""

    def __init__(self, sizes: LayerSizes, images: int) -> None:
        self.sizes = sizes
        if sizes.win is not None:
            self._convolve = Convolution(images, sizes.depth, sizes.middle[2], sizes.win)
        if sizes.pools:
            self._largest = Largest(images, sizes.pooled, sizes.rectifies)
            self._middle = aligned_empty((images, *sizes.middle) if sizes.win else (0,), np.float32)

    def begin(self) -> None:
        """Nothing is collected."""

    def __call__(self, part: slice, *arrays: Any) -> None:
        x, filters, bias, out, winners = arrays
        x, out, sizes = x[part], out[part], self.sizes
        if sizes.win is not None:
            middle = self._middle[: len(x)] if sizes.pools else out
            self._convolve(x, filters, middle)
            if bias is not None:
                rows = middle.reshape(-1, bias.size)
                np.add(rows, bias, rows)
            x = middle
        if sizes.pools:
            self._largest(x, out)
            if winners is not None:
                self._largest.find_winners(x, out, winners[part])
        elif sizes.rectifies:
            np.maximum(x, ZERO, out=out)


class Layer:
    """A layer of images: what there is of convolution, bias, relu and pooling, in this order.

    Args:
        sizes: what it is made of.
        threads: how many threads there may be.

    >>> x = np.array([-1, -2, 3, -4, -5, -6, -7, -8], np.float32).reshape(1, 2, 4, 1)
    >>> out = np.empty((1, 1, 2, 1), np.float32)
    >>> Layer(LayerSizes(1, (2, 4, 1), rectifies=True, pools=True), 1)(x, None, None, out, None)
    >>> out.ravel()
    array([0., 3.], dtype=float32)
    """

    def __init__(self, sizes: LayerSizes, threads: int) -> None:
        images = sizes.images((sizes.depth, sizes.middle[2], sizes.win) if sizes.win else None)
        self._blocks = ImageBlocks(sizes.batch, images, lambda count: _Forward(sizes, count), threads)
        self._row = aligned_empty((sizes.middle[1], sizes.middle[2]), np.float32)

    def __call__(
        self, x: Array, filters: Array | None, bias: Array | None, out: Array, winners: Array | None
    ) -> None:
        """Compute into `out`, and for the gradient into `winners`; both lie flat in memory."""
        if bias is not None:  # as long as a row of an image: NumPy adds long rows faster
            np.copyto(self._row, bias)
            bias = self._row.reshape(-1)
        if filters is None:
            x = np.ascontiguousarray(x)
        self._blocks(x, None if filters is None else np.ascontiguousarray(filters), bias, out, winners)


class _Backward:
    """The work of a `LayerGradient` on some images."""

    def __init__(self, sizes: LayerSizes, wanted: frozenset[str], images: int) -> None:
        self.sizes = sizes
        depth, width = sizes.depth, sizes.middle[2]
        self._middle = aligned_empty(
            (images, *sizes.middle) if sizes.pools or sizes.rectifies else (0,), np.float32
        )
        if sizes.pools:
            self._spread = Spread(images, sizes.pooled)
        if sizes.rectifies:
            self._active = aligned_empty((images, *sizes.pooled), bool)
            self._small = aligned_empty((images, *sizes.pooled) if sizes.pools else (0,), np.float32)
        if "filters" in wanted and sizes.win is not None:
            self.filters = FilterSum(images, depth, width, sizes.win)
        if "images" in wanted and sizes.win is not None:
            back = backwards(sizes.win)
            assert back is not None
            self._convolve = Convolution(images, width, depth, back)
        if "bias" in wanted:
            self._ones = np.ones(images * sizes.middle[0] * sizes.middle[1], np.float32)
            self.bias, self._sum = aligned_empty((width,), np.float32), aligned_empty((width,), np.float32)
        self._wanted = wanted

    def begin(self) -> None:
        """Set all sums to zero."""
        if "filters" in self._wanted:
            self.filters.begin()
        if "bias" in self._wanted:
            self.bias[...] = 0

    def __call__(self, part: slice, *arrays: Any) -> None:
        dy, top, winners, x, turned, out, images = arrays
        dy, wanted = dy[part], self._wanted
        if self.sizes.pools or self.sizes.rectifies:
            middle = self._middle[: len(dy)] if out is None else out[part]
            dy = self._through(dy, None if top is None else top[part], winners, part, middle)
        if "bias" in wanted:
            rows = dy.reshape(-1, len(self.bias))
            self._ones[: len(rows)].dot(rows, self._sum)
            np.add(self.bias, self._sum, self.bias)
        if "filters" in wanted:
            self.filters(x[part], dy)
        if "images" in wanted:
            self._convolve(dy, turned, images[part])

    def _through(self, dy: Array, top: Array | None, winners: Any, part: slice, middle: Array) -> Array:
        """The gradient before relu and pooling."""
        if top is not None:
            active = self._active[: len(dy)]
            np.greater(top, ZERO, active)
            target = self._small[: len(dy)] if self.sizes.pools else middle
            np.multiply(dy, active, target)
            dy = target
        if self.sizes.pools:
            self._spread(dy, winners[part], middle)
        return middle


class LayerGradient:
    """The gradient of a `Layer`.

    Args:
        sizes: what the layer is made of.
        wanted: which gradients are computed: of ``"bias"``, ``"filters"``, ``"images"``.
        threads: how many threads there may be.
    """

    def __init__(self, sizes: LayerSizes, wanted: frozenset[str], threads: int) -> None:
        width = sizes.middle[2]
        depth = sizes.depth
        forth = (depth, width, sizes.win) if sizes.win and "filters" in wanted else None
        reverse = backwards(sizes.win) if sizes.win and "images" in wanted else None
        images = sizes.images(forth, None if reverse is None else (width, depth, reverse))
        self._turned = None
        if reverse is not None:
            self._turned = aligned_empty((*reverse.kernel, width, depth), np.float32)
        self._blocks = ImageBlocks(
            sizes.batch, images, lambda count: _Backward(sizes, wanted, count), threads
        )

    def __call__(
        self,
        dy: Array,
        top: Array | None,
        winners: Array | None,
        x: Array | None,
        filters: Array | None,
        *results: Array | None,
    ) -> None:
        """Compute the gradients.

        Args:
            dy: the incoming gradient.
            top: the layer's result, where it has a relu.
            winners: what the layer noted, where it has a pooling.
            x: the layer's images, where the gradient of the filters is wanted.
            filters: the layer's filters, where the gradient of the images is wanted.
            results: for what is wanted, where it goes: the gradient before relu and pooling, those of bias, filters and
                images.  They lie flat in memory.
        """
        out, d_bias, d_filters, d_images = results
        if self._turned is not None and filters is not None:
            np.copyto(self._turned, filters[::-1, ::-1].swapaxes(-1, -2))
        dy = np.ascontiguousarray(dy)
        workers = self._blocks(dy, top, winners, x, self._turned, out, d_images)
        if d_filters is not None:
            _sum([w.filters.total for w in workers], d_filters)
        if d_bias is not None:
            _sum([w.bias for w in workers], d_bias)


def _sum(parts: list[Array], out: Array) -> None:
    """The sum of what one or two workers collected."""
    target = out.reshape(parts[0].shape)
    if len(parts) == 1:
        np.copyto(target, parts[0])
    else:
        np.add(parts[0], parts[1], target)


class _PoolBackward:
    """The work of a `PoolGradient` on some images."""

    def __init__(self, sizes: LayerSizes, images: int) -> None:
        self._largest, self._spread = Largest(images, sizes.pooled, False), Spread(images, sizes.pooled)
        self._winners = aligned_empty((images, 4, *sizes.pooled), np.int8)

    def begin(self) -> None:
        """Nothing is collected."""

    def __call__(self, part: slice, *arrays: Any) -> None:
        x, top, dy, out = [array[part] for array in arrays]
        winners = self._winners[: len(x)]
        self._largest.find_winners(x, top, winners)
        self._spread(dy, winners, out)


class PoolGradient:
    """The gradient of a pooling that is not part of a chain; arguments as `Layer`."""

    def __init__(self, sizes: LayerSizes, threads: int) -> None:
        self._blocks = ImageBlocks(
            sizes.batch, sizes.images(), lambda count: _PoolBackward(sizes, count), threads
        )

    def __call__(self, x: Array, top: Array, dy: Array, out: Array) -> None:
        """Compute into `out`, from the images, their largest elements, and the incoming gradient."""
        self._blocks(np.ascontiguousarray(x), top, np.ascontiguousarray(dy), out)
