"""Data sets in files on this machine (``tf.keras.datasets``): nothing is fetched from the internet."""

from graphmagic.keras.datasets import mnist

__all__ = ["mnist"]
