"""Moving blocks of pixels into the depth, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.shapes import TensorShape

__all__ = ["depth_to_space", "divided", "space_to_depth", "times"]

_FORMATS = {"NHWC": (0, 1, 2, 3), "NCHW": (0, 2, 3, 1)}


def _from_nhwc(dims: Any, data_format: str) -> list[Any]:
    return [dims[i] for i in np.argsort(_FORMATS[data_format])]


def _image(x: Tensor, data_format: str) -> list[int | None] | None:
    """The static (batch, height, width, depth), None if the rank is not known."""
    of_rank(x.shape, 4)
    return None if x.shape.ints is None else [x.shape.ints[i] for i in _FORMATS[data_format]]


def _as_nhwc(x: Any, data_format: str) -> Any:
    if x.ndim != 4:
        raise invalid(f"Input rank should be 4 instead of {x.ndim}")
    return np.transpose(x, _FORMATS[data_format])


def divided(size: int | None, by: int) -> int | None:
    """A static size divided by a number, which must divide it."""
    if size is not None and size % by:
        raise ValueError(f"Dimension size must be evenly divisible by {by} but is {size}")
    return None if size is None else size // by


def times(size: int | None, factor: int) -> int | None:
    """A static size times a number."""
    return None if size is None else size * factor


space_to_depth_op = OpDef("SpaceToDepth", "input:T -> output:T", defaults={"data_format": "NHWC"})
depth_to_space_op = OpDef("DepthToSpace", "input:T -> output:T", defaults={"data_format": "NHWC"})


@space_to_depth_op.kernel
def space_to_depth_kernel(x: Any, *, block_size: int, data_format: str) -> Any:
    image = _as_nhwc(x, data_format)
    batch, height, width, depth = image.shape
    if height % block_size or width % block_size:
        raise invalid(
            f"Image width {width} and height {height} should be divisible by block_size: {block_size}"
        )
    down, across = height // block_size, width // block_size
    blocks = image.reshape(batch, down, block_size, across, block_size, depth)
    moved = blocks.transpose(0, 1, 3, 2, 4, 5).reshape(batch, down, across, block_size**2 * depth)
    return moved.transpose(np.argsort(_FORMATS[data_format]))


@space_to_depth_op.shape_rule
def space_to_depth_shape(x: Tensor, *, block_size: int, data_format: str) -> TensorShape:
    image = _image(x, data_format)
    if image is None:
        return TensorShape([None] * 4)
    batch, height, width, depth = image
    dims = [batch, divided(height, block_size), divided(width, block_size), times(depth, block_size**2)]
    return TensorShape(_from_nhwc(dims, data_format))


@depth_to_space_op.kernel
def depth_to_space_kernel(x: Any, *, block_size: int, data_format: str) -> Any:
    image = _as_nhwc(x, data_format)
    batch, height, width, depth = image.shape
    if depth % block_size**2:
        raise invalid(f"Input depth dimension {depth} should be divisible by: {block_size**2}")
    rest = depth // block_size**2
    blocks = image.reshape(batch, height, width, block_size, block_size, rest)
    moved = blocks.transpose(0, 1, 3, 2, 4, 5).reshape(batch, height * block_size, width * block_size, rest)
    return moved.transpose(np.argsort(_FORMATS[data_format]))


@depth_to_space_op.shape_rule
def depth_to_space_shape(x: Tensor, *, block_size: int, data_format: str) -> TensorShape:
    image = _image(x, data_format)
    if image is None:
        return TensorShape([None] * 4)
    batch, height, width, depth = image
    dims = [batch, times(height, block_size), times(width, block_size), divided(depth, block_size**2)]
    return TensorShape(_from_nhwc(dims, data_format))


@space_to_depth_op.gradient
def space_to_depth_grad(op: Operation, dy: Tensor) -> Tensor:
    return depth_to_space(dy, op.attrs["block_size"], data_format=op.attrs["data_format"])


@depth_to_space_op.gradient
def depth_to_space_grad(op: Operation, dy: Tensor) -> Tensor:
    return space_to_depth(dy, op.attrs["block_size"], data_format=op.attrs["data_format"])


def _block_attrs(op_type: str, block_size: int, data_format: str) -> dict[str, Any]:
    if block_size < 2:
        raise ValueError(f"Attr 'block_size' of '{op_type}' Op passed {block_size} less than minimum 2.")
    if data_format not in _FORMATS:
        raise ValueError(
            f"Attr 'data_format' of '{op_type}' Op passed string '{data_format}' not in: "
            '"NHWC", "NCHW", "NCHW_VECT_C".'
        )
    return {"block_size": block_size, "data_format": data_format}


def space_to_depth(input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC") -> Tensor:
    """Move each square block of pixels into the depth of one pixel.

    Args:
        input: images, shape ``[batch, height, width, depth]``.
        block_size: the height and width of a block; they must divide those of the image.
        name: the operation's name.
        data_format: ``"NHWC"``, or ``"NCHW"`` where the depth comes second.

    Returns:
        A `Tensor` of shape ``[batch, height / block_size, width / block_size, depth * block_size ** 2]``.

    Raises:
        ValueError: the sizes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.space_to_depth([[[[1], [2]], [[3], [4]]]], 2)).tolist()
    [[[[1, 2, 3, 4]]]]
    """
    attrs = _block_attrs("SpaceToDepth", block_size, data_format)
    return apply_op(space_to_depth_op, input, name=name, **attrs).outputs[0]


def depth_to_space(input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC") -> Tensor:
    """Spread the depth of each pixel over a square block of pixels: undoes `space_to_depth`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.depth_to_space([[[[1, 2, 3, 4]]]], 2)).tolist()
    [[[[1], [2]], [[3], [4]]]]
    """
    attrs = _block_attrs("DepthToSpace", block_size, data_format)
    return apply_op(depth_to_space_op, input, name=name, **attrs).outputs[0]
