"""Branches and loops as TensorFlow 1 writes them."""

import json
from pathlib import Path

import flow_program
import numpy as np
import pytest

import graphmagic as tf

RECORDED = Path(__file__).parents[1] / "oracle" / "graphs" / "flow_nodes.json"
FEEDS = [
    {"x:0": [1.0, 2.0], "p:0": True, "n:0": 4},
    {"x:0": [-1.0, 2.0], "p:0": True, "n:0": 3},
    {"x:0": [1.0, -2.0], "p:0": False, "n:0": 0},
]


def test_the_nodes_are_those_that_tensorflow_writes():
    flow_program.build(tf)

    assert flow_program.nodes(tf.get_default_graph()) == json.loads(RECORDED.read_text())


@pytest.mark.parametrize("feeds", FEEDS)
def test_what_is_written_can_be_read_again(feeds):
    results = flow_program.build(tf, variable=True)
    tf.global_variables_initializer()
    names = [t.name for t in results]
    definition = tf.get_default_graph().as_graph_def()

    def run(graph):
        with tf.Session(graph=graph) as sess:
            sess.run("init")
            return sess.run(names, feeds)

    with tf.Graph().as_default() as other:
        tf.import_graph_def(definition, name="")

    for one, two in zip(run(tf.get_default_graph()), run(other), strict=True):
        np.testing.assert_array_equal(one, two)


def test_gradients_are_written_in_tensorflow_s_words():
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.cond(
        x[0] > 0, lambda: tf.while_loop(lambda v: v[0] < 9.0, lambda v: v * x, [x]), lambda: tf.exp(x)
    )
    tf.gradients(y, x)
    kinds = {node.op for node in tf.get_default_graph().as_graph_def().node}

    assert kinds >= {"TensorListPushBack", "TensorListPopBack", "OptionalFromValue", "OptionalGetValue"}
    assert not kinds & {"If", "While", "LoopVariable", "VariantAddN", "VariantZerosLike", "Unbroadcast"}


def test_gradients_can_be_read_again():
    x = tf.placeholder(tf.float32, [2], name="x")

    def grow():
        return tf.while_loop(lambda v, s: s < 9.0, lambda v, s: (v * x, s + tf.reduce_sum(v)), [x, 0.0])

    y = tf.cond(x[0] > 0, lambda: grow()[0], lambda: tf.exp(x) * x)
    [dx] = tf.gradients(y, x)
    definition = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default() as other:
        tf.import_graph_def(definition, name="")

    for feed in ([1.0, 2.0], [-1.0, 2.0]):
        one = tf.Session().run(dx, {x: feed})
        two = tf.Session(graph=other).run(dx.name, {"x:0": feed})
        np.testing.assert_array_equal(one, two)


def test_shapes_can_be_added():
    tf.cond(tf.placeholder(tf.bool, []), lambda: tf.zeros([2]), lambda: tf.ones([2]))
    nodes = {n.name: n for n in tf.get_default_graph().as_graph_def(add_shapes=True).node}

    assert "_output_shapes" in nodes["cond/zeros"].attr
    assert "_output_shapes" not in nodes["cond/Merge"].attr
