"""Queues (TensorFlow's ``tf.queue``): other names for functions of `tf` itself."""

from graphmagic.names import namespace as _namespace

__getattr__, __dir__ = _namespace(__name__)
