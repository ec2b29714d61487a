"""Cropping, padding and resizing images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import control_dependencies, name_scope
from graphmagic.graph.node import Tensor
from graphmagic.image import resizing
from graphmagic.image.boxes import cropped
from graphmagic.ops.arithmetic import maximum, minimum
from graphmagic.ops.asserts import assert_less_equal, assert_non_negative
from graphmagic.ops.casting import cast
from graphmagic.ops.division import divide
from graphmagic.ops.identity import identity
from graphmagic.ops.padding import pad
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import expand_dims, squeeze
from graphmagic.ops.rounding import round as round_
from graphmagic.ops.stacking import stack

__all__ = [
    "ResizeMethod",
    "central_crop",
    "crop_to_bounding_box",
    "pad_to_bounding_box",
    "resize_image_with_crop_or_pad",
    "resize_image_with_pad",
    "resize_images",
]


class ResizeMethod:
    """Ways to resize images.

    >>> ResizeMethod.BILINEAR, ResizeMethod.AREA
    (0, 3)
    """

    BILINEAR = 0
    NEAREST_NEIGHBOR = 1
    BICUBIC = 2
    AREA = 3


_METHODS: dict[Any, Callable[..., Tensor]] = {
    0: resizing.resize_bilinear,
    1: resizing.resize_nearest_neighbor,
    2: resizing.resize_bicubic,
    3: resizing.resize_area,
}
_METHODS |= {"bilinear": _METHODS[0], "nearest": _METHODS[1], "bicubic": _METHODS[2], "area": _METHODS[3]}


def checked(image: Any) -> Tensor:
    """An image or a batch of images.

    Raises:
        ValueError: it has another number of dimensions.
    """
    found = convert_to_tensor(image, name="image")
    if found.shape.ndims not in (None, 3, 4):
        raise ValueError("'image' must have either 3 or 4 dimensions.")
    return found


def _in_batch(image: Tensor, function: Callable[[Tensor], Tensor]) -> Tensor:
    """A function of batches, applied to an image or to a batch."""
    if image.shape.ndims != 3:
        return function(image)
    return squeeze(function(expand_dims(image, 0)), [0])


def _sizes(image: Tensor) -> tuple[Any, Any]:
    """Height and width, as numbers where they are known."""
    axes = (0, 1) if image.shape.ndims == 3 else (1, 2)
    known = image.shape.ints or ()
    found: list[Any] = []
    for axis in axes:
        size = known[axis] if known else None
        found.append(shape(image)[axis] if size is None else size)
    return found[0], found[1]


def resize_images(
    images: Any,
    size: Any,
    method: Any = ResizeMethod.BILINEAR,
    align_corners: bool = False,
    preserve_aspect_ratio: bool = False,
    name: str | None = None,
) -> Tensor:
    """Resize an image or a batch of images.

    Args:
        images: pixels, shape ``[height, width, channels]`` or ``[batch, height, width, channels]``.
        size: the new height and width.
        method: of `ResizeMethod`.
        align_corners: whether the centres of the pixels in the corners stay where they are.
        preserve_aspect_ratio: whether an image keeps its form; `size` is then the most it may have.
        name: the name of the scope.

    Returns:
        A float32 `Tensor`; the type stays for nearest neighbours, or if nothing changes.

    Raises:
        ValueError: the shape is wrong, the size is not two numbers, or the method is unknown.

    >>> import graphmagic as tf
    >>> image = tf.reshape([0.0, 2.0, 4.0, 6.0], [2, 2, 1])
    >>> tf.Session().run(tf.image.resize_images(image, [1, 4])).ravel()
    array([0., 1., 2., 2.], dtype=float32)
    """
    with name_scope(name or "resize"):
        found = convert_to_tensor(images, name="images")
        if found.shape.ndims is None:
            raise ValueError("'images' contains no shape.")
        if found.shape.ndims not in (3, 4):
            raise ValueError("'images' must have either 3 or 4 dimensions.")
        if method not in _METHODS:
            raise ValueError("Resize method is not implemented: {}".format(method))  # noqa: UP032 - TensorFlow's text
        return _in_batch(
            found, lambda batch: _resized(batch, size, _METHODS[method], align_corners, preserve_aspect_ratio)
        )


def _resized(batch: Tensor, size: Any, function: Callable[..., Tensor], align: bool, keep: bool) -> Tensor:
    try:
        wanted: Any = convert_to_tensor(size, name="size")
    except (TypeError, ValueError):
        raise ValueError("'size' must be a 1-D int32 Tensor") from None
    if not wanted.shape.is_compatible_with([2]):
        raise ValueError("'size' must be a 1-D Tensor of 2 elements: new_height, new_width")
    if keep:
        height, width = _sizes(batch)
        scale: Any = minimum(
            divide(cast(wanted[0], "float32"), cast(height, "float32")),
            divide(cast(wanted[1], "float32"), cast(width, "float32")),
        )
        sides = [round_(scale * cast(side, "float32")) for side in (height, width)]
        wanted = cast(stack(sides), "int32")
    known = static_value(wanted)
    if known is not None and batch.shape.ints is not None and tuple(known.tolist()) == batch.shape.ints[1:3]:
        return batch
    return function(batch, wanted, align_corners=align)


def crop_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """A part of an image or of a batch of images.

    Args:
        image: pixels.
        offset_height: how many rows are above the part.
        offset_width: how many columns are to the left of it.
        target_height: its height.
        target_width: its width.

    Raises:
        ValueError: the part is not inside the image; InvalidArgumentError at run time.

    >>> import graphmagic as tf
    >>> image = tf.reshape(tf.range(6), [2, 3, 1])
    >>> tf.Session().run(tf.image.crop_to_bounding_box(image, 1, 1, 1, 2)).ravel()
    array([4, 5], dtype=int32)
    """
    with name_scope("crop_to_bounding_box"):
        found = checked(image)
        height, width = _sizes(found)
        checks = [
            *_require(offset_width, 0, "offset_width must be >= 0."),
            *_require(offset_height, 0, "offset_height must be >= 0."),
            *_fits(target_width, offset_width, width, "width must be >= target + offset."),
            *_fits(target_height, offset_height, height, "height must be >= target + offset."),
        ]
        with control_dependencies(checks):
            held = identity(found) if checks else found
        return cropped(held, offset_height, offset_width, target_height, target_width)


def _require(value: Any, least: int, text: str) -> list[Any]:
    if isinstance(value, Tensor):
        return [assert_non_negative(value, message=text)]
    if value < least:
        raise ValueError(text)
    return []


def _fits(target: Any, offset: Any, whole: Any, text: str) -> list[Any]:
    if any(isinstance(part, Tensor) for part in (target, offset, whole)):
        return [assert_less_equal(offset + target, whole, message=text)]
    if offset + target > whole:
        raise ValueError(text)
    return []


def pad_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """Put an image or a batch of images into a larger black one.

    Args:
        image: pixels.
        offset_height: how many rows are above it.
        offset_width: how many columns are to the left of it.
        target_height: the new height.
        target_width: the new width.

    Raises:
        ValueError: it does not fit; InvalidArgumentError at run time.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.pad_to_bounding_box(tf.ones([1, 1, 1]), 0, 1, 1, 3)).ravel()
    array([0., 1., 0.], dtype=float32)
    """
    with name_scope("pad_to_bounding_box"):
        found = checked(image)
        height, width = _sizes(found)
        below, right = target_height - offset_height - height, target_width - offset_width - width
        checks = [
            *_require(offset_height, 0, "offset_height must be >= 0"),
            *_require(offset_width, 0, "offset_width must be >= 0"),
            *_require(right, 0, "width must be <= target - offset"),
            *_require(below, 0, "height must be <= target - offset"),
        ]
        with control_dependencies(checks):
            held = identity(found) if checks else found
        edges = [[offset_height, below], [offset_width, right], [0, 0]]
        result = pad(held, edges if found.shape.ndims == 3 else [[0, 0], *edges])
        _note(result, found, target_height, target_width)
        return result


def _note(result: Tensor, image: Tensor, height: Any, width: Any) -> None:
    """Note the shape as far as it is known."""
    known = image.shape.ints
    if known is None:
        return
    sizes = [None if isinstance(size, Tensor) else int(size) for size in (height, width)]
    result.set_shape([*known[:-3], *sizes, known[-1]])


def resize_image_with_crop_or_pad(image: Any, target_height: Any, target_width: Any) -> Tensor:
    """Cut off an image's edges or make them wider, alike on both sides.

    Args:
        image: pixels of an image or of a batch of images.
        target_height: the new height.
        target_width: the new width.

    >>> import graphmagic as tf
    >>> image = tf.reshape(tf.range(1, 4), [3, 1, 1])
    >>> tf.Session().run(tf.image.resize_image_with_crop_or_pad(image, 1, 3))[..., 0]
    array([[0, 2, 0]], dtype=int32)
    """
    with name_scope("resize_image_with_crop_or_pad"):
        found = checked(image)
        height, width = _sizes(found)
        above, left = _half(height - target_height), _half(width - target_width)
        rows, columns = _smaller(target_height, height), _smaller(target_width, width)
        part = crop_to_bounding_box(found, above, left, rows, columns)
        over, before = _half(target_height - height), _half(target_width - width)
        return pad_to_bounding_box(part, over, before, target_height, target_width)


def _half(difference: Any) -> Any:
    half = difference // 2
    return maximum(half, 0) if isinstance(half, Tensor) else max(half, 0)


def _smaller(one: Any, other: Any) -> Any:
    is_known = not (isinstance(one, Tensor) or isinstance(other, Tensor))
    return min(one, other) if is_known else minimum(one, other)


def resize_image_with_pad(
    image: Any,
    target_height: int,
    target_width: int,
    method: Any = ResizeMethod.BILINEAR,
    align_corners: bool = False,
) -> Tensor:
    """Resize an image so that it fits, and pad it; arguments as `resize_images`."""
    with name_scope("resize_image_with_pad"):
        found = checked(image)
        sizes, targets = _sizes(found), (target_height, target_width)
        height: Any
        width: Any
        if any(isinstance(size, Tensor) for size in sizes):
            sides: list[Any] = [cast(size, "float32") for size in sizes]
            ratio: Any = maximum(divide(sides[0], target_height), divide(sides[1], target_width))
            height, width = tuple(cast(divide(side, ratio), "int32") for side in sides)
        else:
            most = max(size / target for size, target in zip(sizes, targets, strict=True))
            height, width = tuple(int(size / most) for size in sizes)
        part = resize_images(found, [height, width], method, align_corners)
        over, before = _half(target_height - height), _half(target_width - width)
        return pad_to_bounding_box(part, over, before, target_height, target_width)


def central_crop(image: Any, central_fraction: float) -> Tensor:
    """The middle of an image.

    Args:
        image: pixels of an image or of a batch of images.
        central_fraction: which part of the height and of the width, above 0 and up to 1.

    Raises:
        ValueError: the fraction is none.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.central_crop(tf.reshape(tf.range(16), [4, 4, 1]), 0.5))[..., 0]
    array([[ 5,  6],
           [ 9, 10]], dtype=int32)
    """
    with name_scope("central_crop"):
        found = checked(image)
        if not 0.0 < central_fraction <= 1.0:
            raise ValueError("central_fraction must be within (0, 1]")
        if central_fraction == 1.0:
            return found
        starts, sizes = [], []
        for size in _sizes(found):
            number: Any = size if isinstance(size, int) else cast(size, "float64")
            start: Any = (number - number * central_fraction) / 2
            start = int(start) if isinstance(size, int) else cast(start, "int32")
            starts.append(start)
            sizes.append(size - start * 2)
        return cropped(found, *starts, *sizes)
