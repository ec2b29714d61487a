"""Training: optimizers (TensorFlow's ``tf.train``)."""

from graphmagic.train.gradient_descent import GradientDescentOptimizer
from graphmagic.train.optimizer import Optimizer

__all__ = ["Optimizer", "GradientDescentOptimizer"]
