"""What static and dynamic recurrent networks have in common: shapes, zeros, steps beyond the end of a sequence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphmagic import nest
from graphmagic.dtypes import int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Tensor
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.cond import cond
from graphmagic.ops.extremes import reduce_max, reduce_min
from graphmagic.ops.fill import range as range_
from graphmagic.ops.logic import greater_equal, less
from graphmagic.ops.queries import rank, shape
from graphmagic.ops.reversing import reverse_sequence
from graphmagic.ops.stacking import stack, unstack
from graphmagic.ops.tensor_array import TensorArray
from graphmagic.ops.transposing import transpose
from graphmagic.shapes import TensorShape

__all__ = ["Lengths", "first_state", "reversed_sequence", "state_dtype", "transposed"]


def transposed(x: Any) -> Tensor:
    """A tensor with its first two dimensions exchanged: batch first becomes time first, and the other way."""
    tensor = convert_to_tensor(x)
    known = tensor.shape
    if known.ndims is not None and known.ndims < 2:
        raise ValueError(f"Expected tensor {tensor} to have rank at least 2, but saw shape: {known}")
    order = concat([[1, 0], range_(2, rank(tensor))], 0)
    result = transpose(tensor, order)
    if known.ndims is not None:
        sizes = known.as_list()
        result.set_shape([sizes[1], sizes[0], *sizes[2:]])
    return result


def first_state(cell: Any, initial_state: Any, batch_size: Any, dtype: Any) -> Any:
    """The state to start from: the given one, else zeros."""
    if initial_state is not None:
        return initial_state
    if not dtype:
        raise ValueError("If no initial_state is provided, argument `dtype` must be specified")
    if hasattr(cell, "get_initial_state"):
        return cell.get_initial_state(inputs=None, batch_size=batch_size, dtype=dtype)
    return cell.zero_state(batch_size, dtype)


def state_dtype(dtype: Any, state: Any) -> Any:
    """The type of a cell's output: the given one, else that of the state."""
    if dtype is not None:
        return dtype
    kinds = [leaf.dtype for leaf in nest.flatten(state)]
    if not kinds:
        raise ValueError(f"Unable to infer dtype from argument state={state}.")
    if any(kind is not kinds[0] for kind in kinds):
        raise ValueError(
            f"Argument state={state} has tensors of different inferred dtypes. "
            f"Unable to infer a single representative dtype. Dtypes received: {kinds}"
        )
    return kinds[0]


class Lengths:
    """How long each sequence of a batch is: beyond its end the output is zero and the state stays what it is.

    Args:
        lengths: an integer vector.
        zero_output: the output beyond the end.
    """

    def __init__(self, lengths: Tensor, zero_output: Any) -> None:
        self.lengths = cast(lengths, int32)
        self.shortest = reduce_min(self.lengths)
        self.longest = reduce_max(self.lengths)
        self.zero_output = zero_output

    def masked_step(self, time: Any, state: Any, step: Callable[[], Any]) -> tuple[Any, Any]:
        """A step that is always computed and then used where the sequences have not ended."""
        over = greater_equal(time, self.lengths)
        output, following = step()
        return self._packed(
            self._choose(over, self._both(self.zero_output, state), self._both(output, following)), state
        )

    def conditional_step(self, time: int, state: Any, step: Callable[[], Any]) -> tuple[Any, Any]:
        """A step that is computed only if a sequence has not ended."""
        over = greater_equal(time, self.lengths)
        old = self._both(self.zero_output, state)

        def some() -> list[Any]:
            new = self._both(*step())
            return cond(less(time, self.shortest), lambda: new, lambda: self._choose(over, old, new))  # type: ignore[no-any-return]

        return self._packed(cond(greater_equal(time, self.longest), lambda: old, some), state)

    def _both(self, output: Any, state: Any) -> list[Any]:
        return [*nest.flatten(output), *nest.flatten(state)]

    def _choose(self, over: Tensor, old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
        return [
            b if isinstance(b, TensorArray) or a.shape.ndims == 0 else where(over, a, b)
            for a, b in zip(old, new, strict=True)
        ]

    def _packed(self, leaves: Any, state: Any) -> tuple[Any, Any]:
        outputs = nest.flatten(self.zero_output)
        leaves = leaves if isinstance(leaves, list) else [leaves]
        for leaf, old in zip(leaves, self._both(self.zero_output, state), strict=True):
            if not isinstance(leaf, TensorArray):
                leaf.set_shape(old.shape)
        return (
            nest.pack_sequence_as(self.zero_output, leaves[: len(outputs)]),
            nest.pack_sequence_as(state, leaves[len(outputs) :]),
        )


def reversed_sequence(inputs: Sequence[Any], lengths: Any) -> list[Any]:
    """The time steps of a list in reverse order; of each sequence those before its end, if `lengths` are given."""
    if lengths is None:
        return list(reversed(inputs))
    columns = []
    for steps in zip(*[nest.flatten(i) for i in inputs], strict=True):
        known = (
            TensorShape([None] * steps[0].shape.ndims)
            if steps[0].shape.ndims is not None
            else TensorShape(None)
        )
        for step in steps:
            known = known.merge_with(step.shape)
        results = unstack(reverse_sequence(stack(list(steps)), lengths, 0, 1), num=len(steps))
        for result in results:
            result.set_shape(known)
        columns.append(results)
    return [
        nest.pack_sequence_as(i, list(row)) for i, row in zip(inputs, zip(*columns, strict=True), strict=True)
    ]


def batch_size_of(tensors: Sequence[Tensor], axis: int) -> Any:
    """The batch size, a number if it is known, else a tensor."""
    for tensor in tensors:
        if tensor.shape.ndims is None:
            continue
        if tensor.shape.ndims < axis + 1:
            raise ValueError(
                f"Input tensor should have rank >= {axis + 1}. Received input={tensor} of rank {tensor.shape.ndims}"
            )
        size = tensor.shape.as_list()[axis]
        if size is not None:
            return size
    return shape(tensors[0])[axis]
