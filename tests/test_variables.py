"""Variables: how they begin, when they are read, how they are written."""

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture
def sess():
    return tf.Session()


def names():
    return [op.name for op in tf.get_default_graph().get_operations()]


# ----- making -----


def test_the_operations_of_a_variable():
    v = tf.Variable(42, name="foo")
    types = [op.type for op in v.graph.get_operations()]

    assert names() == ["foo/initial_value", "foo", "foo/Assign", "foo/read"]
    assert types == ["Const", "VariableV2", "Assign", "Identity"]
    assert (v.name, v.op.name, v.dtype, v.shape) == ("foo:0", "foo", tf.int32.ref_dtype, [])
    assert (v.initializer.name, v.initial_value.name, v.value().name) == (
        "foo/Assign",
        "foo/initial_value:0",
        "foo/read:0",
    )


def test_kinds_of_initial_values(sess):
    given = [3, 2.5, [1, 2], np.ones([2, 1]), tf.zeros([2]), lambda: tf.fill([2], 7.0), True, "text"]
    variables = [tf.Variable(value) for value in given]
    sess.run(tf.global_variables_initializer())

    assert [v.dtype.base_dtype.name for v in variables] == [
        *("int32", "float32", "int32", "float64", "float32", "float32", "bool", "string")
    ]
    assert [np.asarray(value).tolist() for value in sess.run(variables)] == [
        *(3, 2.5, [1, 2], [[1.0], [1.0]], [0.0, 0.0], [7.0, 7.0], True, b"text")
    ]


def test_the_type_can_be_given(sess):
    v = tf.Variable(1, dtype=tf.float64)
    sess.run(v.initializer)

    assert sess.run(v).dtype == np.float64
    with pytest.raises(ValueError, match="initial_value: Tensor conversion requested dtype int32"):
        tf.Variable(tf.constant(1.0), dtype=tf.int32)


@pytest.mark.parametrize(
    ("make", "kind", "text"),
    [
        (tf.Variable, ValueError, "initial_value must be specified."),
        (
            lambda: tf.Variable(tf.placeholder(tf.float32)),
            ValueError,
            "initial_value must have a shape specified: Tensor(",
        ),
        (
            lambda: tf.Variable(tf.placeholder(tf.float32, [None])),
            ValueError,
            "initial_value must have a shape specified",
        ),
        (
            lambda: tf.Variable(1, collections="mine"),
            ValueError,
            "collections argument to Variable constructor must be",
        ),
        (lambda: tf.Variable(1, constraint=3), ValueError, "The `constraint` argument must be a callable."),
        (lambda: tf.Variable(object()), TypeError, "Failed to convert elements of"),
    ],
)
def test_variables_that_cannot_be_made(make, kind, text):
    with pytest.raises(kind) as caught:
        make()
    assert str(caught.value).startswith(text)
    assert tf.global_variables() == []


def test_variables_are_made_whatever_surrounds_them(sess):
    with tf.name_scope("layer"), tf.control_dependencies([tf.placeholder(tf.float32)]):
        v = tf.Variable(lambda: tf.constant(3.0, name="start"), name="v")
    sess.run(v.initializer)

    assert v.name == "layer/v:0"
    assert v.initial_value.name == "layer/v/Initializer/start:0"
    assert sess.run(v) == 3.0


# ----- initialization -----


def test_initializers_of_some_variables(sess):
    v, w = tf.Variable(1, name="v"), tf.Variable(2, name="w")
    some, none = tf.variables_initializer([v]), tf.variables_initializer([], name="none")
    sess.run([some, none])

    assert sess.run([tf.is_variable_initialized(x) for x in (v, w)]) == [True, False]
    assert none.name == "none"
    sess.run(tf.global_variables_initializer())
    assert sess.run([v, w]) == [1, 2]


def test_initializing_again_starts_again(sess):
    v = tf.Variable(1)
    sess.run(v.initializer)
    sess.run(v.assign(5))
    sess.run(v.initializer)

    assert sess.run(v) == 1


