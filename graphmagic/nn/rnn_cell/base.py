"""What all cells have in common: their variables, their scope, their first state."""

from __future__ import annotations

import re
from typing import Any

from graphmagic import nest
from graphmagic.dimension import Dimension
from graphmagic.dtypes import DType, as_dtype, int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.enums import VariableAggregation, VariableSynchronization
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.concat import concat
from graphmagic.ops.constant import constant
from graphmagic.ops.fill import zeros
from graphmagic.ops.queries import shape as shape_of
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.variable import Variable
from graphmagic.ops.variable_scope import VariableScope, get_variable, get_variable_scope, variable_scope
from graphmagic.shapes import TensorShape

__all__ = ["LayerRNNCell", "RNNCell", "check_cell", "zeros_of_size"]


class RNNCell:
    """A step of a recurrent network: from an input and a state to an output and the next state.

    A cell of your own derives from this class and defines `state_size`, `output_size` and `call` (or `__call__`);
    variables come from `tf.get_variable`.

    Args:
        trainable: whether its variables are changed by optimizers.
        name: the scope of its variables; made from the class's name if None.
        dtype: the type of its variables; that of the first input if None.
    """

    def __init__(
        self,
        trainable: bool = True,
        name: str | None = None,
        dtype: Any = None,
        _reuse: bool | None = None,
        **options: Any,
    ) -> None:
        self.trainable = trainable
        self.built = False
        self._reuse = _reuse
        self._base_name = name or _snake_case(type(self).__name__)
        self._dtype: DType | None = None if dtype is None else as_dtype(dtype).base_dtype
        self._scope: VariableScope | None = None
        self._weights: list[Variable] = []
        check_float(self._dtype)

    # ----- what it is -----

    @property
    def name(self) -> str:
        """The name of its scope."""
        return self._base_name if self._scope is None else str(self._scope.name).rpartition("/")[2]

    @property
    def dtype(self) -> DType | None:
        """The type of its variables, None if not known yet."""
        return self._dtype

    @property
    def state_size(self) -> Any:
        """The size of the state, without the batch: a number, a shape, or a nest of them."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Any:
        """The size of the output, without the batch."""
        raise NotImplementedError("Abstract method")

    @property
    def weights(self) -> list[Variable]:
        """Its variables, once it has been called."""
        return list(self._weights)

    variables = weights

    @property
    def trainable_weights(self) -> list[Variable]:
        """The variables that optimizers change."""
        return [v for v in self.weights if v.trainable] if self.trainable else []

    trainable_variables = trainable_weights

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The variables that optimizers leave alone."""
        return [v for v in self.weights if not (self.trainable and v.trainable)]

    # ----- the step -----

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """One step.

        Args:
            inputs: a tensor of shape ``[batch, ...]``.
            state: the state, as `zero_state` makes it.
            scope: a variable scope, or its name.

        Returns:
            The output and the next state.
        """
        with variable_scope(
            get_variable_scope() if scope is None else scope, custom_getter=self._noted
        ) as current:
            return self._run(inputs, state, None if scope is None else current)

    def _noted(self, getter: Any, *args: Any, **options: Any) -> Any:
        variable = getter(*args, **options)
        if all(variable is not v for v in self._weights):
            self._weights.append(variable)
        return variable

    def _run(self, inputs: Any, state: Any, scope: Any) -> Any:
        """Call the cell in its own variable scope, which is opened at the first call and the same from then on."""
        tensors = [convert_to_tensor(leaf) for leaf in nest.flatten(inputs)]
        inputs = nest.pack_sequence_as(inputs, tensors)
        if self._dtype is None and tensors:
            self._dtype = tensors[0].dtype.base_dtype
            check_float(self._dtype)
        if self._scope is None:
            if self._reuse:
                opened = variable_scope(self._base_name if scope is None else scope)
            else:
                opened = variable_scope(scope, default_name=self._base_name)
            with opened as self._scope:
                pass
        assert self._scope is not None
        reuse = True if self.built or self._reuse else None
        graph = get_default_graph()
        own = variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False)
        with own as current, graph.name_scope(current.original_name_scope):
            if not self.built:
                self.build(tensors[0].shape)
                self.built = True
            return self.call(inputs, state)

    def build(self, input_shape: TensorShape) -> None:
        """Make the variables; called once, before the first step.

        Args:
            input_shape: the static shape of the input.
        """
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """One step; what a class that derives from this one defines."""
        raise NotImplementedError(f"{type(self).__name__} defines no `call`")

    def add_weight(
        self,
        name: str,
        shape: Any,
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
        """A variable of the cell.

        Args:
            name: its name in the cell's scope.
            shape: its shape.
            dtype: its type; that of the cell if None.
            initializer: its initializer; that of the scope if None.
            regularizer: computes a loss from it.
            trainable: False for a variable that optimizers never change.
            constraint: a function that optimizers apply after each update.
            use_resource: accepted for old programs.
            synchronization: accepted for old programs.
            aggregation: accepted for old programs.
            partitioner: accepted for old programs; the variable stays whole.
        """
        variable = get_variable(
            name,
            shape=shape,
            dtype=self._dtype if dtype is None else dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=self.trainable and trainable is not False,
            constraint=constraint,
        )
        if all(variable is not v for v in self._weights):
            self._weights.append(variable)
        return variable  # type: ignore[no-any-return,unused-ignore]

    add_variable = add_weight

    # ----- the first state -----

    def get_initial_state(self, inputs: Any = None, batch_size: Any = None, dtype: Any = None) -> Any:
        """The state to start from.

        Args:
            inputs: a tensor that says batch size and type.
            batch_size: the batch size, a number or a tensor.
            dtype: the type.

        Raises:
            ValueError: batch size or type are not known.
        """
        if inputs is not None:
            inputs = convert_to_tensor(inputs, name="inputs")
            known = inputs.shape.as_list()[0] if inputs.shape.ndims else None
            batch_size = shape_of(inputs)[0] if known is None else known
            dtype = inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(
                "batch_size and dtype cannot be None while constructing "
                f"initial state: batch_size={batch_size}, dtype={dtype}"
            )
        return self.zero_state(batch_size, dtype)

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """A state of zeros.

        Args:
            batch_size: a number or an integer tensor.
            dtype: the type.

        Returns:
            A tensor of shape ``[batch_size, state_size]``, or a nest of them like `state_size`.
        """
        graph = get_default_graph()
        with graph.name_scope(f"{type(self).__name__}ZeroState"):
            # TensorFlow makes each shape once more, for what is known of it.
            graph.spared += (3 if isinstance(batch_size, Tensor) else 2) * len(nest.flatten(self.state_size))
            return nest.map_structure(lambda size: zeros_of_size(batch_size, size, dtype), self.state_size)


class LayerRNNCell(RNNCell):
    """A cell whose variables live in the scope around the call, or in the one that is given."""

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """One step; arguments as for `RNNCell`."""
        return self._run(inputs, state, scope)


def zeros_of_size(batch_size: Any, size: Any, dtype: Any) -> Tensor:
    """Zeros of shape ``[batch_size, *size]``."""
    static = TensorShape(size if isinstance(size, (list, tuple, TensorShape)) else [size])
    if isinstance(batch_size, Tensor):
        rows = expand_dims(batch_size, 0) if batch_size.shape.ndims == 0 else batch_size
        known = None
    else:
        known = batch_size.value if isinstance(batch_size, Dimension) else int(batch_size)
        rows = constant([known], int32)
    result = zeros(concat([rows, constant(static.as_list(), int32)], 0), dtype)
    result.set_shape([known, *static.as_list()])
    return result


def check_float(dtype: Any) -> None:
    """Raise `ValueError` unless a type is one of floating-point numbers, or None."""
    if dtype is not None and not (as_dtype(dtype).is_floating or as_dtype(dtype).is_complex):
        raise ValueError(
            f"RNN cell only supports floating point inputs, but received dtype: {as_dtype(dtype)}"
        )


def check_inputs(*nests: Any) -> None:
    """Raise `ValueError` unless all tensors are of floating-point numbers."""
    for leaf in nest.flatten(list(nests)):
        check_float(leaf.dtype.base_dtype)


def depth_of(input_shape: TensorShape) -> int:
    """The size of the last dimension of an input.

    Raises:
        ValueError: it is not known.
    """
    depth = input_shape.as_list()[-1] if input_shape.ndims else None
    if depth is None:
        raise ValueError(f"Expected inputs.shape[-1] to be known, received shape: {input_shape}")
    return int(depth)


def check_cell(argument: str, cell: Any) -> None:
    """Raise `TypeError` unless something can be used as a cell."""
    missing = [
        text
        for text, there in (
            ("'output_size' property is missing", hasattr(cell, "output_size")),
            ("'state_size' property is missing", hasattr(cell, "state_size")),
            (
                "either 'zero_state' or 'get_initial_state' method is required",
                hasattr(cell, "zero_state") or hasattr(cell, "get_initial_state"),
            ),
            ("is not callable", callable(cell)),
        )
        if not there
    ]
    if missing:
        raise TypeError(f"The argument {argument!r} ({cell}) is not an RNNCell: {', '.join(missing)}.")


def _snake_case(name: str) -> str:
    text = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    text = re.sub("([a-z])([A-Z])", r"\1_\2", text).lower()
    return f"private{text}" if text.startswith("_") else text
