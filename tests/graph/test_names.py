"""Names of operations: unique in their graph, valid, and the same in every run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphmagic as tf


def test_operations_take_the_name_of_their_type_and_then_numbers():
    tensors = [tf.constant(1), tf.constant(2), tf.constant(3, name="three"), tf.constant(4, name="three")]

    assert [t.name for t in tensors] == ["Const:0", "Const_1:0", "three:0", "three_1:0"]


def test_operators_take_their_own_names():
    a, b = tf.constant(1.0), tf.constant(2.0)

    assert [(a + b).op.name, (a + b).op.name, tf.add(a, b).op.name] == ["add", "add_1", "Add_2"]


def test_letter_case_does_not_tell_names_apart():
    assert [tf.constant(1, name=n).op.name for n in ("loss", "Loss", "LOSS", "loss_1")] == [
        "loss",
        "Loss_1",
        "LOSS_2",
        "loss_1_1",
    ]


def test_a_numbered_name_that_is_taken_is_skipped():
    graph = tf.get_default_graph()
    names = [graph.unique_name(n) for n in ("x_1", "x", "x", "x")]

    assert names == ["x_1", "x", "x_2", "x_3"]


def test_a_name_can_be_looked_up_without_taking_it():
    graph = tf.get_default_graph()

    assert graph.unique_name("x", mark_as_used=False) == "x"
    assert graph.unique_name("x") == "x"
    assert graph.unique_name("x", mark_as_used=False) == graph.unique_name("x") == "x_1"


@pytest.mark.parametrize("name", ["_x", "a b", "x:0", "<b>", '"', "\n", "-x", "é", "x\n"])
def test_names_that_are_not_valid(name):
    with pytest.raises(ValueError, match="is not a valid"):
        tf.constant(1, name=name)


@pytest.mark.parametrize("name", ["x", "X.y", "0", "a/b", "a-b", "a_b", "a>b", "a\\b", ".x"])
def test_names_that_are_valid(name):
    assert tf.constant(1, name=name).op.name == name


def test_a_final_slash_takes_a_name_as_it_is():
    assert tf.constant(1, name="x/").op.name == "x"
    with pytest.raises(ValueError, match="Duplicate node name in graph: 'x'"):
        tf.constant(2, name="x/")


def test_a_failed_operation_is_not_added_but_uses_up_its_name():
    with pytest.raises(ValueError, match="Dimensions must be equal"):
        tf.zeros([2]) + tf.zeros([3])

    assert (tf.zeros([]) + tf.zeros([])).op.name == "add_1"
    assert "add" not in [op.name for op in tf.get_default_graph().get_operations()]


def reference_unique_name(in_use, name):
    """TensorFlow's own loop, which tries one number after the other."""
    key, number = name.lower(), in_use.get(name.lower(), 0)
    in_use[key] = number + 1
    if not number:
        return name
    candidate = key
    while candidate in in_use:
        candidate = f"{key}_{number}"
        number += 1
    in_use[candidate] = 1
    return f"{name}_{number - 1}"


@given(st.lists(st.sampled_from(["a", "A", "a_1", "a_2", "A_2", "a_1_1", "b"]), max_size=30))
def test_names_are_those_of_tensorflow_and_unique(wanted):
    graph, in_use = tf.Graph(), {}
    names = [graph.unique_name(n) for n in wanted]

    assert names == [reference_unique_name(in_use, n) for n in wanted]
    assert len({n.lower() for n in names}) == len(names)
