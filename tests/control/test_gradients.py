"""Gradients of branches and loops against finite differences, to second order."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphmagic as tf

Build = Callable[[Any], Any]
loop = tf.while_loop


def table_of_branches() -> dict[str, Build]:
    return {
        "then": lambda x: tf.cond(tf.reduce_sum(x) > 0, lambda: x**3 * x[0], lambda: x),
        "else": lambda x: tf.cond(tf.reduce_sum(x) < 0, lambda: x**3, lambda: tf.exp(x) * x[1]),
        "two": lambda x: (
            tf.cond(x[0] > 1, lambda: x**3, lambda: tf.exp(x) * x[1])
            * tf.cond(x[1] > 1, lambda: x[0] * x, lambda: tf.sin(x))
        ),
        "nested": lambda x: tf.cond(
            x[0] > 0,
            lambda: (
                tf.cond(x[1] > 0, lambda: x**3 * x[0], lambda: x)
                * tf.cond(x[1] < 0, lambda: x**3, lambda: x * x)
            ),
            lambda: x,
        ),
        "gradient inside": lambda x: tf.cond(
            x[0] > 0, lambda: tf.gradients(tf.reduce_sum(x**4), x)[0], lambda: x
        ),
        "loop inside": lambda x: tf.cond(x[0] > 0, lambda: power(x * x, lambda i, a: a * x), lambda: x),
    }


def power(x: Any, step: Callable[[Any, Any], Any], times: int = 3) -> Any:
    """A loop that applies a function of the counter and the value."""
    return loop(lambda i, a: i < times, lambda i, a: (i + 1, step(i, a)), [0, x])[1]


def table_of_loops() -> dict[str, Build]:
    return {
        "capture": lambda x: power(x, lambda i, a: a * x + tf.sin(a)),
        "computed capture": of_square(lambda x, y: power(y, lambda i, a: a * y + y * x)),
        "cond inside": lambda x: power(
            x, lambda i, a: tf.cond(tf.equal(i % 2, 0), lambda: a * x * a, lambda: a + x * x)
        ),
        "loop inside": lambda x: power(x, lambda i, a: power(a * a, lambda j, b: b * a * x, 2), 2),
        "loop of changing length inside": lambda x: power(
            x, lambda i, a: loop(lambda j, b: j < i, lambda j, b: (j + 1, b * x * a[0]), [0, a])[1] + a
        ),
        "loop in cond in loop": lambda x: power(
            x,
            lambda i, a: tf.cond(tf.equal(i, 1), lambda: power(a, lambda j, b: b * x * a, 2), lambda: a * a),
        ),
        "gradient inside": lambda x: power(
            x, lambda i, a: a - 0.1 * tf.gradients(tf.reduce_sum(a**3 * x), a)[0]
        ),
        "gradient of outside inside": lambda x: power(
            x, lambda i, a: a + 0.1 * tf.gradients(tf.reduce_sum(a * x * x), x)[0]
        ),
        "exchange": exchanging,
        "no iteration": lambda x: power(x * x, lambda i, a: a * x, 0),
        "as long as": lambda x: loop(lambda a: tf.reduce_sum(a) < 50.0, lambda a: a * x + a, [x * x]),
        "growing": lambda x: (
            tf.reduce_sum(
                loop(
                    lambda i, a: i < 3,
                    lambda i, a: (i + 1, tf.concat([a, a * a * x[:1]], 0)),
                    [0, x],
                    shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
                )[1]
            )
            * x
        ),
        "rows": lambda x: power(x, lambda i, a: a + tf.gather(x, [0, 2, 0]) * tf.gather(a, i)),
        "variable": through_variable,
        "array": through_array,
        "pieces": lambda x: (
            tf.TensorArray(tf.float64, 2, infer_shape=False).split(x * x, [1, 2]).concat() * x
        ),
        "map": lambda x: tf.map_fn(lambda r: r**3 * x[0], x),
        "scan": lambda x: tf.scan(lambda a, r: a * r * x[1], x),
        "foldr": lambda x: tf.foldr(lambda a, r: a * r * x[1] + r, x),
        "loop in map": lambda x: tf.map_fn(lambda r: power(r, lambda i, a: a * r * x[0]), x),
        "map in loop": lambda x: power(x, lambda i, a: tf.map_fn(lambda r: r * r * x[0], a)),
    }


def of_square(function: Callable[[Any, Any], Any]) -> Build:
    return lambda x: function(x, x * x)


def exchanging(x: Any) -> Any:
    _, a, b = loop(lambda i, a, b: i < 3, lambda i, a, b: (i + 1, b, a * x), [0, x, x * x])
    return a * b


def through_variable(x: Any) -> Any:
    v = tf.Variable(tf.constant([0.5, 0.6, 0.7], tf.float64))
    y = power(x, lambda i, a: tf.cond(i > 0, lambda: a * v * x, lambda: a + v))
    return tf.gradients(y, v)[0] * v


def through_array(x: Any) -> Any:
    array = tf.TensorArray(tf.float64, 4).write(0, x)
    return loop(
        lambda i, a: i < 4, lambda i, a: (i + 1, a.write(i, a.read(i - 1) * x * a.read(0))), [1, array]
    )[1].stack()


def differences(session: Any, y: Any, x: Any, at: Any) -> Any:
    """The gradient of a scalar by central differences."""
    steps = np.eye(len(at)) * 1e-6
    return np.array([(session.run(y, {x: at + e}) - session.run(y, {x: at - e})) / 2e-6 for e in steps])


@pytest.mark.parametrize(
    "build", [pytest.param(f, id=k) for k, f in {**table_of_branches(), **table_of_loops()}.items()]
)
def test_derivatives_are_those_of_finite_differences(build: Build) -> None:
    rng = np.random.default_rng(0)
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float64, [3])
        y = tf.reduce_sum(build(x))
        gradient = tf.gradients(y, x)[0]
        weighted = tf.reduce_sum(gradient * tf.constant(rng.normal(size=3)))
        second = tf.gradients(weighted, x)[0]
        session.run(tf.global_variables_initializer())
        for at in rng.uniform(0.4, 1.4, size=(2, 3)):
            np.testing.assert_allclose(
                session.run(gradient, {x: at}), differences(session, y, x, at), 1e-5, 1e-6
            )
            np.testing.assert_allclose(
                session.run(second, {x: at}), differences(session, weighted, x, at), 1e-4, 1e-5
            )


def test_third_derivative() -> None:
    x = tf.constant(2.0)
    y = power(tf.constant(1.0), lambda i, a: a * x, 4)
    for expected in (32.0, 48.0, 48.0, 24.0):
        (y,) = tf.gradients(y, x)
        assert tf.Session().run(y) == expected


def test_thousand_iterations() -> None:
    x = tf.constant(1.001, tf.float64)
    y = power(tf.constant(1.0, tf.float64), lambda i, a: a * x, 1000)
    (first,) = tf.gradients(y, x)
    (second,) = tf.gradients(first, x)
    values = tf.Session().run([first, second])
    np.testing.assert_allclose(values, [1000 * 1.001**999, 1000 * 999 * 1.001**998], rtol=1e-10)


def test_many_iterations_are_neither_recursive_nor_quadratic() -> None:
    x = tf.constant(1.0, tf.float64)
    _, y = loop(lambda i, a: i < 100_000, lambda i, a: (i + 1, a + x), [0, tf.constant(0.0, tf.float64)])
    array = tf.map_fn(lambda row: row * x, tf.zeros([20_000], tf.float64))
    assert tf.Session().run([y, *tf.gradients(y, x)]) == [100_000.0, 100_000.0]
    assert tf.Session().run(tf.gradients(array, x)) == [0.0]


def test_no_gradient_where_there_is_none() -> None:
    x, z = tf.constant(2.0), tf.constant(3.0)
    assert tf.gradients(power(tf.constant(1.0), lambda i, a: a * 2.0), x) == [None]
    assert tf.gradients(tf.cond(x > 0, lambda: z * 1.0, lambda: 2.0), x) == [None]
    assert tf.gradients(loop(lambda a: a < 9.0, lambda a: a * x, [z], back_prop=False), x) == [None]


def test_branch_without_gradient_counts_as_zero() -> None:
    x = tf.placeholder(tf.float32, [])
    (gradient,) = tf.gradients(tf.cond(x > 0, lambda: x * x, lambda: 7.0), x)
    assert [tf.Session().run(gradient, {x: v}) for v in (3.0, -3.0)] == [6.0, 0.0]


def test_a_run_that_needs_no_gradient_keeps_no_values() -> None:
    x = tf.constant(2.0)
    y = power(tf.constant(1.0), lambda i, a: a * x)
    session = tf.Session()
    (gradient,) = tf.gradients(y, x)

    def operations(fetch: Any) -> set[str]:
        plan = session._prepare(fetch, None).plan
        return {op.type for op in plan._emitted.line_ops if op is not None}

    assert "Mul" in operations(y)
    assert "TensorListPushBack" not in operations(y)
    assert "TensorListPushBack" in operations(gradient)
