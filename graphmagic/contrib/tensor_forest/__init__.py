"""Random forests that learn batch by batch (``tf.contrib.tensor_forest``)."""

from graphmagic.contrib.tensor_forest import tensor_forest
from graphmagic.contrib.tensor_forest.tensor_forest import ForestHParams, RandomForestGraphs
from graphmagic.names import namespace as _namespace

__all__ = ["ForestHParams", "RandomForestGraphs", "tensor_forest"]

__getattr__, __dir__ = _namespace(__name__)
