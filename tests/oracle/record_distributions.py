"""Record what TensorFlow's distributions say: ``python tests/oracle/record_distributions.py``; needs TensorFlow."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3"}

import tensorflow.compat.v1 as tf

sys.path.append(str(Path(__file__).parents[1] / "distributions"))
from distribution_table import CASES, DIVERGENCES, SEEDED, answers, divergence, samples

tf.disable_v2_behavior()
FILE = Path(__file__).with_name("distributions.json")


def main() -> None:
    found = {
        "version": tf.__version__,
        "cases": {name: answers(tf, *case) for name, case in CASES.items()},
        "divergences": {name: divergence(tf, *pair) for name, pair in DIVERGENCES.items()},
        "samples": {make: samples(tf, make) for make in SEEDED},
    }
    FILE.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


main()
