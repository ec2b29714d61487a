"""Sets as the rows of tensors (TensorFlow's ``tf.sets``)."""

from graphmagic.names import namespace as _namespace
from graphmagic.ops.sets import set_difference, set_intersection, set_size, set_union
from graphmagic.ops.sets import set_difference as difference
from graphmagic.ops.sets import set_intersection as intersection
from graphmagic.ops.sets import set_size as size
from graphmagic.ops.sets import set_union as union

__all__ = [
    "difference",
    "intersection",
    "set_difference",
    "set_intersection",
    "set_size",
    "set_union",
    "size",
    "union",
]

__getattr__, __dir__ = _namespace(__name__)
