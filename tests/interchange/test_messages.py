"""Messages without protocol buffers: they behave and print as the real ones."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphmagic as tf
from graphmagic.dtypes import ALL
from graphmagic.graph import messages
from graphmagic.graph.nodedef import attr_value, node_def, set_attr
from graphmagic.graph.plain_messages import PLAIN, MissingExtraError
from graphmagic.graph.tensor_protos import array_of, fill_tensor

BOTH = ["plain", "protobuf"]


def kinds(backing):
    """The classes of messages of one backing."""
    if backing == "plain":
        return PLAIN.__getitem__
    pytest.importorskip("tensorboard.compat.proto")
    return messages.message


@pytest.fixture(params=BOTH)
def kind(request):
    return kinds(request.param)


def test_a_node_can_be_read_and_changed(kind):
    node = kind("NodeDef")(name="x", op="Assign", input=["a", "b:1"])
    node.attr["T"].type = 1
    node.attr["use_locking"].b = False
    node.attr["shape"].shape.dim.add(size=3)
    node.input[0] = "c"
    del node.attr["use_locking"]

    assert (node.name, node.op, list(node.input), node.device) == ("x", "Assign", ["c", "b:1"], "")
    assert sorted(node.attr) == ["T", "shape"]
    assert (node.attr["T"].type, node.attr["T"].WhichOneof("value")) == (1, "type")
    assert [dim.size for dim in node.attr["shape"].shape.dim] == [3]
    assert (node.attr["T"].HasField("type"), node.attr["T"].HasField("i")) == (True, False)


def test_reading_sets_nothing(kind):
    attr = kind("AttrValue")()
    assert list(attr.list.i) == []
    assert attr.tensor.tensor_shape.unknown_rank is False
    assert attr.WhichOneof("value") is None

    attr.list.i.append(3)
    assert attr.WhichOneof("value") == "list"
    attr.f = 0.0
    assert (attr.WhichOneof("value"), list(attr.list.i)) == ("f", [])


def test_copies_are_copies(kind):
    node = kind("NodeDef")(name="x", input=["a"])
    node.attr["T"].type = 1
    graph = kind("GraphDef")()
    graph.node.add().CopyFrom(node)
    graph.node.extend([node, copy.deepcopy(node)])
    node.name, node.attr["T"].type = "y", 3
    node.input.append("b")

    assert [n.name for n in graph.node] == ["x"] * 3
    assert [n.attr["T"].type for n in graph.node] == [1] * 3
    assert graph.node[0] == graph.node[1] == graph.node[2] != node


def test_merging_appends(kind):
    one, two = kind("NodeDef")(name="x", input=["a"]), kind("NodeDef")(op="Add", input=["b"])
    one.attr["T"].type = 1
    two.attr["N"].i = 2
    one.MergeFrom(two)

    assert (one.name, one.op, list(one.input), sorted(one.attr)) == ("x", "Add", ["a", "b"], ["N", "T"])
    one.ClearField("op")
    assert one.op == ""
    one.Clear()
    assert one == kind("NodeDef")()


@pytest.mark.parametrize(("field", "value"), [("b", "yes"), ("i", 1.5), ("s", 3), ("shape", 3), ("nope", 1)])
def test_wrong_values_are_refused(kind, field, value):
    attr = kind("AttrValue")()

    with pytest.raises((TypeError, AttributeError)):
        setattr(attr, field, value)
    assert attr.WhichOneof("value") is None


def test_without_the_extra_files_need_it():
    graph = PLAIN["GraphDef"]()

    uses = [
        graph.SerializeToString,
        graph.ByteSize,
        lambda: graph.ParseFromString(b""),
        lambda: type(graph).FromString(b""),
    ]
    for use in uses:
        with pytest.raises(
            MissingExtraError, match=r'To install it: pip install "graphmagic\[tensorboard\]"'
        ):
            use()


def test_without_the_extra_graphs_are_look_alikes(monkeypatch, tmp_path):
    monkeypatch.setattr(messages, "has_protobuf", lambda: False)
    tf.constant([1.0, 2.0], name="c")
    graph_def = tf.get_default_graph().as_graph_def()

    assert type(graph_def) is PLAIN["GraphDef"]
    [c] = tf.import_graph_def(graph_def, return_elements=["c:0"])
    assert tf.Session().run(c).tolist() == [1.0, 2.0]
    path = tf.train.write_graph(graph_def, tmp_path, "graph.pbtxt")
    assert 'name: "c"' in (tmp_path / "graph.pbtxt").read_text()
    assert path == str(tmp_path / "graph.pbtxt")
    with pytest.raises(MissingExtraError):
        tf.train.write_graph(graph_def, tmp_path, "graph.pb", as_text=False)


SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(width=32),
    st.text(max_size=5),
    st.binary(max_size=5),
    st.sampled_from(ALL),
)
SHAPES = st.one_of(
    st.just(tf.TensorShape(None)), st.lists(st.none() | st.integers(0, 5), max_size=3).map(tf.TensorShape)
)
LISTS = st.one_of(
    *[
        st.lists(item, max_size=3)
        for item in (st.booleans(), st.integers(-9, 9), st.sampled_from(ALL), SHAPES)
    ]
)
ATTRIBUTES = st.dictionaries(st.sampled_from(["a", "ab", "abc", "b", "T"]), SCALARS | SHAPES | LISTS)


@given(ATTRIBUTES)
def test_text_is_that_of_protocol_buffers(attributes):
    texts = []
    for backing in BOTH:
        node = kinds(backing)("NodeDef")(name="n", op="Op", input=["x", "^y"])
        for key, value in attributes.items():
            set_attr(node.attr[key], value)
        texts.append(str(node))

    assert texts[0] == texts[1]


@given(ATTRIBUTES)
def test_attributes_come_back(attributes):
    for backing in BOTH:
        node = kinds(backing)("NodeDef")()
        for key, value in attributes.items():
            set_attr(node.attr[key], value)
            found = attr_value(node.attr[key])
            if isinstance(value, float):
                assert np.float32(found) == np.float32(value) or np.isnan(value)
            elif isinstance(value, bytes):
                assert found in (value, value.decode(errors="replace"))
            elif isinstance(value, list) and holds_shapes(value):
                assert [repr(item) for item in found] == [repr(item) for item in value]
            else:
                assert repr(found) == repr(value)


def holds_shapes(value):
    return any(isinstance(item, tf.TensorShape) for item in value)


NUMBERS = [t for t in ALL if t is not tf.string]


@st.composite
def arrays(draw):
    dtype = draw(st.sampled_from(NUMBERS)).numpy
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=3)))
    size = int(np.prod(shape)) * dtype.itemsize
    raw = np.frombuffer(draw(st.binary(min_size=size, max_size=size)), np.uint8)
    return raw.view(dtype).reshape(shape) if dtype.kind != "b" else (raw % 2).astype(bool).reshape(shape)


@given(arrays() | st.sampled_from([np.float32([0.0, -0.0]), np.float16([np.nan, np.nan]), np.zeros(1000)]))
def test_arrays_come_back_bit_for_bit(array):
    for backing in BOTH:
        proto = kinds(backing)("TensorProto")()
        fill_tensor(proto, array)
        found = array_of(proto)

        assert (found.dtype, found.shape) == (array.dtype, array.shape)
        is_number = np.array_equal(found, found)  # a nan of one kind may become one of another
        assert found.tobytes() == array.tobytes() or not is_number


def test_strings_come_back():
    proto = tf.make_tensor_proto([["a", "é"], [b"\xff\x00", ""]])

    assert tf.make_ndarray(proto).tolist() == [[b"a", "é".encode()], [b"\xff\x00", b""]]


def test_one_value_stands_for_many():
    proto = tf.make_tensor_proto(np.zeros(1000, np.float32))

    assert (list(proto.float_val), bytes(proto.tensor_content)) == ([0.0], b"")
    assert tf.make_ndarray(tf.make_tensor_proto(7, shape=[2, 3])).tolist() == [[7, 7, 7]] * 2


def test_too_many_values():
    proto = tf.make_tensor_proto([1, 2, 3])
    del proto.tensor_shape.dim[:]

    with pytest.raises(ValueError, match="a tensor of 1 elements cannot hold 3 values"):
        tf.make_ndarray(proto)
    proto.dtype = 14
    with pytest.raises(TypeError, match="graphmagic has no tensors of type DT_BFLOAT16"):
        tf.make_ndarray(proto)


def test_a_node_is_the_same_either_way(kind):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = tf.matmul(x, [[1.0], [2.0], [3.0]], name="y")
    node = node_def(y.op, kind("NodeDef"))

    assert (node.name, node.op, list(node.input)) == ("y", "MatMul", ["x", "y/b"])
    assert node.attr["T"].type == tf.float32.as_datatype_enum == 1
    assert node.attr["transpose_a"].b is False
    assert str(node) == str(y.op)
