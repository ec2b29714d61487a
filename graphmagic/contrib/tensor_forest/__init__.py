"""Random forests that learn batch by batch (``tf.contrib.tensor_forest``)."""

from graphmagic.contrib.tensor_forest import tensor_forest
from graphmagic.contrib.tensor_forest.tensor_forest import ForestHParams, RandomForestGraphs

__all__ = ["ForestHParams", "RandomForestGraphs", "tensor_forest"]
