"""Plans: the emitted function, who owns its arrays, and how its failures are explained."""

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.engine.plan import Plan
from graphmagic.engine.program import Program
from graphmagic.engine.state import State, variable_of


def plan_of(*fetches, targets=(), feeds=(), watches=(), state=None):
    return Plan(Program(tuple(fetches), tuple(targets), tuple(feeds), tuple(watches)), state or State())


# ----- the source -----


def body(plan):
    return [line.strip() for line in plan.source.splitlines()[1:]]


def test_one_line_per_operation_and_values_go_when_they_were_used():
    x = tf.placeholder(tf.float32, [None])
    y = tf.sqrt(tf.square(tf.negative(x)))
    lines = body(plan_of(y, feeds=[x]))

    assert [line.split(" = ")[0] for line in lines if "=" in line] == ["v1", "v2", "v3"]
    assert [line for line in lines if line.startswith("del")] == ["del v1", "del v2"]
    assert lines[-1] == "return (v3,), ()"


def test_a_constant_needs_no_step():
    assert body(plan_of(tf.constant([1.0]) * 2.0)) == ["return (copied(c0),), ()"]


def test_reads_and_writes_of_variables():
    v = tf.Variable([1.0])
    slot = f"variables[{v.op.id}]"

    assert body(plan_of(targets=[v.initializer]))[0] == f"with lock: {slot} = v1 = c0"
    assert body(plan_of(v.op.outputs[0])) == [f"r0 = {slot}", "return (copied(r0),), ()"]
    assert body(plan_of(v.assign_add([1.0])))[0].startswith(f"with lock: {slot} = v1 = ")


def test_a_large_graph_needs_no_recursion():
    x = tf.placeholder(tf.float32, [])
    y = x
    for _ in range(50_000):
        y = tf.negative(y)
    constant = tf.constant(1.0)
    for _ in range(2_000):
        constant = tf.negative(constant)

    assert plan_of(y, constant, feeds=[x]).run([np.float32(3)]) == ((3.0, 1.0), ())


def test_a_wide_graph():
    x = tf.placeholder(tf.float32, [])
    total = tf.add_n([x + float(i) for i in range(3_000)])

    assert plan_of(total, feeds=[x]).run([np.float32(0)])[0][0] == sum(range(3_000))


def test_an_operation_without_a_kernel():
    from graphmagic.graph.apply import apply_op
    from graphmagic.graph.opdef import OpDef, registry

    op = apply_op(OpDef("Bare", "x:T -> y:T"), 1.0)
    del registry["Bare"]
    with pytest.raises(NotImplementedError, match="operation type Bare has no kernel"):
        plan_of(op.outputs[0])


# ----- state -----


def test_writes_stand_for_the_variable_they_write():
    v = tf.Variable(1.0)

    assert variable_of(v.assign(2.0).op.outputs[0]) is v.op
    assert variable_of(tf.assign_add(v.assign(2.0), 1.0)) is v.op


def test_chained_writes():
    v = tf.Variable(1.0)
    twice = tf.assign_add(tf.assign(v, 5.0), 1.0)

    assert plan_of(twice).run([]) == ((6.0,), ())


def test_resources_are_made_once():
    state, op = State(), tf.no_op()

    assert state.resource(op, list) is state.resource(op, list)
    state.clear()
    assert state.values == {}


# ----- watches -----


def test_watched_values_are_those_computed_anyway():
    x = tf.placeholder(tf.float32, [])
    y, other = tf.square(x), tf.sqrt(x)
    z = y + 1.0
    plan = plan_of(z, feeds=[x], watches=[y, other, x])

    assert plan.watched == (y, x)
    assert plan.run([np.float32(3)]) == ((10.0,), (9.0, 3.0))


def test_a_watched_constant():
    c = tf.constant([2.0])
    d = c * 2.0
    plan = plan_of(d + 1.0, watches=[c, d])
    _, (first, second) = plan.run([])

    assert (first.tolist(), second.tolist()) == ([2.0], [4.0])


# ----- explanations -----


def failure(function):
    with pytest.raises(tf.errors.OpError) as caught:
        function()
    return caught.value


