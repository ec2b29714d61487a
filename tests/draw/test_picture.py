from __future__ import annotations

import sys
from xml.etree import ElementTree

import pytest

import graphmagic as tf
from graphmagic import draw
from graphmagic.draw import render as rendering

FOO_TEXT = """\
Graph default: 7 operations, 1 variable (foo).
  foo/initial_value  Const       int32 scalar = 42
  foo                VariableV2  int32 scalar
  foo/Assign         Assign      int32 scalar       ← foo, foo/initial_value
  foo/read           Identity    int32 scalar       ← foo
  init               NoOp                           ← ^foo/Assign
  Assign/value       Const       int32 scalar = 13
  Assign             Assign      int32 scalar       ← foo, Assign/value"""


@pytest.fixture
def no_graphviz(monkeypatch):
    monkeypatch.setattr(rendering, "engines", lambda: ())


def test_the_text_of_a_tiny_graph(foo_graph):
    assert draw.picture(foo_graph, name="default").text == FOO_TEXT


def test_the_text_of_an_empty_graph():
    assert draw.picture(tf.Graph()).text == "Graph graph: 0 operations."


def test_the_text_of_a_big_graph_is_that_of_its_picture():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [4], name="x")
        for _ in range(100):
            x = tf.exp(x)

    assert draw.picture(graph).text.splitlines() == [
        "Graph graph: 101 operations, 1 placeholder (x).",
        "  x      placeholder  float32 [4]",
        "  Exp…/  stack        100 operations  ← x",
        "  (names that end in / are collapsed scopes)",
    ]


@pytest.mark.usefixtures("graphviz_engine")
def test_the_mime_bundle(foo_graph):
    picture = draw.picture(foo_graph)
    bundle = picture._repr_mimebundle_()

    assert set(bundle) == {"text/plain", "text/html", "image/svg+xml", "image/png"}
    assert bundle["text/plain"] == picture.text == repr(picture)
    assert bundle["image/png"].startswith(b"\x89PNG")
    ElementTree.fromstring(bundle["image/svg+xml"])
    assert set(picture._repr_mimebundle_(include={"text/plain"})) == {"text/plain"}
    assert set(picture._repr_mimebundle_(exclude={"image/png"})) == {
        "text/plain",
        "text/html",
        "image/svg+xml",
    }


@pytest.mark.usefixtures("no_graphviz")
def test_without_graphviz_there_is_text_and_one_line_on_how_to_install_it(foo_graph):
    picture = draw.picture(foo_graph)
    bundle = picture._repr_mimebundle_()

    assert set(bundle) == {"text/plain"}
    *lines, last = bundle["text/plain"].splitlines()
    assert "\n".join(lines) == picture.text
    assert last.startswith("No Graphviz was found: `pip install pygraphviz`")


def test_a_layout_that_takes_too_long_leaves_the_text(monkeypatch, foo_graph):
    def too_slow(dot, format):
        raise draw.DrawingError("Graphviz was stopped")

    monkeypatch.setattr(sys.modules[draw.Picture.__module__], "render", too_slow)

    assert draw.picture(foo_graph)._repr_mimebundle_()["text/plain"].endswith("\nGraphviz was stopped")


@pytest.mark.usefixtures("graphviz_engine")
@pytest.mark.parametrize(
    ("suffix", "magic"), [("svg", b"<svg"), ("PNG", b"\x89PNG"), ("pdf", b"%PDF"), ("dot", b"digraph")]
)
def test_save(tmp_path, foo_graph, suffix, magic):
    path = draw.picture(foo_graph).save(tmp_path / f"foo.{suffix}")

    assert path.read_bytes().startswith(magic)


@pytest.mark.parametrize("name", ["foo", "foo.gif"])
def test_save_says_which_formats_there_are(tmp_path, foo_graph, name):
    with pytest.raises(ValueError, match=rf"{name}'.*\.svg, \.png, \.pdf or \.dot"):
        draw.picture(foo_graph).save(tmp_path / name)


def test_a_wrong_direction_or_depth(foo_graph):
    with pytest.raises(ValueError, match=r"Unknown direction 'lr'.*Did you mean 'LR'"):
        draw.picture(foo_graph, direction="lr")
    with pytest.raises(ValueError, match="depth -1"):
        draw.picture(foo_graph, depth=-1)


def test_fetches_can_be_tensors_variables_operations_names_and_nests(linear):
    graph, names = linear
    by_name = draw.picture(graph, fetches="prediction:0").dot

    assert by_name == draw.picture(graph, fetches=names["prediction"]).dot
    assert by_name == draw.picture(graph, fetches=[(names["prediction"].op,)]).dot
    assert by_name == draw.picture(graph, fetches={"p": names["prediction"]}).dot
    assert by_name != draw.picture(graph, fetches=names["w"]).dot


def test_operations_and_tensors_draw_themselves(linear):
    _, names = linear
    picture = draw.picture_around(names["prediction"])

    assert picture.text.splitlines()[0] == repr(names["prediction"])
    assert "prediction" in [node.title for node in picture.drawing.nodes]
    assert len(picture.drawing.nodes) < 8


@pytest.mark.usefixtures("graphviz_engine")
def test_the_largest_default_picture_draws():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [4], name="x")
        for n in range(59):
            x = tf.add(x, x, name="abcdefghijklmnopqrstuvwxyz"[n % 26] * (n // 26 + 1))

    picture = draw.picture(graph)
    assert len(picture.drawing.nodes) == 60
    assert picture.svg().count('class="node"') == 60
