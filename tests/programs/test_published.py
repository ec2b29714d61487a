"""The tool that counts published outputs: what it takes for the same, on a notebook of our own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from outputs import begins_alike, is_alike

TOOL = Path(__file__).parent / "published.py"


@pytest.mark.parametrize(
    ("mine", "published"),
    [
        ("[0.5 1.]", "[ 0.5  1. ]"),
        ("array([1., 2.], dtype=float32)", "array([ 1.,  2.], dtype=float32)"),
        ("np.float32(0.63789964)", "0.63789964"),
        ("0.6378996", "0.63789964"),
        ("1.9e-08", "1.89e-08"),
        ("{'a': b'x'}", "{u'a': 'x'}"),
        ("<object at 0x7f0123456789>", "<object at 0x10a2b3c4d>"),
    ],
)
def test_alike(mine, published):
    assert is_alike(mine, published)


@pytest.mark.parametrize(
    ("mine", "published"),
    [
        ("step 1", "step 2"),
        ("0.63", "0.65"),
        ("0.5 0.5", "0.5"),
        ("a", "b"),
        ("[0.5]", "[0.]"),
        ("1.0", "-1.0"),
    ],
)
def test_different(mine, published):
    assert not is_alike(mine, published)
    assert not begins_alike(mine, published)


def test_a_beginning_is_some_whole_lines():
    assert begins_alike("1 0.5\n2 0.25\n", "1 0.50\n2 0.25\n3 0.125\n")
    assert not begins_alike("", "1 0.5\n")


def cell(source, text="", count=None):
    outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] if text else []
    return nbformat.v4.new_code_cell(source, outputs=outputs, execution_count=count)


def test_counting(tmp_path):
    cells = [
        cell("import tensorflow as tf\ntf.set_random_seed(42)\nsess = tf.Session()", count=1),
        cell("print(sess.run(tf.constant(2) * 3))", "7\n", count=4),
        cell("print(sess.run(tf.random_uniform([])))", "0.63789964\n", count=2),
        cell(
            "print(sess.run(tf.random_uniform([], seed=1)) == id(sess))\nprint(id(sess))",
            "False\n1\n",
            count=5,
        ),
        cell("print(tf.nothing)", "nothing\n", count=6),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "a.ipynb")
    done = subprocess.run(
        [sys.executable, str(TOOL), str(tmp_path), "--json", str(tmp_path / "rows.json")],
        env={**os.environ, "PYTHONPATH": str(TOOL.parents[2])},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.startswith(
        "  4 cells: 1 reproduced, 1 varies, 1 differs, 1 failed  a.ipynb\n    Unsupported"
    )
    rows = json.loads((tmp_path / "rows.json").read_text())["a.ipynb"]
    assert [(row["cell"], row["kind"]) for row in rows] == [
        (1, "differs"),
        (2, "reproduced"),  # in the order of the numbers of the cells, since seeds count operations
        (3, "varies"),
        (4, "failed"),
    ]
