"""Branches and loops in pictures."""

from itertools import pairwise

import pytest

import graphmagic as tf
from graphmagic import draw
from graphmagic.draw.opening import Opening
from graphmagic.draw.summarize import summarize


@pytest.fixture
def graph():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [], name="x")
        chosen = tf.cond(x > 0, lambda: tf.exp(x), lambda: tf.negative(x), name="choose")
        _, power = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * chosen), [0, x], name="loop")
        tf.identity(power, name="y")
    return graph


def arrows(graph):
    return {(edge.tail, edge.head) for edge in summarize(graph).edges}


def test_branches_lead_to_the_choice(graph):
    assert {("x", "choose/Exp"), ("choose/Exp", "choose/Switch"), ("choose/Neg", "choose/Switch")} <= arrows(
        graph
    )
    assert ("x", "choose/Switch") not in arrows(graph)


def test_a_loop_leads_from_first_values_to_results(graph):
    way = ["x", "loop/Identity_1", "loop/mul", "loop/While", "loop/Exit_1", "y"]
    assert set(pairwise(way)) <= arrows(graph)
    assert ("loop/Less", "loop/While") in arrows(graph)


def test_variables_that_nobody_looks_at_are_left_out(graph):
    keys = {node.key for node in summarize(graph).nodes}
    assert "loop/Identity_1" in keys
    assert "loop/Merge_1" not in keys


def test_branches_and_loops_are_boxes_of_their_scopes(graph):
    clusters = [(cluster.path, cluster.title) for cluster in summarize(graph).clusters]
    assert clusters == [
        ("choose", "choose"),
        ("loop", "loop"),
        ("loop/condition", "condition"),
        ("loop/body", "body"),
    ]
    titles = [node.title for node in summarize(graph).nodes if node.cluster == "choose"]
    assert titles == ["then/Exp", "else/Neg", "Switch", "Merge"]


def test_a_scope_in_a_branch_is_in_its_frame():
    def branch():
        with tf.name_scope("deep"):
            return tf.exp(tf.sqrt(x))

    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [], name="x")
        tf.cond(x > 0, branch, lambda: tf.exp(tf.square(x)), name="choose")

    assert [cluster.path for cluster in summarize(graph).clusters] == [
        "choose",
        "choose/then/deep",
        "choose/else",
    ]


def test_what_a_data_set_is_mapped_with_hangs_on_the_data_set():
    with tf.Graph().as_default() as graph:
        data = tf.data.Dataset.range(3).map(lambda n: tf.square(n) + n)
        data.make_one_shot_iterator().get_next()

    way = ["RangeDataset", "MapDataset/", "OneShotIterator", "IteratorGetNext"]
    drawing = summarize(graph, opening=Opening(collapse=("MapDataset",)))
    assert [(edge.tail, edge.head) for edge in drawing.edges] == list(pairwise(way))
    assert ("RangeDataset", "arg") in arrows(graph)


def test_a_run_lights_up_what_is_inside(graph):
    y = graph.get_tensor_by_name("y:0")
    picture = draw.picture(graph, fetches=[y.op])
    dimmed = [node.key for node in summarize(graph, fetches=[y.op]).nodes if node.emphasis.value == "dim"]
    assert dimmed == []
    assert "loop/mul" in picture.dot
