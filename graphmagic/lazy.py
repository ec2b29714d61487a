"""Parts of graphmagic that are loaded when they are first used."""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec
from typing import Any

from graphmagic.names import namespace

__all__ = ["NAMES", "find"]

# Where names of `tf` live that `import graphmagic` does not load.
NAMES = {
    **dict.fromkeys(
        ("FIFOQueue", "QueueBase", "RandomShuffleQueue", "PriorityQueue", "PaddingFIFOQueue"), "queues"
    ),
    **dict.fromkeys(
        (
            *("ReaderBase", "TextLineReader", "TFRecordReader", "WholeFileReader", "IdentityReader"),
            "FixedLengthRecordReader",
        ),
        "readers",
    ),
    **dict.fromkeys(("FixedLenFeature", "VarLenFeature", "parse_example", "parse_single_example"), "parsing"),
    **dict.fromkeys(("read_file", "write_file", "matching_files", "decode_compressed"), "files"),
    **dict.fromkeys(("Summary", "SummaryMetadata", "HistogramProto", "Event"), "summary"),
    **dict.fromkeys(
        ("disable_v2_behavior", "disable_eager_execution", "executing_eagerly", "disable_v2_tensorshape"),
        "switches",
    ),
    **dict.fromkeys(("disable_resource_variables", "enable_resource_variables"), "switches"),
    **dict.fromkeys(
        (
            *("VERSION", "GIT_VERSION", "COMPILER_VERSION", "GRAPH_DEF_VERSION"),
            *("GRAPH_DEF_VERSION_MIN_CONSUMER", "GRAPH_DEF_VERSION_MIN_PRODUCER"),
        ),
        "version",
    ),
    **dict.fromkeys(("NodeDef", "GraphDef", "AttrValue", "NameAttrList", "RunMetadata"), "protos"),
}
# Namespaces of `tf` that `import graphmagic` does not load.
PARTS = frozenset(
    [
        "app",
        "client",
        "compat",
        "contrib",
        "data",
        "debugging",
        "distributions",
        "draw",
        "estimator",
        "feature_column",
        "flags",
        "gfile",
        "image",
        "io",
        "keras",
        "layers",
        "legacy",
        "logging",
        "losses",
        "manip",
        "metrics",
        "python_io",
        "queue",
        "sets",
        "sparse",
        "summary",
        "test",
        "version",
    ]
)
_other_name, _ = namespace("graphmagic")


def find(name: str) -> Any:
    """A name of `tf` that is not loaded yet.

    Raises:
        UnsupportedNameError: graphmagic does not have it; the text says what to use.

    >>> find("gfile").Exists("no such file")
    False
    >>> find("enable_eager_execution")
    Traceback (most recent call last):
        ...
    graphmagic.names.UnsupportedNameError: graphmagic has no 'tf.enable_eager_execution': it is a name of ...
    """
    package: Any = sys.modules["graphmagic"]
    if name.startswith("_"):
        raise AttributeError(f"module 'graphmagic' has no attribute {name!r}")
    if name in NAMES and find_spec(f"graphmagic.{NAMES[name]}") is not None:
        value = getattr(importlib.import_module(f"graphmagic.{NAMES[name]}"), name)
        setattr(package, name, value)
        return value
    if name in PARTS and find_spec(f"graphmagic.{name}") is not None:
        return importlib.import_module(f"graphmagic.{name}")
    return _other_name(name)
