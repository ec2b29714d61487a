"""Cells around cells: DropoutWrapper, ResidualWrapper, DeviceWrapper."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from graphmagic import nest
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.nn.dropout import dropout
from graphmagic.nn.rnn_cell.base import RNNCell, check_cell
from graphmagic.nn.rnn_cell.lstm import LSTMStateTuple
from graphmagic.ops.concat import concat
from graphmagic.ops.division import div
from graphmagic.ops.random import random_uniform
from graphmagic.ops.rounding import floor
from graphmagic.ops.variable import Variable

__all__ = ["DeviceWrapper", "DropoutWrapper", "ResidualWrapper"]


class _Wrapper(RNNCell):
    """A cell that does something before and after another one."""

    def __init__(self, cell: Any, **options: Any) -> None:
        super().__init__(**options)
        check_cell("cell", cell)
        self._cell = cell

    @property
    def wrapped_cell(self) -> Any:
        """The cell inside."""
        return self._cell

    @property
    def state_size(self) -> Any:
        """The size of the state of the cell inside."""
        return self._cell.state_size

    @property
    def output_size(self) -> Any:
        """The size of the output of the cell inside."""
        return self._cell.output_size

    @property
    def weights(self) -> list[Variable]:
        """The variables of the cell inside."""
        return list(getattr(self._cell, "weights", []))

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """A state of zeros; arguments as for `RNNCell`."""
        with get_default_graph().name_scope(f"{type(self).__name__}ZeroState"):
            return self._cell.zero_state(batch_size, dtype)


class DropoutWrapper(_Wrapper):
    """A cell whose inputs, outputs or states are dropped at random.

    Args:
        cell: the cell.
        input_keep_prob: the probability that an element of the input stays.
        output_keep_prob: the same for the output.
        state_keep_prob: the same for the next state; the memory of an LSTM cell always stays.
        variational_recurrent: drop the same elements in all time steps.
        input_size: the size of the input, needed for that.
        dtype: the type, needed for that.
        seed: the seed of the random choices.
        dropout_state_filter_visitor: says for a state which of its parts may be dropped.

    Raises:
        ValueError: a probability is not between 0 and 1, or something needed is missing.

    >>> import graphmagic as tf
    >>> cell = tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(4), output_keep_prob=0.5)
    >>> cell.output_size
    4
    """

    def __init__(
        self,
        cell: Any,
        input_keep_prob: Any = 1.0,
        output_keep_prob: Any = 1.0,
        state_keep_prob: Any = 1.0,
        variational_recurrent: bool = False,
        input_size: Any = None,
        dtype: Any = None,
        seed: int | None = None,
        dropout_state_filter_visitor: Callable[[Any], Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(cell, **options)
        if dropout_state_filter_visitor is not None and not callable(dropout_state_filter_visitor):
            raise TypeError(
                f"dropout_state_filter_visitor must be callable. Received: {dropout_state_filter_visitor}"
            )
        given = {
            "input_keep_prob": input_keep_prob,
            "state_keep_prob": state_keep_prob,
            "output_keep_prob": output_keep_prob,
        }
        numbers = [value for value in given.values() if not isinstance(value, Tensor)]
        get_default_graph().spared += len(numbers)  # TensorFlow makes constants of them
        self._keep = {}
        for name, value in given.items():
            if isinstance(value, (int, float)) and not 0 <= value <= 1:
                raise ValueError(f"Parameter {name} must be between 0 and 1. Received {value}")
            self._keep[name.partition("_")[0]] = float(value) if isinstance(value, (int, float)) else value
        self._seed = seed
        self._filter = dropout_state_filter_visitor or _may_drop
        self._noise: dict[str, list[Tensor]] | None = None
        if variational_recurrent:
            self._make_noise(input_size, dtype)

    def _make_noise(self, input_size: Any, dtype: Any) -> None:
        if dtype is None:
            raise ValueError("When variational_recurrent=True, dtype must be provided")
        sizes = {"state": self.state_size, "output": self.output_size}
        if self._drops("input"):
            if input_size is None:
                raise ValueError(
                    "When variational_recurrent=True and input_keep_prob < 1.0 or is unknown, "
                    "input_size must be provided"
                )
            sizes = {"input": input_size, **sizes}
        self._noise = {}
        for kind, size in sizes.items():
            self._noise[kind] = [
                random_uniform(
                    concat([[1], convert_to_tensor(part if isinstance(part, list) else [part])], 0),
                    seed=self._salted(kind, number),
                    dtype=dtype,
                )
                for number, part in enumerate(nest.flatten(size))
            ]

    def _salted(self, kind: str, number: int) -> int | None:
        if self._seed is None:
            return None
        text = f"{self._seed}{kind}_{number}"
        return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8], 16) & 0x7FFFFFFF

    def _drops(self, kind: str) -> bool:
        keep = self._keep[kind]
        return not isinstance(keep, float) or keep < 1

    def _dropped(self, kind: str, values: Any) -> Any:
        """A nest of tensors with random elements set to zero."""
        results = []
        keep = self._keep[kind]
        allowed = nest.flatten(_allowed(self._filter, values)) if kind == "state" else None
        for number, value in enumerate(nest.flatten(values)):
            if allowed is not None and not allowed[number]:
                results.append(value)
            elif self._noise is None:
                results.append(dropout(value, keep_prob=keep, seed=self._salted(kind, number)))
            else:
                noise: Any = self._noise[kind][number]
                kept: Any = div(value, keep)
                result = kept * floor(keep + noise)
                result.set_shape(value.shape)
                results.append(result)
        return nest.pack_sequence_as(values, results)

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """One step; arguments as for `RNNCell`."""
        if self._drops("input"):
            inputs = self._dropped("input", inputs)
        output, following = self._cell(inputs, state, scope=scope)
        if self._drops("state"):
            following = self._dropped("state", following)
        if self._drops("output"):
            output = self._dropped("output", output)
        return output, following


def _may_drop(state: Any) -> Any:
    return LSTMStateTuple(False, True) if isinstance(state, LSTMStateTuple) else True


def _allowed(visitor: Callable[[Any], Any], state: Any) -> Any:
    """For each part of a state whether it may be dropped."""
    answer = visitor(state)
    if not nest.is_nested(state):
        return bool(answer)
    if answer is True:
        parts = list(state.values()) if isinstance(state, dict) else list(state)
        return [_allowed(visitor, part) for part in parts]
    if answer is False:
        return [False] * len(nest.flatten(state))
    return answer


class ResidualWrapper(_Wrapper):
    """A cell whose input is added to its output.

    Args:
        cell: the cell.
        residual_fn: makes the output from the input and the cell's output; their sum if None.
    """

    def __init__(
        self, cell: Any, residual_fn: Callable[[Any, Any], Any] | None = None, **options: Any
    ) -> None:
        super().__init__(cell, **options)
        self._residual_fn = residual_fn or _sum

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """One step; arguments as for `RNNCell`."""
        output, following = self._cell(inputs, state, scope=scope)
        return self._residual_fn(inputs, output), following


def _sum(inputs: Any, outputs: Any) -> Any:
    nest.assert_same_structure(inputs, outputs)
    for a, b in zip(nest.flatten(inputs), nest.flatten(outputs), strict=True):
        a.shape.assert_is_compatible_with(b.shape)
    return nest.map_structure(lambda a, b: a + b, inputs, outputs)


class DeviceWrapper(_Wrapper):
    """A cell whose operations are noted as being on a device.

    Args:
        cell: the cell.
        device: the device, such as ``/gpu:0``.
    """

    def __init__(self, cell: Any, device: Any, **options: Any) -> None:
        super().__init__(cell, **options)
        self._device = device

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """One step; arguments as for `RNNCell`."""
        with get_default_graph().device(self._device):
            return self._cell(inputs, state, scope=scope)
