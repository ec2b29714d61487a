"""`tf.train.SessionRunHook`: what wants to be called before and after each run of a monitored session."""

from __future__ import annotations

from typing import Any, NamedTuple

from graphmagic.config import RunOptions

__all__ = ["SessionRunArgs", "SessionRunContext", "SessionRunHook", "SessionRunValues"]


class SessionRunArgs(NamedTuple("SessionRunArgs", [("fetches", Any), ("feed_dict", Any), ("options", Any)])):
    """What a hook adds to a run.

    Args:
        fetches: what it wants to know, as for `tf.Session.run`; None for nothing.
        feed_dict: values that it feeds.
        options: settings of the run.

    >>> SessionRunArgs("loss:0")
    SessionRunArgs(fetches='loss:0', feed_dict=None, options=None)
    """

    def __new__(cls, fetches: Any, feed_dict: Any = None, options: Any = None) -> SessionRunArgs:
        """Only `fetches` must be given."""
        return super().__new__(cls, fetches, feed_dict, options)


class SessionRunValues(NamedTuple):
    """What a hook gets after a run.

    Args:
        results: the values of what it fetched.
        options: the settings of the run.
        run_metadata: what was recorded of it.

    >>> SessionRunValues(results=3.0, options=None, run_metadata=None).results
    3.0
    """

    results: Any
    options: RunOptions | None
    run_metadata: Any


class SessionRunContext:
    """A run that hooks are called for: its session and what was asked of it, and a way to ask for an end.

    Args:
        original_args: the `SessionRunArgs` of the caller, without those of hooks.
        session: the plain session that runs.

    >>> context = SessionRunContext(SessionRunArgs("loss:0"), None)
    >>> context.request_stop()
    >>> context.stop_requested
    True
    """

    def __init__(self, original_args: SessionRunArgs, session: Any) -> None:
        self._original_args, self._session, self._stop = original_args, session, False

    @property
    def original_args(self) -> SessionRunArgs:
        """What the caller asked for."""
        return self._original_args

    @property
    def session(self) -> Any:
        """The session that runs."""
        return self._session

    @property
    def stop_requested(self) -> bool:
        """Whether a hook asked for an end."""
        return self._stop

    def request_stop(self) -> None:
        """Ask for an end after this run."""
        self._stop = True


class SessionRunHook:
    """What wants to be called around the runs of a `tf.train.MonitoredSession`; subclasses define what they need.

    >>> import graphmagic as tf
    >>> class Count(tf.train.SessionRunHook):
    ...     runs = 0
    ...     def after_run(self, run_context, run_values):
    ...         self.runs += 1
    >>> count, three = Count(), tf.constant(3)
    >>> with tf.train.SingularMonitoredSession([count]) as sess:
    ...     _ = sess.run(three), sess.run(three)
    >>> count.runs
    2
    """

    def begin(self) -> None:
        """Called once before the session is made: the last time to add to the graph."""

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Called when the session is there and initialized; again after each recovery."""

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs | None:
        """Called before each run; returns what to add to it, or None."""
        return None

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Called after each run that succeeded, with the values of what `before_run` asked for."""

    def end(self, session: Any) -> None:
        """Called at the end, unless an error ended it; the session can still be used."""
