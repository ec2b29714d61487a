"""Branches and loops in pictures."""

from itertools import pairwise

import pytest

import graphmagic as tf
from graphmagic import draw
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
    assert {cluster.title for cluster in summarize(graph).clusters} == {"choose", "loop"}


def test_a_run_lights_up_what_is_inside(graph):
    y = graph.get_tensor_by_name("y:0")
    picture = draw.picture(graph, fetches=[y.op])
    dimmed = [node.key for node in summarize(graph, fetches=[y.op]).nodes if node.emphasis.value == "dim"]
    assert dimmed == ["loop/Exit"]
    assert "loop/mul" in picture.dot
