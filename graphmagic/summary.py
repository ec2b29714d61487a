"""Summaries for TensorBoard: scalars, histograms, images and texts in event files (TensorFlow's ``tf.summary``).

The messages and the files are TensorFlow's; what defines them is the extra ``graphmagic[tensorboard]``.
"""

from __future__ import annotations

import importlib as _importlib
import socket as _socket
import threading as _threading
import time as _time
from itertools import count as _count
from pathlib import Path as _Path
from typing import Any as _Any

import numpy as _np

from graphmagic import dtypes as _dtypes
from graphmagic.graph.apply import apply_op as _apply_op
from graphmagic.graph.convert import convert_to_tensor as _convert
from graphmagic.graph.default import add_to_collections as _add_to_collections
from graphmagic.graph.default import get_collection as _get_collection
from graphmagic.graph.graph import GraphKeys as _GraphKeys
from graphmagic.graph.graph import get_default_graph as _default_graph
from graphmagic.graph.messages import INSTALL as _INSTALL
from graphmagic.graph.messages import MissingExtraError as _MissingExtraError
from graphmagic.graph.node import Tensor as _Tensor
from graphmagic.graph.opdef import OpDef as _OpDef
from graphmagic.names import namespace as _namespace
from graphmagic.ops.checks import invalid as _invalid
from graphmagic.ops.variant import scalar as _scalar_shape
from graphmagic.python_io import framed as _framed

__all__ = [
    "FileWriter",
    "FileWriterCache",
    "histogram",
    "image",
    "merge",
    "merge_all",
    "scalar",
    "tensor_summary",
    "text",
]


def _message(module: str, name: str) -> _Any:
    """A message of TensorBoard.

    Raises:
        MissingExtraError: the package that defines it is not installed.
    """
    try:
        return getattr(_importlib.import_module(f"tensorboard.compat.proto.{module}_pb2"), name)
    except ImportError:
        raise _MissingExtraError(
            f"summaries and event files need the tensorboard package, which defines them. To install it: {_INSTALL}"
        ) from None


_other_name, __dir__ = _namespace(__name__)


def __getattr__(name: str) -> _Any:
    homes = {
        "Summary": "summary",
        "SummaryMetadata": "summary",
        "HistogramProto": "histogram",
        "Event": "event",
    }
    if name in homes:
        return _message(homes[name], name)
    return _other_name(name)


def _serialized(summary: _Any) -> _Any:
    result = _np.empty((), object)
    result[()] = summary.SerializeToString()
    return result


def _op(name: str, signature: str, **options: _Any) -> _OpDef:
    opdef = _OpDef(name, f"{signature} -> summary:string", stateful=True, differentiable=False, **options)
    opdef.shape_rule(_scalar_shape)
    return opdef


_scalar_op = _op("ScalarSummary", "tags:string, values:T")
_histogram_op = _op("HistogramSummary", "tag:string, values:T")
_image_op = _op("ImageSummary", "tag:string, tensor:T")
_text_op = _op("TensorSummaryV2", "tag:string, tensor:T")
_merge_op = _op("MergeSummary", "inputs:N*string")


def _tag(tag: _Any) -> str:
    found = _np.asarray(tag, object)[()]
    return found.decode() if isinstance(found, bytes) else str(found)


@_scalar_op.kernel
def _scalar_kernel(tag: _Any, value: _Any) -> _Any:
    if _np.ndim(value):
        raise _invalid(
            f"tags and values not the same shape: [] != {list(_np.shape(value))} (tag '{_tag(tag)}')"
        )
    summary = _message("summary", "Summary")()
    summary.value.add(tag=_tag(tag), simple_value=float(value))
    return _serialized(summary)


def _limits() -> _Any:
    positive = [1e-12]
    while positive[-1] < 1e20:
        positive.append(positive[-1] * 1.1)
    top = float(_np.finfo(_np.float64).max)
    return _np.array([-top, *[-p for p in reversed(positive)], 0.0, *positive, top])


_LIMITS = _limits()


@_histogram_op.kernel
def _histogram_kernel(tag: _Any, values: _Any) -> _Any:
    flat = _np.asarray(values, _np.float64).ravel()
    if not _np.isfinite(flat).all():
        what = "Nan" if _np.isnan(flat).any() else "Infinity"
        raise _invalid(f"{what} in summary histogram for: {_tag(tag)}")
    summary = _message("summary", "Summary")()
    histo = summary.value.add(tag=_tag(tag)).histo
    if flat.size:
        histo.min, histo.max = flat.min(), flat.max()
        histo.num, histo.sum, histo.sum_squares = flat.size, flat.sum(), _np.square(flat).sum()
        counts = _np.bincount(_np.searchsorted(_LIMITS, flat, "right"), minlength=len(_LIMITS))
        used = _np.flatnonzero(counts)
        first, last = max(int(used[0]) - 1, 0), min(int(used[-1]) + 1, len(_LIMITS) - 1)
        histo.bucket_limit.extend(_LIMITS[first : last + 1].tolist())
        histo.bucket.extend(counts[first : last + 1].astype(_np.float64).tolist())
    else:
        histo.bucket_limit.append(_LIMITS[-1])
        histo.bucket.append(0.0)
    return _serialized(summary)


