"""``python -m benchmarks [NAME ...] [--json FILE] [--markdown FILE] [--plot FILE] [--rounds N]``: measure, print a table.

TensorFlow and JAX are compared with where they can be imported: ``pip install graphmagic[bench]``.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

# Before NumPy is imported: what is written by hand shall not fight graphmagic's and TensorFlow's threads for processors.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

import graphmagic
from benchmarks import building, large, lenet, mlp, processes, sequences, small, word2vec
from benchmarks.case import Case
from benchmarks.measure import measure
from benchmarks.plot import picture
from benchmarks.table import HEAD, row

MODULES = (small, building, mlp, large, lenet, sequences, word2vec, processes)
CASES: list[Case] = [case for part in MODULES for case in part.CASES]  # type: ignore[attr-defined]


def module(peer: str) -> Any:
    """The module of a peer that has TensorFlow 1's names, None where it is not installed."""
    if peer in ("graphmagic", "numpy"):
        return graphmagic
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")  # the recurrent cells of version 1
    try:
        tf = importlib.import_module("tensorflow.compat.v1")
    except ImportError:
        return None
    tf.disable_v2_behavior()
    tf.logging.set_verbosity(tf.logging.ERROR)
    return tf


def peers() -> list[str]:
    """All there is to compare."""
    found = ["graphmagic", "numpy"]
    found += ["tensorflow"] if module("tensorflow") is not None else []
    return found + (["jax"] if importlib.util.find_spec("jax") is not None else [])


def run_case(case: Case, names: list[str], rounds: int) -> dict[str, list[float]]:
    """The figures of one case for all peers there are."""
    if case.in_a_process is not None:
        return case.in_a_process(names)
    assert case.with_graph is not None
    ways = {name: case.with_graph(module(name)) for name in ("graphmagic", "tensorflow") if name in names}
    if case.by_hand is not None:
        ways["numpy"] = case.by_hand()
    if case.with_jax is not None and "jax" in names:
        ways["jax"] = case.with_jax()
    return measure(ways, rounds)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine()
    )


def machine(names: list[str]) -> str:
    """The machine and the versions, in one line."""
    parts = [
        _processor(),
        f"{os.cpu_count()} processors",
        platform.system(),
        f"Python {platform.python_version()}",
        f"NumPy {np.__version__}",
    ]
    if "tensorflow" in names:
        parts.append(f"TensorFlow {module('tensorflow').__version__}")
    if "jax" in names:
        parts.append(f"JAX {importlib.import_module('jax').__version__}")
    return ", ".join(parts)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(c.name for c in CASES))
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--markdown", type=Path, help="write the table to this file")
    parser.add_argument("--plot", type=Path, help="write a picture (SVG) to this file")
    parser.add_argument("--rounds", type=int, default=41)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - {c.name for c in CASES}
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    names, rows = peers(), []
    lines = [machine(names), "", HEAD]
    sys.stdout.write("\n".join(lines) + "\n")
    for case in CASES:
        if not arguments.names or case.name in arguments.names:
            figures = run_case(case, names, arguments.rounds)
            if not figures:
                continue
            rows.append((case, figures))
            lines.append(row(*rows[-1]))
            sys.stdout.write(lines[-1] + "\n")
            sys.stdout.flush()
    found = {"machine": lines[0], "figures": {case.name: figures for case, figures in rows}}
    contents = {
        arguments.json: json.dumps(found, indent=1),
        arguments.markdown: "\n".join([*lines, ""]),
        arguments.plot: picture(rows),
    }
    for path, text in contents.items():
        if path is not None:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
