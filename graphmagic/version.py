"""Versions (TensorFlow's ``tf.version``): of the TensorFlow whose interface this is, and of graph definitions."""

from graphmagic.graph.graph import PRODUCER as GRAPH_DEF_VERSION
from graphmagic.names import namespace as _namespace

VERSION = "1.15.0"
GIT_VERSION = f"v{VERSION}"
COMPILER_VERSION = "none"
GRAPH_DEF_VERSION_MIN_CONSUMER = 0
GRAPH_DEF_VERSION_MIN_PRODUCER = 0

__all__ = [
    "COMPILER_VERSION",
    "GIT_VERSION",
    "GRAPH_DEF_VERSION",
    "GRAPH_DEF_VERSION_MIN_CONSUMER",
    "GRAPH_DEF_VERSION_MIN_PRODUCER",
    "VERSION",
]

__getattr__, __dir__ = _namespace(__name__)
