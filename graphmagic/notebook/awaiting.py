"""Top-level ``await`` in the body of a magic, while the notebook's own event loop is busy."""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

__all__ = ["run_in_thread"]


def run_in_thread(make: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine to its end in an event loop of its own, on another thread, and wait for it.

    Args:
        make: makes the coroutine; called on that thread.

    Returns:
        What the coroutine returned.

    Raises:
        BaseException: whatever it raised; a ``KeyboardInterrupt`` of the waiting thread is raised in it.

    >>> async def answer():
    ...     await asyncio.sleep(0)
    ...     return 42
    >>> run_in_thread(answer)
    42
    """
    worker = _Worker(make)
    worker.start()
    while True:
        try:
            return worker.outcome.result()
        except KeyboardInterrupt:
            if worker.outcome.done():
                raise
            worker.interrupt()


class _Worker(threading.Thread):
    # An outcome to wait for: Python 3.11's Thread.join, if interrupted, takes a running thread for ended.
    def __init__(self, make: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        super().__init__(name="graphmagic-await", daemon=True)
        self.make = make
        self.context = contextvars.copy_context()
        self.outcome: Future[Any] = Future()
        self.loop = asyncio.new_event_loop()

    def run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
                result = runner.run(self.make(), context=self.context)
        except BaseException as error:
            self.outcome.set_exception(error)
        else:
            self.outcome.set_result(result)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the thread, and wake its loop so that it notices."""
        thread = ctypes.c_ulong(self.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(KeyboardInterrupt))
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(lambda: None)
