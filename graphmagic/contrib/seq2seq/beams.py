"""What beam search does with tensors that hold several beams for each sequence of a batch."""

from __future__ import annotations

from typing import Any

from graphmagic import nest
from graphmagic.contrib.seq2seq.trees import gather_tree
from graphmagic.dtypes import int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.extremes import reduce_max
from graphmagic.ops.fill import range as range_
from graphmagic.ops.gather import gather
from graphmagic.ops.gather_nd import gather_nd
from graphmagic.ops.meshes import sequence_mask
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import expand_dims, reshape
from graphmagic.ops.stacking import stack
from graphmagic.ops.tensor_array import TensorArray
from graphmagic.ops.tile import tile
from graphmagic.ops.transposing import transpose

__all__ = ["gather_tree_from_array", "tile_batch"]


def tile_batch(t: Any, multiplier: int, name: str | None = None) -> Any:
    """Each sequence of a batch several times, one after the other: what each of its beams starts from.

    Args:
        t: a tensor of shape ``[batch, ...]``, or a nest of them.
        multiplier: how many times.
        name: the name of the scope.

    Raises:
        ValueError: the rank of a tensor is not known.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.contrib.seq2seq.tile_batch([[1, 2], [3, 4]], 2)).tolist()
    [[1, 2], [1, 2], [3, 4], [3, 4]]
    """

    def tiled(value: Any) -> Any:
        tensor = convert_to_tensor(value, name="t")
        known = tensor.shape
        if not known.ndims:
            raise ValueError("t must have statically known rank")
        sizes = shape(tensor)
        wide = tile(expand_dims(tensor, 1), [1, multiplier, *[1] * (known.ndims - 1)])
        result = reshape(wide, concat([[sizes[0] * multiplier], sizes[1:]], 0))
        rows = known.as_list()[0]
        result.set_shape([None if rows is None else rows * multiplier, *known.as_list()[1:]])
        return result

    structure = t if nest.is_nested(t) and not _is_matrix(t) else convert_to_tensor(t)
    with name_scope(name or "tile_batch"):
        return nest.map_structure(tiled, structure)


def _is_matrix(value: Any) -> bool:
    """Whether nested lists are a tensor rather than a nest of tensors."""
    return isinstance(value, list) and all(
        isinstance(leaf, (int, float, bool)) for leaf in nest.flatten(value)
    )


def merged(t: Any) -> Any:
    """A tensor whose beams are rows of the batch; arrays and scalars stay."""
    if isinstance(t, TensorArray) or t.shape.ndims == 0:
        return t
    rows, beams, *rest = t.shape.as_list()
    sizes = shape(t)
    result = reshape(t, concat([[sizes[0] * sizes[1]], sizes[2:]], 0))
    result.set_shape([None if rows is None or beams is None else rows * beams, *rest])
    return result


def parted(t: Any, batch: Any, width: int) -> Any:
    """The opposite of `merged`."""
    if isinstance(t, TensorArray) or t.shape.ndims == 0:
        return t
    rows, *rest = t.shape.as_list()
    result = reshape(t, concat([stack([batch, width]), shape(t)[1:]], 0))
    result.set_shape([None if rows is None else rows // width, width, *rest])
    return result


def chosen_beams(t: Any, beams: Any, batch: Any, width: int) -> Any:
    """The beams with some numbers, for each row of the batch; arrays and scalars stay.

    Args:
        t: shape ``[batch, width, ...]``.
        beams: shape ``[batch, width]``.
        batch: how many rows.
        width: how many beams.
    """
    if isinstance(t, TensorArray) or t.shape.ndims == 0:
        return t
    first = expand_dims(range_(batch) * width, 1)
    found = gather(merged(t), reshape(beams + first, [-1]))
    result = parted(found, batch, width)
    result.set_shape(t.shape)
    return result


def gather_tree_from_array(t: Any, parent_ids: Any, sequence_length: Any) -> Any:
    """What belongs to each beam of beam search, in the order of its words.

    Args:
        t: a tensor of shape ``[time, batch, width, ...]`` or ``[time, batch * width, ...]``, or a `TensorArray`.
        parent_ids: which beam of the step before each one goes on, shape ``[time, batch, width]``.
        sequence_length: how long each beam is, shape ``[batch, width]``.

    Returns:
        A tensor shaped like `t`.
    """
    values = t.stack() if isinstance(t, TensorArray) else t
    sizes = shape(parent_ids)
    steps, rows, width = sizes[0], sizes[1], sizes[2]
    own = tile(reshape(range_(width), [1, 1, -1]), stack([steps, rows, 1]))
    longest = cast(reduce_max(sequence_length, axis=1), int32)
    followed = gather_tree(own, parent_ids, longest, width + 1)
    inside = transpose(sequence_mask(sequence_length, maxlen=steps), [2, 0, 1])
    beams = where(inside, followed, own)
    time = tile(reshape(range_(steps), [-1, 1, 1]), stack([1, rows, width]))
    row = tile(reshape(range_(rows), [1, -1, 1]), stack([steps, 1, width]))
    rest = shape(values)[2:] if values.shape.ndims == parent_ids.shape.ndims - 1 else shape(values)[3:]
    split = reshape(values, concat([sizes, rest], 0))
    found = gather_nd(split, stack([time, row, beams], -1))
    result = reshape(found, shape(values))
    result.set_shape(values.shape)
    return result
