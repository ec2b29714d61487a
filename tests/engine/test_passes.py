"""The passes: pure functions on programs, none of which changes a result."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphmagic as tf
from graphmagic.engine.emit import emit
from graphmagic.engine.passes import (
    PASSES,
    drop_unused,
    fold_constants,
    improve,
    kernel_keywords,
    order,
    prune,
)
from graphmagic.engine.plan import Plan
from graphmagic.engine.program import Program
from graphmagic.engine.state import State
from graphmagic.graph.constants import group_by_argument


def names(program):
    return [op.name for op in program.steps]


def program_of(*fetches, targets=(), feeds=()):
    return Program(tuple(fetches), tuple(targets), feeds=tuple(feeds))


# ----- prune -----


def test_prune_keeps_what_is_asked_for():
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    total, other = tf.add(a, a, name="total"), tf.add(a, b, name="other")

    assert names(prune(program_of(total))) == ["a", "total"]
    assert names(prune(program_of(targets=[other.op]))) == ["a", "b", "other"]
    assert names(prune(program_of())) == []


def test_prune_cuts_at_feeds():
    a = tf.placeholder(tf.float32, name="a")
    square = tf.square(a, name="square")
    root = tf.sqrt(square, name="root")

    assert names(prune(program_of(root, feeds=[square]))) == ["root"]
    assert names(prune(program_of(square, root, feeds=[square]))) == ["root"]


def test_prune_keeps_an_operation_one_of_whose_outputs_is_fed():
    a, b = tf.split(tf.placeholder(tf.float32, [2], name="x"), 2, name="both")

    assert names(prune(program_of(a, b, feeds=[a]))) == ["x", "both/split_dim", "both"]


def test_control_inputs_run_even_behind_a_feed():
    x = tf.placeholder(tf.float32, name="x")
    twice = tf.add(x, x, name="twice")
    with tf.control_dependencies([twice]):
        late = tf.no_op(name="late")

    assert names(prune(program_of(targets=[late], feeds=[twice]))) == ["x", "twice", "late"]


def test_a_fed_placeholder_needs_no_waiting_for():
    x = tf.placeholder(tf.float32, name="x")
    with tf.control_dependencies([x]):
        late = tf.constant(1, name="late")

    assert names(prune(program_of(late, feeds=[x]))) == ["late"]
    assert names(prune(program_of(late))) == ["x", "late"]


# ----- order -----


def test_order_is_creation_order():
    a, b, c = (tf.constant(1.0, name=n) for n in "abc")
    total = tf.add_n([c, a, b], name="total")

    assert names(order(prune(program_of(total)))) == ["a", "b", "c", "total"]


def test_writes_come_after_what_does_not_wait_for_them():
    v = tf.Variable(1.0, name="v")
    change = v.assign_add(1.0, name="change")
    with tf.control_dependencies([change]):
        after = v.read_value()
    before = tf.square(v, name="before")

    steps = names(order(prune(program_of(before, after, targets=[change.op]))))
    assert steps.index("before") < steps.index("change") < steps.index(after.op.name)


# ----- fold_constants, drop_unused -----


def folded(*fetches, **more):
    return drop_unused(fold_constants(order(prune(program_of(*fetches, **more)))))


def test_what_is_the_same_in_every_run_is_computed_once():
    x = tf.placeholder(tf.float32, name="x")
    y = tf.add(tf.square(tf.constant(3.0)) * 2.0, x, name="y")

    program = folded(y)
    assert names(program) == ["x", "y"]
    assert [float(v) for v in program.constants.values()] == [18.0]


def test_operations_with_several_outputs_are_folded():
    a, b = tf.split(tf.constant([1.0, 2.0]), 2)

    assert names(folded(a, b)) == names(folded(*tf.unstack(tf.constant([1.0])))) == []
    assert [v.tolist() for v in folded(b).constants.values()] == [[2.0]]


def test_a_fed_tensor_is_not_folded():
    a = tf.constant(3.0, name="a")
    b = tf.square(a, name="b")

    assert names(folded(b, feeds=[a])) == ["b"]
    assert tf.Session().run([a, b], {a: 5.0}) == [5.0, 25.0]


def test_chance_state_and_order_are_not_folded():
    with tf.control_dependencies([tf.no_op(name="first")]):
        waits = tf.constant(1.0, name="waits")
    v = tf.Variable(1.0, name="v")

    for tensor in (tf.random_uniform([2], name="r"), v.value(), waits, tf.is_variable_initialized(v)):
        assert tensor.op in folded(tensor).steps


def test_what_fails_while_folding_fails_in_the_run():
    bad = tf.floordiv(tf.constant(1), tf.constant(0), name="bad")

    assert "bad" in names(folded(bad))
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.Session().run(bad)


def test_large_values_are_computed_anew(monkeypatch):
    monkeypatch.setattr("graphmagic.engine.passes.MAX_FOLDED_ELEMENTS", 10)

    assert "large" in names(folded(tf.fill([11], 0.0, name="large")))
    assert "small" not in names(folded(tf.fill([10], 0.0, name="small")))
    assert "ones" in names(folded(tf.fill(tf.constant([11]), 1.0, name="ones")))


def test_constants_nobody_uses_are_dropped():
    y = tf.constant(2.0) * 3.0

    assert len(folded(y).constants) == 1
    assert folded(y, feeds=[y]).constants == {}


# ----- all of them -----


@st.composite
def graphs(draw):
    """A random graph of 2-vectors: placeholders, constants, a variable, operations, control inputs; and what to run."""
    graph = tf.Graph()
    with graph.as_default():
        v = tf.Variable([0.5, -2.0], name="v")
        tensors = [tf.placeholder(tf.float32, [2], name="x"), tf.constant([1.0, 2.0]), v.value()]
        for _ in range(draw(st.integers(1, 12))):
            one, two = (draw(st.sampled_from(tensors)) for _ in range(2))
            number = float(draw(st.integers(0, 3)))
            waits = draw(st.lists(st.sampled_from(tensors), max_size=1))
            with graph.control_dependencies(waits):
                kind = draw(st.sampled_from(["add", "sub", "max", "neg", "swap", "sum", "split", "const"]))
                tensors += {
                    "add": lambda a=one, b=two: [a + b],
                    "sub": lambda a=one, b=two: [a - b],
                    "max": lambda a=one, b=two: [tf.maximum(a, b)],
                    "neg": lambda a=one: [-a],
                    "swap": lambda a=one: [a[::-1]],
                    "sum": lambda a=one: [tf.fill([2], tf.reduce_sum(a))],
                    "split": lambda a=one: [tf.concat(tf.split(a, 2)[::-1], 0)],
                    "const": lambda n=number: [tf.constant([n, 0.0])],
                }[kind]()
    fetches = draw(st.lists(st.sampled_from(tensors), min_size=1, max_size=4))
    feeds = [tensors[0], *draw(st.lists(st.sampled_from(tensors[1:]), max_size=2, unique=True))]
    return v, Program(tuple(fetches), (), feeds=tuple(feeds))


def value_of(tensor, known):
    """The value of a tensor the slow way: kernel by kernel, no passes, no emitted code."""
    if tensor not in known:
        op = tensor.op
        inputs = group_by_argument(op, [value_of(t, known) for t in op.inputs])
        result = op.opdef.kernel_function(*inputs, **kernel_keywords(op))
        known.update(zip(op.outputs, result if isinstance(result, (tuple, list)) else [result], strict=True))
    return known[tensor]


@given(graphs())
def test_no_pass_changes_a_result(random_graph):
    v, program = random_graph
    feeds = [np.array([i + 3.0, -i], np.float32) for i in range(len(program.feeds))]
    state = State()
    state.write(v.op, np.array([0.5, -2.0], np.float32))
    known = {**dict(zip(program.feeds, feeds, strict=True)), v.op.outputs[0]: state.read(v.op.outputs[0])}
    known.setdefault(v.value(), state.read(v.op.outputs[0]))
    expected = [value_of(t, known).tolist() for t in program.fetches]

    for passes in (PASSES[:2], PASSES[:3], PASSES):
        results, _ = emit(improve(program, passes), state).function(*feeds)
        assert [r.tolist() for r in results] == expected


@given(graphs())
def test_passes_are_pure(random_graph):
    _, program = random_graph
    for one_pass in PASSES:
        before = copy.copy(program)
        result = one_pass(program)

        assert program == before
        assert one_pass(program).steps == result.steps
        program = result


@given(graphs())
def test_order_keeps_every_promise(random_graph):
    _, program = random_graph
    pruned = prune(program)
    steps = order(pruned).steps

    assert sorted(op.id for op in steps) == [op.id for op in pruned.steps]
    place = {op: n for n, op in enumerate(steps)}
    for op in steps:
        before = [t.op for t in op.inputs if t not in program.feeds] + op.control_inputs
        assert all(place[b] < place[op] for b in before if b in place)


def test_a_program_as_text():
    x = tf.placeholder(tf.float32, name="x")
    y = tf.add(x, x, name="y")

    assert str(prune(program_of(y))) == "x = Placeholder()\ny = Add(x:0, x:0)"
    assert Plan(program_of(y, feeds=[x]), State()).source.startswith("def run(f0):\n")
