"""Operations on the bits of integers."""

from __future__ import annotations

from graphmagic.names import namespace as _namespace
from graphmagic.ops.bitwise import bitwise_and, bitwise_or, bitwise_xor, invert, left_shift, right_shift

__all__ = [
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "invert",
    "left_shift",
    "right_shift",
]

__getattr__, __dir__ = _namespace(__name__)
