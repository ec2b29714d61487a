"""Models as Keras makes them, on graphs and sessions: what tutorials of TensorFlow 1 used (``tf.keras``)."""

from graphmagic.keras import (
    activations,
    backend,
    callbacks,
    datasets,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    preprocessing,
    regularizers,
    utils,
)
from graphmagic.keras.layers import Input
from graphmagic.keras.models import Model, Sequential

__all__ = [
    "Input",
    "Model",
    "Sequential",
    "activations",
    "backend",
    "callbacks",
    "datasets",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "preprocessing",
    "regularizers",
    "utils",
]


def __getattr__(name: str) -> object:
    raise AttributeError(
        f"graphmagic has no tf.keras.{name}, only what tutorials used: build the rest with tf.layers and tf.nn"
    )
