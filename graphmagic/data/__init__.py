"""Data sets and their iterators (TensorFlow's ``tf.data``).

>>> import graphmagic as tf
>>> numbers = tf.data.Dataset.range(5).map(lambda n: n * n).batch(2)
>>> batch = numbers.make_one_shot_iterator().get_next()
>>> with tf.Session() as sess:
...     sess.run(batch), sess.run(batch)
(array([0, 1]), array([4, 9]))
"""

from importlib import import_module as _import_module
from typing import Any as _Any

from graphmagic.data.dataset import Dataset
from graphmagic.data.files import FixedLengthRecordDataset, TextLineDataset, TFRecordDataset
from graphmagic.data.iterator import Iterator
from graphmagic.data.structures import Structured as _Structured
from graphmagic.names import namespace as _namespace

__all__ = [
    "Dataset",
    "FixedLengthRecordDataset",
    "Iterator",
    "TFRecordDataset",
    "TextLineDataset",
    "get_output_classes",
    "get_output_shapes",
    "get_output_types",
    "make_initializable_iterator",
    "make_one_shot_iterator",
]


def make_one_shot_iterator(dataset: Dataset) -> Iterator:
    """`Dataset.make_one_shot_iterator` as a function."""
    found: Iterator = dataset.make_one_shot_iterator()
    return found


def make_initializable_iterator(dataset: Dataset, shared_name: str | None = None) -> Iterator:
    """`Dataset.make_initializable_iterator` as a function."""
    found: Iterator = dataset.make_initializable_iterator(shared_name)
    return found


def get_output_types(dataset_or_iterator: _Structured) -> _Any:
    """The types of the parts of elements."""
    return dataset_or_iterator.output_types


def get_output_shapes(dataset_or_iterator: _Structured) -> _Any:
    """The static shapes of the parts of elements."""
    return dataset_or_iterator.output_shapes


def get_output_classes(dataset_or_iterator: _Structured) -> _Any:
    """The classes of the parts of elements."""
    return dataset_or_iterator.output_classes


_other, __dir__ = _namespace(__name__)


def __getattr__(name: str) -> _Any:
    return _import_module(f"{__name__}.experimental") if name == "experimental" else _other(name)
