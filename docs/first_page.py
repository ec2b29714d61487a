"""Writes the picture and the panel of the first page from a real run: ``python docs/first_page.py``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

IMAGES = Path(__file__).with_name("images")
CELLS = [
    "%load_ext graphmagic\nimport graphmagic as tf",
    """%%graph line --direction LR
x = tf.placeholder(tf.float32, [None], name="x")
y_true = tf.placeholder(tf.float32, [None], name="y_true")
slope = tf.Variable(0.0, name="slope")
offset = tf.Variable(0.0, name="offset")
y = slope * x + offset
loss = tf.reduce_mean(tf.square(y - y_true), name="loss")
step = tf.train.GradientDescentOptimizer(0.05).minimize(loss)
init = tf.global_variables_initializer()""",
    """%%session fit --watch loss
sess.run(init)
for _ in range(200):
    sess.run([step, loss], {x: [0.0, 1.0, 2.0, 3.0], y_true: [1.0, 3.0, 5.0, 7.0]})""",
]


def outputs(index: int, kind: str, notebook: Any) -> str:
    """The last output of a cell that has a form of the given kind."""
    found = [out.data[kind] for out in notebook.cells[index].outputs if kind in out.get("data", {})]
    return str(found[-1])


def main() -> None:
    """Run the cells in a kernel and keep what they showed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, kernel_name="python3").execute()
    (IMAGES / "line.svg").write_text(outputs(1, "image/svg+xml", notebook), encoding="utf-8")
    (IMAGES / "panel.html").write_text(outputs(2, "text/html", notebook) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
