"""Declarations of operations: one `OpDef` holds all that is known about a type of operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any, TypeVar

from graphmagic.dtypes import DType
from graphmagic.graph.signature import Arg, parse

__all__ = ["OpDef", "registry"]

F = TypeVar("F", bound=Callable[..., Any])


class _Registry(dict[str, "OpDef"]):
    """All declared types of operations by name; who asks for one that is not loaded yet gets it all the same."""

    def __missing__(self, name: str) -> OpDef:
        self.complete()
        if name in self:
            return self[name]
        raise KeyError(name)

    def get(self, name: str, default: Any = None) -> Any:
        """The type of that name, else `default`."""
        try:
            return self[name]
        except KeyError:
            return default

    def complete(self) -> Mapping[str, OpDef]:
        """Load every module that declares types of operations."""
        from graphmagic.lazy import load_operations

        load_operations()
        return self


registry = _Registry()


class OpDef:
    """All that is known about one type of operation.

    Args:
        name: the type's name in TensorFlow, such as ``MatMul``.
        signature: inputs and outputs, as `graphmagic.graph.signature.parse` reads them.
        kernel: computes the outputs: arrays positional, attributes by keyword.  Keyword-only parameters that
            are no attributes are filled in by the engine: ``dtype`` (of output 0), ``op``, ``state`` (of the session).
        types: for each type attribute, the types it may have; a missing one may have any.
        defaults: default values of attributes, type attributes included.
        choices: for attributes that name one of a few things, their allowed values.
        stateful: running it twice may differ, or has an effect; never folded or merged.
        elementwise: output element i depends on input elements i only (after broadcasting).
        broadcasts: inputs are broadcast, so the gradient sweep sums what its gradient returns back to their shapes.
        view: outputs may share the memory of inputs.
        writes: it changes the variable that is its input 0.
        owns_blocks: it runs blocks, which are among its attributes.
        differentiable: False says that gradients stop here; otherwise a missing gradient is an error.
        shape_inputs: the inputs whose constant value is itself a shape; shape errors show them.
        value_inputs: the inputs whose constant value decides the shape; shape errors show them.
        listed: False keeps it out of the registry: it is a step of a plan, which no graph can hold.

    >>> import graphmagic as tf
    >>> registry["MatMul"].inputs[0].name, registry["MatMul"].stateful
    ('a', False)
    """

    def __init__(
        self,
        name: str,
        signature: str = "",
        *,
        kernel: Callable[..., Any] | None = None,
        types: Mapping[str, Sequence[DType]] | None = None,
        defaults: Mapping[str, Any] | None = None,
        choices: Mapping[str, Sequence[str]] | None = None,
        stateful: bool = False,
        elementwise: bool = False,
        broadcasts: bool = False,
        view: bool = False,
        writes: bool = False,
        owns_blocks: bool = False,
        differentiable: bool = True,
        shape_inputs: tuple[str, ...] = (),
        value_inputs: tuple[str, ...] = (),
        listed: bool = True,
    ) -> None:
        if name in registry:
            raise ValueError(f"operation type {name!r} is declared twice")
        self.name = name
        self.inputs, self.outputs = parse(signature)
        self.takes_lists = any(arg.is_list for arg in self.inputs)
        self.takes_tensors_only = not any(arg.is_list or arg.is_ref for arg in self.inputs)
        self.types = dict(types or {})
        self.defaults = dict(defaults or {})
        self.choices = dict(choices or {})
        self.stateful = stateful or writes
        self.elementwise = elementwise
        self.broadcasts = broadcasts
        self.view = view
        self.writes = writes
        self.owns_blocks = owns_blocks
        self.differentiable = differentiable
        self.shape_inputs = shape_inputs
        self.value_inputs = value_inputs
        self.kernel_function: Callable[..., Any] | None = None
        self.kernel_attrs: tuple[str, ...] = ()
        self.shape_function: Callable[..., Any] | None = None
        self.shape_attrs: tuple[str, ...] = ()
        self.gradient_function: Callable[..., Any] | None = None
        self.compile_function: Callable[..., Any] | None = None
        self.step_function: Callable[..., Any] | None = None
        self.rows_function: Callable[..., Any] | None = None
        self.prepare_function: Callable[..., Any] | None = None
        self.chain_function: Callable[..., Any] | None = None
        if kernel is not None:
            self.kernel(kernel)
        if listed:
            registry[name] = self

    def kernel(self, function: F) -> F:
        """Declare the function that computes the outputs."""
        self.kernel_function = function
        self.kernel_attrs = _keyword_only(function)
        return function

    def shape_rule(self, function: F) -> F:
        """Declare the function that infers static shapes: input tensors positional, attributes by keyword.

        It returns one shape, or one per output; it raises `ValueError` for shapes that cannot be.
        """
        self.shape_function = function
        self.shape_attrs = _keyword_only(function)
        return function

    def gradient(self, function: F) -> F:
        """Declare the gradient: ``function(op, *dy)`` adds nodes and returns one tensor or None per input."""
        self.gradient_function = function
        return function

    def compiled(self, function: F) -> F:
        """Declare how to make the kernel of an operation that owns blocks, for those that a plan does not contain itself.

        ``function(op, live, compile_block)`` gets the positions of the outputs that are used, and a function that makes
        of parameters and outputs of a block a function of the parameters' and the captures' values.  It returns which
        inputs the kernel takes before the captures (the last argument of the signature), which outputs it returns, and
        the kernel.
        """
        self.compile_function = function
        self.owns_blocks = True
        return function

    def step(self, function: F) -> F:
        """Declare what an update of variables computes element by element: new values of those that it changes."""
        self.step_function = function
        return function

    def changes_rows(self, function: F) -> F:
        """Declare how an update changes some rows of the arrays that it gets, in place.

        Whatever can fail comes first; the rows of an array are then written by one call of NumPy, so that an interrupt
        finds none of them written or all.
        """
        self.rows_function = function
        return function

    def prepared(self, function: F) -> F:
        """Declare how to make a kernel for known shapes, with memory of its own, that writes into given memory.

        ``function(op, shapes, result, threads)`` gets the shapes of the inputs and of the result, and how many threads
        there may be.  It returns which inputs the kernel takes, before the array for the result, and the kernel; or
        None if the kernel for all shapes is to be used.
        """
        self.prepare_function = function
        return function

    def chained(self, function: F) -> F:
        """Declare how to make one kernel of an operation and its neighbours, for known shapes, as `prepared` does for one.

        ``function(members, shape)`` gets the operations by their part in the chain, and a function from tensors to their
        shapes or None.  It returns None if they do not fit, else a function from how many threads there may be to the
        kernel.
        """
        self.chain_function = function
        return function

    @property
    def ref_inputs(self) -> tuple[Arg, ...]:
        """The inputs that take a variable itself instead of its value."""
        return tuple([a for a in self.inputs if a.is_ref])

    def __repr__(self) -> str:
        return f"<OpDef {self.name}>"


def _keyword_only(function: Callable[..., Any]) -> tuple[str, ...]:
    """The keyword-only parameters of a function; a ufunc or builtin takes arrays only."""
    if type(function) is not FunctionType:
        return ()
    # What inspect.signature would say, in a thirtieth of the time: it is asked for hundreds of functions at import.
    code = function.__code__
    return code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
