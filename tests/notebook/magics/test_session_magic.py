"""%%session: runs a cell in a session that keeps its values."""

from __future__ import annotations

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.notebook.errors import MagicError

COUNTER = """%%graph counter
count = tf.Variable(0, name="count")
more = tf.assign_add(count, 1, name="more")
init = tf.global_variables_initializer()
"""


@pytest.fixture
def counter(notebook):
    notebook.run(COUNTER)
    notebook.run("%%session a\ninit")
    return notebook


def test_the_session_and_its_graph_are_the_defaults(counter):
    counter.run("%%session a\nfound = tf.get_default_session(), tf.get_default_graph()\nbound = sess, a")

    assert counter["found"] == (counter["a"], counter["counter"])
    assert counter["bound"] == (counter["a"], counter["a"])
    assert counter["sess"] is counter["a"]
    assert tf.get_default_session() is None


def test_values_stay_from_cell_to_cell(counter):
    counter.run("%%session a\nfor _ in range(3):\n    sess.run(more)")

    assert counter.run("%%session a\ncount") == 3


def test_sessions_on_one_graph_are_independent(counter):
    counter.run("%%session a\nmore")
    counter.run("%%session b\ninit")

    assert (counter.run("%%session a\ncount"), counter.run("%%session b\ncount")) == (1, 0)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("count", 0),
        ("more", 1),
        ("init", None),
        ("count + 1", 1),
        ("[count, count]", [0, 0]),
        ("{'n': count}", {"n": 0}),
        ("(count, (count,))", (0, (0,))),
        ("'plain'", "plain"),
        ("[]", []),
        ("(count, 3)[1]", 3),
    ],
)
def test_the_last_expression_is_run(counter, expression, value):
    assert counter.run(f"%%session a\n{expression}") == value


def test_a_mixed_nest_is_left_alone(counter):
    assert counter.run("%%session a\n(count, 3)") == (counter["count"], 3)


def test_a_value_becomes_out(counter):
    counter.run("%%session a\ncount")

    assert counter["_"] == 0


def test_a_final_semicolon_silences_the_value_but_runs_it(counter):
    assert counter.run("%%session a\nmore;") is None
    assert counter.run("%%session a\ncount") == 1


def test_the_name_is_optional(notebook):
    notebook.run("%%graph\nv = tf.Variable(4.0, name='v')")
    assert notebook.run("%%session\nsess.run(v.initializer)\nv") == 4.0
    assert notebook["default"] is notebook["sess"]


def test_without_a_graph_it_says_what_to_do(notebook):
    error, _ = notebook.fails("%%session a\n1")

    assert isinstance(error, MagicError)
    assert "%%graph" in str(error)


def test_tf1s_default_graph_serves_where_no_graph_was_named(notebook):
    notebook.run("v = tf.constant(13)")

    assert notebook.run("%%session\nv") == 13
    assert notebook["sess"].graph is tf.get_default_graph()


def test_a_graph_can_be_chosen(counter):
    counter.run("%%graph other\nc = tf.constant('x')")

    assert counter.run("%%session fresh\nc") == b"x"
    assert counter.run("%%session older --graph counter\nsess.graph") is counter["counter"]


def test_a_misspelt_graph_gets_a_suggestion(counter):
    error, _ = counter.fails("%%session a --graph countr\n1")

    assert "Did you mean 'counter'?" in str(error)


def test_another_graph_needs_a_decision(counter):
    counter.run("%%graph other\ncount = tf.Variable(5, name='count')")
    error, _ = counter.fails("%%session a --graph other\n1")

    assert "--new" in str(error)
    assert "--keep" in str(error)
    assert counter.run("%%session a --graph other --keep\ncount") == 0


def test_new_starts_afresh(counter):
    old = counter["a"]
    counter.run("%%session a --new\n1")

    assert old.closed
    assert counter["a"].variables()[0].value is None


def test_new_and_keep_contradict(counter):
    error, _ = counter.fails("%%session a --new --keep\n1")

    assert "--new" in str(error)


