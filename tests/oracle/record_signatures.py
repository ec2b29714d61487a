"""Record the signatures of TensorFlow's public functions and classes.

Run it with a Python that has TensorFlow and tf_keras::

    python tests/oracle/record_signatures.py
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1"}
warnings.simplefilter("ignore")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "names"))

import tensorflow.compat.v1 as tf  # the environment and the path come first
from signatures import FILE, all_signatures


def main() -> None:
    tf.disable_v2_behavior()
    lines = [f"{json.dumps(name)}: {json.dumps(text)}" for name, text in all_signatures(tf).items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    sys.stdout.write(f"{len(lines)} signatures\n")


if __name__ == "__main__":
    main()
