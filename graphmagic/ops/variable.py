"""Variables: state that lives in a session and outlives its runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import register_tensor_conversion_function
from graphmagic.graph.enums import VariableAggregation, VariableSynchronization
from graphmagic.graph.graph import Graph, GraphKeys, get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.stack import default_sessions
from graphmagic.ops import state
from graphmagic.ops.assigning import assign, assign_add, assign_sub
from graphmagic.ops.identity import identity
from graphmagic.ops.initial_values import guarded, initial_tensor
from graphmagic.ops.variable_updates import VariableUpdates
from graphmagic.shapes import TensorShape

__all__ = ["RefVariable", "Variable"]


class Variable(VariableUpdates):
    """A value that a session keeps between runs and that operations can change.

    Making a variable adds nodes to the graph: the initial value, the storage, an operation that assigns the one
    to the other, and one that reads.  It has no value in a session before its `initializer` has run there.

    Args:
        initial_value: a tensor or what can become one, or a function that returns it.
        trainable: whether optimizers change it by default; they do if None.
        collections: the collections to add it to; the global variables if None.
        validate_shape: whether the shape is fixed; without, any shape may be assigned.
        caching_device: accepted for old programs.
        name: its name.
        variable_def: not supported.
        dtype: its type; that of the initial value if None.
        expected_shape: accepted for old programs.
        import_scope: accepted for old programs.
        constraint: a function that optimizers apply after each update.
        use_resource: accepted for old programs.
        synchronization: accepted for old programs.
        aggregation: accepted for old programs.
        shape: accepted for old programs.

    Raises:
        ValueError: there is no initial value, or its shape is not known and `validate_shape` is set.

    >>> import graphmagic as tf
    >>> v = tf.Variable([1.0, 2.0], name="v")
    >>> with tf.Session() as sess:
    ...     sess.run(v.initializer)
    ...     sess.run(v.assign_add([10.0, 10.0]))
    array([11., 12.], dtype=float32)
    """

    is_graph_variable = True
    __array_priority__ = 100

    def __new__(cls, *args: Any, **kwargs: Any) -> Variable:
        """An object of the class that TensorFlow 1 makes."""
        return object.__new__(RefVariable if cls is Variable else cls)

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        expected_shape: Any = None,
        import_scope: str | None = None,
        constraint: Any = None,
        use_resource: bool | None = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
        shape: Any = None,
    ) -> None:
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        if isinstance(collections, str):
            raise ValueError(
                f"collections argument to Variable constructor must be a list, tuple, or set. "
                f"Got {collections} of type {type(collections)}"
            )
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        trainable = trainable is None or bool(trainable)
        self.trainable = trainable
        self.synchronization, self.aggregation = synchronization, aggregation
        self.constraint = constraint
        self._cached_reads: dict[Graph, Tensor] = {}
        self._build(
            initial_value, None if dtype is None else as_dtype(dtype).base_dtype, name, validate_shape
        )
        keys = list(collections) if collections is not None else [GraphKeys.GLOBAL_VARIABLES]
        if trainable and GraphKeys.TRAINABLE_VARIABLES not in keys:
            keys.append(GraphKeys.TRAINABLE_VARIABLES)
        self.graph.add_to_collections(keys, self)

    def _build(self, initial_value: Any, dtype: DType | None, name: str | None, validate_shape: bool) -> None:
        graph = get_default_graph()
        with graph.control_dependencies(None), graph.name_scope(name or "Variable") as scope:
            self._initial_value = initial_tensor(graph, initial_value, dtype)
            shape = self._initial_value.shape if validate_shape else TensorShape(None)
            if validate_shape and not shape.is_fully_defined():
                raise ValueError(f"initial_value must have a shape specified: {self._initial_value}")
            self._ref = state.variable(shape, self._initial_value.dtype.base_dtype, scope)
            start = guarded(self._initial_value)
            self._initializer = apply_op(
                state.assign_op,
                self._ref,
                start,
                name="Assign",
                validate_shape=validate_shape,
                use_locking=True,
            )
            self._snapshot = identity(self._ref, name="read")

    def parts(self) -> dict[str, Any]:
        """The names of what it is made of, enough for `from_parts`."""
        return {
            "variable": self.name,
            "initializer": self._initializer.name,
            "snapshot": self._snapshot.name,
            "initial_value": self._initial_value.name,
            "trainable": self.trainable,
        }

    @staticmethod
    def from_parts(graph: Graph, parts: Mapping[str, Any], prefix: str = "") -> Variable:
        """The variable that nodes of a graph form, without making any.

        Args:
            graph: the graph.
            parts: what `parts` returned.
            prefix: what to put before all names.
        """
        variable = object.__new__(RefVariable)
        variable._ref = graph.as_graph_element(prefix + parts["variable"])
        variable._initializer = graph.as_graph_element(prefix + parts["initializer"])
        variable._snapshot = graph.as_graph_element(prefix + parts["snapshot"])
        variable._initial_value = graph.as_graph_element(prefix + parts["initial_value"])
        variable.trainable = bool(parts["trainable"])
        variable.constraint = None
        variable.synchronization = VariableSynchronization.AUTO
        variable.aggregation = VariableAggregation.NONE
        variable._cached_reads = {}
        return variable

    # ----- what it is -----

    @property
    def name(self) -> str:
        """``<operation name>:0``."""
        return self._ref.name

    @property
    def op(self) -> Operation:
        """The operation that stands for the storage."""
        return self._ref.op

    @property
    def graph(self) -> Graph:
        """The graph it belongs to."""
        return self._ref.graph

    @property
    def dtype(self) -> DType:
        """Its type, a ref type."""
        return self._ref.dtype

    @property
    def shape(self) -> TensorShape:
        """Its static shape."""
        return self._ref.shape

    def get_shape(self) -> TensorShape:
        """Its static shape."""
        return self._ref.shape

    def set_shape(self, shape: Any) -> None:
        """Add knowledge about the shape."""
        self._ref.set_shape(shape)
        self._snapshot.set_shape(shape)

    @property
    def device(self) -> str:
        """The device string given for it."""
        return self._ref.device

    @property
    def initializer(self) -> Operation:
        """The operation that gives it its initial value."""
        return self._initializer

    @property
    def initial_value(self) -> Tensor:
        """The tensor that the initializer assigns."""
        return self._initial_value

    # ----- reading -----

    def value(self) -> Tensor:
        """The value, as a tensor.

        Inside a ``control_dependencies`` block this is a read of its own that waits as the block says; elsewhere it
        is one tensor that all uses share, or all uses in a branch or loop body.
        """
        graph = get_default_graph()
        if graph.has_control_dependencies or graph is not self.graph:
            return self._new_read(f"{self.op.name}/read")
        if graph.block is None:
            return self._snapshot
        if self not in graph.block.reads:  # a branch or a loop reads when it runs
            graph.block.reads[self] = self._new_read(f"{self.op.name}/read")
        return graph.block.reads[self]

    def _new_read(self, name: str) -> Tensor:
        graph = get_default_graph()
        with graph.name_scope(None):
            return identity(self._ref, name=name)

    def read_value(self) -> Tensor:
        """A new read of the value; it sees the writes that are ordered before it."""
        return identity(self._ref, name="read")

    def eval(self, session: Any = None) -> Any:
        """The value in a session; in the default session if None."""
        return self._ref.eval(session=session)

    def initialized_value(self) -> Tensor:
        """The value if it is initialized, else the initial value; for initial values made from other variables."""
        start = self._initializer.inputs[1]
        return apply_op(state.read_or_op, self._ref, start, name="initialized_value").outputs[0]

    def _as_graph_element(self) -> Tensor:
        return self._ref

    def _ref_or_value(self, as_ref: bool) -> Tensor:
        return self._ref if as_ref else self.value()

    # ----- writing -----

    def assign(
        self, value: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """An operation that writes a new value.

        Args:
            value: the value, of the variable's type and shape.
            use_locking: whether concurrent runs wait for each other; they always do.
            name: the operation's name.
            read_value: return the new value rather than the operation.

        Returns:
            A `Tensor` whose value is the new one.

        Raises:
            ValueError: the shape is known not to fit.
            TypeError: the type does not fit.
        """
        return _write_result(assign(self, value, use_locking=use_locking, name=name), read_value)

    def assign_add(
        self, delta: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """An operation that adds to the value; see `assign`."""
        return _write_result(assign_add(self, delta, use_locking, name), read_value)

    def assign_sub(
        self, delta: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """An operation that subtracts from the value; see `assign`."""
        return _write_result(assign_sub(self, delta, use_locking, name), read_value)

    def load(self, value: Any, session: Any = None) -> None:
        """Write a value into a session at once, without adding to the graph.

        Args:
            value: the value.
            session: the session; the default session if None.

        Raises:
            ValueError: there is no session.
        """
        session = session or default_sessions.top()
        if session is None:
            raise ValueError(
                "Either session argument should be provided or default session should be established"
            )
        session.run(self.initializer, {self.initializer.inputs[1]: value})

    # ----- Python -----

    def __iter__(self) -> Iterator[Any]:
        raise TypeError(
            "'Variable' object is not iterable: tensors are only iterable when eager execution is enabled. "
            "To iterate over this variable use tf.unstack."
        )

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        return f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from graphmagic import draw

        return draw.picture_around(self)._repr_mimebundle_(include, exclude)


class RefVariable(Variable):
    """The class of the objects that `tf.Variable` makes, named as in TensorFlow 1."""


def _write_result(tensor: Tensor, read_value: bool) -> Any:
    return tensor if read_value else tensor.op


def _convert_variable(value: Variable, dtype: DType | None, name: str | None, as_ref: bool) -> Any:
    if dtype is not None and dtype is not value.dtype.base_dtype:
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type '{value.dtype.name}'"
        )
    return value._ref_or_value(as_ref)


register_tensor_conversion_function(Variable, _convert_variable, 50)
