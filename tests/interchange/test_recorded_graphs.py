"""Graphs that TensorFlow wrote: they load, draw, and compute what TensorFlow computed."""

from pathlib import Path

import numpy as np
import pytest

import graphmagic as tf
from graphmagic import draw

pytest.importorskip("tensorboard.compat.proto")

FOLDER = Path(__file__).parents[1] / "oracle" / "graphs"
FROZEN = ["mlp", "convnet", "depthwise", "arrays", "branches", "loops"]


def load(name):
    graph_def = tf.GraphDef()
    with tf.gfile.FastGFile(str(FOLDER / f"{name}.pb"), "rb") as file:
        graph_def.ParseFromString(file.read())
    return graph_def


def answers(name):
    """What to feed, and the names and values of the outputs."""
    recorded = np.load(FOLDER / f"{name}.npz")
    feeds = {key.removeprefix("feed "): recorded[key] for key in recorded if key.startswith("feed ")}
    outputs = {key.split(" ")[2]: recorded[key] for key in recorded if key.startswith("output ")}
    return feeds, outputs


@pytest.mark.parametrize("name", FROZEN)
def test_a_frozen_graph_computes_the_same(name):
    feeds, outputs = answers(name)
    tf.import_graph_def(load(name), name="")

    found = tf.Session().run(list(outputs), feeds)

    for (output, expected), value in zip(outputs.items(), found, strict=True):
        assert value.dtype == expected.dtype, output
        np.testing.assert_allclose(value, expected, rtol=2e-5, atol=2e-6, err_msg=output)


@pytest.mark.parametrize("name", FROZEN)
def test_static_shapes_agree_with_the_values(name):
    _, outputs = answers(name)
    tensors = tf.import_graph_def(load(name), return_elements=list(outputs))

    for tensor, expected in zip(tensors, outputs.values(), strict=True):
        assert tensor.shape.is_compatible_with(expected.shape), tensor


@pytest.mark.parametrize("name", FROZEN)
def test_a_frozen_graph_can_be_drawn(name):
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(load(name), name="model")

    assert "model" in draw.picture(graph).dot


def test_training_goes_the_same_way():
    feeds, outputs = answers("training")
    tf.import_graph_def(load("training"), name="")
    sess = tf.Session()
    sess.run("init")

    losses = [sess.run(["loss:0", "step"], feeds)[0] for _ in outputs["loss:0"]]

    np.testing.assert_allclose(losses, outputs["loss:0"], rtol=1e-6)
    assert losses[-1] < losses[0]


def test_text_is_the_same_graph():
    text_format = pytest.importorskip("google.protobuf.text_format")
    graph_def = text_format.Parse((FOLDER / "mlp_text.pbtxt").read_text(), tf.GraphDef())

    assert graph_def == load("mlp")


def test_a_loaded_graph_can_be_differentiated():
    feeds, _ = answers("mlp")
    x, y = tf.import_graph_def(load("mlp"), return_elements=["x:0", "probabilities:0"], name="")
    feeds = {x: feeds["x:0"].astype(np.float32)}

    with tf.Session():
        start = np.zeros((5, 4), np.float32)
        assert tf.test.compute_gradient_error(x, (5, 4), y, (5, 3), start) < 1e-3
