"""Records what TensorFlow's Keras answers to `tests/keras/cases.py`: run it with TensorFlow and TF_USE_LEGACY_KERAS=1."""

import json
import sys
from pathlib import Path

import numpy as np
import tensorflow.compat.v1 as tf

FOLDER = Path(__file__).parents[1] / "keras"
sys.path.insert(0, str(FOLDER))
from cases import CASES

tf.disable_v2_behavior()
answers = {}
for name, case in CASES.items():
    tf.keras.backend.clear_session()
    answers[name] = np.asarray(case(tf), np.float64).ravel().round(7).tolist()
(FOLDER / "recorded.json").write_text(json.dumps(answers, indent=0).replace(",\n", ", ") + "\n")
