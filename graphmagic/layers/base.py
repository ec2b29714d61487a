"""What all layers have in common: a name, a variable scope, variables made at the first call."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from graphmagic import nest
from graphmagic.dtypes import as_dtype
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.enums import VariableAggregation, VariableSynchronization
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.cond import cond
from graphmagic.ops.scope import VariableScope
from graphmagic.ops.variable import Variable
from graphmagic.ops.variable_scope import get_variable, variable_scope
from graphmagic.shapes import TensorShape

__all__ = ["Layer"]


class Layer:
    """A part of a network that owns variables.

    Subclasses make their variables in `build`, with `add_weight`, and compute in `call`.  The variables are made when
    the layer is first called; calling it again uses the same ones.

    Args:
        trainable: whether optimizers change the variables by default.
        name: the name of its variable scope; made from that of the class if None.
        dtype: the type of the variables; that of the first input if None.
        _scope: the name or scope that functions such as `tf.layers.dense` open.
        _reuse: whether to use the variables of an earlier layer of that name.

    >>> import graphmagic as tf
    >>> layer = tf.layers.Dense(3)
    >>> one, two = layer(tf.zeros([2, 4])), layer(tf.zeros([5, 4]))
    >>> one.name, two.name, [v.name for v in layer.variables]
    ('dense/BiasAdd:0', 'dense/BiasAdd_1:0', ['dense/kernel:0', 'dense/bias:0'])
    """

    def __init__(
        self,
        trainable: bool = True,
        name: str | None = None,
        dtype: Any = None,
        _scope: Any = None,
        _reuse: Any = None,
    ) -> None:
        self.trainable = trainable
        self.built = False
        self._dtype = None if dtype is None else as_dtype(dtype)
        self._base_name = name or snake_case(type(self).__name__)
        self._reuse = _reuse
        self._variables: list[Variable] = []
        self._trainable: list[Variable] = []
        self._updates: list[Any] = []
        self._scope: VariableScope | None = None
        if _scope is not None:
            with variable_scope(_scope) as scope:
                self._scope = scope

    # ----- what subclasses define -----

    def build(self, input_shape: TensorShape) -> None:
        """Make the variables for inputs of a shape."""

    def call(self, inputs: Any, **arguments: Any) -> Any:
        """Compute the outputs."""
        raise NotImplementedError(f"{type(self).__name__} does not define call()")

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The shape of the outputs for inputs of a shape."""
        raise NotImplementedError(f"{type(self).__name__} does not define compute_output_shape()")

    # ----- calling -----

    def __call__(self, inputs: Any, **arguments: Any) -> Any:
        """Make the variables if this is the first call, and compute the outputs."""
        tensor = convert_to_tensor(inputs)
        if self._dtype is None:
            self._dtype = tensor.dtype.base_dtype
        scope = self._open_scope()
        reuse = True if self.built else self._reuse
        with (
            variable_scope(scope, reuse=reuse, auxiliary_name_scope=False),
            get_default_graph().name_scope(scope.original_name_scope),
        ):
            if not self.built:
                self.build(tensor.shape)
                self.built = True
            return self.call(tensor, **arguments)

    apply = __call__

    def _open_scope(self) -> VariableScope:
        if self._scope is None:
            named = self._base_name if self._reuse else None
            with variable_scope(named, default_name=self._base_name) as scope:
                self._scope = scope
        return self._scope

    def add_weight(
        self,
        name: str,
        shape: Sequence[int],
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        trainable: bool | None = None,
        constraint: Any = None,
        use_resource: bool | None = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
        partitioner: Any = None,
    ) -> Variable:
        """Make one of the layer's variables.

        Args:
            name: its name in the layer's scope.
            shape: its shape.
            dtype: its type; that of the layer if None.
            initializer: its initializer; that of the scope if None.
            regularizer: computes a loss from it.
            trainable: False for variables that optimizers never change.
            constraint: a function that optimizers apply after each update.
            use_resource: accepted for old programs.
            synchronization: accepted for old programs.
            aggregation: accepted for old programs.
            partitioner: accepted for old programs; the variable stays whole.

        Returns:
            The variable.
        """
        learns = self.trainable and trainable is not False
        variable: Variable = get_variable(
            name,
            shape=shape,
            dtype=self._dtype if dtype is None else dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=learns,
            constraint=constraint,
        )
        self._variables.append(variable)
        if learns:
            self._trainable.append(variable)
        return variable

    add_variable = add_weight

    def add_update(self, updates: Any) -> None:
        """Note operations that have to run with each training step: they join the collection ``update_ops``.

        Args:
            updates: an operation or tensor, or a list of them.
        """
        for update in nest.flatten(updates):
            operation = getattr(update, "op", update)
            self._updates.append(operation)
            get_default_graph().add_to_collection(GraphKeys.UPDATE_OPS, operation)

    def check_rank(self, shape: TensorShape, rank: int | None = None, least: int | None = None) -> None:
        """Raise `ValueError` unless the inputs have a rank, or at least a rank; an unknown one is accepted."""
        found = shape.ndims
        if found is None or (found == rank if rank is not None else found >= (least or 0)):
            return
        wanted = f"ndim={rank}" if rank is not None else f"min_ndim={least}"
        raise ValueError(
            f'Input 0 of layer "{self.name}" is incompatible with the layer: expected {wanted}, '
            f"found ndim={found}. Full shape received: {shape}"
        )

    # ----- asking -----

    @property
    def name(self) -> str:
        """The layer's name."""
        return self._base_name if self._scope is None else self._scope.name.split("/")[-1]

    @property
    def scope_name(self) -> str:
        """The name of the variable scope.

        Raises:
            ValueError: the layer has not been called yet.
        """
        if self._scope is None:
            raise ValueError(
                f'No name available for layer scope because the layer "{self._base_name}" has not been used yet. '
                "The scope name is determined the first time the layer instance is called. "
                "You must therefore call the layer before querying `scope_name`."
            )
        return self._scope.name

    @property
    def graph(self) -> Any:
        """The graph of the variables, or the default graph."""
        return self._variables[0].graph if self._variables else get_default_graph()

    @property
    def dtype(self) -> Any:
        """The type of the variables."""
        return self._dtype

    @property
    def variables(self) -> list[Variable]:
        """The layer's variables, those that are trained first."""
        return self.trainable_variables + self.non_trainable_variables

    @property
    def trainable_variables(self) -> list[Variable]:
        """The variables that optimizers change by default."""
        return list(self._trainable) if self.trainable else []

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The other variables."""
        return [v for v in self._variables if not self.trainable or v not in self._trainable]

    weights = variables
    trainable_weights = trainable_variables
    non_trainable_weights = non_trainable_variables

    @property
    def updates(self) -> list[Any]:
        """The operations that have to run with each training step."""
        return list(self._updates)

    def count_params(self) -> int:
        """The number of numbers in the variables."""
        return sum(v.shape.num_elements() or 0 for v in self._variables)


def snake_case(name: str) -> str:
    """The name of a layer from that of its class.

    >>> snake_case("MaxPooling2D"), snake_case("Conv2DTranspose")
    ('max_pooling2d', 'conv2d_transpose')
    """
    spaced = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()


def activated(activation: Callable[[Any], Any] | None, outputs: Tensor) -> Tensor:
    """The outputs after an activation function, if there is one."""
    result: Tensor = outputs if activation is None else activation(outputs)
    return result


def smart_cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """`tf.cond` for tensors; for Python's booleans and numbers the function they choose, at once."""
    if isinstance(pred, (Tensor, Variable)):
        return cond(pred, true_fn, false_fn)
    return true_fn() if pred else false_fn()


