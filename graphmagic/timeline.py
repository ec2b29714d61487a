"""Timelines of traced runs in Chrome's trace format: what ``tensorflow.python.client.timeline`` is in TensorFlow 1.

The result is for ``chrome://tracing`` and https://ui.perfetto.dev; the format is described in *Trace Event Format*
(Google, https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["Timeline"]

_LABEL = re.compile(r"(.*) = (.*)\((.*)\)$", re.DOTALL)

Event = dict[str, Any]


class Timeline:
    """A traced run over time.

    Args:
        step_stats: the ``step_stats`` of a `tf.RunMetadata` that a traced run filled.
        graph: accepted for old programs.

    >>> import graphmagic as tf
    >>> x, report = tf.placeholder(tf.float32, name="x"), tf.RunMetadata()
    >>> options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    >>> _ = tf.Session().run(tf.square(x), {x: 2.0}, options, report)
    >>> text = Timeline(report.step_stats).generate_chrome_trace_format()
    >>> [event["args"]["name"] for event in json.loads(text)["traceEvents"] if event["ph"] == "X"]
    ['_arg_x_0_0', 'Square']
    """

    def __init__(self, step_stats: Any, graph: Any = None) -> None:
        self._devices: Sequence[Any] = step_stats.dev_stats

    def generate_chrome_trace_format(
        self, show_dataflow: bool = True, show_memory: bool = False, op_time: str = "schedule"
    ) -> str:
        """The timeline as JSON.

        Args:
            show_dataflow: draw arrows from operations to those that take their results.
            show_memory: show how many bytes the results of the run take in all.
            op_time: accepted for old programs.

        Returns:
            The text of a file for Chrome's trace viewer; times are in microseconds.
        """
        events: list[Event] = []
        for pid, device in enumerate(self._devices, 1):
            events.append(_process(pid, f"{device.device} Compute"))
            lanes = _lanes(device.node_stats)
            events += [_ran(node, pid, tid) for node, tid in zip(device.node_stats, lanes, strict=True)]
            if show_dataflow:
                events += _flows(device.node_stats, lanes, pid)
            if show_memory:
                events += _memory(device.node_stats, pid)
        return json.dumps({"traceEvents": events}, separators=(",", ":"))


def _process(pid: int, name: str) -> Event:
    return {"name": "process_name", "ph": "M", "pid": pid, "args": {"name": name}}


def _taken_apart(node: Any) -> tuple[str, str, list[str]]:
    """Name, type and inputs of a node, which its label tells as ``name = Type(input, input)``."""
    found = _LABEL.match(node.timeline_label)
    if found is None:
        return node.node_name, node.timeline_label or node.node_name, []
    return found[1], found[2], [name for name in found[3].split(", ") if name]


def _span(node: Any) -> tuple[int, int]:
    """When a node began and ended, in microseconds."""
    return node.all_start_micros, node.all_start_micros + node.all_end_rel_micros


def _lanes(nodes: Sequence[Any]) -> list[int]:
    """For each node a lane in which nothing else runs at the same time, the lowest that is free."""
    ends: list[int] = []
    chosen = []
    for node in nodes:
        start, end = _span(node)
        lane = next((lane for lane, until in enumerate(ends) if until <= start), len(ends))
        ends[lane : lane + 1] = [end]
        chosen.append(lane)
    return chosen


def _ran(node: Any, pid: int, tid: int) -> Event:
    name, kind, inputs = _taken_apart(node)
    start, end = _span(node)
    arguments = {"name": name, "op": kind, **{f"input{i}": source for i, source in enumerate(inputs)}}
    return {
        "ph": "X",
        "cat": "Op",
        "name": kind,
        "pid": pid,
        "tid": tid,
        "ts": start,
        "dur": end - start,
        "args": arguments,
    }


def _flows(nodes: Sequence[Any], lanes: Sequence[int], pid: int) -> Iterator[Event]:
    """The arrows: from the end of the last run of an operation to the beginning of what takes its result."""
    made: dict[str, tuple[int, int]] = {}
    number = 0
    for node, tid in zip(nodes, lanes, strict=True):
        name, _, inputs = _taken_apart(node)
        start, end = _span(node)
        for source in inputs:
            source = source.removeprefix("^").partition(":")[0]  # noqa: PLW2901
            if source in made:
                there, when = made[source]
                flow = {"cat": "DataFlow", "name": source, "pid": pid, "id": number}
                yield {"ph": "s", **flow, "tid": there, "ts": when}
                yield {"ph": "t", **flow, "tid": tid, "ts": start}
                number += 1
        made[name] = tid, end


def _memory(nodes: Sequence[Any], pid: int) -> Iterator[Event]:
    total = 0
    for node in nodes:
        total += sum(
            output.tensor_description.allocation_description.allocated_bytes for output in node.output
        )
        yield {
            "ph": "C",
            "cat": "Memory",
            "name": "bytes of results",
            "pid": pid,
            "ts": _span(node)[1],
            "args": {"bytes": total},
        }
