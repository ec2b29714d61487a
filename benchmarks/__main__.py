"""``python -m benchmarks [NAME ...] [--json FILE] [--rounds N]``: measure, and print a table in Markdown.

TensorFlow is compared with where it can be imported: ``pip install graphmagic[bench]``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

import numpy as np

import graphmagic
from benchmarks import building, large, mlp, small
from benchmarks.case import Case
from benchmarks.measure import measure, ratio

CASES: list[Case] = [*small.CASES, *building.CASES, *mlp.CASES, *large.CASES]


def tensorflow() -> Any:
    """TensorFlow with its version 1 interface, None where it is not installed."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        tf = importlib.import_module("tensorflow.compat.v1")
    except ImportError:
        return None
    tf.disable_eager_execution()
    return tf


def run_case(case: Case, tf: Any, rounds: int) -> dict[str, list[float]]:
    """The figures of one case for all peers there are."""
    ways = {"graphmagic": case.with_graph(graphmagic)}
    if tf is not None:
        ways["tensorflow"] = case.with_graph(tf)
    if case.by_hand is not None:
        ways["numpy"] = case.by_hand()
    return measure(ways, rounds)


def row(case: Case, figures: dict[str, list[float]]) -> str:
    """A line of the table: our time, and its ratio to each peer's."""
    cells = [case.what, f"{float(np.median(figures['graphmagic'])) * 1e6:,.1f}"]
    for peer in ("tensorflow", "numpy"):
        if peer in figures:
            middle, low, high = ratio(figures["graphmagic"], figures[peer])
            cells.append(f"{middle:.3f} ({low:.3f} to {high:.3f})")
        else:
            cells.append("")
    return f"| {' | '.join(cells)} |"


def machine(tf: Any) -> str:
    """The machine and the versions, in one line."""
    peer = f", TensorFlow {tf.__version__}" if tf is not None else ", no TensorFlow"
    return (
        f"{platform.machine()}, {os.cpu_count()} processors, {platform.system()}, "
        f"Python {platform.python_version()}, NumPy {np.__version__}{peer}"
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(c.name for c in CASES))
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--rounds", type=int, default=11)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - {c.name for c in CASES}
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    tf, found = tensorflow(), {}
    sys.stdout.write(f"{machine(tf)}\n\n| work | us | to TensorFlow 1 | to NumPy |\n|---|---|---|---|\n")
    for case in CASES:
        if not arguments.names or case.name in arguments.names:
            found[case.name] = run_case(case, tf, arguments.rounds)
            sys.stdout.write(row(case, found[case.name]) + "\n")
            sys.stdout.flush()
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"machine": machine(tf), "seconds": found}, indent=1))


if __name__ == "__main__":
    main()
