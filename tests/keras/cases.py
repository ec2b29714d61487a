"""Small Keras programs whose numbers are compared with TensorFlow's; each gets its `tf` as an argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["CASES"]

VECTORS = np.random.RandomState(0).rand(8, 4).astype("float32")
SERIES = np.random.RandomState(1).rand(4, 5, 4).astype("float32")
IMAGES = np.random.RandomState(2).rand(2, 8, 8, 3).astype("float32")
CLASSES = np.eye(3, dtype="float32")[[0, 2, 1, 1, 0, 2, 0, 1]]
CASES: dict[str, Callable[[Any], Any]] = {}


def _fixed(model: Any) -> Any:
    random = np.random.RandomState(3)
    model.set_weights([random.normal(0, 0.3, w.shape).astype("float32") for w in model.get_weights()])
    return model


def _layer(make: Callable[[Any], Any], inputs: Any) -> Callable[[Any], Any]:
    def run(tf: Any) -> Any:
        given = tf.keras.layers.Input(shape=inputs.shape[1:])
        model = tf.keras.models.Model(given, make(tf.keras.layers)(given))
        return _fixed(model).predict(inputs)

    return run


def _loss(name: str) -> Callable[[Any], Any]:
    def run(tf: Any) -> Any:
        predicted = tf.nn.softmax(tf.constant(3 * VECTORS[:, :3]))
        return tf.keras.backend.get_session().run(tf.keras.losses.get(name)(tf.constant(CLASSES), predicted))

    return run


def _training(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def run(tf: Any) -> Any:
        layers = tf.keras.layers
        model = tf.keras.models.Sequential(
            [layers.Dense(5, activation="relu", input_shape=(4,)), layers.Dense(3, activation="softmax")]
        )
        _fixed(model).compile(make(tf.keras.optimizers), "categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(VECTORS, CLASSES, batch_size=4, epochs=4, verbose=0, shuffle=False).history
        return [*history["loss"], *history["acc"], *model.evaluate(VECTORS, CLASSES, verbose=0)]

    return run


def _recurrent_training(tf: Any) -> Any:
    layers = tf.keras.layers
    model = tf.keras.models.Sequential([layers.LSTM(3, input_shape=(5, 4)), layers.Dense(1)])
    _fixed(model).compile("adam", "mse")
    return model.fit(SERIES, SERIES[:, 0, :1], batch_size=2, epochs=3, verbose=0, shuffle=False).history[
        "loss"
    ]


def _validation(tf: Any) -> Any:
    layers = tf.keras.layers
    model = tf.keras.models.Sequential([layers.Dense(3), layers.Dense(1)])
    model.build((None, 4))
    _fixed(model).compile("sgd", "mse", metrics=["mae"])
    fitted = model.fit(VECTORS, VECTORS[:, :1], epochs=3, verbose=0, shuffle=False, validation_split=0.25)
    return [
        fitted.history[name]
        for name in ("loss", "mean_absolute_error", "val_loss", "val_mean_absolute_error")
    ]


LAYERS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "Dense": (lambda layers: layers.Dense(3, activation="relu"), VECTORS),
    "Conv1D": (lambda layers: layers.Conv1D(4, 3), SERIES),
    "Conv2D": (lambda layers: layers.Conv2D(2, (3, 3), padding="same", strides=2), IMAGES),
    "Conv2DTranspose": (lambda layers: layers.Conv2DTranspose(2, 3, strides=2, padding="same"), IMAGES),
    "Conv3D": (lambda layers: layers.Conv3D(2, 2), IMAGES[..., np.newaxis]),
    "SeparableConv2D": (lambda layers: layers.SeparableConv2D(2, 3), IMAGES),
    "MaxPooling1D": (lambda layers: layers.MaxPooling1D(2), SERIES),
    "AveragePooling1D": (lambda layers: layers.AveragePooling1D(2), SERIES),
    "MaxPooling2D": (lambda layers: layers.MaxPooling2D(), IMAGES),
    "GlobalAveragePooling1D": (lambda layers: layers.GlobalAveragePooling1D(), SERIES),
    "GlobalMaxPooling1D": (lambda layers: layers.GlobalMaxPooling1D(), SERIES),
    "GlobalAveragePooling2D": (lambda layers: layers.GlobalAveragePooling2D(), IMAGES),
    "GlobalMaxPooling2D": (lambda layers: layers.GlobalMaxPooling2D(), IMAGES),
    "ZeroPadding2D": (lambda layers: layers.ZeroPadding2D(((1, 0), (0, 2))), IMAGES),
    "UpSampling2D": (lambda layers: layers.UpSampling2D((2, 3)), IMAGES),
    "Permute": (lambda layers: layers.Permute((2, 1)), SERIES),
    "RepeatVector": (lambda layers: layers.RepeatVector(3), VECTORS),
    "Reshape": (lambda layers: layers.Reshape((2, -1)), VECTORS),
    "LeakyReLU": (
        lambda layers: lambda x: layers.LeakyReLU(0.1)(layers.Lambda(lambda t: t - 0.5)(x)),
        VECTORS,
    ),
    "ELU": (lambda layers: lambda x: layers.ELU()(layers.Lambda(lambda t: t - 0.5)(x)), VECTORS),
    "GaussianNoise": (lambda layers: layers.GaussianNoise(1.0), VECTORS),
    "TimeDistributed": (lambda layers: layers.TimeDistributed(layers.Dense(2)), SERIES),
    "SimpleRNN": (lambda layers: layers.SimpleRNN(3, return_sequences=True), SERIES),
    "LSTM": (lambda layers: layers.LSTM(3), SERIES),
    "LSTM of all steps": (lambda layers: layers.LSTM(3, activation="relu", return_sequences=True), SERIES),
    "LSTM backwards": (lambda layers: layers.LSTM(3, go_backwards=True), SERIES),
    "GRU": (lambda layers: layers.GRU(3), SERIES),
    "Bidirectional": (lambda layers: layers.Bidirectional(layers.LSTM(3, return_sequences=True)), SERIES),
    "Bidirectional sum": (lambda layers: layers.Bidirectional(layers.GRU(3), merge_mode="sum"), SERIES),
    "hard_sigmoid": (lambda layers: layers.Activation("hard_sigmoid"), VECTORS),
    "merging": (
        lambda layers: (
            lambda x: layers.concatenate(
                [
                    layers.add([x, x]),
                    layers.multiply([x, x]),
                    layers.average([x, x]),
                    layers.subtract([x, x]),
                    layers.maximum([x, layers.Lambda(lambda t: 1 - t)(x)]),
                    layers.Dot(1)([x, x]),
                ]
            )
        ),
        VECTORS,
    ),
}
CASES |= {f"layer {name}": _layer(*case) for name, case in LAYERS.items()}
CASES |= {
    f"loss {name}": _loss(name)
    for name in (
        *(
            "mse",
            "mae",
            "mape",
            "msle",
            "hinge",
            "squared_hinge",
            "categorical_hinge",
            "logcosh",
            "kld",
            "poisson",
        ),
        *("binary_crossentropy", "categorical_crossentropy"),
    )
}
CASES |= {
    "fit SGD": _training(lambda optimizers: "sgd"),
    "fit SGD with momentum": _training(lambda optimizers: optimizers.SGD(0.1, momentum=0.9, nesterov=True)),
    "fit SGD with decay": _training(lambda optimizers: optimizers.SGD(0.1, decay=0.1)),
    "fit RMSprop": _training(lambda optimizers: "rmsprop"),
    "fit Adagrad": _training(lambda optimizers: "adagrad"),
    "fit Adadelta": _training(lambda optimizers: "adadelta"),
    "fit Adam": _training(lambda optimizers: optimizers.Adam(0.01)),
    "fit Adamax": _training(lambda optimizers: "adamax"),
    "fit Nadam": _training(lambda optimizers: "nadam"),
    "fit LSTM": _recurrent_training,
    "fit with validation": _validation,
}
