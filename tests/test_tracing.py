"""Traces: what a run did, operation by operation."""

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.noted import note


@pytest.fixture
def sess():
    with tf.Session() as session:
        yield session


def steps_of(trace, name):
    return [step for step in trace.steps if step.name == name]


def value_of(trace, name):
    return [step.outputs[0].value.tolist() for step in steps_of(trace, name)]


def test_a_trace_gives_what_a_run_gives(sess):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.Variable(np.arange(6, dtype=np.float32).reshape(3, 2), name="w")
    y = tf.tanh(tf.matmul(x, w), name="y")
    sess.run(w.initializer)
    feeds = {x: [[1, 2, 3]] * 4}

    trace = sess.trace({"y": y, "w": w, "more": [x, w.initializer]}, feeds)
    run = sess.run({"y": y, "w": w, "more": [x, w.initializer]}, feeds)

    np.testing.assert_array_equal(trace.result["y"], run["y"])
    np.testing.assert_array_equal(trace.result["w"], run["w"])
    np.testing.assert_array_equal(trace.result["more"][0], run["more"][0])
    assert trace.result["more"][1] is None
    assert trace.fetched == ("y", "w", "x", "w/Assign")


def test_every_operation_is_a_step_in_the_order_of_execution(sess):
    x = tf.placeholder(tf.float32, [2], name="x")
    total = tf.reduce_sum(tf.identity(x * 2.0, name="same"), name="total")

    trace = sess.trace(total, {x: [1, 2]})

    assert [step.name for step in trace.steps] == ["x", "mul/y", "mul", "same", "Const", "total"]
    assert value_of(trace, "same") == [[2.0, 4.0]]
    assert value_of(trace, "total") == [6.0]
    assert steps_of(trace, "total")[0].outputs[0].shape == ()
    assert steps_of(trace, "same")[0].nbytes == 8
    assert [step.part for step in trace.steps][:2] == ["feed", "forward"]


def test_times_add_up(sess):
    y = tf.exp(tf.placeholder(tf.float32, [1000], name="x"), name="y")

    trace = sess.trace(y, {"x:0": np.zeros(1000)})

    assert trace.seconds == pytest.approx(sum(step.seconds for step in trace.steps))
    assert trace.slowest(1)[0].op is y.op
    assert all(step.started <= trace.seconds for step in trace.steps)


def test_gradients_and_writes_are_marked(sess):
    v = tf.Variable(3.0, name="v")
    loss = tf.square(v)
    step = tf.train.GradientDescentOptimizer(0.5).minimize(loss, name="step")
    sess.run(v.initializer)

    trace = sess.trace([loss, step])

    parts = {step.name: step.part for step in trace.steps}
    assert parts["Square"] == "forward"
    assert {part for name, part in parts.items() if name.startswith("gradients/")} == {"gradient"}
    assert parts["step/update_v/ApplyGradientDescent"] == "update"
    assert sess.run(v) == 0.0
    assert value_of(trace, "v") == [3.0]


def test_a_loop_shows_its_iterations(sess):
    _, total = tf.while_loop(lambda i, _: i < 3, lambda i, s: (i + 1, s + i), [0, 10], name="sum")

    trace = sess.trace(total)

    added = steps_of(trace, "sum/add_1")
    assert [(step.iterations, step.outputs[0].value.item()) for step in added] == [
        ((0,), 10),
        ((1,), 11),
        ((2,), 13),
    ]
    assert [step.outputs[0].value.item() for step in steps_of(trace, "sum/Less")] == [True, True, True, False]
    [loop] = [step for step in trace.steps if step.op.type == "While"]
    assert loop.note == "3 iterations"
    assert len(steps_of(trace, "sum/Less/y")) == 1  # a constant is told once
    assert trace.result == 13


def test_loops_in_loops_count_from_zero_each_time(sess):
    def row(i, total):
        _, inner = tf.while_loop(lambda j, _: j < 2, lambda j, s: (j + 1, s * 2), [0, total], name="inner")
        return i + 1, inner

    _, total = tf.while_loop(lambda i, _: i < 2, row, [0, 1], name="outer")

    trace = sess.trace(total)

    doubled = [step for step in trace.steps if step.op.type == "Mul"]
    assert [step.iterations for step in doubled] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert trace.result == 16


