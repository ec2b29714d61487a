"""Choosing what to run: `tf.cond`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic import nest
from graphmagic.dtypes import bool as bool_
from graphmagic.graph.block import Block, building
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import Graph, get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.parts import flat_tensors, from_tensors
from graphmagic.ops.branches import make_if, merge
from graphmagic.ops.control import with_dependencies
from graphmagic.ops.identity import identity

__all__ = ["cond"]


def cond(
    pred: Any,
    true_fn: Callable[[], Any] | None = None,
    false_fn: Callable[[], Any] | None = None,
    strict: bool = False,
    name: str | None = None,
    fn1: Any = None,
    fn2: Any = None,
) -> Any:
    """The value of one of two functions, as a predicate decides when the graph runs.

    Both functions are called once, now, to build their part of the graph.  When it runs, only the operations that
    one of them made are executed; what was made outside runs in any case.

    Args:
        pred: a boolean scalar tensor.
        true_fn: makes what to compute if it is true.
        false_fn: makes what to compute if it is false; a result of the same structure and types.
        strict: return a list of one tensor as such instead of the tensor.
        name: the scope of what is made.
        fn1: an old name of `true_fn`.
        fn2: an old name of `false_fn`.

    Returns:
        What the functions return, with tensors that have the value of one or the other.  An operation counts as a
        boolean tensor: the predicate.

    Raises:
        TypeError: an argument has the wrong type, or the results have different types.
        ValueError: the results have different structures, or there are none.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32)
    >>> root = tf.cond(x >= 0.0, lambda: tf.sqrt(x), lambda: tf.zeros([]))
    >>> tf.Session().run(root, {x: 9.0}), tf.Session().run(root, {x: -9.0})
    (np.float32(3.0), np.float32(0.0))
    """
    true_fn, false_fn = _function("true_fn", true_fn, "fn1", fn1), _function("false_fn", false_fn, "fn2", fn2)
    graph = get_default_graph()
    with graph.name_scope(name or "cond") as scope:
        if isinstance(pred, bool):
            raise TypeError("'pred' must not be a Python bool.")
        tensor = _predicate(graph, pred, scope)
        graph.spared += 4  # Switch, switch_t, switch_f, pred_id
        then, then_result = _branch(graph, "then_branch", true_fn, tensor, "true_fn")
        otherwise, else_result = _branch(graph, "else_branch", false_fn, tensor, "false_fn")
        if not strict:
            then_result, else_result = _single(then_result), _single(else_result)
        nest.assert_same_structure(then_result, else_result)
        if not then.outputs:
            raise ValueError("'true_fn' and 'false_fn' must return at least one result.")
        for a, b in zip(then.outputs, otherwise.outputs, strict=True):
            if a.dtype.base_dtype is not b.dtype.base_dtype:
                raise ValueError(
                    "Outputs of 'true_fn' and 'false_fn' must have the same type(s). "
                    f"Received {a.dtype.name} from 'true_fn' and {b.dtype.name} from 'false_fn'."
                )
        op = make_if(tensor, then, otherwise, f"{scope}Switch/")
        graph.spared -= 1  # the operation just made
        return from_tensors(then_result, [merge(t) for t in op.outputs])


def _function(name: str, function: Any, old_name: str, old: Any) -> Callable[[], Any]:
    if old is not None:
        if function is not None:
            raise TypeError(f"cond(): '{name}' and '{old_name}' may not be set simultaneously.")
        function = old
    if function is None:
        raise TypeError(f"cond(): '{name}' argument required")
    if not callable(function):
        raise TypeError(f"'{name}' must be callable.")
    return function  # type: ignore[no-any-return]


def _predicate(graph: Graph, pred: Any, scope: str) -> Tensor:
    tensor = convert_to_tensor(pred, name="data")
    if tensor.dtype.base_dtype is not bool_:
        raise TypeError(
            f"Input 'pred' of 'Switch' Op has type {tensor.dtype.base_dtype.name} "
            "that does not match expected type of bool."
        )
    if tensor.shape.ndims not in (None, 0):
        name, shape = tensor.op.name if tensor.value_index == 0 else tensor.name, tensor.shape.bracketed()
        raise ValueError(
            f"Shape must be rank 0 but is rank {tensor.shape.ndims} for '{{{{node {scope}Switch}}}} = "
            f"Switch[T=DT_BOOL]({name}, {name})' with input shapes: {shape}, {shape}."
        )
    return tensor


def _branch(
    graph: Graph, kind: str, function: Callable[[], Any], pred: Tensor, name: str
) -> tuple[Block, Any]:
    """Build one branch: the block, and the result with operations replaced by tensors."""
    block = Block(kind, graph.block)
    with building(graph, block):
        result = function()
        if result is None:
            raise ValueError(f"'{name}' must have a return value.")
        result = nest.map_structure(lambda leaf: _as_value(leaf, pred), result)
        for tensor in flat_tensors(result):
            block.outputs.append(identity(tensor) if tensor.dtype.is_ref_dtype else graph.own(tensor, kind))
            if tensor.op.block is block:
                graph.spared -= tensor.dtype.is_ref_dtype  # TensorFlow needs no Identity
            elif tensor not in block.seen:
                graph.spared += 1
    return block, result


def _as_value(leaf: Any, pred: Tensor) -> Any:
    """A result of a branch; an operation stands for the predicate, once it has run."""
    return with_dependencies([leaf], pred) if isinstance(leaf, Operation) else leaf


def _single(result: Any) -> Any:
    while isinstance(result, (list, tuple)) and len(result) == 1 and not hasattr(result, "_fields"):
        result = result[0]
    return result
