"""Loss functions that a graph collects (TensorFlow's ``tf.losses``)."""

from graphmagic.losses.classification import (
    sigmoid_cross_entropy,
    softmax_cross_entropy,
    sparse_softmax_cross_entropy,
)
from graphmagic.losses.gathered import (
    add_loss,
    get_losses,
    get_regularization_loss,
    get_regularization_losses,
    get_total_loss,
)
from graphmagic.losses.pairwise import mean_pairwise_squared_error
from graphmagic.losses.regression import (
    absolute_difference,
    cosine_distance,
    hinge_loss,
    huber_loss,
    log_loss,
    mean_squared_error,
)
from graphmagic.losses.weighting import Reduction, compute_weighted_loss
from graphmagic.names import namespace as _namespace

__all__ = [
    "Reduction",
    "compute_weighted_loss",
    "absolute_difference",
    "cosine_distance",
    "hinge_loss",
    "huber_loss",
    "log_loss",
    "mean_pairwise_squared_error",
    "mean_squared_error",
    "sigmoid_cross_entropy",
    "softmax_cross_entropy",
    "sparse_softmax_cross_entropy",
    "add_loss",
    "get_losses",
    "get_regularization_loss",
    "get_regularization_losses",
    "get_total_loss",
]

__getattr__, __dir__ = _namespace(__name__)
