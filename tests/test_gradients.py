"""Gradients: nodes that follow the chain rule, whatever is between the ys and the xs."""

import numpy as np
import pytest

import graphmagic as tf


def run(fetches, feeds=None):
    return tf.Session().run(fetches, feeds)


def test_the_sum_of_several_ys():
    a, b = tf.constant(2.0), tf.constant(5.0)

    assert run(tf.gradients([a * b, a * a], [a, b])) == [5.0 + 4.0, 2.0]
    assert run(tf.gradients(tf.stack([a * b, a]), a)) == [6.0]


def test_a_y_that_is_an_x_and_a_y_twice():
    a = tf.constant(2.0)
    y = a * a

    assert run(tf.gradients(y, [y, a])) == [1.0, 4.0]
    assert run(tf.gradients([y, y, a], a)) == [9.0]


def test_where_to_start_from():
    a = tf.constant([1.0, 2.0])
    y, z = a * 3.0, tf.square(a)

    assert run(tf.gradients(y, a, grad_ys=[[10.0, 20.0]]))[0].tolist() == [30.0, 60.0]
    assert run(tf.gradients([y, z], a, grad_ys=[None, tf.constant([0.0, 1.0])]))[0].tolist() == [3.0, 7.0]
    with pytest.raises(ValueError, match="Passed 2 grad_ys for 1 ys"):
        tf.gradients(y, a, grad_ys=[None, None])
    with pytest.raises(ValueError, match="Dimensions must be equal, but are 2 and 3"):
        tf.gradients(y, a, grad_ys=[[1.0, 2.0, 3.0]])


def test_the_names_of_the_nodes():
    a = tf.constant(2.0, name="a")
    (first,) = tf.gradients(tf.square(a, name="y"), a)
    (second,) = tf.gradients(tf.square(a), a, name="mine")
    (third,) = tf.gradients(a, a, grad_ys=[1.0])

    assert first.name.startswith("gradients/y_grad/")
    assert second.name.startswith("mine/")
    assert third.name == "gradients_1/grad_ys_0:0"


def test_what_does_not_depend_has_no_gradient():
    a, b = tf.constant([1.0, 2.0]), tf.constant(2.0)

    assert tf.gradients(tf.square(b), [a]) == [None]
    assert run(tf.gradients(tf.square(b), [a, b], unconnected_gradients="zero"))[0].tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match="Unknown value for unconnected_gradients: 'none of it'"):
        tf.gradients(b, a, unconnected_gradients="none of it")


def test_no_gradient_flows_through_integers():
    a, n = tf.constant([1.5, 2.5]), tf.constant([1, 2])

    assert tf.gradients(n * 2, n) == [None]
    assert tf.gradients(tf.cast(tf.cast(a, tf.int32), tf.float32), a) == [None]
    assert tf.gradients(tf.cast(tf.argmax(a, 0), tf.float32), a) == [None]
    assert tf.gradients(tf.gather(a, n), n) == [None]


def test_stopping():
    a = tf.constant(2.0)
    b = a * 3.0

    assert run(tf.gradients(a * b, a)) == [12.0]
    assert run(tf.gradients(a * b, a, stop_gradients=[b])) == [6.0]
    assert run(tf.gradients(a * tf.stop_gradient(b), a)) == [6.0]
    assert tf.gradients(b, a, stop_gradients=b) == [None]


def test_an_operation_without_a_gradient():
    from graphmagic.graph.apply import apply_op
    from graphmagic.graph.opdef import OpDef, registry

    opdef = OpDef("Opaque", "x:T -> y:T", kernel=np.negative)
    del registry["Opaque"]
    a = tf.constant(1.0)
    opaque = apply_op(opdef, a, name="opaque").outputs[0]

    with pytest.raises(LookupError, match=r"No gradient defined for operation 'opaque' \(op type: Opaque\)"):
        tf.gradients(tf.square(opaque), a)
    assert run(tf.gradients(a * 2.0 + tf.stop_gradient(opaque), a)) == [2.0]
    assert run(tf.gradients(tf.square(opaque), opaque)) == [-2.0]


def test_a_gradient_function_that_returns_too_little():
    from graphmagic.graph.apply import apply_op
    from graphmagic.graph.opdef import OpDef, registry

    opdef = OpDef("Odd", "x:T, y:T -> z:T", kernel=np.add)
    opdef.gradient(lambda op, dz: [dz])
    del registry["Odd"]
    a = tf.constant(1.0)
    with pytest.raises(ValueError, match="Num gradients 1 generated for op odd do not match num inputs 2"):
        tf.gradients(apply_op(opdef, a, a, name="odd").outputs[0], a)


def test_variables_collect_from_all_their_reads():
    v = tf.Variable(3.0)
    with tf.control_dependencies([tf.no_op()]):
        again = v.read_value()
    sess = tf.Session()
    sess.run(v.initializer)

    assert sess.run(tf.gradients(v * again + v, v)) == [7.0]
    assert sess.run(tf.gradients(v.value() * again, [v.value(), again])) == [3.0, 3.0]


