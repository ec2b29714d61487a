"""`tf.train.Coordinator`: threads that stop together, and whose errors are not lost."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from graphmagic import errors

__all__ = ["Coordinator", "LooperThread"]


class Coordinator:
    """Lets threads ask each other to stop, and passes on the first error of any of them.

    Args:
        clean_stop_exception_types: errors that end a thread without being errors: the end of the data.

    >>> coord = Coordinator()
    >>> coord.should_stop()
    False
    >>> coord.request_stop()
    >>> coord.should_stop()
    True
    """

    def __init__(self, clean_stop_exception_types: Any = None) -> None:
        self._clean: tuple[Any, ...] = tuple(clean_stop_exception_types or (errors.OutOfRangeError,))
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._error: BaseException | None = None
        self._threads: set[threading.Thread] = set()
        self._joined = False

    @property
    def joined(self) -> bool:
        """Whether `join` has ended."""
        return self._joined

    def should_stop(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stop.is_set()

    def request_stop(self, ex: Any = None) -> None:
        """Ask all threads to stop.

        Args:
            ex: the error because of which, as an exception or as `sys.exc_info` gives it; `join` raises it.
        """
        error = ex[1] if isinstance(ex, tuple) else ex
        with self._lock:
            is_first = error is not None and self._error is None and not isinstance(error, self._clean)
            if is_first and not (self._stop.is_set() and isinstance(error, errors.CancelledError)):
                self._error = error
            self._stop.set()

    def clear_stop(self) -> None:
        """Forget that somebody asked to stop, and why."""
        with self._lock:
            self._joined, self._error = False, None
            self._stop.clear()

    def wait_for_stop(self, timeout: float | None = None) -> bool:
        """Wait until somebody asks to stop; the result is whether anybody did."""
        return self._stop.wait(timeout)

    @contextmanager
    def stop_on_exception(self) -> Iterator[None]:
        """Ask all threads to stop if the ``with`` block raises."""
        try:
            yield
        except BaseException:
            self.request_stop(ex=sys.exc_info())

    def register_thread(self, thread: threading.Thread) -> None:
        """Add a thread for `join` to wait for."""
        with self._lock:
            self._threads.add(thread)

    def raise_requested_exception(self) -> None:
        """Raise the first error that a thread stopped with, if any."""
        if self._error is not None:
            raise self._error

    def join(
        self,
        threads: Iterable[threading.Thread] | None = None,
        stop_grace_period_secs: float = 120,
        ignore_live_threads: bool = False,
    ) -> None:
        """Wait until all threads have ended.

        Args:
            threads: threads to wait for besides the registered ones.
            stop_grace_period_secs: how long they may take from the request to stop on.
            ignore_live_threads: do not mind those that take longer.

        Raises:
            RuntimeError: some take longer.
            Exception: the first error that a thread stopped with.
        """
        waiting = self._threads.union(threads or ())
        while any(t.is_alive() for t in waiting) and not self._stop.wait(0.05):
            pass
        limit = time.monotonic() + stop_grace_period_secs
        for thread in waiting:
            while thread.is_alive() and time.monotonic() < limit and self._error is None:
                thread.join(0.05)
            if self._error is not None:
                thread.join(min(1.0, stop_grace_period_secs))
        self._joined = True
        self._threads = set()
        self.raise_requested_exception()
        alive = [t.name for t in waiting if t.is_alive()]
        if alive and not ignore_live_threads:
            raise RuntimeError(
                f"Coordinator stopped with threads still running: {' '.join(alive)}. They may wait for a queue: close "
                "it with cancel_pending_enqueues=True, or the session."
            )


class LooperThread(threading.Thread):
    """A thread that calls something again and again until its coordinator stops.

    Args:
        coord: the coordinator.
        timer_interval_secs: seconds between the starts of calls; as fast as possible if None.
        target: what to call; the method `run_loop` if None.
        args: its arguments.
        kwargs: its keyword arguments.
    """

    def __init__(
        self, coord: Coordinator, timer_interval_secs: float | None, target: Callable[..., Any] | None = None,
        args: Any = None, kwargs: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(daemon=True)
        self._coord, self._interval = coord, timer_interval_secs
        self._call = target, args or (), kwargs or {}
        coord.register_thread(self)

    def run(self) -> None:
        """Call until the coordinator stops."""
        with self._coord.stop_on_exception():
            while not self._coord.should_stop():
                self.run_loop()
                if self._interval is not None and self._coord.wait_for_stop(self._interval):
                    return

    def run_loop(self) -> None:
        """One call."""
        target, args, kwargs = self._call
        if target is not None:
            target(*args, **kwargs)
