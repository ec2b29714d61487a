"""A pytest plugin that lets nbval test notebooks with live displays.

nbval compares the outputs of a notebook with what a fresh kernel gives, but it drops the messages that update a
display, so a panel would be compared in its first state with the last state that was saved.  With this plugin
updates replace what they update, and pictures, whose SVG depends on the Graphviz version and on fonts, are left
out of the comparison as nbval leaves out PNG pictures.  Of traces, the times are left out, which differ in each run.

In the ``conftest.py`` of a course::

    pytest_plugins = ["graphmagic.notebook.testing"]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from nbformat import NotebookNode, from_dict
from nbval.plugin import IPyNbFile

__all__ = ["TIMES", "LiveDisplays"]

TIMES = {
    r'(?s)<div class="graphmagic-table".*</div>|<div style="font-family:inherit;.*</div>': "a table",
    r'(?s)<div class="graphmagic-picture .*?</div>': "a picture",
    r"(?m)^Time: .*": "Time: TIME",
    r'(?s)<div class="graphmagic-trace".*?</script></div>': "a player",
    r"(Trace of .*: .* steps?,) .* in operations\.": r"\1 TIME in operations.",
    r"(?m)^Slowest: .*|^Nothing took time\.": "Slowest: TIME",
    r" +(<1 µs|\d[\d.]* (µs|ms|s))(?= |$|\n)": " TIME",
}
"""What differs between traces of the same run -> what stands for it in comparisons."""

Message = dict[str, Any]


class LiveDisplays:
    """Reads kernel messages, and applies updates to the displays that they belong to.

    Args:
        read: reads the next message; raises ``queue.Empty`` when there is none.

    >>> content = lambda text: {"data": {"text/plain": text}, "transient": {"display_id": "panel"}}
    >>> messages = iter([
    ...     {"msg_type": "display_data", "content": content("0 runs")},
    ...     {"msg_type": "update_display_data", "content": content("1 run")},
    ...     {"msg_type": "status", "content": {}},
    ... ])
    >>> live = LiveDisplays(lambda: next(messages))
    >>> shown = live()
    >>> live()["msg_type"], shown["content"]["data"]["text/plain"]
    ('status', '1 run')
    """

    def __init__(self, read: Callable[..., Message]) -> None:
        self._read = read
        self._shown: dict[str, list[NotebookNode]] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Message:
        """The next message that is not an update."""
        while True:
            message = self._read(*args, **kwargs)
            content = message["content"]
            display = (content.get("transient") or {}).get("display_id")
            if message["msg_type"] == "update_display_data":
                self._update(display, content["data"])
                continue
            if message["msg_type"] == "display_data" and display is not None:
                # nbval keeps a NotebookNode as it is and copies plain dicts, and an update must reach what it keeps.
                content["data"] = from_dict(content["data"])  # type: ignore[no-untyped-call]
                self._shown.setdefault(display, []).append(content["data"])
            return message

    def _update(self, display: str | None, data: dict[str, Any]) -> None:
        for shown in self._shown.get(display or "", ()):
            shown.clear()
            shown.update(from_dict(data))  # type: ignore[no-untyped-call]


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Prepare each notebook that nbval collects."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare += ("image/svg+xml",)
        collector.sanitize_patterns.update(TIMES)
        collector.get_kernel_message = LiveDisplays(collector.get_kernel_message)
