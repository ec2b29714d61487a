"""Record what TensorFlow answers to the table of operations.

Run it with a Python that has TensorFlow (``pip install tensorflow-cpu``) after adding lines to the table::

    python tests/oracle/record.py            # every family
    python tests/oracle/record.py math random  # these families

The answers are those of TensorFlow 2's version 1 interface.  Where version 1 itself said something else and that is
known, `TO_VERSION_1` or the line of the table puts it right.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from pathlib import Path
from typing import Any

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}
warnings.simplefilter("ignore")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ops"))

import tensorflow.compat.v1 as tf  # the environment and the path come first
from optable import CASES, MISTAKES
from optable.answers import encode, save
from optable.case import Case, Mistake
from optable.running import MODES, differentiate, failure_of, make_mistake, run, static

TO_VERSION_1 = [
    # queues are numbered throughout the process
    (r"'_\d+_fifo_queue'", "'_0_fifo_queue'"),
    # operation types that version 2 replaced
    (r"\bAddV2\b", "Add"),
    (r"\bBatchMatMulV3\b", "BatchMatMulV2"),
    (r"\bParseExampleV2\b", "ParseExample"),
    # attributes that version 1 does not have
    (r"multiply_linear_by_lr=false, ", ""),
    (r"\[T=(\w+), incompatible_shape_error=true\]", r"[T=\1]"),
    # the kernel of version 2 adds the two flags, as numbers
    (r"(Matrix size-incompatible: In\[0\]: \[[\d,]*\], In\[1\]: \[[\d,]*\]) [01] [01]", r"\1"),
    # the list of types grew with every version
    (r"(not in list of allowed values: ).*", r"\1..."),
    (r"^(Invalid dtype tf\.\w+ in __truediv__)\. Expected.*", r"\1"),
    (
        r"^Invalid dtype tf\.(\w+) in tf\.math\.divide_no_nan\. Expected.*",
        r"Value passed to parameter 'x' has DataType \1 not in list of allowed values: ...",
    ),
    (r", grad_x=false, grad_y=false", ""),
    (r", sparse_gradient=false", ""),
    # texts that version 2 reworded
    (r"^\w+: (Tensor conversion requested)", r"\1"),
    (r"^`x` and `y` (must have the same dtype, got .*)\.$", r"x and y \1"),
    (r"^Inputs (must be an iterable of at least one Tensor/IndexedSlices .*)\.$", r"inputs \1"),
    (r"^Only one of `(\w+)` and `(\w+)` can be True\..*", r"Only one of \1 and \2 can be True."),
    (
        r"^`dim` must be in the range \[(-\d+), (\d+)\) where \d+ is the number of dimensions in the input\. "
        r"Received: dim=(-?\d+)$",
        r"Dimension (\3) must be in the range [\1, \2) where \2 is the number of dimensions in the input.",
    ),
    (r"^Both `labels` and `logits` must be provided.*", "Both labels and logits must be provided."),
    (
        r"^`labels\.shape\.rank` must equal `logits\.shape\.rank - 1`\..* of rank (\d+) and .* of rank (\d+)$",
        r"Rank mismatch: Rank of labels (received \1) should equal rank of logits minus 1 (received \2).",
    ),
    (
        r"^`labels\.shape` must equal `logits\.shape` except .* labels\.shape=(.*) and logits\.shape=(.*)$",
        r"Shape mismatch: The shape of labels (received \1) should equal the shape of logits except for the last "
        r"dimension (received \2).",
    ),
    (
        r"^`logits` cannot be a scalar\..* shape=(\(.*?\)),.*",
        r"Logits cannot be scalars - received shape \1.",
    ),
    # a first try inside `tf.stack` has used up the name
    (r"\{\{node stack_1\}\}", "{{node stack}}"),
    # version 1 said it in one sentence
    (r"No gradient defined for operation'", "No gradient defined for operation '"),
    (r"(?s)(No gradient defined for operation .* \(op type: \w+\))\. In general.*", r"\1"),
    # what newer versions add to gather_nd and scatter_nd
    (r', bad_indices_policy=""', ""),
    (r", node name: \w+", ""),
    (r"^Only ZLIB, ZSTD, GZIP or NONE", "Only ZLIB, GZIP or NONE"),
    # what newer versions say about data sets
    (r'(?<=[ \[])metadata="", ', ""),
    (r" or UNKNOWN_CARDINALITY$", "."),
    (r"^Error in user-defined function passed to \w+:\d+ transformation with iterator: [\w:]+: ", ""),
    (r"(?s)^in user code:\n.*\n    \w+: (.*)\n$", r"\1"),
    # the class was named Tensor
    (r"\bSymbolicTensor\b", "Tensor"),
]


def to_version_1(failure: list[str]) -> list[str]:
    stage, kind, text = failure
    for pattern, replacement in TO_VERSION_1:
        text = re.sub(pattern, replacement, text)
    return [stage, kind, text]


def case_answer(case: Case) -> dict[str, Any]:
    """Static types and shapes in each mode, the values, the gradients."""
    answer: dict[str, Any] = {}
    if case.reference is not None:
        return answer
    for mode in MODES:
        found = static(tf, case, mode)
        failed = bool(found) and isinstance(found[0], str)
        answer[mode] = to_version_1(found) if failed else found
    try:
        answer["values"] = [encode(v) for v in run(tf, case, "full")]
        if case.grad:
            answer["gradients"] = [encode(g) for g in differentiate(tf, case, "full")]
    except Exception as error:
        answer["error"] = failure_of("run", error)
    return answer


def mistake_answer(mistake: Mistake) -> dict[str, Any]:
    return {mode: to_version_1(make_mistake(tf, mistake, mode)) for mode in mistake.modes}


def main(families: list[str]) -> None:
    tf.disable_v2_behavior()
    for family in families or list(CASES):
        cases = {case.id: case_answer(case) for case in CASES[family]}
        mistakes = {mistake.id: mistake_answer(mistake) for mistake in MISTAKES[family]}
        save(family, {"cases": cases, "mistakes": mistakes})
        sys.stdout.write(f"{family}: {len(cases)} cases, {len(mistakes)} mistakes\n")
        for line, answer in cases.items():
            if "error" in answer:
                sys.stdout.write(f"  {line}: {answer['error']}\n")
        for line, answers in mistakes.items():
            for mode, (_, kind, _) in answers.items():
                if kind == "none":
                    sys.stdout.write(f"  {line} ({mode}): no error\n")


if __name__ == "__main__":
    main(sys.argv[1:])
