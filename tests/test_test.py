"""`tf.test`: derivatives by differences, and test cases."""

import unittest

import numpy as np
import pytest

import graphmagic as tf


def test_there_is_no_gpu():
    assert (tf.test.is_gpu_available(), tf.test.is_built_with_cuda(), tf.test.gpu_device_name()) == (
        False,
        False,
        "",
    )


def test_derivatives_by_graph_and_by_differences():
    x = tf.placeholder(tf.float64, [2], name="x")
    y = tf.stack([x[0] * x[1], x[0] ** 2, x[1]])

    with tf.Session():
        by_graph, by_differences = tf.test.compute_gradient(x, [2], y, [3], np.array([2.0, 3.0]))
        pairs = tf.test.compute_gradient([x], [[2]], y, [3], [np.array([2.0, 3.0])])
        error = tf.test.compute_gradient_error(x, [2], y, [3])
    assert by_graph.tolist() == pairs[0][0].tolist() == [[3.0, 4.0, 0.0], [2.0, 0.0, 1.0]]
    np.testing.assert_allclose(by_differences, by_graph, atol=1e-9)
    assert error < 1e-9


def test_a_wrong_gradient_is_found():
    @tf.custom_gradient
    def wrong(x):
        return x**2, lambda dy: dy * 3.0

    x = tf.constant([2.0, 5.0], tf.float64)
    with tf.Session():
        assert tf.test.compute_gradient_error(x, [2], wrong(x), [2], np.array([2.0, 5.0])) > 1


def test_rows_and_nothing_are_gradients_too():
    x = tf.constant(np.ones((4, 2)))
    with tf.Session():
        assert tf.test.compute_gradient_error(x, [4, 2], tf.gather(x, [1, 3, 1]), [3, 2]) < 1e-9
        by_graph, by_differences = tf.test.compute_gradient(x, [4, 2], tf.constant([1.0]), [1])
    assert by_graph.any() == by_differences.any() == False  # noqa: E712


def test_differences_need_a_session():
    x = tf.constant(1.0)

    with pytest.raises(ValueError, match="compute_gradient needs a default session"):
        tf.test.compute_gradient(x, [], x, [])


def outcome(function):
    """How a test case ends that runs `function`."""

    class Case(tf.test.TestCase):
        def test_it(self):
            function(self)

    result = unittest.TestResult()
    Case("test_it").run(result)
    assert not result.errors, result.errors[0][1]
    return not result.failures


def with_session(case):
    with case.test_session() as sess:
        assert sess.graph is tf.get_default_graph() is tf.constant(1.0, name="one").graph
        case.assertAllEqual(case.evaluate("one:0"), 1.0)


def raises_op_error(case):
    x = tf.placeholder(tf.float32)
    with case.session() as sess, case.assertRaisesOpError("You must feed a value"):
        sess.run(x)


def starts_with_an_empty_graph(case):
    assert tf.constant(1).name == "Const:0"


@pytest.mark.parametrize(
    "function",
    [
        with_session,
        raises_op_error,
        lambda case: case.assertAllClose([1.0, 2.0], [1.0, 2.0 + 1e-7]),
        lambda case: case.assertAllClose(
            {"a": [1.0], "b": ([1.0], [[2.0]])}, {"a": [1.0], "b": ([1.0], [[2.0]])}
        ),
        lambda case: case.assertAllCloseAccordingToType(np.float16(1.0), np.float16(1.0009765)),
        lambda case: case.assertAllEqual([[1, 2]], np.array([[1, 2]])),
        lambda case: case.assertNear(1.0, 1.1, 0.2),
        lambda case: case.assertArrayNear([1.0, 2.0], [1.1, 2.1], 0.2),
        lambda case: case.assertShapeEqual(np.zeros((2, 3)), tf.zeros([2, 3])),
        starts_with_an_empty_graph,
        lambda case: open(f"{case.get_temp_dir()}/file", "w").close(),
    ],
)
def test_assertions_that_hold(function):
    assert outcome(function)


@pytest.mark.parametrize(
    "function",
    [
        lambda case: case.assertAllClose([1.0, 2.0], [1.0, 2.1]),
        lambda case: case.assertAllClose([1.0, 2.0], 1.0),
        lambda case: case.assertAllClose({"a": 1.0}, {"b": 1.0}),
        lambda case: case.assertAllCloseAccordingToType(1.0, 1.0009765),
        lambda case: case.assertAllEqual([[1, 2]], [1, 2]),
        lambda case: case.assertAllEqual([1, 2], [1, 3]),
        lambda case: case.assertNear(1.0, 1.3, 0.2),
        lambda case: case.assertArrayNear([1.0, 2.0], [1.1, 2.3], 0.2),
        lambda case: case.assertShapeEqual(np.zeros((2, 3)), tf.zeros([3, 2])),
        lambda case: raises_nothing(case),  # noqa: PLW0108 - defined below
    ],
)
def test_assertions_that_fail(function):
    assert not outcome(function)


def raises_nothing(case):
    with case.assertRaisesOpError("never"):
        pass


def test_definitions_can_be_compared():
    tf.constant(1.0, name="a")
    one = tf.get_default_graph().as_graph_def()
    tf.constant(2.0, name="b")
    two = tf.get_default_graph().as_graph_def()

    tf.test.assert_equal_graph_def(one, one)
    with pytest.raises(AssertionError, match=r"These nodes are in one definition only: \['b'\]"):
        tf.test.assert_equal_graph_def(one, two)
    one.node[0].op = "Other"
    with pytest.raises(AssertionError, match="Node 'a' differs"):
        tf.test.assert_equal_graph_def(one, tf.graph_util.extract_sub_graph(two, ["a"]))
