"""Data sets and their iterators (TensorFlow's ``tf.data``).

>>> import graphmagic as tf
>>> numbers = tf.data.Dataset.range(5).map(lambda n: n * n).batch(2)
>>> batch = numbers.make_one_shot_iterator().get_next()
>>> with tf.Session() as sess:
...     sess.run(batch), sess.run(batch)
(array([0, 1]), array([4, 9]))
"""

from graphmagic.data.dataset import Dataset
from graphmagic.data.files import FixedLengthRecordDataset, TextLineDataset, TFRecordDataset
from graphmagic.data.iterator import Iterator
from graphmagic.names import namespace as _namespace

__all__ = ["Dataset", "FixedLengthRecordDataset", "Iterator", "TFRecordDataset", "TextLineDataset"]

__getattr__, __dir__ = _namespace(__name__)
