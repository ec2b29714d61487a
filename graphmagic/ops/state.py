"""The operations behind variables: storage, reading and writing.

A VariableV2 has no value of its own: its output, of a *ref* type, stands for storage that each session has for
itself.  Reading is an Identity of it; writing operations take it as their first input.  The engine implements
storage, so the kernels here are the pure part: what a write makes of the old and the new value.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.shapes import TensorShape, as_shape

variable_op = OpDef("VariableV2", " -> ref:&dtype", stateful=True, differentiable=False)


@variable_op.shape_rule
def variable_shape(*, shape: TensorShape) -> TensorShape:
    return shape


def variable(shape: Any, dtype: Any, name: str | None) -> Tensor:
    """The storage of a variable."""
    return apply_op(
        variable_op, name=name, dtype=dtype, shape=as_shape(shape), container="", shared_name=""
    ).outputs[0]


def _write(name: str, types: Any = dtypes.ALL, **extra: Any) -> OpDef:
    return OpDef(
        name,
        "ref:&T, value:T -> output_ref:&T",
        types={"T": types},
        defaults={"use_locking": False, **extra},
        writes=True,
        differentiable=False,
    )


def _text(shape: Any) -> str:
    return "[" + ",".join(map(str, shape)) + "]"


# ----- assign -----

assign_op = _write("Assign", validate_shape=True)


@assign_op.kernel
def assign_kernel(old: Any, new: Any, *, op: Operation) -> Any:
    declared = op.inputs[0].shape.ints
    if (
        op.attrs["validate_shape"]
        and declared is not None
        and np.shape(new) != declared
        and None not in declared
    ):
        raise errors.InvalidArgumentError(
            None,
            None,
            "Assign requires shapes of both tensors to match. "
            f"lhs shape= {_text(declared)} rhs shape= {_text(np.shape(new))}",
        )
    return new


@assign_op.shape_rule
def assign_shape(ref: Tensor, value: Tensor, *, validate_shape: bool) -> TensorShape:
    if not validate_shape:
        return value.shape
    return _merged(ref.shape, value.shape)


def _merged(a: TensorShape, b: TensorShape) -> TensorShape:
    if a.ints is None or b.ints is None:
        return a.merge_with(b)
    if len(a.ints) != len(b.ints):
        raise ValueError(f"Shapes must be equal rank, but are {len(a.ints)} and {len(b.ints)}")
    for index, (x, y) in enumerate(zip(a.ints, b.ints, strict=True)):
        if x is not None and y is not None and x != y:
            raise ValueError(
                f"Dimension {index} in both shapes must be equal, but are {x} and {y}. "
                f"Shapes are {a.bracketed()} and {b.bracketed()}."
            )
    return a.merge_with(b)


# ----- assign_add, assign_sub -----


def _update(name: str, combine: Any) -> OpDef:
    opdef = _write(name, dtypes.NUMBERS)

    def kernel(old: Any, delta: Any) -> Any:
        if np.shape(old) != np.shape(delta):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"variable and update tensors must have the same shape: {_text(np.shape(old))} vs. {_text(np.shape(delta))}",
            )
        return combine(old, delta)

    opdef.kernel(kernel)
    opdef.shape_rule(lambda ref, value: _merged(ref.shape, value.shape))
    return opdef


assign_add_op = _update("AssignAdd", np.add)
assign_sub_op = _update("AssignSub", np.subtract)

gradient_descent_op = OpDef(
    "ApplyGradientDescent",
    "var:&T, alpha:T, delta:T -> out:&T",
    types={"T": dtypes.REAL_FLOATS},
    defaults={"use_locking": False},
    writes=True,
    differentiable=False,
)


@gradient_descent_op.kernel
def gradient_descent_kernel(var: Any, alpha: Any, delta: Any) -> Any:
    return np.subtract(var, np.multiply(alpha, delta))


@gradient_descent_op.shape_rule
def gradient_descent_shape(var: Tensor, alpha: Tensor, delta: Tensor) -> TensorShape:
    return _merged(var.shape, delta.shape)


# ----- scatter: write some rows -----


def _scatter(name: str, put: Any) -> OpDef:
    opdef = OpDef(
        name,
        "ref:&T, indices:Tindices, updates:T -> output_ref:&T",
        types={"Tindices": dtypes.INDICES},
        defaults={"use_locking": False},
        writes=True,
        differentiable=False,
    )

    def kernel(old: Any, indices: Any, updates: Any) -> Any:
        from graphmagic.ops.gather import check_indices

        check_indices(indices, old.shape[0])
        new = np.array(old)
        put(new, indices, updates)
        return new

    opdef.kernel(kernel)
    opdef.shape_rule(lambda ref, indices, updates: ref.shape)
    return opdef


scatter_update_op = _scatter("ScatterUpdate", lambda new, indices, updates: new.__setitem__(indices, updates))
scatter_add_op = _scatter("ScatterAdd", np.add.at)
scatter_sub_op = _scatter("ScatterSub", np.subtract.at)


# ----- asking -----

is_initialized_op = OpDef(
    "IsVariableInitialized", "ref:&dtype -> is_initialized:bool", stateful=True, differentiable=False
)


@is_initialized_op.kernel
def is_initialized_kernel(*, op: Operation, state: Any) -> Any:
    return np.bool_(state.is_initialized(op.inputs[0]))


is_initialized_op.shape_rule(lambda ref: TensorShape([]))


read_or_op = OpDef("ReadVariableOr", "ref:&T, default:T -> value:T", stateful=True, differentiable=False)


@read_or_op.kernel
def read_or_kernel(default: Any, *, op: Operation, state: Any) -> Any:
    """The variable's value, or `default` where it has none yet in this session."""
    return state.read(op.inputs[0]) if state.is_initialized(op.inputs[0]) else default


read_or_op.shape_rule(lambda ref, default: ref.shape)
