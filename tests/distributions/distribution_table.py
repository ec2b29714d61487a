"""Distributions that are compared with TensorFlow's: how each is made, and values to ask it about."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["CASES", "DIVERGENCES", "SEEDED", "answers", "divergence", "samples"]

# By name: what makes it, in the words of `tf.distributions`, and values within its reach.
CASES = {
    "normal": ("Normal([0.0, 1.0], [1.0, 0.5])", [[0.3, -2.0], [1.0, 1.0], [-20.0, -4.1], [30.0, 9.0]]),
    "uniform": ("Uniform([-1.0, 0.0], [2.0, 0.5])", [[0.3, 0.25], [2.5, -0.1]]),
    "exponential": ("Exponential([1.0, 3.0])", [[0.3, 2.0]]),
    "laplace": ("Laplace([0.0, 1.0], [1.0, 0.5])", [[0.3, -2.0]]),
    "bernoulli": ("Bernoulli(probs=[0.2, 0.7])", [[1.0, 0.0], [0.0, 0.0]]),
    "gamma": ("Gamma([0.5, 3.0], 2.0)", [[0.3, 2.0], [4.0, 0.1]]),
    "gamma-broadcast": ("Gamma([[0.5], [3.0]], [1.0, 2.0])", [0.3, 2.0]),
    "beta": ("Beta([0.5, 3.0], [2.0, 4.0])", [[0.3, 0.9], [0.01, 0.5]]),
    "beta-broadcast": ("Beta([[2.0], [3.0]], [2.0, 4.0])", [0.3, 0.9]),
    "student": ("StudentT([0.5, 1.5, 4.0], 1.0, 2.0)", [[0.3, -2.0, 9.0]]),
    "dirichlet": ("Dirichlet([[1.0, 2.0, 5.0], [0.5, 2.0, 3.0]])", [0.2, 0.3, 0.5]),
    "dirichlet-one": ("Dirichlet([2.0, 2.0, 5.0])", [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]]),
    "multinomial": (
        "Multinomial([4.0, 2.0], probs=[[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])",
        [[2, 1, 1], [0, 1, 1]],
    ),
    "multinomial-logits": ("Multinomial(3.0, logits=[0.0, 1.0, -1.0])", [[2.0, 1.0, 0.0], [0.0, 0.0, 3.0]]),
    "dirichlet-multinomial": (
        "DirichletMultinomial(3.0, [1.0, 1.0, 2.0])",
        [[2.0, 1.0, 0.0], [0.0, 0.0, 3.0]],
    ),
}
DIVERGENCES = {
    "normal": ("Normal(0.0, 1.0)", "Normal([1.0, 0.0], 2.0)"),
    "gamma": ("Gamma(0.5, 1.0)", "Gamma([1.0, 3.0], 2.0)"),
    "beta": ("Beta(0.5, 1.0)", "Beta([1.0, 3.0], 2.0)"),
    "dirichlet": ("Dirichlet([2.0, 2.0, 5.0])", "Dirichlet([1.0, 2.0, 0.5])"),
    "bernoulli": ("Bernoulli(probs=0.3)", "Bernoulli(probs=[0.3, 0.6])"),
}
# Samples that TensorFlow and we draw alike, to the number.
SEEDED = (
    "Gamma([0.5, 3.0], 2.0)",
    "Beta([0.5, 3.0], [2.0, 4.0])",
    "Dirichlet([1.0, 2.0, 5.0])",
    "StudentT([4.0], 1.0, 2.0)",
)
WITH_VALUES = ("log_prob", "prob", "cdf", "log_cdf", "survival_function")
WITHOUT_VALUES = ("mean", "mode", "variance", "stddev", "entropy", "covariance")


def answers(tf: Any, make: str, values: Any) -> dict[str, Any]:
    """What a distribution says: its shapes, and each statistic that it has, as nested lists."""
    found: dict[str, Any] = {}
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(7)
        distribution = eval(f"tf.distributions.{make}", {"tf": tf})
        found["batch_shape"] = distribution.batch_shape.as_list()
        found["event_shape"] = distribution.event_shape.as_list()
        drawn = distribution.sample([2, 3], seed=5)
        found["sample_shape"] = sess.run(drawn).shape
        x = tf.constant(np.array(values), distribution.dtype)
        for method, arguments in [*((m, [x]) for m in WITH_VALUES), *((m, []) for m in WITHOUT_VALUES)]:
            try:
                found[method] = sess.run(getattr(distribution, method)(*arguments)).tolist()
            except (NotImplementedError, ValueError):  # TensorFlow's betainc does not broadcast
                continue
    return found


def divergence(tf: Any, one: str, other: str) -> Any:
    """The divergence of one distribution from another, as a nested list."""
    with tf.Graph().as_default(), tf.Session() as sess:
        pair = [eval(f"tf.distributions.{make}", {"tf": tf}) for make in (one, other)]
        return sess.run(tf.distributions.kl_divergence(*pair)).tolist()


def samples(tf: Any, make: str) -> Any:
    """Three samples with a seed, as a nested list."""
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(7)
        return sess.run(eval(f"tf.distributions.{make}", {"tf": tf}).sample(3, seed=5)).tolist()
