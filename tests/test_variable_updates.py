"""Writing some elements of variables, counting, and asking which variables have values."""

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture
def sess():
    return tf.Session()


def variable(sess, value, name="v"):
    v = tf.Variable(value, name=name)
    sess.run(v.initializer)
    return v


def slices(values, indices):
    return tf.IndexedSlices(tf.constant(values), tf.constant(indices))


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("update", [2.0, 5.0, 6.0]),
        ("add", [10.0, 5.0, 14.0]),
        ("sub", [6.0, 5.0, 2.0]),
        ("mul", [16.0, 5.0, 48.0]),
        ("div", [4.0, 5.0, 8.0 / 6.0]),
        ("min", [2.0, 5.0, 6.0]),
        ("max", [8.0, 5.0, 8.0]),
    ],
)
def test_rows(sess, method, expected):
    v = variable(sess, [8.0, 5.0, 8.0])
    result = getattr(v, f"scatter_{method}")(slices([2.0, 6.0], [0, 2]))

    assert sess.run(result) == pytest.approx(expected)
    assert sess.run(v) == pytest.approx(expected)


def test_slices_of_any_rank(sess):
    v = variable(sess, np.zeros([2, 3]))
    steps = [
        v.scatter_nd_update([[0, 1], [1, 2]], [5.0, 6.0]),
        v.scatter_nd_add([[0], [0]], np.ones([2, 3])),
        v.scatter_nd_sub([[1, 2], [1, 2]], [1.0, 2.0]),
    ]
    for step in steps:
        sess.run(step)
    assert sess.run(v).tolist() == [[2.0, 7.0, 2.0], [0.0, 0.0, 3.0]]


def test_integers_are_divided_as_in_c(sess):
    v = variable(sess, [7, -7, 8])
    assert sess.run(tf.scatter_div(v, [0, 1, 0], [2, 2, 3])).tolist() == [1, -3, 8]
    with pytest.raises(tf.errors.InvalidArgumentError, match="Integer division by zero"):
        sess.run(tf.scatter_div(v, [0], [0]))


def test_a_fetched_value_is_not_written_to(sess):
    v = variable(sess, [1.0, 2.0])
    before = sess.run(v)
    sess.run(tf.scatter_add(v, [0], [5.0]))
    assert before.tolist() == [1.0, 2.0]


def test_what_rows_need():
    v = tf.Variable([1.0])
    with pytest.raises(TypeError, match="sparse_delta is not IndexedSlices: 3"):
        v.scatter_add(3)
    with pytest.raises(TypeError, match="requires that input 'ref' be a mutable tensor"):
        tf.scatter_add(tf.constant([1.0]), [0], [1.0])


# ----- counting -----


def test_counting(sess):
    v = variable(sess, 0)
    count = v.count_up_to(2)

    assert [sess.run(count), sess.run([count, v])] == [0, [1, 2]]
    with pytest.raises(tf.errors.OutOfRangeError, match="Reached limit of 2"):
        sess.run(count)
    assert sess.run(v) == 2


# ----- asking -----


def test_which_variables_have_values(sess):
    assert sess.run(tf.report_uninitialized_variables()).tolist() == []
    v, w = tf.Variable(1.0, name="v"), tf.Variable(2.0, name="w")
    local = tf.get_local_variable("local", [])
    report, check = tf.report_uninitialized_variables(), tf.assert_variables_initialized([v, w])
    v.load(5.0, sess)

    assert sess.run(report).tolist() == [b"w", b"local"]
    assert sess.run(tf.report_uninitialized_variables([v])).tolist() == []
    with pytest.raises(tf.errors.FailedPreconditionError, match="Attempting to use uninitialized value w"):
        sess.run(check)
    sess.run([w.initializer, local.initializer])
    assert sess.run(report).tolist() == []
    assert sess.run(check).tolist() == [0, 0]
    assert tf.assert_variables_initialized([]) is None


def test_lists_of_variables():
    v = tf.Variable(1.0, collections=[tf.GraphKeys.MODEL_VARIABLES], trainable=False)
    assert tf.model_variables() == [v]
    assert tf.moving_average_variables() == tf.metric_variables() == []


# ----- the error of a slot without a value -----


def test_the_variable_that_is_missing_is_named(sess):
    v = tf.Variable([1.0], name="v")
    step = tf.train.AdamOptimizer().minimize(v * v)
    sess.run(v.initializer)
    with pytest.raises(tf.errors.FailedPreconditionError, match=r"uninitialized value (beta1_power|v/Adam)"):
        sess.run(step)
    sess.run([x.initializer for x in tf.global_variables() if "power" in x.name])
    with pytest.raises(tf.errors.FailedPreconditionError) as caught:
        sess.run(step)
    assert caught.value.message == (
        "Attempting to use uninitialized value v/Adam\n\t [[{{node Adam/update_v/ApplyAdam}}]]"
    )
    assert sess.run(v).tolist() == [1.0]
