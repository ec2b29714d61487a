"""Estimators with gradient boosted decision trees."""

from graphmagic.contrib.boosted_trees.estimator_batch import estimator

__all__ = ["estimator"]
