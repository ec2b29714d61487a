"""Distributions: densities that sum to one, samples that look like them, divergences."""

import json
from pathlib import Path

import numpy as np
import pytest
from distribution_table import CASES, DIVERGENCES, SEEDED, answers, divergence, samples

import graphmagic as tf

ds = tf.distributions
CONTINUOUS = {
    "normal": lambda: ds.Normal([0.0, 1.0], [1.0, 0.5]),
    "uniform": lambda: ds.Uniform([-1.0, 0.0], [2.0, 0.5]),
    "exponential": lambda: ds.Exponential([1.0, 3.0]),
    "laplace": lambda: ds.Laplace([0.0, 1.0], [1.0, 0.5]),
}


@pytest.mark.parametrize("make", CONTINUOUS.values(), ids=CONTINUOUS)
def test_density_distribution_and_samples_agree(make):
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(3)
        found = make()
        # TensorFlow does not ask whether a waiting time is negative.
        first = 0 if isinstance(found, ds.Exponential) else -12
        grid = np.linspace(first, first + 24, 24001, dtype=np.float32)[:, None]
        wanted = [found.prob(grid), found.cdf(grid[12100]), found.mean(), found.stddev(), found.entropy()]
        density, below, mean, deviation, entropy = sess.run(wanted)
        samples = sess.run(found.sample(20000, seed=1))

    step = 24 / 24000
    assert density.sum(0) * step == pytest.approx([1, 1], abs=2e-3)
    assert density[:12100].sum(0) * step == pytest.approx(below, abs=4e-3)
    logs = np.log(np.where(density > 0, density, 1))
    assert -(density * logs).sum(0) * step == pytest.approx(entropy, abs=6e-3)
    assert samples.shape == (20000, 2)
    assert samples.mean(0) == pytest.approx(mean, abs=0.03)
    assert samples.std(0) == pytest.approx(deviation, abs=0.03)


def test_classes_and_coins():
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(3)
        die = ds.Categorical(logits=np.log([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]]).astype(np.float32))
        coin = ds.Bernoulli(probs=[0.25, 0.5])
        rolls, flips = sess.run([die.sample(9000, seed=1), coin.sample(9000, seed=2)])
        values = sess.run([die.prob([2, 0]), coin.prob([1, 0]), die.mode(), die.entropy(), coin.variance()])

    assert [(rolls[:, 0] == k).mean() for k in range(3)] == pytest.approx([0.2, 0.3, 0.5], abs=0.02)
    assert (rolls[:, 1] == 2).mean() == pytest.approx(0.8, abs=0.02)
    assert flips.mean(0) == pytest.approx([0.25, 0.5], abs=0.02)
    assert values[0] == pytest.approx([0.5, 0.1])
    assert values[1] == pytest.approx([0.25, 0.5])
    assert values[2].tolist() == [2, 2]
    assert values[3][1] == pytest.approx(-(0.2 * np.log(0.1) + 0.8 * np.log(0.8)), rel=1e-5)
    assert values[4] == pytest.approx([0.1875, 0.25])


def test_divergences():
    with tf.Graph().as_default(), tf.Session() as sess:
        one, other = ds.Categorical(probs=[0.5, 0.5]), ds.Categorical(probs=[0.9, 0.1])
        heads, tails = ds.Bernoulli(probs=0.5), ds.Bernoulli(probs=0.9)
        found = sess.run(
            [ds.kl_divergence(one, other), ds.kl_divergence(heads, tails), one.kl_divergence(one)]
        )

        assert found == pytest.approx([0.5108256, 0.5108256, 0.0], abs=1e-6)
        with pytest.raises(NotImplementedError, match="No KL"):
            ds.kl_divergence(one, heads)
        with pytest.raises(ValueError, match="probs or logits, but not both"):
            ds.Bernoulli()


def test_gradients_reach_the_parameters_of_samples():
    with tf.Graph().as_default(), tf.Session() as sess:
        mean = tf.constant(1.0)
        grad = tf.gradients(tf.reduce_mean(ds.Normal(mean, 2.0).sample(10, seed=1)), mean)[0]

        assert sess.run(grad) == pytest.approx(1.0)


