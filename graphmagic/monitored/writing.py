"""Hooks that write: checkpoints and summaries."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from graphmagic import logging, summary
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.messages import MissingExtraError
from graphmagic.interchange.files import write_graph
from graphmagic.monitored.hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from graphmagic.monitored.timer import SecondOrStepTimer
from graphmagic.train.global_step_read import global_step_read

__all__ = [
    "CheckpointSaverHook",
    "CheckpointSaverListener",
    "SummarySaverHook",
    "number_summary",
    "writer_of",
]


def writer_of(folder: str) -> Any:
    """The writer of summaries for a folder; None, with a warning, if the extra for summaries is not installed."""
    try:
        number_summary("tag", 0.0)
    except MissingExtraError as error:
        logging.log_first_n(logging.WARN, "No summaries are written: %s", 1, error)
        return None
    return summary.FileWriterCache.get(folder)


def number_summary(tag: str, value: float) -> Any:
    """A summary of one number."""
    made: Any = summary.Summary()
    made.value.add(tag=tag, simple_value=float(value))
    return made


class CheckpointSaverListener:
    """What wants to be called when `CheckpointSaverHook` saves; subclasses define what they need.

    >>> CheckpointSaverListener().before_save(None, 3)
    """

    def begin(self) -> None:
        """Called once before the session is made."""

    def before_save(self, session: Any, global_step_value: int) -> None:
        """Called before each checkpoint."""

    def after_save(self, session: Any, global_step_value: int) -> Any:
        """Called after each checkpoint; True ends training."""

    def end(self, session: Any, global_step_value: int) -> None:
        """Called at the end."""


class CheckpointSaverHook(SessionRunHook):
    """Saves checkpoints: at the first step, every so often, and at the end.

    Args:
        checkpoint_dir: the folder.
        save_secs: how many seconds from one to the next.
        save_steps: how many steps.
        saver: what saves.
        checkpoint_basename: what the names of the files begin with.
        scaffold: has a saver.
        listeners: each a `CheckpointSaverListener`.
        save_graph_def: whether to write ``graph.pbtxt``.

    Raises:
        ValueError: both `saver` and `scaffold` are given, or not exactly one of `save_secs` and `save_steps`.

    >>> import graphmagic as tf, tempfile
    >>> count = tf.assign_add(tf.train.create_global_step(), 1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with tf.train.MonitoredSession(hooks=[CheckpointSaverHook(folder, save_steps=2)]) as sess:
    ...         _ = [sess.run(count) for _ in range(3)]
    ...     [path.rpartition("/")[2] for path in tf.train.get_checkpoint_state(folder).all_model_checkpoint_paths]
    ['model.ckpt-0', 'model.ckpt-2', 'model.ckpt-3']
    """

    def __init__(
        self,
        checkpoint_dir: str,
        save_secs: float | None = None,
        save_steps: int | None = None,
        saver: Any = None,
        checkpoint_basename: str = "model.ckpt",
        scaffold: Any = None,
        listeners: Sequence[CheckpointSaverListener] | None = None,
        save_graph_def: bool = True,
    ) -> None:
        logging.info("Create CheckpointSaverHook.")
        if saver is not None and scaffold is not None:
            raise ValueError("You cannot provide both saver and scaffold.")
        self._saver, self._scaffold, self._folder = saver, scaffold, os.fspath(checkpoint_dir)
        self._path = os.path.join(self._folder, checkpoint_basename)
        self._timer = SecondOrStepTimer(save_secs, save_steps)
        self._listeners = list(listeners or [])
        self._save_graph = save_graph_def

    def begin(self) -> None:
        """Find the global step."""
        self._writer = writer_of(self._folder)
        self._step = global_step_read()
        if self._step is None:
            raise RuntimeError("Global step should be created to use CheckpointSaverHook.")
        for listener in self._listeners:
            listener.begin()

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Write the graph and the first checkpoint."""
        step = session.run(self._step)
        if self._save_graph:
            write_graph(get_default_graph(), self._folder, "graph.pbtxt")
            if self._writer is not None:
                self._writer.add_graph(get_default_graph())
        self._save(session, step)
        self._timer.update_last_triggered_step(step)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Ask for the global step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Save, if it is time."""
        if not self._timer.should_trigger_for_step(run_values.results + 1):
            return
        step = run_context.session.run(self._step)
        if self._timer.should_trigger_for_step(step):
            self._timer.update_last_triggered_step(step)
            if self._save(run_context.session, step):
                run_context.request_stop()

    def end(self, session: Any) -> None:
        """Save once more."""
        step = session.run(self._step)
        if step != self._timer.last_triggered_step():
            self._save(session, step)
        for listener in self._listeners:
            listener.end(session, step)

    def _save(self, session: Any, step: int) -> bool:
        """Save; whether a listener asks for an end."""
        logging.info("Saving checkpoints for %d into %s.", step, self._path)
        for listener in self._listeners:
            listener.before_save(session, step)
        self._found_saver().save(session, self._path, global_step=int(step))
        should_stop = False
        for listener in self._listeners:
            if listener.after_save(session, step):
                logging.info(
                    "A CheckpointSaverListener requested that training be stopped. listener: %s", listener
                )
                should_stop = True
        return should_stop

    def _found_saver(self) -> Any:
        if self._saver is not None:
            return self._saver
        if self._scaffold is not None:
            return self._scaffold.saver
        savers = get_default_graph().get_collection(GraphKeys.SAVERS)
        if len(savers) != 1:
            count = "No items" if not savers else "More than one item"
            raise RuntimeError(
                f"{count} in collection SAVERS. Please add a saver to the collection or pass one to "
                "CheckpointSaverHook, or a scaffold."
            )
        self._saver = savers[0]
        return self._saver


class SummarySaverHook(SessionRunHook):
    """Writes summaries, every so often.

    Args:
        save_steps: how many steps from one time to the next.
        save_secs: how many seconds.
        output_dir: the folder.
        summary_writer: what writes, instead of a writer for `output_dir`.
        scaffold: has a summary.
        summary_op: a summary, or a list of them.

    Raises:
        ValueError: not exactly one of `scaffold` and `summary_op` is given, or of `save_secs` and `save_steps`.

    >>> import graphmagic as tf
    >>> SummarySaverHook(save_steps=10)
    Traceback (most recent call last):
    ValueError: Exactly one of scaffold or summary_op must be provided.
    """

    def __init__(
        self,
        save_steps: int | None = None,
        save_secs: float | None = None,
        output_dir: str | None = None,
        summary_writer: Any = None,
        scaffold: Any = None,
        summary_op: Any = None,
    ) -> None:
        if (scaffold is None) == (summary_op is None):
            raise ValueError("Exactly one of scaffold or summary_op must be provided.")
        self._writer, self._folder = summary_writer, output_dir
        self._scaffold, self._summary = scaffold, summary_op
        self._timer = SecondOrStepTimer(save_secs, save_steps)

    def begin(self) -> None:
        """Find the global step."""
        if self._writer is None and self._folder:
            self._writer = writer_of(self._folder)
        self._next: int | None = None
        self._step = global_step_read()
        if self._step is None:
            raise RuntimeError("Global step should be created to use SummarySaverHook.")

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Ask for the global step and, if it is time, for the summaries."""
        self._is_time = self._next is None or self._timer.should_trigger_for_step(self._next)
        wanted: dict[str, Any] = {"global_step": self._step}
        summaries = self._summary if self._summary is not None else self._scaffold.summary_op
        if self._is_time and summaries is not None and self._writer is not None:
            wanted["summary"] = summaries if isinstance(summaries, list) else [summaries]
        return SessionRunArgs(wanted)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Write them."""
        if self._writer is None:
            return
        step = run_values.results["global_step"] + 1
        if self._is_time:
            step = run_context.session.run(self._step)
            self._timer.update_last_triggered_step(step)
            for item in run_values.results.get("summary", []):
                self._writer.add_summary(item, step)
        self._next = int(step) + 1

    def end(self, session: Any = None) -> None:
        """See that all is written."""
        if self._writer is not None:
            self._writer.flush()
