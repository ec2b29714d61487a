"""`tf.while_loop`: structures, shapes, writes, errors."""

from typing import Any

import numpy as np
import pytest

import graphmagic as tf

loop = tf.while_loop


def run(fetches: Any, feeds: Any = None) -> Any:
    return tf.Session().run(fetches, feeds)


@pytest.mark.parametrize(
    ("variables", "condition", "body", "expected"),
    [
        ([0], lambda i: i < 3, lambda i: i + 1, 3),
        ([0], lambda i: i < 3, lambda i: (i + 1,), 3),
        ((0, 1), lambda i, j: i < 3, lambda i, j: [i + 1, j * 2], [3, 8]),
        ([0, (1, 2)], lambda i, p: i < 3, lambda i, p: (i + 1, (p[0], p[0] + p[1])), (3, (1, 5))),
        ([{"a": 1}], lambda d: d["a"] < 4, lambda d: [{"a": d["a"] + 1}], {"a": 4}),
        ([[1, 2]], lambda p: p[0] < 4, lambda p: [[p[0] + 1, p[1]]], [[4, 2]]),
    ],
)
def test_structures(variables: Any, condition: Any, body: Any, expected: Any) -> None:
    assert run(loop(condition, body, variables)) == expected


def test_maximum_iterations() -> None:
    assert run(loop(lambda i: i < 30, lambda i: i + 1, [0], maximum_iterations=4)) == 4
    assert run(loop(lambda i, j: i < 30, lambda i, j: (i + 1, j - 1), (0, 0), maximum_iterations=4)) == (
        4,
        -4,
    )
    with pytest.raises(ValueError, match="'maximum_iterations' must be a scalar"):
        loop(lambda i: i < 3, lambda i: i + 1, [0], maximum_iterations=[1, 2])


def test_writes_inside() -> None:
    v = tf.Variable(0)
    total = tf.Variable([0, 0])

    def body(i: Any) -> Any:
        with tf.control_dependencies([v.assign_add(i)]), tf.control_dependencies([total.assign(total + v)]):
            return i + 1

    last = loop(lambda i: i < 4, body, [0])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(last) == 4
        assert session.run(v) == 6
        np.testing.assert_array_equal(session.run(total), [10, 10])


def test_an_optimizer_in_the_body() -> None:
    v = tf.Variable(5.0)
    step = tf.train.GradientDescentOptimizer(0.1)

    def body(i: Any) -> Any:
        with tf.control_dependencies([step.minimize(tf.square(v))]):
            return i + 1

    last = loop(lambda i: i < 50, body, [0])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(last)
        assert abs(session.run(v)) < 1e-3


def test_condition_may_read_a_variable_that_the_body_writes() -> None:
    v = tf.Variable(0)

    def body(i: Any) -> Any:
        with tf.control_dependencies([v.assign_add(2)]):
            return tf.identity(i) + 1

    rounds = loop(lambda i: v < 7, body, [0])
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(rounds) == 4


def test_random_numbers_differ_between_iterations() -> None:
    tf.set_random_seed(1)
    _, values = loop(
        lambda i, ta: i < 3,
        lambda i, ta: (i + 1, ta.write(i, tf.random_uniform([]))),
        [0, tf.TensorArray(tf.float32, 3)],
    )
    assert len(set(run(values.stack()).tolist())) == 3


def test_feeding_what_a_body_captures() -> None:
    x = tf.constant(2.0) * 1.0
    y = loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * x), [0, 1.0])[1]
    assert run(y, {x: 3.0}) == 27.0
    assert run(y * 2.0, {y: 5.0}) == 10.0


def test_operations_inside_cannot_be_fetched_fed_or_used_outside(graph: Any) -> None:
    loop(lambda i: i < 3, lambda i: tf.add(i, 1, name="next"), [0])
    inner = graph.get_tensor_by_name("while/next:0")
    with pytest.raises(ValueError, match="Operation while/next has been marked as not fetchable"):
        run(inner)
    with pytest.raises(
        ValueError, match="Cannot use 'while/next' as input to 'Add' because 'while/next' is in a while loop"
    ):
        tf.add(inner, 1)


def test_shapes_that_change_need_invariants() -> None:
    with pytest.raises(
        ValueError, match=r"enters the loop with shape \(\), but has shape \(2,\) after one iteration"
    ):
        loop(lambda a: True, lambda a: tf.zeros([2]), [0.0])
    with pytest.raises(
        ValueError,
        match=r"The shape invariant specified for Const:0 is not compatible with the initial shape",
    ):
        loop(lambda a: True, lambda a: a, [tf.constant(0.0)], shape_invariants=[tf.TensorShape([3])])
    grown = loop(
        lambda i, a: i < 3,
        lambda i, a: (i + 1, tf.concat([a, a], 0)),
        [0, tf.ones([1, 2])],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, 2])],
    )[1]
    assert grown.shape.as_list() == [None, 2]
    assert run(grown).shape == (8, 2)


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: loop(1, lambda i: i, [0]), TypeError, "'cond' must be callable"),
        (lambda: loop(lambda i: True, 1, [0]), TypeError, "'body' must be callable"),
        (lambda: loop(lambda: True, lambda: 1, []), ValueError, "'loop_vars' must be provided"),
        (
            lambda: loop(lambda i: i, lambda i: i, [0], parallel_iterations=0),
            TypeError,
            "must be a positive integer",
        ),
        (
            lambda: loop(lambda i: i, lambda i: i, [0]),
            TypeError,
            "Input 'input' of 'LoopCond' Op has type int32",
        ),
        (
            lambda: loop(lambda i: [True, False], lambda i: i, [0]),
            ValueError,
            "Shape must be rank 0 but is rank 1",
        ),
        (
            lambda: loop(lambda i: i < 3, lambda i: [i, i], [0]),
            ValueError,
            "don't have the same number of elements",
        ),
    ],
)
def test_refuses(make: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        make()


def test_another_type_after_an_iteration_is_noticed_when_it_runs() -> None:
    last = loop(lambda i: i < 3, lambda i: tf.cast(i, tf.float32), [tf.constant(0)])
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match="Input 1 of node while/Merge was passed float from while/NextIteration:0 incompatible with expected",
    ):
        run(last)


def test_seeds_count_operations_as_in_tensorflow(graph: Any) -> None:
    x = tf.constant(2.0)
    loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * x), [0, tf.constant(1.0)])
    assert graph.last_id == 22  # as many as there are operations in TensorFlow's graph


def test_an_error_stops_the_loop_and_keeps_writes() -> None:
    v = tf.Variable(0)

    def body(i: Any) -> Any:
        with (
            tf.control_dependencies([v.assign_add(1)]),
            tf.control_dependencies([tf.Assert(i < 2, ["stop", i])]),
        ):
            return i + 1

    last = loop(lambda i: i < 9, body, [0])
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"assertion failed: \[stop\] \[2\]"):
            session.run(last)
        assert session.run(v) == 3


def test_values_do_not_alias_what_the_session_keeps() -> None:
    v = tf.Variable([1.0, 2.0])
    same = loop(lambda i, a: i < 1, lambda i, a: (i + 1, a), [0, v])[1]
    with tf.Session() as session:
        session.run(v.initializer)
        value = session.run(same)
        value[:] = 9.0
        np.testing.assert_array_equal(session.run(v), [1.0, 2.0])
