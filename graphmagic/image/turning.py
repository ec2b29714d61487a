"""Turning and flipping images."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.image.geometry import checked
from graphmagic.ops.arithmetic import add, multiply
from graphmagic.ops.casting import cast
from graphmagic.ops.cond import cond
from graphmagic.ops.identity import identity
from graphmagic.ops.logic import less
from graphmagic.ops.queries import shape
from graphmagic.ops.random import random_uniform
from graphmagic.ops.reversing import reverse
from graphmagic.ops.stacking import stack
from graphmagic.ops.transposing import transpose as transpose_

__all__ = [
    "flip_left_right",
    "flip_up_down",
    "random_flip_left_right",
    "random_flip_up_down",
    "rot90",
    "transpose_image",
]


def _flipped(image: Any, axis: int, name: str) -> Tensor:
    with name_scope(name):
        found = checked(image)
        return reverse(found, [axis + (0 if found.shape.ndims == 3 else 1)])


def flip_left_right(image: Any) -> Tensor:
    """Mirror an image or a batch of images from left to right.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.flip_left_right(tf.reshape([1, 2], [1, 2, 1]))).ravel()
    array([2, 1], dtype=int32)
    """
    return _flipped(image, 1, "flip_left_right")


def flip_up_down(image: Any) -> Tensor:
    """Mirror an image or a batch of images from top to bottom; see `flip_left_right`."""
    return _flipped(image, 0, "flip_up_down")


def _randomly_flipped(image: Any, axis: int, seed: int | None, name: str) -> Tensor:
    with name_scope(name):
        found = checked(image)
        if found.shape.ndims == 3:
            chosen = less(random_uniform([], 0, 1.0, seed=seed), 0.5)
            result: Tensor = cond(chosen, lambda: reverse(found, [axis]), lambda: found)
            result.set_shape(found.shape)
            return result
        count = shape(found)[0]
        chances = random_uniform(stack([count]), seed=seed)
        flips = cast(less(stack([chances], axis=0)[0], 0.5), found.dtype.base_dtype)
        kept: Any = flips[:, None, None, None]
        return add(multiply(kept, reverse(found, [axis + 1])), multiply(1 - kept, found))


def random_flip_left_right(image: Any, seed: int | None = None) -> Tensor:
    """`flip_left_right` in half of the runs, for each image by itself.

    Args:
        image: pixels.
        seed: the seed of the choice; see `tf.set_random_seed`.
    """
    return _randomly_flipped(image, 1, seed, "random_flip_left_right")


def random_flip_up_down(image: Any, seed: int | None = None) -> Tensor:
    """`flip_up_down` in half of the runs; see `random_flip_left_right`."""
    return _randomly_flipped(image, 0, seed, "random_flip_up_down")


def rot90(image: Any, k: int = 1, name: str | None = None) -> Tensor:
    """Turn an image or a batch of images counter-clockwise by a number of quarters.

    Args:
        image: pixels.
        k: how many quarters.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.rot90(tf.reshape([1, 2], [1, 2, 1]))).ravel()
    array([2, 1], dtype=int32)
    """
    with name_scope(name or "rot90"):
        found = checked(image)
        first = 0 if found.shape.ndims == 3 else 1
        order = [1, 0, 2] if first == 0 else [0, 2, 1, 3]
        turns = {
            0: lambda: identity(found),
            1: lambda: transpose_(reverse(found, [first + 1]), order),
            2: lambda: reverse(found, [first, first + 1]),
            3: lambda: reverse(transpose_(found, order), [first + 1]),
        }
        return turns[k % 4]()


def transpose_image(image: Any, name: str | None = None) -> Tensor:
    """Exchange the rows and columns of an image or of a batch of images."""
    with name_scope(name or "transpose"):
        found = checked(image)
        return transpose_(found, [1, 0, 2] if found.shape.ndims == 3 else [0, 2, 1, 3])
