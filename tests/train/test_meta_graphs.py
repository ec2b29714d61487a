"""Graphs as files: what comes back runs, trains and can be saved again."""

import json
from pathlib import Path

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture
def prefix(tmp_path):
    return str(tmp_path / "m")


def save_model(prefix):
    """A small model that has made two steps, saved; returns its next loss values."""
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(3)
        x, y = (
            tf.placeholder(tf.float32, [None, 2], name="x"),
            tf.placeholder(tf.float32, [None, 1], name="y"),
        )
        with tf.variable_scope("layer"):
            w = tf.get_variable("w", [2, 1])
            b = tf.get_variable("b", [1], initializer=tf.zeros_initializer())
        loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b - y), name="loss")
        step = tf.train.AdamOptimizer(0.1).minimize(loss, name="step")
        tf.add_to_collection("interesting", loss)
        tf.add_to_collection("interesting", "a word")
        tf.add_to_collection("objects", object())
        sess.run(tf.global_variables_initializer())
        losses = train(sess, loss, step, x, y, 2)
        path = tf.train.Saver(max_to_keep=3).save(sess, prefix)
        return path, losses + train(sess, loss, step, x, y, 3)


def train(sess, loss, step, x, y, times):
    rng = np.random.default_rng(1)
    feed = {x: rng.normal(size=[5, 2]), y: rng.normal(size=[5, 1])}
    return [sess.run([loss, step], feed)[0] for _ in range(times)]


def test_training_goes_on(prefix):
    path, losses = save_model(prefix)
    with tf.Graph().as_default(), tf.Session() as sess:
        saver = tf.train.import_meta_graph(f"{path}.meta")
        saver.restore(sess, path)
        graph = tf.get_default_graph()
        nodes = [graph.get_tensor_by_name("loss:0"), graph.get_operation_by_name("step")]
        nodes += [graph.get_tensor_by_name(name) for name in ("x:0", "y:0")]

        assert train(sess, *nodes, 3) == losses[2:]
        assert saver.save(sess, f"{prefix}2") == f"{prefix}2"


def test_collections_come_back(prefix):
    path, _ = save_model(prefix)
    with tf.Graph().as_default() as graph:
        tf.train.import_meta_graph(f"{path}.meta")
        variables = tf.global_variables()

        assert [v.name for v in tf.trainable_variables()] == ["layer/w:0", "layer/b:0"]
        assert tf.trainable_variables()[0] is variables[0]
        assert [v.trainable for v in variables][:3] == [True, True, False]
        assert tf.get_collection("interesting") == [graph.get_tensor_by_name("loss:0"), "a word"]
        assert tf.get_collection("objects") == []
        assert tf.get_collection("train_op") == [graph.get_operation_by_name("step")]


def test_imported_variables_are_variables(prefix):
    save_model(prefix)
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.train.import_meta_graph(f"{prefix}.meta")
        w = tf.global_variables()[0]
        sess.run(w.initializer)
        sess.run(w.assign([[1.0], [2.0]]))
        gradient = tf.gradients(w * w, w)[0]

        assert w.shape == [2, 1]
        assert sess.run(gradient).tolist() == [[2.0], [4.0]]
        assert sess.run(w.read_value() + w).tolist() == [[2.0], [4.0]]


def test_new_operations_get_new_names(prefix):
    save_model(prefix)
    with tf.Graph().as_default():
        tf.train.import_meta_graph(f"{prefix}.meta")
        with tf.name_scope("layer"):
            inside = tf.constant(1.0, name="w")

        assert tf.constant(1.0, name="loss").name == "loss_1:0"
        assert inside.name == "layer_1/w:0"


def test_a_prefix_for_all_names(prefix):
    path, losses = save_model(prefix)
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        saver = tf.train.import_meta_graph(f"{path}.meta", import_scope="copy")
        saver.restore(sess, path)
        nodes = [graph.get_tensor_by_name("copy/loss:0"), graph.get_operation_by_name("copy/step")]
        nodes += [graph.get_tensor_by_name(f"copy/{name}:0") for name in "xy"]

        assert train(sess, *nodes, 3) == losses[2:]
        assert tf.global_variables()[0].name == "copy/layer/w:0"


def test_names_that_are_taken_leave_the_graph_as_it_was(prefix):
    save_model(prefix)
    with tf.Graph().as_default() as graph:
        tf.constant(1.0, name="loss")
        with pytest.raises(ValueError, match="Duplicate node name in graph: 'loss'"):
            tf.train.import_meta_graph(f"{prefix}.meta")

        assert [op.name for op in graph.get_operations()] == ["loss"]
        assert tf.global_variables() == []


def test_control_flow_comes_back():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [], name="x")
        branch = tf.cond(x > 0.0, lambda: x * 2.0, lambda: x - 1.0)
        _, power = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * branch), [0, tf.constant(1.0)])
        tf.identity(tf.gradients(power, x)[0], name="slope")
        saved = json.loads(str(tf.train.export_meta_graph()))
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        tf.train.import_meta_graph(type(tf.train.export_meta_graph())(saved))
        slope, x = graph.get_tensor_by_name("slope:0"), graph.get_tensor_by_name("x:0")

        assert sess.run(slope, {x: 1.0}) == 24.0
        assert sess.run(slope, {x: -1.0}) == 12.0


def test_a_graph_without_variables():
    with tf.Graph().as_default():
        tf.constant([1.0, np.nan], name="x")
        saved = tf.train.export_meta_graph()
    with tf.Graph().as_default() as graph:
        assert tf.train.import_meta_graph(saved) is None
        assert tf.Session().run(graph.get_tensor_by_name("x:0"))[0] == 1.0


def test_what_a_file_cannot_hold(tmp_path):
    with tf.Graph().as_default():
        tf.py_func(lambda a: a, [tf.constant(1.0)], tf.float32, name="mine")
        saved = tf.train.export_meta_graph(str(tmp_path / "g.meta"))
    assert saved.graph_def is not None
    with (
        tf.Graph().as_default(),
        pytest.raises(ValueError, match=r"Node 'mine' \(PyFunc\) cannot be imported"),
    ):
        tf.train.import_meta_graph(str(tmp_path / "g.meta"))


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"\x0a\x03tensorflow", b'{"format": "graphmagic meta graph", "version": 9}', b"[1]"],
)
def test_files_that_are_no_meta_graph(tmp_path, content):
    path = tmp_path / "bad.meta"
    path.write_bytes(content)
    with pytest.raises(OSError, match=r"Cannot parse file .*bad\.meta"):
        tf.train.import_meta_graph(str(path))
    with pytest.raises(OSError, match="does not exist"):
        tf.train.import_meta_graph(str(tmp_path / "none.meta"))


def test_an_incomplete_document_leaves_the_graph_as_it_was(prefix):
    save_model(prefix)
    path = Path(f"{prefix}.meta")
    document = json.loads(path.read_bytes())
    del document["graph"]["nodes"][-1]["types"]
    path.write_text(json.dumps(document))
    with tf.Graph().as_default() as graph:
        with pytest.raises(OSError, match="Cannot parse the meta graph"):
            tf.train.import_meta_graph(f"{prefix}.meta")
        assert graph.get_operations() == []
