"""The options that tell how to draw, of %%graph and of %graph."""

from __future__ import annotations

import pytest

from graphmagic.draw.model import Emphasis
from graphmagic.notebook.errors import MagicError

BODY = """
x = tf.placeholder(tf.float32, [None, 4], name="x")
with tf.name_scope("net"):
    w = tf.Variable(tf.ones([4, 2]), name="w")
    h = tf.nn.relu(tf.matmul(x, w, name="product"), name="h")
b = tf.Variable(1.0, name="b")
y = tf.add(h, b, name="y")
"""


@pytest.fixture
def net(notebook):
    notebook.run(f"%%graph net1 --no-draw{BODY}")
    notebook.run("%%session s --no-panel\nsess.run(b.initializer)")
    return notebook


def shown(picture):
    return {node.title for node in picture.drawing.nodes}


def test_scopes_by_name(net):
    assert shown(net.run("%graph net1 --collapse net")) == {"x", "net", "b", "y"}
    assert shown(net.run("%graph net1 --depth 0 --expand net")) == {"x", "w", "product", "h", "b", "y"}
    assert "net" in shown(net.run(f"%%graph net2 --depth 0{BODY}"))
    assert "net" not in shown(net.run(f"%%graph net2 --depth 0 --expand n*{BODY}"))


def test_around_and_hops(net):
    assert shown(net.run("%graph net1 --around b")) == {"b", "y"}
    assert shown(net.run("%graph net1 --around y --hops 2")) == {"net/product", "net/h", "b", "y"} or shown(
        net.run("%graph net1 --around y --hops 2")
    ) == {"product", "h", "b", "y"}
    assert shown(net.run(f"%%graph net3 --around x --hops 0{BODY}")) == {"x"}


def test_a_session_tells_what_is_initialized(net):
    nodes = {node.title: node for node in net.run("%graph net1 --session s").drawing.nodes}

    assert (nodes["b"].details[-1], nodes["b"].empty) == ("= 1", False)
    assert (nodes["w"].details[-1], nodes["w"].empty) == ("uninitialized", True)
    boxes = net.run("%graph net1 --session s --collapse net").drawing.nodes
    assert [node.details for node in boxes if node.title == "net"] == [
        ("6 operations", "1 variable", "all uninitialized")
    ]


def test_fetch_and_legend(net):
    picture = net.run(f"%%graph net4 --fetch h --legend{BODY}")
    emphasis = {node.title: node.emphasis for node in picture.drawing.nodes}

    assert emphasis["h"] is emphasis["asked for"] is Emphasis.FETCHED
    assert emphasis["w"] is emphasis["runs"] is Emphasis.LIT
    assert emphasis["y"] is emphasis["does not run"] is Emphasis.DIM


def test_an_extended_graph_shows_its_session(net):
    picture = net.run("%%graph net1 --extend --session s\nz = tf.square(y, name='z')")

    assert {"z", "b"} <= shown(picture)


def test_output_is_written_also_without_a_drawing(net, tmp_path):
    path = tmp_path / "net.dot"

    assert net.run(f"%%graph net5 --no-draw --output {path}{BODY}") is None
    assert path.read_text(encoding="utf-8").startswith("digraph")


def test_the_theme_is_configured(net):
    light = net.run("%graph net1").dot
    net.run("%config GraphMagics.theme = 'dark'")

    assert 'bgcolor="#ffffff"' in light
    assert 'bgcolor="#1b1c1f"' in net.run("%graph net1").dot


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ("--expand nett", "No name scope 'nett' in the picture. Did you mean 'net'?"),
        ("--around yy", "Did you mean 'y'"),
        ("--hops two", "'two' is not a whole number"),
        ("--session t", "session"),
        ("--session s", "Session s runs another graph, net1."),
        ("--output a.gif", "the name must end in .svg, .png, .pdf, .dot"),
    ],
)
def test_a_mistake_leaves_everything_as_it_was(net, options, hint):
    before = net["net1"], net["y"]
    error, text = net.fails(f"%%graph net1 {options}{BODY}")

    assert isinstance(error, MagicError)
    assert hint in text
    assert (net["net1"], net["y"]) == before
