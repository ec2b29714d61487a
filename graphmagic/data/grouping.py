"""Groups of elements that belong together, such as sequences of about the same length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphmagic import nest
from graphmagic.data import group_ops
from graphmagic.data.dataset import Dataset
from graphmagic.data.functions import functional, traced
from graphmagic.data.structures import flat_shapes
from graphmagic.dtypes import int64, variant
from graphmagic.graph.block import building
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.ops.casting import cast
from graphmagic.ops.gather import gather
from graphmagic.ops.logic import less_equal
from graphmagic.ops.reduce import reduce_sum
from graphmagic.shapes import TensorShape

__all__ = ["bucket_by_sequence_length", "group_by_window"]


def group_by_window(
    key_func: Callable[..., Any], reduce_func: Callable[..., Any], window_size: Any = None,
    window_size_func: Callable[..., Any] | None = None,
) -> Callable[[Dataset], Dataset]:  # fmt: skip
    """The elements of the data sets that a function makes of groups of elements with the same key.

    Args:
        key_func: takes an element, returns its key, an int64 scalar.
        reduce_func: takes a key and a data set of elements that have it, returns a data set.
        window_size: how many elements a group has at most.
        window_size_func: takes a key, returns how many, instead.

    Returns:
        A function for `Dataset.apply`.

    Raises:
        ValueError: not exactly one of the two sizes is given.
        TypeError: the function does not return a data set.

    >>> import graphmagic as tf
    >>> by_parity = tf.data.experimental.group_by_window(lambda n: n % 2, lambda key, group: group.batch(3), 3)
    >>> batch = tf.data.Dataset.range(6).apply(by_parity).make_one_shot_iterator().get_next()
    >>> with tf.Session() as sess:
    ...     sess.run(batch), sess.run(batch)
    (array([0, 2, 4]), array([1, 3, 5]))
    """
    if (window_size is None) == (window_size_func is None):
        raise ValueError("Must pass either `window_size` or `window_size_func`, but not both.")

    def size_of(key: Any) -> Any:
        found = window_size if window_size_func is None else window_size_func(key)
        return cast(convert_to_tensor(found), int64)

    def grouped(dataset: Dataset) -> Dataset:
        types, shapes = dataset.output_types, dataset.output_shapes

        def marked(*element: Any) -> Any:
            key = cast(key_func(*element), int64)
            return (key, size_of(key), *nest.flatten(element))

        with_keys = dataset.map(marked)
        block, inner = traced(
            lambda key, group: reduce_func(key, Dataset(lambda **known: group, types, shapes)),
            (int64, variant),
            (TensorShape([]), TensorShape([])),
            Dataset,
        )
        if not isinstance(inner, Dataset):
            raise TypeError("`reduce_func` must return a `Dataset` object.")
        with building(get_default_graph(), block, fresh=True):
            block.outputs.append(inner.variant())
        return Dataset(
            lambda **known: functional(group_ops.group_op, with_keys.variant(), block, **known),
            inner.output_types,
            inner.output_shapes,
        )

    return grouped


def bucket_by_sequence_length(
    element_length_func: Callable[..., Any], bucket_boundaries: Sequence[int], bucket_batch_sizes: Sequence[int],
    padded_shapes: Any = None, padding_values: Any = None, pad_to_bucket_boundary: bool = False,
    no_padding: bool = False, drop_remainder: bool = False,
) -> Callable[[Dataset], Dataset]:  # fmt: skip
    """Batches of sequences of about the same length, padded.

    Args:
        element_length_func: takes an element, returns its length, an int32 scalar.
        bucket_boundaries: the lengths at which the next bucket begins.
        bucket_batch_sizes: how many elements a batch of each bucket has, one number more than boundaries.
        padded_shapes: the shapes to pad to; the largest of each batch if None.
        padding_values: what to pad with; zeros and empty strings if None.
        pad_to_bucket_boundary: whether unknown dimensions are padded to the boundary of the bucket, less 1.
        no_padding: whether elements are stacked as they are.
        drop_remainder: leave out batches that are smaller.

    Returns:
        A function for `Dataset.apply`.

    Raises:
        ValueError: there are not as many batch sizes as buckets.
    """
    if len(bucket_batch_sizes) != len(bucket_boundaries) + 1:
        raise ValueError("len(bucket_batch_sizes) must equal len(bucket_boundaries) + 1")
    sizes = convert_to_tensor(np.asarray(bucket_batch_sizes, np.int64))
    least = convert_to_tensor(np.asarray(bucket_boundaries, np.int64))

    def bucket_of(*element: Any) -> Any:
        length = cast(element_length_func(*element), int64)
        return reduce_sum(cast(less_equal(least, length), int64))

    def size_of(bucket: Any) -> Any:
        return gather(sizes, bucket)

    def batched(dataset: Dataset) -> Dataset:
        types = dataset.output_types
        flat = flat_shapes(types, dataset.output_shapes if padded_shapes is None else padded_shapes)

        def batch(bucket: Any, group: Dataset) -> Dataset:
            if no_padding:
                return group.batch(size_of(bucket), drop_remainder)
            shapes: Any = nest.pack_sequence_as(types, flat)
            if pad_to_bucket_boundary:
                ends = convert_to_tensor(np.asarray([*[b - 1 for b in bucket_boundaries], -1], np.int64))
                end = gather(ends, bucket)
                shapes = nest.pack_sequence_as(types, [_filled(shape, end) for shape in flat])
            return group.padded_batch(size_of(bucket), shapes, padding_values, drop_remainder)

        return group_by_window(bucket_of, batch, window_size_func=size_of)(dataset)

    return batched


def _filled(shape: TensorShape, size: Any) -> Any:
    from graphmagic.ops.stacking import stack

    return stack([size if n is None else np.int64(n) for n in shape.as_list()])
