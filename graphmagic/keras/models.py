"""Models of Keras: made of layers, compiled, fitted (``tf.keras.models``)."""

from graphmagic.keras.model import Model
from graphmagic.keras.sequential import Sequential

__all__ = ["Model", "Sequential"]
