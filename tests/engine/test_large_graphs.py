"""Graphs with very many nodes: nothing recurses."""

import graphmagic as tf

NODES = 10_000


def test_a_long_chain() -> None:
    x = tf.placeholder(tf.float32, [])
    y = x
    for _ in range(NODES):
        y = tf.negative(y)
    session = tf.Session()

    assert [session.run(y, {x: 3.0}) for _ in range(2)] == [3.0, 3.0]


def test_the_gradient_of_a_long_chain() -> None:
    x = tf.placeholder(tf.float32, [2])
    y = x
    for _ in range(NODES // 10):
        y = y * 1.0 + x
    gradient = tf.gradients(y, x)[0]

    assert tf.Session().run(gradient, {x: [1.0, 2.0]}).tolist() == [NODES // 10 + 1] * 2


def test_many_operations_in_a_loop_body() -> None:
    def body(i: tf.Tensor, y: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        for _ in range(NODES // 50):
            y = y + 1.0
        return i + 1, y

    x = tf.placeholder(tf.float32, [])
    y = tf.while_loop(lambda i, _: i < 3, body, [0, x])[1]

    assert tf.Session().run([y, tf.gradients(y, x)[0]], {x: 1.0}) == [3 * (NODES // 50) + 1, 1]
