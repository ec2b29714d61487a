"""Random layers of images: convolutions, biases, relus and poolings, and their gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import graphmagic as tf
from fuzzing.flows import clipped

if TYPE_CHECKING:
    from fuzzing.graphs import RandomGraph

__all__ = ["add_images"]

PAIRS = [(1, 1)] * 6 + [(2, 2), (1, 2)]


def add_images(graph: RandomGraph) -> None:
    """One or two layers, some of what they compute kept for other operations."""
    random = graph.random
    depth = random.choice([1, 2, 17])
    images = _picked(
        graph, [random.choice([1, 3, 5]), random.choice([4, 6]), random.choice([4, 4, 6, 7]), depth]
    )
    if images is None:
        return
    sources, values = [images], []
    value = images
    for _ in range(random.choice([1, 1, 2])):
        made = _layer(graph, value)
        if made is None:
            return
        value = clipped(made[0])
        sources += made[1]
        values += made[2]
    weights = clipped(tf.constant(graph._array(value.shape.as_list(), np.float32)))
    grads = tf.gradients(tf.reduce_sum(value * weights), sources)
    kept = [value, *[clipped(g) for g in grads if g is not None]]
    if random.random() < 0.3:  # what a chain computes on its way is used elsewhere too
        kept.append(clipped(random.choice(values)))
    for tensor in kept:
        graph._keep(tensor, 3)


def _picked(graph: RandomGraph, shape: list[int]) -> Any:
    """Elements of some value, in a shape."""
    value = graph._pick(lambda t: t.dtype is tf.float32)
    if value is None:
        return None
    count = value.shape.num_elements()
    places = graph.numbers.integers(0, count, shape).astype(np.int32)
    return clipped(tf.gather(tf.reshape(value, [count]), places))


def _layer(graph: RandomGraph, x: Any) -> tuple[Any, list[Any], list[Any]] | None:
    """What a layer gives, what it may be differentiated for, and what it computes on its way."""
    random, depth = graph.random, x.shape.as_list()[3]
    filters = _picked(
        graph, [random.choice([1, 2, 3]), random.choice([1, 3]), depth, random.choice([1, 3, 4])]
    )
    if filters is None:
        return None
    strides, gaps = random.choice(PAIRS), random.choice(PAIRS)
    padding = "SAME" if min(x.shape.as_list()[1:3]) < 6 else random.choice(["SAME", "VALID"])
    y = tf.nn.conv2d(x, filters, [1, *strides, 1], padding, dilations=[1, *gaps, 1])
    y = clipped(y) if random.random() < 0.2 else y
    sources, values = [filters], [y]
    if random.random() < 0.6:
        bias = _picked(graph, [y.shape.as_list()[3]])
        y = tf.nn.bias_add(y, bias) if random.random() < 0.5 else y + bias
        sources.append(bias)
        values.append(y)
    if random.random() < 0.9:
        y = tf.nn.relu(y)
        values.append(y)
    if random.random() < 0.7 and min(y.shape.as_list()[1:3]) > 1:
        window = random.choice([[1, 2, 2, 1]] * 3 + [[1, 3, 2, 1]])
        padding = random.choice(["SAME", "VALID"]) if min(y.shape.as_list()[1:3]) > 3 else "SAME"
        y = tf.nn.max_pool(y, window, [1, 2, 2, 1], padding)
        values.append(y)
    return y, sources, values
