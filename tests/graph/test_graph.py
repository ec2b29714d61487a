"""The graph itself: it only grows, can be closed to change, and knows who uses what."""

import pytest

import graphmagic as tf
from graphmagic.graph.undo import unchanged_on_error


def test_operations_come_in_creation_order_and_as_a_new_list():
    graph = tf.get_default_graph()
    a, b = tf.constant(1), tf.constant(2)
    operations = graph.get_operations()
    operations.clear()

    assert graph.get_operations() == [a.op, b.op]
    assert graph.version == 2


def test_consumers_follow_the_growing_graph():
    a = tf.constant(1.0)
    assert a.consumers() == []

    total = a + a
    assert a.consumers() == [total.op]

    other = tf.square(a)
    assert a.consumers() == [total.op, other.op]


def test_a_finalized_graph_does_not_change():
    graph = tf.get_default_graph()
    a = tf.constant(1)
    graph.finalize()

    assert graph.finalized
    for change in (
        lambda: tf.constant(2),
        lambda: graph.add_to_collection("mine", a),
        lambda: graph.clear_collection("mine"),
    ):
        with pytest.raises(RuntimeError, match=r"^Graph is finalized and cannot be modified\.$"):
            change()
    assert graph.get_operations() == [a.op]
    assert tf.Session().run(a) == 1


def test_operations_and_tensors_do_not_change():
    a = tf.constant(1.0, name="a")

    with pytest.raises(AttributeError):
        a.op.name = "b"
    with pytest.raises(AttributeError):
        a.op.colour = "red"
    assert a.op.get_attr("dtype") is tf.float32
    with pytest.raises(ValueError, match="Operation 'a' has no attr named 'colour'"):
        a.op.get_attr("colour")


# ----- collections -----


def test_collections_hold_anything_in_order():
    graph = tf.get_default_graph()
    graph.add_to_collection("mine", 1)
    tf.add_to_collections(["mine", "yours", "mine"], 2)
    graph.add_to_collections("yours", 3)

    assert (tf.get_collection("mine"), tf.get_collection("yours")) == ([1, 2], [2, 3])
    assert graph.get_all_collection_keys() == ["mine", "yours"]
    assert tf.get_collection("none") == []


def test_a_collection_is_a_copy_and_its_reference_is_not():
    tf.add_to_collection("mine", 1)
    tf.get_collection("mine").append(2)
    tf.get_collection_ref("mine").append(3)
    tf.get_collection_ref("new").append(4)

    assert (tf.get_collection("mine"), tf.get_collection("new")) == ([1, 3], [4])
    tf.get_default_graph().clear_collection("mine")
    assert tf.get_collection("mine") == []


def test_a_scope_selects_by_the_beginning_of_names():
    a, b = tf.Variable(1, name="ab"), tf.Variable(2, name="b")
    tf.add_to_collection("variables", "nameless")

    assert tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, "b") == [b]
    assert tf.global_variables("a.:") == tf.trainable_variables("a") == [a]
    assert tf.get_collection("variables", "") == [a, b]


def test_variables_join_their_collections():
    a = tf.Variable(1)
    b = tf.Variable(2, trainable=False)
    c = tf.Variable(3, collections=["mine"])
    d = tf.Variable(4, trainable=False, collections=[tf.GraphKeys.LOCAL_VARIABLES])

    assert tf.global_variables() == tf.all_variables() == [a, b]
    assert tf.trainable_variables() == [a, c]
    assert tf.local_variables() == [d]
    assert tf.get_collection("mine") == [c]


# ----- taking back -----


def fail_after(build):
    """Build something in the default graph, in a block that then fails."""

    def block():
        with unchanged_on_error(tf.get_default_graph()):
            build()
            raise KeyError

    with pytest.raises(KeyError):
        block()


def test_a_session_does_not_take_new_operations_for_those_taken_back():
    sess = tf.Session()

    def build():
        old = tf.Variable(1.0, name="v")
        sess.run(old.initializer)
        assert sess.run("v:0") == 1.0

    fail_after(build)
    new = tf.Variable(2.0, name="v")

    assert sess.variables()[0].value is None
    sess.run(new.initializer)
    assert sess.run("v:0") == 2.0
