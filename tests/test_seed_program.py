"""The program that started it all, in both of its published versions: 13, an error, 42."""

import numpy as np
import pytest

# How the two versions differ: what initializes variables was renamed, and running it moved into a `with` block.
FIRST = """
import graphmagic as tf

graph = tf.Graph()
with graph.as_default():
    foo = tf.Variable(3, name="foo")
    bar = tf.Variable(2, name="bar")
    result = foo + bar
    initialize = tf.initialize_all_variables()
"""
SECOND = FIRST.replace("initialize_all_variables", "global_variables_initializer")
VERSIONS = pytest.mark.parametrize("program", [FIRST, SECOND], ids=["first", "second"])


@pytest.fixture
def build():
    def run(program):
        space = {}
        exec(compile(program, "program.py", "exec"), space)
        return space

    return run


@VERSIONS
def test_assigning_in_a_session(build, program):
    space = build(
        program
        + """
with tf.Session(graph=graph) as sess:
    sess.run(initialize)
    sess.run(foo.assign(13))
    answer = sess.run(foo)
"""
    )

    assert space["answer"] == 13
    assert type(space["answer"]) is np.int32


@VERSIONS
def test_another_session_knows_nothing_of_it(build, program):
    space = build(
        program
        + """
with tf.Session(graph=graph) as sess:
    sess.run(foo.assign(13))
other = tf.Session(graph=graph)
try:
    other.run(foo)
except tf.errors.FailedPreconditionError as error:
    caught = error
"""
    )
    error = space["caught"]

    assert str(error).splitlines()[0] == "Attempting to use uninitialized value foo"
    assert error.message == "Attempting to use uninitialized value foo\n\t [[{{node _retval_foo_0_0}}]]"
    assert (error.error_code, error.op, error.node_def) == (9, None, None)
    assert type(error).__mro__[1:3] == (space["tf"].errors.OpError, Exception)
    assert error.__notes__[0].startswith("foo (VariableV2) was created at program.py:6")


@VERSIONS
def test_a_graph_and_its_initializer(build, program):
    space = build(
        program.replace("tf.Variable(3,", "tf.Variable(42,")
        + """
with tf.Session(graph=graph) as sess:
    sess.run(initialize)
    answer = sess.run(foo)
    total = result.eval()
"""
    )

    assert (space["answer"], space["total"]) == (42, 44)


@VERSIONS
def test_two_sessions_side_by_side(build, program):
    space = build(
        program
        + """
one, two = tf.Session(graph=graph), tf.Session(graph=graph)
for session in (one, two):
    session.run(initialize)
one.run(foo.assign(13))
answers = one.run(foo), two.run(foo), one.run(result), two.run(result)
"""
    )

    assert space["answers"] == (13, 3, 15, 5)


@pytest.mark.parametrize("initializer", ["initialize_all_variables", "global_variables_initializer"])
def test_on_the_default_graph(build, initializer):
    space = build(
        f"""
import graphmagic as tf

tf.Variable(13, name="foo")
sess = tf.InteractiveSession()
tf.{initializer}().run()
answer = sess.run("foo:0")
sess.close()
"""
    )

    assert space["answer"] == 13
