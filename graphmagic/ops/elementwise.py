"""How element-wise operations are declared, and how functions become their kernels."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.broadcast import broadcast_shape, same_shape

__all__ = ["declare_binary", "declare_unary", "in_float64", "mapped"]


def declare_binary(
    name: str, kernel: Any, types: Any = dtypes.NUMBERS, inputs: tuple[str, str] = ("x", "y"), **flags: Any
) -> OpDef:
    """Declare an element-wise operation on two tensors of one type."""
    signature = f"{inputs[0]}:T, {inputs[1]}:T -> z:T"
    opdef = OpDef(
        name, signature, kernel=kernel, types={"T": types}, elementwise=True, broadcasts=True, **flags
    )
    opdef.shape_rule(broadcast_shape)
    return opdef


def declare_unary(name: str, kernel: Any, types: Any = dtypes.FLOATS, **flags: Any) -> OpDef:
    """Declare an element-wise operation on one tensor."""
    opdef = OpDef(name, "x:T -> y:T", kernel=kernel, types={"T": types}, elementwise=True, **flags)
    opdef.shape_rule(same_shape)
    return opdef


def in_float64(function: Any) -> Any:
    """A kernel that computes with float64 and returns the type of its arguments.

    >>> in_float64(np.sqrt)(np.array([4.0], np.float32))
    array([2.], dtype=float32)
    """

    def kernel(*arrays: Any) -> Any:
        result = function(*[np.asarray(a, np.float64) for a in arrays])
        return np.asarray(result).astype(arrays[0].dtype)

    return kernel


def mapped(function: Any) -> Any:
    """A function of one number, applied to every element of a float64 array.

    >>> import math
    >>> mapped(math.erf)(np.array([0.0, 1.0])).round(4)
    array([0.    , 0.8427])
    """

    def of_array(x: Any) -> Any:
        values = map(function, np.ravel(x).tolist())
        return np.fromiter(values, np.float64, np.size(x)).reshape(np.shape(x))

    return of_array
