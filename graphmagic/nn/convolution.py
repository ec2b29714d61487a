"""Convolution in one, two or three dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.nn.conv_ops import (
    conv2d_backprop_input_op,
    conv2d_op,
    conv3d_backprop_filter_op,
    conv3d_backprop_input_op,
    conv3d_op,
)
from graphmagic.nn.windows import arranged, sequence
from graphmagic.ops.arguments import one_of
from graphmagic.ops.concat import concat
from graphmagic.ops.reshaping import expand_dims, squeeze

__all__ = [
    "conv1d",
    "conv1d_transpose",
    "conv3d",
    "conv3d_backprop_filter_v2",
    "conv3d_transpose",
    "convolution",
]


def flat_layout(data_format: str | None) -> str:
    """The layout of images one pixel high that stand for sequences.

    Raises:
        ValueError: it is no layout of sequences.
    """
    if data_format in (None, "NWC", "NHWC"):
        return "NHWC"
    if data_format in ("NCW", "NCHW"):
        return "NCHW"
    raise ValueError(f"`data_format` must be 'NWC' or 'NCW'. Received: data_format={data_format}")


def _flat(value: Any, layout: str, name: str) -> list[int]:
    items = sequence(value, 1, layout, name)
    return [items[0], 1, *items[1:]] if layout == "NHWC" else [*items[:2], 1, items[2]]


def conv1d(
    value: Any = None,
    filters: Any = None,
    stride: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool | None = None,
    data_format: str | None = None,
    name: str | None = None,
    input: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Slide filters along sequences.

    Args:
        value: sequences, shape ``[batch, width, channels]``, or as `data_format` says.
        filters: shape ``[width, channels, outputs]``.
        stride: how far the filters move.
        padding: ``"SAME"`` or ``"VALID"``.
        use_cudnn_on_gpu: accepted for old programs.
        data_format: ``"NWC"`` or ``"NCW"``.
        name: the operation's name.
        input: the new name of `value`.
        dilations: how far apart the elements of the filters are.

    Returns:
        A `Tensor` of sequences with one channel per filter.

    Raises:
        ValueError: the ranks or channels do not fit, or an argument is wrong.

    >>> import graphmagic as tf
    >>> x = tf.reshape(tf.range(4.0), [1, 4, 1])
    >>> tf.Session().run(tf.nn.conv1d(x, tf.ones([2, 1, 1]), 1, "VALID")).ravel()
    array([1., 3., 5.], dtype=float32)
    """
    x = one_of("input", input, "value", value)
    with get_default_graph().name_scope(name or "conv1d") as scope:
        layout = flat_layout(data_format)
        high = -3 if layout == "NHWC" else -2
        attrs = {
            "strides": _flat(stride, layout, "stride"),
            "dilations": _flat(dilations, layout, "dilations"),
            "padding": padding,
            "data_format": layout,
        }
        images, taps = expand_dims(x, high), expand_dims(filters, 0)
        result = apply_op(conv2d_op, images, taps, name=scope, **attrs).outputs[0]
        return squeeze(result, [high])


def conv1d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str | None = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """The transpose of `conv1d`.

    Args:
        input: sequences.
        filters: shape ``[width, outputs, channels]``.
        output_shape: the shape of the result, three integers.
        strides: as in `conv1d`.
        padding: as in `conv1d`.
        data_format: as in `conv1d`.
        dilations: as in `conv1d`.
        name: the operation's name.

    Returns:
        A `Tensor` of shape `output_shape`.

    >>> import graphmagic as tf
    >>> x = tf.reshape(tf.range(2.0), [1, 2, 1])
    >>> tf.Session().run(tf.nn.conv1d_transpose(x, tf.ones([2, 1, 1]), [1, 4, 1], 2)).ravel()
    array([0., 0., 1., 1.], dtype=float32)
    """
    with get_default_graph().name_scope(name or "conv1d_transpose") as scope:
        layout = flat_layout(data_format)
        high = 1 if layout == "NHWC" else 2
        attrs = {
            "strides": _flat(strides, layout, "stride"),
            "dilations": _flat(dilations, layout, "dilations"),
            "padding": padding,
            "data_format": layout,
        }
        images, taps = expand_dims(input, high), expand_dims(filters, 0)
        sizes: Any = output_shape if isinstance(output_shape, Tensor) else list(output_shape)
        sizes = concat([sizes[:high], [1], sizes[high:]], 0)
        result = apply_op(conv2d_backprop_input_op, sizes, taps, images, name=scope, **attrs).outputs[0]
        return squeeze(result, [high])


