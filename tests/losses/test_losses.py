"""Losses: values, weights, reductions, the collection they join, and mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import graphmagic as tf

LABELS = np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 2.0]], np.float32)
GUESSES = np.array([[1.5, 0.0, 0.5], [1.0, -1.0, 5.0]], np.float32)
WEIGHTS = np.array([[2.0], [0.0]], np.float32)
LOGITS = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 5.0]], np.float32)
SQUARES = (LABELS - GUESSES) ** 2


@pytest.fixture(autouse=True)
def graph() -> Iterator[Any]:
    with tf.Graph().as_default() as graph:
        yield graph


def run(tensor: Any, feeds: Any = None) -> Any:
    with tf.Session() as session:
        return session.run(tensor, feeds)


@pytest.mark.parametrize(
    ("reduction", "expected"),
    [
        (tf.losses.Reduction.NONE, SQUARES * WEIGHTS),
        (tf.losses.Reduction.SUM, (SQUARES * WEIGHTS).sum()),
        (tf.losses.Reduction.MEAN, (SQUARES * WEIGHTS).sum() / 6),
        (tf.losses.Reduction.SUM_OVER_BATCH_SIZE, (SQUARES * WEIGHTS).sum() / 6),
        (tf.losses.Reduction.SUM_BY_NONZERO_WEIGHTS, (SQUARES * WEIGHTS).sum() / 3),
    ],
)
def test_reductions(reduction: str, expected: Any) -> None:
    loss = tf.losses.mean_squared_error(LABELS, GUESSES, WEIGHTS, reduction=reduction)

    np.testing.assert_allclose(run(loss), expected, rtol=1e-6)


def test_weights_of_zero_give_zero_not_nan() -> None:
    assert run(tf.losses.mean_squared_error(LABELS, GUESSES, 0.0)) == 0.0


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (tf.losses.mean_squared_error, SQUARES.mean()),
        (tf.losses.absolute_difference, np.abs(LABELS - GUESSES).mean()),
        (tf.losses.huber_loss, (0.125 + 1.5 + 0 + 0.5 + 0 + 2.5) / 6),
    ],
)
def test_regression_losses(function: Any, expected: float) -> None:
    assert run(function(LABELS, GUESSES)) == pytest.approx(expected)


def log_softmax(x: Any) -> Any:
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def test_cross_entropies() -> None:
    expected = -log_softmax(LOGITS)[[0, 1], [2, 0]].mean()
    onehot = np.eye(3, dtype=np.float32)[[2, 0]]

    assert run(tf.losses.softmax_cross_entropy(onehot, LOGITS)) == pytest.approx(expected, rel=1e-5)
    assert run(tf.losses.sparse_softmax_cross_entropy([2, 0], LOGITS)) == pytest.approx(expected, rel=1e-5)
    assert run(tf.losses.sparse_softmax_cross_entropy([[2], [0]], LOGITS)) == pytest.approx(
        expected, rel=1e-5
    )


def test_label_smoothing() -> None:
    onehot = np.eye(3, dtype=np.float32)[[2, 0]]
    expected = -(log_softmax(LOGITS) * (0.7 * onehot + 0.1)).sum(-1).mean()

    assert run(tf.losses.softmax_cross_entropy(onehot, LOGITS, label_smoothing=0.3)) == pytest.approx(
        expected, rel=1e-5
    )


def test_losses_are_collected_and_added_up() -> None:
    first = tf.losses.mean_squared_error(LABELS, GUESSES)
    second = tf.losses.absolute_difference(LABELS, GUESSES)
    tf.losses.absolute_difference(LABELS, GUESSES, loss_collection=None)
    tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, tf.constant(3.0))

    assert tf.losses.get_losses() == [first, second]
    assert [t.name for t in tf.losses.get_losses()] == [
        "mean_squared_error/value:0",
        "absolute_difference/value:0",
    ]
    assert run(tf.losses.get_total_loss() - first - second) == pytest.approx(3.0)
    assert run(tf.losses.get_regularization_loss()) == 3.0


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: tf.losses.mean_squared_error(None, GUESSES), "Argument `labels` must not be None."),
        (lambda: tf.losses.mean_squared_error(LABELS, None), "Argument `predictions` must not be None."),
        (
            lambda: tf.losses.mean_squared_error(LABELS, GUESSES[:, :2]),
            "Shapes (2, 2) and (2, 3) are incompatible",
        ),
        (lambda: tf.losses.mean_squared_error(LABELS, GUESSES, [1.0, 2.0]), "values.rank=2. weights.rank=1."),
        (lambda: tf.losses.mean_squared_error(LABELS, GUESSES, [[1.0, 2.0]]), "Mismatch at dim 1."),
        (
            lambda: tf.losses.mean_squared_error(LABELS, GUESSES, reduction="all"),
            "Invalid Reduction Key all.",
        ),
        (lambda: tf.losses.cosine_distance(LABELS, GUESSES), "You must specify argument `axis`."),
    ],
)
def test_mistakes(build: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        build()

    assert message in str(caught.value)


@pytest.mark.parametrize("weights", [np.ones((2, 2), np.float32), np.ones(3, np.float32)])
def test_weights_that_only_numpy_would_broadcast_fail_when_run(weights: Any) -> None:
    fed = tf.placeholder(tf.float32)
    loss = tf.losses.mean_squared_error(LABELS, GUESSES, fed)

    with pytest.raises(tf.errors.InvalidArgumentError, match="weights can not be broadcast to values"):
        run(loss, {fed: weights})
    assert run(loss, {fed: 2.0}) == pytest.approx(2 * SQUARES.mean())
    assert run(loss, {fed: WEIGHTS}) == pytest.approx((SQUARES * WEIGHTS).sum() / 3)
