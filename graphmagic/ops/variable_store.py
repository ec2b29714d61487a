"""What `get_variable` remembers: the variables of a graph by their full names, shared or new as the scope says."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

from graphmagic.dtypes import DType, as_dtype, string
from graphmagic.graph.explain import created_at, near_names, with_notes
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.initializers import zeros_initializer
from graphmagic.ops.scaling_initializers import glorot_uniform_initializer
from graphmagic.ops.variable import Variable
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["AUTO_REUSE", "find_or_create"]


class _ReuseMode(Enum):
    """The type of `AUTO_REUSE`, named as in TensorFlow, since programs print it."""

    AUTO_REUSE = 1


AUTO_REUSE = _ReuseMode.AUTO_REUSE


def find_or_create(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Callable[[Any], Any] | None = None,
    reuse: Any = None,
    trainable: bool | None = None,
    collections: Any = None,
    validate_shape: bool = True,
    constraint: Any = None,
    **ignored: Any,
) -> Variable:
    """The variable of that full name: the existing one if `reuse` allows it, else a new one.

    Args:
        name: the full name, scopes included.
        shape: its shape; None where the initializer knows it.
        dtype: its type.
        initializer: a value, or a function of shape and dtype.
        regularizer: computes a loss from a new variable.
        reuse: True to share only, False to create only, None or `AUTO_REUSE` for either.
        trainable: whether optimizers change a new variable; they do if None.
        collections: the collections for a new variable.
        validate_shape: whether the shape of a new variable is fixed.
        constraint: what optimizers apply to a new variable after an update.
        **ignored: what distributes variables over devices; there is one device.

    Raises:
        ValueError: the variable exists and must not, or must and does not, or differs from what is asked for.
    """
    if initializer is not None and not callable(initializer) and shape is not None:
        raise ValueError("If initializer is a constant, do not specify shape.")
    kind = as_dtype(dtype)
    wanted = None if shape is None else as_shape(shape)
    known = get_default_graph().scoping.setdefault("variables", {})
    if name in known:
        return _shared(known[name], name, wanted, kind, reuse)
    if reuse is True:
        raise with_notes(
            ValueError(
                f"Variable {name} does not exist, or was not created with tf.get_variable(). "
                "Did you mean to set reuse=tf.AUTO_REUSE in VarScope?"
            ),
            near_names(name, known),
        )
    value, value_dtype = _initial_value(name, wanted, kind, initializer)
    variable = Variable(
        value,
        trainable=True if trainable is None else trainable,
        collections=collections,
        validate_shape=validate_shape,
        name=name,
        dtype=value_dtype,
        constraint=constraint,
    )
    known[name] = variable
    if regularizer is not None:
        _regularize(variable, name, regularizer)
    return variable


def _shared(variable: Any, name: str, shape: TensorShape | None, dtype: DType, reuse: Any) -> Variable:
    op: Operation = variable.op
    if reuse is False:
        raise with_notes(
            ValueError(
                f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or reuse=tf.AUTO_REUSE in "
                f"VarScope? Originally defined at:\n\n{created_at(op)}"
            ),
            "If a cell was run twice: begin it with %%graph, which builds the graph afresh each time.",
        )
    if shape is not None and not shape.is_compatible_with(variable.shape):
        raise with_notes(
            ValueError(
                f"Trying to share variable {name}, but specified shape {shape} and found shape {variable.shape}."
            ),
            created_at(op),
        )
    if not dtype.is_compatible_with(variable.dtype):
        raise with_notes(
            ValueError(
                f"Trying to share variable {name}, but specified dtype {dtype.name} and found dtype "
                f"{variable.dtype.name}."
            ),
            created_at(op),
        )
    return variable  # type: ignore[no-any-return]


def _initial_value(
    name: str, shape: TensorShape | None, dtype: DType, initializer: Any
) -> tuple[Any, DType | None]:
    """What to make the variable of, and the type to convert it to."""
    if initializer is None:
        if shape is None:
            raise ValueError(
                f"Variable {name} did not get an initializer, so its `shape` argument must be specified."
            )
        initializer = _default_initializer(name, dtype)
    if not callable(initializer):
        return initializer, None
    if isinstance(initializer, type):
        initializer = initializer()
    if shape is not None and shape.is_fully_defined():
        return partial(initializer, shape.as_list(), dtype=dtype.base_dtype), dtype.base_dtype
    if _needs_no_arguments(initializer):
        return initializer, None
    raise ValueError(
        "The initializer passed is not valid. It should be a callable with no arguments and the shape should not be "
        "provided or an instance of `tf.keras.initializers.*' and `shape` should be fully defined."
    )


def _default_initializer(name: str, dtype: DType) -> Callable[..., Tensor]:
    base = dtype.base_dtype
    if base.is_floating:
        return glorot_uniform_initializer()
    if base.is_integer or base.is_bool or base is string:
        return zeros_initializer()
    raise ValueError(f"An initializer for variable {name} of {base!r} is required")


def _needs_no_arguments(function: Callable[..., Any]) -> bool:
    parameters = inspect.signature(function).parameters.values()
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return not [p for p in parameters if p.kind in positional and p.default is inspect.Parameter.empty]


def _regularize(variable: Variable, name: str, regularizer: Callable[[Any], Any]) -> None:
    graph = get_default_graph()
    with graph.name_scope(f"{name}/Regularizer/"):
        loss = regularizer(variable)
    if loss is not None:
        graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)
