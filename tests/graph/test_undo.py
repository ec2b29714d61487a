"""What a failing block added to a graph is taken back."""

from __future__ import annotations

import pytest

import graphmagic as tf
from graphmagic.graph.undo import unchanged_on_error


class FailedError(Exception):
    """The block failed."""


@pytest.fixture
def graph():
    graph = tf.Graph()
    with graph.as_default():
        x = tf.placeholder(tf.float32, [None], name="x")
        tf.Variable(1.0, name="v")
        tf.square(x, name="square")
    return graph


def facts(graph):
    x = graph.get_tensor_by_name("x:0")
    return (
        graph.get_operations(),
        graph.version,
        x.consumers(),
        {key: graph.get_collection(key) for key in graph.get_all_collection_keys()},
        graph.seed,
        graph.get_name_scope(),
        graph.finalized,
    )


def build_half(graph):
    x = graph.get_tensor_by_name("x:0")
    with graph.as_default(), tf.name_scope("layer"):
        tf.set_random_seed(3)
        tf.add(x, 1.0, name="more")
        tf.Variable(2.0, name="w")
        graph.add_to_collection("mine", x)
        graph.finalize()
        raise FailedError


def test_a_failing_block_leaves_no_trace(graph):
    before = facts(graph)
    with pytest.raises(FailedError), unchanged_on_error(graph):
        build_half(graph)

    assert facts(graph) == before
    with pytest.raises(KeyError):
        graph.get_operation_by_name("layer/more")


def test_names_are_free_again(graph):
    with pytest.raises(FailedError), unchanged_on_error(graph):
        build_half(graph)
    with graph.as_default(), tf.name_scope("layer"):
        again = tf.add(1.0, 1.0, name="more")

    assert again.name == "layer/more:0"


def test_a_block_that_succeeds_stays(graph):
    with unchanged_on_error(graph), graph.as_default():
        tf.constant(1, name="stays")

    assert graph.get_operation_by_name("stays").name == "stays"


def test_sessions_go_on(graph):
    with tf.Session(graph=graph) as sess:
        sess.run("v/Assign")
        with pytest.raises(FailedError), unchanged_on_error(graph):
            build_half(graph)
        with graph.as_default():
            other = tf.Variable(5.0, name="other")
        sess.run(other.initializer)

        assert sess.run(["v:0", other]) == [1.0, 5.0]
        assert [state.name for state in sess.variables()] == ["v", "other"]
