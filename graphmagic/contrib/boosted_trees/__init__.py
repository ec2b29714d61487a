"""Gradient boosted decision trees (``tf.contrib.boosted_trees``)."""

from graphmagic.contrib.boosted_trees import estimator_batch, proto
from graphmagic.names import namespace as _namespace

__all__ = ["estimator_batch", "proto"]

__getattr__, __dir__ = _namespace(__name__)
