"""Hooks that end training, watch the loss, feed, wait, or compute something at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from graphmagic import logging
from graphmagic.graph.graph import get_default_graph
from graphmagic.monitored.hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from graphmagic.train.global_step import get_global_step
from graphmagic.train.global_step_read import global_step_read

__all__ = [
    "FeedFnHook",
    "FinalOpsHook",
    "GlobalStepWaiterHook",
    "NanLossDuringTrainingError",
    "NanTensorHook",
    "StopAtStepHook",
    "element",
]


def element(obj: Any) -> Any:
    """A tensor, operation or variable of the default graph, also by its name; `ValueError` if it is of another one."""
    graph = get_default_graph()
    if isinstance(obj, str) or hasattr(obj, "graph"):
        if getattr(obj, "graph", graph) is not graph:
            raise ValueError(
                f"Passed {obj} should have graph attribute that is equal to current graph {graph}."
            )
        return graph.as_graph_element(obj)
    return obj


class StopAtStepHook(SessionRunHook):
    """Ends training after a number of steps.

    Args:
        num_steps: how many steps from the one that training starts with.
        last_step: the global step to stop at.

    Raises:
        ValueError: both are given, or none is.

    >>> import graphmagic as tf
    >>> step = tf.train.create_global_step()
    >>> count = tf.assign_add(step, 1)
    >>> with tf.train.MonitoredSession(hooks=[StopAtStepHook(last_step=3)]) as sess:
    ...     while not sess.should_stop():
    ...         last = sess.run(count)
    >>> last
    np.int64(3)
    """

    def __init__(self, num_steps: int | None = None, last_step: int | None = None) -> None:
        if num_steps is None and last_step is None:
            raise ValueError("One of num_steps or last_step must be specified.")
        if num_steps is not None and last_step is not None:
            raise ValueError("Only one of num_steps or last_step can be specified.")
        self._count, self._last = num_steps, last_step

    def begin(self) -> None:
        """Find the global step."""
        self._step = get_global_step()
        if self._step is None:
            raise RuntimeError("Global step should be created to use StopAtStepHook.")

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Find out at which step to stop."""
        if self._last is None:
            self._last = int(session.run(self._step)) + int(self._count or 0)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Ask for the global step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Ask for an end, if this was the last step."""
        last = int(self._last or 0)
        # What another hook or a concurrent run does to the step is only seen by a run of its own.
        if run_values.results + 1 >= last and run_context.session.run(self._step) >= last:
            run_context.request_stop()


class NanLossDuringTrainingError(RuntimeError):
    """The loss is not a number; see `NanTensorHook`.

    >>> str(NanLossDuringTrainingError())
    'NaN loss during training.'
    """

    def __str__(self) -> str:
        return "NaN loss during training."


class NanTensorHook(SessionRunHook):
    """Ends training when the loss is not a number.

    Args:
        loss_tensor: the loss.
        fail_on_nan_loss: whether that is an error.

    >>> import graphmagic as tf
    >>> loss = tf.log(tf.constant(-1.0))
    >>> with tf.train.SingularMonitoredSession([NanTensorHook(loss)]) as sess:
    ...     sess.run(loss)
    Traceback (most recent call last):
    graphmagic.monitored.stopping.NanLossDuringTrainingError: NaN loss during training.
    """

    def __init__(self, loss_tensor: Any, fail_on_nan_loss: bool = True) -> None:
        self._loss, self._fail = loss_tensor, fail_on_nan_loss

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Ask for the loss."""
        return SessionRunArgs(self._loss)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Fail, or ask for an end, if it is not a number.

        Raises:
            NanLossDuringTrainingError: it is not.
        """
        if not np.isnan(run_values.results):
            return
        if self._fail:
            logging.error("Model diverged with loss = NaN.")
            raise NanLossDuringTrainingError
        logging.warning("Model diverged with loss = NaN.")
        run_context.request_stop()


class FinalOpsHook(SessionRunHook):
    """Computes something at the end.

    Args:
        final_ops: what, as for `tf.Session.run`.
        final_ops_feed_dict: what to feed.

    >>> import graphmagic as tf
    >>> six = tf.constant(6)
    >>> hook = FinalOpsHook(six)
    >>> with tf.train.SingularMonitoredSession([hook]) as sess:
    ...     pass
    >>> hook.final_ops_values
    np.int32(6)
    """

    def __init__(self, final_ops: Any, final_ops_feed_dict: Any = None) -> None:
        self._fetches, self._feeds, self._values = final_ops, final_ops_feed_dict, None

    @property
    def final_ops_values(self) -> Any:
        """The values, None before the end."""
        return self._values

    def end(self, session: Any) -> None:
        """Compute."""
        if self._fetches is not None:
            self._values = session.run(self._fetches, feed_dict=self._feeds)


class FeedFnHook(SessionRunHook):
    """Feeds what a function returns, in every run.

    Args:
        feed_fn: a function without arguments that returns a dictionary for `tf.Session.run`.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32)
    >>> with tf.train.SingularMonitoredSession([FeedFnHook(lambda: {x: 2.0})]) as sess:
    ...     sess.run(x)
    array(2., dtype=float32)
    """

    def __init__(self, feed_fn: Callable[[], Any]) -> None:
        self.feed_fn = feed_fn

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Feed what the function returns."""
        return SessionRunArgs(fetches=None, feed_dict=self.feed_fn())


class GlobalStepWaiterHook(SessionRunHook):
    """Waits until the global step, which others count, is far enough.

    Args:
        wait_until_step: how far.

    >>> GlobalStepWaiterHook(10).before_run is not None
    True
    """

    def __init__(self, wait_until_step: int) -> None:
        self._wait_until = wait_until_step

    def begin(self) -> None:
        """Find the global step."""
        self._ready = False
        self._step = global_step_read()
        if self._step is None:
            raise RuntimeError("Global step should be created to use _GlobalStepWaiterHook.")

    def before_run(self, run_context: SessionRunContext) -> None:
        """Wait, the first time."""
        logged = 0
        while not self._ready and self._wait_until > 0:
            current = int(run_context.session.run(self._step))
            if current >= self._wait_until:
                break
            if current - logged > 1000:
                logging.info(
                    "Waiting for global step %d before starting training. Current step is %d.",
                    self._wait_until,
                    current,
                )
                logged = current
            time.sleep(0.5)
        self._ready = True
