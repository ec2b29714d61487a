"""The alias: what it gives, and that it takes everything back."""

import sys
import types

import numpy as np
import pytest

import graphmagic as tf
from graphmagic import legacy


@pytest.fixture
def installed():
    with legacy.installed():
        yield


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("import tensorflow.compat.v1 as x", "Session"),
        ("from tensorflow.python.framework import ops as x", "get_default_graph"),
        ("from tensorflow.python.ops import array_ops as x", "reshape"),
        ("from tensorflow.python.ops import rnn_cell_impl as x", "LSTMCell"),
        ("from tensorflow.python.layers import core as x", "dense"),
        ("from tensorflow.python.training import moving_averages as x", "ExponentialMovingAverage"),
        ("from tensorflow.python.platform import gfile as x", "FastGFile"),
        ("from tensorflow.models.rnn import rnn_cell as x", "BasicLSTMCell"),
        ("import tensorflow.contrib.layers as x", "fully_connected"),
        ("from tensorflow.contrib import rnn as x", "static_rnn"),
        ("import tensorflow.examples.tutorials.mnist.input_data as x", "read_data_sets"),
        ("from tensorflow.contrib.learn.python.learn.datasets import mnist as x", "read_data_sets"),
        ("from tensorflow.python.client import device_lib as x", "list_local_devices"),
    ],
)
def test_modules_that_tutorials_import(statement, value):
    found = {}
    exec(statement, found)
    assert callable(getattr(found["x"], value))


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("from tensorflow.contrib import nothing", r"graphmagic has no 'tf\.contrib\.nothing'"),
        (
            "import tensorflow.contrib.cudnn_rnn",
            "graphmagic has no 'tf.contrib.cudnn_rnn': it is about hardware",
        ),
        ("from tensorflow.python.eager import context", r"graphmagic has no 'tf\.python\.eager'"),
        ("from tensorflow import enable_eager_execution", "no eager execution"),
    ],
)
def test_what_is_missing_says_so_when_it_is_imported(statement, text):
    with pytest.raises(ImportError, match=text):
        exec(statement, {})


@pytest.mark.usefixtures("installed")
def test_a_star_takes_all_public_names():
    found = {}
    exec("from tensorflow.keras.layers import *", found)
    assert found["Dense"] is tf.keras.layers.Dense
    assert not [name for name in found if name.startswith("_") and name != "__builtins__"]


def test_numpy_lends_old_names_for_a_while():
    before = {name: vars(np).get(name) for name in ("float", "int", "product", "reshape")}
    with legacy.installed():
        legacy.install()  # twice changes nothing
        assert np.float is float
        assert np.product([2, 3]) == 6
        assert np.reshape(np.arange(6), newshape=[2, 3]).shape == (2, 3)
        assert np.reshape(np.arange(6), (3, 2), order="F")[0, 1] == 3
        assert np.asscalar(np.float32([2])) == 2.0
    assert {name: vars(np).get(name) for name in before} == before


def test_classes_look_like_tensorflow_1s_for_a_while():
    x = tf.constant(1, name="x")
    with legacy.installed():
        assert str(type(x)) == "<class 'tensorflow.python.framework.ops.Tensor'>"
        assert (
            str(tf.errors.NotFoundError) == "<class 'tensorflow.python.framework.errors_impl.NotFoundError'>"
        )
        assert x._repr_mimebundle_()["text/plain"] == "<tf.Tensor 'x:0' shape=() dtype=int32>"
        assert "image/svg+xml" in x._repr_mimebundle_()
        from tensorflow.python.framework.errors_impl import NotFoundError

        assert NotFoundError is tf.errors.NotFoundError
    assert type(x).__module__ == "graphmagic.graph.node"
    assert x._repr_mimebundle_()["text/plain"] != repr(x)


def test_a_real_tensorflow_comes_back(monkeypatch):
    real, part = types.ModuleType("tensorflow"), types.ModuleType("tensorflow.nn")
    monkeypatch.setitem(sys.modules, "tensorflow", real)
    monkeypatch.setitem(sys.modules, "tensorflow.nn", part)
    with legacy.installed():
        import tensorflow

        assert tensorflow is not real
        assert tensorflow.Session is tf.Session
    assert sys.modules["tensorflow"] is real
    assert sys.modules["tensorflow.nn"] is part


def test_old_spellings_and_argument_orders():
    with legacy.installed(), tf.Session() as sess:
        import tensorflow as old

        x = old.constant([[1.0, 2.0], [3.0, 4.0]])
        first, second = old.split(0, 2, x)
        fetches = [
            old.sub(x, 1.0)[0, 0], old.neg(x)[1, 1], old.pack([1, 2]), old.arg_min(x, 1), old.batch_matmul([x], [x]),
            second, old.select([True, False], [1, 2], [3, 4]), old.inv(2.0), old.concat(1, [first, second]),
        ]  # fmt: skip
        values = sess.run(fetches)
        loss = old.nn.softmax_cross_entropy_with_logits(x, [[1.0, 0.0], [0.0, 1.0]])
    assert values[0] == 0.0
    assert values[1] == -4.0
    assert [v.tolist() for v in values[2:]] == [
        [1, 2], [0, 0], [[[7, 10], [15, 22]]], [[3, 4]], [1, 4], 0.5, [[1, 2, 3, 4]],
    ]  # fmt: skip
    assert loss.shape == (2,)
    assert not hasattr(tf, "neg")


def test_digits_stand_in_for_mnist_on_request_only(tmp_path, monkeypatch):
    pytest.importorskip("sklearn")
    monkeypatch.setattr(
        "urllib.request.urlopen", lambda *_, **__: (_ for _ in ()).throw(OSError("no network"))
    )
    from graphmagic.legacy import input_data

    with pytest.raises(FileNotFoundError, match=r"no network.*--digits SCRIPT"):
        input_data.read_data_sets(str(tmp_path))
    with legacy.installed(digits=True):
        mnist = input_data.read_data_sets(str(tmp_path), one_hot=True)
    assert mnist.train.images.shape[1:] == (784,)
    assert mnist.train.images.max() <= 1.0
    np.testing.assert_array_equal(mnist.test.labels.sum(axis=1), 1)
    assert not input_data.settings.digits


def test_batches_of_mnist_files(mnist_folder, capsys):
    from graphmagic.legacy import input_data

    mnist = input_data.read_data_sets(mnist_folder, one_hot=False, validation_size=400, seed=1)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        f"Extracting {mnist_folder}/train-images-idx3-ubyte.gz",
        f"Extracting {mnist_folder}/train-labels-idx1-ubyte",
    ]
    sizes = [part.num_examples for part in mnist]
    assert sizes == [5000, 400, 300]
    for _ in range(3):
        images, labels = mnist.train.next_batch(1700)
        np.testing.assert_array_equal(images.reshape(-1, 28, 28).mean(axis=2).argmax(axis=1), 2 * labels + 2)
    assert mnist.train.epochs_completed == 1
