"""Layers make the variables, names and numbers that TensorFlow 1 made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture(autouse=True)
def graph() -> Iterator[Any]:
    with tf.Graph().as_default() as graph:
        yield graph


def images(*sizes: int | None) -> Any:
    return tf.placeholder(tf.float32, [None, *sizes])


def names(variables: Any) -> list[str]:
    return [v.name for v in variables]


@pytest.mark.parametrize(
    ("build", "name", "shape", "variables"),
    [
        (
            lambda: tf.layers.dense(images(4), 3),
            "dense/BiasAdd:0",
            [None, 3],
            {"dense/kernel:0": [4, 3], "dense/bias:0": [3]},
        ),
        (
            lambda: tf.layers.dense(images(5, 4), 3, use_bias=False),
            "dense/Tensordot:0",
            [None, 5, 3],
            {"dense/kernel:0": [4, 3]},
        ),
        (
            lambda: tf.layers.conv2d(images(8, 7, 3), 4, (3, 2), activation=tf.nn.relu),
            "conv2d/Relu:0",
            [None, 6, 6, 4],
            {"conv2d/kernel:0": [3, 2, 3, 4], "conv2d/bias:0": [4]},
        ),
        (
            lambda: tf.layers.conv2d(images(3, 8, 7), 4, 3, 2, "same", "channels_first"),
            "conv2d/BiasAdd:0",
            [None, 4, 4, 4],
            {"conv2d/kernel:0": [3, 3, 3, 4], "conv2d/bias:0": [4]},
        ),
        (
            lambda: tf.layers.conv2d(images(8, 7, 3), 4, 3, dilation_rate=2),
            "conv2d/BiasAdd:0",
            [None, 4, 3, 4],
            {"conv2d/kernel:0": [3, 3, 3, 4], "conv2d/bias:0": [4]},
        ),
        (
            lambda: tf.layers.conv1d(images(8, 3), 4, 3),
            "conv1d/BiasAdd:0",
            [None, 6, 4],
            {"conv1d/kernel:0": [3, 3, 4], "conv1d/bias:0": [4]},
        ),
        (
            lambda: tf.layers.conv2d_transpose(images(8, 7, 3), 4, 3, 2),
            "conv2d_transpose/BiasAdd:0",
            [None, 17, 15, 4],
            {"conv2d_transpose/kernel:0": [3, 3, 4, 3], "conv2d_transpose/bias:0": [4]},
        ),
        (
            lambda: tf.layers.separable_conv2d(images(8, 7, 3), 4, 3, depth_multiplier=2),
            "separable_conv2d/BiasAdd:0",
            [None, 6, 5, 4],
            {
                "separable_conv2d/depthwise_kernel:0": [3, 3, 3, 2],
                "separable_conv2d/pointwise_kernel:0": [1, 1, 6, 4],
                "separable_conv2d/bias:0": [4],
            },
        ),
        (
            lambda: tf.layers.max_pooling2d(images(8, 7, 3), 2, 2),
            "max_pooling2d/MaxPool:0",
            [None, 4, 3, 3],
            {},
        ),
        (
            lambda: tf.layers.average_pooling2d(images(8, 7, 3), 2, 2, "same", name="p"),
            "p/AvgPool:0",
            [None, 4, 4, 3],
            {},
        ),
        (lambda: tf.layers.max_pooling1d(images(8, 3), 2, 2), "max_pooling1d/Squeeze:0", [None, 4, 3], {}),
        (lambda: tf.layers.flatten(images(8, 3)), "flatten/Reshape:0", [None, 24], {}),
        (lambda: tf.layers.flatten(images(None, 3)), "flatten/Reshape:0", [None, None], {}),
        (lambda: tf.layers.dropout(images(8)), "dropout/Identity:0", [None, 8], {}),
        (
            lambda: tf.layers.dropout(images(8), training=tf.placeholder(tf.bool)),
            "dropout/cond/Merge:0",
            [None, 8],
            {},
        ),
    ],
)
def test_names_and_shapes(
    build: Any, name: str, shape: list[int | None], variables: dict[str, list[int]]
) -> None:
    result = build()

    assert result.name == name
    assert result.shape.as_list() == shape
    assert {v.name: v.shape.as_list() for v in tf.global_variables()} == variables
    assert names(tf.trainable_variables()) == list(variables)


def test_a_layer_called_twice_shares_its_variables() -> None:
    layer = tf.layers.Dense(3)
    first, second = layer(images(4)), layer(images(4))

    assert (first.name, second.name) == ("dense/BiasAdd:0", "dense/BiasAdd_1:0")
    assert names(layer.variables) == names(tf.global_variables()) == ["dense/kernel:0", "dense/bias:0"]
    assert (layer.name, layer.scope_name, layer.built, layer.count_params()) == ("dense", "dense", True, 15)


def test_reuse_by_name_and_by_scope() -> None:
    x = images(4)
    tf.layers.dense(x, 3, name="a")
    shared = tf.layers.dense(x, 3, name="a", reuse=True)
    with tf.variable_scope("s"):
        tf.layers.dense(tf.layers.dense(x, 4), 4)
    with tf.variable_scope("s", reuse=True):
        tf.layers.dense(tf.layers.dense(x, 4), 4)

    assert shared.name == "a_1/BiasAdd:0"
    assert names(tf.global_variables()) == [
        "a/kernel:0", "a/bias:0", "s/dense/kernel:0", "s/dense/bias:0", "s/dense_1/kernel:0", "s/dense_1/bias:0",
    ]  # fmt: skip


def test_a_name_scope_holds_operations_but_not_variables() -> None:
    with tf.name_scope("n"):
        y = tf.layers.dense(images(4), 3)

    assert y.name == "n/dense/BiasAdd:0"
    assert names(tf.global_variables()) == ["dense/kernel:0", "dense/bias:0"]


def test_untrainable_layers_stay_out_of_the_trainable_variables() -> None:
    tf.layers.dense(images(4), 3, trainable=False)

    assert tf.trainable_variables() == []
    assert len(tf.global_variables()) == 2


def test_regularizers_add_losses() -> None:
    tf.layers.dense(images(4), 3, kernel_regularizer=tf.nn.l2_loss)

    assert [t.shape.as_list() for t in tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)] == [[]]


def run_updates(session: Any, feeds: Any) -> list[Any]:
    session.run(tf.get_collection(tf.GraphKeys.UPDATE_OPS), feeds)
    return session.run([v for v in tf.global_variables() if "moving" in v.name])


@pytest.mark.parametrize("sizes", [(4,), (3, 4), (2, 3, 4)])
@pytest.mark.parametrize("fed", [False, True])
def test_batch_normalization_moves_its_averages_while_training(sizes: tuple[int, ...], fed: bool) -> None:
    x = images(*sizes)
    training = tf.placeholder(tf.bool) if fed else True
    y = tf.layers.batch_normalization(x, momentum=0.9, epsilon=0.01, training=training)
    value = np.random.default_rng(0).normal(2.0, 3.0, (5, *sizes)).astype(np.float32)
    feeds = {x: value} | ({training: True} if fed else {})
    flat = value.reshape(-1, 4)
    mean, variance = flat.mean(0), flat.var(0)
    kept = flat.var(0, ddof=1) if len(sizes) == 3 else variance  # the fused operation corrects for the count

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        normalized = session.run(y, feeds)
        averages = run_updates(session, feeds)

    np.testing.assert_allclose(normalized, (value - mean) / np.sqrt(variance + 0.01), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(averages[0], 0.1 * mean, rtol=1e-4)
    np.testing.assert_allclose(averages[1], 0.9 + 0.1 * kept, rtol=1e-4)


@pytest.mark.parametrize("sizes", [(4,), (2, 3, 4)])
def test_batch_normalization_uses_its_averages_otherwise(sizes: tuple[int, ...]) -> None:
    x, training = images(*sizes), tf.placeholder(tf.bool)
    y = tf.layers.batch_normalization(
        x, epsilon=0.0, training=training, moving_mean_initializer=tf.ones_initializer()
    )
    value = np.random.default_rng(0).normal(size=(5, *sizes)).astype(np.float32)

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        averages = run_updates(session, {x: value, training: False})
        normalized = session.run(y, {x: value, training: False})

    np.testing.assert_allclose(normalized, value - 1, rtol=1e-4, atol=1e-4)
    assert [a.tolist() for a in averages] == [[1.0] * 4, [1.0] * 4]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: tf.layers.dense(images(None), 3),
            "The last dimension of the inputs to a Dense layer should be defined. Found None.",
        ),
        (lambda: tf.layers.dense(tf.placeholder(tf.float32), 3), "Full input shape received: <unknown>"),
        (
            lambda: tf.layers.dense(tf.constant(1.0), 3),
            'layer "dense" is incompatible with the layer: expected min_ndim=2',
        ),
        (lambda: tf.layers.conv2d(images(8, 8), 3, 3), "expected ndim=4, found ndim=3"),
        (
            lambda: tf.layers.conv2d(images(8, 8, None), 3, 3),
            "The channel dimension of the inputs should be defined.",
        ),
        (lambda: tf.layers.conv2d(images(8, 8, 3), 3, 3, padding="bad"), 'one of "valid", "same"'),
        (
            lambda: tf.layers.conv2d(images(8, 8, 3), 3, (1, 2, 3)),
            "`kernel_size` argument must be a tuple of 2 integers",
        ),
        (
            lambda: tf.layers.conv2d(images(8, 8, 3), 3, 3, data_format="x"),
            'one of "channels_first", "channels_last"',
        ),
        (
            lambda: tf.layers.conv2d(images(8, 8, 3), 3, 3, strides=2, dilation_rate=2),
            "`strides > 1` not supported",
        ),
        (lambda: tf.layers.max_pooling2d(images(8, 8), 2, 2), "expected ndim=4, found ndim=3"),
        (lambda: tf.layers.batch_normalization(images(4), axis=5), "Expected 0 <= axis < inputs.rank"),
        (lambda: tf.layers.batch_normalization(images(None)), "undefined `axis` dimension"),
        (
            lambda: [tf.layers.dense(images(4), 3, name="fc") for _ in range(2)],
            "Variable fc/kernel already exists, disallowed.",
        ),
        (lambda: tf.layers.Dense(3).scope_name, "has not been used yet"),
    ],
)
def test_mistakes(build: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        build()

    assert message in str(caught.value)


def test_unsupported_options_say_so() -> None:
    with pytest.raises(NotImplementedError, match="renorm is not supported"):
        tf.layers.batch_normalization(images(4), renorm=True)
