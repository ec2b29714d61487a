"""A legend explains what is in the picture, and nothing else."""

from __future__ import annotations

import gallery
import pytest

from graphmagic import draw
from graphmagic.draw.legend import PATH
from graphmagic.draw.model import EdgeKind


def samples(graph, **options):
    drawing = draw.picture(graph, legend=True, **options).drawing
    return [node for node in drawing.nodes if node.cluster == PATH], drawing


@pytest.mark.parametrize("name", ["linear", "mlp", "resnet", "queues", "branches"])
@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_every_kind_of_node_and_arrow_is_explained(name, direction):
    graph = gallery.drawn(name)
    plain = draw.picture(graph, direction=direction).drawing
    shown, drawing = samples(graph, direction=direction)
    ends = {node.key for node in shown}

    assert {node.kind for node in plain.nodes} <= {node.kind for node in shown}
    explained = {edge.kind for edge in drawing.edges if edge.tail in ends} | {EdgeKind.INITIALIZE}
    assert {edge.kind for edge in plain.edges} <= explained
    assert drawing.nodes[: len(plain.nodes)] == plain.nodes


def test_only_what_is_there_is_explained(foo_graph):
    shown, _ = samples(foo_graph)

    titles = [node.title for node in shown]
    assert titles == [
        "variable",
        "constant",
        "operation",
        "group",
        "•",
        "data",
        "•",
        "runs after",
        "•",
        "sets",
    ]


def test_uninitialized_variables_are_explained(foo_graph):
    shown, _ = samples(foo_graph, values={"foo": None})

    assert [node.details for node in shown if node.empty] == [("uninitialized",)]


def test_a_picture_of_nothing_has_no_legend(build):
    assert samples(build("")[0])[0] == []
