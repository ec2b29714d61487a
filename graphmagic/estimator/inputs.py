"""Input for estimators from arrays in memory (TensorFlow's ``tf.estimator.inputs``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from graphmagic.dtypes import as_dtype, int64, string
from graphmagic.graph.graph import get_default_graph
from graphmagic.ops.py_func import py_func

__all__ = ["numpy_input_fn", "pandas_input_fn"]

TARGET = "__target_key__"


def numpy_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
) -> Callable[[], Any]:
    """A function that makes tensors with batches of arrays, for estimators.

    Args:
        x: an array, or a dictionary of arrays; their first dimension is that of the examples.
        y: the labels, likewise; None for none.
        batch_size: how many examples a batch has; the last one may have less.
        num_epochs: how often all examples are gone through; forever if None.
        shuffle: whether in random order; it must be said.
        queue_capacity: accepted for old programs.
        num_threads: accepted for old programs.

    Returns:
        A function that returns the features and, if there are any, the labels, as tensors.

    Raises:
        ValueError: `shuffle` is not said, there are no features, or the arrays have different lengths.
        TypeError: `x` is no array.

    >>> import graphmagic as tf
    >>> make = tf.estimator.inputs.numpy_input_fn({"a": np.arange(3.0)}, np.arange(3), batch_size=2, shuffle=False)
    >>> features, labels = make()
    >>> tf.Session().run([features, labels])
    [{'a': array([0., 1.])}, array([0, 1])]
    """
    _check(shuffle)

    def input_fn() -> Any:
        features = dict(sorted(x.items())) if isinstance(x, dict) else {"__direct_np_input__": x}
        if not features:
            raise ValueError("x cannot be empty dict, but x={}")
        for key, value in features.items():
            if not isinstance(value, np.ndarray):
                what = f"x must be a dict or array; got {type(x).__name__}"
                raise TypeError(
                    what if value is x else f"x[{key!r}] must be an array; got {type(value).__name__}"
                )
        labels = {} if y is None else dict(y) if isinstance(y, dict) else {TARGET: np.asarray(y)}
        if y is not None and isinstance(y, dict) and not y:
            raise ValueError("y cannot be empty dict, use None instead.")
        both = set(features) & set(labels)
        if both:
            raise ValueError(f"{len(both)} duplicate keys are found in both x and y: {both}.")
        _check_lengths({**features, **labels})
        tensors = _batches([*features.values(), *labels.values()], batch_size, num_epochs, bool(shuffle))
        found: Any = dict(zip(features, tensors, strict=False))
        if not isinstance(x, dict):
            found = tensors[0]
        targets = tensors[len(features) :]
        if y is None:
            return found
        return found, dict(zip(labels, targets, strict=True)) if isinstance(y, dict) else targets[0]

    return input_fn


def pandas_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
    target_column: str = "target",
) -> Callable[[], Any]:
    """A function that makes tensors with batches of a data frame, for estimators; see `numpy_input_fn`.

    Args:
        x: a data frame.
        y: a series of labels with the same index; None for none.
        batch_size: how many examples a batch has.
        num_epochs: how often all examples are gone through; forever if None.
        shuffle: whether in random order; it must be said.
        queue_capacity: accepted for old programs.
        num_threads: accepted for old programs.
        target_column: accepted for old programs.

    Raises:
        ValueError: `shuffle` is not said, or the indices differ.
    """
    _check(shuffle)
    if y is not None and not np.array_equal(x.index, y.index):
        raise ValueError(
            f"Index for x and y are mismatched.\nIndex for x: {x.index}\nIndex for y: {y.index}\n"
        )
    arrays = {str(column): np.asarray(x[column].to_numpy()) for column in x.columns}
    labels = None if y is None else np.asarray(y.to_numpy())
    return numpy_input_fn(arrays, labels, batch_size, num_epochs, shuffle)


def _check(shuffle: Any) -> None:
    if not isinstance(shuffle, bool):
        raise ValueError(
            "shuffle must be provided and explicitly set as boolean "
            f"(it is recommended to set it as True for training); got {shuffle}"
        )


def _check_lengths(arrays: dict[str, Any]) -> None:
    lengths = {"y" if key == TARGET else key: len(array) for key, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        said = "".join(f"{key}: {length}\n" for key, length in lengths.items())
        raise ValueError(
            f"Length of tensors in x and y is mismatched. All elements in x and y must have the same length.\n{said}"
        )


def _order(count: int, size: int, epochs: int | None, shuffle: bool, seed: int | None) -> Iterator[Any]:
    """The positions of the examples of each batch; batches go across the ends of epochs."""
    random = np.random.default_rng(seed)
    waiting = np.empty(0, np.int64)
    epoch = 0
    while epochs is None or epoch < epochs or len(waiting):
        while len(waiting) < size and (epochs is None or epoch < epochs):
            more = random.permutation(count) if shuffle else np.arange(count)
            waiting, epoch = np.concatenate([waiting, more]), epoch + 1
        yield waiting[:size]
        waiting = waiting[size:]


def _batches(arrays: list[Any], size: int, epochs: int | None, shuffle: bool) -> list[Any]:
    order = _order(len(arrays[0]), size, epochs, shuffle, get_default_graph().seed)
    kinds = [string if a.dtype.kind in "SUO" else as_dtype(a.dtype) for a in arrays]

    def batch() -> list[Any]:
        places = next(order)
        return [places, *[array[places] for array in arrays]]

    name = "random_shuffle_queue" if shuffle else "fifo_queue"
    name += "_DequeueMany" if epochs is None else "_DequeueUpTo"
    tensors: Any = py_func(batch, [], [int64, *kinds], name=name)[1:]
    for tensor, array in zip(tensors, arrays, strict=True):
        tensor.set_shape([size if epochs is None else None, *array.shape[1:]])
    return list(tensors)
