"""`tf.estimator.train_and_evaluate`: training with evaluations on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphmagic.estimator.estimator import Estimator
from graphmagic.monitored.writing import CheckpointSaverListener

__all__ = ["EvalSpec", "TrainSpec", "train_and_evaluate"]


@dataclass(frozen=True)
class TrainSpec:
    """How `train_and_evaluate` trains.

    Args:
        input_fn: a function that returns features and labels.
        max_steps: the global step to stop at; until the input ends if None.
        hooks: `tf.train.SessionRunHook`s.
        saving_listeners: `tf.train.CheckpointSaverListener`s.

    >>> TrainSpec(lambda: None, max_steps=10).max_steps
    10
    """

    input_fn: Callable[..., Any]
    max_steps: int | None = None
    hooks: Any = ()
    saving_listeners: Any = ()

    def __post_init__(self) -> None:
        if self.max_steps is not None and self.max_steps <= 0:
            raise ValueError(f"Must specify max_steps > 0, given: {self.max_steps}")


@dataclass(frozen=True)
class EvalSpec:
    """How `train_and_evaluate` evaluates.

    Args:
        input_fn: a function that returns features and labels.
        steps: how many batches; until the input ends if None.
        name: the end of the name of the folder for summaries.
        hooks: `tf.train.SessionRunHook`s.
        exporters: must be None.
        start_delay_secs: accepted for old programs.
        throttle_secs: how many seconds from one evaluation to the next, at least.

    >>> EvalSpec(lambda: None).steps
    100
    """

    input_fn: Callable[..., Any]
    steps: int | None = 100
    name: str | None = None
    hooks: Any = ()
    exporters: Any = None
    start_delay_secs: float = 120
    throttle_secs: float = 600

    def __post_init__(self) -> None:
        if self.steps is not None and self.steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {self.steps}")
        if self.exporters:
            raise ValueError("graphmagic does not export models for serving: leave out the exporters.")


class _Evaluate(CheckpointSaverListener):
    """Evaluates after a checkpoint, unless the last time was just before."""

    def __init__(self, evaluate: Callable[[], Any], throttle: float) -> None:
        self._evaluate, self._throttle = evaluate, throttle
        self._last, self._is_first = time.monotonic(), True

    def after_save(self, session: Any, global_step_value: int) -> None:
        """Evaluate; the checkpoint before training says nothing."""
        if self._is_first:
            self._is_first = False
            return
        if time.monotonic() - self._last >= self._throttle:
            self._evaluate()
            self._last = time.monotonic()

    def end(self, session: Any, global_step_value: int) -> None:
        """The last evaluation is made when training is over."""


def train_and_evaluate(
    estimator: Estimator, train_spec: TrainSpec, eval_spec: EvalSpec
) -> tuple[dict[str, Any], list[Any]]:
    """Train, evaluate after checkpoints that are far enough apart, and evaluate at the end.

    Args:
        estimator: what to train.
        train_spec: how to train.
        eval_spec: how to evaluate.

    Returns:
        The metrics at the end, and an empty list.

    >>> import graphmagic as tf, numpy as np
    >>> x = np.linspace(0, 1, 8, dtype=np.float32)
    >>> line = tf.estimator.LinearRegressor([tf.feature_column.numeric_column("x")])
    >>> def data(**options):
    ...     return tf.estimator.inputs.numpy_input_fn({"x": x}, 2 * x + 1, batch_size=8, **options)
    >>> train = tf.estimator.TrainSpec(data(num_epochs=None, shuffle=True), max_steps=500)
    >>> metrics, _ = tf.estimator.train_and_evaluate(line, train, tf.estimator.EvalSpec(data(shuffle=False)))
    >>> print(metrics["global_step"], metrics["average_loss"] < 0.01)
    500 True
    """

    def evaluate() -> dict[str, Any]:
        return estimator.evaluate(eval_spec.input_fn, eval_spec.steps, eval_spec.hooks, name=eval_spec.name)

    listener = _Evaluate(evaluate, eval_spec.throttle_secs)
    estimator.train(
        train_spec.input_fn,
        hooks=train_spec.hooks,
        max_steps=train_spec.max_steps,
        saving_listeners=[*train_spec.saving_listeners, listener],
    )
    return evaluate(), []
