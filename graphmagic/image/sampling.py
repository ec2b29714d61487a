"""Random parts of images that show enough of an object."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.ops.py_func import py_func
from graphmagic.ops.random import get_seed

__all__ = ["sample_distorted_bounding_box"]

Array = Any


class SampledBox(NamedTuple):
    """What `sample_distorted_bounding_box` returns."""

    begin: Tensor
    size: Tensor
    bboxes: Tensor


def sample_distorted_bounding_box(
    image_size: Any, bounding_boxes: Any, seed: int | None = None, seed2: int | None = None,
    min_object_covered: Any = 0.1, aspect_ratio_range: Any = None, area_range: Any = None,
    max_attempts: int | None = None, use_image_if_no_bounding_boxes: bool | None = None, name: str | None = None,
) -> SampledBox:  # fmt: skip
    """A random part of an image that shows enough of the objects in given boxes.

    The parts are spread as TensorFlow's are, but are others for the same seed.

    Args:
        image_size: height, width and channels.
        bounding_boxes: shape ``[batch, boxes, 4]``: top, left, bottom, right, from 0 to 1.
        seed: the seed; see `tf.set_random_seed`.
        seed2: accepted for old programs.
        min_object_covered: which part of at least one box must be shown.
        aspect_ratio_range: the least and the largest width divided by the height; 0.75 to 1.33 if None.
        area_range: the least and the largest area, where 1 is the whole image; 0.05 to 1 if None.
        max_attempts: how often to try before the whole image is taken; 100 if None.
        use_image_if_no_bounding_boxes: whether the whole image counts as a box if there are none.
        name: the name of the scope.

    Returns:
        The beginning and the size for `tf.slice`, and the box for `draw_bounding_boxes`.

    >>> import graphmagic as tf
    >>> part = tf.image.sample_distorted_bounding_box([20, 30, 3], [[[0.0, 0.0, 1.0, 1.0]]], seed=1)
    >>> begin, size, box = tf.Session().run(part)
    >>> bool((begin + size <= [20, 30, 3]).all()), size[2], box.shape
    (True, np.int32(-1), (1, 1, 4))
    """
    ratios, areas, attempts = (
        aspect_ratio_range or (0.75, 1.33),
        area_range or (0.05, 1.0),
        max_attempts or 100,
    )
    seeds = get_seed(seed)
    random = np.random.default_rng(None if seeds == (None, None) else [s or 0 for s in seeds])

    def sample(sizes: Array, boxes: Array, least: Array) -> list[Array]:
        height, width = int(sizes[0]), int(sizes[1])
        found = boxes.reshape(-1, 4)
        if not len(found):
            if not use_image_if_no_bounding_boxes:
                raise ValueError(
                    "No bounding boxes provided as input. One must enable use_image_if_no_bounding_boxes if you wish "
                    "to not provide any bounding boxes."
                )
            found = np.array([[0, 0, 1, 1]], np.float32)
        corners = found * [height, width, height, width]
        for _ in range(attempts):
            part = _random_part(random, height, width, ratios, areas)
            if part is not None and _covers(part, corners, float(least)):
                break
        else:
            part = (0, 0, height, width)
        top, left, rows, columns = part
        box = np.array(
            [top / height, left / width, (top + rows) / height, (left + columns) / width], np.float32
        )
        begin, size = np.array([top, left, 0], np.int32), np.array([rows, columns, -1], np.int32)
        return [begin, size, box.reshape(1, 1, 4)]

    with name_scope(name or "sample_distorted_bounding_box"):
        kinds = [dtypes.int32, dtypes.int32, dtypes.float32]
        inputs = [image_size, bounding_boxes, min_object_covered]
        begin, size, box = py_func(sample, inputs, kinds, name="SampleDistortedBoundingBoxV2")
    begin.set_shape([3])
    size.set_shape([3])
    box.set_shape([1, 1, 4])
    return SampledBox(begin, size, box)


def _random_part(
    random: Any, height: int, width: int, ratios: Any, areas: Any
) -> tuple[int, int, int, int] | None:
    """Top, left, height and width of a random part; None if the form that was drawn does not fit."""
    ratio = random.uniform(*ratios)
    least = np.sqrt(areas[0] * height * width / ratio)
    most = min(np.sqrt(areas[1] * height * width / ratio), height, width / ratio)
    if least > most:
        return None
    rows = int(np.rint(random.uniform(least, most)))
    columns = int(np.rint(rows * ratio))
    if not (0 < rows <= height and 0 < columns <= width):
        return None
    return int(random.integers(height - rows + 1)), int(random.integers(width - columns + 1)), rows, columns


def _covers(part: tuple[int, int, int, int], boxes: Array, least: float) -> bool:
    """Whether a part shows enough of at least one box."""
    top, left, rows, columns = part
    low = np.maximum(boxes[:, :2], [top, left])
    high = np.minimum(boxes[:, 2:], [top + rows, left + columns])
    shown = np.clip(high - low, 0, None).prod(-1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(-1)
    return bool((shown >= least * areas).any())
