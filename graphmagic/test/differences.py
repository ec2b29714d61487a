"""Derivatives against differences."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.backward import gradients
from graphmagic.graph.stack import default_sessions
from graphmagic.ops.placeholder import placeholder

__all__ = ["compute_gradient", "compute_gradient_error"]


def compute_gradient(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Any = None,
    extra_feed_dict: Any = None,
) -> Any:
    """The derivatives of y with respect to x, by the graph and by differences, in the default session.

    Args:
        x: a tensor or a list of tensors.
        x_shape: its shape, or a list of shapes.
        y: a tensor.
        y_shape: its shape.
        x_init_value: where to differentiate; random if None.
        delta: the step of the differences.
        init_targets: operations to run before.
        extra_feed_dict: more values to feed.

    Returns:
        Two arrays of shape ``[elements of x, elements of y]``; for a list of x a list of such pairs.

    Raises:
        ValueError: there is no default session.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float64, [2])
    >>> with tf.Session():
    ...     by_graph, by_differences = compute_gradient(x, [2], x * x, [2], [1.0, 3.0])
    >>> by_graph.round(3).tolist(), by_differences.round(3).tolist()
    ([[2.0, 0.0], [0.0, 6.0]], [[2.0, 0.0], [0.0, 6.0]])
    """
    session = default_sessions.top()
    if session is None:
        raise ValueError("compute_gradient needs a default session: use it inside `with tf.Session():`.")
    several = isinstance(x, (list, tuple))
    xs, shapes = (list(x), list(x_shape)) if several else ([x], [x_shape])
    starts = list(x_init_value) if several and x_init_value is not None else [x_init_value] * len(xs)
    checker = _Checker(session, xs, shapes, starts, y, y_shape, extra_feed_dict)
    if init_targets is not None:
        for target in init_targets if isinstance(init_targets, (list, tuple)) else [init_targets]:
            checker.session.run(target)
    pairs = [(checker.theoretical(i), checker.numeric(i, delta)) for i in range(len(xs))]
    return pairs if several else pairs[0]


class _Checker:
    """One comparison of derivatives."""

    def __init__(
        self,
        session: Any,
        xs: list[Any],
        shapes: list[Any],
        starts: list[Any],
        y: Any,
        y_shape: Any,
        extra: Any,
    ) -> None:
        self.session = session
        self.xs = xs
        self.y = y
        self.y_shape = tuple(y_shape)
        self.y_size = int(np.prod(y_shape))
        rng = np.random.default_rng(0)
        self.values = [
            np.array(
                rng.random(shape) if start is None else start, x.dtype.base_dtype.as_numpy_dtype
            ).reshape(shape)
            for x, shape, start in zip(xs, shapes, starts, strict=True)
        ]
        self.extra = dict(extra or {})
        self.dy = placeholder(y.dtype.base_dtype, y_shape, name="dy")
        self.dxs = gradients(y, xs, self.dy)

    def feed(self) -> dict[Any, Any]:
        return {**self.extra, **dict(zip(self.xs, self.values, strict=True))}

    def theoretical(self, i: int) -> Any:
        value = self.values[i]
        jacobian = np.zeros((value.size, self.y_size), value.dtype)
        if self.dxs[i] is None:
            return jacobian
        for column in range(self.y_size):
            dy = np.zeros(self.y_size, self.y.dtype.base_dtype.as_numpy_dtype)
            dy[column] = 1
            feed = {**self.feed(), self.dy: dy.reshape(self.y_shape)}
            jacobian[:, column] = _dense(self.session.run(self.dxs[i], feed), value).ravel()
        return jacobian

    def numeric(self, i: int, delta: float) -> Any:
        value = self.values[i]
        jacobian = np.zeros((value.size, self.y_size), value.dtype)
        flat = value.reshape(-1)
        for row in range(value.size):
            before = flat[row]
            results = []
            for step in (delta, -delta):
                flat[row] = before + step
                results.append(np.asarray(self.session.run(self.y, self.feed())).ravel())
            flat[row] = before
            jacobian[row] = (results[0] - results[1]) / (2 * delta)
        return jacobian


def _dense(gradient: Any, like: Any) -> Any:
    """The gradient as an array, also where it is a few rows."""
    if not hasattr(gradient, "indices"):
        return np.asarray(gradient)
    dense = np.zeros_like(like)
    np.add.at(dense, gradient.indices, gradient.values)
    return dense


def compute_gradient_error(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Any = None,
    extra_feed_dict: Any = None,
) -> float:
    """The largest difference between the derivatives by the graph and by differences; see `compute_gradient`."""
    pairs = compute_gradient(x, x_shape, y, y_shape, x_init_value, delta, init_targets, extra_feed_dict)
    several = pairs if isinstance(pairs, list) else [pairs]
    return float(max(np.fabs(one - two).max() if one.size else 0.0 for one, two in several))
