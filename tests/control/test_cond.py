"""`tf.cond` and `tf.case`: what runs, what comes back, what is wrong."""

from typing import Any

import numpy as np
import pytest

import graphmagic as tf


def run(fetches: Any, feeds: Any = None) -> Any:
    return tf.Session().run(fetches, feeds)


def test_only_the_chosen_branch_runs() -> None:
    pred = tf.placeholder(tf.bool, [])
    v = tf.Variable(0.0)
    chosen = tf.cond(pred, lambda: v.assign_add(1.0), lambda: v.assign_sub(10.0))
    with tf.Session() as session:
        session.run(v.initializer)
        assert [session.run(chosen, {pred: p}) for p in (True, True, False)] == [1.0, 2.0, -8.0]


def test_what_is_made_outside_runs_in_any_case() -> None:
    v = tf.Variable(0.0)
    outside = v.assign_add(1.0)
    chosen = tf.cond(tf.constant(False), lambda: tf.identity(outside), lambda: tf.constant(5.0))
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(chosen) == 5.0
        assert session.run(v) == 1.0


def test_the_other_branch_may_fail() -> None:
    v = tf.Variable(1.0)
    three = tf.placeholder_with_default(tf.zeros([3]), None)
    assert run(tf.cond(tf.constant(True), lambda: 1, lambda: tf.size(tf.reshape(three, [2])))) == 1
    assert run(tf.cond(tf.constant(True), lambda: 1.0, lambda: v + 1.0)) == 1.0


def test_operation_as_result_is_the_predicate() -> None:
    v = tf.Variable(0.0)
    pred = tf.placeholder(tf.bool, [])
    done = tf.cond(pred, lambda: tf.group(v.assign(1.0)), tf.no_op)
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(done, {pred: False}) == np.False_
        assert session.run(v) == 0.0
        assert session.run(done, {pred: True}) == np.True_
        assert session.run(v) == 1.0


def test_operations_inside_are_in_the_graph_and_cannot_be_fetched(graph: Any) -> None:
    x = tf.constant(2.0)
    tf.cond(x > 0, lambda: tf.multiply(x, 2.0, name="inner"), lambda: x)
    inner = graph.get_tensor_by_name("cond/inner:0")
    assert inner.op in graph.get_operations()
    with pytest.raises(ValueError, match="Operation cond/inner has been marked as not fetchable"):
        run(inner)
    with pytest.raises(ValueError, match="Tensor cond/inner:0 may not be fed"):
        run(x, {inner: 1.0})


def test_a_tensor_from_inside_cannot_be_used_outside(graph: Any) -> None:
    x = tf.constant(2.0)
    tf.cond(x > 0, lambda: tf.multiply(x, 2.0, name="inner"), lambda: x)
    inner = graph.get_tensor_by_name("cond/inner:0")
    with pytest.raises(
        ValueError, match="Cannot use 'cond/inner' as input to 'Add' because 'cond/inner' is in a branch"
    ):
        tf.add(inner, 1.0)
    with pytest.raises(ValueError, match="is in a branch of a cond"), tf.control_dependencies([inner]):
        pass


def test_waiting_for_something_outside() -> None:
    v = tf.Variable(0.0)
    change = v.assign(5.0)

    def branch() -> Any:
        with tf.control_dependencies([change]):
            return tf.constant(1.0)

    chosen = tf.cond(tf.constant(True), branch, lambda: 2.0)
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(chosen) == 1.0
        assert session.run(v) == 5.0


def test_variable_made_inside_belongs_to_the_graph() -> None:
    made = []

    def branch() -> Any:
        made.append(tf.Variable(3.0, name="inside"))
        return made[0] + 1.0

    chosen = tf.cond(tf.constant(True), branch, lambda: 0.0)
    assert made[0].op.block is None
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(chosen) == 4.0


def test_reading_inside_sees_writes_before() -> None:
    v = tf.Variable(1.0)
    with tf.control_dependencies([v.assign(7.0)]):
        chosen = tf.cond(tf.constant(True), lambda: v + 0.0, lambda: 0.0)
    assert run(chosen) == 7.0


def test_error_inside_names_the_operation_and_its_line() -> None:
    x = tf.placeholder(tf.float32, None)
    chosen = tf.cond(tf.constant(True), lambda: tf.reshape(x, [2], name="wrong"), lambda: x)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"{{node cond/wrong}}") as caught:
        run(chosen, {x: [1.0, 2.0, 3.0]})
    assert caught.value.op.name == "cond/wrong"
    assert any("test_cond.py" in note for note in caught.value.__notes__)


