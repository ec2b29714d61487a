"""Errors in a cell: the user's lines only, and the cell fails."""

from __future__ import annotations

import re

import pytest

import graphmagic as tf
from graphmagic.notebook.errors import CellSyntaxError

FOO = """%%graph blog
foo = tf.Variable(42, name="foo")
"""


@pytest.fixture
def blog(notebook):
    notebook.run(FOO)
    return notebook


def test_the_users_line_is_shown_with_its_number(blog):
    error, shown = blog.fails("%%session s\na = 1\nb = undefined_thing + a")

    assert isinstance(error, NameError)
    assert shown.splitlines() == [
        "Cell In[3], line 3",
        "      2 a = 1",
        "----> 3 b = undefined_thing + a",
        "NameError: name 'undefined_thing' is not defined",
    ]


def test_an_error_of_a_run_keeps_its_type_and_tells_its_notes(blog):
    error, shown = blog.fails("%%session s\nsess.run(foo)")

    assert type(error) is tf.errors.FailedPreconditionError
    assert "----> 2 sess.run(foo)" in shown
    assert "FailedPreconditionError: " in shown
    assert "uninitialized value foo" in shown
    for note in error.__notes__:
        assert note in shown
    assert "graphmagic/" not in shown


def test_a_tensor_run_as_the_last_expression_blames_its_line(blog):
    _, shown = blog.fails("%%session s\n\na = 1\n\nfoo\n")

    assert shown.splitlines()[0] == "Cell In[3], line 5"
    assert "----> 5 foo" in shown


def test_line_numbers_hold_after_blank_lines_comments_and_shell_lines(blog):
    _, shown = blog.fails("%%session s --no-panel\n\n\n# a comment\n!true\n\n1/0")

    assert "Cell In[3], line 7" in shown
    assert "----> 7 1/0" in shown


def test_the_arrow_keeps_long_line_numbers_in_their_column(blog):
    _, shown = blog.fails("%%session s\n" + "x = 1\n" * 8 + "1/0")

    assert shown.splitlines()[1:3] == ["      9 x = 1", "---> 10 1/0"]


def test_frames_in_other_cells_get_one_line_each(blog):
    blog.run("def inner(x):\n    return x / 0\n\ndef outer(x):\n    return inner(x)")
    _, shown = blog.fails("%%session s\nouter(3)")

    assert shown.splitlines() == [
        "Cell In[4], line 2",
        "      1 %%session s",
        "----> 2 outer(3)",
        "   in outer, cell In[3], line 5: return inner(x)",
        "   in inner, cell In[3], line 2: return x / 0",
        "ZeroDivisionError: division by zero",
    ]


def test_frames_in_the_users_files_get_one_line_each(blog, tmp_path, monkeypatch):
    (tmp_path / "layers.py").write_text("def dense(x):\n    return x / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    _, shown = blog.fails("%%session s\nimport layers\nlayers.dense(1)")

    assert "   in dense, layers.py, line 2: return x / 0" in shown


def test_endless_recursion_stays_short(blog):
    _, shown = blog.fails("%%session s\ndef f():\n    f()\nf()")

    assert len(shown.splitlines()) <= 14
    assert "more calls" in shown


def test_a_misspelt_name_gets_a_suggestion(blog):
    _, shown = blog.fails("%%session s\ncounter = 1\ncountr")

    assert re.search(r"Did you mean:? 'counter'\?", shown)


@pytest.mark.parametrize("body", ["eval('1 +')", "raise SyntaxError('bad')"])
def test_a_syntax_error_while_running_is_short_too(blog, body):
    error, shown = blog.fails(f"%%session s\n{body}")

    assert isinstance(error, CellSyntaxError)
    assert len(shown.splitlines()) <= 3


@pytest.mark.parametrize(
    "body", ["def f(:\n  pass", "x = (1,\n", "'unclosed", "if True:\nx = 1", "return 3", "a\x00b"]
)
def test_what_is_not_python_is_a_cell_syntax_error(blog, body):
    error, shown = blog.fails(f"%%session s\n{body}")

    assert isinstance(error, CellSyntaxError)
    assert "CellSyntaxError: " in shown


def test_an_interrupt_fails_the_cell_and_the_session_stays(blog):
    blog.run("%%session s\nsess.run(foo.initializer)")
    error, shown = blog.fails("%%session s\nraise KeyboardInterrupt")

    assert isinstance(error, KeyboardInterrupt)
    assert "----> 2 raise KeyboardInterrupt" in shown
    assert blog.run("%%session s\nfoo") == 42


def test_errors_of_awaiting_cells_are_short_too(blog):
    error, shown = blog.fails("%%session s\nimport asyncio\nawait asyncio.sleep(0)\n1/0")

    assert isinstance(error, ZeroDivisionError)
    assert "----> 4 1/0" in shown
    assert "graphmagic" not in shown


def test_verbose_errors_show_every_frame(blog):
    blog.run("%config GraphMagics.verbose_errors = True")
    result = blog.shell.run_cell("%%session s\n1/0")

    assert isinstance(result.error_in_exec, ZeroDivisionError)
    assert not hasattr(result.error_in_exec, "_render_traceback_")


def test_the_error_is_printed_once(blog, capsys):
    capsys.readouterr()
    blog.fails("%%session s --no-panel\n1/0")

    captured = capsys.readouterr()
    assert (captured.out + captured.err).count("ZeroDivisionError") == 1
