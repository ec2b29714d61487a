"""Choosing among several functions: `tf.case`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from graphmagic.dtypes import bool as bool_
from graphmagic.dtypes import int32
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.asserting import Assert
from graphmagic.ops.casting import cast
from graphmagic.ops.cond import cond
from graphmagic.ops.constant import constant
from graphmagic.ops.logic import less_equal
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.stacking import stack

__all__ = ["case"]


def case(
    pred_fn_pairs: Any,
    default: Callable[[], Any] | None = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str = "case",
) -> Any:
    """The value of the first function whose predicate holds when the graph runs.

    Args:
        pred_fn_pairs: pairs of a boolean scalar tensor and a function without arguments, or a dictionary of them.
        default: the function to take if no predicate holds; without one that is an error.
        exclusive: whether it is an error that two predicates hold.
        strict: return a list of one tensor as such instead of the tensor.
        name: the scope of what is made.

    Returns:
        What the functions return, as in `tf.cond`.

    Raises:
        TypeError: an argument has the wrong type.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.int32, [])
    >>> word = tf.case([(x < 0, lambda: "less"), (x > 0, lambda: "more")], default=lambda: "zero")
    >>> [tf.Session().run(word, {x: value}) for value in (-5, 5, 0)]
    [b'less', b'more', b'zero']
    """
    predicates, functions = _checked(pred_fn_pairs)
    graph = get_default_graph()
    with graph.name_scope(name):
        if default is None:
            default = _default(predicates, functions[-1])
            predicates_left, functions_left = predicates[:-1], functions[:-1]
        else:
            predicates_left, functions_left = predicates, functions
        chosen = default
        for predicate, function in reversed(list(zip(predicates_left, functions_left, strict=True))):
            chosen = partial(cond, predicate, true_fn=function, false_fn=chosen, strict=strict)
        if not exclusive:
            return chosen()
        with graph.control_dependencies([_at_most(1, predicates, "Input error: exclusive=True")]):
            return chosen()


def _checked(pairs: Any) -> tuple[list[Tensor], list[Callable[[], Any]]]:
    if not isinstance(pairs, (list, tuple, dict)):
        raise TypeError(f"'pred_fn_pairs' must be a list, tuple, or dict. Received: {type(pairs)}")
    if isinstance(pairs, dict):
        items = list(pairs.items())
        pairs = items if isinstance(pairs, OrderedDict) else sorted(items, key=lambda item: item[0].name)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError(f"Each entry in 'pred_fn_pairs' must be a 2-tuple. Received {pair}.")
        predicate, function = pair
        if not isinstance(predicate, Tensor):
            raise TypeError(f"pred must be a Tensor, got: {predicate}")
        if predicate.dtype.base_dtype is not bool_:
            raise TypeError(f"pred must be Tensor of type bool: {predicate.name}")
        if not callable(function):
            raise TypeError(f"fn for pred {predicate.name} must be callable.")
    if not pairs:
        raise ValueError("'pred_fn_pairs' must have at least one pair.")
    return [p for p, _ in pairs], [f for _, f in pairs]


def _default(predicates: Sequence[Tensor], function: Callable[[], Any]) -> Callable[[], Any]:
    """The last function, for when none of the predicates before its own holds."""
    position = len(predicates) - 1

    def run() -> Any:
        others = (
            f"Implementation error: selected default action #{position} was called, "
            "but some of other predicates are True: "
        )
        checks = [_at_most(0, predicates[:-1], others)] if position else []
        none = ["Input error: None of conditions evaluated as True:", stack(list(predicates), name="preds_c")]
        with get_default_graph().control_dependencies([*checks, Assert(predicates[-1], none)]):
            return function()

    return run


def _at_most(count: int, predicates: Sequence[Tensor], message: str) -> Operation:
    """An operation that fails if more than `count` predicates hold."""
    values = stack(list(predicates), name="preds_c")
    true = reduce_sum(cast(values, int32), name="num_true_conds")
    names = ", ".join(p.name for p in predicates)
    text = f"{message}: more than {count} conditions ({names}) evaluated as True:"
    holds = less_equal(true, constant(count, name="n_true_conds"))
    return Assert(holds, [text, values], summarize=len(predicates))
