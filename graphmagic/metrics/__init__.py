"""Metrics that add up over many runs (TensorFlow's ``tf.metrics``)."""

from graphmagic.metrics.counts import (
    false_negatives,
    false_positives,
    precision,
    recall,
    true_negatives,
    true_positives,
)
from graphmagic.metrics.curves import auc
from graphmagic.metrics.means import (
    accuracy,
    mean_absolute_error,
    mean_cosine_distance,
    mean_relative_error,
    mean_squared_error,
    percentage_below,
    root_mean_squared_error,
)
from graphmagic.metrics.running import mean, mean_tensor
from graphmagic.names import namespace as _namespace

__all__ = [
    "accuracy",
    "auc",
    "false_negatives",
    "false_positives",
    "mean",
    "mean_absolute_error",
    "mean_cosine_distance",
    "mean_relative_error",
    "mean_squared_error",
    "mean_tensor",
    "percentage_below",
    "precision",
    "recall",
    "root_mean_squared_error",
    "true_negatives",
    "true_positives",
]

__getattr__, __dir__ = _namespace(__name__)