@_image_op.kernel
def _image_kernel(tag: _Any, tensor: _Any, *, max_images: int) -> _Any:
    if _np.ndim(tensor) != 4 or tensor.shape[3] not in (1, 3, 4):
        raise _invalid(
            f"Tensor must be 4-D with last dim 1, 3, or 4, not {list(_np.shape(tensor))} (tag '{_tag(tag)}')"
        )
    summary = _message("summary", "Summary")()
    for i, picture in enumerate(_np.asarray(tensor)[:max_images]):
        name = f"{_tag(tag)}/image" if max_images == 1 else f"{_tag(tag)}/image/{i}"
        image = summary.value.add(tag=name).image
        image.height, image.width, image.colorspace = picture.shape
        image.encoded_image_string = _png(_bytes_of(picture))
    return _serialized(summary)


def _bytes_of(picture: _Any) -> _Any:
    """Pixels from 0 to 255: floats are scaled, about 127 if some are negative; what is no number becomes red."""
    if picture.dtype == _np.uint8:
        return picture
    finite = _np.isfinite(picture)
    numbers = _np.where(finite, picture, 0).astype(_np.float64)
    low, high = numbers.min(initial=0.0), numbers.max(initial=0.0)
    if low < 0:
        largest = max(-low, high)
        scaled = numbers * (127.0 / largest if largest >= 1e-6 else 0.0) + 128.0
    else:
        scaled = numbers * (255.0 / high if high >= 1e-6 else 0.0)
    return scaled.clip(0, 255).astype(_np.uint8)


def _png(pixels: _Any) -> bytes:
    """Pixels as a PNG file."""
    import struct
    import zlib

    height, width, channels = pixels.shape

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">2I5B", width, height, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@_text_op.kernel
def _text_kernel(tag: _Any, tensor: _Any, *, plugin: str) -> _Any:
    from graphmagic.graph.tensor_protos import fill_tensor

    summary = _message("summary", "Summary")()
    value = summary.value.add(tag=_tag(tag))
    if plugin:
        value.metadata.plugin_data.plugin_name = plugin
    fill_tensor(value.tensor, _np.asarray(tensor))
    return _serialized(summary)


@_merge_op.kernel
def _merge_kernel(inputs: _Any) -> _Any:
    summary = _message("summary", "Summary")()
    seen: set[str] = set()
    for item in inputs:
        part = _message("summary", "Summary").FromString(_np.asarray(item, object)[()])
        for value in part.value:
            if value.tag in seen:
                raise _invalid(f"Duplicate tag {value.tag} found in summary inputs")
            seen.add(value.tag)
        summary.MergeFrom(part)
    return _serialized(summary)


# ----- what programs call -----


def _clean(name: str) -> str:
    import re

    return re.sub(r"[^-/\w.]", "_", name, flags=re.ASCII).lstrip("/")


def _add(
    opdef: _OpDef, name: str, values: _Any, collections: _Any, family: str | None, **attrs: _Any
) -> _Tensor:
    """Add the operation in the scope that is its tag."""
    name = _clean(name)
    graph = _default_graph()
    with graph.name_scope(f"{_clean(family)}/{name}" if family else name) as scope:
        tag = scope.rstrip("/")
        tag = f"{_clean(family)}/{tag}" if family else tag
        result = _apply_op(opdef, _convert(tag, name="tags"), values, name=scope, **attrs).outputs[0]
    _add_to_collections([_GraphKeys.SUMMARIES] if collections is None else collections, result)
    return result


def scalar(name: str, tensor: _Any, collections: _Any = None, family: str | None = None) -> _Tensor:
    """A number as a curve.

    Args:
        name: its name, and that of the curve.
        tensor: a number.
        collections: where `merge_all` looks for it.
        family: a name to show it under.

    Returns:
        A string `Tensor` for `FileWriter.add_summary`.
    """
    return _add(_scalar_op, name, _convert(tensor, name="values"), collections, family)


def histogram(name: str, values: _Any, collections: _Any = None, family: str | None = None) -> _Tensor:
    """How the elements of a tensor are spread.

    Args:
        name: its name.
        values: a tensor of numbers.
        collections: where `merge_all` looks for it.
        family: a name to show it under.
    """
    return _add(_histogram_op, name, _convert(values, name="values"), collections, family)


def image(
    name: str, tensor: _Any, max_outputs: int = 3, collections: _Any = None, family: str | None = None
) -> _Tensor:
    """Pictures.

    Args:
        name: their name.
        tensor: shape ``[batch, height, width, channels]`` with 1, 3 or 4 channels.
        max_outputs: how many of the batch to show.
        collections: where `merge_all` looks for it.
        family: a name to show it under.
    """
    return _add(_image_op, name, _convert(tensor, name="tensor"), collections, family, max_images=max_outputs)


