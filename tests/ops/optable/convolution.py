"""Convolution in all its forms."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import floats, ints

CLOSE: dict[str, Any] = {"ulp": 8, "atol": 2e-6, "grad_ulp": 16, "grad_atol": 8e-6}
WIDE: dict[str, Any] = {
    "ulp": 16,
    "atol": 2e-5,
    "grad_ulp": 32,
    "grad_atol": 8e-5,
}  # sums of hundreds of products
IMAGE, TAPS = floats(2, 5, 7, 3), floats(4, 2, 3, 6, seed=1)
DEPTHWISE = floats(4, 5, 3, 2, seed=1)
VOLUME, BLOCK = floats(2, 5, 4, 6, 3), floats(4, 2, 5, 3, 7, seed=1)
ONES = [1, 1, 1, 1]
Array = np.ndarray[Any, Any]


def naive(x: Array, w: Array, strides: Any, padding: Any, dilations: Any, layout: str = "NHWC") -> Array:
    """Convolution as the definition has it, window by window, in float64."""
    x64 = (np.moveaxis(x, 1, -1) if layout == "NCHW" else x).astype(np.float64)
    spatial = range(x64.ndim - 2)
    extents = [(w.shape[i] - 1) * dilations[i] + 1 for i in spatial]
    if padding == "SAME":
        sizes = [-(-x64.shape[i + 1] // strides[i]) for i in spatial]
        totals = [max(0, (sizes[i] - 1) * strides[i] + extents[i] - x64.shape[i + 1]) for i in spatial]
        pads = [(t // 2, t - t // 2) for t in totals]
    else:
        pads = [(0, 0)] * len(spatial) if padding == "VALID" else padding
        sizes = [(x64.shape[i + 1] + sum(pads[i]) - extents[i]) // strides[i] + 1 for i in spatial]
    padded = np.pad(x64, [(0, 0), *pads, (0, 0)])
    out = np.zeros((len(x64), *sizes, w.shape[-1]))
    groups = x64.shape[-1] // w.shape[-2]
    width = w.shape[-1] // groups
    for place in np.ndindex(*sizes):
        for tap in np.ndindex(*w.shape[:-2]):
            met = padded[(slice(None), *[place[i] * strides[i] + tap[i] * dilations[i] for i in spatial])]
            for g in range(groups):
                part = met[:, g * w.shape[-2] : (g + 1) * w.shape[-2]]
                columns = slice(g * width, (g + 1) * width)
                out[(slice(None), *place, columns)] += part @ w[tap][:, columns]
    return (np.moveaxis(out, -1, 1) if layout == "NCHW" else out).astype(x.dtype)


def transposed(x: Array, w: Array, rate: int, sizes: tuple[int, int]) -> Array:
    """The transpose of a convolution with holes and padding SAME: each pixel adds its filters to its window."""
    extents = [(n - 1) * rate + 1 for n in w.shape[:2]]
    first = [(e - 1) // 2 for e in extents]
    out = np.zeros((len(x), sizes[0] + extents[0], sizes[1] + extents[1], w.shape[2]))
    for place in np.ndindex(*sizes):
        for tap in np.ndindex(*w.shape[:2]):
            y, z = (p + t * rate for p, t in zip(place, tap, strict=True))
            out[:, y, z] += x[:, place[0], place[1]].astype(np.float64) @ w[tap].T
    return out[:, first[0] : first[0] + sizes[0], first[1] : first[1] + sizes[1]].astype(x.dtype)


def _sized(*sizes: int) -> dict[str, Any]:
    """The shape that version 1 took from constant sizes; version 2 has the batch from the other input only."""
    return {mode: [["float32", list(sizes)]] for mode in ("partial", "unknown")}


def _conv(*args: Any, **keywords: Any) -> Any:
    return lambda tf, x, w: tf.nn.conv2d(x, w, *args, **keywords)


def _checked(
    name: str, image: Array, taps: Array, strides: Any, padding: Any, dilations: Any, layout: str
) -> Case:
    """A case that TensorFlow's CPU cannot run, or not differentiate."""

    def build(tf: Any, x: Any, w: Any) -> Any:
        named = [[0, 0], *padding, [0, 0]] if isinstance(padding, list) else padding
        return tf.nn.conv2d(x, w, strides, named, data_format=layout, dilations=dilations)

    return Case(
        "Conv2D",
        name,
        build,
        (image, taps),
        grad=(0, 1),
        reference=lambda x, w: naive(x, w, strides, padding, dilations, layout),
        **CLOSE,
    )


