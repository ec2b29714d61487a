"""Variables: state that lives in a session and outlives its runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.apply import apply_op, infer_shapes
from graphmagic.graph.constants import group_by_argument
from graphmagic.graph.convert import convert_to_tensor, register_tensor_conversion_function
from graphmagic.graph.enums import VariableAggregation, VariableSynchronization
from graphmagic.graph.graph import Graph, GraphKeys, get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.stack import default_sessions
from graphmagic.ops import control, state
from graphmagic.ops.identity import identity
from graphmagic.ops.variable_updates import VariableUpdates
from graphmagic.shapes import TensorShape

__all__ = ["Variable", "global_variables", "global_variables_initializer", "trainable_variables"]


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
                f"collections argument to Variable constructor must be a list, tuple, or set. Got {collections!r}"
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
            self._initial_value = _initial_tensor(graph, initial_value, dtype)
            shape = self._initial_value.shape if validate_shape else TensorShape(None)
            if validate_shape and not shape.is_fully_defined():
                raise ValueError(f"initial_value must have a shape specified: {self._initial_value}")
            self._ref = state.variable(shape, self._initial_value.dtype.base_dtype, scope)
            start = _guarded(self._initial_value)
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


def _initial_tensor(graph: Graph, initial_value: Any, dtype: DType | None) -> Tensor:
    try:
        if callable(initial_value):
            with graph.name_scope("Initializer"):
                return convert_to_tensor(initial_value(), dtype, name="initial_value")
        return convert_to_tensor(initial_value, dtype, name="initial_value")
    except ValueError as error:
        if "Tensor conversion requested" in str(error):
            raise ValueError(f"initial_value: {error}") from None
        raise


def _guarded(value: Tensor) -> Tensor:
    """`value` with reads of other variables replaced by their `initialized_value`.

    So ``tf.Variable(other * 2)`` works in one run of all initializers, as it does since TensorFlow 1.3.
    """
    if not value.op.inputs:
        return value
    variables = {v.op: v for v in value.graph.get_collection(GraphKeys.GLOBAL_VARIABLES)}
    replaced: dict[Operation, tuple[Tensor, ...]] = {}
    stack = [value.op]
    while stack:
        op = stack[-1]
        missing = [t.op for t in op.inputs if t.op not in replaced]
        if op in replaced or missing:
            stack += missing
            if op in replaced:
                stack.pop()
            continue
        replaced[op] = _without_reads(op, variables, replaced)
        stack.pop()
    return replaced[value.op][value.value_index]


def _without_reads(
    op: Operation, variables: dict[Operation, Variable], replaced: dict[Operation, tuple[Tensor, ...]]
) -> tuple[Tensor, ...]:
    source = op.inputs[0].op if op.type == "Identity" else None
    if source in variables and not op.control_inputs:
        return (variables[source].initialized_value(),)
    inputs = [replaced[t.op][t.value_index] for t in op.inputs]
    if all(a is b for a, b in zip(inputs, op.inputs, strict=True)) or op.opdef.ref_inputs:
        return op.outputs
    types = [t.dtype for t in op.outputs]
    grouped = group_by_argument(op, inputs)
    return op.graph.create_op(op.opdef, grouped, types, dict(op.attrs), op.type, infer_shapes).outputs


def _write_result(tensor: Tensor, read_value: bool) -> Any:
    return tensor if read_value else tensor.op


def _convert_variable(value: Variable, dtype: DType | None, name: str | None, as_ref: bool) -> Any:
    if dtype is not None and dtype is not value.dtype.base_dtype:
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type '{value.dtype.name}'"
        )
    return value._ref_or_value(as_ref)


register_tensor_conversion_function(Variable, _convert_variable, 50)


# ----- functions on variables -----


def assign(
    ref: Any,
    value: Any,
    validate_shape: bool | None = None,
    use_locking: bool | None = None,
    name: str | None = None,
) -> Tensor:
    """Write a new value into a variable.

    Args:
        ref: the variable.
        value: the value.
        validate_shape: whether the shape must stay the same; it must if None.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the operation's name.

    Returns:
        A `Tensor` whose value is the new one.

    Raises:
        ValueError: the shape is known not to fit.
        TypeError: the type does not fit, or `ref` is no variable.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1)
    >>> tf.Session().run(tf.assign(v, 5))
    np.int32(5)
    """
    return apply_op(
        state.assign_op,
        ref,
        value,
        name=name,
        validate_shape=True if validate_shape is None else validate_shape,
        use_locking=True if use_locking is None else use_locking,
    ).outputs[0]


def assign_add(ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None) -> Tensor:
    """Add to a variable; arguments and errors as `assign`.

    >>> import graphmagic as tf
    >>> v, sess = tf.Variable(1), tf.Session()
    >>> sess.run(v.initializer)
    >>> sess.run(tf.assign_add(v, 5))
    np.int32(6)
    """
    return apply_op(state.assign_add_op, ref, value, name=name, use_locking=bool(use_locking)).outputs[0]


def assign_sub(ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None) -> Tensor:
    """Subtract from a variable; arguments and errors as `assign`.

    >>> import graphmagic as tf
    >>> v, sess = tf.Variable(1), tf.Session()
    >>> sess.run(v.initializer)
    >>> sess.run(tf.assign_sub(v, 5))
    np.int32(-4)
    """
    return apply_op(state.assign_sub_op, ref, value, name=name, use_locking=bool(use_locking)).outputs[0]


def is_variable_initialized(variable: Any) -> Tensor:
    """Whether a variable has a value in the session that runs this.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.is_variable_initialized(tf.Variable(1)))
    np.False_
    """
    return apply_op(state.is_initialized_op, variable).outputs[0]


def global_variables(scope: str | None = None) -> list[Any]:
    """The variables of the default graph.

    Args:
        scope: a regular expression; only variables whose names start with a match.

    >>> import graphmagic as tf
    >>> v, w = tf.Variable(1, name="v"), tf.Variable(2, name="w", trainable=False)
    >>> [x.name for x in tf.global_variables()], [x.name for x in tf.trainable_variables()]
    (['v:0', 'w:0'], ['v:0'])
    """
    return get_default_graph().get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def local_variables(scope: str | None = None) -> list[Any]:
    """The local variables of the default graph: those that are not saved; see `global_variables`."""
    return get_default_graph().get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def trainable_variables(scope: str | None = None) -> list[Any]:
    """The variables that optimizers change by default; see `global_variables`."""
    return get_default_graph().get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def variables_initializer(var_list: Sequence[Any], name: str = "init") -> Operation:
    """One operation that initializes several variables.

    >>> import graphmagic as tf
    >>> tf.variables_initializer([tf.Variable(1), tf.Variable(2)]).type
    'NoOp'
    """
    return (
        control.group(*[v.initializer for v in var_list], name=name) if var_list else control.group(name=name)
    )


def global_variables_initializer() -> Operation:
    """One operation that initializes all variables made so far in the default graph.

    >>> import graphmagic as tf
    >>> v = tf.Variable(42)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(v)
    np.int32(42)
    """
    return variables_initializer(global_variables())


def local_variables_initializer() -> Operation:
    """One operation that initializes all local variables; see `global_variables_initializer`."""
    return variables_initializer(local_variables())
