from __future__ import annotations

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.draw.fold import fold
from graphmagic.draw.model import Cluster, EdgeKind, Emphasis, Kind
from graphmagic.draw.opening import Opening
from graphmagic.draw.summarize import summarize


def nodes(drawing):
    return [(node.title, node.kind.value, node.details) for node in drawing.nodes]


def arrows(drawing):
    return [(edge.tail, edge.head, edge.kind.value, edge.label) for edge in drawing.edges]


def test_the_machinery_of_a_variable_is_drawn_as_part_of_it(foo_graph):
    drawing = summarize(foo_graph)

    assert nodes(drawing) == [
        ("foo", "variable", ("int32 scalar", "init 42")),
        ("init", "group", ()),
        ("Assign", "operation", ()),
        ("13", "constant", ()),
    ]
    assert arrows(drawing) == [
        ("init", "foo", "initialize", ""),
        ("foo", "Assign", "write", ""),
        ("Assign/value→Assign", "Assign", "data", ""),
    ]


def test_full_detail_shows_every_operation(foo_graph):
    drawing = summarize(foo_graph, opening=Opening(full=True))

    assert [node.key for node in drawing.nodes] == [op.name for op in foo_graph.get_operations()]
    assert ("foo/Assign", "init", "control", "") in arrows(drawing)
    assert ("foo", "foo/Assign", "write", "") in arrows(drawing)


def test_linear_model(linear):
    drawing = summarize(linear[0])
    kinds = {node.title: node.kind for node in drawing.nodes}

    assert kinds["w"] is kinds["b"] is Kind.VARIABLE
    assert kinds["x"] is kinds["y"] is Kind.PLACEHOLDER
    assert kinds["gradients"] is kinds["GradientDescent"] is Kind.SCOPE
    assert ("x", "MatMul", "data", "[?, 3]") in arrows(drawing)
    assert ("w", "MatMul", "data", "[3, 1]") in arrows(drawing)
    assert ("w", "GradientDescent/", "update", "") in arrows(drawing)
    assert ("init", "b", "initialize", "") in arrows(drawing)
    assert any(e.head == "gradients/" and e.kind is EdgeKind.SIDE for e in drawing.edges)
    assert all("learning_rate" not in node.title for node in drawing.nodes)


def test_scopes_become_clusters_and_computed_initial_values_fold(mlp):
    drawing = summarize(mlp[0])

    assert Cluster("layer_1", "layer_1") in drawing.clusters
    weights = next(node for node in drawing.nodes if node.key == "layer_1/w")
    assert (weights.title, weights.cluster) == ("w", "layer_1")
    assert weights.details == ("float32 [784, 128]", "init truncated_normal")
    assert not any("truncated_normal" in node.key for node in drawing.nodes)


@pytest.mark.parametrize(("depth", "clusters"), [(0, []), (1, ["a"]), (2, ["a", "a/b"])])
def test_depth_closes_deeper_scopes(build, depth, clusters):
    graph, _ = build("""\
with tf.name_scope("a"):
    x = tf.placeholder(tf.float32, name="x")
    with tf.name_scope("b"):
        y = tf.exp(x, name="y")
        z = tf.log(y, name="z")
""")
    drawing = summarize(graph, opening=Opening(depth=depth))

    assert [cluster.path for cluster in drawing.clusters] == clusters
    boxes = [(node.key, node.details) for node in drawing.nodes if node.kind is Kind.SCOPE]
    expected = [[("a/", ("3 operations",))], [("a/b/", ("2 operations",))], []]
    assert boxes == expected[depth]


def test_a_box_never_stands_for_one_operation(build):
    graph, _ = build("""\
with tf.name_scope("a"), tf.name_scope("b"):
    v = tf.Variable(1.0, name="v")
""")
    assert nodes(summarize(graph, opening=Opening(depth=0))) == [
        ("a/b/v", "variable", ("float32 scalar", "init 1"))
    ]


def test_an_explicit_depth_opens_gradients_too(linear):
    drawing = summarize(linear[0], opening=Opening(depth=1))

    assert "gradients" in [cluster.path for cluster in drawing.clusters]


def test_values_of_a_session_replace_the_initial_ones(linear):
    drawing = summarize(linear[0], values={"w": np.full((3, 1), 0.5), "b": None})
    details = {node.title: node.details for node in drawing.nodes}

    assert details["w"] == ("float32 [3, 1]", "= all 0.5")
    assert details["b"] == ("float32 scalar", "uninitialized")


def test_fetches_light_up_what_runs(linear):
    graph, names = linear
    drawing = summarize(graph, fetches=[names["prediction"].op])
    emphasis = {node.title: node.emphasis for node in drawing.nodes}

    assert emphasis["prediction"] is Emphasis.FETCHED
    assert {title for title, value in emphasis.items() if value is Emphasis.LIT} == {"x", "w", "b", "MatMul"}
    assert emphasis["y"] is emphasis["init"] is emphasis["gradients"] is Emphasis.DIM
    lit = {(e.tail, e.head) for e in drawing.edges if e.emphasis is Emphasis.LIT}
    assert lit == {("x", "MatMul"), ("w", "MatMul"), ("MatMul", "prediction"), ("b", "prediction")}


