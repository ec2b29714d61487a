"""Run graphmagic's graphs in TensorFlow: ``python tests/oracle/check_exports.py``, with a Python that has TensorFlow.

Every line of the table of operations becomes a graph definition as text, which TensorFlow reads, runs, and must answer
as graphmagic does.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Any

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}
warnings.simplefilter("ignore")
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "ops")]

import numpy as np
import tensorflow.compat.v1 as tf
from google.protobuf import text_format
from optable.lines import CASE_LINES, CaseLine
from optable.running import build, plain_config

import graphmagic


def export(line: CaseLine) -> tuple[str, list[str], dict[str, Any], list[Any]]:
    """The definition, the names of the outputs, the feeds, and graphmagic's answers."""
    with build(graphmagic, line.case, "full") as built:
        init = graphmagic.variables_initializer(graphmagic.global_variables(), name="start")
        differentiable = [t for t in built.outputs if hasattr(t, "dtype") and t.dtype.is_floating]
        if line.case.grad and differentiable:
            sources = [built.tensors[i] for i in line.case.grad]
            built.outputs += [g for g in graphmagic.gradients(differentiable, sources) if hasattr(g, "op")]
        outputs = [t.name for t in built.outputs if hasattr(t, "dtype")]
        feeds = {t.name: value for t, value in built.feeds.items()}
        with graphmagic.Session() as session:
            session.run(init)
            answers = session.run(outputs, feeds)
        return str(built.graph.as_graph_def()), outputs, feeds, answers


def difference(line: CaseLine) -> str:
    """What TensorFlow says otherwise; nothing if it agrees."""
    text, outputs, feeds, answers = export(line)
    graph_def = text_format.Parse(text, tf.GraphDef())
    with tf.Graph().as_default(), tf.Session(config=plain_config(tf)) as session:
        tf.import_graph_def(graph_def, name="")
        session.run("start")
        found = session.run(outputs, feeds)
    for name, one, two in zip(outputs, answers, found, strict=True):
        if one.dtype.kind == "f":
            exact = one.dtype.itemsize > 2
            if not np.allclose(one, two, 1e-4 if exact else 1e-2, 1e-5 if exact else 1e-2, equal_nan=True):
                return f"{name}: {one!r} is not {two!r}"
        elif not np.array_equal(one, two):
            return f"{name}: {one!r} is not {two!r}"
    return ""


def main() -> None:
    tf.disable_v2_behavior()
    agree = 0
    for name, line in CASE_LINES.items():
        if not line.builds("full"):
            continue
        try:
            problem = difference(line)
        except Exception as error:
            problem = f"{type(error).__name__}: {str(error)[:200]}"
        agree += not problem
        if problem:
            sys.stdout.write(f"{name}: {problem[:300]}\n")
    sys.stdout.write(f"TensorFlow agrees with {agree} of {len(CASE_LINES)} lines\n")


if __name__ == "__main__":
    main()
