"""Pooling of sequences, and pooling for any number of dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.nn.convolution import flat_layout, strides_and_rates, vector_text
from graphmagic.nn.pool import pooled
from graphmagic.nn.pool_ops import avg_pool3d_op, avg_pool_op, max_pool3d_op, max_pool_op
from graphmagic.nn.windows import arranged, convert_padding, is_channels_first, sequence
from graphmagic.ops.arguments import one_of
from graphmagic.ops.reshaping import expand_dims, squeeze

__all__ = ["avg_pool1d", "max_pool1d", "pool"]


def _pooled1d(
    opdef: OpDef, x: Any, ksize: Any, strides: Any, padding: Any, data_format: str | None, name: str
) -> Tensor:
    """Pooling over the columns of images one pixel high."""
    with get_default_graph().name_scope(name) as scope:
        layout = flat_layout(data_format)
        high = 2 if is_channels_first(layout) else 1
        window = _with_height(sequence(ksize, 1, layout, "ksize"), layout)
        moves = _with_height(sequence(strides, 1, layout, "strides"), layout)
        padding, explicit = convert_padding(padding, 3)
        if explicit:
            pairs = [list(pair) for pair in zip(explicit[::2], explicit[1::2], strict=True)]
            padding = [*pairs[:high], [0, 0], *pairs[high:]]
        result = pooled(opdef, expand_dims(x, high), window, moves, padding, layout, scope, 2)
        return squeeze(result, [high])


def _with_height(items: list[int], layout: str) -> list[int]:
    return [*items[:2], 1, items[2]] if is_channels_first(layout) else [items[0], 1, *items[1:]]


def max_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NWC",
    name: str | None = None,
) -> Tensor:
    """The largest element of each window of sequences, shape ``[batch, width, channels]``.

    >>> import graphmagic as tf
    >>> x = tf.reshape([1.0, 4.0, 2.0, 3.0], [1, 4, 1])
    >>> tf.Session().run(tf.nn.max_pool1d(x, 2, 2, "VALID")).ravel()
    array([4., 3.], dtype=float32)
    """
    return _pooled1d(max_pool_op, input, ksize, strides, padding, data_format, name or "MaxPool1d")


def avg_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NWC",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of sequences, shape ``[batch, width, channels]``.

    >>> import graphmagic as tf
    >>> x = tf.reshape([1.0, 4.0, 2.0, 3.0], [1, 4, 1])
    >>> tf.Session().run(tf.nn.avg_pool1d(x, 2, 2, "VALID")).ravel()
    array([2.5, 2.5], dtype=float32)
    """
    return _pooled1d(avg_pool_op, input, ksize, strides, padding, data_format, name or "AvgPool1D")


_OPS = {
    ("MAX", 2): max_pool_op,
    ("MAX", 3): max_pool3d_op,
    ("AVG", 2): avg_pool_op,
    ("AVG", 3): avg_pool3d_op,
}


def pool(
    input: Any,
    window_shape: Sequence[int],
    pooling_type: str,
    padding: str,
    dilation_rate: Sequence[int] | None = None,
    strides: Sequence[int] | None = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Sequence[int] | None = None,
) -> Tensor:
    """Pooling over one, two or three spatial dimensions.

    Args:
        input: shape ``[batch, *spatial, channels]``, or channels second if `data_format` starts with ``"NC"``.
        window_shape: the size of the window, one number per spatial dimension.
        pooling_type: ``"MAX"`` or ``"AVG"``.
        padding: ``"SAME"`` or ``"VALID"``.
        dilation_rate: only ones are supported.
        strides: how far the window moves, one number per spatial dimension.
        name: the operation's name.
        data_format: ``"NWC"``, ``"NHWC"``, ``"NDHWC"``, or these with C second.
        dilations: the new name of `dilation_rate`.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: the arguments do not fit each other.
        NotImplementedError: windows with gaps.

    >>> import graphmagic as tf
    >>> x = tf.reshape([1.0, 4.0, 2.0, 3.0], [1, 4, 1])
    >>> tf.Session().run(tf.nn.pool(x, [2], "MAX", "VALID")).ravel()
    array([4., 4., 3.], dtype=float32)
    """
    rates = one_of("dilations", dilations, "dilation_rate", dilation_rate)
    with get_default_graph().name_scope(name or f"{pooling_type.lower()}_pool") as scope:
        x = convert_to_tensor(input, name="input")
        count = len(window_shape)
        if not 1 <= count <= 3:
            raise ValueError(
                f"`len(window_shape)` must be 1, 2, or 3. Received: window_shape={window_shape} of length {count}"
            )
        x.shape.with_rank(count + 2)
        moves, gaps = strides_and_rates(count, strides, rates)
        if padding == "SAME" and any(gap > 1 for gap in gaps):
            raise ValueError(
                "pooling with 'SAME' padding is not implemented for `dilation_rate` > 1. "
                f"Received: padding={padding} and dilation_rate={vector_text(gaps)}"
            )
        if any(move > size for move, size in zip(moves, window_shape, strict=True)):
            raise ValueError(
                "`strides` > `window_shape` not supported due to inconsistency between CPU and GPU implementations. "
                f"Received: strides={vector_text(moves)} and window_shape={window_shape}"
            )
        if pooling_type not in ("MAX", "AVG"):
            raise ValueError(f"{count}-D {pooling_type} pooling is not supported.")
        if any(gap > 1 for gap in gaps):
            raise NotImplementedError(f"pooling windows with gaps (dilation_rate={gaps}) are not supported")
        opdef = _OPS[pooling_type, max(count, 2)]
        if count == 1:
            return _pooled1d(opdef, x, window_shape, moves, padding, data_format, scope)
        layout = data_format or opdef.defaults["data_format"]
        window, steps = arranged(1, list(window_shape), 1, layout), arranged(1, moves, 1, layout)
        return pooled(opdef, x, window, steps, padding, layout, scope, count)
