"""Uses of metrics at k, at thresholds and per class, and what two runs of each give, with any module like TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["FILE", "results"]

FILE = Path(__file__).resolve().parents[1] / "oracle" / "metrics.json"
_random = np.random.RandomState(0)
LABELS = _random.randint(0, 2, 12)
GUESSES = np.round(_random.rand(12), 3).astype("f")
WEIGHTS = np.round(_random.rand(12), 2).astype("f")
CLASSES, OTHERS = _random.randint(0, 4, (2, 12))
SCORES = np.round(_random.rand(6, 5), 3).astype("f")
SEVERAL, SINGLE = _random.randint(0, 5, (6, 2)), _random.randint(0, 5, 6)
AT = [0.0, 0.3, 0.6, 1.0]
COUNTS = ("true_positives", "false_positives", "true_negatives", "false_negatives", "precision", "recall")


def uses(tf: Any) -> Iterator[tuple[str, Any]]:
    metrics = tf.metrics
    for weights, mark in ((None, ""), (WEIGHTS, " weighted")):
        for name in COUNTS:
            function = getattr(metrics, f"{name}_at_thresholds")
            yield f"{name}{mark}", lambda f=function, w=weights: f(LABELS, GUESSES, AT, weights=w)
        for at in (0.0, 0.3, 0.7, 1.0):
            for name in ("sensitivity_at_specificity", "specificity_at_sensitivity"):
                function = getattr(metrics, name)
                yield (
                    f"{name} {at}{mark}",
                    lambda f=function, v=at, w=weights: f(LABELS, GUESSES, v, weights=w),
                )
        for name in ("mean_iou", "mean_per_class_accuracy"):
            function = getattr(metrics, name)
            fixed = [tf.constant(v) for v in (CLASSES, OTHERS)]
            given = None if weights is None else tf.constant(weights)
            yield f"{name}{mark}", lambda f=function, a=fixed, w=given: f(*a, 5, weights=w)
        for k in (1, 2, 4):
            yield from _at_k(metrics, k, None if weights is None else weights[:6], mark)


def _at_k(metrics: Any, k: int, weights: Any, mark: str) -> Iterator[tuple[str, Any]]:
    for labels, kind in ((SEVERAL, "several"), (SINGLE, "single")):
        for name in ("recall_at_k", "precision_at_k", "average_precision_at_k"):
            for chosen in (None, 2) if name != "average_precision_at_k" else (None,):
                extra = {} if chosen is None else {"class_id": chosen}
                function = getattr(metrics, name)
                yield (
                    f"{name} {k} {kind} {chosen}{mark}",
                    lambda f=function, y=labels, e=extra: f(y, SCORES, k, weights=weights, **e),
                )


def results(tf: Any) -> dict[str, Any]:
    """By use: the update of the second run, the value after it, the type, the names of the variables."""
    found = {}
    with tf.Graph().as_default():
        names = [name for name, _ in uses(tf)]
    for name in names:
        with tf.Graph().as_default(), tf.Session() as session:
            value, update = dict(uses(tf))[name]()
            session.run(tf.local_variables_initializer())
            session.run(update)
            numbers = [np.asarray(session.run(t), np.float64).tolist() for t in (update, value)]
            variables = [] if "_at_k" in name else sorted(v.name for v in tf.local_variables())
            found[name] = [*numbers, value.dtype.name, variables]
    return found