def test_an_unfed_placeholder_tells_how_to_feed_it():
    x = tf.placeholder(tf.float32, [None, 2], name="inputs")
    y = tf.square(x)
    error = failure(lambda: tf.Session().run(y))

    assert type(error) is tf.errors.InvalidArgumentError
    assert (
        error.message
        == str(error)
        == (
            "You must feed a value for placeholder tensor 'inputs' with dtype float and shape [?,2]\n"
            "\t [[{{node inputs}}]]"
        )
    )
    assert (error.op, error.node_def.name, error.error_code) == (x.op, "inputs", 3)
    assert error.__notes__[0].startswith("inputs (Placeholder) was created at test_plan.py:")
    assert error.__notes__[1] == "To fix it: feed it: sess.run(..., feed_dict={x: value})"


def test_a_placeholder_without_a_variable_is_fed_by_name():
    y = tf.square(tf.placeholder(tf.float32, name="inputs"))
    error = failure(lambda: tf.Session().run(y))

    assert error.__notes__[1] == "To fix it: feed it: sess.run(..., feed_dict={'inputs:0': value})"
    assert tf.Session().run(y, {"inputs:0": 3.0}) == 9.0


def test_shapes_that_turn_out_not_to_fit():
    x, y = tf.placeholder(tf.float32, name="x"), tf.placeholder(tf.float32, name="y")
    total = tf.add(x, y, name="total")
    error = failure(lambda: tf.Session().run(total, {x: [1, 2], y: [1, 2, 3]}))

    assert error.message == "Incompatible shapes: [2] vs. [3]\n\t [[{{node total}}]]"
    assert (type(error), error.op) == (tf.errors.InvalidArgumentError, total.op)
    assert error.__notes__[0].startswith("total (Add) was created at test_plan.py:")
    assert error.__notes__[1] == "Its inputs in this run: x:0 of shape (2,), y:0 of shape (3,)"


def test_the_failing_operation_is_found_among_many():
    x = tf.placeholder(tf.float32, [None, None], name="x")
    y = tf.square(x)
    for _ in range(20):
        y = tf.sqrt(y)
    product = tf.matmul(y, y, name="product")
    error = failure(lambda: tf.Session().run(tf.square(product), {x: np.ones([2, 3])}))

    assert error.op is product.op
    assert error.message.startswith("Matrix size-incompatible: In[0]: [2,3], In[1]: [2,3]")


def test_any_other_error_of_a_kernel_keeps_its_cause():
    x = tf.placeholder(tf.int32)
    y = tf.reshape([1, 2, 3], x)
    error = failure(lambda: tf.Session().run(y, {x: [2, 2]}))

    assert type(error) is tf.errors.InvalidArgumentError
    assert error.op is y.op
    assert "[[{{node Reshape}}]]" in error.message


def test_memory_that_is_not_there():
    from graphmagic.graph.apply import apply_op
    from graphmagic.graph.opdef import OpDef, registry

    def greedy():
        raise MemoryError("too much")

    op = apply_op(OpDef("Greedy", " -> y:float32", kernel=greedy, stateful=True))
    del registry["Greedy"]
    error = failure(lambda: tf.Session().run(op.outputs[0]))

    assert type(error) is tf.errors.ResourceExhaustedError
    assert error.message == "OOM when allocating the result of Greedy: too much\n\t [[{{node Greedy}}]]"


@pytest.mark.parametrize(
    ("use", "node"),
    [
        (lambda v: v, "_retval_foo_0_0"),
        (lambda v: v.value(), "foo/read"),
        (tf.square, "foo/read"),
        (lambda v: v.assign_add(1.0, name="more"), "more"),
        (lambda v: v.read_value(), "read"),
    ],
)
def test_every_way_to_read_an_uninitialized_variable(use, node):
    v = tf.Variable(42.0, name="foo")
    fetch = use(v)
    error = failure(lambda: tf.Session().run([tf.constant(1), fetch]))

    assert type(error) is tf.errors.FailedPreconditionError
    assert error.message == f"Attempting to use uninitialized value foo\n\t [[{{{{node {node}}}}}]]"
    assert error.error_code == tf.errors.FAILED_PRECONDITION
    assert (error.op, error.node_def and error.node_def.name) == (
        (None, None) if node.startswith("_retval") else (fetch.graph.get_operation_by_name(node), node)
    )
    assert error.__notes__[0].startswith("foo (VariableV2) was created at test_plan.py:")
    assert error.__notes__[1].startswith("To fix it: run the variable's initializer in this session first")
    assert error.__cause__ is None
