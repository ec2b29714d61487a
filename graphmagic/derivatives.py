"""More of differentiation: functions with gradients of their own, and second derivatives."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from graphmagic import nest
from graphmagic.backward import gradients
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import Graph, get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.concat import concat
from graphmagic.ops.identity import identity, identity_n
from graphmagic.ops.queries import shape, size
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.tensor_array import TensorArray
from graphmagic.ops.while_loop import while_loop

__all__ = ["custom_gradient", "grad_pass_through", "hessians"]


def custom_gradient(f: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Give a function a gradient of its own.

    Args:
        f: returns a tensor or a nest of tensors, and a function that computes the gradients of the arguments from those
            of the results.  If `f` uses variables, that function must take them as ``variables`` and return two lists:
            the gradients of the arguments and those of the variables.  Without it, the decorator is returned.

    Returns:
        A function with the arguments and results of `f`.

    Raises:
        TypeError: `f` uses variables, and its gradient does not take them.

    >>> import graphmagic as tf
    >>> @tf.custom_gradient
    ... def log1pexp(x):
    ...     e = tf.exp(x)
    ...     return tf.log(1.0 + e), lambda dy: dy * (1.0 - 1.0 / (1.0 + e))
    >>> x = tf.constant(100.0)
    >>> tf.Session().run(tf.gradients(log1pexp(x), x))
    [np.float32(1.0)]
    """
    if f is None:
        return custom_gradient

    @functools.wraps(f)
    def decorated(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            raise ValueError(
                "The custom_gradient decorator currently supports keywords arguments only when eager execution "
                "is enabled."
            )
        graph = get_default_graph()
        first = graph.last_id
        inputs = [identity(convert_to_tensor(x)) for x in args]
        result, gradient = f(*inputs)
        results = [convert_to_tensor(t) for t in nest.flatten(result)]
        variables = _variables_used(graph, results, set(graph.get_operations()[:first]))
        _check_takes_variables(gradient, variables)
        outputs = _with_gradient(graph, results, inputs, variables, gradient)
        return nest.pack_sequence_as(result, outputs)

    return decorated


def _variables_used(graph: Graph, results: Sequence[Tensor], before: set[Operation]) -> list[Any]:
    """The variables that results depend on by operations that were not there before."""
    known = {v.op: v for key in ("variables", "local_variables") for v in graph.get_collection(key)}
    used: dict[Any, None] = {}
    seen: set[Operation] = set()
    stack = [t.op for t in results]
    while stack:
        op = stack.pop()
        if op in seen:
            continue
        seen.add(op)
        for tensor in op.inputs:
            if tensor.op in known:
                used[known[tensor.op]] = None
            elif tensor.op not in before or tensor.op.type == "Identity":  # the read of an older variable
                stack.append(tensor.op)
    return list(used)


def _check_takes_variables(gradient: Callable[..., Any], variables: list[Any]) -> None:
    parameters = inspect.signature(gradient).parameters.values()
    takes = any(p.name == "variables" or p.kind is p.VAR_KEYWORD for p in parameters)
    if variables and not takes:
        raise TypeError(
            "If using @custom_gradient with a function that uses variables, then grad_fn must accept a 'variables' "
            "keyword argument."
        )


def _with_gradient(
    graph: Graph,
    results: list[Tensor],
    inputs: list[Tensor],
    variables: list[Any],
    gradient: Callable[..., Any],
) -> list[Tensor]:
    """The results, by an operation that hands gradients on to the inputs and variables."""

    def function(op: Operation, *dys: Any) -> list[Any]:
        received = dys[: len(results)]
        if variables:
            found, of_variables = gradient(*received, variables=variables)
        else:
            found, of_variables = gradient(*received), []
        of_inputs = nest.flatten(found)
        if len(of_inputs) != len(inputs):
            raise ValueError(
                f"custom_gradient function expected to return {len(inputs)} gradients but returned {len(of_inputs)} "
                "instead."
            )
        return [None] * len(results) + of_inputs + list(of_variables)

    name = f"CustomGradient-{len(graph.own_gradients)}"
    graph.own_gradients[name] = function
    with graph.gradient_override_map({"IdentityN": name}):
        return identity_n([*results, *inputs, *[v.value() for v in variables]])[: len(results)]


def hessians(
    ys: Any,
    xs: Any,
    name: str = "hessians",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: Any = None,
) -> list[Tensor]:
    """The second derivatives of the sum of `ys` with respect to each of `xs`.

    Args:
        ys: a tensor or a list of tensors.
        xs: a tensor or variable, or a list of them.
        name: accepted for old programs, as are the rest.
        colocate_gradients_with_ops: see `gradients`.
        gate_gradients: see `gradients`.
        aggregation_method: see `gradients`.

    Returns:
        For each x a tensor with the shape of x twice over.

    Raises:
        LookupError: an operation on the way has no gradient.

    >>> import graphmagic as tf
    >>> x = tf.constant([1.0, 2.0])
    >>> tf.Session().run(tf.hessians(x[0] ** 2 * x[1], x))
    [array([[4., 2.],
           [2., 0.]], dtype=float32)]
    """
    sources = list(xs) if isinstance(xs, (list, tuple)) else [xs]
    options = (colocate_gradients_with_ops, gate_gradients, aggregation_method)
    firsts = gradients(ys, sources, None, "gradients", *options)
    return [
        _hessian(first, convert_to_tensor(x), x, options) for first, x in zip(firsts, sources, strict=True)
    ]


def _hessian(first: Tensor, value: Tensor, x: Any, options: tuple[Any, ...]) -> Tensor:
    flat = reshape(first, [-1])
    count = size(value)

    def body(i: Tensor, rows: TensorArray) -> tuple[Any, Any]:
        return i + 1, rows.write(i, gradients(flat[i], x, None, "gradients", *options)[0])

    rows = TensorArray(value.dtype.base_dtype, count)
    _, rows = while_loop(lambda i, _: i < count, body, [0, rows])
    sizes = shape(value)
    return reshape(rows.stack(), concat([sizes, sizes], 0))


def grad_pass_through(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function with the values of `f` and the gradient of the identity.

    Args:
        f: as many results as arguments, of the same shapes.

    >>> import graphmagic as tf
    >>> x = tf.constant(2.7)
    >>> tf.Session().run(tf.gradients(tf.grad_pass_through(tf.round)(x), x))
    [np.float32(1.0)]
    """

    def passing(*args: Any) -> Any:
        def gradient(*dy: Any, variables: Any = None) -> Any:
            return dy if variables is None else (dy, [None] * len(variables))

        return f(*args), gradient

    return custom_gradient(passing)
