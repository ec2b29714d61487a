"""Layers of Keras, made of those of ``tf.layers`` and the cells of ``tf.nn.rnn_cell`` (``tf.keras.layers``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from graphmagic import layers as plain
from graphmagic.dtypes import as_dtype
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.keras import activations, initializers, regularizers
from graphmagic.keras.backend import learning_phase
from graphmagic.layers.base import snake_case
from graphmagic.ops.placeholder import placeholder
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import reshape

__all__ = [
    "Activation",
    "AveragePooling2D",
    "BatchNormalization",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "InputLayer",
    "Lambda",
    "Layer",
    "MaxPool2D",
    "MaxPooling2D",
    "ReLU",
    "Reshape",
    "Softmax",
    "history_of",
]


def history_of() -> dict[Any, tuple[Any, list[Any]]]:
    """For each output of a layer in the default graph, the layer and its inputs."""
    kept: dict[str, Any] = get_default_graph().scoping.setdefault("keras", {})
    found: dict[Any, Any] = kept.setdefault("history", {})
    return found


def Input(
    shape: Any = None, batch_shape: Any = None, name: str | None = None, dtype: Any = "float32", **_: Any
) -> Tensor:
    """The input of a model: a placeholder for batches.

    Args:
        shape: the shape of one example.
        batch_shape: the shape of a batch, instead.
        name: its name.
        dtype: its type.
        **_: accepted for old programs.
    """
    sizes = [None, *shape] if batch_shape is None else list(batch_shape)
    return placeholder(as_dtype(dtype), sizes, name=name or "input")


class Layer:
    """A part of a model; subclasses define `build`, for what has variables, and `call`.

    Args:
        name: its name; from that of its class if None.
        input_shape: the shape of one example, for the first layer of a `Sequential`.
        **options: accepted for old programs.
    """

    def __init__(self, name: str | None = None, input_shape: Any = None, **options: Any) -> None:
        if "input_dim" in options:
            input_shape = (options["input_dim"],)
        elif "batch_input_shape" in options:
            input_shape = tuple(options["batch_input_shape"][1:])
        self._name, self.input_shape_given, self.input_dtype = (
            name,
            input_shape,
            options.get("dtype", "float32"),
        )
        self._inner: Any = None
        self.built = False

    def make(self) -> Any:
        """The layer of ``tf.layers`` that does the work, or None."""
        return None

    def build(self, input_shape: Any) -> None:
        """Make the variables."""

    def call(self, inputs: Any) -> Any:
        """Compute the outputs."""
        if isinstance(self._inner, (plain.Dropout, plain.BatchNormalization)):
            return self._inner(inputs, training=learning_phase())
        return self._inner(inputs)

    def __call__(self, inputs: Any) -> Any:
        """Apply it, and remember that."""
        if not self.built:
            self._inner = self.make()
            self.build((inputs[0] if isinstance(inputs, (list, tuple)) else inputs).shape)
            self.built = True
        if self._inner is not None:
            outputs = self.call(inputs)
        else:
            with self._scope():
                outputs = self.call(inputs)
        history_of()[outputs] = (self, list(inputs) if isinstance(inputs, (list, tuple)) else [inputs])
        return outputs

    @contextmanager
    def _scope(self) -> Iterator[None]:
        """The name scope of a layer that makes its operations itself; its first one is its name."""
        named = self._name is not None and bool(self.weights)
        given = f"{self._name}/" if named else self._name or snake_case(type(self).__name__)
        with get_default_graph().name_scope(given) as scope:
            self._name = self._name if named else str(scope).rstrip("/").rpartition("/")[2]
            yield

    @property
    def name(self) -> str:
        """Its name."""
        return (
            str(self._inner.name)
            if self._inner is not None
            else self._name or snake_case(type(self).__name__)
        )

    @property
    def weights(self) -> list[Any]:
        """Its variables."""
        return list(self._inner.variables) if self._inner is not None else list(getattr(self, "_own", []))

    @property
    def losses(self) -> list[Any]:
        """Nothing: regularizers put their losses into a collection."""
        return []

    def count_params(self) -> int:
        """How many numbers its variables have."""
        return sum(int(v.shape.num_elements() or 0) for v in self.weights)


class InputLayer(Layer):
    """The first layer of a `Sequential`: it says the shape of one example."""

    def call(self, inputs: Any) -> Any:
        """The inputs."""
        return inputs


class Dense(Layer):
    """Every unit sees all inputs; arguments as in Keras."""

    def __init__(
        self, units: int, activation: Any = None, use_bias: bool = True, kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros", kernel_regularizer: Any = None, bias_regularizer: Any = None, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self._arguments = (
            units, activations.get(activation), use_bias, initializers.get(kernel_initializer),
            initializers.get(bias_initializer), regularizers.get(kernel_regularizer), regularizers.get(bias_regularizer),
        )  # fmt: skip

    def make(self) -> Any:
        """A `tf.layers.Dense`."""
        return plain.Dense(*self._arguments, name=self._name)


class Conv2D(Layer):
    """A convolution of images; arguments as in Keras."""

    def __init__(
        self, filters: int, kernel_size: Any, strides: Any = (1, 1), padding: str = "valid", data_format: Any = None,
        dilation_rate: Any = (1, 1), activation: Any = None, use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform", bias_initializer: Any = "zeros", kernel_regularizer: Any = None,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self._arguments = {
            "filters": filters, "kernel_size": kernel_size, "strides": strides, "padding": padding,
            "data_format": data_format or "channels_last", "dilation_rate": dilation_rate,
            "activation": activations.get(activation), "use_bias": use_bias,
            "kernel_initializer": initializers.get(kernel_initializer),
            "bias_initializer": initializers.get(bias_initializer),
            "kernel_regularizer": regularizers.get(kernel_regularizer),
        }  # fmt: skip

    kind: Any = plain.Conv2D

    def make(self) -> Any:
        """A layer of ``tf.layers``."""
        return type(self).kind(**self._arguments, name=self._name)


class Pool(Layer):
    kind: Any = None

    def __init__(
        self, pool_size: Any = (2, 2), strides: Any = None, padding: str = "valid", **options: Any
    ) -> None:
        super().__init__(**options)
        self._arguments = pool_size, pool_size if strides is None else strides, padding

    def make(self) -> Any:
        """A layer of ``tf.layers``."""
        return type(self).kind(*self._arguments, name=self._name)


class MaxPooling2D(Pool):
    """The largest element of each window."""

    kind = plain.MaxPooling2D


class AveragePooling2D(Pool):
    """The mean of each window."""

    kind = plain.AveragePooling2D


MaxPool2D = MaxPooling2D


class Dropout(Layer):
    """Sets random elements to zero while training."""

    def __init__(self, rate: float, noise_shape: Any = None, seed: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._arguments = rate, noise_shape, seed

    def make(self) -> Any:
        """A `tf.layers.Dropout`."""
        return plain.Dropout(*self._arguments, name=self._name)


class BatchNormalization(Layer):
    """Batch normalization; arguments as in Keras."""

    def __init__(self, axis: int = -1, momentum: float = 0.99, epsilon: float = 1e-3, **options: Any) -> None:
        super().__init__(**{k: v for k, v in options.items() if k in ("name", "input_shape")})
        self._arguments = axis, momentum, epsilon

    def make(self) -> Any:
        """A `tf.layers.BatchNormalization`."""
        return plain.BatchNormalization(*self._arguments, name=self._name)

    @property
    def updates(self) -> list[Any]:
        """What runs with each step of training."""
        return list(self._inner.updates)


class Flatten(Layer):
    """A row for each example."""

    def make(self) -> Any:
        """A `tf.layers.Flatten`."""
        return plain.Flatten(name=self._name)


class Lambda(Layer):
    """A function of tensors as a layer."""

    def __init__(self, function: Any, **options: Any) -> None:
        super().__init__(**options)
        self._function = function

    def call(self, inputs: Any) -> Any:
        """Call it."""
        return self._function(inputs)


class Activation(Lambda):
    """An activation, by its name or as a function."""

    def __init__(self, activation: Any, **options: Any) -> None:
        super().__init__(activations.get(activation), **options)


class ReLU(Activation):
    """`tf.nn.relu` as a layer."""

    def __init__(self, **options: Any) -> None:
        super().__init__("relu", **options)


class Softmax(Activation):
    """`tf.nn.softmax` as a layer."""

    def __init__(self, **options: Any) -> None:
        super().__init__("softmax", **options)


class Reshape(Layer):
    """Another shape for each example."""

    def __init__(self, target_shape: Any, **options: Any) -> None:
        super().__init__(**options)
        self._target = tuple(target_shape)

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return reshape(inputs, [shape(inputs)[0], *self._target])
