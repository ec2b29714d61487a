"""Writes errors.md, what beginners' mistakes are answered with: ``python docs/mistakes.py``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient

FILE = Path(__file__).with_name("errors.md")
HEAD = """\
# What an error says

The commonest mistakes, each with what graphmagic answers: the line of yours that failed, what is wrong with which names
and shapes, where the operation was created, and what to do. Cells without a magic show the same, once the extension is
loaded. `%config GraphMagics.verbose_errors = True` and then `%tb` bring the full traceback.

This page is written by `python docs/mistakes.py` from a real kernel, and a test says when that is due.
"""
PREPARE = """%load_ext graphmagic
import numpy as np
import graphmagic as tf"""
MODEL = """%%graph line --no-draw
x = tf.placeholder(tf.float32, [None, 3], name="x")
w = tf.Variable(tf.ones([3, 1]), name="w")
y = tf.matmul(x, w, name="y")
init = tf.global_variables_initializer()"""
RUN = """%%session s --no-panel
sess.run(init)"""


class Mistake(NamedTuple):
    """A mistake: cells that work, and one that does not."""

    title: str
    cells: tuple[str, ...]
    wrong: str


MISTAKES = [
    Mistake(
        "A variable that was not initialized",
        (MODEL,),
        "%%session s --no-panel\nsess.run(w)",
    ),
    Mistake(
        "A placeholder that was not fed",
        (MODEL, RUN),
        "%%session s --no-panel\nsess.run(y)",
    ),
    Mistake(
        "Data of another shape",
        (MODEL, RUN),
        "%%session s --no-panel\nsess.run(y, {x: np.ones([4, 2])})",
    ),
    Mistake(
        "Data of another type",
        (MODEL, RUN),
        '%%session s --no-panel\nsess.run(y, {x: "three"})',
    ),
    Mistake(
        "A feed that is no tensor",
        (MODEL, RUN),
        '%%session s --no-panel\nsess.run(y, {"input": np.ones([4, 3])})',
    ),
    Mistake(
        "Feeding a tensor's value as a tensor",
        (MODEL, RUN),
        "%%session s --no-panel\nsess.run(y, {x: tf.ones([4, 3])})",
    ),
    Mistake(
        "A tensor of another graph",
        (MODEL, "%%graph other --no-draw\nz = tf.constant(1.0)"),
        "%%graph mixed\nz + tf.constant(2.0)",
    ),
    Mistake(
        "Fetching a tensor of another graph",
        (MODEL, RUN, "%%graph other --no-draw\nz = tf.constant(1.0)"),
        "%%session s --graph line --no-panel\nsess.run(z)",
    ),
    Mistake("Fetching None", (MODEL, RUN), "%%session s --no-panel\nsess.run([y, print()])"),
    Mistake(
        "A misspelt name",
        (MODEL, RUN),
        '%%session s --no-panel\nsess.run("yy:0", {x: np.ones([4, 3])})',
    ),
    Mistake("A tensor in an if", (), "%%graph g\nt = tf.constant(3)\nif t > 2:\n    t = t + 1"),
    Mistake(
        "A tensor in a for", (), "%%graph g\nt = tf.placeholder(tf.float32)\nfor row in t:\n    print(row)"
    ),
    Mistake("No session", (MODEL,), "%%graph g\nt = tf.constant(3)\nt.eval()"),
    Mistake("Assigning to a tensor", (), "%%graph g\nt = tf.zeros([3])\nt[0] = 1.0"),
    Mistake(
        "Two types in one operation",
        (),
        "%%graph g\ncount = tf.constant([1, 2])\nmean = count / 2 + tf.constant(0.5)",
    ),
    Mistake(
        "Matrices that do not fit",
        (),
        '%%graph g\na = tf.zeros([4, 3], name="a")\nb = tf.zeros([4, 3], name="b")\nproduct = tf.matmul(a, b)',
    ),
    Mistake(
        "Shapes that do not fit, found in the run",
        (
            '%%graph g --no-draw\na = tf.placeholder(tf.float32, name="a")\nb = tf.placeholder(tf.float32, name="b")\n'
            'total = tf.add(a, b, name="total")',
        ),
        "%%session s --no-panel\nsess.run(total, {a: np.ones(2), b: np.ones(3)})",
    ),
    Mistake(
        "A closed session",
        (MODEL, RUN),
        "%%session s --no-panel\nwith tf.Session() as inner:\n    inner.run(init)\ninner.run(w)",
    ),
    Mistake(
        "A variable's name, taken",
        (),
        '%%graph g\nw = tf.get_variable("w", [3])\nw = tf.get_variable("w", [3])',
    ),
    Mistake(
        "Reusing what is not there",
        (),
        '%%graph g\nwith tf.variable_scope("layer", reuse=True):\n    w = tf.get_variable("w", [3])',
    ),
    Mistake(
        "A gradient that is None",
        (),
        "%%graph g\nw = tf.Variable(1.0)\nloss = tf.constant(2.0)\n"
        "step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)",
    ),
    Mistake(
        "A loss that is NaN",
        (
            '%%graph g --no-draw\np = tf.placeholder(tf.float32, [None], name="p")\n'
            'loss = tf.check_numerics(tf.reduce_mean(p * tf.log(p)), "the loss", name="loss")',
        ),
        "%%session s --no-panel\nsess.run(loss, {p: [0.5, 0.0]})",
    ),
    Mistake("A function of TensorFlow 2", (), "%%graph g\nt = tf.function(lambda v: v + 1)"),
    Mistake("A misspelt function", (), "%%graph g\nt = tf.reduce_maen([1.0, 2.0])"),
]


def answer(mistake: Mistake) -> str:
    """The text of the error."""
    cells = [nbformat.v4.new_code_cell(cell) for cell in (PREPARE, *mistake.cells, mistake.wrong)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    for cell in cells[:-1]:
        failed = [out for out in cell.outputs if out.output_type == "error"]
        if failed:
            raise AssertionError(f"{mistake.title}: {failed[0].evalue}")
    found = [out for out in cells[-1].outputs if out.output_type == "error"]
    if not found:
        raise AssertionError(f"{mistake.title}: no error")
    text = "\n".join(found[0].traceback)
    return re.sub(r"\x1b\[[0-9;]*m|(?<=0x)[0-9a-f]+", "", text).strip()


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for mistake in MISTAKES:
        parts.append(
            f"## {mistake.title}\n\n```python\n{mistake.wrong}\n```\n\n```text\n{answer(mistake)}\n```\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{len(MISTAKES)} mistakes\n")
