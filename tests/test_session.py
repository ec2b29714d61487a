"""Sessions: how long they live, what they keep when something fails, what they show, what they answer to misuse."""

import gc
import threading
import warnings
import weakref

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.engine.plan_cache import PlanCache


@pytest.fixture
def sess():
    return tf.Session()


def raises(function, kind, text):
    with pytest.raises(kind) as caught:
        function()
    assert str(caught.value).startswith(text)
    return caught.value


# ----- life cycle -----


def test_a_closed_session(sess):
    a = tf.constant(1)
    sess.close()
    sess.close()

    assert sess.closed
    error = raises(lambda: sess.run(a), RuntimeError, "Attempted to use a closed Session.")
    assert "Open a new one" in error.__notes__[0]
    raises(lambda: sess.load("Const", 1), RuntimeError, "Attempted to use a closed Session.")
    assert sess.variables() == []


def test_an_empty_graph(sess):
    text = "The Session graph is empty. Add operations to the graph before calling run()."
    raises(lambda: sess.run([]), RuntimeError, text)


def test_a_block_makes_defaults_and_closes():
    graph = tf.Graph()
    with tf.Session(graph=graph) as sess:
        a = tf.constant(1)

        assert tf.get_default_session() is sess
        assert tf.get_default_graph() is graph is a.graph
        assert (a.eval(), a.op.run()) == (1, None)
    assert sess.closed
    assert tf.get_default_session() is None
    assert tf.get_default_graph() is not graph


def test_a_block_that_fails_closes_too():
    with pytest.raises(KeyError), tf.Session() as sess:
        raise KeyError

    assert sess.closed


def test_blocks_are_not_reentrant(sess):
    text = "Session context managers are not re-entrant. Use `Session.as_default()`"
    with sess:
        raises(sess.__enter__, RuntimeError, text)


def test_as_default_does_not_close(sess):
    for _ in range(2):
        with sess.as_default(), sess.as_default():
            assert tf.get_default_session() is sess
    assert not sess.closed
    assert tf.get_default_session() is None


def test_the_default_session_is_that_of_the_thread(sess):
    seen = []
    with sess.as_default():
        thread = threading.Thread(target=lambda: seen.append(tf.get_default_session()))
        thread.start()
        thread.join()

    assert seen == [None]


def test_eval_and_run_want_a_session_of_their_graph(sess):
    a = tf.constant(1)
    with tf.Graph().as_default():
        b = tf.constant(2)
    texts = [
        "Cannot evaluate tensor using `eval()`: No default session is registered.",
        "Cannot execute operation using `run()`: No default session is registered.",
        "Cannot use the default session to evaluate tensor: the tensor's graph is different from the session's graph.",
        "Cannot use the given session to evaluate tensor: the tensor's graph is different from the session's graph.",
        "Cannot use the given session to execute operation: the operation's graph is different from the session's",
    ]

    raises(a.eval, ValueError, texts[0])
    raises(a.op.run, ValueError, texts[1])
    with sess.as_default():
        raises(b.eval, ValueError, texts[2])
    raises(lambda: b.eval(session=sess), ValueError, texts[3])
    raises(lambda: b.op.run(session=sess), ValueError, texts[4])
    assert a.eval(session=sess) == 1


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"graph": 3}, 'Argument `graph` must be a tf.Graph, but got "int"'),
        ({"target": 3}, 'Argument `target` must be a string, but got "int"'),
    ],
)
def test_wrong_arguments(arguments, text):
    raises(lambda: tf.Session(**arguments), TypeError, text)


def test_a_session_sees_what_its_graph_grows(sess):
    first = tf.constant(1)
    assert sess.run(first) == 1

    assert sess.run(first + 1) == 2


def test_values_of_a_closed_session_are_let_go(sess):
    v = tf.Variable(tf.zeros([10]), name="v")
    sess.load("v", np.ones(10, np.float32))
    held = weakref.ref(sess._state.values[v.op.id])
    sess.close()
    gc.collect()

    assert held() is None


