from __future__ import annotations

import re
from dataclasses import fields
from itertools import combinations
from pathlib import Path

import pytest

from graphmagic import draw
from graphmagic.draw.dot import to_dot
from graphmagic.draw.model import Cluster, Drawing, Edge, EdgeKind, Emphasis, Kind, Node
from graphmagic.draw.theme import DARK, LIGHT, dark_for

FOO_DOT = Path(__file__).with_name("foo.dot")


def test_the_dot_of_a_tiny_graph(foo_graph):
    assert draw.picture(foo_graph, name="default").dot == FOO_DOT.read_text(encoding="utf-8")


def test_the_same_graph_gives_the_same_text(build, linear, mlp):
    for graph, names in (linear, mlp):
        del names
        assert draw.picture(graph).dot == draw.picture(graph).dot


def test_nodes_are_numbered_and_clusters_nest():
    drawing = Drawing(
        "g",
        "",
        (Node("a/b/x", Kind.OPERATION, "x", cluster="a/b"), Node("a/y", Kind.OPERATION, "y", cluster="a")),
        (Edge("a/b/x", "a/y"),),
        (Cluster("a", "a"), Cluster("a/b", "b", "a")),
    )
    dot = to_dot(drawing)

    assert "n0 -> n1" in dot
    assert dot.index("subgraph cluster_0") < dot.index("subgraph cluster_1") < dot.index("n0 [")
    assert dot.index("n0 [") < dot.index("\n\t}") < dot.index("n0 ->")


@pytest.mark.parametrize(
    ("name", "id"), [("foo", "foo"), ('a"><b> é', "a-b"), ("<>", "graph"), ("x" * 99, "x" * 24)]
)
def test_the_id_of_the_picture_is_safe(name, id):
    found = re.search(r'id="?([^ "\]]*)', to_dot(Drawing(name, "")))

    assert found
    assert re.fullmatch(rf"gm-{id}-[0-9a-f]{{8}}", found[1])


def test_pictures_that_differ_have_different_ids():
    one, other = (to_dot(Drawing("g", "", (Node("x", Kind.GROUP, title),))) for title in "xy")

    assert re.findall(r'id="?gm-[^ "\]]*', one) != re.findall(r'id="?gm-[^ "\]]*', other)


def test_no_kind_and_no_emphasis_is_told_by_colour_alone():
    colourless = set()
    for kind in Kind:
        dot = to_dot(Drawing("g", "", (Node("x", kind, "x"),)))
        colourless.add(re.sub(r'(id=\S*|\w*color\w*=\S+|COLOR="\S+")', "", dot))
    for emphasis in (Emphasis.FETCHED, Emphasis.LIT, Emphasis.DIM):
        dot = to_dot(Drawing("g", "", (Node("x", Kind.OPERATION, "x", emphasis=emphasis),)))
        colourless.add(re.sub(r'(id=\S*|\w*color\w*=\S+|COLOR="\S+")', "", dot))

    assert len(colourless) == len(Kind) + 3


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_is_that_of_wcag_aa(theme):
    palette = theme.palette
    fills = {palette.ground, palette.frame, *(style.fill for style in theme.nodes.values())}
    texts = [(text, fill) for text in (palette.text, palette.detail) for fill in fills]
    texts += [
        (text, fill)
        for text in (palette.frame_text, palette.dim_text)
        for fill in (palette.ground, palette.frame)
    ]
    lines = [style.line for kind, style in theme.edges.items() if kind is not EdgeKind.HIDDEN]
    lines += [style.line for kind, style in theme.nodes.items() if kind is not Kind.CONSTANT]
    lines += [palette.frame_line]

    assert [pair for pair in texts if contrast(*pair) < 4.5] == []
    assert [line for line in lines if contrast(line, palette.ground) < 3] == []
    assert [line for line in lines[:-1] if contrast(line, palette.frame) < 2.7] == []


def daltonized(colour, matrix):
    """A colour as somebody sees it who lacks one kind of cone, by the simulation of Vienot, Brettel and Mollon (1999)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return [sum(m * c for m, c in zip(row, linear, strict=True)) for row in matrix]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    "matrix",
    [
        pytest.param([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]], id="protan"),
        pytest.param([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]], id="deutan"),
    ],
)
def test_outlines_differ_for_people_who_are_colour_blind(theme, matrix):
    palette = theme.palette
    outlines = {palette.variable_line, palette.placeholder_line, palette.operation_line, palette.scope_line}
    seen = [daltonized(colour, matrix) for colour in outlines]

    for one, other in combinations(seen, 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 0.02


def test_each_light_colour_has_one_dark_one():
    light = [getattr(LIGHT.palette, field.name) for field in fields(LIGHT.palette)]

    assert len(set(light)) == len(light)
    assert dark_for().keys() == set(light)
