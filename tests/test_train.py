"""Optimizers: from a loss to the operation that changes the variables."""

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture
def sess():
    return tf.Session()


def descent(rate=0.1, **more):
    return tf.train.GradientDescentOptimizer(rate, **more)


def test_one_step(sess):
    v, frozen = tf.Variable([1.0, 2.0], name="v"), tf.Variable(3.0, trainable=False)
    step = descent().minimize(tf.reduce_sum(tf.square(v)) * frozen)
    sess.run(tf.global_variables_initializer())

    assert sess.run(step) is None
    assert sess.run(v) == pytest.approx([1.0 - 0.6, 2.0 - 1.2])
    assert sess.run(frozen) == 3.0


def test_the_names_of_the_nodes():
    v = tf.Variable([1.0], name="v")
    loss = tf.reduce_sum(v)
    steps = [descent().minimize(loss), descent().minimize(loss), descent().minimize(loss, name="mine")]

    assert [s.name for s in steps] == ["GradientDescent", "GradientDescent_1", "mine"]
    assert steps[0].control_inputs[0].name == "GradientDescent/update_v/ApplyGradientDescent"
    assert tf.get_collection(tf.GraphKeys.TRAIN_OP) == steps
    assert descent(name="Other").get_name() == "Other"


def test_all_variables_move_at_once(sess):
    """Each gradient is that of the values before the step, whichever variable is written first."""
    a, b = tf.Variable(2.0), tf.Variable(5.0)
    step = descent(1.0).minimize(a * b)
    sess.run(tf.global_variables_initializer())
    sess.run(step)

    assert sess.run([a, b]) == [2.0 - 5.0, 5.0 - 2.0]


def test_the_loss_of_a_step_is_that_before_it(sess):
    v = tf.Variable(2.0)
    loss = tf.square(v)
    step = descent(0.25).minimize(loss)
    sess.run(v.initializer)

    assert [sess.run([step, loss])[1] for _ in range(3)] == [4.0, 1.0, 0.25]


def test_the_rate_may_be_a_tensor_or_a_function(sess):
    v, rate = tf.Variable(1.0), tf.placeholder(tf.float64, [])
    step, other = descent(rate).minimize(v * 1.0), descent(lambda: 0.5).minimize(v * 1.0)
    sess.run(v.initializer)
    sess.run(step, {rate: 0.25})
    assert sess.run(v) == 0.75

    sess.run(other)
    assert sess.run(v) == 0.25


@pytest.mark.parametrize("dtype", [tf.float32, tf.float64])
def test_types_of_variables(sess, dtype):
    v = tf.Variable([1.0], dtype=dtype)
    step = descent(0.5).minimize(tf.reduce_sum(v))
    sess.run(v.initializer)
    sess.run(step)

    assert sess.run(v).tolist() == [0.5]
    assert sess.run(v).dtype == dtype.as_numpy_dtype


def test_a_step_is_counted_after_it_was_taken(sess):
    v, count = tf.Variable(1.0), tf.Variable(0, trainable=False, name="count")
    step = descent().minimize(v * 1.0, global_step=count)
    sess.run(tf.global_variables_initializer())
    sess.run(step)
    sess.run(step)

    assert sess.run(count) == 2
    assert step.name == "GradientDescent"
    assert [op.name for op in step.inputs[1].op.control_inputs] == ["GradientDescent/update"]


def test_only_some_variables(sess):
    a, b = tf.Variable(1.0), tf.Variable(1.0)
    step = descent().minimize(a + b, var_list=[b])
    sess.run(tf.global_variables_initializer())
    sess.run(step)

    assert sess.run([a, b]) == [1.0, np.float32(0.9)]


def test_gradients_can_be_changed_on_the_way(sess):
    a, b = tf.Variable(1.0), tf.Variable(1.0)
    optimizer = descent(1.0)
    pairs = optimizer.compute_gradients(a * 3.0)
    assert [variable for _, variable in pairs] == [a, b]
    assert pairs[1][0] is None

    step = optimizer.apply_gradients([(g if g is None else g * 10.0, v) for g, v in pairs])
    sess.run(tf.global_variables_initializer())
    sess.run(step)
    assert sess.run([a, b]) == [-29.0, 1.0]


def test_a_gradient_to_start_from(sess):
    v = tf.Variable([1.0, 1.0])
    step = descent(1.0).minimize(v * 1.0, grad_loss=tf.constant([0.0, 2.0]))
    sess.run(v.initializer)
    sess.run(step)

    assert sess.run(v).tolist() == [1.0, -1.0]


def test_rows_that_were_not_used_do_not_move(sess):
    v = tf.Variable(tf.ones([4, 2]))
    step = descent(1.0).minimize(tf.reduce_sum(tf.gather(v, [0, 2, 0])))
    sess.run(v.initializer)
    sess.run(step)

    assert step.control_inputs[0].type == "ScatterSub"
    assert sess.run(v).tolist() == [[-1.0, -1.0], [1.0, 1.0], [0.0, 0.0], [1.0, 1.0]]


def test_what_cannot_be_optimized():
    with pytest.raises(ValueError, match=r"No variables to optimize."):
        descent().minimize(tf.constant(1.0))
    v, n = tf.Variable(1.0, name="v"), tf.Variable(1, trainable=False)
    with pytest.raises(
        ValueError, match=r"No gradients provided for any variable, check your graph .* between variables"
    ):
        descent().minimize(tf.constant(1.0))
    with pytest.raises(
        ValueError, match=r"Invalid type tf.int32 for mul:0, expected: \[tf.float16, tf.float32, tf.float64\]"
    ):
        descent().minimize(tf.multiply(n, n, name="mul"), var_list=[n])
    with pytest.raises(ValueError, match=r"No gradients provided for any variable, .* between variables"):
        descent().minimize(v * 1.0, var_list=[tf.constant(1.0)])
    with pytest.raises(AttributeError, match=r"'int' object has no attribute 'op'"):
        descent().minimize(v * 1.0, var_list=[3])
    c = tf.constant(1.0)
    with pytest.raises(NotImplementedError, match=r"Trying to update a Tensor"):
        descent().apply_gradients([(c, c)])
    with pytest.raises(ValueError, match=r"No variables provided."):
        descent().apply_gradients([])
    with pytest.raises(ValueError, match=r"No gradients provided for any variable: .*'v:0'"):
        descent().apply_gradients([(None, v)])
    with pytest.raises(ValueError, match=r"Must specify the optimizer name"):
        tf.train.GradientDescentOptimizer(0.1, name="")


def test_a_line_is_found(sess):
    rng = np.random.default_rng(0)
    xs = rng.normal(size=[50, 2])
    x, y = tf.placeholder(tf.float32, [None, 2]), tf.placeholder(tf.float32, [None])
    w, b = tf.Variable(tf.zeros([2, 1])), tf.Variable(0.0)
    loss = tf.reduce_mean(tf.squared_difference(tf.squeeze(tf.matmul(x, w), axis=1) + b, y))
    step = descent(0.2).minimize(loss)
    sess.run(tf.global_variables_initializer())
    for _ in range(200):
        sess.run(step, {x: xs, y: xs @ [2.0, -3.0] + 0.5})

    assert np.ravel(sess.run(w)) == pytest.approx([2.0, -3.0], abs=1e-4)
    assert sess.run(b) == pytest.approx(0.5, abs=1e-4)
