"""Rearranging tensors (TensorFlow's ``tf.manip``)."""

from graphmagic.names import namespace as _namespace
from graphmagic.ops.gather_nd import gather_nd, scatter_nd
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.reversing import reverse, roll
from graphmagic.ops.space_to_batch import batch_to_space_nd, space_to_batch_nd
from graphmagic.ops.tile import tile

__all__ = [
    "batch_to_space_nd",
    "gather_nd",
    "reshape",
    "reverse",
    "roll",
    "scatter_nd",
    "space_to_batch_nd",
    "tile",
]

__getattr__, __dir__ = _namespace(__name__)
