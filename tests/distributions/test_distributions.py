"""Distributions: densities that sum to one, samples that look like them, divergences."""

import numpy as np
import pytest

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
