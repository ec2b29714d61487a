"""The operations by which optimizers update variables: one step function gives the dense and the sparse variant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import merged_shape
from graphmagic.shapes import TensorShape

__all__ = ["UpdateOps", "update_op", "update_ops"]

Step = Callable[..., Any]


class UpdateOps(NamedTuple):
    """The two variants of an update, as `OpDef`."""

    dense: OpDef
    sparse: OpDef


def update_ops(name: str, signature: str, **attrs: Any) -> Callable[[Step], UpdateOps]:
    """Declare ``Apply<name>`` and ``SparseApply<name>`` by what they make of old values.

    Args:
        name: the optimizer's name in the types of operations.
        signature: the inputs of the dense variant; those of type ``&T`` are changed, ``grad`` (or ``delta``) is the
            gradient.  The sparse variant has ``indices`` after the gradient.
        **attrs: default values of attributes, which the step takes by keyword.

    Returns:
        A decorator for the step, which takes arrays and returns the new value of each input that is changed.  It
        must be elementwise: the sparse variant passes only the rows that have a gradient.

    >>> @update_ops("ExampleStep", "var:&T, lr:T, grad:T")
    ... def example_step(var, lr, grad):
    ...     return var - lr * grad
    >>> [op.name for op in example_step]
    ['ApplyExampleStep', 'SparseApplyExampleStep']
    """
    inputs, changed, place = _read(signature)

    def declare(step: Step) -> UpdateOps:
        sparse_inputs = [*inputs[:place], "grad:T", "indices:Tindices", *inputs[place + 1 :]]
        sparse = _declare(f"SparseApply{name}", sparse_inputs, attrs)
        _define_sparse(sparse, step, changed, place)
        return UpdateOps(update_op(name, signature, **attrs)(step), sparse)

    return declare


def update_op(name: str, signature: str, **attrs: Any) -> Callable[[Step], OpDef]:
    """Declare ``Apply<name>`` alone; arguments as `update_ops`."""
    inputs, changed, place = _read(signature)

    def declare(step: Step) -> OpDef:
        dense = _declare(f"Apply{name}", inputs, attrs)
        _define_dense(dense, step, changed, place)
        return dense

    return declare


def _read(signature: str) -> tuple[list[str], int, int]:
    """The inputs, how many of them are changed, and which one is the gradient."""
    inputs = signature.split(", ")
    place = next(i for i, text in enumerate(inputs) if text.split(":")[0] in ("grad", "delta"))
    return inputs, sum(":&" in text for text in inputs), place


def _declare(name: str, inputs: list[str], attrs: dict[str, Any]) -> OpDef:
    types: dict[str, Any] = {"T": dtypes.REAL_FLOATS}
    if "indices:Tindices" in inputs:
        types["Tindices"] = dtypes.INDICES
    return OpDef(
        name,
        f"{', '.join(inputs)} -> out:&T",
        types=types,
        defaults={"use_locking": False, **attrs},
        writes=True,
        differentiable=False,
    )


def _define_dense(opdef: OpDef, step: Step, changed: int, place: int) -> None:
    grad_name = opdef.inputs[place].name

    def kernel(*arrays: Any, **keywords: Any) -> Any:
        var, grad = arrays[0], arrays[place]
        if np.shape(var) != np.shape(grad):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"var and {grad_name} do not have the same shape{shape_text(var)} {shape_text(grad)}",
            )
        return step(*arrays, **keywords)

    def shape(*tensors: Tensor) -> TensorShape:
        merged = _merged_states(tensors, changed)
        return merged_shape(merged, tensors[place].shape)

    _define(opdef, kernel, shape)
    opdef.step(step)


def _define_sparse(opdef: OpDef, step: Step, changed: int, place: int) -> None:
    def change(*arrays: Any, **keywords: Any) -> None:
        states, grad, indices = arrays[:changed], arrays[place], arrays[place + 1]
        _check_rows(states[0], grad, indices)
        others = (*arrays[changed : place + 1], *arrays[place + 2 :])
        rows = step(*[state[indices] for state in states], *others, **keywords)
        for state, new in zip(states, rows if changed > 1 else (rows,), strict=True):
            state[indices] = new

    def kernel(*arrays: Any, **keywords: Any) -> Any:
        new = [np.array(state) for state in arrays[:changed]]
        change(*new, *arrays[changed:], **keywords)
        return tuple(new) if changed > 1 else new[0]

    def shape(*tensors: Tensor) -> TensorShape:
        merged = _merged_states(tensors, changed)
        _check_row_shapes(merged, tensors[place].shape, tensors[place + 1].shape)
        return merged

    _define(opdef, kernel, shape)
    opdef.changes_rows(change)


def _check_row_shapes(var: TensorShape, grad: TensorShape, indices: TensorShape) -> None:
    if indices.ndims not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {indices.ndims}")
    if not grad.ints:
        return
    count, rows = (indices.ints or (None,))[0], grad.ints[0]
    if None not in (count, rows) and count != rows:
        raise ValueError(f"Dimensions must be equal, but are {count} and {rows}")
    merged_shape(var, TensorShape([None, *grad.ints[1:]]))


def _define(opdef: OpDef, kernel: Step, shape: Step) -> None:
    opdef.kernel(kernel)
    opdef.kernel_attrs = tuple(key for key in opdef.defaults if key != "use_locking")
    opdef.shape_rule(shape)


def _merged_states(tensors: tuple[Tensor, ...], changed: int) -> TensorShape:
    merged = tensors[0].shape
    for state in tensors[1:changed]:
        merged = merged_shape(merged, state.shape)
    return merged


def _check_rows(var: Any, grad: Any, indices: Any) -> None:
    if np.ndim(indices) != 1:
        raise errors.InvalidArgumentError(None, None, "indices must be one-dimensional")
    if np.shape(grad)[:1] != np.shape(indices):
        raise errors.InvalidArgumentError(
            None, None, "grad must be the same size as indices in the first dimension."
        )
    for axis, (rows, size) in enumerate(zip(np.shape(grad)[1:], np.shape(var)[1:], strict=True), start=1):
        if rows != size:
            raise errors.InvalidArgumentError(None, None, f"var and grad must match in dimension {axis}")
    outside = (indices < 0) | (indices >= len(var))
    if outside.any():
        at = int(np.argmax(outside))
        raise errors.InvalidArgumentError(
            None, None, f"Index {indices[at]} at offset {at} in indices is out of range"
        )
