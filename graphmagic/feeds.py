"""Reading what a caller feeds to a run: which tensors, and arrays of their type and shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.explain import created_at, with_notes
from graphmagic.graph.graph import Graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.structure import flatten, is_nest

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
    ([array([1., 2.], dtype=float32)], ((2,),))
    """

    def __init__(self, graph: Graph, keys: Any) -> None:
        self.tensors: tuple[Tensor, ...] = tuple(
            [_feedable(graph, part) for key in keys for leaf in flatten(key) for part in _parts(leaf)]
        )
        self._plain = not any(is_nest(key) or hasattr(key, "fetch_parts") for key in keys)
        kinds = [t.dtype.numpy for t in self.tensors]
        # A Python float becomes an array at once where that is what is asked for.
        self._checks = [
            (t, kind, t.shape.ints, kind.hasobject, kind.kind == "f")
            for t, kind in zip(self.tensors, kinds, strict=True)
        ]

    def arrays(self, feed_dict: Mapping[Any, Any]) -> tuple[list[Any], tuple[tuple[int, ...], ...]]:
        """The values as arrays, in the order of `tensors`, and their shapes.

        Raises:
            TypeError: a value has the wrong type, or is a tensor.
            ValueError: a value has the wrong shape.
        """
        values: Iterable[Any] = feed_dict.values()
        if not self._plain:
            values = [leaf for key, value in feed_dict.items() for leaf in _values_for(key, value)]
        arrays, shapes = [], []
        for (tensor, dtype, shape, is_object, is_float), value in zip(self._checks, values, strict=True):
            array = value
            if type(value) is not np.ndarray or value.dtype is not dtype or is_object:
                is_number = is_float and type(value) is float
                array = np.array(value, dtype) if is_number else _as_array(tensor, value)
            actual = array.shape
            if shape != actual and shape is not None and not _fits(shape, actual):
                raise with_notes(
                    ValueError(
                        f"Cannot feed value of shape {actual} for Tensor {tensor.name}, "
                        f"which has shape {tensor.shape}"
                    ),
                    created_at(tensor.op),
                    "To fix it: give the data that shape, for instance with np.reshape; ? stands for any size.",
                )
            arrays.append(array)
            shapes.append(actual)
        return arrays, tuple(shapes)


def _parts(leaf: Any) -> list[Any]:
    """The tensors to feed for a key that is no nest: several for a composite, such as a sparse tensor."""
    return leaf.fetch_parts() if hasattr(leaf, "fetch_parts") else [leaf]


def _values_for(key: Any, value: Any) -> list[Any]:
    """The values for the tensors of a key, which may be a tuple of tensors, or a composite.

    Raises:
        ValueError: there are more or fewer values than tensors.
    """
    if hasattr(key, "fetch_parts"):
        return _values_for(key.fetch_parts(), value)
    if not is_nest(key):
        return [value]
    if not isinstance(value, (list, tuple)) or len(value) != len(key):
        raise ValueError(
            f"Could not flatten dictionary. Key had {len(key)} elements, but value had "
            f"{len(value) if is_nest(value) else 1} elements. Key: {key}, value: {value}."
        )
    return [leaf for k, v in zip(key, value, strict=True) for leaf in _values_for(k, v)]


def _fits(static: tuple[int | None, ...], actual: tuple[int, ...]) -> bool:
    return len(static) == len(actual) and all(
        s is None or s == a for s, a in zip(static, actual, strict=True)
    )


def _feedable(graph: Graph, key: Any) -> Tensor:
    try:
        tensor: Tensor = graph.as_graph_element(key, allow_tensor=True, allow_operation=False)
    except (TypeError, ValueError, KeyError) as error:
        text = error.args[0] if isinstance(error, KeyError) else error
        raise with_notes(
            TypeError(f"Cannot interpret feed_dict key as Tensor: {text}"),
            *getattr(error, "__notes__", ()),
            "To fix it: the keys of feed_dict are tensors, such as the placeholder itself, or names such as 'x:0'.",
        ) from None
    if not graph.is_feedable(tensor):
        raise ValueError(f"Tensor {tensor.name} may not be fed.")
    return tensor


def _as_array(tensor: Tensor, value: Any) -> np.ndarray[Any, Any]:
    if isinstance(value, Tensor):
        raise with_notes(
            TypeError(
                "The value of a feed cannot be a tf.Tensor object. Acceptable feed values include Python scalars, "
                "strings, lists, numpy ndarrays, or TensorHandles. For reference, the tensor object was "
                f"{value} which was passed to the argument `feed_dict` with key {tensor}."
            ),
            created_at(value.op),
            "To fix it: compute it first, with sess.run, or build the graph on it instead of on a placeholder.",
        )
    dtype = tensor.dtype.base_dtype
    if dtype is dtypes.string:
        return _as_strings(tensor, value)
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and dtype.is_integer
        and not _in_range(value, dtype)
    ):
        raise TypeError(
            f"Type of feed value {value} with type {type(value)} is not compatible with Tensor type "
            f"{dtype.as_numpy_dtype}. "
            "Try explicitly setting the type of the feed tensor to a larger type (e.g. int64)."
        )
    try:
        array = np.asarray(value, dtype.numpy if isinstance(value, str) else None)
        return array if array.dtype == dtype.numpy else array.astype(dtype.numpy)
    except (TypeError, ValueError) as error:
        fed = f"It was fed for Tensor {tensor.name}, which has type {dtype.name} and shape {tensor.shape}: {value!r:.200}"
        raise with_notes(type(error)(str(error)), fed, created_at(tensor.op)) from None


def _as_strings(tensor: Tensor, value: Any) -> np.ndarray[Any, Any]:
    array = np.array(value, dtype=object)
    for item in array.ravel():
        if not isinstance(item, (str, bytes)):
            raise with_notes(
                TypeError(
                    f"Type of feed value {item!r:.200} with type {type(item)} is not compatible with Tensor type "
                    f"{object}. Try explicitly setting the type of the feed tensor to a larger type (e.g. int64)."
                ),
                created_at(tensor.op),
                f"To fix it: {tensor.name} has type string: feed str or bytes.",
            )
    return array


def _in_range(value: int, dtype: Any) -> bool:
    low, high = dtype.limits
    return bool(low <= value <= high)
