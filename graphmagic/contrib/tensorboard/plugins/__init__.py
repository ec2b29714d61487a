"""TensorBoard's plugins (``tf.contrib.tensorboard.plugins``)."""

from graphmagic.contrib.tensorboard.plugins import projector

__all__ = ["projector"]