def test_after_a_rebuild_it_starts_afresh_and_says_so(counter, capsys):
    counter.run(COUNTER)
    capsys.readouterr()
    counter.run("%%session a\n1")

    assert "Graph counter was rebuilt: session a starts afresh" in capsys.readouterr().out
    assert counter["a"].variables()[0].value is None


def test_keep_carries_values_over_and_says_what(notebook, capsys):
    notebook.run(
        "%%graph g\n"
        "same = tf.Variable([1., 2.], name='same')\nshape = tf.Variable([1., 2.], name='shape')\n"
        "kind = tf.Variable(1., name='kind')\ngone = tf.Variable(1., name='gone')\n"
        "init = tf.global_variables_initializer()"
    )
    notebook.run("%%session s\nsess.run(init)\nsess.run(tf.assign(same, [3., 4.]))")
    notebook.run(
        "%%graph g\n"
        "same = tf.Variable([1., 2.], name='same')\nshape = tf.Variable([1., 2., 3.], name='shape')\n"
        "kind = tf.Variable(1, name='kind')"
    )
    capsys.readouterr()
    value = notebook.run("%%session s --keep\nsame")
    said = capsys.readouterr().out

    np.testing.assert_array_equal(value, [3.0, 4.0])
    assert "carried over same" in said
    assert "shape (shape (2,) became (3,))" in said
    assert "kind (float32 became int32)" in said
    assert "gone (no longer in the graph)" in said


def test_close_closes_after_the_cell(counter):
    assert counter.run("%%session a --close\ncount") == 0
    assert counter["a"].closed


def test_a_closed_session_starts_afresh_and_says_so(counter, capsys):
    counter.run("%%session a --close\n1")
    capsys.readouterr()
    counter.run("%%session a\n1")

    assert "Session a was closed: it starts afresh" in capsys.readouterr().out
    assert not counter["a"].closed


def test_a_users_variable_is_not_overwritten(counter):
    counter.run("train = [1, 2]")
    error, _ = counter.fails("%%session train\n1")

    assert "your own variable train (a list)" in str(error)
    assert counter["train"] == [1, 2]


def test_a_failing_session_cell_keeps_what_had_happened(counter):
    counter.fails("%%session a\nsess.run(more)\nkept = 1\n1/0")

    assert counter.run("%%session a\ncount") == 1
    assert counter["kept"] == 1


def test_magics_shell_lines_and_help_work_in_a_body(counter, capsys):
    counter.run("%%session a --no-panel\n!echo from the shell\nnow = %pwd\nlisted = !echo one\n")

    assert "from the shell" in capsys.readouterr().out
    assert isinstance(counter["now"], str)
    assert counter["listed"] == ["one"]


def test_await_works_at_the_top_level(counter):
    value = counter.run(
        "%%session a\nimport asyncio\nawait asyncio.sleep(0)\nhere = tf.get_default_session()\nmore"
    )

    assert value == 1
    assert counter["here"] is counter["a"]


def test_functions_and_comprehensions_see_the_names_of_the_body(counter):
    assert counter.run("%%session a\nn = 3\ndef f():\n    return n\n[f() for _ in range(n)]") == [3, 3, 3]


def test_two_magic_cells_can_define_and_use_a_function(counter):
    counter.run("%%session a\ndef bump(times):\n    for _ in range(times):\n        sess.run(more)")
    assert counter.run("%%session a\nbump(4)\ncount") == 4


def test_an_interactive_session_does_not_hide_the_default_graph(notebook):
    notebook.run("interactive = tf.InteractiveSession()")
    notebook.run("%%graph\nv = tf.Variable(4.0, name='v')")
    value = notebook.run("%%session\nsess.run(v.initializer)\nv")
    notebook.run("interactive.close()")

    assert value == 4.0
    assert tf.get_default_graph() is notebook["v"].graph


def test_threads_may_run_the_session_while_the_panel_is_live(counter, capsys):
    capsys.readouterr()
    counter.run(
        "%%session a\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool:\n    done = list(pool.map(lambda _: sess.run(more), range(80)))"
    )
    said = capsys.readouterr().out

    assert sorted(counter["done"]) == list(range(1, 81))
    assert "80 in this cell" in said
    assert "●\N{NO-BREAK SPACE}changed" in said