# ----- InteractiveSession -----


def test_an_interactive_session_is_the_default_until_closed():
    a = tf.constant(3)
    sess = tf.InteractiveSession()

    assert (a.eval(), tf.get_default_session()) == (3, sess)
    sess.close()
    sess.close()
    assert tf.get_default_session() is None


def test_an_interactive_session_on_another_graph():
    graph = tf.Graph()
    sess = tf.InteractiveSession(graph=graph)

    assert tf.get_default_graph() is graph
    sess.close()
    assert tf.get_default_graph() is not graph


def test_a_second_interactive_session_warns():
    first = tf.InteractiveSession()
    with pytest.warns(UserWarning, match=r"An interactive session is already active\.") as caught:
        second = tf.InteractiveSession()
    second.close()
    first.close()

    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tf.InteractiveSession().close()


def test_interactive_sessions_closed_in_the_wrong_order():
    first = tf.InteractiveSession()
    with pytest.warns(UserWarning, match=r"already active"):
        second = tf.InteractiveSession()

    raises(first.close, AssertionError, "Nesting violated for default stack of")
    assert first.closed
    assert tf.get_default_session() is second
    second.close()
    assert tf.get_default_session() is None


# ----- several sessions -----


def test_sessions_share_the_graph_and_nothing_else():
    v = tf.Variable(1.0)
    more = v.assign_add(1.0)
    one, two = tf.Session(), tf.Session()
    one.run(v.initializer)
    one.run(more)
    two.run(v.initializer)

    assert (one.run(v), two.run(v)) == (2.0, 1.0)
    one.close()
    assert two.run(more) == 2.0


# ----- failures and interrupts -----


def test_a_failed_run_keeps_the_writes_before_it(sess):
    v, x = tf.Variable([1.0, 2.0]), tf.placeholder(tf.float32)
    sess.run(v.initializer)
    with tf.control_dependencies([v.assign_add([1.0, 1.0])]):
        later = tf.add(tf.constant([1.0, 2.0, 3.0]), x)
    with pytest.raises(tf.errors.InvalidArgumentError):
        sess.run(later, {x: [1.0, 2.0]})

    assert sess.run(v).tolist() == [2.0, 3.0]
    assert sess.run(later, {x: 0.0}).tolist() == [1.0, 2.0, 3.0]


def test_a_failed_write_leaves_the_old_value(sess):
    v, x = tf.Variable([1.0, 2.0]), tf.placeholder(tf.float32)
    change, add = v.assign(x), v.assign_add(x)
    sess.run(v.initializer)
    for write in (change, add):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"same|match"):
            sess.run(write, {x: [1.0]})

    assert sess.run(v).tolist() == [1.0, 2.0]


@pytest.fixture
def interrupting():
    """A function that makes an operation whose kernel calls what it is given, between others."""
    from graphmagic.graph.apply import apply_op
    from graphmagic.graph.opdef import OpDef, registry

    def make(value, action):
        def kernel(x):
            action()
            return x

        opdef = OpDef("Interrupting", "x:T -> y:T", kernel=kernel, stateful=True, view=True)
        del registry["Interrupting"]
        return apply_op(opdef, value).outputs[0]

    return make


def test_an_interrupt_leaves_whole_values(sess, interrupting):
    def interrupt():
        if armed:
            raise KeyboardInterrupt

    v, w = tf.Variable(tf.zeros([1000])), tf.Variable(tf.zeros([1000]))
    with tf.control_dependencies([v.assign_add(tf.ones([1000]))]):
        delta = interrupting(tf.ones([1000]), interrupt)
    step = tf.group(w.assign_add(delta))
    armed = False
    sess.run(tf.global_variables_initializer())
    sess.run(step)
    armed = True
    with pytest.raises(KeyboardInterrupt):
        sess.run(step)

    assert [set(array.tolist()) for array in sess.run([v, w])] == [{2.0}, {1.0}]
    armed = False
    sess.run(step)
    assert [set(array.tolist()) for array in sess.run([v, w])] == [{3.0}, {2.0}]


