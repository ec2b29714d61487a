"""Pooling: one number for each window of an image."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import as_dtype, int64
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.nn.pool_ops import argmax_op, avg_pool3d_op, avg_pool_op, max_pool3d_op, max_pool_op
from graphmagic.nn.windows import convert_padding, sequence
from graphmagic.ops.arguments import one_of

__all__ = [
    "avg_pool",
    "avg_pool3d",
    "max_pool",
    "max_pool2d",
    "max_pool3d",
    "max_pool_with_argmax",
]


def pooled(
    opdef: OpDef,
    x: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None,
    name: str | None,
    count: int,
) -> Tensor:
    """Pooling over `count` spatial dimensions."""
    layout = data_format or opdef.defaults["data_format"]
    attrs: dict[str, Any] = {
        "ksize": sequence(ksize, count, layout, "ksize"),
        "strides": sequence(strides, count, layout, "strides"),
        "data_format": layout,
    }
    attrs["padding"], explicit = convert_padding(padding, count + 2)
    if explicit:
        attrs["explicit_paddings"] = explicit
    if 0 in attrs["ksize"]:
        raise ValueError(f"`ksize` cannot be zero. Received: ksize={attrs['ksize']}")
    return apply_op(opdef, x, name=name, **attrs).outputs[0]


def max_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The largest element of each window of images.

    The gradient of a window goes to its first largest element.

    Args:
        value: images, shape ``[batch, height, width, channels]``, or as `data_format` says.
        ksize: the size of the window: one number, one for each direction, or one for each dimension.
        strides: how far the window moves; numbers as in `ksize`.
        padding: ``"SAME"`` or ``"VALID"``, or a list with the numbers before and after for each dimension.
        data_format: ``"NHWC"`` or ``"NCHW"``.
        name: the operation's name.
        input: the new name of `value`.

    Returns:
        A `Tensor` of smaller images.

    Raises:
        ValueError: the rank is wrong, the window is larger than the image, or an argument is wrong.

    >>> import graphmagic as tf
    >>> image = tf.reshape(tf.range(16.0), [1, 4, 4, 1])
    >>> tf.Session().run(tf.nn.max_pool(image, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"))[0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]], dtype=float32)
    """
    x = one_of("input", input, "value", value)
    return pooled(max_pool_op, x, ksize, strides, padding, data_format, name, 2)


def avg_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The mean of each window of images; padding does not count.

    Args and errors as `max_pool`.

    >>> import graphmagic as tf
    >>> image = tf.reshape(tf.range(16.0), [1, 4, 4, 1])
    >>> tf.Session().run(tf.nn.avg_pool(image, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"))[0, :, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]], dtype=float32)
    """
    x = one_of("input", input, "value", value)
    return pooled(avg_pool_op, x, ksize, strides, padding, data_format, name, 2)


def max_pool2d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
) -> Tensor:
    """`max_pool` of images, named ``MaxPool2d``.

    >>> import graphmagic as tf
    >>> tf.nn.max_pool2d(tf.zeros([1, 4, 4, 1]), 2, 2, "SAME").name
    'MaxPool2d:0'
    """
    return max_pool(input, ksize, strides, padding, data_format, name or "MaxPool2d")


def max_pool3d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NDHWC",
    name: str | None = None,
) -> Tensor:
    """The largest element of each window of volumes; arguments as `max_pool`.

    >>> import graphmagic as tf
    >>> tf.nn.max_pool3d(tf.zeros([1, 4, 4, 4, 1]), 2, 2, "SAME").shape.as_list()
    [1, 2, 2, 2, 1]
    """
    return pooled(max_pool3d_op, input, ksize, strides, padding, data_format, name, 3)


def avg_pool3d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NDHWC",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of volumes; arguments as `max_pool`.

    >>> import graphmagic as tf
    >>> tf.nn.avg_pool3d(tf.zeros([1, 4, 4, 4, 1]), 2, 2, "SAME").shape.as_list()
    [1, 2, 2, 2, 1]
    """
    return pooled(avg_pool3d_op, input, ksize, strides, padding, data_format, name, 3)


def max_pool_with_argmax(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    Targmax: Any = None,  # noqa: N803
    name: str | None = None,
    output_dtype: Any = None,
    include_batch_in_index: bool = False,
) -> tuple[Tensor, Tensor]:
    """The largest element of each window of images, and where it is.

    Args:
        input: images, shape ``[batch, height, width, channels]``.
        ksize: the size of the window, one number per dimension.
        strides: how far the window moves, one number per dimension.
        padding: ``"SAME"`` or ``"VALID"``.
        data_format: only ``"NHWC"``.
        Targmax: the type of the places, int32 or int64.
        name: the operation's name.
        output_dtype: the new name of `Targmax`.
        include_batch_in_index: count the elements of all images, not of each.

    Returns:
        The largest elements, and their places ``(y * width + x) * channels + channel``.

    Raises:
        ValueError: the rank is wrong, or the window is larger than the image.

    >>> import graphmagic as tf
    >>> image = tf.reshape([1.0, 4.0, 2.0, 3.0], [1, 2, 2, 1])
    >>> top, place = tf.nn.max_pool_with_argmax(image, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    >>> tf.Session().run([top, place])
    [array([[[[4.]]]], dtype=float32), array([[[[1]]]])]
    """
    if data_format != "NHWC":
        raise ValueError(
            f"`data_format` values other  than 'NHWC' are not supported. Received: data_format={data_format}"
        )
    kind = one_of("output_dtype", output_dtype, "Targmax", Targmax)
    op = apply_op(
        argmax_op,
        input,
        name=name,
        ksize=list(ksize),
        strides=list(strides),
        padding=padding,
        Targmax=int64 if kind is None else as_dtype(kind),
        include_batch_in_index=include_batch_in_index,
    )
    return op.outputs[0], op.outputs[1]
