"""Hooks that tell how training is going: values of tensors, steps per second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graphmagic import logging
from graphmagic.monitored.hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from graphmagic.monitored.stopping import element
from graphmagic.monitored.timer import NeverTriggerTimer, SecondOrStepTimer
from graphmagic.monitored.writing import number_summary, writer_of
from graphmagic.train.global_step import get_global_step
from graphmagic.train.global_step_read import global_step_read

__all__ = ["LoggingTensorHook", "StepCounterHook"]


class LoggingTensorHook(SessionRunHook):
    """Logs the values of tensors, every so often, with `tf.logging.info`.

    Args:
        tensors: a dictionary from tags to tensors or their names, or a list of them.
        every_n_iter: how many runs from one time to the next.
        every_n_secs: how many seconds.
        at_end: also at the end.
        formatter: a function from a dictionary of values to a text.

    Raises:
        ValueError: not exactly one of `every_n_iter` and `every_n_secs` is given, unless `at_end` is True.

    >>> import graphmagic as tf
    >>> loss = tf.constant(0.5, name="loss")
    >>> texts = []
    >>> hook = LoggingTensorHook({"loss": loss}, every_n_iter=2, formatter=lambda v: texts.append(v["loss"]) or "")
    >>> with tf.train.SingularMonitoredSession([hook]) as sess:
    ...     _ = [sess.run(loss) for _ in range(4)]
    >>> texts
    [np.float32(0.5), np.float32(0.5)]
    """

    def __init__(
        self,
        tensors: Any,
        every_n_iter: int | None = None,
        every_n_secs: float | None = None,
        at_end: bool = False,
        formatter: Callable[[dict[str, Any]], str] | None = None,
    ) -> None:
        only_at_end = at_end and every_n_iter is None and every_n_secs is None
        if not only_at_end and (every_n_iter is None) == (every_n_secs is None):
            raise ValueError(
                "either at_end and/or exactly one of every_n_iter and every_n_secs must be provided."
            )
        if every_n_iter is not None and every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        self._tensors = dict(tensors) if hasattr(tensors, "keys") else {item: item for item in tensors}
        self._formatter, self._at_end = formatter, at_end
        self._timer = NeverTriggerTimer() if only_at_end else SecondOrStepTimer(every_n_secs, every_n_iter)

    def begin(self) -> None:
        """Find the tensors."""
        self._timer.reset()
        self._count = 0
        self._found = {tag: element(tensor) for tag, tensor in self._tensors.items()}

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs | None:
        """Ask for the tensors, if it is time."""
        self._is_time = self._timer.should_trigger_for_step(self._count)
        return SessionRunArgs(self._found) if self._is_time else None

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Log them."""
        if self._is_time:
            self._log(run_values.results)
        self._count += 1

    def end(self, session: Any) -> None:
        """Log them once more, if that was asked for."""
        if self._at_end:
            self._log(session.run(self._found))

    def _log(self, values: dict[str, Any]) -> None:
        seconds, _ = self._timer.update_last_triggered_step(self._count)
        with np.printoptions(suppress=True):
            if self._formatter is not None:
                logging.info(self._formatter(values))
                return
            text = ", ".join(f"{tag} = {values[tag]}" for tag in self._found)
        if seconds is None:
            logging.info("%s", text)
        else:
            logging.info("%s (%.3f sec)", text, seconds)


class StepCounterHook(SessionRunHook):
    """Logs how many steps are taken per second, and writes it as a summary.

    Args:
        every_n_steps: how many steps from one time to the next.
        every_n_secs: how many seconds.
        output_dir: the folder for the summary.
        summary_writer: what writes it.

    >>> import graphmagic as tf
    >>> count = tf.assign_add(tf.train.create_global_step(), 1)
    >>> with tf.train.SingularMonitoredSession([StepCounterHook(every_n_steps=10)]) as sess:
    ...     sess.run(count)
    np.int64(1)
    """

    def __init__(
        self,
        every_n_steps: int | None = 100,
        every_n_secs: float | None = None,
        output_dir: str | None = None,
        summary_writer: Any = None,
    ) -> None:
        if (every_n_steps is None) == (every_n_secs is None):
            raise ValueError("exactly one of every_n_steps and every_n_secs should be provided.")
        self._timer = SecondOrStepTimer(every_n_secs, every_n_steps)
        self._writer, self._folder = summary_writer, output_dir
        self._last: Any = None

    def begin(self) -> None:
        """Find the global step."""
        self._step = global_step_read()
        if self._step is None:
            raise RuntimeError("Global step should be created to use StepCounterHook.")
        self._tag = f"{get_global_step().op.name}/sec"
        if self._writer is None and self._folder:
            self._writer = writer_of(self._folder)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Ask for the global step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Log, if it is time."""
        before = run_values.results
        if self._timer.should_trigger_for_step(before + 1):
            step = run_context.session.run(self._step)
            if self._timer.should_trigger_for_step(step):
                seconds, steps = self._timer.update_last_triggered_step(step)
                if seconds is not None and steps is not None:
                    self._note(steps / seconds, step)
        if before == self._last:
            logging.log_first_n(
                logging.WARN,
                "It seems that global step (tf.train.get_global_step) has not been increased. Current value (could be "
                "stable): %s vs previous value: %s. You could increase the global step by passing "
                "tf.train.get_global_step() to Optimizer.apply_gradients or Optimizer.minimize.",
                5,
                before,
                self._last,
            )
        self._last = before

    def _note(self, rate: float, step: int) -> None:
        if self._writer is not None:
            self._writer.add_summary(number_summary(self._tag, rate), step)
        logging.info("%s: %g", self._tag, rate)
