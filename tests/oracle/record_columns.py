"""Records what TensorFlow's feature columns give: ``python tests/oracle/record_columns.py`` (needs TensorFlow).

The cases are functions of a module like `tensorflow` in tests/feature_column/columns.py, which the tests run too.
"""

import importlib.util
import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_USE_LEGACY_KERAS"] = "1"

import tensorflow.compat.v1 as tf

HERE = Path(__file__).parent


def main():
    tf.disable_v2_behavior()
    tf.logging.set_verbosity(tf.logging.FATAL)
    spec = importlib.util.spec_from_file_location("columns", HERE.parent / "feature_column" / "columns.py")
    columns = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(columns)
    answers = {name: columns.answer(tf, case) for name, case in columns.CASES.items()}
    (HERE / "columns.json").write_text(json.dumps(answers, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
