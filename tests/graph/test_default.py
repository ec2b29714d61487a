"""The default graph: a stack per thread, on one graph of the thread's own."""

import threading

import pytest

import graphmagic as tf
from graphmagic.graph import get_default_graph, set_default_graph


def in_a_thread(function):
    results = []
    thread = threading.Thread(target=lambda: results.append(function()))
    thread.start()
    thread.join()
    return results[0]


def test_blocks_nest():
    one, two = tf.Graph(), tf.Graph()
    with one.as_default():
        a = tf.constant(1)
        with two.as_default() as entered:
            b = tf.constant(2)
        c = tf.constant(3)

    assert entered is two
    assert (a.graph, b.graph, c.graph) == (one, two, one)
    assert get_default_graph() not in (one, two)


def test_a_block_that_fails_is_left():
    before = get_default_graph()
    with pytest.raises(KeyError), tf.Graph().as_default():
        raise KeyError

    assert get_default_graph() is before


def test_a_graph_can_be_entered_again():
    graph = tf.Graph()
    for _ in range(2):
        with graph.as_default(), graph.as_default():
            tf.constant(1)

    assert [op.name for op in graph.get_operations()] == ["Const", "Const_1"]


def test_every_thread_has_a_default_graph_of_its_own():
    here = get_default_graph()
    there = in_a_thread(get_default_graph)

    assert there is not here
    assert in_a_thread(lambda: get_default_graph() is get_default_graph())


def test_a_graph_can_be_built_from_another_thread():
    graph = tf.Graph()

    def build():
        with graph.as_default():
            return tf.constant(1)

    assert in_a_thread(build).graph is graph


def test_leaving_blocks_in_the_wrong_order_is_an_error():
    def wrong():
        outer, inner = tf.Graph().as_default(), tf.Graph().as_default()
        outer.__enter__()
        inner.__enter__()
        with pytest.raises(AssertionError, match=r"Nesting violated for default stack of .*Graph"):
            outer.__exit__(None, None, None)
        inner.__exit__(None, None, None)
        return get_default_graph().version

    assert in_a_thread(wrong) == 0


def test_reset_gives_a_new_graph():
    def reset():
        before = get_default_graph()
        tf.constant(1)
        tf.reset_default_graph()
        return before.version, get_default_graph() is before, tf.constant(1).name

    assert in_a_thread(reset) == (1, False, "Const:0")


def test_reset_inside_a_block_is_an_error():
    with pytest.raises(AssertionError, match=r"Do not use tf.reset_default_graph\(\) to clear nested graphs"):
        tf.reset_default_graph()


def test_another_graph_can_become_the_global_one():
    graph = tf.Graph()

    def replace():
        set_default_graph(graph)
        return tf.constant(1).graph

    assert in_a_thread(replace) is graph


def test_inputs_decide_the_graph():
    with tf.Graph().as_default():
        a = tf.constant(1.0)

    assert tf.add(a, 2.0).graph is a.graph
    assert tf.group(a).graph is a.graph


def test_tensors_of_two_graphs_do_not_mix():
    with tf.Graph().as_default():
        a = tf.constant(1.0, name="a")
    b = tf.constant(2.0, name="b")

    with pytest.raises(ValueError, match=r"must be from the same graph as") as caught:
        tf.add(a, b)
    assert caught.value.__notes__[0].startswith("a (Const) was created at test_default.py:")
    assert caught.value.__notes__[1].startswith("b (Const) was created at test_default.py:")
    assert caught.value.__notes__[2].startswith("To fix it:")
