"""`tf.train.QueueRunner`: threads that keep a queue full."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from graphmagic import errors
from graphmagic.graph.default import add_to_collection, get_collection
from graphmagic.graph.stack import default_sessions
from graphmagic.train.coordinator import Coordinator

__all__ = ["QueueRunner", "add_queue_runner", "start_queue_runners"]

KEY = "queue_runners"


class QueueRunner:
    """Runs operations that fill a queue, each in a thread of its own; see `tf.train.input_producer`.

    Args:
        queue: the queue.
        enqueue_ops: the operations; a list with one operation several times gives it several threads.
        close_op: what to run when no more comes; closing the queue if None.
        cancel_op: what to run when the coordinator stops; closing the queue with what waits for it if None.
        queue_closed_exception_types: the errors that say that no more comes.

    Raises:
        ValueError: there is no queue, or no operation.
    """

    def __init__(
        self,
        queue: Any = None,
        enqueue_ops: Sequence[Any] | None = None,
        close_op: Any = None,
        cancel_op: Any = None,
        queue_closed_exception_types: Any = None,
        queue_runner_def: Any = None,
        import_scope: str | None = None,
    ) -> None:
        if not queue or not enqueue_ops:
            raise ValueError("Must provide queue and enqueue_ops.")
        self.queue, self.enqueue_ops = queue, list(enqueue_ops)
        self.close_op = queue.close() if close_op is None else close_op
        self.cancel_op = queue.close(cancel_pending_enqueues=True) if cancel_op is None else cancel_op
        self.queue_closed_exception_types = tuple(queue_closed_exception_types or (errors.OutOfRangeError,))
        self.exceptions_raised: list[BaseException] = []
        self._lock = threading.Lock()
        self._running = 0

    @property
    def name(self) -> str:
        """The name of the queue."""
        return str(self.queue.name)

    def create_threads(
        self, sess: Any, coord: Coordinator | None = None, daemon: bool = False, start: bool = False
    ) -> list[threading.Thread]:
        """Make the threads for a session.

        Args:
            sess: the session.
            coord: says when to stop, and hears of errors.
            daemon: whether the program may end while they run.
            start: start them.
        """
        threads = [
            threading.Thread(
                target=self._run, args=(sess, op, coord), name=f"QueueRunnerThread-{self.name}-{op.name}"
            )
            for op in self.enqueue_ops
        ]
        self._running = len(threads)
        if coord is not None:
            threads.append(
                threading.Thread(
                    target=self._close_on_stop,
                    args=(sess, coord),
                    name=f"QueueRunnerThread-{self.name}-close",
                )
            )
        for thread in threads:
            thread.daemon = True if coord is None else daemon
            if coord is not None:
                coord.register_thread(thread)
            if start:
                thread.start()
        return threads

    def _run(self, sess: Any, op: Any, coord: Coordinator | None) -> None:
        try:
            while coord is None or not coord.should_stop():
                sess.run(op)
        except self.queue_closed_exception_types:
            pass
        except Exception as error:
            is_over = sess.closed or (coord is not None and coord.should_stop())
            if is_over and isinstance(error, (errors.CancelledError, RuntimeError)):
                return
            self.exceptions_raised.append(error)
            if coord is None:
                from graphmagic import logging

                logging.error("Exception in QueueRunner: %s", error)
            else:
                coord.request_stop(ex=sys.exc_info())
        finally:
            with self._lock:
                self._running -= 1
                is_last = not self._running
            if is_last and not sess.closed:
                with suppress(Exception):
                    sess.run(self.close_op)

    def _close_on_stop(self, sess: Any, coord: Coordinator) -> None:
        coord.wait_for_stop()
        if not sess.closed:
            with suppress(Exception):
                sess.run(self.cancel_op)


def add_queue_runner(qr: QueueRunner, collection: str = KEY) -> None:
    """Let `start_queue_runners` start a queue runner; see `tf.train.input_producer`.

    Args:
        qr: the queue runner.
        collection: where to add it.
    """
    add_to_collection(collection, qr)


def start_queue_runners(
    sess: Any = None,
    coord: Coordinator | None = None,
    daemon: bool = True,
    start: bool = True,
    collection: str = KEY,
) -> list[threading.Thread]:
    """Start all queue runners of the graph; see `tf.train.input_producer`.

    Args:
        sess: the session to run in; the default one if None.
        coord: says when to stop, and hears of errors.
        daemon: whether the program may end while they run.
        start: start the threads, instead of only making them.
        collection: where the queue runners are.

    Returns:
        The threads.

    Raises:
        ValueError: there is no session.
    """
    session = default_sessions.top() if sess is None else sess
    if session is None:
        raise ValueError(
            "Cannot start queue runners: No default session is registered. Use `with sess.as_default()` or pass an "
            "explicit session to tf.start_queue_runners(sess=sess)"
        )
    with session.graph.as_default():  # type: ignore[union-attr]
        runners = get_collection(collection)
    return [
        thread
        for runner in runners
        for thread in runner.create_threads(session, coord, daemon=daemon, start=start)
    ]
