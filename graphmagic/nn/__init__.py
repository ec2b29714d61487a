"""Neural networks: activations and losses (TensorFlow's ``tf.nn``)."""

from graphmagic.nn.activations import relu
from graphmagic.nn.losses import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
)
from graphmagic.nn.softmax import log_softmax, softmax
from graphmagic.ops.math import sigmoid, tanh

__all__ = [
    "relu",
    "sigmoid",
    "tanh",
    "softmax",
    "log_softmax",
    "softmax_cross_entropy_with_logits",
    "softmax_cross_entropy_with_logits_v2",
    "sparse_softmax_cross_entropy_with_logits",
    "sigmoid_cross_entropy_with_logits",
]
