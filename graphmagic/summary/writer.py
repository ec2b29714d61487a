"""`tf.summary.FileWriter`: event files."""

from __future__ import annotations

import socket
import threading
import time
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from graphmagic.python_io import framed
from graphmagic.summary.messages import message

__all__ = ["FileWriter", "FileWriterCache"]

_numbers = count()


class FileWriter:
    """Writes event files, which TensorBoard shows.

    Args:
        logdir: the folder; it is made if it is missing.
        graph: a graph to write at once.
        max_queue: accepted for old programs: every event is written at once.
        flush_secs: accepted for old programs.
        graph_def: a graph definition to write at once, for old programs.
        filename_suffix: the end of the file's name.
        session: accepted for old programs; its graph is written.

    Raises:
        MissingExtraError: there is something to write, and the extra is not installed.
    """

    def __init__(
        self,
        logdir: Any,
        graph: Any = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        graph_def: Any = None,
        filename_suffix: str | None = None,
        session: Any = None,
    ) -> None:
        self._folder, self._suffix = Path(logdir), filename_suffix or ""
        self._file: Any = None
        self._lock = threading.Lock()
        self._closed = False
        self._traces: set[str] = set()
        found = (
            graph
            if graph is not None
            else graph_def
            if graph_def is not None
            else getattr(session, "graph", None)
        )
        if found is not None:
            self.add_graph(found)

    def get_logdir(self) -> str:
        """The folder."""
        return str(self._folder)

    def add_summary(self, summary: Any, global_step: int | None = None) -> None:
        """Write what a summary's tensor was in a run.

        Args:
            summary: its value, or a `tf.Summary`.
            global_step: the number of the step.
        """
        event = message("event", "Event")(wall_time=time.time())
        if isinstance(summary, (bytes, np.ndarray)):
            summary = message("summary", "Summary").FromString(np.asarray(summary, object)[()])
        event.summary.CopyFrom(summary)
        self._add(event, global_step)

    def add_graph(self, graph: Any, global_step: int | None = None, graph_def: Any = None) -> None:
        """Write a graph: a `tf.Graph` or its definition."""
        definition = graph.as_graph_def() if hasattr(graph, "as_graph_def") else graph
        message("event", "Event")
        data = definition.SerializeToString()
        self._add(message("event", "Event")(wall_time=time.time(), graph_def=data), global_step)

    def add_meta_graph(self, meta_graph_def: Any, global_step: int | None = None) -> None:
        """Write a graph with its collections."""
        data = meta_graph_def.SerializeToString()
        self._add(message("event", "Event")(wall_time=time.time(), meta_graph_def=data), global_step)

    def add_run_metadata(self, run_metadata: Any, tag: str, global_step: int | None = None) -> None:
        """Write what a traced run reported.

        Args:
            run_metadata: a `tf.RunMetadata` that a run filled.
            tag: a name for it, which no other one of this writer has.
            global_step: the number of the step.

        Raises:
            ValueError: there is one of that name already.
        """
        if tag in self._traces:
            raise ValueError("The provided tag was already used for this event type")
        event = message("event", "Event")(wall_time=time.time())
        event.tagged_run_metadata.tag = tag
        event.tagged_run_metadata.run_metadata = run_metadata.SerializeToString()
        self._traces.add(tag)
        self._add(event, global_step)

    def add_session_log(self, session_log: Any, global_step: int | None = None) -> None:
        """Write an event of a session's life."""
        self._add(message("event", "Event")(wall_time=time.time(), session_log=session_log), global_step)

    def _add(self, event: Any, global_step: int | None) -> None:
        if global_step is not None:
            event.step = int(global_step)
        self.add_event(event)

    def add_event(self, event: Any) -> None:
        """Write an event."""
        with self._lock:
            if self._closed:
                self._closed, self._file = False, None
            if self._file is None:
                self._open()
            self._file.write(framed(event.SerializeToString()))
            self._file.flush()

    def _open(self) -> None:
        first = message("event", "Event")(wall_time=time.time(), file_version="brain.Event:2")
        self._folder.mkdir(parents=True, exist_ok=True)
        path = (
            self._folder / f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}{self._suffix}"
        )
        while path.exists():
            path = path.with_name(f"{path.name}.{next(_numbers)}")
        self._file = path.open("wb")
        self._file.write(framed(first.SerializeToString()))

    def flush(self) -> None:
        """Do nothing: every event is written at once."""

    def close(self) -> None:
        """Close the file; a later event goes to another one."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._closed = True

    def reopen(self) -> None:
        """Let the next event go to another file."""
        self.close()

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_file", None) is not None:
            self._file.close()


class FileWriterCache:
    """One `FileWriter` for each folder."""

    _writers: dict[str, FileWriter] = {}  # noqa: RUF012

    @classmethod
    def get(cls, logdir: Any) -> FileWriter:
        """The writer of a folder."""
        return cls._writers.setdefault(str(logdir), FileWriter(logdir))

    @classmethod
    def clear(cls) -> None:
        """Close all writers."""
        for writer in cls._writers.values():
            writer.close()
        cls._writers.clear()
