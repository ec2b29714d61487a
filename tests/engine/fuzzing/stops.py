"""Stopping a run in the middle, at a chosen instruction of its function: to interrupt it, or to let another run go first."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["interrupted", "paused_run", "stopped_after"]


@contextmanager
def _stopping(at: int, event: str, action: Callable[[], None]) -> Any:
    """Call `action` before a certain instruction (or line) of functions that the engine wrote, run by this thread."""
    left = at

    def local(frame: FrameType, kind: str, _: Any) -> Any:
        nonlocal left
        if kind == event:
            left -= 1
            if left == 0:
                action()
        return local

    def start(frame: FrameType, kind: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(("<plan of ", "<chain of ")):
            return None
        frame.f_trace_opcodes = event == "opcode"
        return local

    before = sys.gettrace()
    sys.settrace(start)
    try:
        yield
    finally:
        sys.settrace(before)


def interrupted(run: Callable[[], Any], at: int) -> bool:
    """Run, with a KeyboardInterrupt before instruction number `at`; whether it came to that."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    try:
        with _stopping(at, "opcode", interrupt):
            run()
    except KeyboardInterrupt:
        return True
    return False


def stopped_after(run: Callable[[], Any], seconds: float) -> bool:
    """Run, with a KeyboardInterrupt from a signal after some time; whether it came to that.

    Tracing a function keeps its values in use, so that nothing is written over a variable; a signal does not.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        run()
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        return True
    finally:
        signal.signal(signal.SIGALRM, before)
    return False


def paused_run(run: Callable[[], Any], at: int, meanwhile: Callable[[], None]) -> Any:
    """The result of a run in another thread, which waits before line number `at` until `meanwhile` is done."""
    arrived, go_on = threading.Event(), threading.Event()
    results: list[Any] = []
    failures: list[BaseException] = []

    def pause() -> None:
        arrived.set()
        go_on.wait()

    def work() -> None:
        try:
            with _stopping(at, "line", pause):
                results.append(run())
        except BaseException as error:
            failures.append(error)
        finally:
            arrived.set()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        arrived.wait()
        meanwhile()
    finally:
        go_on.set()
        thread.join()
    if failures:
        raise failures[0]
    return results[0]
