"""`tf.train.Supervisor`: what looked after training before monitored sessions did."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from graphmagic import logging, summary
from graphmagic.graph.default import get_collection
from graphmagic.graph.graph import Graph, GraphKeys, get_default_graph
from graphmagic.monitored.manager import SessionManager
from graphmagic.monitored.scaffold import Scaffold, default_saver
from graphmagic.monitored.training import USE_DEFAULT
from graphmagic.monitored.writing import number_summary, writer_of
from graphmagic.ops.control import group
from graphmagic.ops.variable_lists import global_variables_initializer
from graphmagic.ops.variable_report import report_uninitialized_variables
from graphmagic.session import Session
from graphmagic.train.coordinator import Coordinator, LooperThread
from graphmagic.train.global_step import get_global_step
from graphmagic.train.queue_runner import start_queue_runners

__all__ = ["Supervisor", "basic_train_loop"]


class Supervisor:
    """Opens sessions that are ready, and saves checkpoints and summaries from threads of its own.

    Args:
        graph: the graph; the default graph if None. It does not grow any more from now on.
        ready_op: a tensor with the names of what has no value yet.
        ready_for_local_init_op: the same, before `local_init_op`.
        is_chief: accepted for old programs; there is only one process.
        init_op: initializes the variables.
        init_feed_dict: what to feed to it.
        local_init_op: initializes what checkpoints do not hold.
        logdir: the folder for checkpoints and summaries; nothing is written if None.
        summary_op: all summaries.
        saver: saves and restores.
        global_step: the variable that counts steps.
        save_summaries_secs: how many seconds from one summary to the next; 0 for none.
        save_model_secs: how many seconds from one checkpoint to the next; 0 for none.
        recovery_wait_secs: accepted for old programs.
        stop_grace_secs: how long threads get to end.
        checkpoint_basename: what the names of checkpoints begin with.
        session_manager: opens the sessions.
        summary_writer: writes the summaries; None for none.
        init_fn: called with the session after `init_op`.
        local_init_run_options: settings for the run of `local_init_op`.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> grow = v.assign_add(1.0)
    >>> supervisor = tf.train.Supervisor()
    >>> with supervisor.managed_session() as sess:
    ...     while not supervisor.should_stop():
    ...         if sess.run(grow) > 2.5:
    ...             supervisor.request_stop()
    ...     sess.run(v)
    np.float32(3.0)
    """

    USE_DEFAULT = USE_DEFAULT

    def __init__(
        self,
        graph: Graph | None = None,
        ready_op: Any = USE_DEFAULT,
        ready_for_local_init_op: Any = USE_DEFAULT,
        is_chief: bool = True,
        init_op: Any = USE_DEFAULT,
        init_feed_dict: Any = None,
        local_init_op: Any = USE_DEFAULT,
        logdir: str | None = None,
        summary_op: Any = USE_DEFAULT,
        saver: Any = USE_DEFAULT,
        global_step: Any = USE_DEFAULT,
        save_summaries_secs: float = 120,
        save_model_secs: float = 600,
        recovery_wait_secs: float = 30,
        stop_grace_secs: float = 120,
        checkpoint_basename: str = "model.ckpt",
        session_manager: SessionManager | None = None,
        summary_writer: Any = USE_DEFAULT,
        init_fn: Callable[[Any], Any] | None = None,
        local_init_run_options: Any = None,
    ) -> None:
        self._graph = graph if graph is not None else get_default_graph()
        self.is_chief, self._logdir, self._grace = is_chief, logdir, stop_grace_secs
        self.save_summaries_secs, self.save_model_secs = save_summaries_secs, save_model_secs
        self.init_feed_dict, self.init_fn = init_feed_dict, init_fn
        self.coord = Coordinator()

        def usual(given: Any, key: str | None, make: Callable[[], Any]) -> Any:
            if given is not USE_DEFAULT:
                return given
            found = get_collection(key) if key else []
            return found[0] if found else make()

        with self._graph.as_default():
            self.ready_op = usual(ready_op, GraphKeys.READY_OP, report_uninitialized_variables)
            self.init_op = usual(init_op, GraphKeys.INIT_OP, lambda: group(global_variables_initializer()))
            self.local_init_op = usual(local_init_op, GraphKeys.LOCAL_INIT_OP, Scaffold.default_local_init_op)
            self.ready_for_local_init_op = usual(ready_for_local_init_op, None, lambda: None)
            self.saver = usual(saver, None, default_saver)
            self.summary_op = usual(summary_op, GraphKeys.SUMMARY_OP, summary.merge_all)
            self.global_step = usual(global_step, None, get_global_step)
            self.session_manager = session_manager or SessionManager(
                local_init_op=self.local_init_op,
                ready_op=self.ready_op,
                ready_for_local_init_op=self.ready_for_local_init_op,
                graph=self._graph,
                recovery_wait_secs=recovery_wait_secs,
                local_init_run_options=local_init_run_options,
            )
            self._graph.finalize()
        self.save_path = os.path.join(logdir, checkpoint_basename) if logdir else None
        if logdir:
            os.makedirs(logdir, exist_ok=True)
        self.summary_writer = usual(summary_writer, None, lambda: writer_of(logdir) if logdir else None)

    # ----- sessions -----

    @contextmanager
    def managed_session(
        self,
        master: str = "",
        config: Any = None,
        start_standard_services: bool = True,
        close_summary_writer: bool = True,
    ) -> Iterator[Session]:
        """A session that is ready, in a ``with`` block; threads are stopped at its end, and their errors raised.

        Args:
            master: empty.
            config: the session's settings.
            start_standard_services: whether to save and to start queue runners.
            close_summary_writer: whether to close the writer of summaries at the end.
        """
        sess = self.prepare_or_wait_for_session(
            master, config, start_standard_services=start_standard_services
        )
        try:
            with sess.as_default(), self._graph.as_default():
                yield sess
        except Exception as error:
            self.request_stop(error)
        finally:
            try:
                self.stop(close_summary_writer=close_summary_writer)
            finally:
                sess.close()

    def prepare_or_wait_for_session(
        self, master: str = "", config: Any = None, wait_for_checkpoint: bool = False, max_wait_secs: float = 7200,
        start_standard_services: bool = True,
    ) -> Session:  # fmt: skip
        """A session that is ready, from a checkpoint in the folder if there is one."""
        self.coord.clear_stop()
        if self.summary_writer is not None:
            self.summary_writer.reopen()
        sess = self.session_manager.prepare_session(
            master,
            init_op=self.init_op,
            saver=self.saver,
            checkpoint_dir=self._logdir if self.saver is not None else None,
            wait_for_checkpoint=wait_for_checkpoint,
            max_wait_secs=max_wait_secs,
            config=config,
            init_feed_dict=self.init_feed_dict,
            init_fn=self.init_fn,
        )
        if start_standard_services:
            if self.summary_writer is not None:
                self.summary_writer.add_graph(self._graph)
            logging.info("Starting standard services.")
            self.start_standard_services(sess)
            logging.info("Starting queue runners.")
            self.start_queue_runners(sess)
        return sess

    def start_standard_services(self, sess: Session) -> list[LooperThread]:
        """Start the threads that write summaries, the speed, and checkpoints; there are none without a folder."""
        if not self._logdir:
            return []
        services: list[tuple[float, Callable[[Session], None]]] = []
        if self.save_summaries_secs and self.summary_writer is not None:
            if self.summary_op is not None:
                services.append((self.save_summaries_secs, self._write_summary))
            if self.global_step is not None:
                services.append((self.save_summaries_secs, self._speed()))
        if self.save_model_secs and self.saver is not None:
            services.append((self.save_model_secs, self._save))
        return [self.loop(seconds, service, (sess,)) for seconds, service in services]

    def start_queue_runners(self, sess: Session, queue_runners: Any = None) -> list[Any]:
        """Start the queue runners of the graph, or those that are given."""
        if queue_runners is None:
            return start_queue_runners(sess, self.coord)
        return [t for r in queue_runners for t in r.create_threads(sess, self.coord, daemon=True, start=True)]

    # ----- threads -----

    def loop(
        self, timer_interval_secs: float | None, target: Any, args: Any = None, kwargs: Any = None
    ) -> LooperThread:
        """Start a thread that calls a function every so many seconds."""
        thread = LooperThread(self.coord, timer_interval_secs, target=target, args=args, kwargs=kwargs)
        thread.start()
        return thread

    def should_stop(self) -> bool:
        """Whether somebody asked for an end."""
        return self.coord.should_stop()

    def request_stop(self, ex: Any = None) -> None:
        """Ask for an end, because of an error if one is given."""
        self.coord.request_stop(ex)

    def stop_on_exception(self) -> Any:
        """A ``with`` block whose errors ask for an end."""
        return self.coord.stop_on_exception()

    def wait_for_stop(self) -> None:
        """Wait until somebody asks for an end."""
        self.coord.wait_for_stop()

    def stop(
        self, threads: Any = None, close_summary_writer: bool = True, ignore_live_threads: bool = False
    ) -> None:
        """Stop all threads; the first error of any of them is raised."""
        self.coord.request_stop()
        try:
            self.coord.join(threads, self._grace, ignore_live_threads)
        finally:
            if close_summary_writer and self.summary_writer is not None:
                self.summary_writer.close()

    # ----- writing -----

    def summary_computed(self, sess: Any, summary: Any, global_step: int | None = None) -> None:
        """Write a summary that a run computed.

        Raises:
            RuntimeError: there is no folder to write to.
        """
        if self.summary_writer is None:
            raise RuntimeError("Writing a summary requires a summary writer.")
        if global_step is None and self.global_step is not None:
            global_step = int(sess.run(self.global_step))
        self.summary_writer.add_summary(summary, global_step)

    def _write_summary(self, sess: Session) -> None:
        self.summary_computed(sess, sess.run(self.summary_op))

    def _speed(self) -> Callable[[Session], None]:
        tag = f"{self.global_step.op.name}/sec"
        last: list[tuple[float, int]] = []

        def note(sess: Session) -> None:
            now, step = time.monotonic(), int(sess.run(self.global_step))
            if last:
                before, former = last.pop()
                rate = (step - former) / max(now - before, 1e-9)
                logging.info("%s: %g", tag, rate)
                self.summary_writer.add_summary(number_summary(tag, rate), step)
            last.append((now, step))

        return note

    def _save(self, sess: Session) -> None:
        logging.info("Saving checkpoint to path %s", self.save_path)
        self.saver.save(sess, self.save_path, global_step=self.global_step)


def basic_train_loop(
    supervisor: Supervisor,
    train_step_fn: Callable[..., Any],
    args: Any = None,
    kwargs: Any = None,
    master: str = "",
) -> None:
    """Call a function that takes a step, until somebody asks the supervisor for an end.

    Args:
        supervisor: a `tf.train.Supervisor`.
        train_step_fn: a function of a session and the arguments that follow.
        args: arguments for it.
        kwargs: keyword arguments for it.
        master: empty.

    >>> import graphmagic as tf
    >>> v = tf.Variable(0)
    >>> count, supervisor = v.assign_add(1), tf.train.Supervisor()
    >>> seen = []
    >>> def step(sess):
    ...     seen.append(int(sess.run(count)))
    ...     if len(seen) == 3:
    ...         supervisor.request_stop()
    >>> tf.train.basic_train_loop(supervisor, step)
    >>> seen
    [1, 2, 3]
    """
    with supervisor.managed_session(master) as sess:
        while not supervisor.should_stop():
            train_step_fn(sess, *(args or []), **(kwargs or {}))