RECORD = json.loads((Path(__file__).parents[1] / "oracle" / "distributions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_what_they_say_is_what_tensorflow_says(name):
    found, expected = answers(tf, *CASES[name]), RECORD["cases"][name]

    for question, answer in expected.items():
        np.testing.assert_allclose(found[question], answer, rtol=2e-5, atol=2e-6, err_msg=question)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_divergences_are_those_of_tensorflow(name):
    np.testing.assert_allclose(
        divergence(tf, *DIVERGENCES[name]), RECORD["divergences"][name], rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize(
    "make",
    [
        "Gamma([2.0, 3.0], 2.0)",
        "Beta([2.0, 3.0], [2.0, 4.0])",
        "StudentT([8.0, 9.0], 1.0, 2.0)",
        "Dirichlet([[1.0, 2.0, 5.0], [0.5, 2.0, 3.0]])",
        "Multinomial([4.0, 2.0], probs=[[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])",
        "DirichletMultinomial([3.0, 5.0], [[1.0, 1.0, 2.0], [3.0, 4.0, 5.0]])",
    ],
)
def test_samples_have_the_moments(make):
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(3)
        found = eval(f"tf.distributions.{make}", {"tf": tf})
        samples, mean, variance = sess.run([found.sample(4000, seed=1), found.mean(), found.variance()])

    np.testing.assert_allclose(samples.mean(0), mean, atol=0.1)
    np.testing.assert_allclose(samples.var(0), variance, rtol=0.15, atol=0.01)


@pytest.mark.parametrize("make", SEEDED)
def test_samples_are_those_of_tensorflow(make):
    np.testing.assert_allclose(samples(tf, make), RECORD["samples"][make], rtol=1e-5)


def test_normal_vectors_are_normal_numbers_side_by_side():
    tfd = tf.contrib.distributions
    with tf.Graph().as_default(), tf.Session() as sess:
        vectors = tfd.MultivariateNormalDiag([[0.0, 1.0], [2.0, 3.0]], [1.0, 2.0])
        numbers = tfd.Normal([[0.0, 1.0], [2.0, 3.0]], [1.0, 2.0])
        together = tfd.Independent(numbers, 1)
        same = tfd.MultivariateNormalDiag(tf.zeros([2]), scale_identity_multiplier=2.0)
        x = [0.5, -0.5]
        asked = [
            [d.log_prob(x), d.entropy(), d.mean(), d.variance(), tfd.kl_divergence(d, d)]
            for d in (vectors, together)
        ]
        for one, other in zip(*sess.run(asked), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
        assert [d.batch_shape.as_list() for d in (vectors, together)] == [[2], [2]]
        assert [d.event_shape.as_list() for d in (vectors, together)] == [[2], [2]]
        assert sess.run(together.sample([3, 4], seed=1)).shape == (3, 4, 2, 2)
        assert sess.run([vectors.batch_shape_tensor(), vectors.event_shape_tensor()])[1].tolist() == [2]
        assert sess.run(vectors.covariance())[0].tolist() == [[1, 0], [0, 4]]
        assert sess.run(same.stddev()).tolist() == [2, 2]
        divergence = tfd.kl_divergence(vectors, same)
        assert sess.run(divergence) == pytest.approx(
            sess.run(tf.reduce_sum(tfd.kl_divergence(numbers, tfd.Normal([0.0, 0.0], 2.0)), -1)), rel=1e-5
        )


def test_what_cannot_be_taken_together_is_refused():
    tfd = tf.contrib.distributions

    with pytest.raises(ValueError, match=r"reinterpreted_batch_ndims\(2\) cannot exceed"):
        tfd.Independent(tfd.Normal([0.0, 1.0], 1.0), 2)
    with pytest.raises(ValueError, match="loc, scale_diag"):
        tfd.MultivariateNormalDiag()
    with pytest.raises(ValueError, match="probs or logits, but not both"):
        tf.distributions.Multinomial(1.0)


def test_cross_entropy_is_divergence_and_entropy():
    with tf.Graph().as_default(), tf.Session() as sess:
        one, other = ds.Normal(0.0, 1.0), ds.Normal(1.0, 2.0)
        crossed, apart, own = sess.run(
            [one.cross_entropy(other), ds.kl_divergence(one, other), one.entropy()]
        )

    assert crossed == pytest.approx(apart + own)


def test_coins_take_floats_as_in_tensorflow():
    with tf.Graph().as_default(), tf.Session() as sess:
        found = sess.run(ds.Bernoulli(probs=0.3).log_prob(tf.constant([1.0, 0.0])))

    assert found == pytest.approx([-1.2039728, -0.35667494])
