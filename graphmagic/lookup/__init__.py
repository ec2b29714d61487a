"""Tables from keys to values (TensorFlow's ``tf.lookup``)."""

from graphmagic.lookup.initializers import KeyValueTensorInitializer, TextFileIndex, TextFileInitializer
from graphmagic.lookup.tables import StaticHashTable, StaticVocabularyTable
from graphmagic.names import namespace as _namespace

__all__ = [
    "KeyValueTensorInitializer",
    "StaticHashTable",
    "StaticVocabularyTable",
    "TextFileIndex",
    "TextFileInitializer",
]

__getattr__, __dir__ = _namespace(__name__)
