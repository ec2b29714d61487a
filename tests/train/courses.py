"""The table of training courses: optimizers, schedules and averages, built alike with either library.

`tests/oracle/record_courses.py` records what TensorFlow answers, and `test_courses.py` compares step for step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = [
    "AVERAGES",
    "OPTIMIZERS",
    "SCHEDULES",
    "STEPS",
    "Course",
    "average_course",
    "optimizer_course",
    "rates",
]

STEPS = 50
START = np.array([[0.5, -1.25], [2.0, 0.75], [-0.3, 1.1], [0.0, -2.0]])
SCHEDULE_STEPS = (0, 1, 4, 5, 6, 9, 10, 11, 15, 16, 20, 29, 30, 31, 47)


@dataclass(frozen=True)
class Course:
    """One optimizer with its settings."""

    name: str
    make: Callable[..., Any]  # make(tf, global_step)
    dtype: str = "float32"


def course(name: str, kind: str, *args: Any, dtype: str = "float32", **settings: Any) -> Course:
    return Course(name, lambda tf, step: getattr(tf.train, f"{kind}Optimizer")(*args, **settings), dtype)


def dual_averaging(name: str, **settings: Any) -> Course:
    return Course(name, lambda tf, step: tf.train.AdagradDAOptimizer(0.2, step, **settings))


OPTIMIZERS = [
    course("descent", "GradientDescent", 0.1),
    course("momentum", "Momentum", 0.05, 0.9),
    course("momentum_double", "Momentum", 0.05, 0.5, dtype="float64"),
    course("nesterov", "Momentum", 0.05, 0.9, use_nesterov=True),
    course("adagrad", "Adagrad", 0.3),
    course("adagrad_start", "Adagrad", 0.1, initial_accumulator_value=2.0),
    dual_averaging("adagrad_da"),
    dual_averaging("adagrad_da_l1", l1_regularization_strength=0.02, l2_regularization_strength=0.01),
    course("adadelta", "Adadelta"),
    course("adadelta_fast", "Adadelta", 1.0, rho=0.8, epsilon=1e-3),
    course("rmsprop", "RMSProp", 0.02),
    course("rmsprop_momentum", "RMSProp", 0.02, decay=0.8, momentum=0.5, epsilon=1e-3),
    course("rmsprop_centered", "RMSProp", 0.02, centered=True, momentum=0.3, epsilon=1e-2),
    course("adam", "Adam"),
    course("adam_fast", "Adam", 0.1, beta1=0.8, beta2=0.95, epsilon=1e-3),
    course("adam_double", "Adam", 0.05, dtype="float64"),
    course("ftrl", "Ftrl", 0.2),
    course("ftrl_l1", "Ftrl", 0.2, l1_regularization_strength=0.3, l2_regularization_strength=0.1),
    course("ftrl_power", "Ftrl", 0.2, learning_rate_power=-0.8, initial_accumulator_value=0.5),
    course("ftrl_shrinkage", "Ftrl", 0.2, l2_shrinkage_regularization_strength=0.2),
    course("proximal", "ProximalGradientDescent", 0.1, l1_regularization_strength=0.2),
    course("proximal_l2", "ProximalGradientDescent", 0.1, l2_regularization_strength=0.5),
    course("proximal_adagrad", "ProximalAdagrad", 0.2, l1_regularization_strength=0.1),
    course("proximal_adagrad_l2", "ProximalAdagrad", 0.2, 1.0, 0.05, 0.3),
]


def optimizer_course(tf: Any, line: Course, way: str) -> dict[str, Any]:
    """The variable after each step, and what the optimizer keeps after the last.

    Args:
        tf: the library.
        line: the optimizer.
        way: ``dense``, ``sparse`` (rows, some of them twice) or ``loss`` (the gradient of a loss).
    """
    with tf.Graph().as_default():
        v = tf.Variable(START.astype(line.dtype), name="v")
        step = tf.train.create_global_step()
        feeds, gradient = _gradient(tf, v, way, line.dtype)
        optimizer = line.make(tf, step)
        if way == "loss":
            train = optimizer.minimize(gradient, step)
        else:
            train = optimizer.apply_gradients([(gradient, v)], step)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            course = [(sess.run(train, feed), sess.run(v))[1] for feed in feeds]
            kept = optimizer.variables()
            return {
                "course": np.stack(course),
                "kept": {k.name: np.asarray(value) for k, value in zip(kept, sess.run(kept), strict=True)},
                "steps": np.asarray(sess.run(step)),
            }


def _gradient(tf: Any, v: Any, way: str, dtype: str) -> tuple[list[dict[Any, Any]], Any]:
    rng = np.random.default_rng(7)
    if way == "dense":
        x = tf.placeholder(dtype, [4, 2])
        return [{x: rng.normal(size=[4, 2]).round(3)} for _ in range(STEPS)], x
    if way == "sparse":
        x, rows = tf.placeholder(dtype, [3, 2]), tf.placeholder(tf.int32, [3])
        feeds = [{x: rng.normal(size=[3, 2]).round(3), rows: rng.integers(0, 4, 3)} for _ in range(STEPS)]
        return feeds, tf.IndexedSlices(x, rows, tf.constant([4, 2]))
    x, y = tf.placeholder(dtype, [3, 4]), tf.placeholder(dtype, [3, 2])
    feeds = [{x: rng.normal(size=[3, 4]).round(3), y: rng.normal(size=[3, 2]).round(3)} for _ in range(STEPS)]
    return feeds, tf.reduce_mean(tf.squared_difference(tf.matmul(x, v), y))


SCHEDULES = {
    "exponential": lambda t, s: t.exponential_decay(0.1, s, 10, 0.5),
    "exponential_stairs": lambda t, s: t.exponential_decay(0.1, s, 10, 0.5, staircase=True),
    "natural": lambda t, s: t.natural_exp_decay(0.1, s, 10, 0.5),
    "natural_stairs": lambda t, s: t.natural_exp_decay(0.1, s, 10, 0.5, staircase=True),
    "inverse": lambda t, s: t.inverse_time_decay(0.1, s, 10, 0.5),
    "inverse_stairs": lambda t, s: t.inverse_time_decay(0.1, s, 10, 0.5, staircase=True),
    "polynomial": lambda t, s: t.polynomial_decay(0.1, s, 20, 0.01),
    "polynomial_power": lambda t, s: t.polynomial_decay(0.1, s, 20, 0.01, power=0.5),
    "polynomial_cycle": lambda t, s: t.polynomial_decay(0.1, s, 10, 0.01, power=2.0, cycle=True),
    "piecewise": lambda t, s: t.piecewise_constant(s, [5, 15], [1.0, 0.5, 0.1]),
    "cosine": lambda t, s: t.cosine_decay(0.1, s, 20, alpha=0.1),
    "cosine_restarts": lambda t, s: t.cosine_decay_restarts(0.1, s, 10, t_mul=2.0, m_mul=0.9, alpha=0.1),
    "cosine_restarts_even": lambda t, s: t.cosine_decay_restarts(0.1, s, 10, t_mul=1.0),
    "linear_cosine": lambda t, s: t.linear_cosine_decay(0.1, s, 20, num_periods=2.5, alpha=0.1, beta=0.01),
    "noisy_linear_cosine": lambda t, s: t.noisy_linear_cosine_decay(0.1, s, 20, initial_variance=0.0),
}


def rates(tf: Any, name: str) -> Any:
    """What a schedule says at some steps."""
    with tf.Graph().as_default(), tf.Session() as sess:
        step = tf.train.create_global_step()
        rate = SCHEDULES[name](tf.train, step)
        sess.run(step.initializer)
        found = []
        for number in SCHEDULE_STEPS:
            sess.run(step.assign(number))
            found.append(sess.run(rate))
        return np.array(found, np.float32)


AVERAGES: dict[str, dict[str, Any]] = {
    "plain": {"decay": 0.9},
    "counted": {"decay": 0.99, "counted": True},
    "tensor": {"decay": 0.8, "tensor": True},
    "tensor_unbiased": {"decay": 0.8, "tensor": True, "zero_debias": True},
}


def average_course(tf: Any, name: str) -> Any:
    """A moving average after each step."""
    settings = dict(AVERAGES[name])
    counted, tensor = settings.pop("counted", False), settings.pop("tensor", False)
    with tf.Graph().as_default(), tf.Session() as sess:
        v = tf.Variable([1.0, -2.0], name="v")
        step = tf.train.create_global_step()
        x = tf.placeholder(tf.float32, [2])
        average = tf.train.ExponentialMovingAverage(num_updates=step if counted else None, **settings)
        watched = tf.square(v, name="square") if tensor else v
        update = average.apply([watched])
        change, count = v.assign(x), tf.assign_add(step, 1)
        sess.run(tf.global_variables_initializer())
        rng, found = np.random.default_rng(3), []
        for _ in range(STEPS):
            sess.run([change, count], {x: rng.normal(size=2).round(3)})
            sess.run(update)
            found.append(sess.run(average.average(watched)))
        return np.stack(found)