@pytest.mark.parametrize(("x", "branch", "value"), [(4.0, "true", 8.0), (-4.0, "false", 4.0)])
def test_a_cond_shows_the_branch_that_was_taken(sess, x, branch, value):
    fed = tf.placeholder(tf.float32, [], name="x")
    y = tf.cond(fed > 0, lambda: fed * 2.0, lambda: tf.negative(fed), name="choose")

    trace = sess.trace(y, {fed: x})

    taken = {step.op.type for step in trace.steps} & {"Mul", "Neg"}
    assert taken == ({"Mul"} if branch == "true" else {"Neg"})
    [owner] = [step for step in trace.steps if step.op.type == "If"]
    assert owner.note == f"took the branch for {branch}"
    assert trace.result == value


def test_the_gradient_of_a_loop_is_marked(sess):
    x = tf.constant(2.0)
    _, y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, y * x), [0, x], name="power")

    trace = sess.trace(tf.gradients(y, x))

    assert trace.result == [32.0]
    gradients = [step for step in trace.steps if step.part == "gradient" and step.iterations]
    assert {step.iterations[0] for step in gradients} == {0, 1, 2, 3}


def test_a_variable_without_a_value_says_so(sess):
    v = tf.Variable(1.0, name="v")

    trace = sess.trace(v.initializer)

    assert steps_of(trace, "v")[0].outputs == (None,)
    assert "uninitialized" in repr(trace)


@pytest.mark.parametrize("what", ["read", "ref", "placeholder", "shapes", "inside a loop"])
def test_a_traced_run_fails_as_any_other(sess, what):
    v = tf.Variable(1.0, name="v")
    x = tf.placeholder(tf.float32, [None], name="x")
    _, looped = tf.while_loop(
        lambda i, _: i < 3, lambda i, y: (i + 1, tf.reshape(y + x, [2])), [0, tf.constant([1.0, 2.0])]
    )
    fetch, feeds = {
        "read": (v + 1.0, None),
        "ref": (v, None),
        "placeholder": (tf.square(x), None),
        "shapes": (tf.add(x, [1.0, 2.0]), {x: [1.0, 2.0, 3.0]}),
        "inside a loop": (looped, {x: [1.0, 2.0, 3.0]}),
    }[what]
    with pytest.raises(tf.errors.OpError) as run:
        sess.run(fetch, feeds)
    with pytest.raises(tf.errors.OpError) as traced:
        sess.trace(fetch, feeds)

    assert type(traced.value) is type(run.value)
    assert str(traced.value) == str(run.value)
    assert traced.value.__notes__ == run.value.__notes__


def test_what_is_traced_is_safe_from_what_happens_later(sess):
    v = tf.Variable([1.0, 2.0], name="v")
    sess.run(v.initializer)
    fed = np.array([5.0, 6.0], np.float32)
    x = tf.placeholder(tf.float32, [2], name="x")
    trace = sess.trace([v, x, tf.constant([7.0, 8.0], name="c")], {x: fed})

    trace.result[0][:] = 0
    trace.result[2][:] = 0
    fed[:] = 0
    sess.run(v.assign([9.0, 9.0]))

    assert value_of(trace, "v") == [[1.0, 2.0]]
    assert value_of(trace, "x") == [[5.0, 6.0]]
    assert sess.run("c:0").tolist() == [7.0, 8.0]


def test_a_trace_counts_as_a_run_and_tells_who_listens(sess):
    heard = []
    sess.listeners.append(lambda session: heard.append(session.run_count))
    y = tf.square(tf.constant(3.0), name="y")
    sess.watch([y])

    sess.trace(tf.identity(y))

    assert heard == [1]
    assert sess.watched[y] == 9.0


def test_random_numbers_go_on_in_the_same_stream(sess):
    tf.set_random_seed(1)
    numbers = tf.random_uniform([2], seed=2)
    with tf.Session() as other:
        expected = [other.run(numbers).tolist() for _ in range(3)]

    assert [
        sess.run(numbers).tolist(),
        sess.trace(numbers).result.tolist(),
        sess.run(numbers).tolist(),
    ] == expected


def test_large_arrays_become_a_summary():
    array = np.zeros((8, 28, 28, 1), np.float32)
    array[0, 3, 4, 0], array[0, 5, 6, 0], array[1, 0, 0, 0] = np.nan, 2.0, -4.0

    noted = note(array)

    assert (noted.value, noted.low, noted.high, noted.nans, noted.infinities) == (None, -4.0, 2.0, 1, 0)
    assert noted.slice == "[0, :, :, 0]"
    assert noted.picture.shape == (28, 28)
    assert noted.picture[3, 4] == 255
    assert noted.picture[0, 0] == 127  # zero is in the middle, since there are both signs
    assert noted.picture[5, 6] == 190
    assert sum(noted.histogram) == array.size - 1


