"""Names, values, source lines and options of whole graphs: in the picture and in DOT they are text."""

from __future__ import annotations

import re
import warnings
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import graphmagic as tf
from graphmagic import draw

SAFE = "plain"
names = st.from_regex(r"[A-Za-z0-9.][A-Za-z0-9_.\-]{0,12}", fullmatch=True)
texts = st.text(st.sampled_from("<>&\"'\\;#[]{}|%-=/NGTLHE]!\n\0\x1b\u202e☃ax1"), min_size=1, max_size=16)


def hostile(text, name, scope):
    """A graph in which everything that a user chooses is the given text or name."""
    with tf.Graph().as_default() as graph:
        x = tf.constant(np.array(text, dtype=object), name=f"{name}x")
        with tf.name_scope(scope):
            v = tf.Variable(np.array([text, text], dtype=object), name=name)
            y = tf.string_join([x, v], name=f"{name}y")
        with graph.device("/device:CPU:0"):
            tf.identity(y, name=f"{name}z")
    return graph, v.op.name


def pictured(text, name, scope):
    graph, variable = hostile(text, name, scope)
    values = {variable: np.array([text, text], dtype=object)}
    return draw.picture(
        graph, name=text, values=values, legend=True, theme="system", expand=scope, fetches=f"{name}z"
    )


def skeleton(svg):
    """All elements with their attributes' names, but for the lines that a text is broken into."""
    root = ElementTree.fromstring(svg)
    return {(element.tag, tuple(sorted(element.attrib))) for element in root.iter()}


@pytest.mark.usefixtures("graphviz_engine")
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts, names, names)
def test_nothing_of_a_graph_becomes_markup(text, name, scope):
    svg = pictured(text, name, scope).svg()

    assert skeleton(svg) == skeleton(pictured(SAFE, "n", "s").svg())
    root = ElementTree.fromstring(svg)
    own = "#" + next(g.get("id") for g in root.iter("{http://www.w3.org/2000/svg}g"))
    style = root.find("{http://www.w3.org/2000/svg}style").text
    assert own in re.findall(r"#[\w-]+(?= \[| *\{|,)", style)
    assert set(re.findall(r"#[\w-]+(?= \[| *\{|,)", style)) <= {own, f"{own}-rows"}


@settings(max_examples=100, deadline=None)
@given(texts, names, names)
def test_graphviz_reads_the_dot_of_a_graph_as_it_was_meant(text, name, scope):
    pygraphviz = pytest.importorskip("pygraphviz")
    picture = pictured(text, name, scope)
    with warnings.catch_warnings(record=True):
        graph = pygraphviz.AGraph(string=picture.dot)

    assert len(graph.nodes()) == len(picture.drawing.nodes)
    assert len(graph.edges()) == len(picture.drawing.edges)
    assert len(list(graph.subgraphs())) == sum(not cluster.parent for cluster in picture.drawing.clusters)


@given(texts, names, names)
@settings(max_examples=50, deadline=None)
def test_the_text_has_one_line_an_operation(text, name, scope):
    picture = pictured(text, name, scope)

    assert len(picture.text.splitlines()) == 1 + len(hostile(text, name, scope)[0].get_operations())
    assert all(line.isprintable() for line in picture.text.splitlines())
