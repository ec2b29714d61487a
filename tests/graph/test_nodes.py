"""Operations and tensors: what they tell of themselves, and what they refuse."""

import numpy as np
import pytest

import graphmagic as tf


def test_texts():
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    unknown, scalar = tf.placeholder(tf.int32, name="u"), tf.constant(True, name="b")
    v = tf.Variable([1.0], name="v")

    assert repr(x) == "<tf.Tensor 'x:0' shape=(?, 3) dtype=float32>"
    assert [str(t) for t in (x, unknown, scalar, v.value())] == [
        'Tensor("x:0", shape=(?, 3), dtype=float32)',
        'Tensor("u:0", dtype=int32)',
        'Tensor("b:0", shape=(), dtype=bool)',
        'Tensor("v/read:0", shape=(1,), dtype=float32)',
    ]
    assert repr(x.op) == "<tf.Operation 'x' type=Placeholder>"
    assert repr(v) == "<tf.Variable 'v:0' shape=(1,) dtype=float32_ref>"


def test_a_node_as_text():
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    with tf.device("/cpu:0"), tf.control_dependencies([tf.no_op(name="first")]):
        total = tf.add(x, [1.5], name="total")

    assert str(total.op).splitlines() == [
        'name: "total"',
        'op: "Add"',
        'input: "x"',
        'input: "total/y"',
        'device: "/device:CPU:0"',
        "attr {",
        '  key: "T"',
        "  value {",
        "    type: DT_FLOAT",
        "  }",
        "}",
    ]
    assert total.op.node_def.input == ["x", "total/y"]
    assert total.op.inputs[1].op.node_def.input == ["^first"]


def test_a_constant_as_text():
    assert str(tf.constant([7], tf.int64, name="c").op) == (
        'name: "c"\nop: "Const"\n'
        'attr {\n  key: "value"\n  value {\n    tensor {\n      dtype: DT_INT64\n      tensor_shape {\n'
        "        dim {\n          size: 1\n        }\n      }\n      int64_val: 7\n    }\n  }\n}\n"
        'attr {\n  key: "dtype"\n  value {\n    type: DT_INT64\n  }\n}\n'
    )


@pytest.mark.parametrize(
    ("value", "dtype", "line"),
    [
        (1.5, tf.float32, "float_val: 1.5"),
        (1.5, tf.float64, "double_val: 1.5"),
        (True, tf.bool, "bool_val: true"),
        (3, tf.int32, "int_val: 3"),
        (3, tf.uint8, "int_val: 3"),
        ('"<b>\\\n', tf.string, 'string_val: "\\"<b>\\\\\\n"'),
        (b"\xff", tf.string, 'string_val: "\\377"'),
    ],
)
def test_values_as_text(value, dtype, line):
    assert f"      {line}\n" in str(tf.constant(value, dtype).op)


def test_large_values_are_cut():
    text = str(tf.constant([0.0] * 1000).op)

    assert text.count("float_val") == 100
    assert "# 900 more" in text


def test_the_definitions_of_a_graph():
    graph = tf.get_default_graph()
    tf.placeholder(tf.float32, [None, 2], name="x")
    version = graph.version
    tf.constant(1, name="c")

    assert [node.name for node in graph.as_graph_def().node] == ["x", "c"]
    assert [node.name for node in graph.as_graph_def(from_version=version).node] == ["c"]
    [shape] = graph.as_graph_def(add_shapes=True).node[0].attr["_output_shapes"].list.shape
    assert [dim.size for dim in shape.dim] == [-1, 2]
    assert str(graph.as_graph_def()).count("node {") == 2


@pytest.mark.parametrize(
    ("use", "text"),
    [
        (bool, "Using a `tf.Tensor` as a Python `bool` is not allowed."),
        (list, "Tensor objects are only iterable when eager execution is enabled."),
        (len, r"len is not well defined for a symbolic Tensor \(x:0\)"),
        (lambda x: 1 if x > 0 else 2, "Using a `tf.Tensor` as a Python `bool` is not allowed."),
        (float, "float"),
    ],
)
def test_a_tensor_is_no_value(use, text):
    with pytest.raises(TypeError, match=text):
        use(tf.constant([1, 2], name="x"))


def test_a_tensor_is_no_array():
    with pytest.raises(
        NotImplementedError, match=r"Cannot convert a symbolic tf.Tensor \(x:0\) to a numpy array"
    ):
        np.array(tf.constant([1, 2], name="x"))


def test_tensors_are_equal_to_themselves_only():
    a, b = tf.constant(1), tf.constant(1)

    assert (a == a, a == b, a != b, a in [b, a]) == (True, False, True, True)  # noqa: PLR0124
    assert len({a, b, a}) == 2


def test_set_shape_adds_knowledge():
    x = tf.placeholder(tf.float32, [None, 3])
    x.set_shape([2, None])

    assert x.shape == x.get_shape() == [2, 3]
    with pytest.raises(ValueError, match="Dimension 0 in both shapes must be equal, but are 2 and 4"):
        x.set_shape([4, 3])
    with pytest.raises(ValueError, match="Shapes must be equal rank, but are 2 and 1"):
        x.set_shape([2])
    assert x.shape == [2, 3]


def test_arrays_next_to_tensors_give_tensors():
    x = tf.placeholder(tf.float32, [3])

    for result in (np.ones(3) * x, x * np.ones(3), np.float64(2) * x, [1, 2, 3] + x):  # noqa: RUF005
        assert (type(result), result.dtype, result.shape.as_list()) == (tf.Tensor, tf.float32, [3])


def test_variables_take_part_as_their_values():
    v = tf.Variable([1.0, 2.0])
    sess = tf.Session()
    sess.run(v.initializer)

    assert sess.run([v + 1.0, 1.0 - v, -v, v[1], v > 1.0])[0].tolist() == [2.0, 3.0]
    assert v == v  # noqa: PLR0124
    assert hash(v) == id(v)
    with pytest.raises(TypeError, match="is not iterable"):
        list(v)
