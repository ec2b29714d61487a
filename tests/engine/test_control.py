"""Branches and loops in the function of a plan."""

from typing import Any

import numpy as np
import pytest

import graphmagic as tf


def source(fetches: Any, feeds: Any = None) -> str:
    return tf.Session().plan(fetches, feeds or {}).source


def runs(fetches: Any, feeds: Any = None, count: int = 3) -> list[Any]:
    """The results of several runs of one session: the later ones use functions specialised to shapes."""
    session = tf.Session()
    return [session.run(fetches, feeds) for _ in range(count)]


def test_a_loop_is_a_loop_in_the_function() -> None:
    n = tf.placeholder(tf.int32, [])
    i = tf.while_loop(lambda i: i < n, lambda i: i + 2, [0])

    assert source(i, {n: 9}).splitlines()[3:8] == [
        "    while True:",
        "        v1_2 = v2 < g0",
        "        if not v1_2: break",
        "        v2_3 = v2 + c3",
        "        v2 = v2_3",
    ]
    assert runs(i, {n: 9}) == [10, 10, 10]


def test_a_branch_is_a_branch_in_the_function() -> None:
    x = tf.placeholder(tf.float32, [])
    y = tf.cond(x > 0, lambda: x * 2.0, lambda: x)

    lines = [line.split()[0] for line in source(y, {x: 1}).splitlines()]
    assert lines.index("if") < lines.index("else:")
    assert runs(y, {x: 3.0}) == [6, 6, 6]
    assert runs(y, {x: -3.0}) == [-3, -3, -3]


def test_variables_change_all_at_once() -> None:
    x = tf.constant([1.0, 2.0])
    a = tf.while_loop(lambda i, a, b: i < 3, lambda i, a, b: (i + 1, b, a), [0, x, x + 2.0])

    for _, one, two in runs(a):
        assert one.tolist() == [3.0, 4.0]
        assert two.tolist() == [1.0, 2.0]


def test_buffers_of_a_body_do_not_reach_the_next_iteration() -> None:
    x = tf.placeholder(tf.float32, [2, 3])

    def body(i: Any, y: Any, first: Any) -> Any:
        doubled = y * 2.0
        return (
            i + 1,
            tf.transpose(tf.transpose(doubled) + 1.0),
            tf.cond(i < 1, lambda: doubled, lambda: first),
        )

    value = np.ones((2, 3), np.float32)
    for _, y, first in runs(tf.while_loop(lambda i, *_: i < 3, body, [0, x, x]), {x: value}):
        assert y.tolist() == [[15.0] * 3] * 2
        assert first.tolist() == [[2.0] * 3] * 2
    assert value.tolist() == [[1.0] * 3] * 2


def test_a_loop_that_never_runs_gives_the_caller_an_array_of_his_own() -> None:
    x = tf.placeholder(tf.float32, [3])
    y = tf.while_loop(lambda y: False, lambda y: y + 1.0, [x])
    value = np.ones(3, np.float32)

    for result in runs(y, {x: value}):
        assert result.tolist() == [1.0] * 3
        assert not np.shares_memory(result, value)


def test_a_shape_that_changes_in_the_loop() -> None:
    x = tf.placeholder(tf.float32, [None])
    y = tf.while_loop(
        lambda i, y: i < 3,
        lambda i, y: (i + 1, tf.concat([y, y * 2.0], 0)),
        [0, x],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
    )[1]

    for result in runs(y, {x: [1.0]}):
        assert result.tolist() == [1, 2, 2, 4, 2, 4, 4, 8]


def test_a_fed_loop_variable_does_not_stop_the_loop() -> None:
    i, total = tf.while_loop(lambda i, s: i < 4, lambda i, s: (i + 1, s + i), [0, 0])
    counter = i.op.inputs[0]

    assert runs([counter, total], {counter: 77}) == [[77, 6]] * 3


@pytest.mark.parametrize("depth", [1, 13, 20])
def test_loops_in_loops(depth: int) -> None:
    def nested(level: int, total: Any) -> Any:
        if not level:
            return total + 1.0
        once = tf.while_loop(lambda i, t: i < 1, lambda i, t: (i + 1, nested(level - 1, t)), [0, total])
        return once[1]

    x = tf.placeholder(tf.float32, [2])
    y = nested(depth, x)

    for result in runs([y, tf.gradients(y, x)[0]], {x: [1.0, 2.0]}):
        assert [r.tolist() for r in result] == [[2.0, 3.0], [1.0, 1.0]]


def test_an_error_in_a_deep_loop_names_its_operation() -> None:
    x = tf.placeholder(tf.float32, [None])

    def nested(level: int, y: Any) -> Any:
        if not level:
            return tf.add(y, tf.ones([2]), name="wrong")
        return tf.cond(y[0] > 0, lambda: nested(level - 1, y), lambda: y)

    for depth in (1, 20):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"Incompatible shapes: \[3\] vs. \[2\]"):
            tf.Session().run(nested(depth, x), {x: [1.0, 2.0, 3.0]})


def test_a_predicate_of_several_values() -> None:
    x = tf.placeholder(tf.bool)
    y = tf.cond(x, lambda: 1, lambda: 2)

    for _ in runs(y, {x: True}):
        pass
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be a scalar, but it has shape"):
        tf.Session().run(y, {x: [True, False]})


def test_a_backward_loop_knows_the_shapes_of_what_was_kept() -> None:
    x, w = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [3, 3])
    y = tf.while_loop(lambda i, h: i < 4, lambda i, h: (i + 1, tf.tanh(tf.matmul(h, w))), [0, x])[1]
    gradient = tf.gradients(y, w)[0]
    feeds = {x: np.ones((2, 3), np.float32), w: np.eye(3, dtype=np.float32)}

    assert ".dot(" in source(gradient, feeds).rpartition("while True:")[2]
    first, *others = runs(gradient, feeds)
    for other in others:
        np.testing.assert_allclose(other, first, rtol=1e-6)
