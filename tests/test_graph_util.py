"""Changing graph definitions."""

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture
def model():
    """A graph with a variable, an identity and a checked output; a session with a value for the variable."""
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None, 2], name="x")
        v = tf.Variable([[1.0], [2.0]], name="v")
        w = tf.Variable([5.0], name="w")
        y = tf.add(tf.matmul(x, v), w, name="y")
        tf.check_numerics(tf.identity(y, name="same"), "bad", name="checked")
        tf.negative(y, name="unused")
        sess.run([v.initializer, w.initializer])
        yield graph, sess


def nodes(graph_def):
    return [(node.name, node.op) for node in graph_def.node]


def test_extract_sub_graph(model):
    part = tf.graph_util.extract_sub_graph(model[0].as_graph_def(), ["y"])

    assert [name for name, _ in nodes(part)] == ["x", "v", "v/read", "w", "w/read", "MatMul", "y"]
    assert part.versions.producer == tf.GRAPH_DEF_VERSION


@pytest.mark.parametrize(
    ("arguments", "kind", "text"),
    [
        ((3, ["y"]), TypeError, "graph_def must be a graph_pb2.GraphDef proto, but got type <class 'int'>."),
        ((None, "y"), TypeError, "dest_nodes must be an iterable of strings, but got type <class 'str'>."),
        ((None, ["nope"]), AssertionError, "nope is not in graph"),
    ],
)
def test_what_cannot_be_extracted(model, arguments, kind, text):
    graph_def = arguments[0] or model[0].as_graph_def()

    with pytest.raises(kind, match=text):
        tf.graph_util.extract_sub_graph(graph_def, arguments[1])


def test_freezing(model):
    graph, sess = model
    frozen = tf.graph_util.convert_variables_to_constants(sess, graph.as_graph_def(), ["y"])
    kept = tf.graph_util.convert_variables_to_constants(
        sess, graph.as_graph_def(), ["y"], variable_names_blacklist=["w"]
    )
    only = tf.graph_util.convert_variables_to_constants(
        sess, graph.as_graph_def(), ["y"], variable_names_whitelist=["w"]
    )

    assert dict(nodes(frozen))["v"] == dict(nodes(frozen))["w"] == "Const"
    assert (dict(nodes(kept))["v"], dict(nodes(kept))["w"]) == ("Const", "VariableV2")
    assert (dict(nodes(only))["v"], dict(nodes(only))["w"]) == ("VariableV2", "Const")
    with tf.Graph().as_default():
        x, y = tf.import_graph_def(frozen, return_elements=["x:0", "y:0"], name="")
        assert tf.Session().run(y, {x: np.float32([[1, 10]])}).tolist() == [[26.0]]


def test_freezing_needs_values(model):
    with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value v"):
        tf.graph_util.convert_variables_to_constants(
            tf.Session(graph=model[0]), model[0].as_graph_def(), ["y"]
        )


def test_removing_training_nodes(model):
    graph_def = model[0].as_graph_def()
    plain = tf.graph_util.remove_training_nodes(graph_def)
    protected = tf.graph_util.remove_training_nodes(graph_def, ["checked", "same"])

    assert not {"same", "checked", "v/read"} & dict(nodes(plain)).keys()
    assert next(node for node in plain.node if node.name == "MatMul").input[1] == "v"
    assert {"same", "checked"} <= dict(nodes(protected)).keys()


def test_written_graphs_can_be_read(model, tmp_path):
    graph, _ = model
    pytest.importorskip("tensorboard.compat.proto")
    from google.protobuf import text_format

    text = tf.train.write_graph(graph, tmp_path / "new" / "folder", "graph.pbtxt")
    binary = tf.train.write_graph(graph.as_graph_def(), str(tmp_path), "graph.pb", as_text=False)

    with tf.gfile.GFile(text) as file:
        assert text_format.Parse(file.read(), tf.GraphDef()) == graph.as_graph_def()
    with tf.gfile.GFile(binary, "rb") as file:
        assert tf.GraphDef.FromString(file.read()) == graph.as_graph_def()
