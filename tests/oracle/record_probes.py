"""Record what TensorFlow answers to the probes: ``python tests/oracle/record_probes.py``.

Run it with a Python that has TensorFlow (``pip install tensorflow-cpu tf_keras``) after changing a file of probes.
The answers are those of TensorFlow 2's version 1 interface with version 1's variables.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}
warnings.simplefilter("ignore")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "probes"))

import tensorflow.compat.v1 as tf  # the environment comes first
from probing import ANSWERS, observe, probes, write

if __name__ == "__main__":
    tf.disable_v2_behavior()
    tf.disable_resource_variables()
    answers = {title: observe(tf, code) for title, code in probes().items()}
    write(ANSWERS, answers)
    sys.stdout.write(f"{len(answers)} probes, {sum(map(len, answers.values()))} observations\n")
