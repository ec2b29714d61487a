"""Regularizers (``tf.keras.regularizers``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.keras.chosen import chosen
from graphmagic.ops.arithmetic import add, multiply
from graphmagic.ops.elementary import square
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.rounding import abs as abs_

__all__ = ["get", "l1", "l1_l2", "l2"]


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> Callable[[Any], Any]:
    """A function that gives `l1` times the sum of sizes plus `l2` times the sum of squares."""
    return lambda w: add(multiply(reduce_sum(abs_(w)), l1), multiply(reduce_sum(square(w)), l2))


def l1(l: float = 0.01) -> Callable[[Any], Any]:  # noqa: E741 - Keras's name
    """A function that gives `l` times the sum of the sizes of weights."""
    return lambda w: multiply(reduce_sum(abs_(w)), l)


def l2(l: float = 0.01) -> Callable[[Any], Any]:  # noqa: E741 - Keras's name
    """A function that gives `l` times the sum of the squares of weights."""
    return lambda w: multiply(reduce_sum(square(w)), l)


def get(identifier: Any) -> Any:
    """A regularizer by its name."""
    return chosen("regularizer", identifier, {"l1": l1(), "l2": l2(), "l1_l2": l1_l2()})