@pytest.mark.parametrize(
    ("left", "right"), [([2, 3], [3]), ([2, 1], [1, 3]), ([], [2, 3]), ([4, 1, 3], [2, 1]), ([1], [])]
)
@pytest.mark.parametrize("known", [True, False])
def test_what_was_broadcast_is_summed_back(left, right, known):
    x = tf.placeholder(tf.float32, left if known else None)
    y = tf.placeholder(tf.float32, right if known else None)
    values = {x: np.ones(left), y: np.full(right, 2.0)}
    size = np.broadcast_shapes(tuple(left), tuple(right))
    dx, dy = run(tf.gradients(x * y, [x, y]), values)

    assert (dx.shape, dy.shape) == (tuple(left), tuple(right))
    assert (dx.sum(), dy.sum()) == (2.0 * np.prod(size), np.prod(size))


def test_outputs_that_nobody_uses():
    a = tf.constant([1.0, 2.0, 3.0])
    first, _, _ = tf.unstack(a)

    assert run(tf.gradients(first * 5.0, a))[0].tolist() == [5.0, 0.0, 0.0]


def test_gradients_of_gradients():
    x = tf.constant(2.0)
    y = x**4.0 + tf.exp(x)
    orders = [y]
    for _ in range(3):
        orders += tf.gradients(orders[-1], x)

    e = np.exp(2.0)
    assert run(orders) == pytest.approx([16.0 + e, 32.0 + e, 48.0 + e, 48.0 + e], rel=1e-6)


def test_a_gradient_of_a_matrix_product_twice():
    x = tf.constant([[1.0, 2.0]])
    w = tf.constant([[3.0], [4.0]])
    (dx,) = tf.gradients(tf.square(tf.matmul(x, w)), x)
    (ddx,) = tf.gradients(dx, x)

    assert run(dx).tolist() == [[2 * 11 * 3.0, 2 * 11 * 4.0]]
    assert run(ddx).tolist() == [[2 * 3 * 7.0, 2 * 4 * 7.0]]


# ----- rows -----


def test_gathered_rows_have_sparse_gradients():
    v = tf.Variable(tf.ones([4, 2]), name="v")
    (gradient,) = tf.gradients(tf.gather(v, [0, 2, 0]), v)
    sess = tf.Session()
    sess.run(v.initializer)

    assert isinstance(gradient, tf.IndexedSlices)
    assert (gradient.dtype, gradient.graph) == (tf.float32, v.graph)
    assert str(gradient).startswith("IndexedSlices(indices=Tensor(")
    assert sess.run(tf.convert_to_tensor(gradient)).tolist() == [
        [2.0, 2.0],
        [0.0, 0.0],
        [1.0, 1.0],
        [0.0, 0.0],
    ]
    assert sess.run(-gradient).values.tolist() == [[-1.0, -1.0]] * 3


def test_sparse_gradients_add_up():
    v = tf.Variable(tf.ones([3, 2]))
    rows = tf.reduce_sum(tf.gather(v, [0])) + tf.reduce_sum(tf.gather(v, [2, 0])) * 10.0
    (sparse,) = tf.gradients(rows, v)
    (mixed,) = tf.gradients(rows + tf.reduce_sum(v), v)
    sess = tf.Session()
    sess.run(v.initializer)

    assert isinstance(sparse, tf.IndexedSlices)
    assert isinstance(mixed, tf.Tensor)
    assert sess.run(tf.convert_to_tensor(sparse)).tolist() == [[11.0, 11.0], [0.0, 0.0], [10.0, 10.0]]
    assert sess.run(mixed).tolist() == [[12.0, 12.0], [1.0, 1.0], [11.0, 11.0]]


def test_sparse_gradients_become_dense_on_their_way():
    x = tf.constant([[1.0], [2.0]])
    (gradient,) = tf.gradients(tf.gather(x * 3.0, [1, 1]), x)

    assert run(gradient).tolist() == [[0.0], [6.0]]


# ----- size -----


def test_a_long_chain_needs_no_recursion():
    x = tf.constant(1.0)
    y = x
    for _ in range(5_000):
        y = tf.negative(y)

    assert run(tf.gradients(y, x)) == [1.0]


def test_gating_makes_all_gradients_wait_for_each_other():
    a, b = tf.constant(1.0), tf.constant(2.0)
    gated = tf.gradients(a * b, [a, b], gate_gradients=True)

    assert run(gated) == [2.0, 1.0]
    assert all(g.op.control_inputs for g in gated)


def test_rows_chosen_by_numbers_of_two_types_add_up():
    with tf.Graph().as_default(), tf.Session() as sess:
        table = tf.Variable(tf.zeros([4, 2]))
        chosen = [tf.gather(table, tf.constant([1, 2], kind)) for kind in (tf.int32, tf.int64)]
        grad = tf.gradients(tf.add_n([tf.reduce_sum(part) for part in chosen]), table)[0]

        assert sess.run(tf.convert_to_tensor(grad))[:, 0].tolist() == [0, 2, 2, 0]
