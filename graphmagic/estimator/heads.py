"""Heads: what ready-made estimators make of logits: loss, predictions, metrics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphmagic import losses, metrics
from graphmagic.dtypes import float32, int64, string
from graphmagic.estimator.spec import EstimatorSpec, ModeKeys
from graphmagic.feature_column import numeric_column
from graphmagic.feature_column.base import DenseColumn
from graphmagic.feature_column.categorical import mapped
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import control_dependencies, get_collection, name_scope
from graphmagic.graph.graph import GraphKeys
from graphmagic.nn import (
    sigmoid_cross_entropy_with_logits,
    softmax,
    sparse_softmax_cross_entropy_with_logits,
)
from graphmagic.ops.arithmetic import maximum, squared_difference, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.elementary import sigmoid
from graphmagic.ops.extremes import argmax
from graphmagic.ops.gather import gather
from graphmagic.ops.logic import greater
from graphmagic.ops.reshaping import expand_dims, squeeze
from graphmagic.ops.string_numbers import as_string

__all__ = ["BinaryHead", "Head", "MultiClassHead", "RegressionHead", "classification_head"]


class Head:
    """Makes loss, predictions and metrics of logits; subclasses say how.

    Args:
        weight_column: the name or column of the feature with the weights of the examples.
        reduction: how the losses of a batch become one, of `tf.losses.Reduction`.
    """

    dimension = 1

    def __init__(self, weight_column: Any, reduction: str) -> None:
        self._column = numeric_column(weight_column) if isinstance(weight_column, str) else weight_column
        self._reduction = reduction

    def labels(self, given: Any) -> Any:
        """The labels as a matrix.

        Raises:
            ValueError: there are none.
        """
        if given is None:
            raise ValueError(
                "You must provide a labels Tensor. Given: None. Suggested troubleshooting steps: Check that your data "
                "contain your label feature. Check that your input_fn properly parses and returns labels."
            )
        found = convert_to_tensor(given)
        return expand_dims(found, -1) if found.shape.ndims == 1 else found

    def predictions(self, logits: Any) -> dict[str, Any]:
        """What the model predicts, by name."""
        raise NotImplementedError

    def losses(self, labels: Any, logits: Any) -> Any:
        """The loss of each example: shape ``[batch, 1]`` or that of the logits."""
        raise NotImplementedError

    def metrics(self, labels: Any, predictions: dict[str, Any], loss: Any, weights: Any) -> dict[str, Any]:
        """The metrics of the model, by name."""
        raise NotImplementedError

    def weights(self, features: Any) -> Any:
        """The weights of the examples, a matrix; 1 if there are none."""
        if self._column is None:
            return 1.0
        assert isinstance(self._column, DenseColumn)
        return self._column.dense(features, False, [])

    def spec(
        self, features: Any, mode: str, logits: Any, labels: Any, train_op_fn: Callable[[Any], Any]
    ) -> EstimatorSpec:
        """The `EstimatorSpec` of a model.

        Args:
            features: the features.
            mode: one of `ModeKeys`.
            logits: what the model computes.
            labels: the labels.
            train_op_fn: makes the operation of a step for a loss.
        """
        with name_scope("head"):
            predictions = self.predictions(logits)
            if mode == ModeKeys.PREDICT:
                return EstimatorSpec(mode, predictions=predictions)
            found = self.labels(labels)
            each, weights = self.losses(found, logits), self.weights(features)
            loss = losses.compute_weighted_loss(each, weights, reduction=self._reduction)
            regularization = get_collection(GraphKeys.REGULARIZATION_LOSSES)
            for extra in regularization:
                loss = loss + extra
            if mode == ModeKeys.EVAL:
                measured = self.metrics(found, predictions, each, weights)
                return EstimatorSpec(mode, predictions, loss, eval_metric_ops=measured)
        with control_dependencies(get_collection(GraphKeys.UPDATE_OPS)):
            train_op = train_op_fn(loss)
        return EstimatorSpec(mode, predictions, loss, train_op)


def classification_head(
    n_classes: int, weight_column: Any, vocabulary: Sequence[Any] | None, reduction: str
) -> Head:
    """The head for a number of classes.

    Raises:
        ValueError: there are less than two.
    """
    if n_classes < 2:
        raise ValueError(f"n_classes must be > 1. Given: {n_classes}")
    kind = BinaryHead if n_classes == 2 else MultiClassHead
    return kind(n_classes, weight_column, vocabulary, reduction)


class _ClassHead(Head):
    def __init__(
        self, n_classes: int, weight_column: Any, vocabulary: Sequence[Any] | None, reduction: str
    ) -> None:
        super().__init__(weight_column, reduction)
        if vocabulary is not None and len(vocabulary) != n_classes:
            raise ValueError(
                f"n_classes is {n_classes}, but label_vocabulary has {len(vocabulary)}: {list(vocabulary)}"
            )
        self._count, self._vocabulary = n_classes, vocabulary

    def labels(self, given: Any) -> Any:
        """The numbers of the classes."""
        found = super().labels(given)
        if self._vocabulary is None:
            if not (found.dtype.is_integer or found.dtype.is_floating or found.dtype.is_bool):
                raise ValueError(f"Labels dtype should be integer. Instead got {found.dtype.base_dtype}.")
            return cast(found, int64)
        known = {w.encode() if isinstance(w, str) else w: i for i, w in enumerate(self._vocabulary)}

        def numbers(words: Any) -> Any:
            missing = [word for word in np.unique(words) if word not in known]
            if missing:
                raise ValueError(f"labels {missing} are not in label_vocabulary {list(known)}")
            return np.vectorize(known.__getitem__, otypes=[np.int64])(words)

        return mapped(numbers, [found], "class_id_lookup")

    def _classes(self, ids: Any) -> Any:
        if self._vocabulary is None:
            return as_string(ids, name="str_classes")
        return gather(convert_to_tensor(list(self._vocabulary), string), ids)


class MultiClassHead(_ClassHead):
    """Three classes or more: a softmax."""

    @property
    def dimension(self) -> int:  # type: ignore[override]
        """A logit for each class."""
        return self._count

    def predictions(self, logits: Any) -> dict[str, Any]:
        """Logits, probabilities, and the most probable class."""
        ids = expand_dims(argmax(logits, axis=-1, name="class_ids"), -1)
        return {
            "logits": logits,
            "probabilities": softmax(logits, name="probabilities"),
            "class_ids": ids,
            "classes": self._classes(ids),
        }

    def losses(self, labels: Any, logits: Any) -> Any:
        """Cross entropies."""
        each = sparse_softmax_cross_entropy_with_logits(labels=squeeze(labels, -1), logits=logits)
        return expand_dims(each, -1)

    def metrics(self, labels: Any, predictions: dict[str, Any], loss: Any, weights: Any) -> dict[str, Any]:
        """The mean loss, and the accuracy."""
        weights = None if isinstance(weights, float) else weights
        return {
            "accuracy": metrics.accuracy(labels, predictions["class_ids"], weights),
            "average_loss": metrics.mean(loss, weights),
        }


class BinaryHead(_ClassHead):
    """Two classes: a sigmoid."""

    def labels(self, given: Any) -> Any:
        """0 or 1."""
        return cast(super().labels(given), float32)

    def predictions(self, logits: Any) -> dict[str, Any]:
        """Logits, probabilities, and the more probable class."""
        logistic = sigmoid(logits, name="logistic")
        ids = cast(greater(logits, 0.0), int64)
        return {
            "logits": logits,
            "logistic": logistic,
            "probabilities": concat([subtract(1.0, logistic), logistic], -1),
            "class_ids": ids,
            "classes": self._classes(ids),
        }

    def losses(self, labels: Any, logits: Any) -> Any:
        """Cross entropies."""
        return sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    def metrics(self, labels: Any, predictions: dict[str, Any], loss: Any, weights: Any) -> dict[str, Any]:
        """The mean loss, the accuracy, and how well the probabilities separate the classes."""
        weights = None if isinstance(weights, float) else weights
        logistic, ids = predictions["logistic"], predictions["class_ids"]
        mean_label = metrics.mean(labels, weights)
        baseline = [maximum(part, subtract(1.0, part)) for part in mean_label]
        return {
            "accuracy": metrics.accuracy(labels, ids, weights),
            "precision": metrics.precision(labels, ids, weights),
            "recall": metrics.recall(labels, ids, weights),
            "average_loss": metrics.mean(loss, weights),
            "accuracy_baseline": tuple(baseline),
            "label/mean": mean_label,
            "prediction/mean": metrics.mean(logistic, weights),
            "auc": metrics.auc(labels, logistic, weights),
            "auc_precision_recall": metrics.auc(labels, logistic, weights, curve="PR"),
        }


class RegressionHead(Head):
    """Numbers: squared errors.

    Args:
        dimension: how many numbers.
        weight_column: the name or column of the feature with the weights of the examples.
        reduction: how the losses of a batch become one.
    """

    def __init__(self, dimension: int, weight_column: Any, reduction: str) -> None:
        super().__init__(weight_column, reduction)
        if dimension < 1:
            raise ValueError(f"Invalid label_dimension {dimension}.")
        self.dimension = dimension

    def labels(self, given: Any) -> Any:
        """The numbers as floats."""
        return cast(super().labels(given), float32)

    def predictions(self, logits: Any) -> dict[str, Any]:
        """The numbers."""
        return {"predictions": logits}

    def losses(self, labels: Any, logits: Any) -> Any:
        """Squared errors."""
        return squared_difference(labels, logits)

    def metrics(self, labels: Any, predictions: dict[str, Any], loss: Any, weights: Any) -> dict[str, Any]:
        """The mean squared error, and the means."""
        weights = None if isinstance(weights, float) else weights
        return {
            "average_loss": metrics.mean(loss, weights),
            "prediction/mean": metrics.mean(predictions["predictions"], weights),
            "label/mean": metrics.mean(labels, weights),
        }
