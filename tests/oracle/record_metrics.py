"""Record TensorFlow's metrics at k, at thresholds and per class.

Run it with a Python that has TensorFlow::

    python tests/oracle/record_metrics.py
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1"}
warnings.simplefilter("ignore")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "metrics"))

import tensorflow.compat.v1 as tf  # the environment and the path come first
from metric_cases import FILE, results


def main() -> None:
    tf.disable_v2_behavior()
    lines = [f"{json.dumps(name)}: {json.dumps(found)}" for name, found in results(tf).items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    sys.stdout.write(f"{len(lines)} uses\n")


if __name__ == "__main__":
    main()
