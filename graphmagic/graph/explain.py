"""The lines that errors carry as notes: where things were created, and what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import TypeVar

from graphmagic.graph.node import Operation, Tensor

__all__ = ["created_at", "input_shapes", "near_names", "python_name", "with_notes"]

E = TypeVar("E", bound=Exception)

MAX_NAMES = 5000  # comparing strings takes about 5 us a name


def with_notes(error: E, *notes: str) -> E:
    """`error` with PEP 678 notes; empty ones are left out.

    >>> with_notes(ValueError("wrong"), "x was created at cell In[1], line 1", "").__notes__
    ['x was created at cell In[1], line 1']
    """
    for note in notes:
        if note:
            error.add_note(note)
    return error


def created_at(op: Operation) -> str:
    """A line that says where an operation was created.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, name="x")
    >>> created_at(x.op).split(" at ")[0]
    'x (Placeholder) was created'
    """
    return f"{op.name} ({op.type}) was created at {_where(op)}"


def _where(op: Operation) -> str:
    source = op.site.line_text
    return f"{op.site}: {source}" if source else str(op.site)


def input_shapes(op: Operation) -> list[str]:
    """For each input of an operation a line with its static shape and where it was created.

    >>> import graphmagic as tf
    >>> total = tf.zeros([2, 3], name="a") + tf.placeholder(tf.float32, name="b")
    >>> [line.split(" (created")[0] for line in input_shapes(total.op)]
    ['a:0 has shape (2, 3)', 'b:0 has shape <unknown>']
    """
    return [
        f"{tensor.name} has shape {tensor.shape} (created at {_where(tensor.op)})"
        for tensor in dict.fromkeys(op.inputs)
    ]


def python_name(tensor: Tensor) -> str:
    """What the user's program calls a placeholder, if the line that made it tells; else its name in quotes.

    >>> import graphmagic as tf
    >>> python_name(tf.zeros([2], name="nothing"))
    "'nothing:0'"
    """
    match = re.match(r"(\w+)\s*=\s*[\w.]*placeholder\w*\(", tensor.op.site.line_text)
    return match[1] if match else repr(tensor.name)


def near_names(name: str, names: Iterable[str]) -> str:
    """A line with the names most like `name`, or nothing.

    >>> near_names("wieghts", ["weights", "loss"])
    "Did you mean 'weights'?"
    """
    matches = difflib.get_close_matches(name, list(names)[:MAX_NAMES], n=3)
    return f"Did you mean {' or '.join(map(repr, matches))}?" if matches else ""
