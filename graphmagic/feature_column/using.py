"""What models use columns for: `input_layer`, `linear_model`, and a specification for parsing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graphmagic.feature_column.base import CategoricalColumn, DenseColumn, FeatureColumn
from graphmagic.feature_column.numeric import BucketizedColumn
from graphmagic.feature_column.wide import combined
from graphmagic.graph.graph import GraphKeys
from graphmagic.graph.node import Tensor
from graphmagic.nn.bias import bias_add
from graphmagic.ops.arithmetic import add_n
from graphmagic.ops.concat import concat
from graphmagic.ops.initializers import zeros_initializer
from graphmagic.ops.linalg import matmul
from graphmagic.ops.variable_scope import get_variable, variable_scope

__all__ = ["input_layer", "linear_model", "make_parse_example_spec"]


def _ordered(columns: Any) -> list[FeatureColumn]:
    """The columns by name.

    Raises:
        ValueError: there are none, one is no column, or two have one name.
    """
    found = [columns] if isinstance(columns, FeatureColumn) else list(columns or [])
    if isinstance(columns, dict):
        raise ValueError("Expected feature_columns to be iterable, found dict.")
    if not found:
        raise ValueError("feature_columns must not be empty.")
    by_name: dict[str, FeatureColumn] = {}
    for column in found:
        if not isinstance(column, FeatureColumn):
            raise ValueError(
                f"Items of feature_columns must be a _FeatureColumn. Given (type {type(column)}): {column}."
            )
        if column.name in by_name:
            raise ValueError(
                f"Duplicate feature column name found for columns: {column} and {by_name[column.name]}. This usually "
                "means that these columns refer to same base feature. Either one must be discarded or a duplicated but "
                "renamed item must be inserted in features dict."
            )
        by_name[column.name] = column
    return [by_name[name] for name in sorted(by_name)]


def _collections(given: Iterable[str] | None) -> list[str]:
    names = list(given or [])
    names += [key for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES) if key not in names]
    return names


def input_layer(
    features: Any,
    feature_columns: Any,
    weight_collections: Iterable[str] | None = None,
    trainable: bool = True,
    cols_to_vars: Any = None,
    cols_to_output_tensors: Any = None,
) -> Tensor:
    """The floats of all columns, side by side, in the order of the columns' names.

    Args:
        features: a dictionary from names to tensors.
        feature_columns: the columns.
        weight_collections: more collections for the variables.
        trainable: whether training changes the variables.
        cols_to_vars: a dictionary to fill with the variables of each column.
        cols_to_output_tensors: a dictionary to fill with the floats of each column.

    Returns:
        A matrix with a row for each example.

    Raises:
        ValueError: a column has categories instead of floats, or two have one name.

    >>> import graphmagic as tf
    >>> columns = [tf.feature_column.numeric_column(key) for key in ("b", "a")]
    >>> tf.Session().run(tf.feature_column.input_layer({"a": [[1.0]], "b": [[2.0]]}, columns))
    array([[1., 2.]], dtype=float32)
    """
    columns = _ordered(feature_columns)
    for column in columns:
        if not isinstance(column, DenseColumn):
            raise ValueError(
                f"Items of feature_columns must be a _DenseColumn. You can wrap a categorical column with an "
                f"embedding_column or indicator_column. Given: {column}"
            )
    outputs = []
    with variable_scope(None, "input_layer", list(features.values())):
        for column, note in _noting(columns, cols_to_vars):
            output = column.dense(features, trainable, _collections(weight_collections))
            note()
            outputs.append(output)
            if cols_to_output_tensors is not None:
                cols_to_output_tensors[column] = output
        return concat(outputs, 1)


def linear_model(
    features: Any,
    feature_columns: Any,
    units: int = 1,
    sparse_combiner: str = "sum",
    weight_collections: Iterable[str] | None = None,
    trainable: bool = True,
    cols_to_vars: Any = None,
) -> Tensor:
    """A weighted sum of all columns, plus a bias.

    Args:
        features: a dictionary from names to tensors.
        feature_columns: the columns; those of categories have a weight for each.
        units: how many sums.
        sparse_combiner: ``sum``, ``mean`` or ``sqrtn``: what becomes of several categories of one example.
        weight_collections: more collections for the variables.
        trainable: whether training changes the variables.
        cols_to_vars: a dictionary to fill with the variables of each column.

    Returns:
        A matrix with a row for each example and `units` columns.

    Raises:
        ValueError: two columns have one name.

    >>> import graphmagic as tf
    >>> y = tf.feature_column.linear_model({"a": [[1.0]]}, [tf.feature_column.numeric_column("a")])
    >>> [v.name for v in tf.global_variables()]
    ['linear_model/a/weights:0', 'linear_model/bias_weights:0']
    """
    columns, zeros = _ordered(feature_columns), zeros_initializer()
    collections, sums = _collections(weight_collections), []
    with variable_scope(None, "linear_model"):
        for column, note in _noting(columns, cols_to_vars):
            is_sparse = isinstance(column, CategoricalColumn)
            rows = column.num_buckets if is_sparse else column.width
            options: dict[str, Any] = {
                "trainable": trainable,
                "collections": collections,
                "initializer": zeros,
            }
            if is_sparse and not isinstance(column, BucketizedColumn):
                ids, counts = column.ids(features)
                weights = get_variable("weights", [rows, units], **options)
                sums.append(combined(weights, ids, counts, sparse_combiner))
            else:
                dense = column.dense(features, trainable, collections)
                sums.append(
                    matmul(dense, get_variable("weights", [rows, units], **options), name="weighted_sum")
                )
            note()
        bias = get_variable(
            "bias_weights", [units], initializer=zeros, trainable=trainable, collections=collections
        )
        if cols_to_vars is not None:
            cols_to_vars["bias"] = [bias]
        return bias_add(add_n(sums, name="weighted_sum_no_bias"), bias, name="weighted_sum")


def _noting(columns: list[Any], cols_to_vars: Any) -> Iterator[tuple[Any, Any]]:
    """Each column in its scope, with a function that notes the variables made since."""
    from graphmagic.graph.default import get_collection

    for column in columns:
        before = len(get_collection(GraphKeys.GLOBAL_VARIABLES))

        def note(column: Any = column, before: int = before) -> None:
            if cols_to_vars is not None:
                cols_to_vars[column] = get_collection(GraphKeys.GLOBAL_VARIABLES)[before:]

        with variable_scope(None, column.scope_name):
            yield column, note


def make_parse_example_spec(feature_columns: Any) -> dict[str, Any]:
    """What `tf.parse_example` needs to read all features of some columns.

    Args:
        feature_columns: the columns.

    Raises:
        ValueError: two columns want one feature in different ways.

    >>> import graphmagic as tf
    >>> tf.feature_column.make_parse_example_spec([tf.feature_column.numeric_column("a")])
    {'a': FixedLenFeature(shape=(1,), dtype=tf.float32, default_value=None)}
    """
    result: dict[str, Any] = {}
    for column in feature_columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError(f"All feature_columns must be _FeatureColumn instances. Given: {column}")
        for key, value in column.parse_spec.items():
            if key in result and value != result[key]:
                raise ValueError(
                    f"feature_columns contain different parse_spec for key {key}. Given {value} and {result[key]}"
                )
            result[key] = value
    return result
