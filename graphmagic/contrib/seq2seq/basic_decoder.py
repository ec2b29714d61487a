"""The plain decoder: a cell, a helper that chooses the inputs, and a layer on top."""

from __future__ import annotations

from typing import Any, NamedTuple

from graphmagic import nest
from graphmagic.contrib.seq2seq.decoder import Decoder, as_shape_of
from graphmagic.contrib.seq2seq.helper import Helper
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.nn.rnn_cell.base import check_cell
from graphmagic.shapes import TensorShape

__all__ = ["BasicDecoder", "BasicDecoderOutput"]


class BasicDecoderOutput(NamedTuple):
    """What a step gives: the outputs of the cell, or of the layer upon it, and the numbers chosen from them."""

    rnn_output: Any
    sample_id: Any


class BasicDecoder(Decoder):
    """Steps of a cell whose inputs a helper chooses.

    Args:
        cell: an `RNNCell`.
        helper: a `Helper`.
        initial_state: the first state of the cell.
        output_layer: a layer, such as `tf.layers.Dense`, that makes logits of the cell's outputs.

    Raises:
        TypeError: one of them is of another kind.
    """

    def __init__(self, cell: Any, helper: Any, initial_state: Any, output_layer: Any = None) -> None:
        check_cell("cell", cell)
        if not isinstance(helper, Helper):
            raise TypeError(f"helper must be a Helper, received: {type(helper)}")
        check_layer("output_layer", output_layer)
        self._cell, self._helper = cell, helper
        self._initial_state, self._output_layer = initial_state, output_layer

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._helper.batch_size

    @property
    def output_size(self) -> Any:
        """The sizes of a step's outputs."""
        return BasicDecoderOutput(
            layer_output_size(self._cell.output_size, self._output_layer), self._helper.sample_ids_shape
        )

    @property
    def output_dtype(self) -> Any:
        """The types of a step's outputs: that of the state for the cell's."""
        kind = nest.flatten(self._initial_state)[0].dtype
        sizes = layer_output_size(self._cell.output_size, self._output_layer)
        return BasicDecoderOutput(nest.map_structure(lambda _: kind, sizes), self._helper.sample_ids_dtype)

    def initialize(self, name: str | None = None) -> tuple[Any, Any, Any]:
        """Which sequences have ended already, the first inputs, the first state."""
        return (*self._helper.initialize(), self._initial_state)

    def step(
        self, time: Tensor, inputs: Any, state: Any, name: str | None = None
    ) -> tuple[Any, Any, Any, Any]:
        """A step of the cell, then of the layer, then the helper's choice."""
        with name_scope(name or "BasicDecoderStep"):
            outputs, moved = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            chosen = self._helper.sample(time=time, outputs=outputs, state=moved)
            finished, following, moved = self._helper.next_inputs(
                time=time, outputs=outputs, state=moved, sample_ids=chosen
            )
        return BasicDecoderOutput(outputs, chosen), moved, following, finished


def check_layer(name: str, layer: Any) -> None:
    """Raise a TypeError unless it is a layer or None."""
    if layer is not None and not (callable(layer) and hasattr(layer, "build")):
        raise TypeError(f"{name} must be a Layer, received: {type(layer)}")


def layer_output_size(size: Any, layer: Any) -> Any:
    """The size of outputs after a layer, without the batch."""
    if layer is None:
        return size
    return nest.map_structure(
        lambda s: layer.compute_output_shape(TensorShape([None]).concatenate(as_shape_of(s)))[1:], size
    )
