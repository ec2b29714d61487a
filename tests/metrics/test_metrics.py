"""Metrics add up over runs, start anew when their variables are initialized, and leave training alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import graphmagic as tf

LABELS = np.array([1, 0, 1, 1, 0, 0], np.int64)
GUESSES = np.array([1, 1, 0, 1, 0, 0], np.int64)
WEIGHTS = np.array([1, 2, 0.5, 1, 1, 3], np.float32)


@pytest.fixture(autouse=True)
def graph() -> Iterator[Any]:
    with tf.Graph().as_default() as graph:
        yield graph


def over_runs(metric: tuple[Any, Any], feeds: list[Any]) -> tuple[list[float], float]:
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        updates = [float(session.run(metric[1], feed)) for feed in feeds]
        return updates, float(session.run(metric[0]))


@pytest.mark.parametrize(
    ("name", "plain", "weighted"),
    [
        ("accuracy", 4 / 6, 6 / 8.5),
        ("true_positives", 2, 2),
        ("false_positives", 1, 2),
        ("true_negatives", 2, 4),
        ("false_negatives", 1, 0.5),
        ("precision", 2 / 3, 2 / 4),
        ("recall", 2 / 3, 2 / 2.5),
    ],
)
def test_counts(name: str, plain: float, weighted: float) -> None:
    function = getattr(tf.metrics, name)

    assert over_runs(function(LABELS, GUESSES), [None])[1] == pytest.approx(plain)
    assert over_runs(function(LABELS, GUESSES, WEIGHTS), [None])[1] == pytest.approx(weighted)


def test_a_metric_adds_up_over_runs() -> None:
    labels, guesses = (tf.placeholder(tf.int64, [None]) for _ in range(2))
    feeds = [{labels: [1, 2], guesses: [1, 2]}, {labels: [1, 2, 3, 4], guesses: [1, 0, 0, 0]}]

    updates, value = over_runs(tf.metrics.accuracy(labels, guesses), feeds)

    assert updates == pytest.approx([1.0, 0.5])
    assert value == pytest.approx(0.5)


def test_variables_are_local_and_named() -> None:
    tf.metrics.accuracy(LABELS, GUESSES)
    tf.metrics.precision(LABELS, GUESSES)

    assert tf.global_variables() == []
    assert [v.name for v in tf.local_variables()] == [
        "accuracy/total:0", "accuracy/count:0", "precision/true_positives/count:0", "precision/false_positives/count:0",
    ]  # fmt: skip
    assert tf.get_collection(tf.GraphKeys.METRIC_VARIABLES) == tf.local_variables()


def test_collections() -> None:
    value, update = tf.metrics.mean([1.0, 2.0], metrics_collections="values", updates_collections=["updates"])

    assert tf.get_collection("values") == [value]
    assert tf.get_collection("updates") == [update]


@pytest.mark.parametrize("method", ["trapezoidal", "minoring", "majoring"])
def test_area_under_the_curve_of_a_perfect_ranking(method: str) -> None:
    scores = np.array([0.9, 0.2, 0.8, 0.7, 0.1, 0.3], np.float32)

    for curve in ("ROC", "PR"):
        metric = tf.metrics.auc(LABELS, scores, curve=curve, summation_method=method)
        assert over_runs(metric, [None])[1] == pytest.approx(1.0, abs=1e-4)


def test_a_metric_without_values_is_zero() -> None:
    values = tf.placeholder(tf.float32, [None])

    assert over_runs(tf.metrics.mean(values), [{values: []}]) == ([0.0], 0.0)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: tf.metrics.auc(LABELS, WEIGHTS, curve="XY"),
            "Curve must be either ROC or PR. Curve XY is unknown.",
        ),
        (lambda: tf.metrics.auc(LABELS, WEIGHTS, summation_method="x"), "Invalid summation_method: x"),
        (lambda: tf.metrics.accuracy(LABELS, GUESSES[:3]), "Shapes (3,) and (6,) are incompatible"),
    ],
)
def test_mistakes(build: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        build()

    assert message in str(caught.value)
