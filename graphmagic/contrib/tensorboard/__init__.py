"""TensorBoard's plugins (``tf.contrib.tensorboard``)."""

from graphmagic.contrib.tensorboard import plugins

__all__ = ["plugins"]
