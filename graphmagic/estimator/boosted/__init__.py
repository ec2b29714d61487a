"""Boosted trees: ready-made estimators whose models are sums of decision trees."""

from graphmagic.estimator.boosted.models import BoostedTreesClassifier, BoostedTreesRegressor

__all__ = ["BoostedTreesClassifier", "BoostedTreesRegressor"]
