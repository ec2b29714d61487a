"""%%graph: builds a graph from a cell, all or nothing."""

from __future__ import annotations

import pytest

import graphmagic as tf
from graphmagic.draw import Picture
from graphmagic.notebook.errors import CellSyntaxError, MagicError

LINEAR = """%%graph linear
x = tf.placeholder(tf.float32, [None], name="x")
w = tf.Variable(2.0, name="w")
y = tf.multiply(w, x, name="y")
"""


def names(graph):
    return [op.name for op in graph.get_operations()]


def test_builds_binds_and_draws(notebook):
    picture = notebook.run(LINEAR)

    assert isinstance(picture, Picture)
    assert isinstance(notebook["linear"], tf.Graph)
    assert notebook["y"].graph is notebook["linear"]
    assert tf.get_default_graph() is not notebook["linear"]


def test_a_name_is_optional_and_the_default_graph_is_tf1s(notebook):
    notebook.run("%%graph\na = tf.constant(1.0, name='a')")

    assert notebook["default"] is tf.get_default_graph()
    notebook.run("b = tf.constant(2.0, name='b')")
    assert names(notebook["default"]) == ["a", "b"]


def test_running_again_builds_afresh(notebook):
    notebook.run(LINEAR)
    first = notebook["linear"]
    notebook.run(LINEAR)

    assert notebook["linear"] is not first
    assert names(notebook["linear"]) == names(first)


def test_extend_adds_to_the_same_graph(notebook):
    notebook.run(LINEAR)
    graph, before = notebook["linear"], names(notebook["linear"])
    notebook.run("%%graph linear --extend\nz = tf.square(y, name='z')")

    assert notebook["linear"] is graph
    assert names(graph) == [*before, "z"]


def test_extend_needs_a_graph(notebook):
    notebook.run(LINEAR)
    error, _ = notebook.fails("%%graph liner --extend\ntf.constant(1)")

    assert "There is no graph 'liner'. Did you mean 'linear'?" in str(error)


@pytest.mark.parametrize("body", ["1/0", "tf.constant(1) + tf.constant('a')", "raise KeyboardInterrupt"])
@pytest.mark.parametrize("options", ["", " --extend"])
def test_a_failing_body_changes_nothing(notebook, body, options):
    notebook.run(LINEAR)
    notebook.run("%%session s\nsess.run(w.initializer)\nsess.run(w)")
    graph, before, w = notebook["linear"], names(notebook["linear"]), notebook["w"]
    notebook.fails(f"%%graph linear{options}\nw = new = 1\nhalf = tf.constant(1., name='half')\n{body}")

    assert notebook["linear"] is graph
    assert names(graph) == before
    assert notebook["w"] is w
    assert "new" not in notebook
    assert "half" not in notebook
    assert notebook.run("%%session s\nw") == 2.0


def test_extending_works_after_a_failed_attempt(notebook):
    notebook.run(LINEAR)
    notebook.run("%%session s\nsess.run(w.initializer)")
    notebook.fails("%%graph linear --extend\nv = tf.Variable(5.0, name='v')\n1/0")
    notebook.run("%%graph linear --extend\nv = tf.Variable(7.0, name='v')")

    assert notebook.run("%%session s\nsess.run(v.initializer)\n[v, w]") == [7.0, 2.0]


def test_a_failing_default_graph_leaves_tf1s_default_graph(notebook):
    before = tf.get_default_graph()
    notebook.fails("%%graph\n1/0")

    assert tf.get_default_graph() is before


def test_no_draw_draws_nothing(notebook):
    assert notebook.run("%%graph linear --no-draw\ntf.constant(1)") is None


def test_a_final_semicolon_silences_the_drawing(notebook):
    assert notebook.run("%%graph linear\ntf.constant(1);") is None


def test_an_empty_body_is_an_empty_graph(notebook):
    picture = notebook.run("%%graph nothing\n\n")

    assert names(notebook["nothing"]) == []
    assert "nothing" in picture.text
    assert "0 operations" in picture.text


@pytest.mark.parametrize("bad", ["2fast", "a-b", "a.b", "<script>", "a;b", "none!"])
def test_a_name_must_be_an_identifier(notebook, bad):
    error, shown = notebook.fails(f"%%graph {bad}\ntf.constant(1)")

    assert isinstance(error, MagicError)
    assert "must be a Python identifier" in shown
    assert len(shown.splitlines()) == 1


@pytest.mark.parametrize(("bad", "why"), [("class", "keyword"), ("print", "hide Python's own print")])
def test_a_name_must_not_be_pythons(notebook, bad, why):
    error, _ = notebook.fails(f"%%graph {bad}\ntf.constant(1)")

    assert why in str(error)


def test_a_users_variable_is_not_overwritten(notebook):
    notebook.run("losses = [1, 2]")
    error, _ = notebook.fails("%%graph losses\ntf.constant(1)")

    assert "your own variable losses (a list)" in str(error)
    assert "del losses" in str(error)
    assert notebook["losses"] == [1, 2]
    notebook.run("del losses")
    notebook.run("%%graph losses\ntf.constant(1)")
    assert isinstance(notebook["losses"], tf.Graph)


def test_a_body_that_binds_the_name_of_its_graph_is_refused(notebook):
    error, _ = notebook.fails("%%graph loss\nloss = tf.constant(1.0)")

    assert "The body binds loss itself" in str(error)
    assert "loss" not in notebook


def test_unicode_names_work(notebook):
    notebook.run("%%graph größe\ntf.constant(1)")

    assert isinstance(notebook["größe"], tf.Graph)


def test_an_unknown_option_gets_a_suggestion(notebook):
    error, shown = notebook.fails("%%graph linear --extnd\ntf.constant(1)")

    assert isinstance(error, MagicError)
    assert "--extnd" in shown
    assert "Did you mean '--extend'?" in shown


@pytest.mark.parametrize(("option", "value"), [("--direction", "DOWN"), ("--depth", "-1"), ("--depth", "x")])
def test_a_wrong_value_of_an_option_is_told(notebook, option, value):
    _, shown = notebook.fails(f"%%graph linear {option}={value}\ntf.constant(1)")

    assert option in shown
    assert value in shown
    assert "linear" not in notebook


def test_a_syntax_error_shows_line_and_caret(notebook):
    error, shown = notebook.fails("%%graph linear\n\na = 1\nb = = 2\n")

    assert isinstance(error, CellSyntaxError)
    assert error.line == 4
    assert shown.splitlines()[:2] == ["    b = = 2", "        ^"]
    assert "cell In[2], line 4" in shown


def test_operations_know_their_cell_and_line(notebook):
    notebook.run(LINEAR)
    notebook.run("a = 1\nb = tf.constant(1.0, name='b')")

    assert str(notebook["y"].op.site) == "cell In[2], line 4"
    assert notebook["y"].op.site.line_text == 'y = tf.multiply(w, x, name="y")'
    assert str(notebook["b"].op.site) == "cell In[3], line 2"


def test_a_cell_run_again_keeps_the_sites_of_its_first_run(notebook):
    notebook.run(LINEAR)
    first = notebook["y"]
    notebook.run(LINEAR)

    assert str(first.op.site) == "cell In[2], line 4"
    assert str(notebook["y"].op.site) == "cell In[3], line 4"


def test_tf_is_not_injected_and_its_absence_explained(bare):
    bare.run("%load_ext graphmagic")
    error, shown = bare.fails("%%graph linear\ntf.constant(1)")

    assert isinstance(error, NameError)
    assert "import graphmagic as tf" in shown
    assert "tf" not in bare
