"""Declaring a type of operation: its signature, and how arguments are matched with it."""

import pytest

import graphmagic as tf
from graphmagic.graph import convert
from graphmagic.graph.apply import apply_op
from graphmagic.graph.opdef import OpDef, registry
from graphmagic.graph.signature import parse


@pytest.fixture
def declare():
    """`OpDef`, whose declarations are taken back."""
    before = set(registry)
    yield OpDef
    for name in set(registry) - before:
        del registry[name]


def test_signatures():
    inputs, outputs = parse("ref:&T, values:N*T, others:[Tothers] -> output:T, index:int64")

    assert [(a.name, a.is_ref, a.is_list, a.type_attr) for a in inputs] == [
        ("ref", True, False, "T"),
        ("values", False, True, "T"),
        ("others", False, True, "Tothers"),
    ]
    assert [(a.name, a.dtype) for a in outputs] == [("output", None), ("index", tf.int64)]
    assert parse(" -> ") == parse("") == ((), ())


@pytest.mark.parametrize("signature", ["x", "x T -> y:T", "x:T y:T", ":T", "x:"])
def test_signatures_that_say_nothing(signature):
    with pytest.raises(ValueError, match=r"is no argument of a signature; write name:type"):
        parse(signature)


def test_a_type_is_declared_once(declare):
    declare("Once")
    with pytest.raises(ValueError, match=r"'Once' is declared twice"):
        declare("Once")


def test_kernels_get_the_keywords_they_name(declare):
    scale = declare("Scale", "x:T -> y:T", defaults={"factor": 2.0})

    @scale.kernel
    def scale_kernel(x, *, factor, dtype, op):
        return (x * factor).astype(dtype) if op.name == "twice" else x

    @scale.shape_rule
    def scale_shape(x, *, factor):
        return x.shape

    twice = apply_op(scale, [1.0, 2.0], name="twice").outputs[0]
    other = apply_op(scale, twice, factor=3.0)

    assert tf.Session().run([twice, other.outputs[0]])[0].tolist() == [2.0, 4.0]
    assert other.get_attr("factor") == 3.0
    assert other.outputs[0].shape == [2]


def test_all_of_a_list_have_one_type(declare):
    join = declare("Join", "values:N*T -> output:T")

    op = apply_op(join, [1, tf.constant(2.0)])
    assert [t.dtype for t in op.inputs] == [tf.float32, tf.float32]
    assert op.get_attr("N") == 2
    with pytest.raises(TypeError, match=r"Expected list for 'values' argument to 'Join' Op, not 3"):
        apply_op(join, 3)


def test_a_list_of_any_types(declare):
    keep = declare("Keep", "values:[T] -> output:[T]")

    op = apply_op(keep, [1, 2.0, "three"])
    assert [t.dtype for t in op.outputs] == [tf.int32, tf.float32, tf.string]


def test_arguments_that_do_not_match(declare):
    both = declare("Both", "x:T, y:T -> z:T", types={"T": (tf.float32, tf.int32)})

    with pytest.raises(TypeError, match=r"Both takes 2 inputs, not 1"):
        apply_op(both, 1)
    with pytest.raises(
        TypeError, match=r"'x' has DataType string not in list of allowed values: float32, int32"
    ):
        apply_op(both, "a", "b")
    with pytest.raises(
        TypeError, match=r"Expected int32 passed to parameter 'y' of op 'Both', got 1.5 of type 'float'"
    ):
        apply_op(both, 1, 1.5)


def test_types_that_differ_name_the_culprit_and_the_way_out():
    a, b = tf.constant(1), tf.constant(1.0, name="b")

    with pytest.raises(TypeError) as caught:
        tf.add(a, b)
    assert str(caught.value) == (
        "Input 'y' of 'Add' Op has type float32 that does not match type int32 of argument 'x'."
    )
    assert caught.value.__notes__[0].startswith("b (Const) was created at test_declarations.py:")
    assert caught.value.__notes__[1] == "To fix it: convert it, with tf.cast(..., tf.int32)."


def test_shapes_that_differ_name_the_inputs():
    a, b = tf.zeros([2, 3], name="a"), tf.placeholder(tf.float32, [4], name="b")

    with pytest.raises(
        ValueError, match=r"Dimensions must be equal, but are 3 and 4 for '{{node add}} = Add"
    ) as caught:
        a + b
    notes = caught.value.__notes__
    assert [note.split(" (created at test_declarations.py:")[0] for note in notes] == [
        "a:0 has shape (2, 3)",
        "b:0 has shape (4,)",
    ]
    assert all("a, b = tf.zeros([2, 3]" in note for note in notes)


@pytest.fixture
def conversions(monkeypatch):
    """What is registered meanwhile is taken back."""
    monkeypatch.setattr(convert, "_conversions", list(convert._conversions))
    monkeypatch.setattr(convert, "_by_type", {})


@pytest.mark.usefixtures("conversions")
def test_conversion_by_type():
    class Celsius:
        def __init__(self, degrees):
            self.degrees = degrees

    tf.register_tensor_conversion_function(
        Celsius,
        lambda value, dtype=None, name=None, as_ref=False: tf.constant(value.degrees, dtype, name=name),
    )

    assert tf.Session().run(tf.constant(1.0) + Celsius(20.0)) == 21.0
    with pytest.raises(TypeError, match=r"conversion_func must be callable"):
        tf.register_tensor_conversion_function(Celsius, None)
