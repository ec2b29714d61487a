"""The signatures of all public functions and of the methods of public classes, of any module with TensorFlow's names."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

__all__ = ["FILE", "all_signatures"]

FILE = Path(__file__).resolve().parents[1] / "oracle" / "signatures.json"
SPACES = (
    "",
    *(
        "bitwise",
        "data",
        "debugging",
        "gfile",
        "graph_util",
        "initializers",
        "io",
        "layers",
        "linalg",
        "losses",
    ),
    *(
        "manip",
        "math",
        "metrics",
        "nest",
        "nn",
        "nn.rnn_cell",
        "python_io",
        "queue",
        "random",
        "sets",
        "sparse",
    ),
    *("strings", "summary", "test", "train"),
)
CLASSES = (
    *("DType", "Dimension", "Graph", "IndexedSlices", "InteractiveSession", "Operation", "Session"),
    *("SparseTensor", "Tensor", "TensorArray", "TensorShape", "Variable", "VariableScope"),
    *("FIFOQueue", "PaddingFIFOQueue", "PriorityQueue", "RandomShuffleQueue"),
    *("TextLineReader", "TFRecordReader", "WholeFileReader", "IdentityReader", "FixedLengthRecordReader"),
    *("train.AdamOptimizer", "train.Coordinator", "train.ExponentialMovingAverage"),
    *("train.GradientDescentOptimizer", "train.MomentumOptimizer", "train.QueueRunner", "train.Saver"),
    *(
        "nn.rnn_cell.BasicLSTMCell",
        "nn.rnn_cell.DropoutWrapper",
        "nn.rnn_cell.GRUCell",
        "nn.rnn_cell.LSTMCell",
    ),
    *("nn.rnn_cell.MultiRNNCell", "nn.rnn_cell.RNNCell"),
    *("data.Dataset", "data.Iterator", "layers.Dense", "layers.Layer", "summary.FileWriter"),
)


def all_signatures(tf: Any) -> dict[str, str]:
    """``{"name": "parameter, parameter=default"}``; a property is called ``"property"``."""
    return dict([*_functions(tf), *_methods(tf)])


def _functions(tf: Any) -> Iterator[tuple[str, str]]:
    for space in SPACES:
        module = attrgetter(space)(tf) if space else tf
        for name in sorted(dir(module)):
            member = None if name.startswith("_") else getattr(module, name)
            if callable(member) and not inspect.ismodule(member):
                text = _text(member)
                if text is not None:
                    yield f"{space}.{name}".lstrip("."), text


def _methods(tf: Any) -> Iterator[tuple[str, str]]:
    for path in CLASSES:
        owner = attrgetter(path)(tf)
        for name in sorted(dir(owner)):
            if name.startswith("_") and name != "__call__":
                continue
            member = inspect.getattr_static(owner, name)
            if isinstance(member, property) or not callable(getattr(owner, name)):
                yield f"{path}.{name}", "property"
                continue
            text = _text(getattr(owner, name))
            if text is not None:
                yield f"{path}.{name}", text


def _text(function: Any) -> str | None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # an exception class that inherits its constructor, and the like
        return None
    return ", ".join(map(_parameter, signature.parameters.values()))


def _parameter(parameter: inspect.Parameter) -> str:
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        return "*"
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:
        return "**"
    if parameter.default is inspect.Parameter.empty:
        return parameter.name
    return f"{parameter.name}={_default(parameter.default)}"


def _default(value: Any) -> str:
    """A default value, the same text for a list and a tuple, and for any object that says nothing about itself."""
    if isinstance(value, (list, tuple)):
        return f"({', '.join(map(_default, value))})"
    text = str(value.__name__) if inspect.isclass(value) or inspect.isfunction(value) else repr(value)
    return "..." if " object at " in text or len(text) > 60 else text
