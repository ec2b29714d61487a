"""The one-line signatures of operations: names and types of inputs and outputs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from graphmagic import dtypes
from graphmagic.dtypes import DType

__all__ = ["Arg", "parse"]


@dataclass(frozen=True, slots=True)
class Arg:
    """One input or output: a tensor, ``N`` tensors of one type, or a list of tensors of any types."""

    name: str
    dtype: DType | None  # a fixed type ...
    type_attr: str  # ... or the attribute that holds it
    number_attr: str = ""
    is_type_list: bool = False
    is_ref: bool = False

    @property
    def is_list(self) -> bool:
        """Whether the argument is a list of tensors."""
        return bool(self.number_attr) or self.is_type_list


def parse(signature: str) -> tuple[tuple[Arg, ...], tuple[Arg, ...]]:
    """Read a signature.

    Args:
        signature: ``inputs -> outputs``; each ``name:type``, where type is a type's name, an attribute (``T``),
            ``N*T`` for a list of one type, ``[T]`` for a list of any types, ``&T`` for a variable itself.

    Returns:
        The inputs and the outputs.

    >>> inputs, outputs = parse("values:N*T, axis:int32 -> output:T")
    >>> [(a.name, a.type_attr, a.number_attr, a.dtype) for a in inputs]
    [('values', 'T', 'N', None), ('axis', '', '', tf.int32)]
    """
    left, _, right = signature.partition("->")
    return _parse_side(left), _parse_side(right)


def _parse_side(text: str) -> tuple[Arg, ...]:
    return tuple([_parse_arg(part.strip()) for part in text.split(",") if part.strip()])


@cache
def _parse_arg(text: str) -> Arg:
    match = re.fullmatch(r"(\w+):(&?)(?:(\w+)\*)?(\[?)(\w+)\]?", text)
    if match is None:
        raise ValueError(f"{text!r} is no argument of a signature; write name:type")
    name, ref, number, bracket, kind = match.groups()
    fixed = vars(dtypes).get(kind) if kind[0].islower() else None
    return Arg(name, fixed, "" if fixed else kind, number or "", bool(bracket), bool(ref))
