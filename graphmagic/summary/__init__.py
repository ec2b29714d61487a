"""Summaries for TensorBoard: scalars, histograms, images and texts in event files (TensorFlow's ``tf.summary``).

The messages and the files are TensorFlow's; what defines them is the extra ``graphmagic[tensorboard]``.
"""

from __future__ import annotations

import re as _re
from typing import Any as _Any

from graphmagic import dtypes as _dtypes
from graphmagic.graph.apply import apply_op as _apply_op
from graphmagic.graph.convert import convert_to_tensor as _convert
from graphmagic.graph.default import add_to_collections as _add_to_collections
from graphmagic.graph.default import get_collection as _get_collection
from graphmagic.graph.graph import GraphKeys as _GraphKeys
from graphmagic.graph.graph import get_default_graph as _default_graph
from graphmagic.graph.node import Tensor as _Tensor
from graphmagic.graph.opdef import OpDef as _OpDef
from graphmagic.names import namespace as _namespace
from graphmagic.summary import kernels as _kernels
from graphmagic.summary.messages import message as _message
from graphmagic.summary.writer import FileWriter, FileWriterCache

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


def _clean(name: str) -> str:
    return _re.sub(r"[^-/\w.]", "_", name, flags=_re.ASCII).lstrip("/")


def _add(
    opdef: _OpDef,
    name: str,
    values: _Any,
    collections: _Any,
    family: str | None,
    *more: _Any,
    **attrs: _Any,
) -> _Tensor:
    """Add the operation in the scope that is its tag."""
    name = _clean(name)
    graph = _default_graph()
    with graph.name_scope(f"{_clean(family)}/{name}" if family else name) as scope:
        tag = scope.rstrip("/")
        tag = f"{_clean(family)}/{tag}" if family else tag
        result = _apply_op(opdef, _convert(tag, name="tags"), values, *more, name=scope, **attrs).outputs[0]
    _add_to_collections([_GraphKeys.SUMMARIES] if collections is None else collections, result)
    return result


def _metadata(plugin: bytes) -> bytes:
    """A serialized SummaryMetadata that names a plug-in; building a graph does not need the extra."""
    data = b"\n" + bytes([len(plugin)]) + plugin
    return b"\n" + bytes([len(data)]) + data


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
    return _add(_kernels.scalar_op, name, _convert(tensor, name="values"), collections, family)


def histogram(name: str, values: _Any, collections: _Any = None, family: str | None = None) -> _Tensor:
    """How the elements of a tensor are spread.

    Args:
        name: its name.
        values: a tensor of numbers.
        collections: where `merge_all` looks for it.
        family: a name to show it under.
    """
    return _add(_kernels.histogram_op, name, _convert(values, name="values"), collections, family)


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
    return _add(
        _kernels.image_op, name, _convert(tensor, name="tensor"), collections, family, max_images=max_outputs
    )


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
        raise ValueError(f"Expected tensor {values.name} to have dtype string, got {values.dtype}")
    return _add(_kernels.text_op, name, values, collections, None, _metadata(b"text"))


def tensor_summary(
    name: str,
    tensor: _Any,
    summary_description: _Any = None,
    collections: _Any = None,
    summary_metadata: _Any = None,
    family: str | None = None,
    display_name: str | None = None,
) -> _Tensor:
    """Any tensor as it is.

    Args:
        name: what it is called.
        tensor: the tensor.
        summary_description: accepted for old programs.
        collections: collections to add the result to; the summaries if None.
        summary_metadata: accepted for old programs.
        family: what its name begins with.
        display_name: accepted for old programs.
    """
    return _add(_kernels.text_op, name, _convert(tensor, name="tensor"), collections, family, b"")


def merge(inputs: _Any, collections: _Any = None, name: str | None = None) -> _Tensor:
    """Several summaries as one.

    Args:
        inputs: the summaries.
        collections: collections to add the result to.
        name: the operation's name.
    """
    result = _apply_op(_kernels.merge_op, list(inputs), name=_clean(name) if name else None).outputs[0]
    _add_to_collections(collections or [], result)
    return result


def merge_all(
    key: str = _GraphKeys.SUMMARIES, scope: str | None = None, name: str | None = None
) -> _Tensor | None:
    """All summaries of the graph as one; None if there are none."""
    found = _get_collection(key, scope)
    return merge(found, name=name or "Merge/MergeSummary") if found else None
