"""Reverse-mode differentiation: one backward sweep that adds nodes to the graph.

Source: the reverse mode of Griewank and Walther, "Evaluating Derivatives", 2nd ed., SIAM 2008, chapter 3.  Since
the derivatives are nodes too, they can be drawn, run, and differentiated again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from graphmagic.dtypes import FLOATS, int64, variant
from graphmagic.graph.apply import graph_of
from graphmagic.graph.block import Block
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.enums import UnconnectedGradients
from graphmagic.graph.explain import created_at, with_notes
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.own_gradients import own_gradient
from graphmagic.ops.arithmetic import add_n
from graphmagic.ops.broadcast import unbroadcast
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.constant import constant
from graphmagic.ops.control import tuple_
from graphmagic.ops.fill import fill
from graphmagic.ops.identity import identity
from graphmagic.ops.like import zeros_like
from graphmagic.ops.queries import shape
from graphmagic.ops.variant import add_variants, zeros_of
from graphmagic.shapes import TensorShape

__all__ = ["gradients"]

Gradient = Tensor | IndexedSlices


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: Any = None,
    stop_gradients: Any = None,
    unconnected_gradients: str = UnconnectedGradients.NONE,
) -> list[Any]:
    """The derivatives of the sum of `ys` with respect to each of `xs`, as new nodes of the graph.

    Args:
        ys: a tensor or a list of tensors.
        xs: a tensor or variable, or a list of them.
        grad_ys: for each of `ys` a tensor of its shape to start from; ones where None.
        name: the scope of the nodes made.
        colocate_gradients_with_ops: accepted for old programs.
        gate_gradients: make none of the results available before all are.
        aggregation_method: accepted for old programs.
        stop_gradients: tensors to treat as constants: nothing flows back through the operations that make them.
        unconnected_gradients: what to return for an x that no y depends on: ``"none"`` or ``"zero"``.

    Returns:
        A list with one entry per x: a `Tensor`, an `IndexedSlices` where only some rows of x were used, or None.

    Raises:
        LookupError: an operation on the way has no gradient.
        ValueError: `unconnected_gradients` is neither value.

    >>> import graphmagic as tf
    >>> x = tf.constant(3.0)
    >>> tf.Session().run(tf.gradients(x * x, x))
    [np.float32(6.0)]
    """
    if unconnected_gradients not in ("none", "zero"):
        raise with_notes(
            ValueError(f"Unknown value for unconnected_gradients: {unconnected_gradients!r}"),
            "To fix it: use 'none' or 'zero'.",
        )
    targets, sources = _as_list(ys), _as_list(xs)
    starts = _as_list(grad_ys) if grad_ys is not None else [None] * len(targets)
    if len(starts) != len(targets):
        raise ValueError(f"Length mismatch. Passed {len(starts)} grad_ys for {len(targets)} ys")
    graph = graph_of([*targets, *sources])
    with graph.as_default(), graph.name_scope(name or "gradients"):
        for y in targets:
            _check_present(y)
        y_tensors = [convert_to_tensor(y, name="y") for y in targets]
        x_tensors = [_differentiable_handle(x) for x in sources]
        stops = {
            _differentiable_handle(s).op for s in _as_list([] if stop_gradients is None else stop_gradients)
        }
        first = [_start(y, start, i) for i, (y, start) in enumerate(zip(y_tensors, starts, strict=True))]
        totals = sweep(y_tensors, first, x_tensors, stops)
        results = [totals.get(x) for x in x_tensors]
        if unconnected_gradients == "zero":
            results = [zeros_like(x) if r is None else r for r, x in zip(results, x_tensors, strict=True)]
        return tuple_(results) if gate_gradients else results


def _as_list(items: Any) -> list[Any]:
    return list(items) if isinstance(items, (list, tuple)) else [items]


def _check_present(item: Any) -> None:
    """Refuse None in the words of TensorFlow, which looks for the operation of what it is given."""
    if item is None:
        raise with_notes(
            AttributeError("'NoneType' object has no attribute 'op'"),
            "tf.gradients was given None instead of a tensor.",
        )


def _differentiable_handle(x: Any) -> Tensor:
    """The tensor that collects the gradient of x; for a variable its storage, which all its reads lead to."""
    if getattr(x, "is_graph_variable", False):
        handle: Tensor = x._as_graph_element()
        return handle
    _check_present(x)
    return x.values if isinstance(x, IndexedSlices) else convert_to_tensor(x, name="x")


def sweep(
    ys: Sequence[Tensor],
    starts: Sequence[Gradient],
    xs: Sequence[Tensor],
    stops: Iterable[Operation] = (),
    inside: Block | None = None,
) -> dict[Tensor, Gradient]:
    """Visit the operations between xs and ys from the last to the first, adding up what reaches each tensor.

    Args:
        ys: where to start.
        starts: the gradient of each of them.
        xs: the tensors whose gradients are wanted.
        stops: operations that nothing flows back through.
        inside: visit operations of this block only.

    Returns:
        The gradients of those of `xs` that have one.
    """
    stopped = set(stops)
    between = operations_between(ys, xs, inside)
    pending: dict[Tensor, list[Gradient]] = {}
    for y, start in zip(ys, starts, strict=True):
        pending.setdefault(y, []).append(start)
    wanted = set(xs)
    totals: dict[Tensor, Gradient] = {}
    for op in sorted(between, key=lambda o: o.id, reverse=True):
        received = [_total(pending.pop(t, [])) for t in op.outputs]
        totals.update(
            (t, g) for t, g in zip(op.outputs, received, strict=True) if g is not None and t in wanted
        )
        if inside is not None and op.block is not inside:
            continue
        goes_on = op not in stopped and any(t.op in between for t in op.inputs)
        if goes_on and any(g is not None for g in received):
            for tensor, gradient in _input_gradients(op, received):
                if tensor.op in between:
                    pending.setdefault(tensor, []).append(gradient)
    return totals


def operations_between(
    ys: Iterable[Tensor], xs: Iterable[Tensor], inside: Block | None = None
) -> set[Operation]:
    """The operations that lie on a path from an x to a y, in `inside` if that is given."""
    upstream: set[Operation] = set()
    stack = [y.op for y in ys]
    while stack:
        op = stack.pop()
        if op not in upstream:
            upstream.add(op)
            if inside is None or op.block is inside:
                stack += [t.op for t in op.inputs]
    reached = {x.op for x in xs} & upstream
    for op in sorted(upstream, key=lambda o: o.id):  # inputs are older than the operations that take them
        if op not in reached and any(t.op in reached and is_differentiable(t) for t in op.inputs):
            reached.add(op)
    return reached


def is_differentiable(tensor: Tensor) -> bool:
    """Whether small changes of a tensor are possible: no gradient flows through integers."""
    return tensor.dtype.base_dtype in FLOATS or tensor.dtype.base_dtype is variant


def _start(y: Tensor, given: Any, index: int) -> Gradient:
    if given is None:
        sizes = shape(y)
        with get_default_graph().name_scope(f"grad_ys_{index}") as scope:
            ones = fill(sizes, constant(True if y.dtype.is_bool else 1, y.dtype.base_dtype), name=scope)
        ones.set_shape(y.shape)
        return ones
    if isinstance(given, IndexedSlices):
        return given
    return identity(convert_to_tensor(given, name="grad_y"), name=f"grad_ys_{index}")


def _total(parts: list[Gradient]) -> Gradient | None:
    """The sum of what reached a tensor."""
    if len(parts) < 2:
        return parts[0] if parts else None
    slices = [p for p in parts if isinstance(p, IndexedSlices)]
    if len(slices) == len(parts):
        values = concat([s.values for s in slices], 0)
        rows = [s.indices for s in slices]
        if len({r.dtype.base_dtype for r in rows}) > 1:
            rows = [cast(r, int64) for r in rows]
        return IndexedSlices(values, concat(rows, 0), slices[0].dense_shape)
    tensors = [convert_to_tensor(p) for p in parts]
    return add_variants(tensors) if tensors[0].dtype.base_dtype is variant else add_n(tensors)


def _input_gradients(op: Operation, received: list[Gradient | None]) -> list[tuple[Tensor, Gradient]]:
    """What an operation passes back to each of its inputs."""
    function = _gradient_function(op)
    if function is None:
        return []
    with get_default_graph().name_scope(f"{op.name}_grad"):
        single = op.type in _PASS_SLICES
        dys = [
            _missing(op, t) if g is None else g if single else convert_to_tensor(g)
            for g, t in zip(received, op.outputs, strict=True)
        ]
        result = function(op, *dys)
        grads = list(result) if isinstance(result, (tuple, list)) else [result]
        if len(grads) != len(op.inputs):
            raise ValueError(
                f"Num gradients {len(grads)} generated for op {op.name} do not match num inputs {len(op.inputs)}"
            )
        pairs = [(t, g) for t, g in zip(op.inputs, grads, strict=True) if g is not None]
        return [(t, _fitted(op, t, g)) for t, g in pairs]


# Operations that are told which of their outputs have no gradient.
_PASS_NONE = frozenset({"If", "While", "TensorListPopBack"})


def _missing(op: Operation, tensor: Tensor) -> Tensor | None:
    return None if op.type in _PASS_NONE else zeros_of(tensor)


# Operations whose gradient is what they receive: rows may pass through without becoming dense.
_PASS_SLICES = frozenset({"Identity"})


def _gradient_function(op: Operation) -> Any:
    declared, function = own_gradient(op)
    if declared:
        return function
    if op.opdef.gradient_function is not None:
        return op.opdef.gradient_function
    if not op.opdef.differentiable:
        return None
    raise LookupError(f"No gradient defined for operation '{op.name}' (op type: {op.type})")


def _fitted(op: Operation, tensor: Tensor, gradient: Gradient) -> Gradient:
    """The gradient in the shape of the tensor it belongs to."""
    if isinstance(gradient, IndexedSlices):
        return gradient
    if op.opdef.broadcasts:
        if not _can_have_stretched(tensor.shape, gradient.shape):
            raise _misfit(op, tensor, gradient)
        return unbroadcast(gradient, tensor)
    if tensor.dtype.base_dtype is not variant and not gradient.shape.is_compatible_with(tensor.shape):
        raise _misfit(op, tensor, gradient)
    gradient.set_shape(tensor.shape)
    return gradient


def _can_have_stretched(small: TensorShape, large: TensorShape) -> bool:
    """Whether broadcasting may have made the one shape into the other."""
    if small.ints is None or large.ints is None:
        return True
    pairs = zip(reversed(small.ints), reversed(large.ints), strict=False)
    return len(small.ints) <= len(large.ints) and all(a in (1, None, b) or b is None for a, b in pairs)


def _misfit(op: Operation, tensor: Tensor, gradient: Tensor) -> ValueError:
    """The error of a gradient that does not have the shape of what it belongs to."""
    text = (
        "Incompatible shapes between op input and calculated input gradient. Forward operation: "
        f"{op.name}. Input index: {op.inputs.index(tensor)}. Original input shape: {tensor.shape}. "
        f"Calculated input gradient shape: {gradient.shape}"
    )
    return with_notes(ValueError(text), created_at(op))
