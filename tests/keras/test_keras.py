"""Models of Keras: built, trained, evaluated; names, mistakes, data."""

import numpy as np
import pytest

import graphmagic as tf

keras = tf.keras
layers = keras.layers


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default(), tf.Session().as_default():
        tf.set_random_seed(1)
        np.random.seed(1)
        yield


def spirals():
    random = np.random.default_rng(0)
    x = random.normal(size=(200, 2)).astype(np.float32)
    return x, (x[:, 0] * x[:, 1] > 0).astype(int)


def test_a_classifier_learns_and_tells():
    x, y = spirals()
    model = keras.Sequential()
    model.add(layers.Dense(16, activation="relu", input_shape=(2,)))
    model.add(layers.Dropout(0.05))
    model.add(layers.Dense(2, activation="softmax"))
    model.compile(
        optimizer=keras.optimizers.Adam(0.05), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    history = model.fit(x, y, epochs=30, batch_size=20, verbose=0, validation_split=0.2)

    assert set(history.history) == {"loss", "acc", "val_loss", "val_acc"}
    assert history.history["loss"][-1] < history.history["loss"][0] / 2
    loss, accuracy = model.evaluate(x, y, verbose=0)
    assert accuracy > 0.9
    assert model.predict(x).sum(-1) == pytest.approx(np.ones(200), abs=1e-5)
    assert (model.predict_classes(x) == y).mean() == pytest.approx(accuracy)
    assert [v.name for v in model.weights] == [
        "dense/kernel:0",
        "dense/bias:0",
        "dense_1/kernel:0",
        "dense_1/bias:0",
    ]
    assert loss < 0.4


def test_a_step_is_the_gradient():
    model = keras.Sequential([layers.Dense(1, input_shape=(2,), use_bias=False)])
    model.compile(keras.optimizers.SGD(lr=0.5), "mse")
    model.set_weights([np.array([[1.0], [2.0]])])
    x, y = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.0, 0.0])

    assert model.train_on_batch(x, y) == pytest.approx(2.5)
    assert model.get_weights()[0].ravel() == pytest.approx([0.5, 1.0])


def test_layers_between_inputs_and_outputs():
    a, b = layers.Input(shape=(4, 4, 1)), layers.Input(shape=(3,))
    net = layers.Conv2D(2, (3, 3), activation="relu", padding="same")(a)
    net = layers.BatchNormalization()(layers.MaxPooling2D((2, 2))(net))
    net = layers.concatenate([layers.Flatten()(net), layers.Activation("tanh")(b)])
    model = keras.Model(inputs=[a, b], outputs=layers.Dense(1, activation="sigmoid")(net))
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    x = [np.random.rand(12, 4, 4, 1), np.random.rand(12, 3)]
    before = model.get_weights()
    model.fit(x, np.arange(12) % 2, epochs=2, verbose=0)
    lines = []
    model.summary(print_fn=lines.append)

    assert model.predict(x).shape == (12, 1)
    assert not all(np.array_equal(p, q) for p, q in zip(before, model.get_weights(), strict=True))
    assert any("Total params: 40" in line for line in lines)
    assert any("conv2d (Conv2D)" in line for line in lines)


@pytest.mark.parametrize("recurrent", [layers.SimpleRNN, layers.LSTM, layers.GRU])
def test_words_in_order(recurrent):
    model = keras.Sequential([layers.Embedding(10, 4, input_length=5), recurrent(6), layers.Dense(1)])
    model.compile("adam", "mse")
    x = keras.preprocessing.sequence.pad_sequences([[1, 2], [3, 4, 5], [6]] * 8, maxlen=5)
    history = model.fit(x, np.array([0.0, 1.0, 2.0] * 8), epochs=30, verbose=0)

    assert history.history["loss"][-1] < history.history["loss"][0]
    assert model.predict(x[:3]).shape == (3, 1)


def test_training_stops_early():
    model = keras.Sequential([layers.Dense(1, input_shape=(1,))])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    stop = keras.callbacks.EarlyStopping(monitor="loss", patience=2)
    x = np.ones((8, 1))
    history = model.fit(x, x, epochs=20, verbose=0, callbacks=[stop])

    assert len(history.epoch) == 3


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: keras.Sequential([layers.Dense(1)]).summary(), ValueError, "has not yet been built"),
        (lambda: keras.Sequential([3]), TypeError, "must be an instance of class Layer"),
        (lambda: layers.Dense(1, activation="rleu"), ValueError, "Unknown activation function: rleu"),
        (
            lambda: keras.Sequential([layers.Dense(1, input_shape=(1,))]).fit([[1]], [1]),
            RuntimeError,
            "must compile",
        ),
        (
            lambda: keras.datasets.mnist.load_data("none.npz"),
            FileNotFoundError,
            "fetches nothing from the internet",
        ),
    ],
)
def test_a_mistake_is_said(make, error, text):
    with pytest.raises(error, match=text):
        make()


def test_digits_are_read_from_a_file(tmp_path):
    arrays = {name: np.zeros(3) for name in ("x_train", "y_train", "x_test", "y_test")}
    np.savez(tmp_path / "mnist.npz", **arrays)
    (x, _), _ = keras.datasets.mnist.load_data(str(tmp_path / "mnist.npz"))

    assert x.shape == (3,)


def test_labels_as_rows():
    assert keras.utils.to_categorical([1, 0], 3).tolist() == [[0, 1, 0], [1, 0, 0]]
