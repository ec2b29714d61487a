"""Reading what a caller feeds to a run: which tensors, and arrays of their type and shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.graph import Graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.structure import flatten

__all__ = ["Feeds"]


class Feeds:
    """The keys of a ``feed_dict``, resolved to tensors of a graph, and how their values are checked.

    Args:
        graph: the session's graph.
        keys: the keys of the dictionary.

    Raises:
        TypeError: a key is no tensor of this graph.
        ValueError: a tensor cannot be fed.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, [None], name="x")
    >>> Feeds(x.graph, [x]).arrays({x: [1, 2]})
    [array([1., 2.], dtype=float32)]
    """

    def __init__(self, graph: Graph, keys: Any) -> None:
        self._groups = [[_feedable(graph, leaf) for leaf in flatten(key)] for key in keys]
        self.tensors: tuple[Tensor, ...] = tuple([t for group in self._groups for t in group])
        self._plain = all(len(group) == 1 for group in self._groups) and not any(
            isinstance(k, (list, tuple)) for k in keys
        )
        self._checks = [(t, t.dtype.numpy, t.shape.ints) for t in self.tensors]

    def arrays(self, feed_dict: Mapping[Any, Any]) -> list[Any]:
        """The values as arrays, in the order of `tensors`.

        Raises:
            TypeError: a value has the wrong type, or is a tensor.
            ValueError: a value has the wrong shape.
        """
        values: list[Any] = list(feed_dict.values())
        if not self._plain:
            values = [leaf for value in values for leaf in flatten(value)]
        arrays = []
        for (tensor, dtype, shape), value in zip(self._checks, values, strict=True):
            array = value
            if type(value) is not np.ndarray or value.dtype is not dtype:
                array = _as_array(tensor, value)
            if shape is not None and shape != array.shape and not _fits(shape, array.shape):
                raise ValueError(
                    f"Cannot feed value of shape {array.shape} for Tensor {tensor.name}, which has shape {tensor.shape}"
                )
            arrays.append(array)
        return arrays


def _fits(static: tuple[int | None, ...], actual: tuple[int, ...]) -> bool:
    return len(static) == len(actual) and all(
        s is None or s == a for s, a in zip(static, actual, strict=True)
    )


def _feedable(graph: Graph, key: Any) -> Tensor:
    try:
        tensor: Tensor = graph.as_graph_element(key, allow_tensor=True, allow_operation=False)
    except (TypeError, ValueError, KeyError) as error:
        text = error.args[0] if isinstance(error, KeyError) else error
        raise TypeError(f"Cannot interpret feed_dict key as Tensor: {text}") from None
    return tensor


def _as_array(tensor: Tensor, value: Any) -> np.ndarray[Any, Any]:
    if isinstance(value, Tensor):
        raise TypeError(
            "The value of a feed cannot be a tf.Tensor object. Acceptable feed values include Python scalars, strings, "
            "lists, numpy ndarrays, or TensorHandles. For reference, the tensor object was "
            f"{value} which was passed to the argument `feed_dict` with key {tensor}."
        )
    dtype = tensor.dtype.base_dtype
    if dtype is dtypes.string:
        return np.array(value, dtype=object)
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and dtype.is_integer
        and not _in_range(value, dtype)
    ):
        raise TypeError(
            f"Type of feed value {value} with type {type(value)} is not compatible with Tensor type {dtype.as_numpy_dtype}. "
            "Try explicitly setting the type of the feed tensor to a larger type (e.g. int64)."
        )
    try:
        array = np.asarray(value)
        return array if array.dtype == dtype.numpy else array.astype(dtype.numpy)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"Cannot feed {value!r:.200} for Tensor {tensor.name}, which has type {dtype.name} and shape {tensor.shape}: {error}"
        ) from None


def _in_range(value: int, dtype: Any) -> bool:
    low, high = dtype.limits
    return bool(low <= value <= high)
