"""Answers programs, one JSON line each, with TensorFlow: run with a Python that has it."""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}
warnings.simplefilter("ignore")
TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "live"), str(TESTS / "ops")]

import tensorflow.compat.v1 as tf  # the environment and the path come first
from programs import outcome


def main() -> None:
    tf.disable_v2_behavior()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(outcome(tf, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
