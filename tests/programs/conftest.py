"""What programs need: a graph of their own, the MNIST files, and a way to run them as users do."""

import gzip
import os
import struct
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import graphmagic as tf

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


@pytest.fixture(scope="session")
def mnist_folder(tmp_path_factory):
    """The four files of MNIST, with bars for digits: digit n is a bright row 2n + 2 on noise."""
    folder, rng = tmp_path_factory.mktemp("MNIST_data"), np.random.default_rng(0)
    for name, count in (("train", 5400), ("t10k", 300)):
        labels = rng.integers(10, size=count).astype(np.uint8)
        images = rng.integers(60, size=(count, 28, 28), dtype=np.uint8)
        images[np.arange(count), 2 * labels + 2] += 180
        packed = struct.pack(">4i", 2051, count, 28, 28) + images.tobytes()
        (folder / f"{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(packed, 1))
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(struct.pack(">2i", 2049, count) + labels.tobytes())
    return folder


@pytest.fixture
def program(tmp_path):
    """Runs a program of TensorFlow 1 in a folder of its own, with ``python -m graphmagic``."""

    def run(source, *arguments, options=(), check=True):
        script = tmp_path / "program.py"
        script.write_text(textwrap.dedent(source), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "graphmagic", *options, script.name, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    return run