def test_only_completed_runs_are_counted(sess):
    x = tf.placeholder(tf.float32)
    sess.run(x, {x: 1.0})
    seconds = sess.run_seconds
    with pytest.raises(tf.errors.InvalidArgumentError):
        sess.run(x)

    assert sess.run_count == 1
    assert sess.run_seconds > seconds > 0


# ----- for those who watch -----


def test_variables_with_their_values(sess):
    v, w = tf.Variable([1.0], name="v"), tf.Variable(2, name="w", collections=["hidden"])
    sess.run(v.initializer)
    first, second = sess.variables()

    assert (first.name, first.op, first.dtype, first.shape, first.value.tolist()) == (
        "v",
        v.op,
        tf.float32,
        [1],
        [1.0],
    )
    assert (second.name, second.dtype, second.shape, second.value) == ("w", tf.int32, [], None)
    sess.run(w.initializer)
    assert sess.variables()[1].value == 2


def test_loading_values(sess):
    v = tf.Variable([1.0, 2.0], name="v")
    any_shape = tf.Variable([1.0], name="any", validate_shape=False)
    sess.load("v", np.array([3, 4], np.float32))
    sess.load(any_shape.op, np.ones([2, 2], np.float32))

    assert sess.run(v).tolist() == [3.0, 4.0]
    assert sess.run(any_shape).shape == (2, 2)


def test_values_that_cannot_be_loaded(sess):
    tf.Variable([1.0, 2.0], name="v")
    with tf.Graph().as_default():
        other = tf.Variable([1.0, 2.0], name="v")
    good = np.zeros(2, np.float32)

    raises(
        lambda: sess.load("v", np.zeros(2)), ValueError, "Variable v holds float32 of shape (2,), not float64"
    )
    raises(
        lambda: sess.load("v", good[:1]),
        ValueError,
        "Variable v holds float32 of shape (2,), not float32 of shape (1,)",
    )
    raises(
        lambda: sess.load("w", good), KeyError, "\"The name 'w' refers to an Operation not in the graph.\""
    )
    raises(lambda: sess.load("v/read", good), KeyError, "'v/read is no variable but a Identity operation'")
    raises(lambda: sess.load(other.op, good), ValueError, "Operation name")
    assert sess.variables()[0].value is None


def test_watching(sess):
    x = tf.placeholder(tf.float32, name="x")
    loss, other = tf.square(x, name="loss"), tf.sqrt(x)
    step = tf.group(loss)
    sess.run(loss, {x: 1.0})
    sess.watch([loss, "x:0"])
    assert sess.watched == {loss: None, x: None}

    sess.run(step, {x: 3.0})
    assert sess.watched == {loss: 9.0, x: 3.0}
    sess.run(other, {x: 4.0})
    assert sess.watched == {loss: 9.0, x: 4.0}
    sess.unwatch(["x:0"])
    sess.run(step, {x: 5.0})
    assert sess.watched == {loss: 25.0}
    raises(lambda: sess.watch(["nothing:0"]), KeyError, "\"The name 'nothing:0'")


def test_listeners_hear_of_every_run(sess):
    x = tf.placeholder(tf.float32)
    heard = []
    sess.listeners += [lambda s: heard.append(s.run_count), lambda s: s.listeners.clear()]
    sess.run(x, {x: 1.0})
    sess.run(x, {x: 1.0})
    sess.listeners.append(lambda s: heard.append("failed"))
    with pytest.raises(tf.errors.InvalidArgumentError):
        sess.run(x)

    assert heard == [1, "failed"]


def test_old_plans_make_room_for_new_ones(sess):
    a = tf.constant(1.0)
    for _ in range(PlanCache.DEFAULT_LIMIT + 10):
        sess.run(tf.identity(a))

    assert len(sess.plan_cache) == PlanCache.DEFAULT_LIMIT
    assert sess.run(a) == 1.0
