"""Display an object in the cell that is running, and replace it there while the cell runs."""

from __future__ import annotations

from typing import Any

from IPython.core.displaypub import CapturingDisplayPublisher, DisplayPublisher
from IPython.display import display

__all__ = ["Showing"]


class Showing:
    """Shows one object after the other in the same place.

    A terminal cannot replace what it printed, so there (and while output is captured) only the last object is
    shown, by `close`.

    Args:
        shell: an IPython shell.
    """

    def __init__(self, shell: Any) -> None:
        publisher = shell.display_pub
        captured = isinstance(publisher, CapturingDisplayPublisher)
        self.replaces = not captured and type(publisher) is not DisplayPublisher
        self._handle: Any = None
        self._last: Any = None

    def show(self, thing: Any) -> None:
        """Display `thing` in place of what was shown before."""
        self._last = thing
        if not self.replaces:
            return
        if self._handle is None:
            self._handle = display(thing, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(thing)

    def close(self) -> None:
        """Show for good what could not be shown in place."""
        if not self.replaces and self._last is not None:
            display(self._last)  # type: ignore[no-untyped-call]
