"""What all optimizers share: from a loss to the operation that changes the variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic.backward import gradients
from graphmagic.dtypes import REAL_FLOATS, DType
from graphmagic.graph.apply import apply_op
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.explain import created_at, with_notes
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.nest import flatten
from graphmagic.ops.assigning import assign_add
from graphmagic.ops.casting import cast
from graphmagic.ops.constant import constant
from graphmagic.ops.control import group
from graphmagic.ops.gather import unsorted_segment_sum
from graphmagic.ops.queries import shape
from graphmagic.ops.unique import unique
from graphmagic.ops.variable_lists import trainable_variables
from graphmagic.train.slot_keeper import SlotKeeper

__all__ = ["Optimizer"]


class Optimizer(SlotKeeper):
    """The base of optimizers, which says how one variable is updated; see `GradientDescentOptimizer`.

    A subclass defines ``_apply_dense(grad, var)`` and, for gradients that have rows only where indices were used,
    ``_apply_sparse(grad, var)``; both return an operation.  ``_prepare()`` turns hyperparameters into tensors,
    ``_create_slots(var_list)`` makes further variables, ``_finish(update_ops, name_scope)`` joins the updates.

    Args:
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the default name of the training operation.

    Raises:
        ValueError: there is no name.
    """

    GATE_NONE = 0
    GATE_OP = 1
    GATE_GRAPH = 2

    def __init__(self, use_locking: bool, name: str) -> None:
        super().__init__()
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._use_locking = use_locking
        self._name = name
        self._hypers: dict[str, Tensor] = {}

    def get_name(self) -> str:
        """The default name of the training operation."""
        return self._name

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: Any = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
    ) -> Operation:
        """An operation that takes one step downhill.

        Args:
            loss: the tensor to make smaller.
            global_step: a variable to increase by one at each step.
            var_list: the variables to change; all trainable ones if None.
            gate_gradients: how much to wait for before updating.
            aggregation_method: accepted for old programs.
            colocate_gradients_with_ops: accepted for old programs.
            name: the operation's name.
            grad_loss: a gradient of the loss to start from; ones if None.

        Returns:
            An `Operation`.

        Raises:
            ValueError: no variable influences the loss.

        >>> import graphmagic as tf
        >>> v = tf.Variable(2.0)
        >>> step = tf.train.GradientDescentOptimizer(0.25).minimize(v * v)
        >>> with tf.Session() as sess:
        ...     sess.run(v.initializer)
        ...     sess.run(step)
        ...     sess.run(v)
        np.float32(1.0)
        """
        pairs = self.compute_gradients(
            loss, var_list, gate_gradients, aggregation_method, colocate_gradients_with_ops, grad_loss
        )
        if not any(gradient is not None for gradient, _ in pairs):
            names = [str(v) for _, v in pairs]
            raise with_notes(
                ValueError(
                    "No gradients provided for any variable, check your graph for ops that do not support gradients, "
                    f"between variables {names} and loss {loss}."
                ),
                created_at(loss.op) if hasattr(loss, "op") else "",
                "Either the loss is not computed from these variables, or an operation in between has no gradient.",
            )
        return self.apply_gradients(pairs, global_step, name)

    def compute_gradients(
        self,
        loss: Any,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: Any = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> list[tuple[Any, Any]]:
        """The gradients of a loss, the first half of `minimize`.

        Returns:
            A list of pairs (gradient or None, variable).

        Raises:
            ValueError: there are no variables.
            AttributeError: one of them is neither variable nor tensor.
        """
        variables = list(trainable_variables() if var_list is None else flatten(var_list))
        if not variables:
            raise ValueError("No variables to optimize.")
        for variable in variables:
            if not hasattr(variable, "op"):
                raise with_notes(
                    AttributeError(f"'{type(variable).__name__}' object has no attribute 'op'"),
                    f"To fix it: the optimizer changes variables, and {variable!r:.100} is none.",
                )
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, Optimizer.GATE_GRAPH.  "
                f"Not {gate_gradients}"
            )
        self._check_type(loss)
        # The engine orders every read before the writes it does not wait for, so GATE_OP needs no extra nodes.
        found = gradients(
            loss, variables, grad_ys=grad_loss, gate_gradients=gate_gradients == self.GATE_GRAPH
        )
        pairs = list(zip(found, variables, strict=True))
        for variable in [v for g, v in pairs if g is not None]:
            self._check_type(variable)
        return pairs

    def apply_gradients(
        self, grads_and_vars: Sequence[tuple[Any, Any]], global_step: Any = None, name: str | None = None
    ) -> Operation:
        """The operation that updates the variables, the second half of `minimize`.

        Args:
            grads_and_vars: pairs (gradient or None, variable).
            global_step: a variable to increase by one.
            name: the operation's name.

        Returns:
            An `Operation`.

        Raises:
            ValueError: there is nothing to apply.
            TypeError: a gradient cannot become a tensor.
            NotImplementedError: what shall be updated is a tensor.
        """
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError("No variables provided.")
        active = [(_as_gradient(gradient), variable) for gradient, variable in pairs if gradient is not None]
        for tensor in [v for _, v in active if isinstance(v, Tensor)]:
            raise with_notes(
                NotImplementedError("Trying to update a Tensor ", tensor),
                "To fix it: a tensor has no value to change; minimize over tf.Variable objects.",
            )
        if not active:
            raise ValueError(f"No gradients provided for any variable: {[str(v) for _, v in pairs]}.")
        graph = get_default_graph()
        with graph.control_dependencies(None):
            self._create_slots([variable for _, variable in active])
        with graph.name_scope(name or self._name) as scope:
            self._prepare()
            updates = [self._update(gradient, variable) for gradient, variable in active]
            if global_step is None:
                train_op = self._finish(updates, scope)
            else:
                with graph.control_dependencies([self._finish(updates, "update")]):
                    train_op = assign_add(global_step, _one_like(global_step), name=scope).op
        if train_op not in graph.get_collection_ref("train_op"):
            graph.add_to_collection("train_op", train_op)
        return train_op

    def _update(self, gradient: Any, variable: Any) -> Operation:
        with get_default_graph().name_scope(f"update_{variable.op.name}"):
            if isinstance(gradient, IndexedSlices):
                if variable.constraint is not None:
                    raise RuntimeError("Cannot use a constraint function on a sparse variable.")
                return self._apply_sparse_duplicate_indices(gradient, variable)
            update = self._apply_dense(gradient, variable)
            if variable.constraint is None:
                return update
            with get_default_graph().control_dependencies([update]):
                constrained: Operation = variable.assign(variable.constraint(variable.value())).op
            return constrained

    def _apply_op(self, opdef: OpDef, var: Any, *inputs: Any, **attrs: Any) -> Operation:
        """One operation that updates `var` and the slots that follow it among the inputs."""
        return apply_op(opdef, var, *inputs, use_locking=self._use_locking, **attrs)

    def _set_hyper(self, name: str, value: Any) -> None:
        """Make a hyperparameter, or what a function returns for it, a tensor."""
        self._hypers[name] = convert_to_tensor(self._call_if_callable(value), name=name)

    def _hyper(self, name: str, var: Any) -> Tensor:
        """A hyperparameter, in the type of a variable."""
        return cast(self._hypers[name], var.dtype.base_dtype)

    @staticmethod
    def _call_if_callable(value: Any) -> Any:
        return value() if callable(value) else value

    def _valid_dtypes(self) -> tuple[DType, ...]:
        """The types that a loss and variables may have."""
        return REAL_FLOATS

    def _check_type(self, tensor: Any) -> None:
        dtype = tensor.dtype.base_dtype
        if dtype not in self._valid_dtypes():
            raise ValueError(
                f"Invalid type {dtype!r} for {tensor.name}, expected: {list(self._valid_dtypes())}."
            )

    # ----- what a subclass defines -----

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        """Make the variables that the optimizer keeps for itself."""

    def _prepare(self) -> None:
        """Convert the hyperparameters to tensors."""

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        """Update a variable by a gradient of its shape."""
        raise NotImplementedError

    def _apply_sparse_duplicate_indices(self, grad: IndexedSlices, var: Any) -> Operation:
        """Update a variable by a gradient in which a row may occur more than once; by default these are added up."""
        rows, where = unique(grad.indices)
        values = unsorted_segment_sum(grad.values, where, shape(rows)[0])
        return self._apply_sparse(IndexedSlices(values, rows, grad.dense_shape), var)

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        """Update the rows of a variable that have a gradient; each occurs once."""
        raise NotImplementedError

    def _finish(self, update_ops: Sequence[Operation], name_scope: str) -> Operation:
        """One operation for all updates."""
        return group(*update_ops, name=name_scope)


def _one_like(variable: Any) -> Tensor:
    return constant(1, variable.dtype.base_dtype, name="value")


def _as_gradient(gradient: Any) -> Tensor | IndexedSlices:
    if isinstance(gradient, IndexedSlices):
        return gradient
    try:
        return convert_to_tensor(gradient)
    except TypeError:
        raise TypeError(
            f"Gradient must be convertible to a Tensor or IndexedSlices, or None: {gradient}"
        ) from None
