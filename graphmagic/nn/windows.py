"""Sliding windows: how large the outputs are and where the padding goes, for convolution and pooling alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphmagic.dimension import Dim
from graphmagic.ops.checks import invalid

Array = np.ndarray[Any, Any]
Ints = tuple[int, ...]

FORMATS = {4: ("NHWC", "NCHW"), 5: ("NDHWC", "NCDHW")}
PADDINGS = ("SAME", "VALID")


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows that slide over the spatial dimensions of an array.

    Attributes:
        inputs: the sizes of the input.
        kernel: the sizes of the window.
        strides: how far it moves.
        dilations: how far apart the elements of the window are.
        pads: zeros before and after, for each dimension.
        outputs: how many windows there are along each dimension.
    """

    inputs: Ints
    kernel: Ints
    strides: Ints
    dilations: Ints
    pads: tuple[tuple[int, int], ...]
    outputs: Ints

    @property
    def extents(self) -> Ints:
        """The sizes of the window with its gaps."""
        return tuple([(k - 1) * d + 1 for k, d in zip(self.kernel, self.dilations, strict=True)])

    @property
    def padded(self) -> Ints:
        """The sizes of the input with its padding."""
        return tuple([n + a + b for n, (a, b) in zip(self.inputs, self.pads, strict=True)])


def windows(
    inputs: Sequence[int],
    kernel: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
    padding: str,
    explicit: Sequence[tuple[int, int]] = (),
) -> Windows:
    """The windows of a convolution; with ``SAME`` padding the odd zero goes to the end.

    Raises:
        InvalidArgumentError: the window does not fit into the input by more than one element.

    >>> windows([4], [3], [2], [1], "SAME").pads, windows([4], [3], [2], [1], "SAME").outputs
    (((0, 1),), (2,))
    """
    pads, outputs = [], []
    for axis, (size, taps, stride, gap) in enumerate(zip(inputs, kernel, strides, dilations, strict=True)):
        extent = (taps - 1) * gap + 1
        if padding == "SAME":
            count = -(-size // stride)
            total = max(0, (count - 1) * stride + extent - size)
            pad = total // 2, total - total // 2
        else:
            pad = explicit[axis] if padding == "EXPLICIT" else (0, 0)
            count = (size + sum(pad) - extent + stride) // stride
            if count < 0:
                raise invalid(
                    f"Computed output size would be negative: {count} "
                    f"[input_size: {size}, effective_filter_size: {extent}, stride: {stride}]"
                )
        pads.append(pad)
        outputs.append(count)
    return Windows(
        tuple(inputs), tuple(kernel), tuple(strides), tuple(dilations), tuple(pads), tuple(outputs)
    )


def static_output(
    size: Dim, taps: Dim, stride: int, dilation: int, padding: str, pad: tuple[int, int] = (0, 0)
) -> Dim:
    """What is known of the number of windows along a dimension.

    Raises:
        ValueError: the window is larger than the input, or the stride or dilation is no positive number.
    """
    if stride <= 0:
        raise ValueError(f"Stride must be > 0, but got {stride}")
    if dilation < 1:
        raise ValueError(f"Dilation rate must be >= 1, but got {dilation}")
    if padding == "SAME":
        return None if size is None else -(-size // stride)
    if size is None or taps is None:
        return None
    total, extent = size + sum(pad), (taps - 1) * dilation + 1
    if extent > total:
        raise ValueError(f"Negative dimension size caused by subtracting {extent} from {total}")
    return (total - extent + stride) // stride


# ----- layouts -----


def is_channels_first(data_format: str) -> bool:
    """Whether the channels come right after the batch."""
    return data_format.startswith("NC")


def spatial(values: Sequence[Any], data_format: str) -> tuple[Any, ...]:
    """The entries of the spatial dimensions among one entry per dimension."""
    return tuple(values[2:]) if is_channels_first(data_format) else tuple(values[1:-1])


def channels(values: Sequence[Any], data_format: str) -> Any:
    """The entry of the channels among one entry per dimension."""
    return values[1 if is_channels_first(data_format) else -1]


def arranged(batch: Any, sizes: Sequence[Any], depth: Any, data_format: str) -> list[Any]:
    """One entry per dimension in the order of a layout."""
    return [batch, depth, *sizes] if is_channels_first(data_format) else [batch, *sizes, depth]


def channels_last(x: Array, data_format: str) -> Array:
    """A view with the channels at the end, where all kernels want them."""
    return np.moveaxis(x, 1, -1) if is_channels_first(data_format) else x


def in_layout(x: Array, data_format: str) -> Array:
    """An array with channels at the end, brought into a layout."""
    return np.ascontiguousarray(np.moveaxis(x, -1, 1)) if is_channels_first(data_format) else x


def explicit_pads(explicit: Sequence[int], data_format: str) -> tuple[tuple[int, int], ...]:
    """The pairs of the spatial dimensions from the flat list of all pairs."""
    pairs = list(zip(explicit[::2], explicit[1::2], strict=True))
    return spatial(pairs, data_format) if pairs else ()


# ----- arguments -----


def sequence(value: Any, count: int, data_format: str, name: str) -> list[int]:
    """One number per dimension from a number, one per spatial dimension, or all.

    Raises:
        ValueError: there is another number of them.

    >>> sequence(2, 2, "NHWC", "strides"), sequence([2, 3], 2, "NCHW", "strides")
    ([1, 2, 2, 1], [1, 1, 2, 3])
    """
    if value is None:
        return [1] * (count + 2)
    items = [int(v) for v in np.atleast_1d(np.asarray(value)).tolist()]
    if len(items) == count + 2:
        return items
    if len(items) not in (1, count):
        raise ValueError(
            f"{name} should be of length 1, {count} or {count + 2}. Received: {name}={items} of length {len(items)}"
        )
    return arranged(1, items * count if len(items) == 1 else items, 1, data_format)


def convert_padding(padding: Any, expected: int = 4) -> tuple[Any, list[int]]:
    """The name of a padding and the flat list of explicit numbers.

    Raises:
        ValueError: explicit padding is not a list of pairs, one for each dimension.

    >>> convert_padding([[0, 0], [1, 2], [3, 4], [0, 0]])
    ('EXPLICIT', [0, 0, 1, 2, 3, 4, 0, 0])
    """
    if padding == "EXPLICIT":
        raise ValueError(
            "'EXPLICIT' is not a valid value for `padding`. To use explicit padding, `padding` must be a list."
        )
    if not isinstance(padding, (list, tuple)):
        return padding, []
    start = "When `padding` is a list, each element of `padding` must be a list/tuple of size 2. "
    for index, pair in enumerate(padding):
        if not isinstance(pair, (list, tuple)):
            raise ValueError(
                f"{start}Received: padding={padding} with element at index {index} of type {type(pair)}"
            )
        if len(pair) != 2:
            raise ValueError(
                f"{start}Received: padding={padding} with element at index {index} of size {len(pair)}"
            )
    if len(padding) != expected:
        raise ValueError(
            f"When padding is a list, it must be of size {expected}. Received: padding={padding} of size {len(padding)}"
        )
    return "EXPLICIT", [int(n) for pair in padding for n in pair]
