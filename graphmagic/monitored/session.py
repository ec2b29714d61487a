"""`tf.train.MonitoredSession`: a session with hooks, which starts itself and ends in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from graphmagic import errors, logging
from graphmagic.config import RunOptions
from graphmagic.graph.graph import Graph, get_default_graph
from graphmagic.graph.messages import message
from graphmagic.monitored.hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from graphmagic.monitored.manager import SessionManager
from graphmagic.monitored.scaffold import Scaffold
from graphmagic.train.coordinator import Coordinator
from graphmagic.train.queue_runner import start_queue_runners

__all__ = [
    "ChiefSessionCreator",
    "MonitoredSession",
    "SessionCreator",
    "SingularMonitoredSession",
    "StepContext",
    "WorkerSessionCreator",
]


class SessionCreator:
    """Opens the session of a `MonitoredSession`; subclasses define `create_session`.

    >>> SessionCreator().create_session()
    Traceback (most recent call last):
    NotImplementedError: create_session is not implemented for SessionCreator().
    """

    def create_session(self) -> Any:
        """Open a session."""
        raise NotImplementedError(f"create_session is not implemented for {type(self).__name__}().")


class ChiefSessionCreator(SessionCreator):
    """Opens a session from a checkpoint if there is one, else initializes it.

    Args:
        scaffold: what to start with.
        master: empty.
        config: the session's settings.
        checkpoint_dir: a folder with checkpoints.
        checkpoint_filename_with_path: one checkpoint.

    >>> import graphmagic as tf
    >>> v = tf.Variable(2.0)
    >>> with tf.train.MonitoredSession(tf.train.ChiefSessionCreator()) as sess:
    ...     sess.run(v)
    np.float32(2.0)
    """

    def __init__(
        self,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        checkpoint_dir: str | None = None,
        checkpoint_filename_with_path: str | None = None,
    ) -> None:
        self._scaffold = scaffold or Scaffold()
        self._manager: SessionManager | None = None
        self._master, self._config = master, config
        self._folder, self._path = checkpoint_dir, checkpoint_filename_with_path

    def create_session(self) -> Any:
        """Open a session; the graph does not grow any more from now on."""
        scaffold = self._scaffold.finalize()
        self._manager = self._manager or SessionManager(
            local_init_op=scaffold.local_init_op,
            ready_op=scaffold.ready_op,
            ready_for_local_init_op=scaffold.ready_for_local_init_op,
            local_init_feed_dict=scaffold.local_init_feed_dict,
            graph=get_default_graph(),
        )
        return self._manager.prepare_session(
            self._master,
            saver=scaffold.saver,
            checkpoint_dir=self._folder,
            checkpoint_filename_with_path=self._path,
            config=self._config,
            init_op=scaffold.init_op,
            init_feed_dict=scaffold.init_feed_dict,
            init_fn=scaffold.init_fn,
        )


class WorkerSessionCreator(ChiefSessionCreator):
    """Opens a session that another process initializes. graphmagic runs in one: like `ChiefSessionCreator`.

    >>> WorkerSessionCreator.__mro__[1].__name__
    'ChiefSessionCreator'
    """

    def __init__(
        self,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        max_wait_secs: float = 1800,
    ) -> None:
        super().__init__(scaffold, master, config)


class StepContext:
    """What the function given to `MonitoredSession.run_step_fn` works with."""

    def __init__(self, session: Any, run_with_hooks: Callable[..., Any]) -> None:
        self._session, self._run = session, run_with_hooks

    @property
    def session(self) -> Any:
        """The plain session, for runs that hooks are not called for."""
        return self._session

    def run_with_hooks(self, *args: Any, **kwargs: Any) -> Any:
        """A run as by `MonitoredSession.run`."""
        return self._run(*args, **kwargs)

    def request_stop(self) -> None:
        """End training.

        Raises:
            StopIteration: always.
        """
        raise StopIteration("step_fn has requested the iterations to stop.")


class MonitoredSession:
    """A session that starts itself, calls hooks, and ends in order: use it in a ``with`` block.

    When it is made the hooks may still add to the graph, then the graph is finalized; variables are initialized, or
    restored from a checkpoint, and queues are filled.  `tf.errors.OutOfRangeError` and `StopIteration` end the block as
    if all were done.  After `tf.errors.AbortedError` and `UnavailableError` it goes on with a new session.

    Args:
        session_creator: opens the session; a `ChiefSessionCreator` if None.
        hooks: each a `SessionRunHook`.
        stop_grace_period_secs: how long threads get to end.

    >>> import graphmagic as tf
    >>> step = tf.train.create_global_step()
    >>> count = tf.assign_add(step, 1)
    >>> with tf.train.MonitoredSession(hooks=[tf.train.StopAtStepHook(last_step=5)]) as sess:
    ...     while not sess.should_stop():
    ...         n = sess.run(count)
    >>> n
    np.int64(5)
    """

    _recovers = True

    def __init__(
        self,
        session_creator: SessionCreator | None = None,
        hooks: Sequence[SessionRunHook] | None = None,
        stop_grace_period_secs: float = 120,
    ) -> None:
        self._graph = get_default_graph()
        self._hooks = list(hooks or [])
        self._creator = session_creator or ChiefSessionCreator()
        self._grace = stop_grace_period_secs
        self._sess: Any = None
        self._is_closed = self._should_stop = False
        for hook in self._hooks:
            hook.begin()
        self._open()
        if hasattr(self._creator, "_scaffold"):  # so that fetches of its parts need no look-up
            self._scaffold = self._creator._scaffold

    def _open(self) -> None:
        while True:
            self._coord = Coordinator(clean_stop_exception_types=[])
            self._should_stop = False
            try:
                self._sess = self._creator.create_session()
                with self._graph.as_default():
                    start_queue_runners(sess=self._sess, coord=self._coord)
                    for hook in self._hooks:
                        hook.after_create_session(self._sess, self._coord)
                return
            except (errors.AbortedError, errors.UnavailableError) as error:
                if not self._recovers:
                    raise
                logging.info("An error was raised while a session was being created. Error: %s", error)

    @property
    def graph(self) -> Graph:
        """The graph that is run."""
        return self._graph

    def raw_session(self) -> Any:
        """The plain session below."""
        return self._sess

    def should_stop(self) -> bool:
        """Whether a hook or a thread asked for an end, or it is closed; a thread's error is raised."""
        self._coord.raise_requested_exception()
        return self._is_closed or self._should_stop or self._coord.should_stop()

    def run(self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
        """Compute as `tf.Session.run` does, with the hooks called before and after.

        Raises:
            RuntimeError: the session is closed, or a hook asked for an end before.
        """
        return self._recovering(self._run, fetches, feed_dict, options, run_metadata)

    def run_step_fn(self, step_fn: Callable[..., Any]) -> Any:
        """Call a function that takes a step.

        Args:
            step_fn: a function of a `StepContext` called ``step_context``; ``step_context.run_with_hooks`` takes what
                `run` takes.

        Returns:
            What the function returns.
        """
        return self._recovering(lambda: step_fn(step_context=StepContext(self._sess, self._run)))

    def _recovering(self, function: Callable[..., Any], *args: Any) -> Any:
        while True:
            self._check()
            try:
                return function(*args)
            except (errors.AbortedError, errors.UnavailableError) as error:
                if not self._recovers:
                    raise
                logging.info("An error was raised. The session is recreated. Error: %s", error)
                self._stop_threads()
                self._sess.close()
                self._open()
            except errors.OpError:
                # A thread's error is the cause of what the run then complains about, such as an empty queue.
                self._coord.raise_requested_exception()
                raise

    def _check(self) -> None:
        if self._is_closed:
            raise RuntimeError("Session is already closed.")
        if self._should_stop:
            raise RuntimeError("Run called even after should_stop requested.")

    def _run(self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
        self._check()
        context = SessionRunContext(SessionRunArgs(fetches, feed_dict), self._sess)
        wanted: dict[Any, Any] = {"caller": fetches}
        feeds = dict(feed_dict or {})
        settings = RunOptions() if options is None else options
        for hook in self._hooks:
            asked = hook.before_run(context)
            if asked is None:
                continue
            _join_options(settings, asked.options)
            if asked.fetches is not None:
                wanted[hook] = asked.fetches
            _join_feeds(feeds, asked.feed_dict or {})
        recorded = message("RunMetadata")() if run_metadata is None else run_metadata
        results = self._sess.run(wanted, feeds, settings, recorded)
        for hook in self._hooks:
            hook.after_run(context, SessionRunValues(results.get(hook), settings, recorded))
        self._should_stop = self._should_stop or context.stop_requested
        return results["caller"]

    def close(self) -> None:
        """Call the hooks for the end, stop all threads and close the session."""
        self._close(has_failed=False)

    def _close(self, has_failed: bool) -> None:
        if self._is_closed:
            return
        try:
            if not has_failed:
                for hook in self._hooks:
                    hook.end(self._sess)
        finally:
            self._is_closed = True
            try:
                self._stop_threads()
            finally:
                self._sess.close()

    def _stop_threads(self) -> None:
        self._coord.request_stop()
        self._coord.join(stop_grace_period_secs=self._grace, ignore_live_threads=True)

    def __enter__(self) -> MonitoredSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        is_end = isinstance(error, (errors.OutOfRangeError, StopIteration))
        self._close(has_failed=error is not None and not is_end)
        return is_end


class SingularMonitoredSession(MonitoredSession):
    """A `MonitoredSession` that does not go on with a new session after an error.

    Args:
        hooks: each a `SessionRunHook`.
        scaffold: what to start with.
        master: empty.
        config: the session's settings.
        checkpoint_dir: a folder with checkpoints.
        stop_grace_period_secs: how long threads get to end.
        checkpoint_filename_with_path: one checkpoint.

    >>> import graphmagic as tf
    >>> six = tf.Variable(2.0) * 3.0
    >>> with tf.train.SingularMonitoredSession() as sess:
    ...     sess.run(six)
    np.float32(6.0)
    """

    _recovers = False

    def __init__(
        self,
        hooks: Sequence[SessionRunHook] | None = None,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        checkpoint_dir: str | None = None,
        stop_grace_period_secs: float = 120,
        checkpoint_filename_with_path: str | None = None,
    ) -> None:
        creator = ChiefSessionCreator(scaffold, master, config, checkpoint_dir, checkpoint_filename_with_path)
        super().__init__(creator, hooks, stop_grace_period_secs)


def _join_options(settings: Any, more: Any) -> None:
    """Add what a hook asks for to the settings of a run, as TensorFlow does: of each field the larger value holds."""
    for field in RunOptions.FIELDS if more is not None else ():
        setattr(settings, field, max(getattr(settings, field), getattr(more, field)))


def _join_feeds(feeds: dict[Any, Any], more: Any) -> None:
    """Add what a hook feeds; `RuntimeError` if that is fed already."""
    both = [key for key in more if key in feeds]
    if both:
        raise RuntimeError(f"Same tensor is fed by two hooks. Conflict(s): {both}")
    feeds.update(more)
