"""Old homes of names that are in ``tf`` now (``tf.contrib.util``)."""

from graphmagic.graph.constants import get_static_value as constant_value
from graphmagic.interchange.arrays import make_ndarray, make_tensor_proto
from graphmagic.names import namespace as _namespace

__all__ = ["constant_value", "make_ndarray", "make_tensor_proto"]

__getattr__, __dir__ = _namespace(__name__)
