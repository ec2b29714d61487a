"""Records how TensorFlow changes images: ``python tests/oracle/record_image_uses.py`` (needs TensorFlow).

The cases are functions of a module like `tensorflow` in tests/image/images.py, which the tests run too.
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
    spec = importlib.util.spec_from_file_location("images", HERE.parent / "image" / "images.py")
    images = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(images)
    answers = {name: images.answer(tf, build, array) for name, build, array in images.all_cases()}
    (HERE / "image_uses.json").write_text(json.dumps(answers) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
