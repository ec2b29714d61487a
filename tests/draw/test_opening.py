"""Scopes open and close by name."""

from __future__ import annotations

import pytest

import graphmagic as tf
from graphmagic import draw
from graphmagic.draw.model import Kind


@pytest.fixture
def tower():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [2], name="x")
        for n in range(8):
            with tf.name_scope(f"layer_{n}"):
                x = tf.exp(x, name="e") + 1.0
    return graph


def boxes(graph, **options):
    drawing = draw.picture(graph, **options).drawing
    return [node.title for node in drawing.nodes if node.kind in (Kind.SCOPE, Kind.STACK)]


def frames(graph, **options):
    return [cluster.path for cluster in draw.picture(graph, **options).drawing.clusters]


def test_a_member_of_a_series_opens_alone(tower):
    assert boxes(tower) == ["layer_0 … layer_7"]
    assert boxes(tower, expand="layer_6") == ["layer_0 … layer_5"]
    assert frames(tower, expand="layer_6") == ["layer_6", "layer_7"]
    assert boxes(tower, expand="layer_3") == ["layer_0 … layer_2", "layer_4 … layer_7"]
    assert frames(tower, expand="layer_6", collapse="layer_7") == ["layer_6"]


def test_a_pattern_opens_all(tower):
    assert frames(tower, expand="layer_*") == [f"layer_{n}" for n in range(8)]
    assert frames(tower, expand=["layer_1/", "layer_2"], depth=0) == ["layer_1", "layer_2"]


def test_series_by_suffix(build):
    graph, _ = build("""\
x = tf.placeholder(tf.float32, [2, 2], name="x")
for _ in range(6):
    with tf.name_scope("dense"):
        x = tf.exp(x) + 1.0
""")
    assert boxes(graph) == ["dense … dense_5"]


def test_siblings_of_another_structure_are_not_in_the_series(build):
    graph, _ = build("""\
x = tf.placeholder(tf.float32, [2, 2], name="x")
for n in range(7):
    with tf.name_scope(f"layer_{n}"):
        x = tf.exp(x) + 1.0
        if n == 0:
            x = tf.sqrt(x)
""")
    assert boxes(graph) == ["layer_1 … layer_6"]
    assert frames(graph) == ["layer_0"]


def test_a_scope_closes_by_name(mlp):
    graph, _ = mlp

    assert "layer_1" in frames(graph, direction="TB", expand="layer_1")
    assert "layer_1" not in frames(graph, collapse="layer_1")
    assert boxes(graph, collapse="*", depth=3)[0] == "layer_1"


def test_gradients_open_by_name_with_what_is_around(build):
    graph, _ = build("""\
with tf.name_scope("train"):
    w = tf.Variable([1.0, 2.0], name="w")
    g = tf.gradients(tf.reduce_sum(tf.square(w) * w), w)
""")
    assert "train/gradients" not in frames(graph)
    assert frames(graph, collapse="train", expand="train/gradients")[:2] == ["train", "train/gradients"]


def test_a_misspelt_scope(tower):
    with pytest.raises(ValueError, match=r"No name scope 'layr_3' in the picture\. Did you mean 'layer_3'\?"):
        draw.picture(tower, expand="layr_3")
    with pytest.raises(ValueError, match=r"No name scope '~' .* a pattern such as 'layer_\*'"):
        draw.picture(tower, collapse="~")


def test_crowds_in_a_scope_that_was_asked_for_are_stacked(build):
    graph, _ = build("""\
x = tf.placeholder(tf.float32, [2], name="x")
with tf.name_scope("cell"):
    for _ in range(100):
        x = tf.exp(tf.square(x))
y = tf.sqrt(x)
""")
    assert boxes(graph) == ["cell"]
    assert boxes(graph, expand="cell") == ["Square … Square_99", "Exp … Exp_99"]


def test_a_constant_can_be_the_centre(build):
    graph, _ = build("""\
x = tf.placeholder(tf.float32, [6], name="x")
y = tf.reduce_sum(x, 0, name="y")
""")
    picture = draw.picture(graph, around="y/reduction_indices")

    assert {node.title for node in picture.drawing.nodes} == {"y", "reduction_indices"}


def test_a_number_of_hops_that_cannot_be(tower):
    with pytest.raises(ValueError, match="Cannot draw -1 hops"):
        draw.picture(tower, around="x", hops=-1)