def test_around_shows_the_neighbours_only(linear):
    graph, names = linear
    drawing = summarize(graph, around=names["prediction"].op, hops=1)

    titles = {node.title: node for node in drawing.nodes}
    assert titles.keys() >= {"MatMul", "b", "prediction", "sub"}
    assert titles.keys().isdisjoint({"x", "w", "loss", "init"} - {"gradients"})
    assert titles["prediction"].emphasis is Emphasis.FETCHED


def test_named_constants_stay_and_busy_ones_are_copied(build):
    graph, _ = build("""\
one = tf.constant(1.0, name="one")
two = tf.constant(2.0, name="two")
a = tf.exp(one, name="a")
for n in range(5):
    tf.square(two, name=f"s{n}")
""")
    drawing = summarize(graph)

    assert ("one", "constant", ("1",)) in nodes(drawing)
    assert nodes(drawing).count(("two", "constant", ("2",))) == 5


def test_settings_are_lines_of_their_operation(build):
    graph, _ = build("""\
x = tf.placeholder(tf.float32, [6, 2], name="x")
y = tf.reshape(x, [3, 4], name="y")
""")
    drawing = summarize(graph)

    assert ("y", "operation", ("Reshape", "shape [3, 4]", "[3, 4]")) in nodes(drawing)
    assert len(drawing.nodes) == 2


def test_slots_fold_into_their_variable(build):
    graph, _ = build("""\
w = tf.Variable(1.0, name="w")
slot = tf.Variable(0.0, name="w/Momentum")
""")
    drawing = summarize(graph)

    assert nodes(drawing) == [("w", "variable", ("float32 scalar", "init 1", "slots Momentum"))]


def test_many_initialized_variables_are_told_in_words(build):
    graph, _ = build("""\
for n in range(9):
    tf.Variable(0.0, name=f"v{n}")
tf.global_variables_initializer()
""")
    drawing = summarize(graph)

    assert ("init", "group", ("initializes 9 variables",)) in nodes(drawing)
    assert not drawing.edges


def test_long_series_stack_into_one_box(build):
    graph, _ = build("""\
x = tf.placeholder(tf.float32, [2], name="x")
for n in range(100):
    with tf.name_scope(f"layer_{n}"):
        x = tf.exp(x) + 1.0
""")
    drawing = summarize(graph)

    titles = [(node.title, node.kind) for node in drawing.nodes]
    assert titles == [("x", Kind.PLACEHOLDER), ("layer_0 … layer_99", Kind.STACK)]


def deep_chain(count):
    graph = tf.Graph()
    with graph.as_default():
        x = tf.placeholder(tf.float32, [None, 8], name="x")
        for block in range(count // 200):
            with tf.name_scope(f"{'abcdefghij'[block % 10]}{block}"):
                for unit in range(10):
                    with tf.name_scope(f"unit_{unit}"):
                        for _ in range(20):
                            x = tf.exp(x)
    return graph


def flat(count, names):
    graph = tf.Graph()
    with graph.as_default():
        x = tf.placeholder(tf.float32, [None, 8], name="x")
        for n in range(count):
            x = tf.exp(x, name=names(n))
    return graph


@pytest.mark.parametrize(
    "graph",
    [
        pytest.param(lambda: deep_chain(20_000), id="nested scopes"),
        pytest.param(lambda: flat(20_000, lambda n: "exp"), id="one scope"),
        pytest.param(lambda: flat(3_000, lambda n: f"{n}x"), id="no two names alike"),
        pytest.param(lambda: flat(2_000, lambda n: "/".join(["s"] * (n % 500 + 1))), id="deep scopes"),
    ],
)
def test_the_default_picture_of_a_huge_graph_is_small(graph):
    graph = graph()
    drawing = summarize(graph)

    assert 1 < len(drawing.nodes) <= 60
    assert len(drawing.edges) <= 60 * 59


def test_every_edge_and_cluster_has_its_ends(mlp):
    for depth in (None, 0, 1, 2, 9):
        drawing = summarize(mlp[0], opening=Opening(depth=depth))
        keys = [node.key for node in drawing.nodes]
        paths = {"", *(cluster.path for cluster in drawing.clusters)}

        assert len(keys) == len(set(keys))
        assert all(edge.tail in keys and edge.head in keys for edge in drawing.edges)
        assert all(node.cluster in paths for node in drawing.nodes)
        assert all(cluster.parent in paths for cluster in drawing.clusters)


def test_nothing_is_lost_between_the_graph_and_the_picture(mlp):
    graph, _ = mlp
    operations = graph.get_operations()
    folding = fold(operations)
    drawn = {node.key for node in summarize(graph, opening=Opening(full=True)).nodes}
    shown = {folding.home(op).name for op in operations}

    assert drawn == {op.name for op in operations}
    assert shown < drawn


def test_gradients_that_take_much_keep_one_arrow(build):
    graph, _ = build("""\
x = tf.placeholder(tf.float32, [2], name="x")
y = x
for n in range(12):
    y = tf.exp(y, name=f"y{'abcdefghijkl'[n]}")
tf.gradients(y, x)
""")
    drawing = summarize(graph)
    box = next(node for node in drawing.nodes if node.key == "gradients/")

    assert any(line.startswith("takes 1") for line in box.details)
    assert [edge.tail for edge in drawing.edges if edge.head == "gradients/"] == ["yl"]