def text(name: str, tensor: _Any, collections: _Any = None) -> _Tensor:
    """Texts.

    Args:
        name: their name.
        tensor: a tensor of strings.
        collections: where `merge_all` looks for it.

    Raises:
        ValueError: it has no strings.
    """
    values = _convert(tensor, name="tensor")
    if values.dtype.base_dtype is not _dtypes.string:
        raise ValueError(f"Expected tensor {values.name} to have dtype string, got {values.dtype.name}")
    return _add(_text_op, name, values, collections, None, plugin="text")


def tensor_summary(name: str, tensor: _Any, collections: _Any = None, family: str | None = None) -> _Tensor:
    """Any tensor as it is."""
    return _add(_text_op, name, _convert(tensor, name="tensor"), collections, family, plugin="")


def merge(inputs: _Any, collections: _Any = None, name: str | None = None) -> _Tensor:
    """Several summaries as one.

    Args:
        inputs: the summaries.
        collections: collections to add the result to.
        name: the operation's name.
    """
    result = _apply_op(_merge_op, list(inputs), name=_clean(name) if name else None).outputs[0]
    _add_to_collections(collections or [], result)
    return result


def merge_all(
    key: str = _GraphKeys.SUMMARIES, scope: str | None = None, name: str | None = None
) -> _Tensor | None:
    """All summaries of the graph as one; None if there are none."""
    found = _get_collection(key, scope)
    return merge(found, name=name or "Merge/MergeSummary") if found else None


_numbers = _count()


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
        logdir: _Any,
        graph: _Any = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        graph_def: _Any = None,
        filename_suffix: str | None = None,
        session: _Any = None,
    ) -> None:
        self._folder, self._suffix = _Path(logdir), filename_suffix or ""
        self._file: _Any = None
        self._lock = _threading.Lock()
        self._closed = False
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

    def add_summary(self, summary: _Any, global_step: int | None = None) -> None:
        """Write what a summary's tensor was in a run.

        Args:
            summary: its value, or a `tf.Summary`.
            global_step: the number of the step.
        """
        event = _message("event", "Event")(wall_time=_time.time())
        if isinstance(summary, (bytes, _np.ndarray)):
            summary = _message("summary", "Summary").FromString(_np.asarray(summary, object)[()])
        event.summary.CopyFrom(summary)
        self.add_event(event, global_step)

    def add_graph(self, graph: _Any, global_step: int | None = None, graph_def: _Any = None) -> None:
        """Write a graph: a `tf.Graph` or its definition."""
        definition = graph.as_graph_def() if hasattr(graph, "as_graph_def") else graph
        _message("event", "Event")
        data = definition.SerializeToString()
        self.add_event(_message("event", "Event")(wall_time=_time.time(), graph_def=data), global_step)

    def add_meta_graph(self, meta_graph_def: _Any, global_step: int | None = None) -> None:
        """Write a graph with its collections."""
        data = meta_graph_def.SerializeToString()
        self.add_event(_message("event", "Event")(wall_time=_time.time(), meta_graph_def=data), global_step)

    def add_run_metadata(self, run_metadata: _Any, tag: str, global_step: int | None = None) -> None:
        """Do nothing: what graphmagic records of a run is not TensorFlow's message."""

    def add_session_log(self, session_log: _Any, global_step: int | None = None) -> None:
        """Write an event of a session's life."""
        self.add_event(
            _message("event", "Event")(wall_time=_time.time(), session_log=session_log), global_step
        )

    def add_event(self, event: _Any, global_step: int | None = None) -> None:
        """Write an event."""
        if global_step is not None:
            event.step = int(global_step)
        with self._lock:
            if self._closed:
                self._closed, self._file = False, None
            if self._file is None:
                self._open()
            self._file.write(_framed(event.SerializeToString()))
            self._file.flush()

    def _open(self) -> None:
        first = _message("event", "Event")(wall_time=_time.time(), file_version="brain.Event:2")
        self._folder.mkdir(parents=True, exist_ok=True)
        path = (
            self._folder
            / f"events.out.tfevents.{int(_time.time()):010d}.{_socket.gethostname()}{self._suffix}"
        )
        while path.exists():
            path = path.with_name(f"{path.name}.{next(_numbers)}")
        self._file = path.open("wb")
        self._file.write(_framed(first.SerializeToString()))

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
    def get(cls, logdir: _Any) -> FileWriter:
        """The writer of a folder."""
        return cls._writers.setdefault(str(logdir), FileWriter(logdir))

    @classmethod
    def clear(cls) -> None:
        """Close all writers."""
        for writer in cls._writers.values():
            writer.close()
        cls._writers.clear()
