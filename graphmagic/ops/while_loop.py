"""Loops: `tf.while_loop`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic import nest
from graphmagic.dtypes import bool as bool_
from graphmagic.graph.block import Block, building
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import Graph, get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.parts import flat_tensors, from_tensors, shapes_of
from graphmagic.ops.arithmetic import add
from graphmagic.ops.constant import constant
from graphmagic.ops.identity import identity
from graphmagic.ops.logic import less, logical_and
from graphmagic.ops.loops import exit_, loop_variable, make_while
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["while_loop"]


def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
    maximum_iterations: Any = None,
    return_same_structure: bool = False,
) -> Any:
    """Compute `body` again and again while `cond` holds.

    Both functions are called once, now, to build their part of the graph.

    Args:
        cond: takes the loop variables, returns a boolean scalar tensor.
        body: takes the loop variables, returns their values in the next iteration.
        loop_vars: a list or tuple, perhaps nested, of the variables' first values.
        shape_invariants: a nest like `loop_vars` of shapes, for variables whose shape changes between iterations.
        parallel_iterations: accepted for old programs.
        back_prop: False lets no gradient through.
        swap_memory: accepted for old programs.
        name: the scope of what is made.
        maximum_iterations: stop after that many iterations in any case.
        return_same_structure: return a list of one variable as such instead of the tensor.

    Returns:
        The variables' last values, nested like `loop_vars`.

    Raises:
        TypeError: `cond` or `body` is not callable, or `cond` does not return a boolean.
        ValueError: there are no loop variables, `body` returns another structure, or a shape changes without a
            `shape_invariants` that allows it.

    >>> import graphmagic as tf
    >>> n, total = tf.while_loop(lambda i, s: i < 5, lambda i, s: (i + 1, s + i), [0, 0])
    >>> tf.Session().run(total)
    np.int32(10)
    """
    if not callable(cond):
        raise TypeError("'cond' must be callable.")
    if not callable(body):
        raise TypeError("'body' must be callable.")
    if parallel_iterations < 1:
        raise TypeError("'parallel_iterations' must be a positive integer.")
    graph = get_default_graph()
    with graph.name_scope(name or "while") as scope:
        if not loop_vars:
            raise ValueError("'loop_vars' must be provided.")
        loop = _Loop(
            graph,
            *_counted(cond, body, loop_vars, shape_invariants, maximum_iterations, return_same_structure),
        )
        result = loop.build()
        attrs = {"back_prop": back_prop, "parallel_iterations": parallel_iterations}
        op = make_while(loop.inputs, loop.condition, loop.body, f"{scope}While/", **attrs)
        graph.spared -= 1  # the operation just made
        last = from_tensors(result, [exit_(t) for t in op.outputs])
        if maximum_iterations is not None:
            return last[1]
        return last[0] if len(op.outputs) == 1 and not return_same_structure else last


def _counted(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    invariants: Any,
    maximum: Any,
    keep: bool,
) -> tuple[Callable[..., Any], Callable[..., Any], Any, Any]:
    """A loop that also counts its iterations and ends when they are `maximum`; the same loop if that is None."""
    if maximum is None:
        return cond, body, loop_vars, invariants
    limit = convert_to_tensor(maximum, name="maximum_iterations")
    if limit.shape.ndims != 0:
        raise ValueError(f"'maximum_iterations' must be a scalar. Received shape: {limit.shape}")
    counter = constant(0, limit.dtype.base_dtype, name="iteration_counter")
    single = len(loop_vars) == 1 and not keep

    def counted_cond(i: Tensor, variables: Any) -> Any:
        return logical_and(less(i, limit), cond(variables) if single else cond(*variables))

    def counted_body(i: Tensor, variables: Any) -> Any:
        return add(i, 1, name="add"), body(variables) if single else body(*variables)

    if invariants is not None:
        invariants = TensorShape([]), invariants[0] if single else invariants
    return counted_cond, counted_body, (counter, loop_vars[0] if single else loop_vars), invariants


class _Loop:
    """A loop under construction.

    Attributes:
        inputs: the first values of the variables.
        condition: the block that says whether to go on.
        body: the block that computes the next values.
    """

    def __init__(
        self,
        graph: Graph,
        cond: Callable[..., Any],
        body: Callable[..., Any],
        loop_vars: Any,
        invariants: Any,
    ) -> None:
        self.graph = graph
        self.functions = cond, body
        self.condition = Block("cond", graph.block, in_loop=True)
        self.body = Block("body", graph.block, in_loop=True)
        first = flat_tensors(loop_vars)
        self.structure = from_tensors(loop_vars, first)
        self.inputs = [identity(t) if t.dtype.is_ref_dtype else graph.own(t, "while") for t in first]
        self.shapes = [t.shape for t in self.inputs]
        self.are_given = invariants is not None
        if invariants is not None:
            nest.assert_same_structure(self.structure, invariants, check_types=False)
            self._take_invariants(shapes_of(self.structure, nest.flatten(invariants)))

    def _take_invariants(self, invariants: list[Any]) -> None:
        for i, (tensor, invariant) in enumerate(zip(self.inputs, invariants, strict=True)):
            shape = tensor.shape if invariant is None else as_shape(invariant)
            if not _is_less_specific(shape, tensor.shape):
                raise ValueError(
                    f"The shape invariant specified for {tensor.name} is not compatible with the initial shape of the "
                    f"loop variable. It enters the loop with shape {tensor.shape}, but the specified shape invariant "
                    f"is {shape}."
                )
            self.shapes[i] = shape

    def build(self) -> Any:
        """Build both blocks; the result is what the body returned."""
        count = len(self.inputs)
        cond, body = self.functions
        self.graph.spared += count  # an Enter for each variable
        with building(self.graph, self.condition):
            go_on = convert_to_tensor(cond(*self._variables(self.condition, "Merge")))
            self.condition.outputs.append(self._checked(go_on))
        self.graph.spared += 1 + count  # a LoopCond, and a Switch for each variable
        with building(self.graph, self.body):
            variables = self._variables(self.body, "Identity")
            result = body(*variables)
            if not nest.is_nested(result):
                result = [result]
            nest.assert_same_structure(list(variables), list(result))
            self.body.outputs += [
                identity(t) if t.dtype.is_ref_dtype else self.graph.own(t, "while")
                for t in flat_tensors(result)
            ]
        self.graph.spared += count  # a NextIteration for each variable
        for i in range(count):
            self._check_shape(i)
        return result

    def _variables(self, block: Block, name: str) -> Any:
        pairs = zip(self.inputs, self.shapes, strict=True)
        return from_tensors(
            self.structure, [loop_variable(block, t.dtype, shape, name) for t, shape in pairs]
        )

    def _checked(self, go_on: Tensor) -> Tensor:
        if go_on.dtype.base_dtype is not bool_:
            raise TypeError(
                f"Input 'input' of 'LoopCond' Op has type {go_on.dtype.base_dtype.name} "
                "that does not match expected type of bool."
            )
        if go_on.shape.ndims not in (None, 0):
            scope = self.graph.get_name_scope()
            raise ValueError(
                f"Shape must be rank 0 but is rank {go_on.shape.ndims} for '{{{{node {scope}/LoopCond}}}} = "
                f"LoopCond[]({go_on.op.name})' with input shapes: {go_on.shape.bracketed()}."
            )
        return identity(go_on) if go_on.dtype.is_ref_dtype else self.graph.own(go_on, "while")

    def _check_shape(self, i: int) -> None:
        enters, leaves = self.shapes[i], self.body.outputs[i].shape
        if _is_less_specific(enters, leaves):
            return
        if self.are_given:
            raise ValueError(
                f"The shape invariant specified for {self.inputs[i].name} is not compatible with the shape of the loop "
                f"variable after one iteration: it is {leaves}, but the specified shape invariant is {enters}."
            )
        raise ValueError(
            f"Input tensor '{self.inputs[i].name}' enters the loop with shape {enters}, but has shape {leaves} after "
            "one iteration. To allow the shape to vary across iterations, use the `shape_invariants` argument of "
            "tf.while_loop to specify a less-specific shape."
        )


def _is_less_specific(general: TensorShape, special: TensorShape) -> bool:
    """Whether every tensor of the special shape has the general one too."""
    if general.ints is None:
        return True
    if special.ints is None or len(special.ints) != len(general.ints):
        return False
    return all(g is None or g == s for g, s in zip(general.ints, special.ints, strict=True))
