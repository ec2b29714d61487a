"""Names of TensorFlow that graphmagic lacks say so, and names that it has are found under all of TensorFlow's names."""

import importlib
import pickle

import pytest

import graphmagic as tf
from graphmagic.names import UnsupportedNameError, namespace, same_as, tensorflow_names
from graphmagic.names.reasons import OLD_NAMES, REASONS, reason_for


def look_up(name):
    member = tf
    for part in name.split("."):
        member = getattr(member, part)
    return member


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("saved_model", "it is a name of TensorFlow 1, but it belongs to how TensorFlow itself is built or deployed"),
        ("GradientTape", "graphmagic has graphs and sessions only, no eager execution. Build a graph and run it"),
        ("distribute", "graphmagic runs on one machine, without a cluster. One tf.Session does all the work."),
        ("fft", "graphmagic computes with real numbers. Keep the real and the imaginary part as two tensors."),
        ("nn.quantized_conv2d", "it configures hardware, compilers or number formats that graphmagic does without."),
        ("saved_model", "it belongs to how TensorFlow itself is built or deployed. tf.train.Saver keeps variables"),
        ("random.set_seed", "graphmagic has no 'tf.random.set_seed': it is a name of TensorFlow 2"),
        ("mul", "graphmagic has no 'tf.mul': TensorFlow 1.0 renamed it. Use tf.multiply."),
        ("train.SummaryWriter", "TensorFlow 1.0 renamed it. Use tf.summary.FileWriter."),
        ("reduce_summ", "graphmagic has no 'tf.reduce_summ', nor has TensorFlow 1. Did you mean 'reduce_sum'"),
        ("nn.reluu", "graphmagic has no 'tf.nn.reluu', nor has TensorFlow 1. Did you mean 'relu'"),
        ("qqqqqqqq", "graphmagic has no 'tf.qqqqqqqq', nor has TensorFlow 1."),
    ],
)  # fmt: skip
def test_a_missing_name_says_why(name, text):
    space, _, last = name.rpartition(".")
    module = look_up(space) if space else tf

    with pytest.raises(AttributeError) as caught:
        getattr(module, last)
    assert text in str(caught.value)
    assert type(caught.value) is UnsupportedNameError
    assert not hasattr(module, last)
    assert getattr(module, last, None) is None
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_every_missing_name_has_a_reason():
    for name in tensorflow_names():
        assert reason_for(name).why


def test_every_reason_is_needed():
    used = {reason_for(name) for name in tensorflow_names()}

    assert set(REASONS) == used


@pytest.mark.parametrize("old", OLD_NAMES)
def test_old_names_lead_to_names_of_tensorflow(old):
    assert OLD_NAMES[old] in tensorflow_names()
    assert old not in tensorflow_names()


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("math.add", "add"),
        ("random.normal", "random_normal"),
        ("debugging.assert_equal", "assert_equal"),
        ("debugging.check_numerics", "check_numerics"),
        ("io.write_graph", "train.write_graph"),
        ("queue.FIFOQueue", "FIFOQueue"),
        ("dtypes.cast", "cast"),
        ("initializers.zeros", "zeros_initializer"),
        ("manip.reshape", "reshape"),
    ],
)
def test_one_thing_has_all_its_names(name, other):
    assert look_up(name) is look_up(other)


def test_names_are_listed_for_completion():
    assert {"assert_equal", "check_numerics"} <= set(dir(tf.debugging))
    assert "experimental" not in dir(tf.debugging)


def test_private_names_are_plain_errors():
    with pytest.raises(AttributeError, match=r"module 'graphmagic\.nn' has no attribute '_private'"):
        tf.nn._private  # noqa: B018
    look, _ = namespace("graphmagic.nn")
    with pytest.raises(AttributeError, match="has no attribute '__wrapped__'"):
        look("__wrapped__")


def test_modules_can_still_be_imported():
    assert importlib.import_module("graphmagic.nn.softmax").softmax is tf.nn.softmax
    with pytest.raises(ImportError, match="cannot import name 'reluu'"):
        exec("from graphmagic.nn import reluu")


def test_same_as():
    assert same_as("random.normal") == ("random_normal",)
    assert same_as("no such name") == ()


def test_versions():
    assert (tf.VERSION, tf.version.VERSION, tf.GIT_VERSION) == ("1.15.0", "1.15.0", "v1.15.0")
    assert tf.get_default_graph().as_graph_def().versions.producer == tf.GRAPH_DEF_VERSION