def pair(value: Any, count: int, name: str) -> tuple[int, ...]:
    """One number per spatial dimension from a number or a tuple of them.

    Raises:
        ValueError: it is neither.

    >>> pair(3, 2, "strides"), pair((1, 2), 2, "strides")
    ((3, 3), (1, 2))
    """
    items = (value,) * count if isinstance(value, int) else tuple(value) if hasattr(value, "__iter__") else ()
    if len(items) != count or not all(hasattr(v, "__index__") for v in items):
        raise ValueError(f"The `{name}` argument must be a tuple of {count} integers. Received: {value}")
    return tuple([int(v) for v in items])


def padding_name(value: Any) -> str:
    """``SAME`` or ``VALID``.

    Raises:
        ValueError: it is neither, in any case of letters.
    """
    if str(value).lower() not in ("valid", "same"):
        raise ValueError(
            'The `padding` argument must be a list/tuple or one of "valid", "same" (or "causal", only for `Conv1D). '
            f"Received: {value}"
        )
    return str(value).upper()


def is_first(data_format: Any) -> bool:
    """Whether channels come second.

    Raises:
        ValueError: the layout is neither ``channels_first`` nor ``channels_last``.
    """
    if str(data_format).lower() not in ("channels_first", "channels_last"):
        raise ValueError(
            f'The `data_format` argument must be one of "channels_first", "channels_last". Received: {data_format}'
        )
    return str(data_format).lower() == "channels_first"
