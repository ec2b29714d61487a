"""Data sets in files on this machine (``tf.keras.datasets``): nothing is fetched from the internet."""

from graphmagic.keras.datasets import boston_housing, cifar10, fashion_mnist, imdb, mnist, reuters

__all__ = ["boston_housing", "cifar10", "fashion_mnist", "imdb", "mnist", "reuters"]
