"""What is wrong with the inputs of an operation whose kernel has failed without saying so in words of ours."""

from __future__ import annotations

import dis
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import numpy as np

from graphmagic.engine.stand_ins import StandIn
from graphmagic.graph.constants import group_by_argument
from graphmagic.graph.node import Operation
from graphmagic.shapes import TensorShape

__all__ = ["complaint", "has_reason"]


def has_reason(error: BaseException) -> bool:
    """Whether an error comes from a ``raise`` statement that is not NumPy's: then its text was written for people.

    >>> import numpy as np
    >>> try:
    ...     np.zeros(3)[7]
    ... except IndexError as error:
    ...     has_reason(error)
    False
    """
    last: TracebackType | None = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or str(last.tb_frame.f_globals.get("__name__")).partition(".")[0] == "numpy":
        return False
    raising = {i.offset for i in dis.get_instructions(last.tb_frame.f_code) if i.opname == "RAISE_VARARGS"}
    return last.tb_lasti in raising


def complaint(op: Operation, values: Mapping[str, Any]) -> str:
    """What to say about inputs that a kernel could not use.

    Args:
        op: the operation.
        values: the values of its inputs by the names of their tensors, as far as they are known.

    Returns:
        What the rule that infers static shapes objects to, knowing all shapes and values; else all the shapes.
    """
    objection = _objection(op, values)
    if objection is not None:
        return objection
    shapes = [TensorShape(np.shape(values[t.name])).bracketed() for t in op.inputs if t.name in values]
    return f"{op.type} cannot be computed for inputs of these shapes and values: {', '.join(shapes)}"


def _objection(op: Operation, values: Mapping[str, Any]) -> str | None:
    rule = op.opdef.shape_function
    if rule is None or "op" in op.opdef.shape_attrs or any(t.name not in values for t in op.inputs):
        return None
    stands = [StandIn(t.dtype, np.shape(values[t.name]), values[t.name]) for t in op.inputs]
    try:
        rule(*group_by_argument(op, stands), **{key: op.attrs.get(key) for key in op.opdef.shape_attrs})
    except ValueError as error:
        return str(error) if has_reason(error) else None
    except Exception:  # a rule may ask for more than a stand-in has
        return None
    return None