def test_variables_made_from_others_in_one_run(sess):
    a = tf.Variable(tf.random_uniform([3]), name="a")
    b = tf.Variable(a * 2.0, name="b")
    c = tf.Variable(b.initialized_value() + a.initialized_value(), name="c")
    d = tf.Variable(tf.reduce_sum(tf.concat([b, c], 0)), name="d")
    e = tf.Variable(d, name="e")
    sess.run(tf.global_variables_initializer())
    values = sess.run([a, b, c, d, e])

    assert (values[1] == values[0] * 2.0).all()
    assert (values[2] == values[0] * 3.0).all()
    assert values[3] == values[4] == pytest.approx(values[0].sum() * 5.0, rel=1e-6)


def test_initialized_value_is_the_value_if_there_is_one(sess):
    a = tf.Variable(1.0)
    b = tf.Variable(a.initialized_value() + 1.0)
    sess.run(a.assign(10.0))
    sess.run(b.initializer)

    assert sess.run(b) == 11.0


def test_an_initial_value_that_is_fed(sess):
    x = tf.placeholder(tf.float32, [2])
    v = tf.Variable(x)
    sess.run(v.initializer, {x: [1.0, 2.0]})

    assert sess.run(v).tolist() == [1.0, 2.0]


def test_an_initializer_needs_no_more_than_its_own_variables(sess):
    a, b = tf.Variable(1.0), tf.Variable(2.0)
    c = tf.Variable(a + 1.0)
    sess.run(c.initializer)

    assert sess.run(c) == 2.0
    assert [state.value is None for state in sess.variables()] == [True, True, False]
    assert b.initializer not in c.initializer.inputs[1].op.control_inputs


# ----- reading -----


def test_reads_are_shared_unless_something_must_come_first():
    v = tf.Variable(1.0, name="v")
    assert v.value() is v.value()
    assert (v + 1.0).op.inputs[0] is v.value()

    with tf.control_dependencies([v.assign(2.0)]):
        later = v + 1.0
    assert later.op.inputs[0] is not v.value()
    assert later.op.inputs[0].name == "v/read_1:0"
    assert v.read_value() is not v.read_value()


def test_a_read_sees_the_writes_ordered_before_it(sess):
    v = tf.Variable(1.0)
    change = v.assign_add(10.0)
    with tf.control_dependencies([change]):
        after, computed = v.read_value(), v * 2.0
    sess.run(v.initializer)

    assert sess.run([after, computed]) == [11.0, 22.0]


def test_a_read_without_order_sees_the_value_before_the_run(sess):
    v = tf.Variable(1.0)
    change = v.assign_add(10.0)
    later = v + 0.0  # made after the write, but nothing makes it wait
    sess.run(v.initializer)

    assert sess.run([change, later, v.value()]) == [11.0, 1.0, 1.0]
    assert sess.run([later, change]) == [11.0, 21.0]


def test_a_fetched_variable_has_its_value_after_the_run(sess):
    v = tf.Variable(1.0)
    change = v.assign_add(10.0)
    sess.run(v.initializer)

    assert sess.run([v, change, "Variable:0"]) == [11.0, 11.0, 11.0]


def test_a_read_between_two_writes(sess):
    v = tf.Variable(1.0)
    with tf.control_dependencies([v.assign_add(1.0)]):
        between = v.read_value()
    with tf.control_dependencies([between]):
        end = v.assign_add(100.0)
    sess.run(v.initializer)

    assert sess.run([between, end]) == [2.0, 102.0]


def test_writes_without_order_happen_in_creation_order(sess):
    v = tf.Variable(1.0)
    add, double = v.assign_add(2.0), v.assign(v * 10.0)
    for _ in range(3):
        sess.run(v.initializer)

        assert sess.run([double, add, v]) == [10.0, 3.0, 10.0]


def test_values_by_methods(sess):
    v = tf.Variable([1.0, 2.0])
    with sess.as_default():
        v.initializer.run()
        v.load([3.0, 4.0])

        assert v.eval().tolist() == [3.0, 4.0]
    v.load([5.0, 6.0], sess)
    assert v.eval(sess).tolist() == [5.0, 6.0]
    with pytest.raises(ValueError, match="Either session argument should be provided or default session"):
        v.load([7.0, 8.0])
    with pytest.raises(ValueError, match=r"Cannot feed value of shape \(3,\)"):
        v.load([1.0, 2.0, 3.0], sess)


