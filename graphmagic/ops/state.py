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
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import merged_shape
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
            f"lhs shape= {TensorShape(declared).bracketed()} rhs shape= {shape_text(new)}",
        )
    return new


@assign_op.shape_rule
def assign_shape(ref: Tensor, value: Tensor, *, validate_shape: bool) -> TensorShape:
    if not validate_shape:
        return value.shape
    return merged_shape(ref.shape, value.shape)


# ----- assign_add, assign_sub -----


def _update(name: str, combine: Any) -> OpDef:
    opdef = _write(name, dtypes.NUMBERS)

    def kernel(old: Any, delta: Any) -> Any:
        if np.shape(old) != np.shape(delta):
            raise errors.InvalidArgumentError(None, None, "Parameters and update must be the same size")
        return combine(old, delta)

    opdef.kernel(kernel)
    opdef.shape_rule(lambda ref, value: merged_shape(ref.shape, value.shape))
    return opdef


assign_add_op = _update("AssignAdd", np.add)
assign_sub_op = _update("AssignSub", np.subtract)

# ----- counting -----

count_up_to_op = OpDef(
    "CountUpTo", "ref:&T -> output:T", types={"T": dtypes.INDICES}, writes=True, differentiable=False
)


@count_up_to_op.kernel
def count_up_to_kernel(old: Any, *, limit: int) -> Any:
    if np.ndim(old):
        raise errors.InvalidArgumentError(None, None, f"input is not a scalar: {shape_text(old)}")
    if old >= limit:
        raise errors.OutOfRangeError(None, None, f"Reached limit of {limit}")
    return old + old.dtype.type(1)


@count_up_to_op.shape_rule
def count_up_to_shape(ref: Tensor) -> TensorShape:
    if ref.shape.ndims not in (None, 0):
        raise ValueError(f"Shape must be rank 0 but is rank {ref.shape.ndims}")
    return TensorShape([])


def count_up_to(ref: Any, limit: int, name: str | None = None) -> Tensor:
    """The value of a variable, which is then increased by one, until it has reached a limit.

    Args:
        ref: the variable, a scalar int32 or int64.
        limit: the first value that is an error.
        name: the operation's name.

    Returns:
        A `Tensor`: the value before the increase.

    Raises:
        ValueError: the variable is no scalar.
        OutOfRangeError: the limit is reached, when the graph runs.

    >>> import graphmagic as tf
    >>> v, sess = tf.Variable(0), tf.Session()
    >>> sess.run(v.initializer)
    >>> count = tf.count_up_to(v, 2)
    >>> sess.run(count), sess.run(count)
    (np.int32(0), np.int32(1))
    """
    return apply_op(count_up_to_op, ref, name=name, limit=limit).outputs[0]


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