@pytest.mark.parametrize(
    "array",
    [
        np.full(100, np.nan),
        np.array([np.inf] * 50 + [-np.inf] * 50),
        np.array([1e308, -1e308] * 50),
        np.zeros((0, 3)),
        np.array([b"<b>", "ü".encode()] * 40, object),
        np.ones((300, 2), bool),
        np.arange(100, dtype=np.uint64) + 2**63,
        np.ones(100, np.complex64),
        np.float16(1),
    ],
    ids=["nan", "inf", "huge", "empty", "texts", "bool", "uint64", "complex", "scalar"],
)
def test_any_array_can_be_noted(array):
    noted = note(array)

    assert noted.shape == np.shape(array)
    assert noted.nans + noted.infinities <= np.size(array)


def test_a_long_loop_is_recorded_up_to_a_limit(sess, monkeypatch):
    monkeypatch.setattr("graphmagic.engine.traced.MAX_STEPS", 20)
    n = tf.while_loop(lambda i: i < 50, lambda i: i + 1, [0], name="count")

    trace = sess.trace(n)

    assert trace.result == 50
    assert len(trace.steps) == 20
    assert trace.left_out > 100
    [added] = [time for time in trace.times if time.op.type == "Add"]
    assert added.count == 50
    assert f"{trace.left_out:,} more" in repr(trace)


def test_the_text_lists_the_steps(sess):
    y = tf.negative(tf.placeholder(tf.float32, [2], name="x"), name="y")

    text = repr(sess.trace(y, {"x:0": [1, 2]})).splitlines()

    assert text[0].startswith("Trace of y: 2 steps, ")
    assert text[1].split() == ["step", "operation", "type", "value", "time", "size"]
    assert text[2].split() == ["1", "x", "fed", "[1,", "2]", "8", "B"]
    assert text[3].split()[:7] == ["2", "y", "Neg", "float32", "[2]", "[-1,", "-2]"]


def test_a_loop_tells_the_variables_that_it_looks_at(sess):
    x = tf.constant(2.0)
    _, y, _ = tf.while_loop(lambda i, y, z: i < 2, lambda i, y, z: (i + 1, y * x, z), [0, x, 5], name="power")

    trace = sess.trace([y, tf.gradients(y, x)])

    told = [step for step in trace.steps if step.op.type == "LoopVariable" and step.part == "forward"]
    named = {
        step.name for step in told if not step.name.startswith("power/count")
    }  # gradients count iterations
    assert named == {"power/Merge", "power/Identity", "power/Identity_1"}
    assert [step.outputs[0].value.item() for step in told if step.name == "power/Identity_1"] == [2.0, 4.0]
    assert all(output.shape is not None for step in told for output in step.outputs)


def test_a_run_that_fails_leaves_the_trace_up_to_the_operation_that_failed():
    a, b = (tf.placeholder(tf.float32, name=name) for name in "ab")
    total = tf.add(tf.square(a, name="first"), b, name="total")
    later = tf.square(total, name="later")
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        tf.Session().trace(later, {a: np.ones(2), b: np.ones(3)})
    trace = caught.value.partial_trace

    assert [step.name for step in trace.steps] == ["a", "b", "first", "total"]
    assert [step.part for step in trace.steps] == ["feed", "feed", "forward", "failure"]
    assert trace.steps[-1].failure == "Incompatible shapes: [2] vs. [3]"
    assert trace.result is None
    assert "✗ Incompatible shapes" in repr(trace)
    assert "It stopped with InvalidArgumentError." in repr(trace)


def test_a_failure_inside_of_a_loop_tells_the_iteration():
    def body(value):
        return tf.check_numerics(tf.log(value - 1.0), "inner", name="check")

    end = tf.while_loop(lambda value: value < 5, body, [tf.constant(3.0)])
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        tf.Session().trace(end)
    last = caught.value.partial_trace.steps[-1]

    assert (last.op.type, last.iterations, last.part) == ("CheckNumerics", (1,), "failure")


def test_an_error_before_anything_ran_has_no_trace():
    with pytest.raises(TypeError) as caught:
        tf.Session().trace(tf.constant(1.0), {"nothing of this name": 2.0})

    assert not hasattr(caught.value, "partial_trace")
