"""Moving averages of variables: smoother values than those of the last step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic.dtypes import REAL_FLOATS, float32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arithmetic import minimum
from graphmagic.ops.assigning import assign_add, assign_sub
from graphmagic.ops.casting import cast
from graphmagic.ops.control import group
from graphmagic.ops.initializers import zeros_initializer
from graphmagic.ops.variable import Variable
from graphmagic.ops.variable_lists import global_variables, trainable_variables
from graphmagic.ops.variable_report import moving_average_variables
from graphmagic.ops.variable_scope import get_variable, variable_scope
from graphmagic.train.slots import create_slot, create_zeros_slot

__all__ = ["ExponentialMovingAverage", "assign_moving_average"]


def assign_moving_average(
    variable: Any, value: Any, decay: Any, zero_debias: bool = True, name: str | None = None
) -> Tensor:
    """Move a variable a part of the way to a value: ``variable -= (variable - value) * (1 - decay)``.

    Args:
        variable: the variable that holds the average.
        value: the new value.
        decay: how much of the average remains, a number below 1.
        zero_debias: correct for the average's having started from zero; makes two further variables.
        name: the operation's name.

    Returns:
        A `Tensor` with the new average.

    >>> import graphmagic as tf
    >>> v, sess = tf.Variable(1.0), tf.Session()
    >>> sess.run(v.initializer)
    >>> sess.run(assign_moving_average(v, 2.0, 0.5, zero_debias=False))
    np.float32(1.5)
    """
    with get_default_graph().name_scope(name or "AssignMovingAvg") as scope:
        kind = variable.dtype.base_dtype
        rest: Any = cast(convert_to_tensor(1.0 - decay, name="decay"), kind)
        target: Any = cast(value, kind)
        if not zero_debias:
            return assign_sub(variable, (variable.value() - target) * rest, name=scope)
        return _debiased(variable, target, rest, scope)


def _debiased(variable: Any, value: Any, rest: Any, scope: str) -> Tensor:
    """Kingma and Ba 2015, section 3: divide a biased average by what its weights add up to."""
    with variable_scope(variable.op.name, values=[variable, value, rest]):
        biased = get_variable(
            "biased",
            initializer=zeros_initializer(),
            shape=variable.shape,
            dtype=variable.dtype,
            trainable=False,
        )
        steps = get_variable(
            "local_step", shape=[], dtype=variable.dtype, initializer=zeros_initializer(), trainable=False
        )
    average = assign_sub(biased, (biased.value() - value) * rest)
    count = assign_add(steps, 1)
    weights = 1.0 - (1.0 - rest) ** count
    old = variable.value()
    return assign_sub(variable, old - average / weights, name=scope)


class ExponentialMovingAverage:
    """Keeps averages of variables in which each step counts less than the next.

    Args:
        decay: how much of the average remains from step to step.
        num_updates: the number of steps taken; the average then starts with shorter memory.
        zero_debias: correct for averages of tensors having started from zero.
        name: the default name of the operation.

    >>> import graphmagic as tf
    >>> v = tf.Variable(0.0)
    >>> average = tf.train.ExponentialMovingAverage(0.5)
    >>> update = average.apply([v])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     _ = sess.run(v.assign(10.0))
    ...     sess.run(update)
    ...     sess.run(average.average(v))
    np.float32(5.0)
    """

    def __init__(
        self,
        decay: Any,
        num_updates: Any = None,
        zero_debias: bool = False,
        name: str = "ExponentialMovingAverage",
    ) -> None:
        self._decay = decay
        self._num_updates = num_updates
        self._zero_debias = zero_debias
        self._name = name
        self._averages: dict[Any, Variable] = {}

    @property
    def name(self) -> str:
        """The name of this object, the last part of the names of the averages."""
        return self._name

    def apply(self, var_list: Sequence[Any] | None = None) -> Operation:
        """Make averages, and the operation that updates them.

        Args:
            var_list: variables or tensors of floats; all trainable variables if None.

        Returns:
            An `Operation`.

        Raises:
            TypeError: one of them has no floats.
        """
        items = trainable_variables() if var_list is None else list(var_list)
        graph = get_default_graph()
        fresh = set()
        for item in items:
            self._check(item)
            if item not in self._averages:
                self._averages[item] = self._create(item)
                if not isinstance(item, Variable) and self._zero_debias:
                    fresh.add(item)
        with graph.name_scope(self._name) as scope:
            decay = self._current_decay()
            updates = [
                assign_moving_average(self._averages[item], _value(item), decay, zero_debias=item in fresh)
                for item in items
            ]
            return group(*updates, name=scope)

    def _check(self, item: Any) -> None:
        if item.dtype.base_dtype not in REAL_FLOATS:
            raise TypeError(f"The variables must be half, float, or double: {item.name}")

    def _create(self, item: Any) -> Variable:
        graph = get_default_graph()
        with graph.control_dependencies(None):
            if isinstance(item, Variable):
                average = create_slot(item, item.initialized_value(), self._name)
                if item not in moving_average_variables():
                    graph.add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, item)
            else:
                average = create_zeros_slot(item, self._name)
        return average

    def _current_decay(self) -> Tensor:
        decay = convert_to_tensor(self._decay, float32, name="decay")
        if self._num_updates is None:
            return decay
        updates: Any = cast(self._num_updates, float32, name="num_updates")
        return minimum(decay, (1.0 + updates) / (10.0 + updates))

    def average(self, var: Any) -> Variable | None:
        """The variable that holds the average of `var`; None if there is none."""
        return self._averages.get(var)

    def average_name(self, var: Any) -> str:
        """The name of the average of `var`, whether there is one or not."""
        if var in self._averages:
            return self._averages[var].op.name
        return get_default_graph().unique_name(f"{var.op.name}/{self._name}", mark_as_used=False)

    def variables_to_restore(self, moving_avg_variables: Sequence[Any] | None = None) -> dict[str, Variable]:
        """What to give a `Saver` so that it restores averages into the variables themselves.

        Args:
            moving_avg_variables: the variables to replace; all trainable ones and those with averages if None.

        Returns:
            A dict from names in a checkpoint to variables.
        """
        replaced = (
            [*trainable_variables(), *moving_average_variables()]
            if moving_avg_variables is None
            else list(moving_avg_variables)
        )
        names = {self.average_name(v): v for v in dict.fromkeys(replaced)}
        for variable in dict.fromkeys(global_variables()):
            if variable not in replaced:
                names.setdefault(variable.op.name, variable)
        return names


def _value(item: Any) -> Any:
    return item.value() if isinstance(item, Variable) else item