CASES = [
    Case("Conv2D", "same", _conv(ONES, "SAME"), (IMAGE, TAPS), grad=(0, 1), **CLOSE),
    Case("Conv2D", "valid", _conv(ONES, "VALID"), (IMAGE, TAPS), grad=(0, 1), **CLOSE),
    Case("Conv2D", "strides_same", _conv([1, 2, 3, 1], "SAME"), (IMAGE, TAPS), grad=(0, 1), **CLOSE),
    Case("Conv2D", "strides_valid", _conv([1, 3, 2, 1], "VALID"), (IMAGE, TAPS), grad=(0, 1), **CLOSE),
    Case("Conv2D", "strides_beyond_window", _conv([1, 4, 3, 1], "SAME"), (IMAGE, TAPS), grad=(0, 1), **CLOSE),
    Case("Conv2D", "one_number", _conv(2, "SAME"), (IMAGE, TAPS), grad=(0, 1), **CLOSE),
    Case("Conv2D", "two_numbers", _conv([2, 1], "SAME"), (IMAGE, TAPS), **CLOSE),
    Case(
        "Conv2D",
        "keywords",
        lambda tf, x, w: tf.nn.conv2d(input=x, filters=w, strides=1, padding="VALID"),
        (IMAGE, TAPS),
        **CLOSE,
    ),
    Case(
        "Conv2D",
        "explicit",
        _conv(ONES, [[0, 0], [1, 2], [0, 3], [0, 0]]),
        (IMAGE, TAPS),
        grad=(0, 1),
        **CLOSE,
    ),
    Case("Conv2D", "pointwise", _conv(ONES, "SAME"), (IMAGE, floats(1, 1, 3, 4)), grad=(0, 1), **CLOSE),
    Case(
        "Conv2D",
        "one_channel",
        _conv(ONES, "SAME"),
        (floats(2, 5, 7, 1), floats(3, 4, 1, 2)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Conv2D",
        "many_channels",
        _conv(ONES, "SAME"),
        (floats(2, 4, 3, 20), floats(2, 3, 20, 5)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Conv2D",
        "large_window",
        _conv(ONES, "SAME"),
        (floats(1, 3, 4, 2), floats(5, 6, 2, 3)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case("Conv2D", "groups", _conv(ONES, "SAME"), (floats(2, 3, 5, 4), floats(3, 5, 2, 4)), **CLOSE),
    Case("Conv2D", "dilations", _conv(ONES, "SAME", dilations=[1, 2, 1, 1]), (IMAGE, TAPS), **CLOSE),
    Case(
        "Conv2D",
        "float64",
        _conv(ONES, "SAME"),
        tuple(a.astype(np.float64) for a in (IMAGE, TAPS)),
        ulp=8,
        atol=1e-14,
    ),
    Case(
        "Conv2D",
        "float16",
        _conv(ONES, "SAME"),
        tuple(a.astype(np.float16) for a in (IMAGE, TAPS)),
        ulp=2,
        atol=4e-3,
    ),
    Case("Conv2D", "integers", _conv(ONES, "VALID"), (ints(2, 5, 7, 3), ints(3, 2, 3, 4))),
    Case("Conv2D", "no_images", _conv(ONES, "SAME"), (floats(0, 5, 7, 3), TAPS), grad=(0, 1), order=0),
    _checked("dilated", IMAGE, TAPS, [1, 1], "SAME", [2, 3], "NHWC"),
    _checked("dilated_valid", floats(2, 8, 7, 3), TAPS, [1, 1], "VALID", [2, 3], "NHWC"),
    _checked("dilated_strides", IMAGE, TAPS, [2, 2], "SAME", [2, 2], "NHWC"),
    _checked("grouped", floats(2, 3, 5, 4), floats(3, 5, 2, 4), [1, 1], "SAME", [1, 1], "NHWC"),
    _checked("explicit_wide", IMAGE, TAPS, [1, 2], [[4, 0], [3, 5]], [1, 1], "NHWC"),
]
CASES += [
    _checked(
        f"channels_first_{padding}_{a}{b}_{c}{d}", floats(2, 3, 8, 7), TAPS, [a, b], padding, [c, d], "NCHW"
    )
    for padding, (a, b), (c, d) in product(("SAME", "VALID"), ((1, 1), (2, 3)), ((1, 1), (2, 2)))
]

# ----- its gradients, the transpose -----

CASES += [
    Case(
        "Conv2DBackpropInput",
        "raw",
        lambda tf, w, dy: tf.nn.conv2d_backprop_input([2, 5, 7, 3], w, dy, [1, 1, 2, 1], "SAME"),
        (TAPS, floats(2, 5, 4, 6)),
        grad=(0, 1),
        shapes=_sized(2, 5, 7, 3),
        **CLOSE,
    ),
    Case(
        "Conv2DBackpropFilter",
        "raw",
        lambda tf, x, dy: tf.nn.conv2d_backprop_filter(x, [4, 2, 3, 6], dy, [1, 1, 2, 1], "SAME"),
        (IMAGE, floats(2, 5, 4, 6)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Conv2DBackpropInput",
        "transpose",
        lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [2, 6, 15, 5], [1, 2, 3, 1]),
        (floats(2, 3, 5, 4), floats(3, 2, 5, 4)),
        grad=(0, 1),
        shapes=_sized(2, 6, 15, 5),
        **CLOSE,
    ),
    Case(
        "Conv2DBackpropInput",
        "transpose_valid",
        lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [2, 7, 10, 5], 2, "VALID"),
        (floats(2, 3, 5, 4), floats(3, 2, 5, 4)),
        grad=(0, 1),
        shapes=_sized(2, 7, 10, 5),
        **CLOSE,
    ),
    Case(
        "Conv2DBackpropInput",
        "transpose_odd",
        lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [2, 5, 14, 5], [1, 2, 3, 1]),
        (floats(2, 3, 5, 4), floats(3, 2, 5, 4)),
        grad=(0, 1),
        shapes=_sized(2, 5, 14, 5),
        **CLOSE,
    ),
    Case(
        "Conv2DBackpropInput",
        "transpose_shape",
        lambda tf, x, w: tf.nn.conv2d_transpose(x, w, tf.stack([tf.shape(x)[0], 6, 15, 5]), [1, 2, 3, 1]),
        (floats(2, 3, 5, 4), floats(3, 2, 5, 4)),
        **CLOSE,
    ),
    Case(
        "Conv2DBackpropInput",
        "transpose_keywords",
        lambda tf, x, w: tf.nn.conv2d_transpose(
            input=x, filters=w, output_shape=[2, 6, 15, 5], strides=[2, 3]
        ),
        (floats(2, 3, 5, 4), floats(3, 2, 5, 4)),
        shapes=_sized(2, 6, 15, 5),
        **CLOSE,
    ),
    Case(
        "Conv2D",
        "atrous",
        lambda tf, x, w: tf.nn.atrous_conv2d(x, w, 2, "SAME"),
        (IMAGE, TAPS),
        grad=(0, 1),
        reference=lambda x, w: naive(x, w, [1, 1], "SAME", [2, 2]),
        **CLOSE,
    ),
    Case(
        "Conv2D",
        "atrous_valid",
        lambda tf, x, w: tf.nn.atrous_conv2d(x, w, 2, "VALID"),
        (floats(2, 8, 7, 3), TAPS),
        grad=(0, 1),
        reference=lambda x, w: naive(x, w, [1, 1], "VALID", [2, 2]),
        **CLOSE,
    ),
    Case(
        "Conv2DBackpropInput",
        "atrous_transpose",
        lambda tf, x, w: tf.nn.atrous_conv2d_transpose(x, w, [2, 5, 7, 6], 2, "SAME"),
        (floats(2, 5, 7, 4), floats(3, 2, 6, 4)),
        grad=(0, 1),
        reference=lambda x, w: transposed(x, w, 2, (5, 7)),
        **CLOSE,
    ),
]

# ----- one and three dimensions -----

CASES += [
    Case(
        "Conv2D",
        "conv1d",
        lambda tf, x, w: tf.nn.conv1d(x, w, 2, "SAME"),
        (floats(2, 7, 3), floats(4, 3, 5)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Conv2D",
        "conv1d_valid",
        lambda tf, x, w: tf.nn.conv1d(x, w, stride=1, padding="VALID"),
        (floats(2, 7, 3), floats(4, 3, 5)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Conv2D",
        "conv1d_channels_first",
        lambda tf, x, w: tf.nn.conv1d(x, w, 2, "SAME", data_format="NCW"),
        (floats(2, 3, 7), floats(4, 3, 5)),
        grad=(0, 1),
        reference=lambda x, w: naive(x, w, [2], "SAME", [1], "NCHW"),
        **CLOSE,
    ),
    Case(
        "Conv2DBackpropInput",
        "conv1d_transpose",
        lambda tf, x, w: tf.nn.conv1d_transpose(x, w, [2, 6, 5], 2),
        (floats(2, 3, 4), floats(3, 5, 4)),
        grad=(0, 1),
        shapes=_sized(2, 6, 5),
        **CLOSE,
    ),
    Case(
        "Conv2D",
        "convolution",
        lambda tf, x, w: tf.nn.convolution(x, w, "SAME", strides=[2, 1]),
        (IMAGE, TAPS),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Conv2D",
        "convolution_1d",
        lambda tf, x, w: tf.nn.convolution(x, w, "VALID", dilation_rate=[2]),
        (floats(2, 9, 3), floats(4, 3, 5)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Conv3D", "convolution_3d", lambda tf, x, w: tf.nn.convolution(x, w, "SAME"), (VOLUME, BLOCK), **WIDE
    ),
    Case(
        "Conv3D",
        "same",
        lambda tf, x, w: tf.nn.conv3d(x, w, [1, 1, 2, 3, 1], "SAME"),
        (VOLUME, BLOCK),
        grad=(0, 1),
        **WIDE,
    ),
    Case(
        "Conv3D",
        "valid",
        lambda tf, x, w: tf.nn.conv3d(x, w, [1, 1, 1, 1, 1], "VALID"),
        (VOLUME, BLOCK),
        grad=(0, 1),
        **WIDE,
    ),
    Case(
        "Conv3DBackpropInputV2",
        "transpose",
        lambda tf, x, w: tf.nn.conv3d_transpose(x, w, [2, 5, 8, 6, 3], [1, 1, 2, 2, 1]),
        (floats(2, 5, 4, 3, 7), BLOCK),
        grad=(0, 1),
        **WIDE,
    ),
    Case(
        "Conv3DBackpropFilterV2",
        "raw",
        lambda tf, x, dy: tf.nn.conv3d_backprop_filter_v2(x, [4, 2, 5, 3, 7], dy, [1, 1, 1, 2, 1], "SAME"),
        (VOLUME, floats(2, 5, 4, 3, 7)),
        grad=(0, 1),
        **WIDE,
    ),
]

# ----- depthwise -----


def depthwise(x: Array, w: Array, *rest: Any) -> Array:
    """The same as a convolution in as many groups as there are channels."""
    return naive(x, w.reshape(*w.shape[:2], 1, -1), *rest)


CASES += [
    Case(
        "DepthwiseConv2dNative",
        "same",
        lambda tf, x, w: tf.nn.depthwise_conv2d_native(x, w, [1, 2, 2, 1], "SAME"),
        (IMAGE, DEPTHWISE),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "DepthwiseConv2dNative",
        "valid",
        lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, ONES, "VALID"),
        (IMAGE, DEPTHWISE),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "DepthwiseConv2dNative",
        "rate",
        lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, ONES, "SAME", rate=[2, 3]),
        (IMAGE, DEPTHWISE),
        grad=(0, 1),
        reference=lambda x, w: depthwise(x, w, [1, 1], "SAME", [2, 3]),
        **CLOSE,
    ),
    Case(
        "DepthwiseConv2dNative",
        "float16",
        lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, ONES, "SAME"),
        (IMAGE.astype(np.float16), DEPTHWISE.astype(np.float16)),
        ulp=4,
        atol=8e-3,
    ),
    Case(
        "DepthwiseConv2dNative",
        "channels_first",
        lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, [1, 1, 2, 2], "SAME", data_format="NCHW"),
        (floats(2, 3, 5, 7), DEPTHWISE),
        grad=(0, 1),
        reference=lambda x, w: depthwise(x, w, [2, 2], "SAME", [1, 1], "NCHW"),
        **CLOSE,
    ),
    Case(
        "DepthwiseConv2dNative",
        "no_images",
        lambda tf, x, w: tf.nn.depthwise_conv2d(x, w, ONES, "SAME"),
        (floats(0, 5, 7, 3), DEPTHWISE),
        order=0,
    ),
    Case(
        "DepthwiseConv2dNativeBackpropInput",
        "raw",
        lambda tf, w, dy: tf.nn.depthwise_conv2d_native_backprop_input(
            [2, 5, 7, 3], w, dy, [1, 2, 2, 1], "SAME"
        ),
        (DEPTHWISE, floats(2, 3, 4, 6)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "DepthwiseConv2dNativeBackpropFilter",
        "raw",
        lambda tf, x, dy: tf.nn.depthwise_conv2d_native_backprop_filter(
            x, [4, 5, 3, 2], dy, [1, 2, 2, 1], "SAME"
        ),
        (IMAGE, floats(2, 3, 4, 6)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "DepthwiseConv2dNative",
        "separable",
        lambda tf, x, w, v: tf.nn.separable_conv2d(x, w, v, [1, 2, 2, 1], "SAME"),
        (IMAGE, DEPTHWISE, floats(1, 1, 6, 5)),
        grad=(0, 1, 2),
        **CLOSE,
    ),
]


def _mistake(name: str, image: Any, taps: Any, *args: Any, **keywords: Any) -> Mistake:
    return Mistake("Conv2D", name, _conv(*args, **keywords), (floats(*image), floats(*taps)))


MISTAKES = [
    _mistake("channels", (1, 8, 8, 4), (3, 3, 3, 5), ONES, "SAME"),
    _mistake("rank", (8, 8, 4), (3, 3, 4, 5), ONES, "SAME"),
    _mistake("filter_rank", (1, 8, 8, 4), (3, 3, 4), ONES, "SAME"),
    _mistake("padding", (1, 8, 8, 4), (3, 3, 4, 5), ONES, "same"),
    _mistake("layout", (1, 8, 8, 4), (3, 3, 4, 5), ONES, "SAME", data_format="NXYZ"),
    _mistake("three_strides", (1, 8, 8, 4), (3, 3, 4, 5), [1, 1, 1], "SAME"),
    _mistake("stride_0", (1, 8, 8, 4), (3, 3, 4, 5), [1, 0, 1, 1], "SAME"),
    _mistake("dilation_0", (1, 8, 8, 4), (3, 3, 4, 5), ONES, "SAME", dilations=[1, 0, 1, 1]),
    _mistake("too_large", (1, 8, 8, 4), (11, 9, 4, 5), ONES, "VALID"),
    _mistake("batch_stride", (4, 8, 8, 4), (3, 3, 4, 5), [2, 1, 1, 1], "SAME"),
    _mistake("explicit_name", (1, 8, 8, 4), (3, 3, 4, 5), ONES, "EXPLICIT"),
    _mistake("explicit_short", (1, 8, 8, 4), (3, 3, 4, 5), ONES, [[0, 0], [1, 1]]),
    _mistake("explicit_pairs", (1, 8, 8, 4), (3, 3, 4, 5), ONES, [[0, 0], [1, 1], [1], [0, 0]]),
    _mistake("explicit_numbers", (1, 8, 8, 4), (3, 3, 4, 5), ONES, [0, 1, 1, 0]),
    Mistake(
        "Conv2D",
        "type",
        lambda tf: tf.nn.conv2d(
            tf.zeros([1, 8, 8, 4], tf.int16), tf.zeros([3, 3, 4, 5], tf.int16), ONES, "SAME"
        ),
    ),
    Mistake(
        "Conv2D",
        "both_filters",
        lambda tf: tf.nn.conv2d(
            tf.zeros([1, 8, 8, 4]), tf.zeros([1, 1, 4, 5]), 1, "SAME", filters=tf.zeros([1, 1, 4, 5])
        ),
    ),
    Mistake(
        "Conv2D",
        "convolution_strides_rates",
        lambda tf: tf.nn.convolution(
            tf.zeros([1, 8, 8, 4]), tf.zeros([3, 3, 4, 5]), "SAME", strides=[2, 2], dilation_rate=[2, 2]
        ),
    ),
    Mistake(
        "Conv2DBackpropInput",
        "channels",
        lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [2, 16, 16, 5], [1, 2, 2, 1]),
        (floats(2, 8, 8, 4), floats(3, 3, 5, 7)),
    ),
    Mistake(
        "Conv2DBackpropInput",
        "sizes",
        lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [2, 16, 16], [1, 2, 2, 1]),
        (floats(2, 8, 8, 4), floats(3, 3, 5, 4)),
    ),
    Mistake(
        "Conv2DBackpropInput",
        "no_fit",
        lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [2, 13, 16, 5], [1, 2, 2, 1]),
        (floats(2, 8, 8, 4), floats(3, 3, 5, 4)),
    ),
    Mistake(
        "Conv2DBackpropInput",
        "padding",
        lambda tf, x, w: tf.nn.conv2d_transpose(x, w, [2, 16, 16, 5], [1, 2, 2, 1], "same"),
        (floats(2, 8, 8, 4), floats(3, 3, 5, 4)),
    ),
    Mistake(
        "DepthwiseConv2dNative",
        "channels",
        lambda tf, x, w: tf.nn.depthwise_conv2d_native(x, w, ONES, "SAME"),
        (floats(2, 8, 8, 3), floats(3, 3, 4, 2)),
    ),
    Mistake(
        "DepthwiseConv2dNative",
        "padding",
        lambda tf, x, w: tf.nn.depthwise_conv2d_native(x, w, ONES, "same"),
        (floats(2, 8, 8, 4), floats(3, 3, 4, 2)),
    ),
    Mistake(
        "Conv3D",
        "channels",
        lambda tf, x, w: tf.nn.conv3d(x, w, [1, 1, 1, 1, 1], "SAME"),
        (floats(2, 3, 4, 5, 2), floats(2, 3, 2, 3, 3)),
    ),
    Mistake(
        "Conv3D",
        "rank",
        lambda tf, x, w: tf.nn.conv3d(x, w, [1, 1, 1, 1, 1], "SAME"),
        (floats(2, 3, 4, 5), floats(2, 3, 2, 3, 3)),
    ),
    Mistake(
        "Conv2DBackpropFilter",
        "rank",
        lambda tf, x, dy: tf.nn.conv2d_backprop_filter(x, [3, 2, 3, 4], dy, ONES, "SAME"),
        (floats(5, 7, 3), floats(2, 5, 7, 4)),
    ),
    Mistake(
        "Conv2DBackpropFilter",
        "batch",
        lambda tf, x, dy: tf.nn.conv2d_backprop_filter(x, [3, 2, 3, 4], dy, ONES, "SAME"),
        (floats(3, 5, 7, 3), floats(2, 5, 7, 4)),
    ),
    Mistake(
        "Conv2DBackpropInput",
        "batch",
        lambda tf, w, dy: tf.nn.conv2d_backprop_input([3, 5, 7, 3], w, dy, ONES, "SAME"),
        (floats(3, 2, 3, 4), floats(2, 5, 7, 4)),
    ),
    Mistake(
        "Conv3DBackpropInputV2",
        "rank",
        lambda tf, w, dy: tf.nn.conv3d_transpose(dy, w, [2, 4, 5, 6, 3], 1),
        (floats(3, 2, 3, 4), floats(2, 4, 5, 6, 7)),
    ),
    Mistake(
        "Conv3DBackpropFilterV2",
        "rank",
        lambda tf, x, dy: tf.nn.conv3d_backprop_filter_v2(x, [3, 2, 2, 3, 4], dy, [1, 1, 1, 1, 1], "SAME"),
        (floats(5, 7, 3), floats(2, 5, 7, 6, 4)),
    ),
    Mistake(
        "DepthwiseConv2dNativeBackpropInput",
        "rank",
        lambda tf, w, dy: tf.nn.depthwise_conv2d_native_backprop_input([2, 5, 7, 3], w, dy, ONES, "SAME"),
        (floats(3, 2, 3), floats(2, 5, 7, 6)),
    ),
    Mistake(
        "DepthwiseConv2dNativeBackpropFilter",
        "rank",
        lambda tf, x, dy: tf.nn.depthwise_conv2d_native_backprop_filter(x, [3, 2, 3, 2], dy, ONES, "SAME"),
        (floats(5, 7, 3), floats(2, 5, 7, 6)),
    ),
]
