"""Record what TensorFlow answers to the table of training courses.

Run it with a Python that has TensorFlow (``pip install tensorflow-cpu``)::

    python tests/oracle/record_courses.py
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}
warnings.simplefilter("ignore")
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "ops"), str(HERE.parent / "train")]

import tensorflow.compat.v1 as tf  # the environment and the path come first
from courses import (
    AVERAGES,
    OPTIMIZERS,
    SCHEDULES,
    average_course,
    optimizer_course,
    rates,
)
from optable.answers import encode

WAYS = ("dense", "sparse", "loss")


def optimizer_answer(line, way):
    found = optimizer_course(tf, line, way)
    kept = {name: encode(value) for name, value in found["kept"].items()}
    return {"course": encode(found["course"]), "kept": kept, "steps": encode(found["steps"])}


def main() -> None:
    tf.disable_v2_behavior()
    tf.logging.set_verbosity(tf.logging.ERROR)
    answers = {
        "optimizers": {
            f"{line.name}-{way}": optimizer_answer(line, way) for line in OPTIMIZERS for way in WAYS
        },
        "schedules": {name: encode(rates(tf, name)) for name in SCHEDULES},
        "averages": {name: encode(average_course(tf, name)) for name in AVERAGES},
    }
    sections = []
    for section, entries in answers.items():
        lines = [
            f"{json.dumps(key)}:{json.dumps(entry, separators=(',', ':'))}" for key, entry in entries.items()
        ]
        sections.append(f"{json.dumps(section)}:{{\n" + ",\n".join(lines) + "\n}")
    (HERE / "courses.json").write_text("{" + ",\n".join(sections) + "}\n")


if __name__ == "__main__":
    main()
