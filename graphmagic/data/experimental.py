"""Ways to change data sets (TensorFlow's ``tf.data.experimental``): functions for `tf.data.Dataset.apply`.

>>> import graphmagic as tf
>>> numbers = tf.data.Dataset.range(6).apply(tf.data.experimental.map_and_batch(lambda n: n * n, 3))
>>> tf.Session().run(numbers.make_one_shot_iterator().get_next())
array([0, 1, 4])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphmagic import nest
from graphmagic.data import group_ops
from graphmagic.data.csv import CsvDataset, make_csv_dataset
from graphmagic.data.dataset import Dataset
from graphmagic.data.functions import functional, functional_op, made, traced
from graphmagic.data.grouping import bucket_by_sequence_length, group_by_window
from graphmagic.data.structures import converted, flat_shapes
from graphmagic.dtypes import int64
from graphmagic.graph.apply import apply_op
from graphmagic.names import namespace as _namespace
from graphmagic.ops.casting import cast
from graphmagic.ops.random_choice import multinomial
from graphmagic.ops.reshaping import reshape

__all__ = [
    "AUTOTUNE",
    "Counter",
    "CsvDataset",
    "bucket_by_sequence_length",
    "choose_from_datasets",
    "copy_to_device",
    "enumerate_dataset",
    "get_single_element",
    "group_by_window",
    "ignore_errors",
    "make_csv_dataset",
    "map_and_batch",
    "parallel_interleave",
    "prefetch_to_device",
    "sample_from_datasets",
    "scan",
    "shuffle_and_repeat",
    "take_while",
    "unbatch",
    "unique",
]

AUTOTUNE = -1
Transformation = Callable[[Dataset], Dataset]


def map_and_batch(
    map_func: Callable[..., Any], batch_size: Any, num_parallel_batches: Any = None, drop_remainder: bool = False,
    num_parallel_calls: Any = None,
) -> Transformation:  # fmt: skip
    """`Dataset.map`, then `Dataset.batch`.

    Args:
        map_func: takes the parts of an element, returns tensors.
        batch_size: how many elements are stacked.
        num_parallel_batches: accepted for old programs.
        drop_remainder: leave out a last batch that is smaller.
        num_parallel_calls: accepted for old programs.

    Raises:
        ValueError: both ways to say what is parallel are used.
    """
    if num_parallel_batches is not None and num_parallel_calls is not None:
        raise ValueError(
            "`map_and_batch` allows only one of `num_parallel_batches` and `num_parallel_calls` to be set, but "
            f"`num_parallel_batches` was set to {num_parallel_batches} and `num_parallel_calls` as set to "
            f"{num_parallel_calls}."
        )
    return lambda dataset: dataset.map(map_func).batch(batch_size, drop_remainder)


def shuffle_and_repeat(buffer_size: Any, count: Any = None, seed: Any = None) -> Transformation:
    """`Dataset.shuffle`, then `Dataset.repeat`."""
    return lambda dataset: dataset.shuffle(buffer_size, seed).repeat(count)


def unbatch() -> Transformation:
    """`Dataset.unbatch`."""
    return lambda dataset: dataset.unbatch()


def enumerate_dataset(start: Any = 0) -> Transformation:
    """Elements with their numbers before them: ``(number, element)``."""
    most = np.iinfo(np.int64).max
    return lambda dataset: Dataset.zip((Dataset.range(start, most), dataset))


def prefetch_to_device(device: str, buffer_size: Any = None) -> Transformation:
    """The same elements: graphmagic has one device."""
    return lambda dataset: dataset.prefetch(buffer_size)


def copy_to_device(target_device: str, source_device: str = "/cpu:0") -> Transformation:
    """The same elements: graphmagic has one device."""
    return lambda dataset: dataset


def parallel_interleave(
    map_func: Callable[..., Any], cycle_length: int, block_length: int = 1, sloppy: bool = False,
    buffer_output_elements: Any = None, prefetch_input_elements: Any = None,
) -> Transformation:  # fmt: skip
    """`Dataset.interleave`.

    Args:
        map_func: takes the parts of an element, returns a data set.
        cycle_length: how many data sets take turns.
        block_length: how many elements each gives.
        sloppy: accepted for old programs: the order is always the same.
        buffer_output_elements: accepted for old programs.
        prefetch_input_elements: accepted for old programs.
    """
    return lambda dataset: dataset.interleave(map_func, cycle_length, block_length)


def ignore_errors() -> Transformation:
    """The elements that can be computed; those that fail are left out."""
    return lambda dataset: dataset._with(group_ops.ignore_op)


def unique() -> Transformation:
    """Each element once; elements are scalars."""
    return lambda dataset: dataset._with(group_ops.unique_op)


def scan(initial_state: Any, scan_func: Callable[..., Any]) -> Transformation:
    """What a function makes of each element and a state, which goes from element to element.

    Args:
        initial_state: the first state, a tensor or a nest of tensors.
        scan_func: takes a state and an element, returns the next state and a new element.

    Raises:
        TypeError: the function returns something else.
    """

    def scanned(dataset: Dataset) -> Dataset:
        state, structure = converted(initial_state)
        types = nest.pack_sequence_as(structure, [t.dtype.base_dtype for t in state])
        shapes = nest.pack_sequence_as(structure, [t.shape for t in state])
        elements = dataset.output_types, dataset.output_shapes
        block, result = traced(scan_func, (types, elements[0]), (shapes, elements[1]), Dataset)
        if not isinstance(result, tuple) or len(result) != 2:
            raise TypeError(
                "The scan function must return a pair comprising the new state and the output value."
            )
        block.outputs += converted(result, block)[0]
        found = nest.flatten(result[1])
        return Dataset(
            lambda **known: functional_op(
                group_ops.scan_op, [dataset.variant(), state], block, **known
            ).outputs[0],
            nest.pack_sequence_as(result[1], [t.dtype.base_dtype for t in found]),
            nest.pack_sequence_as(result[1], [t.shape for t in found]),
        )

    return scanned


def take_while(predicate: Callable[..., Any]) -> Transformation:
    """The elements before the first for which a function gives False."""

    def taken(dataset: Dataset) -> Dataset:
        types, shapes = dataset.output_types, dataset.output_shapes
        block, result = traced(predicate, types, shapes, Dataset)
        block.outputs += converted(result, block)[0]
        return Dataset(
            lambda **known: functional(group_ops.take_while_op, dataset.variant(), block, **known),
            types,
            shapes,
        )

    return taken


def choose_from_datasets(datasets: Sequence[Dataset], choice_dataset: Dataset) -> Dataset:
    """The next element of the data set whose number comes next.

    Args:
        datasets: data sets with elements of the same types.
        choice_dataset: numbers of data sets, int64.

    Raises:
        TypeError: the numbers are no int64 scalars.
    """
    if choice_dataset.output_types is not int64:
        raise TypeError("`choice_dataset` must be a dataset of scalar `tf.int64` tensors.")
    return Dataset(
        made(group_ops.directed_op, choice_dataset, list(datasets)),
        datasets[0].output_types,
        datasets[0].output_shapes,
    )


def sample_from_datasets(
    datasets: Sequence[Dataset], weights: Sequence[float] | None = None, seed: int | None = None
) -> Dataset:
    """The next element of a data set drawn at random.

    Args:
        datasets: data sets with elements of the same types.
        weights: how probable each is; all alike if None.
        seed: of the choice.

    Raises:
        ValueError: there are not as many weights as data sets.
    """
    given = [1.0 / len(datasets)] * len(datasets) if weights is None else list(weights)
    if len(given) != len(datasets):
        raise ValueError(f"`weights` must have the same length as `datasets`: {len(given)}, {len(datasets)}")
    logits = np.log(np.asarray([given], np.float64) + 1e-300)
    numbers = Dataset.range(1).repeat().map(lambda _: reshape(multinomial(logits, 1, seed=seed), []))
    return choose_from_datasets(datasets, numbers)


def get_single_element(dataset: Dataset) -> Any:
    """The element of a data set that has one.

    Raises:
        TypeError: it is no data set.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.data.experimental.get_single_element(tf.data.Dataset.range(7, 8)))
    np.int64(7)
    """
    if not isinstance(dataset, Dataset):
        raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
    types = nest.flatten(dataset.output_types)
    shapes = flat_shapes(dataset.output_types, dataset.output_shapes)
    op = apply_op(group_ops.single_op, dataset.variant(), output_types=types, output_shapes=shapes)
    return nest.pack_sequence_as(dataset.output_types, list(op.outputs))


def Counter(start: Any = 0, step: Any = 1, dtype: Any = int64) -> Dataset:  # noqa: N802 - TensorFlow's name
    """Numbers without end.

    >>> import graphmagic as tf
    >>> number = tf.data.experimental.Counter(5).make_one_shot_iterator().get_next()
    >>> tf.Session().run(number)
    np.int64(5)
    """
    return Dataset.range(np.iinfo(np.int64).max).map(lambda n: cast(start + n * step, dtype))


__getattr__, __dir__ = _namespace(__name__)
