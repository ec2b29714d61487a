"""Texts that ask, while a plan runs, whether nobody else refers to an array that a variable holds."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from graphmagic.engine.memory import ALONE, is_recyclable, owns_memory

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["is_held_once", "is_spare", "writable"]


def is_spare(plan: Specialised, name: str) -> str:
    """Whether only the local variable `name` refers to an array, which was a variable's."""
    if "recycle" not in plan.rules:
        return "True"
    return f"{plan.bind(sys.getrefcount)}({name}) == {ALONE} and {plan.bind(is_recyclable)}({name})"


def is_held_once(plan: Specialised, name: str) -> str:
    """Whether only a variable and the local variable `name` refer to an array, which is one of the engine's own."""
    if "recycle" not in plan.rules:
        return "True"
    return f"{plan.bind(sys.getrefcount)}({name}) == {ALONE + 1} and {plan.bind(is_recyclable)}({name})"


def writable(plan: Specialised, name: str) -> str:
    """The array itself if only a variable and the local variable `name` refer to it, else a copy."""
    if "recycle" not in plan.rules:
        return name
    count, owns = plan.bind(sys.getrefcount), plan.bind(owns_memory)
    return f"{name} if {count}({name}) == {ALONE + 1} and {owns}({name}) else {plan.bind(np.array)}({name})"
