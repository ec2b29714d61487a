"""Cutting images into patches that may overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.nn.windows import PADDINGS, Windows, static_output, windows
from graphmagic.ops.arguments import one_of
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.queries import shape
from graphmagic.shapes import TensorShape

__all__ = ["extract_image_patches"]

Array = np.ndarray[Any, Any]
_CHOICES = {"padding": PADDINGS}
patches_op = OpDef(
    "ExtractImagePatches",
    "images:T -> patches:T",
    types={"T": (*dtypes.REALS, dtypes.bool)},
    choices=_CHOICES,
)
images_op = OpDef("ImageOfPatches", "sizes:int32, patches:T -> images:T", choices=_CHOICES)


def _geometry(sizes: Sequence[int], ksizes: Any, strides: Any, rates: Any, padding: str) -> Windows:
    if len(sizes) != 4:
        raise invalid(f"input must be 4-dimensional{TensorShape(sizes).bracketed()}")
    return windows(sizes[1:3], ksizes[1:3], strides[1:3], rates[1:3], padding)


def _place(win: Windows, y: int, x: int) -> tuple[slice, slice, slice]:
    """Where the elements (y, x) of all patches lie in the padded images."""
    first = [tap * gap for tap, gap in zip((y, x), win.dilations, strict=True)]
    rows, columns = [
        slice(start, start + stride * (count - 1) + 1, stride)
        for start, stride, count in zip(first, win.strides, win.outputs, strict=True)
    ]
    return slice(None), rows, columns


@patches_op.kernel
def patches_kernel(x: Any, *, ksizes: Any, strides: Any, rates: Any, padding: str) -> Array:
    win = _geometry(x.shape, ksizes, strides, rates, padding)
    padded = np.pad(x, ((0, 0), *win.pads, (0, 0)))
    height, width = win.kernel
    out = np.zeros((len(x), *win.outputs, height, width, x.shape[3]), x.dtype)
    if out.size:
        for row in range(height):
            for column in range(width):
                out[:, :, :, row, column] = padded[_place(win, row, column)]
    return out.reshape(len(x), *win.outputs, height * width * x.shape[3])


@images_op.kernel
def images_kernel(sizes: Any, patches: Any, *, ksizes: Any, strides: Any, rates: Any, padding: str) -> Array:
    batch, height, width, depth = map(int, sizes)
    win = _geometry((batch, height, width, depth), ksizes, strides, rates, padding)
    parts = patches.reshape(batch, *win.outputs, *win.kernel, depth)
    padded = np.zeros((batch, *win.padded, depth), patches.dtype)
    if parts.size:
        for row in range(win.kernel[0]):
            for column in range(win.kernel[1]):
                padded[_place(win, row, column)] += parts[:, :, :, row, column]
    (top, _), (left, _) = win.pads
    return np.ascontiguousarray(padded[:, top : top + height, left : left + width])


@patches_op.shape_rule
def patches_shape(x: Tensor, *, ksizes: Any, strides: Any, rates: Any, padding: str) -> TensorShape:
    batch, height, width, depth = of_rank(x.shape, 4).as_list()
    sizes = [
        static_output(size, taps, stride, rate, padding)
        for size, taps, stride, rate in zip(
            (height, width), ksizes[1:3], strides[1:3], rates[1:3], strict=True
        )
    ]
    sizes = [None, None] if None in sizes else sizes  # TensorFlow looks at both or at none
    return TensorShape([batch, *sizes, None if depth is None else depth * ksizes[1] * ksizes[2]])


@images_op.shape_rule
def images_shape(sizes: Tensor, patches: Tensor) -> TensorShape:
    return TensorShape([None] * 4)


def _attrs(op: Operation) -> dict[str, Any]:
    return {key: op.attrs[key] for key in ("ksizes", "strides", "rates", "padding")}


@patches_op.gradient
def patches_grad(op: Operation, dy: Tensor) -> Tensor:
    x = op.inputs[0]
    result = apply_op(images_op, shape(x), dy, **_attrs(op)).outputs[0]
    result.set_shape(x.shape)
    return result


@images_op.gradient
def images_grad(op: Operation, dy: Tensor) -> tuple[None, Tensor]:
    return None, apply_op(patches_op, dy, **_attrs(op)).outputs[0]


def extract_image_patches(
    images: Any,
    ksizes: Sequence[int] | None = None,
    strides: Sequence[int] | None = None,
    rates: Sequence[int] | None = None,
    padding: str | None = None,
    name: str | None = None,
    sizes: Sequence[int] | None = None,
) -> Tensor:
    """Cut images into patches, and write the elements of each patch into the depth.

    Args:
        images: shape ``[batch, height, width, depth]``.
        ksizes: the size of the patches, ``[1, height, width, 1]``.
        strides: how far apart they are, ``[1, rows, columns, 1]``.
        rates: how far apart the elements of a patch are, ``[1, rows, columns, 1]``.
        padding: ``"SAME"`` or ``"VALID"``.
        name: the operation's name.
        sizes: the new name of `ksizes`.

    Returns:
        A `Tensor` of shape ``[batch, rows, columns, height * width * depth]``.

    Raises:
        ValueError: the padding is neither, or a list does not have four numbers.

    >>> import graphmagic as tf
    >>> images = tf.reshape(tf.range(16), [1, 4, 4, 1])
    >>> patches = tf.extract_image_patches(images, [1, 2, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID")
    >>> tf.Session().run(patches)[0, 0]
    array([[0, 1, 4, 5],
           [2, 3, 6, 7]], dtype=int32)
    """
    attrs = {"ksizes": one_of("sizes", sizes, "ksizes", ksizes), "strides": strides, "rates": rates}
    for key, value in attrs.items():
        if not isinstance(value, (list, tuple)):
            raise TypeError(
                f"Expected list for '{key}' argument to 'extract_image_patches' Op, not {value!r}."
            )
        if len(value) != 4:
            raise ValueError(f"'{key}' of extract_image_patches has 4 numbers, not {len(value)}: {value!r}")
    return apply_op(patches_op, images, name=name, padding=padding, **attrs).outputs[0]
