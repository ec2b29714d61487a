"""Writes the checkpoint in ``tests/train/tensorflow_checkpoint`` anew; run it with a Python that has TensorFlow."""

from pathlib import Path

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
with tf.Graph().as_default(), tf.Session() as sess:
    tf.get_variable("layer/kernel", initializer=np.arange(6, dtype=np.float32).reshape(2, 3) / 4)
    tf.get_variable("layer/bias", initializer=np.array([1.5, -2.5]))
    tf.get_variable("large", initializer=np.arange(5000, dtype=np.float32))
    tf.Variable(7, name="global_step", dtype=tf.int64)
    tf.Variable([["ab", ""], ["\u00e9", "x" * 200]], name="words")
    tf.Variable([True, False], name="mask")
    sess.run(tf.global_variables_initializer())
    folder = Path(__file__).parents[1] / "train" / "tensorflow_checkpoint"
    tf.train.Saver().save(sess, str(folder / "m"), write_meta_graph=False, write_state=False)
