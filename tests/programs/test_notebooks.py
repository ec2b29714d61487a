"""Notebooks of TensorFlow 1 in a real kernel."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

import nbformat
from nbclient import NotebookClient

from graphmagic import legacy


def run(*cells: str, path: Any = None) -> list[list[Any]]:
    """The outputs of the cells of a notebook; an error in one does not keep the next from running."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(
        book,
        timeout=60,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(path or ".")}},
    )
    client.execute()
    return [cell.outputs for cell in book.cells]


def text(outputs: list[Any], name: str = "stdout") -> str:
    """What a cell has printed, and its result."""
    parts = []
    for output in outputs:
        if output.output_type == "stream" and output.name == name:
            parts.append(output.text)
        elif output.output_type == "execute_result":
            parts.append(output.data["text/plain"])
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}")
    return "".join(parts)


def test_a_notebook_of_2017(tmp_path):
    outputs = run(
        "%load_ext graphmagic\n%tensorflow_version 1.x",
        "%matplotlib inline\nimport tensorflow as tf\ntf.set_random_seed(42)\ntf.__version__",
        "node = tf.random_uniform([])\nnode",
        "with tf.Session() as sess:\n    print(sess.run(node))\n    print(type(node))",
        "v = tf.Variable(1.5, name='v')\nsaver = tf.train.Saver()\n"
        "with tf.Session() as sess:\n    sess.run(tf.initialize_all_variables())\n    print(saver.save(sess, './m'))",
        "with tf.Session() as sess:\n    saver.restore(sess, './m')\n    print(v.eval())",
        "%unload_ext graphmagic",
        "import sys\n'tensorflow' in sys.modules",
        path=tmp_path,
    )
    texts = [text(output) for output in outputs]
    assert texts[1] == "'1.15.0'"
    assert texts[2] == "<tf.Tensor 'random_uniform:0' shape=() dtype=float32>"
    assert texts[3] == "0.63789964\n<class 'tensorflow.python.framework.ops.Tensor'>\n"
    assert "WARNING:tensorflow:From " in texts[4]
    assert texts[4].endswith("./m\n")
    assert texts[5] == "INFO:tensorflow:Restoring parameters from ./m\n1.5\n"
    assert texts[7] == "False"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "%tensorflow_version 2.x",
            "MagicError: graphmagic is TensorFlow 1, not 2.x: %tensorflow_version 1.x",
        ),
        ("%tensorflow_version", "MagicError: "),
    ],
)
def test_another_version_is_refused(line, message):
    outputs = run(f"%load_ext graphmagic\n{line}")
    assert message in text(outputs[0])


def test_without_the_magic_nothing_is_called_tensorflow():
    outputs = run("%load_ext graphmagic", "import sys, graphmagic\nprint(graphmagic.legacy.is_installed())")
    assert text(outputs[1]) == "False\n"
    assert not legacy.is_installed()
