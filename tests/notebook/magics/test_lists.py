"""%graph, %graphs, %sessions, %values, %close."""

from __future__ import annotations

import pytest

from graphmagic.draw import Picture
from graphmagic.notebook.errors import MagicError

LINEAR = """%%graph linear --no-draw
w = tf.Variable(2.0, name="w")
b = tf.Variable(1.0, name="b")
y = tf.add(w, b, name="y")
init = tf.global_variables_initializer()
"""


@pytest.fixture
def linear(notebook):
    notebook.run(LINEAR)
    notebook.run("%%session one --no-panel\ninit")
    notebook.run("%%session two --no-panel\ninit\n")
    notebook.run("%%session two --no-panel\ntf.assign(w, 5.0)")
    return notebook


def rows(table):
    return {row[0]: row[1:] for row in table.rows}


def test_graph_draws_again(linear):
    picture = linear.run("%graph linear")

    assert isinstance(picture, Picture)
    assert '"linear"' in picture.dot or "linear" in picture.dot
    assert linear.run("%graph").dot == picture.dot


def test_graph_takes_its_direction_from_option_and_configuration(linear):
    assert "rankdir=LR" in linear.run("%graph linear --direction lr").dot.replace(" ", "")
    linear.run("%config GraphMagics.direction = 'LR'")
    assert "rankdir=LR" in linear.run("%graph linear").dot.replace(" ", "")


def test_graph_overlays_the_values_of_a_session(linear):
    assert linear.run("%graph --session two").dot != linear.run("%graph --session one").dot


@pytest.mark.parametrize("fetch", ["y", "y:0", "w", "init"])
def test_graph_lights_up_a_fetch(linear, fetch):
    assert linear.run(f"%graph linear --fetch {fetch}").dot != linear.run("%graph linear").dot


def test_a_python_variable_names_a_fetch_too(linear):
    linear.run("%%graph linear --extend --no-draw\nlast = tf.square(y, name='squared')")

    assert linear.run("%graph linear --fetch last").dot == linear.run("%graph linear --fetch squared:0").dot


def test_graph_of_a_session_that_runs_another_one_is_refused(linear):
    linear.run("%%graph other --no-draw\ntf.constant(1)")
    error, _ = linear.fails("%graph other --session one")

    assert "Session one does not run this graph other, but graph linear" in str(error)


def test_graph_writes_files(linear, tmp_path):
    target = tmp_path / "my graph.dot"
    linear.run(f'%graph linear --output "{target}"')

    assert target.read_text().startswith("digraph")


def test_graph_refuses_other_suffixes(linear):
    error, _ = linear.fails("%graph linear --output linear.jpeg")

    assert ".svg, .png, .pdf, .dot" in str(error)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("%graph liner", "Did you mean 'linear'?"),
        ("%graph --session on", "Did you mean 'one'?"),
        ("%graph linear --fetch ww", "Did you mean 'w'"),
        ("%values ones", "Did you mean 'one'"),
        ("%close tow", "Did you mean 'two'?"),
        ("%graph linear --ouput a.svg", "Did you mean '--output'?"),
        ("%close", "%close needs the name of a session, or --all"),
        ("%close linear", "linear is a graph: it holds no values"),
    ],
)
def test_mistakes_fail_with_a_hint(linear, line, hint):
    error, shown = linear.fails(line)

    assert isinstance(error, MagicError)
    assert hint in shown


def test_graphs_lists_them(linear):
    linear.run("%%graph --no-draw\ntf.constant(1)")
    table = rows(linear.run("%graphs"))

    assert table["linear"][1:] == ("2", "one, two", "")
    assert table["default"] == ("1", "0", "none", "built last, TF1's default graph")


def test_sessions_lists_them(linear):
    linear.run("%%session three --no-panel\n1")
    linear.run("%close one")
    table = rows(linear.run("%sessions"))

    assert table["one"][:2] == ("linear", "closed")
    assert table["two"] == ("linear", "open", "2", "2 of 2")
    assert table["three"] == ("linear", "open", "0", "0 of 2")


def test_sessions_tells_a_rebuilt_graph(linear):
    linear.run(LINEAR)

    assert rows(linear.run("%sessions"))["one"][0] == "linear (rebuilt since)"


def test_values_puts_sessions_side_by_side_and_says_where_they_differ(linear):
    table = linear.run("%values one two")

    assert table.columns == ("variable", "dtype", "shape", "one", "two", "compared")
    assert rows(table) == {
        "w": ("float32", "()", "2", "5", "≠ differ"),
        "b": ("float32", "()", "1", "1", "same"),
    }
    assert repr(linear.run("%values")) == repr(table)


def test_values_of_one_session_compares_nothing(linear):
    assert linear.run("%values one").columns == ("variable", "dtype", "shape", "one")


def test_values_across_graphs(linear):
    linear.run("%%graph other --no-draw\nw = tf.Variable(2.0, name='w')\nv = tf.Variable(1, name='v')")
    linear.run("%%session three --no-panel\nw.initializer")
    table = rows(linear.run("%values one three"))

    assert table["w"] == ("float32", "()", "2", "2", "same")
    assert table["b"][2:] == ("1", "not in this graph", "≠ differ")
    assert table["v"][2:] == ("not in this graph", "uninitialized", "≠ differ")


def test_close_closes(linear):
    assert repr(linear.run("%close one two")) == "Closed sessions one, two."
    assert linear["one"].closed
    assert linear["two"].closed


def test_close_all_can_be_repeated(linear):
    linear.run("%close --all")

    assert repr(linear.run("%close --all")) == "No session was open."


def test_lists_of_nothing_say_how_to_begin(notebook):
    assert "%%graph NAME" in repr(notebook.run("%graphs"))
    assert "%%session NAME" in repr(notebook.run("%sessions"))
    assert "%%session NAME" in repr(notebook.run("%values"))
    error, _ = notebook.fails("%graph")
    assert "%%graph NAME" in str(error)


def test_of_many_variables_those_that_differ_come_first_and_the_rest_is_counted(notebook):
    notebook.run(
        "%%graph many --no-draw\nvs = [tf.Variable(0.0, name=f'v{n}') for n in range(120)]\n"
        "init = tf.global_variables_initializer()\nlast = vs[-1].assign(1.0)"
    )
    for session in "ab":
        notebook.run(f"%%session {session} --no-panel\nsess.run(init)")
    notebook.run("%%session b --no-panel\nsess.run(last.op)")
    table = notebook.run("%values a b")

    assert len(table.rows) == 100
    assert table.rows[0][0] == "v119"
    assert table.rows[0][-1] == "≠ differ"
    assert table.notes == ("… and 20 more variables, 0 of which differ.",)