def test_seeds_count_operations_as_in_tensorflow(graph: Any) -> None:
    x = tf.placeholder(tf.float32, [], name="x")
    tf.cond(x > 0, lambda: x * 2.0, lambda: x + 3.0)
    assert graph.last_id == 14  # as many as there are operations in TensorFlow's graph


def test_undefined_results() -> None:
    p = tf.constant(True)
    with pytest.raises(ValueError, match="'true_fn' must have a return value"):
        tf.cond(p, lambda: None, lambda: None)
    with pytest.raises(ValueError, match="must return at least one result"):
        tf.cond(p, list, list)
    with pytest.raises(TypeError, match=r"cond\(\): 'false_fn' argument required"):
        tf.cond(p, lambda: 1)
    with pytest.raises(TypeError, match="'true_fn' and 'fn1' may not be set simultaneously"):
        tf.cond(p, lambda: 1, lambda: 2, fn1=lambda: 3)
    with pytest.raises(TypeError, match="Input 'pred' of 'Switch' Op has type int32"):
        tf.cond(1, lambda: 1, lambda: 2)


def test_strict_keeps_a_list() -> None:
    p = tf.constant(True)
    assert run(tf.cond(p, lambda: [1], lambda: [2])) == 1
    assert run(tf.cond(p, lambda: [1], lambda: [2], strict=True)) == [1]


def test_case_takes_the_first_that_holds() -> None:
    x = tf.placeholder(tf.int32, [])
    word = tf.case([(x > 5, lambda: "big"), (x > 2, lambda: "middle")], default=lambda: "small")
    assert [run(word, {x: v}) for v in (9, 4, 1)] == [b"big", b"middle", b"small"]


def test_case_without_default_needs_one_that_holds() -> None:
    x = tf.placeholder(tf.int32, [])
    chosen = tf.case([(x > 5, lambda: tf.constant(1)), (x > 2, lambda: tf.constant(2))])
    assert [run(chosen, {x: v}) for v in (9, 4)] == [1, 2]
    with pytest.raises(tf.errors.InvalidArgumentError, match="None of conditions evaluated as True"):
        run(chosen, {x: 0})


def test_exclusive_case_accepts_only_one() -> None:
    x = tf.placeholder(tf.int32, [])
    chosen = tf.case([(x > 5, lambda: 1), (x > 2, lambda: 2)], default=lambda: 3, exclusive=True)
    assert run(chosen, {x: 4}) == 2
    with pytest.raises(tf.errors.InvalidArgumentError, match="more than 1 conditions"):
        run(chosen, {x: 9})


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (3, "'pred_fn_pairs' must be a list, tuple, or dict"),
        ([3], "Each entry in 'pred_fn_pairs' must be a 2-tuple"),
        ([(True, lambda: 1)], "pred must be a Tensor, got: True"),
    ],
)
def test_case_refuses(pairs: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        tf.case(pairs)


def test_failure_while_building_leaves_the_graph_usable(graph: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        tf.cond(tf.constant(True), lambda: 1 / 0, lambda: 1)
    assert graph.block is None
    assert run(tf.constant(3)) == 3


def test_what_waits_for_a_branch_waits_for_its_effects():
    with tf.Graph().as_default(), tf.Session() as sess:
        v, p = tf.Variable(0.0), tf.placeholder(tf.bool, [])
        written = tf.cond(p, lambda: v.assign(1.0), lambda: v.assign(2.0))
        grouped = tf.group(tf.cond(p, lambda: tf.group(v.assign(5.0)), tf.no_op))
        with tf.control_dependencies([written]):
            after = tf.constant(7.0) + 1.0
        sess.run(v.initializer)
        values = []
        for fetches, flag in ((tf.group(written), True), (grouped, True), (grouped, False), (after, False)):
            sess.run(fetches, {p: flag})
            values.append(float(sess.run(v)))

    assert values == [1.0, 5.0, 5.0, 2.0]


def test_what_waits_for_a_loop_waits_for_its_effects():
    with tf.Graph().as_default(), tf.Session() as sess:
        v = tf.Variable(0.0)

        def body(i):
            with tf.control_dependencies([v.assign_add(1.0)]):
                return tf.identity(i + 1)

        grouped = tf.group(tf.while_loop(lambda i: i < 3, body, [0]))
        sess.run(v.initializer)
        sess.run(grouped)

        assert sess.run(v) == 3.0
