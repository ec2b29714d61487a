"""The default picture of each graph of the gallery is one that a person can read."""

from __future__ import annotations

import functools
from xml.etree import ElementTree

import gallery
import pytest

from graphmagic import draw
from graphmagic.draw.fit import estimated_size
from graphmagic.draw.model import EdgeKind, Kind
from graphmagic.draw.render import render

pytestmark = pytest.mark.usefixtures("graphviz_engine")

SLIDE = 1280.0
"""Points: this wide, a picture shown 960 pixels wide has small letters 9 pixels high."""

graph_of = functools.cache(gallery.drawn)


@functools.cache
def picture_of(name):
    return draw.picture(graph_of(name), name=name)


def titles(name):
    return {node.title: node for node in picture_of(name).drawing.nodes}


@pytest.mark.parametrize("direction", ["TB", "LR"])
@pytest.mark.parametrize("name", gallery.GALLERY)
def test_it_is_small_and_its_letters_are_not(name, direction):
    picture = draw.picture(graph_of(name), name=name, direction=direction)
    width = float(ElementTree.fromstring(picture.svg()).get("viewBox").split()[2])

    assert 4 < len(picture.drawing.nodes) <= 60
    assert len(picture.drawing.edges) <= 1.5 * len(picture.drawing.nodes)
    assert width <= SLIDE


@pytest.mark.parametrize("direction", ["TB", "LR"])
@pytest.mark.parametrize("name", gallery.GALLERY)
def test_the_estimate_of_its_size_is_near(name, direction):
    picture = draw.picture(graph_of(name), name=name, direction=direction)
    box = ElementTree.fromstring(render(picture.dot, "svg")).get("viewBox").split()
    width, height = estimated_size(picture.drawing, direction)

    assert 0.4 < float(box[2]) / width < 2.1
    assert 0.4 < float(box[3]) / height < 2.1


@pytest.mark.parametrize("name", gallery.GALLERY)
def test_every_arrow_has_its_ends(name):
    for options in ({}, {"depth": 0}, {"depth": 2}, {"direction": "LR"}):
        drawing = draw.picture(graph_of(name), **options).drawing
        keys = {node.key for node in drawing.nodes}
        paths = {"", *(cluster.path for cluster in drawing.clusters)}

        assert len(keys) == len(drawing.nodes)
        assert all({edge.tail, edge.head} <= keys for edge in drawing.edges)
        assert all(node.cluster in paths for node in drawing.nodes)


def test_a_series_is_one_stack():
    stack = titles("resnet")["block_0 … block_9"]

    assert stack.kind is Kind.STACK
    assert stack.details == ("10 times 55 operations", "10 times 4 variables")


def test_scopes_of_one_structure_say_so():
    assert titles("lenet")["dense_2"].details[-1] == "like dense_1"
    assert titles("lenet")["dense_1"].details == ("27 operations", "2 variables")
    assert titles("huge").keys() >= {"x", "y"}


def test_an_optimizer_holds_what_only_it_uses():
    assert "beta1_power" not in titles("mlp")
    assert titles("mlp")["Adam"].details == ("17 operations", "2 variables", "reads and sets 18 variables")


def test_initializers_and_savers_count_variables_rather_than_boxes():
    variables = [op for op in graph_of("lenet").get_operations() if op.type == "VariableV2"]

    assert titles("lenet")["init"].details == (f"initializes {len(variables)} variables",)
    assert titles("mlp")["save"].details[-1] == "reads and sets 20 variables"
    assert not [e for e in picture_of("lenet").drawing.edges if e.kind is EdgeKind.INITIALIZE]


def test_queues_and_iterators_are_what_a_session_keeps():
    opened = draw.picture(graph_of("queues"), expand=["batch"]).drawing
    queue = next(node for node in opened.nodes if node.key == "batch/fifo_queue")

    assert queue.kind is Kind.RESOURCE
    assert titles("queues")["TextLineReaderV2"].kind is Kind.RESOURCE
    assert titles("pipeline")["OneShotIterator"].kind is Kind.RESOURCE
    assert not any("Close" in node.key for node in picture_of("queues").drawing.nodes)
