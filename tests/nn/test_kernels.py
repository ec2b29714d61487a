"""Convolution and pooling in NumPy agree with their definitions for all geometries."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import graphmagic as tf
from graphmagic.nn.convolve import convolve, filter_gradient, input_gradient
from graphmagic.nn.pool_kernels import average, average_gradient, maximum, maximum_gradient
from graphmagic.nn.windows import Windows, windows

PROFILE = settings(deadline=None, derandomize=True, max_examples=150, database=None)
Array = np.ndarray[Any, Any]


@st.composite
def geometries(draw: Any, dilated: bool) -> Windows:
    count = draw(st.integers(1, 3))

    def numbers(low: int, high: int) -> list[int]:
        return draw(st.lists(st.integers(low, high), min_size=count, max_size=count))

    kernel, strides = numbers(1, 3), numbers(1, 4)
    dilations = numbers(1, 2) if dilated else [1] * count
    inputs = [max(n, (k - 1) * d + 1) for n, k, d in zip(numbers(3, 7), kernel, dilations, strict=True)]
    padding = draw(st.sampled_from(["SAME", "VALID", "EXPLICIT"] if dilated else ["SAME", "VALID"]))
    pads = list(zip(numbers(0, 3), numbers(0, 3), strict=True))
    return windows(inputs, kernel, strides, dilations, padding, pads)


def numbers(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def by_definition(x: Array, filters: Array, win: Windows) -> Array:
    padded = np.pad(x, [(0, 0), *win.pads, (0, 0)])
    out = np.zeros((len(x), *win.outputs, filters.shape[-1]))
    groups = x.shape[-1] // filters.shape[-2]
    for place in np.ndindex(win.outputs):
        for tap in np.ndindex(win.kernel):
            where = [p * s + t * d for p, s, t, d in zip(place, win.strides, tap, win.dilations, strict=True)]
            met = np.split(padded[(slice(None), *where)], groups, -1)
            parts = [m @ f for m, f in zip(met, np.split(filters[tap], groups, -1), strict=True)]
            out[(slice(None), *place)] += np.concatenate(parts, -1)
    return out


@PROFILE
@given(geometries(dilated=True), st.sampled_from([1, 2, 9, 20]), st.sampled_from([1, 2]), st.integers(1, 3))
def test_convolution_and_its_gradients(win: Windows, depth: int, groups: int, width: int) -> None:
    x, filters = numbers(3, *win.inputs, depth * groups), numbers(*win.kernel, depth, width * groups, seed=1)
    y = convolve(x, filters, win)
    dy = numbers(*y.shape, seed=2)
    dx, dw = input_gradient(dy, filters, depth * groups, win), filter_gradient(x, dy, depth, win)

    np.testing.assert_allclose(y, by_definition(x, filters, win), atol=1e-11)
    # convolution is linear in both, so its gradients are its transposes
    assert dx.shape == x.shape
    assert dw.shape == filters.shape
    np.testing.assert_allclose((dx * x).sum(), (dy * y).sum(), atol=1e-9)
    np.testing.assert_allclose((dw * filters).sum(), (dy * y).sum(), atol=1e-9)
    other_x, other_filters = numbers(*x.shape, seed=3), numbers(*filters.shape, seed=4)
    np.testing.assert_allclose(
        (dx * other_x).sum(), (dy * by_definition(other_x, filters, win)).sum(), atol=1e-9
    )
    np.testing.assert_allclose(
        (dw * other_filters).sum(), (dy * by_definition(x, other_filters, win)).sum(), atol=1e-9
    )


def test_large_products_are_cut_into_pieces() -> None:
    win = windows([30, 28], [3, 3], [1, 1], [1, 1], "SAME")
    x, filters = numbers(5, 30, 28, 32), numbers(3, 3, 32, 40, seed=1)

    np.testing.assert_allclose(convolve(x, filters, win), by_definition(x, filters, win), atol=1e-10)


@PROFILE
@given(geometries(dilated=False))
def test_pooling_and_its_gradients(win: Windows) -> None:
    x = np.random.default_rng(0).integers(0, 5, (2, *win.inputs, 3)).astype(float)  # with ties
    padded = np.pad(x, [(0, 0), *win.pads, (0, 0)], constant_values=np.nan)
    top, mean = maximum(x, win), average(x, win)
    dy = numbers(*top.shape)
    to_top, to_mean = np.zeros(padded.shape), np.zeros(padded.shape)

    for place in np.ndindex(top.shape):
        starts = zip(place[1:-1], win.strides, win.kernel, strict=True)
        where = (place[0], *[slice(p * s, p * s + k) for p, s, k in starts], place[-1])
        window = padded[where]
        assert top[place] == np.nanmax(window)
        assert np.isclose(mean[place], np.nanmean(window))
        to_top[where][np.unravel_index(np.nanargmax(window), window.shape)] += dy[place]
        to_mean[where] += dy[place] / np.count_nonzero(~np.isnan(window))

    inside = (slice(None), *[slice(a, a + n) for n, (a, _) in zip(win.inputs, win.pads, strict=True)])
    np.testing.assert_allclose(maximum_gradient(x, top, dy, win), to_top[inside], atol=1e-12)
    np.testing.assert_allclose(average_gradient(dy, win), to_mean[inside], atol=1e-12)


def test_softmax_cross_entropy_takes_labels_of_another_rank():
    logits = tf.placeholder(tf.float32, [None, 7])
    losses = [
        tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits)
        for labels in ([tf.ones_like(logits)], tf.ones_like(logits))
    ]
    assert losses[0].shape.as_list() == [None]
    with tf.Session() as sess:
        first, second = sess.run(losses, {logits: np.arange(21.0).reshape(3, 7)})
    np.testing.assert_array_equal(first, second)
