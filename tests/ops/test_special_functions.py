"""Special functions obey the identities that define them, over wide ranges and in float64."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import graphmagic as tf

POSITIVE = np.concatenate([np.linspace(0.05, 3, 60), np.linspace(3.1, 60, 60)])


def values(build: Any, *inputs: Any) -> Any:
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(build(*[tf.constant(np.asarray(x, np.float64)) for x in inputs]))


def test_lgamma_and_digamma_step_from_x_to_x_plus_1() -> None:
    assert values(tf.lgamma, POSITIVE + 1) == pytest.approx(
        values(tf.lgamma, POSITIVE) + np.log(POSITIVE), abs=1e-12
    )
    assert values(tf.digamma, POSITIVE + 1) == pytest.approx(
        values(tf.digamma, POSITIVE) + 1 / POSITIVE, rel=1e-13
    )


def test_digamma_reflects() -> None:
    x = np.array([0.1, 0.3, 0.7, 1.4, 2.6])

    assert values(tf.digamma, 1 - x) - values(tf.digamma, x) == pytest.approx(
        math.pi / np.tan(math.pi * x), rel=1e-12
    )


@pytest.mark.parametrize("s", [1.1, 2.0, 3.5, 20.0])
def test_zeta_loses_its_first_term(s: float) -> None:
    shorter = values(lambda q: tf.zeta(tf.constant(s, tf.float64), q), POSITIVE + 1)
    longer = values(lambda q: tf.zeta(tf.constant(s, tf.float64), q), POSITIVE)

    assert longer - shorter == pytest.approx(POSITIVE**-s, rel=1e-10, abs=1e-15 * float(np.max(longer)))


def test_zeta_at_even_numbers() -> None:
    one = tf.constant(1.0, tf.float64)

    assert values(lambda s: tf.zeta(s, tf.constant(1.0, tf.float64)), [2, 4, 6]) == pytest.approx(
        [math.pi**2 / 6, math.pi**4 / 90, math.pi**6 / 945], rel=1e-14
    )
    assert one.dtype == tf.float64


@pytest.mark.parametrize("a", [0.1, 0.9, 3.0, 40.0, 700.0])
def test_incomplete_gamma_functions(a: float) -> None:
    x = np.array([0.01, 0.5, 1.0, 0.5 * a, a, a + 0.99, a + 1.01, 1.5 * a, 3 * a])
    parameter = np.full_like(x, a)
    lower, upper = values(tf.igamma, parameter, x), values(tf.igammac, parameter, x)
    step = np.exp(a * np.log(x) - x - math.lgamma(a + 1))

    assert lower + upper == pytest.approx(np.ones_like(x), rel=1e-13)
    assert values(tf.igamma, parameter + 1, x) == pytest.approx(lower - step, rel=1e-9, abs=1e-13)


def test_incomplete_gamma_with_parameter_1_is_exponential() -> None:
    assert values(tf.igammac, np.ones_like(POSITIVE), POSITIVE) == pytest.approx(np.exp(-POSITIVE), rel=1e-12)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (2.0, 3.0), (0.1, 7.0), (80.0, 60.0)])
def test_incomplete_beta_function(a: float, b: float) -> None:
    x = np.linspace(0.01, 0.99, 41)
    left = values(lambda x: tf.betainc(tf.constant(a, tf.float64), tf.constant(b, tf.float64), x), x)
    right = values(lambda x: tf.betainc(tf.constant(b, tf.float64), tf.constant(a, tf.float64), x), 1 - x)

    assert left + right == pytest.approx(np.ones_like(x), rel=1e-13)
    assert np.all(np.diff(left) >= 0)


def test_incomplete_beta_function_of_halves_is_an_arcsine() -> None:
    x = np.linspace(0.01, 0.99, 41)
    half = tf.float64

    assert values(
        lambda x: tf.betainc(tf.constant(0.5, half), tf.constant(0.5, half), x), x
    ) == pytest.approx(2 / math.pi * np.arcsin(np.sqrt(x)), rel=1e-13)


def test_bessel_functions() -> None:
    x = np.concatenate([np.linspace(-60, 60, 241), [700.0]])
    i0 = values(tf.math.bessel_i0e, x)
    i1 = values(tf.math.bessel_i1e, x[x > 0])

    assert i0 == pytest.approx(np.i0(x) * np.exp(-np.abs(x)), rel=1e-13)
    # Turán's inequality, and that the functions approach each other
    assert np.all((i1 > 0) & (i1 < i0[x > 0]))
    assert i1[-1] / i0[-1] == pytest.approx(1 - 1 / 1400, rel=1e-6)


@pytest.mark.parametrize(
    "build",
    [
        lambda x: tf.truncatemod(x, 2.0),
        lambda x: tf.gradients(tf.igamma(x, x), x)[0],
        lambda x: tf.matrix_solve_ls(tf.reshape(x, [1, 1]), [[1.0]], fast=False),
    ],
)
def test_asking_for_a_gradient_that_there_is_not_is_an_error(build: Any) -> None:
    with tf.Graph().as_default():
        x = tf.constant(1.5)

        with pytest.raises(LookupError, match="No gradient defined for operation"):
            tf.gradients(build(x), x)


def test_equations_with_an_ellipsis_work_without_known_ranks() -> None:
    with tf.Graph().as_default(), tf.Session() as session:
        a, b = tf.placeholder(tf.float64), tf.placeholder(tf.float64)
        product = tf.einsum("...ij,jk->...ik", a, b)
        feeds = {a: np.arange(24.0).reshape(2, 2, 2, 3), b: np.arange(12.0).reshape(3, 4)}
        known = {key: tf.constant(value) for key, value in feeds.items()}
        same = tf.einsum("...ij,jk->...ik", known[a], known[b])
        grads = tf.gradients(product * product, [a, b]), tf.gradients(same * same, [known[a], known[b]])

        assert session.run(product, feeds).tolist() == session.run(same).tolist()
        for found, expected in zip(session.run(grads[0], feeds), session.run(grads[1]), strict=True):
            assert found == pytest.approx(expected)
