"""``--check``: a static report on scripts and notebooks."""

import json
import subprocess
import sys

import pytest

from graphmagic.legacy.check import check, check_source


def missing(report):
    return [use.name for use in report.uses if use.problem]


def notebook(path, *cells, version=4):
    if version == 4:
        book = {"cells": [{"cell_type": "code", "source": [cell]} for cell in cells], "nbformat": 4}
    else:
        cells = [{"cell_type": "code", "input": [cell]} for cell in cells]
        book = {"worksheets": [{"cells": cells}], "nbformat": 3}
    path.write_text(json.dumps(book))
    return path


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import tensorflow as tf\ntf.nn.relu(tf.nothing)", ["nothing"]),
        ("import tensorflow\ntensorflow.nn.nothing(1)", ["nn.nothing"]),
        ("import tensorflow.contrib.layers as layers\nlayers.nothing()", ["contrib.layers.nothing"]),
        ("from tensorflow.contrib import rnn\nrnn.nothing", ["contrib.rnn.nothing"]),
        ("from tensorflow.python.framework import ops\nops.nothing()", ["python.framework.ops.nothing"]),
        ("import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\ntf.nothing", ["nothing"]),
        ("import tensorflow as tf\nslim = tf.nn\nslim.nothing", ["nn.nothing"]),
        ("import tensorflow as tf\ntf.GraphKeys.NOTHING", ["GraphKeys.NOTHING"]),
        (
            "import tensorflow as tf\ndef f():\n  return tf.train.AdamOptimizer(1).minimize(tf.nothing)",
            ["nothing"],
        ),
        ("import numpy as tf\ntf.nothing", []),
        ("import tensorflow as tf\ntf.constant(1).anything.at.all", []),
        ("import tensorflow as tf\ntf.model = tf.keras.Sequential()\ntf.model.add(tf.nothing)", ["nothing"]),
        ("from tensorflow.keras.layers import *\nDense(1)", []),
        ("from tensorflow.keras.nothing import *", ["keras.nothing"]),
    ],
)
def test_names_are_found_under_all_their_aliases(source, names):
    assert missing(check_source(source)) == names


@pytest.mark.parametrize("version", [3, 4])
def test_only_python_counts_in_notebooks(tmp_path, version):
    path = notebook(
        tmp_path / "book.ipynb",
        "%matplotlib inline\nimport tensorflow as tf\n!pip install nothing\nfiles = !ls",
        "%%bash\ntf.nothing if this were Python",
        "%%time\nprint('%d'\n      % tf.nothing)",
        "tf.constant?\ntf.constant",
        version=version,
    )
    report = check(path)
    assert missing(report) == ["nothing"]
    assert next(use.lines for use in report.uses if use.name == "nothing") == ("cell 3, line 3",)
    assert not report.problems


def test_a_cell_of_python_2_hides_no_other_cell(tmp_path):
    report = check(notebook(tmp_path / "old.ipynb", "import tensorflow as tf", "print 'x'", "tf.nothing"))
    assert missing(report) == ["nothing"]
    assert len(report.problems) == 1
    assert report.problems[0].startswith("cell 2, line 1 is not Python 3: Missing parentheses")
    assert not report.is_supported


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "graphmagic", *arguments], capture_output=True, text=True, check=False
    )


def test_the_exit_code_says_whether_all_is_there(tmp_path):
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    good.write_text("import tensorflow as tf\ntf.constant(1)\n")
    bad.write_text("import tensorflow as tf\ntf.constant(1)\ntf.enable_eager_execution()\n")
    done = run("--check", str(good))
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == f"{good}: 1 names of TensorFlow, 0 not supported"
    done = run("--check", str(bad))
    assert done.returncode == 1
    assert "line 3: not supported" in done.stdout
    assert done.stdout.index("enable_eager_execution") < done.stdout.index("tf.constant")


@pytest.mark.parametrize("name", ["nowhere.py", "broken.ipynb"])
def test_what_cannot_be_read_is_a_plain_error(tmp_path, name):
    (tmp_path / "broken.ipynb").write_text("{")
    done = run("--check", str(tmp_path / name))
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_a_notebook_is_no_script(tmp_path):
    done = run(str(notebook(tmp_path / "book.ipynb", "1")))
    assert done.returncode == 2
    assert "%load_ext graphmagic and %tensorflow_version 1.x" in done.stderr
