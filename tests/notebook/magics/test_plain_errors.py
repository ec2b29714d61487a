"""Errors in cells without a magic: short where graphmagic raised them, as ever where it did not."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "docs"))

import mistakes


def without_magic(mistake):
    """The cells of a mistake, the last one without its magic."""
    first, _, body = mistake.wrong.partition("\n")
    cells = ["import numpy as np", *mistake.cells]
    if first.startswith("%%session") and mistakes.RUN not in mistake.cells:
        graph = "line" if mistakes.MODEL in mistake.cells else "g"
        cells.append(f"sess = tf.Session(graph={graph})")
    return cells, body


@pytest.mark.parametrize("mistake", mistakes.MISTAKES, ids=lambda m: m.title)
def test_common_mistakes_show_the_users_line_and_nothing_of_ours(notebook, mistake):
    cells, wrong = without_magic(mistake)
    for cell in cells:
        notebook.run(cell)
    _, shown = notebook.fails(wrong)

    assert shown.startswith("Cell In[")
    assert "----> " in shown
    assert len(shown.splitlines()) <= 12
    assert "graphmagic/" not in shown


def test_functions_on_the_way_get_one_line_each(notebook):
    notebook.run("def layer(v):\n    return tf.matmul(v, tf.ones([4, 2]))")
    _, shown = notebook.fails("x = tf.ones([3, 1])\nlayer(x)")

    assert shown.splitlines()[:4] == [
        "Cell In[3], line 2",
        "      1 x = tf.ones([3, 1])",
        "----> 2 layer(x)",
        "   in layer, cell In[2], line 2: return tf.matmul(v, tf.ones([4, 2]))",
    ]


@pytest.mark.parametrize("cell", ["1/0", "tf\nundefined", "x = tf.constant(1)\nint('one')"])
def test_errors_of_others_are_shown_as_ever(notebook, cell):
    result = notebook.shell.run_cell(cell, store_history=True)

    assert not hasattr(result.error_in_exec, "_render_traceback_")


def test_an_empty_graph_says_which_graph_a_session_runs(notebook):
    notebook.run("%%graph line --no-draw\ny = tf.constant(1.0)")
    _, shown = notebook.fails("tf.Session().run(y)")

    assert "tf.Session(graph=" in shown


def test_verbose_errors_bring_every_frame_back(notebook, capsys):
    notebook.fails("tf.constant(1.0).eval()")
    notebook.run("%config GraphMagics.verbose_errors = True")
    capsys.readouterr()
    result = notebook.shell.run_cell("%tb", store_history=True)

    assert result.success
    assert "in Tensor.eval" in re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)


def test_unloading_takes_it_back(bare):
    before = bare.shell.showtraceback
    bare.run("%load_ext graphmagic\nimport graphmagic as tf")
    bare.fails("tf.constant(1.0).eval()")
    bare.run("%unload_ext graphmagic")
    result = bare.shell.run_cell("tf.constant(1.0).eval()", store_history=True)

    assert bare.shell.showtraceback == before
    assert not hasattr(result.error_in_exec, "_render_traceback_")


def test_who_took_over_in_the_meantime_stays(bare):
    bare.run("%load_ext graphmagic")

    def other(*args, **kwargs):
        """What another extension shows."""

    bare.shell.showtraceback = other
    bare.run("%unload_ext graphmagic")

    assert bare.shell.showtraceback is other


@pytest.mark.kernel
def test_a_real_kernel_sends_the_short_text(kernel):
    reply = kernel.run("tf.constant(1.0).eval()")
    (error,) = reply.of("error")

    assert reply.content["status"] == "error"
    assert error["ename"] == "ValueError"
    assert len(error["traceback"]) <= 12
    assert "graphmagic/" not in "".join(error["traceback"])
