"""Graphs, operations, tensors, variables and sessions show themselves in notebooks and terminals."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

import graphmagic as tf

X = """\
<tf.Tensor 'x:0' shape=(?, 3) dtype=float32>
  x  Placeholder  float32 [?, 3]
  → MatMul, gradients/MatMul_grad/MatMul_1
  created at lesson.py:1: x = tf.placeholder(tf.float32, [None, 3], name="x")"""
INIT = """\
<tf.Operation 'init' type=NoOp>
  init  NoOp    ← ^w/Assign, ^b/Assign
  created at lesson.py:8: init = tf.global_variables_initializer()"""
W = "<tf.Variable 'w:0' shape=(3, 1) dtype=float32_ref>"


def text_of(thing):
    return thing._repr_mimebundle_(include={"text/plain"})["text/plain"]


def titles(thing):
    root = ElementTree.fromstring(thing._repr_mimebundle_(include={"image/svg+xml"})["image/svg+xml"])
    return {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}


def test_text_of_a_graph(linear):
    assert text_of(linear[0]).startswith("Graph graph: ")
    assert "  x " in text_of(linear[0])


def test_text_of_a_tensor_and_an_operation(linear):
    _, names = linear

    assert text_of(names["x"]) == X
    assert text_of(names["init"]) == INIT


def test_text_of_a_variable_is_about_the_variable(linear):
    lines = text_of(linear[1]["w"]).splitlines()

    assert lines[0] == W
    assert lines[2].startswith("  → w/Assign, w/read")


def test_control_successors_are_told(linear):
    graph, _ = linear

    assert "\n  → ^init\n" in text_of(graph.get_operation_by_name("b/Assign"))


def test_an_operation_with_many_users_names_the_first():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [2], name="x")
        for n in range(11):
            tf.exp(x, name=f"e{n}")

    assert text_of(x).splitlines()[2] == "  → e0, e1, e2, e3, e4, e5, e6, e7 and 3 more"


def test_text_of_a_session(linear):
    graph, names = linear
    with tf.Session(graph=graph) as session:
        session.run(names["b"].initializer)

        assert text_of(session).splitlines() == [
            "Session with 2 variables, 1 uninitialized.",
            "  w  float32 [3, 1]  uninitialized",
            "  b  float32 scalar  = 0",
        ]
        session.run(names["init"])
        assert text_of(session).splitlines()[0] == "Session with 2 variables."
    assert session._repr_mimebundle_() == {"text/plain": "A closed session: it holds no values any more."}


@pytest.mark.usefixtures("graphviz_engine")
def test_every_object_is_a_picture_too(linear):
    graph, names = linear
    with tf.Session(graph=graph) as session:
        for thing in (graph, names["loss"], names["loss"].op, names["w"], session):
            bundle = thing._repr_mimebundle_()
            assert set(bundle) == {"text/plain", "text/html", "image/svg+xml", "image/png"}
            assert bundle["image/png"].startswith(b"\x89PNG")
        assert "uninitialized" in titles(session)


@pytest.mark.usefixtures("graphviz_engine")
def test_the_neighbourhood_of_a_variable_and_of_a_loss(linear):
    _, names = linear

    assert {"w", "MatMul", "init"} <= titles(names["w"])
    assert "prediction" not in titles(names["w"])
    assert {"loss", "Square"} <= titles(names["loss"])
