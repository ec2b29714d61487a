"""What models read of features (TensorFlow's ``tf.feature_column``)."""

from graphmagic.feature_column.categorical import (
    categorical_column_with_hash_bucket,
    categorical_column_with_identity,
    categorical_column_with_vocabulary_file,
    categorical_column_with_vocabulary_list,
    weighted_categorical_column,
)
from graphmagic.feature_column.crossed import crossed_column
from graphmagic.feature_column.numeric import bucketized_column, numeric_column
from graphmagic.feature_column.using import input_layer, linear_model, make_parse_example_spec
from graphmagic.feature_column.wide import embedding_column, indicator_column, shared_embedding_columns
from graphmagic.names import namespace as _namespace

__all__ = [
    "bucketized_column",
    "categorical_column_with_hash_bucket",
    "categorical_column_with_identity",
    "categorical_column_with_vocabulary_file",
    "categorical_column_with_vocabulary_list",
    "crossed_column",
    "embedding_column",
    "indicator_column",
    "input_layer",
    "linear_model",
    "make_parse_example_spec",
    "numeric_column",
    "shared_embedding_columns",
    "weighted_categorical_column",
]

__getattr__, __dir__ = _namespace(__name__)
