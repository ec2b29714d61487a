"""Finding operations and tensors by name, with TensorFlow's answers to every wrong one."""

import pytest

import graphmagic as tf


@pytest.fixture
def graph():
    with tf.Graph().as_default() as graph:
        tf.constant(1.0, name="weights")
        tf.no_op(name="op")
        yield graph


def test_by_name(graph):
    op = graph.get_operation_by_name("weights")

    assert op is graph.get_operations()[0]
    assert graph.get_tensor_by_name("weights:0") is op.outputs[0]


@pytest.mark.parametrize("name", ["weights", "weights:0", "op"])
def test_elements_by_name(graph, name):
    assert graph.as_graph_element(name).name == name


def test_elements_stand_for_themselves(graph):
    tensor, v = graph.get_tensor_by_name("weights:0"), tf.Variable(1.0)

    assert graph.as_graph_element(tensor) is tensor
    assert graph.as_graph_element(tensor.op) is tensor.op
    assert graph.as_graph_element(v) is v.op.outputs[0]


@pytest.mark.parametrize(
    ("method", "name", "kind", "text"),
    [
        ("get_operation_by_name", 3, TypeError, "Operation names are strings (or similar), not int."),
        ("get_operation_by_name", "b", KeyError, "The name 'b' refers to an Operation not in the graph."),
        (
            "get_operation_by_name",
            "weights:0",
            ValueError,
            "Name 'weights:0' appears to refer to a Tensor, not a Operation.",
        ),
        ("get_tensor_by_name", 3, TypeError, "Tensor names are strings (or similar), not int."),
        (
            "get_tensor_by_name",
            "op",
            ValueError,
            "The name 'op' refers to an Operation, not a Tensor. "
            'Tensor names must be of the form "<op_name>:<output_index>".',
        ),
        (
            "get_tensor_by_name",
            "b",
            ValueError,
            "The name 'b' looks like an (invalid) Operation name, not a Tensor. "
            'Tensor names must be of the form "<op_name>:<output_index>".',
        ),
        (
            "get_tensor_by_name",
            "weights:x",
            ValueError,
            "The name 'weights:x' looks a like a Tensor name, but is not a valid one. "
            'Tensor names must be of the form "<op_name>:<output_index>".',
        ),
        (
            "get_tensor_by_name",
            "b:0",
            KeyError,
            "The name 'b:0' refers to a Tensor which does not exist. The operation, 'b', does not exist in the graph.",
        ),
        (
            "get_tensor_by_name",
            "weights:7",
            KeyError,
            "The name 'weights:7' refers to a Tensor which does not exist. "
            "The operation, 'weights', exists but only has 1 outputs.",
        ),
        ("as_graph_element", 3, TypeError, "Can not convert a int into a Tensor or Operation."),
        ("as_graph_element", None, TypeError, "Can not convert a NoneType into a Tensor or Operation."),
    ],
)
def test_what_there_is_not(graph, method, name, kind, text):
    with pytest.raises(kind) as caught:
        getattr(graph, method)(name)
    assert caught.value.args[0] == text


def test_elements_of_the_wrong_kind(graph):
    tensor = graph.get_tensor_by_name("weights:0")

    with pytest.raises(TypeError, match="Can not convert a Tensor into a Operation"):
        graph.as_graph_element(tensor, allow_tensor=False)
    with pytest.raises(TypeError, match="Can not convert a Operation into a Tensor"):
        graph.as_graph_element(tensor.op, allow_operation=False)


def test_elements_of_another_graph(graph):
    tensor = graph.get_tensor_by_name("weights:0")

    with pytest.raises(
        ValueError, match=r'Tensor Tensor\("weights:0".* is not an element of this graph'
    ) as caught:
        tf.Graph().as_graph_element(tensor)
    assert caught.value.__notes__[0].startswith("weights (Const) was created at test_lookup.py:")
    with pytest.raises(ValueError, match="is not an element of this graph"):
        tf.Graph().as_graph_element(tensor.op)


@pytest.mark.parametrize(("name", "near"), [("wieghts", "weights"), ("wieghts:0", "weights:0")])
def test_a_misspelt_name_gets_suggestions(graph, name, near):
    with pytest.raises(KeyError) as caught:
        graph.as_graph_element(name)
    assert caught.value.__notes__ == [f"Did you mean {near!r}?"]


def test_a_name_like_no_other_gets_none(graph):
    with pytest.raises(KeyError) as caught:
        graph.as_graph_element("zzz")
    assert not hasattr(caught.value, "__notes__")