def conv3d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    data_format: str = "NDHWC",
    dilations: Any = (1, 1, 1, 1, 1),
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Slide filters over volumes.

    Args:
        input: volumes, shape ``[batch, depth, height, width, channels]``, or as `data_format` says.
        filter: shape ``[depth, height, width, channels, outputs]``.
        strides: how far the filters move, one number per dimension.
        padding: ``"SAME"`` or ``"VALID"``.
        data_format: ``"NDHWC"`` or ``"NCDHW"``.
        dilations: how far apart the elements of the filters are, one number per dimension.
        name: the operation's name.
        filters: the new name of `filter`.

    Returns:
        A `Tensor` of volumes with one channel per filter.

    Raises:
        ValueError: the ranks or channels do not fit, or an argument is wrong.

    >>> import graphmagic as tf
    >>> x = tf.ones([1, 2, 2, 2, 1])
    >>> tf.Session().run(tf.nn.conv3d(x, tf.ones([2, 2, 2, 1, 1]), [1, 1, 1, 1, 1], "VALID")).ravel()
    array([8.], dtype=float32)
    """
    taps = one_of("filters", filters, "filter", filter)
    return apply_op(
        conv3d_op, input, taps, name=name, **_attrs3d(strides, padding, data_format, dilations)
    ).outputs[0]


def _attrs3d(strides: Any, padding: Any, data_format: str | None, dilations: Any) -> dict[str, Any]:
    layout = data_format or "NDHWC"
    return {
        "strides": sequence(strides, 3, layout, "strides"),
        "padding": padding,
        "data_format": layout,
        "dilations": sequence(dilations, 3, layout, "dilations"),
    }


def conv3d_transpose(
    value: Any,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str = "NDHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The transpose of `conv3d`; arguments as in `conv2d_transpose`.

    >>> import graphmagic as tf
    >>> x = tf.ones([1, 1, 1, 1, 1])
    >>> wide = tf.nn.conv3d_transpose(x, tf.ones([2, 2, 2, 1, 1]), [1, 2, 2, 2, 1], [1, 2, 2, 2, 1])
    >>> tf.Session().run(tf.reduce_sum(wide))
    np.float32(8.0)
    """
    x, taps = one_of("input", input, "value", value), one_of("filters", filters, "filter", filter)
    attrs = _attrs3d(strides, padding, data_format, dilations)
    name = name or "conv3d_transpose"
    return apply_op(conv3d_backprop_input_op, output_shape, taps, x, name=name, **attrs).outputs[0]


def conv3d_backprop_filter_v2(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    data_format: str = "NDHWC",
    dilations: Any = (1, 1, 1, 1, 1),
    name: str | None = None,
) -> Tensor:
    """The gradient of `conv3d` with respect to its filters, which have the shape `filter_sizes`.

    >>> import graphmagic as tf
    >>> one = tf.ones([1, 1, 1, 1, 1])
    >>> dw = tf.nn.conv3d_backprop_filter_v2(one, [1, 1, 1, 1, 1], one * 3.0, [1, 1, 1, 1, 1], "VALID")
    >>> tf.Session().run(dw).ravel()
    array([3.], dtype=float32)
    """
    attrs = _attrs3d(strides, padding, data_format, dilations)
    return apply_op(conv3d_backprop_filter_op, input, filter_sizes, out_backprop, name=name, **attrs).outputs[
        0
    ]


def vector_text(items: Sequence[int]) -> str:
    """Numbers as TensorFlow shows a vector of them."""
    return "[" + " ".join(map(str, items)) + "]"


