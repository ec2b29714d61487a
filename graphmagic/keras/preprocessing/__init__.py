"""Preparing data (``tf.keras.preprocessing``)."""

from graphmagic.keras.preprocessing import sequence

__all__ = ["sequence"]
