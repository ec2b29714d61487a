"""What comes of ten thousand spoilt inputs, here and in TensorFlow.

``python tests/oracle/spoilt_answers.py answer FILE`` tries every change that `optable.spoiling` makes to the inputs of
one case of each type of operation, and writes a line for each: with TensorFlow where that can be imported, else with
graphmagic.  TensorFlow aborts the process for some; called again with the same file the script goes on behind them.
``python tests/oracle/spoilt_answers.py compare OURS THEIRS`` counts how often both say the same, and lists what differs.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3"}
sys.path.append(str(Path(__file__).parents[1] / "ops"))

try:
    import tensorflow.compat.v1 as tf
except ImportError:
    import graphmagic as tf
else:
    tf.disable_v2_behavior()
    tf.disable_resource_variables()

from optable import CASES
from optable.case import Case
from optable.running import Built
from optable.spoiling import spoilt

SHOWN = 40  # numbers of a result are compared
CLOSE = 1e-4
WAITS = "Queue"  # who takes more from a queue than there is waits


def lines() -> Iterator[tuple[str, Case, tuple[Any, ...], str]]:
    """What to try: a key, the case, its inputs, and whether their shapes are known."""
    seen = set()
    for case in sorted((c for cases in CASES.values() for c in cases if c.inputs), key=lambda c: c.op):
        if case.op in seen or WAITS in case.op:
            continue
        seen.add(case.op)
        for what, inputs in spoilt(case):
            for mode in ("full", "unknown"):
                yield f"{case.op} {what} {mode}", case, inputs, mode


def outcome(case: Case, inputs: tuple[Any, ...], mode: str) -> list[Any]:
    try:
        with tf.Graph().as_default():
            results = Built(tf, replace(case, inputs=inputs), mode, inputs).run(1)
    except Exception as error:
        return ["error", type(error).__name__]
    arrays = [np.asarray(result) for result in results]
    return [
        "value",
        [[str(a.dtype), list(a.shape), [str(x) for x in a.ravel()[:SHOWN].tolist()]] for a in arrays],
    ]


def answer(file: Path) -> None:
    done = set(read(file)) if file.exists() else set()
    with file.open("a", encoding="utf-8") as out:
        for key, case, inputs, mode in lines():
            if key not in done:
                out.write(json.dumps([key, "abort"]) + "\n")
                out.flush()
                out.write(json.dumps([key, *outcome(case, inputs, mode)]) + "\n")


def read(file: Path) -> dict[str, list[Any]]:
    """The last line of each key."""
    found = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {key: rest for key, *rest in found}


def difference(ours: list[Any], theirs: list[Any]) -> str:
    """How two outcomes differ; empty if they do not."""
    if theirs[0] == "abort":
        return "TensorFlow aborts"
    if ours[0] != theirs[0]:
        return f"{ours[0]} here, {theirs[0]} in TensorFlow"
    if ours[0] == "error":
        return "" if ours == theirs else "another kind of error"
    if [a[:2] for a in ours[1]] != [a[:2] for a in theirs[1]]:
        return "another type or shape"
    pairs = [(x, y) for a, b in zip(ours[1], theirs[1], strict=True) for x, y in zip(a[2], b[2], strict=True)]
    return "" if all(x == y or is_close(x, y) for x, y in pairs) else "another value"


def is_close(ours: str, theirs: str) -> bool:
    try:
        return bool(np.isclose(float(ours), float(theirs), rtol=CLOSE, atol=CLOSE, equal_nan=True))
    except ValueError:
        return False


def compare(ours: dict[str, list[Any]], theirs: dict[str, list[Any]]) -> str:
    differences = {key: difference(ours[key], theirs[key]) for key in ours if key in theirs}
    counts = Counter(differences.values())
    summary = [f"{count:6} {what or 'the same'}" for what, count in counts.most_common()]
    return "\n".join([*summary, *[f"{what}: {key}" for key, what in differences.items() if what]])


if __name__ == "__main__":
    if sys.argv[1] == "answer":
        answer(Path(sys.argv[2]))
    else:
        sys.stdout.write(compare(*[read(Path(name)) for name in sys.argv[2:]]) + "\n")