def strides_and_rates(count: int, strides: Any, rates: Any) -> tuple[list[int], list[int]]:
    """Both as lists with one number per spatial dimension.

    Raises:
        ValueError: there are too few or too many, one is not positive, or both are larger than 1.
    """
    found = []
    for name, value in (("dilation_rate", rates), ("strides", strides)):
        items = [1] * count if value is None else [int(v) for v in value]
        if len(items) != count:
            raise ValueError(
                f"`len({name})` should be {count}. Received: {name}={value} of length {len(items)}"
            )
        if any(v < 1 for v in items):
            raise ValueError(f"all values of `{name}` must be positive. Received: {name}={items}")
        found.append(items)
    if any(v > 1 for v in found[0]) and any(v > 1 for v in found[1]):
        raise ValueError(
            "`strides > 1` not supported in conjunction with `dilation_rate > 1`. "
            f"Received: strides={vector_text(found[1])} and dilation_rate={vector_text(found[0])}"
        )
    return found[1], found[0]


_BY_RANK = {3: ("NWC", conv2d_op), 4: ("NHWC", conv2d_op), 5: ("NDHWC", conv3d_op)}


def convolution(
    input: Any,
    filter: Any,
    padding: Any,
    strides: Sequence[int] | None = None,
    dilation_rate: Sequence[int] | None = None,
    name: str | None = None,
    data_format: str | None = None,
    filters: Any = None,
    dilations: Sequence[int] | None = None,
) -> Tensor:
    """Slide filters over inputs with one, two or three spatial dimensions.

    Args:
        input: shape ``[batch, *spatial, channels]``, or channels second if `data_format` starts with ``"NC"``.
        filter: shape ``[*spatial, channels, outputs]``.
        padding: ``"SAME"`` or ``"VALID"``.
        strides: how far the filters move, one number per spatial dimension.
        dilation_rate: how far apart the elements of the filters are, one number per spatial dimension.
        name: the operation's name.
        data_format: ``"NWC"``, ``"NHWC"``, ``"NDHWC"``, or these with C second.
        filters: the new name of `filter`.
        dilations: the new name of `dilation_rate`.

    Returns:
        A `Tensor` with one channel per filter.

    Raises:
        ValueError: the rank is unknown, the shapes do not fit, or strides and dilations are both larger than 1.

    >>> import graphmagic as tf
    >>> x = tf.reshape(tf.range(4.0), [1, 4, 1])
    >>> tf.Session().run(tf.nn.convolution(x, tf.ones([2, 1, 1]), "VALID", dilation_rate=[2])).ravel()
    array([2., 4.], dtype=float32)
    """
    rates = one_of("dilations", dilations, "dilation_rate", dilation_rate)
    with get_default_graph().name_scope(name or "convolution") as scope:
        x = convert_to_tensor(input, name="input")
        taps = convert_to_tensor(one_of("filters", filters, "filter", filter), name="filter")
        rank = taps.shape.ndims or x.shape.ndims
        if rank is None:
            raise ValueError(
                "When `num_spatial_dims` is not set, one of `input.shape.rank` or `filters.shape.rank` must be known. "
                f"Received: input.shape={x.shape} of rank None and filters.shape={taps.shape} of rank None"
            )
        if rank not in _BY_RANK:
            raise ValueError(f"`num_spatial_dims` must be 1, 2, or 3. Received: num_spatial_dims={rank - 2}.")
        moves, gaps = strides_and_rates(rank - 2, strides, rates)
        layout = data_format or _BY_RANK[rank][0]
        if rank == 3:
            return conv1d(x, taps, moves, padding, data_format=layout, name=scope, dilations=gaps)
        attrs = {
            "strides": arranged(1, moves, 1, layout),
            "dilations": arranged(1, gaps, 1, layout),
            "padding": padding,
            "data_format": layout,
        }
        return apply_op(_BY_RANK[rank][1], x, taps, name=scope, **attrs).outputs[0]