# ----- writing -----


def test_what_writing_returns(sess):
    v = tf.Variable([1.0, 2.0])
    sess.run(v.initializer)

    assert sess.run(v.assign([3.0, 4.0])).tolist() == [3.0, 4.0]
    assert sess.run(v.assign_add([1.0, 1.0])).tolist() == [4.0, 5.0]
    assert sess.run(tf.assign_sub(v, [0.5, 0.5])).tolist() == [3.5, 4.5]
    operation = v.assign([0.0, 0.0], read_value=False)
    assert isinstance(operation, tf.Operation)
    assert sess.run(operation) is None
    assert sess.run(v).tolist() == [0.0, 0.0]


def test_assigning_in_place_of_initializing(sess):
    v = tf.Variable(1)

    assert sess.run(v.assign(5)) == 5
    assert sess.run(v) == 5


def test_shapes_stay_what_they_are(sess):
    v, x = tf.Variable([1.0, 2.0]), tf.placeholder(tf.float32)
    with pytest.raises(
        ValueError, match=r"Dimension 0 in both shapes must be equal, but are 2 and 3.*\[2\], \[3\]\."
    ):
        v.assign([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="Shapes must be equal rank, but are 1 and 0"):
        v.assign_add(1.0)
    sess.run(v.initializer)
    for write, text in (
        (v.assign(x), r"Assign requires shapes of both tensors to match. lhs shape= \[2\] rhs shape= \[3\]"),
        (v.assign_add(x), "Parameters and update must be the same size"),
    ):
        with pytest.raises(tf.errors.InvalidArgumentError, match=text) as caught:
            sess.run(write, {x: [1.0, 2.0, 3.0]})
        assert caught.value.op is write.op


def test_shapes_that_may_change(sess):
    v = tf.Variable([1.0, 2.0], validate_shape=False)
    assert v.shape.ndims is None

    x = tf.placeholder(tf.float32)
    change = tf.assign(v, x, validate_shape=False)
    sess.run(v.initializer)
    assert sess.run(change, {x: [[1.0]]}).tolist() == [[1.0]]
    assert sess.run([v, v * 2.0, tf.shape(v)])[2].tolist() == [1, 1]
    fixed = tf.Variable([1.0, 2.0])
    assert sess.run(tf.assign(fixed, [7.0], validate_shape=False)).tolist() == [7.0]


def test_types_stay_what_they_are():
    v = tf.Variable([1.0, 2.0])
    with pytest.raises(
        TypeError, match="Input 'value' of 'Assign' Op has type int32 that does not match type float32"
    ):
        v.assign(tf.constant([1, 2]))
    with pytest.raises(TypeError, match="Expected float32"):
        v.assign(["a", "b"])


@pytest.mark.parametrize("write", [tf.assign, tf.assign_add, tf.assign_sub])
def test_only_variables_can_be_written(write):
    with pytest.raises(AttributeError, match="'Tensor' object has no attribute 'assign"):
        write(tf.constant(1.0), 2.0)


# ----- uninitialized -----


def test_the_error_of_an_uninitialized_variable(sess):
    foo = tf.Variable(42, name="foo")
    with pytest.raises(tf.errors.FailedPreconditionError) as caught:
        sess.run(foo + 1)
    error = caught.value

    assert error.message == "Attempting to use uninitialized value foo\n\t [[{{node foo/read}}]]"
    assert (error.op, error.error_code) == (foo.value().op, 9)
    assert (error.node_def.name, error.node_def.op, error.node_def.input) == ("foo/read", "Identity", ["foo"])
    assert error.__notes__[0].startswith("foo (VariableV2) was created at test_variables.py:")
    assert error.__notes__[0].endswith('foo = tf.Variable(42, name="foo")')
    assert "sess.run(tf.global_variables_initializer())" in error.__notes__[1]


def test_one_session_knows_nothing_of_another(sess):
    v = tf.Variable(1)
    tf.Session().run(v.initializer)
    with pytest.raises(tf.errors.FailedPreconditionError):
        sess.run(v)
