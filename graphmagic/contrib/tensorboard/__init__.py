"""TensorBoard's plugins (``tf.contrib.tensorboard``)."""

from graphmagic.contrib.tensorboard import plugins
from graphmagic.names import namespace as _namespace

__all__ = ["plugins"]

__getattr__, __dir__ = _namespace(__name__)
