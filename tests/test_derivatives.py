"""Gradients that programs declare, and second derivatives."""

import numpy as np
import pytest

import graphmagic as tf


def test_hessians():
    x = tf.placeholder(tf.float64, [2, 3])
    [hessian] = tf.hessians(tf.reduce_sum(x**3) + x[0, 0] * x[1, 2], x)
    values = np.arange(6.0).reshape(2, 3)

    found = tf.Session().run(hessian, {x: values}).reshape(6, 6)

    expected = np.diag(6 * values.ravel())
    expected[0, 5] = expected[5, 0] = 1
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert hessian.shape.ndims in (None, 4)


def test_hessians_of_several():
    x, y = tf.constant(2.0), tf.constant([1.0, 3.0])

    assert [h.tolist() for h in tf.Session().run(tf.hessians(x**3 + tf.reduce_sum(y**2), [x, y]))] == [
        12.0,
        [[2.0, 0.0], [0.0, 2.0]],
    ]


def test_a_registered_gradient_replaces_another():
    @tf.RegisterGradient("TestSevenfold")
    def sevenfold(op, grad):
        assert op.type == "Identity"
        return 7.0 * grad

    x = tf.constant(1.0)
    with tf.get_default_graph().gradient_override_map({"Identity": "TestSevenfold"}):
        y = tf.identity(x)
    z = tf.identity(x)

    assert y.op.get_attr("_gradient_op_type") == b"TestSevenfold"
    assert tf.Session().run(tf.gradients([y], x) + tf.gradients([z], x)) == [7.0, 1.0]


def test_a_python_function_can_have_a_gradient():
    @tf.RegisterGradient("TestCube")
    def cube_grad(op, grad):
        return 3.0 * op.inputs[0] ** 2 * grad

    x = tf.constant([1.0, 2.0])
    with tf.get_default_graph().gradient_override_map({"PyFunc": "TestCube"}):
        y = tf.py_func(lambda v: v**3, [x], tf.float32)

    assert tf.Session().run(tf.gradients(y, x)[0]).tolist() == [3.0, 12.0]


def test_gradients_that_cannot_be_registered():
    tf.NotDifferentiable("TestNothing")

    with pytest.raises(KeyError, match="Registering two gradient with name 'TestNothing'!"):
        tf.RegisterGradient("TestNothing")(lambda op, g: g)
    with pytest.raises(KeyError, match="Registering two gradient with name 'MatMul'!"):
        tf.RegisterGradient("MatMul")(lambda op, g: g)
    with pytest.raises(TypeError, match="op_type must be a string"):
        tf.RegisterGradient(3)
    with pytest.raises(TypeError, match="op_type must be a string"):
        tf.NoGradient(None)


@pytest.mark.parametrize("wrong", [3, {"Identity": 3}, {3: "Identity"}])
def test_override_maps_hold_strings(wrong):
    with (
        pytest.raises(TypeError, match="op_type_map must be a dictionary mapping strings to strings"),
        tf.get_default_graph().gradient_override_map(wrong),
    ):
        pass


def test_an_override_that_is_not_registered():
    x = tf.constant(1.0)
    with tf.get_default_graph().gradient_override_map({"Identity": "TestNobody"}):
        y = tf.identity(x)

    with pytest.raises(
        LookupError, match=r"No gradient defined for operation 'Identity' \(op type: TestNobody\)"
    ):
        tf.gradients(y, x)


def test_gradients_stop_where_declared():
    tf.NotDifferentiable("TestStop")
    x = tf.constant(1.0)
    with tf.get_default_graph().gradient_override_map({"Square": "TestStop"}):
        y = tf.square(x)

    assert tf.gradients(y, x) == [None]


def test_a_custom_gradient_is_used_and_can_be_differentiated():
    @tf.custom_gradient
    def clipped(x):
        return x**3, lambda dy: dy * tf.minimum(x, 10.0)

    x = tf.constant([2.0, 20.0])
    y = clipped(x)
    [dy] = tf.gradients(y, x)
    [d2y] = tf.gradients(dy, x)

    found = tf.Session().run([y, dy, d2y])
    assert [v.tolist() for v in found] == [[8.0, 8000.0], [2.0, 10.0], [1.0, 0.0]]


def test_a_custom_gradient_of_several():
    @tf.custom_gradient
    def both(x, y):
        return (x * y, x + y), lambda da, db: (da * 100.0, db * 10.0)

    x, y = tf.constant(2.0), tf.constant(3.0)
    product, total = both(x, y)

    assert tf.Session().run([product, total, *tf.gradients([product, total], [x, y])]) == [
        6.0,
        5.0,
        100.0,
        10.0,
    ]


def test_a_custom_gradient_with_variables():
    v = tf.Variable(3.0)

    @tf.custom_gradient
    def scaled(x):
        def gradient(dy, variables):
            assert variables == [v]
            return dy * 7.0, [dy * 11.0]

        return x * v, gradient

    x = tf.constant(2.0)
    y = scaled(x)
    sess = tf.Session()
    sess.run(v.initializer)

    assert sess.run([y, *tf.gradients(y, [x, v])]) == [6.0, 7.0, 11.0]


def test_custom_gradients_that_are_wrong():
    v = tf.Variable(3.0)

    @tf.custom_gradient
    def forgets_variables(x):
        return x * v, lambda dy: dy

    @tf.custom_gradient
    def too_many(x):
        return x * 2.0, lambda dy: (dy, dy)

    with pytest.raises(TypeError, match="grad_fn must accept a 'variables' keyword argument"):
        forgets_variables(1.0)
    with pytest.raises(ValueError, match="supports keywords arguments only when eager execution is enabled"):
        too_many(x=1.0)
    x = tf.constant(1.0)
    with pytest.raises(ValueError, match="expected to return 1 gradients but returned 2 instead"):
        tf.gradients(too_many(x), x)


def test_truth_values_have_no_gradient():
    x = tf.constant([[1.0, 2.0]])

    assert tf.gradients(tf.nn.in_top_k(x, [0], 1), x) == tf.gradients(x > 1.0, x) == [None]
