"""Fetches: any nest of tensors, operations, variables and names, answered in the same shape."""

from collections import OrderedDict, UserDict, defaultdict, namedtuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphmagic as tf
from graphmagic.graph.structure import flatten, rebuild

Pair = namedtuple("Pair", ["first", "second"])


@pytest.fixture
def sess():
    return tf.Session()


def test_single_fetches(sess):
    a, v = tf.constant(1.5, name="a"), tf.Variable(2.5, name="v")

    assert sess.run(v.initializer) is None
    assert [sess.run(f) for f in (a, "a:0", v, "v:0", v.value())] == [1.5, 1.5, 2.5, 2.5, 2.5]
    assert sess.run("v/Assign") is None
    assert type(sess.run(a)) is np.float32


def test_nests(sess):
    a, b = tf.constant(1), tf.constant(2)

    assert sess.run([a, (b, [a])]) == [1, (2, [1])]
    assert sess.run({"x": a, "y": {"z": [b, a.op]}}) == {"x": 1, "y": {"z": [2, None]}}
    assert sess.run(Pair(a, [b])) == Pair(1, [2])
    assert sess.run([a, a, "Const:0"]) == [1, 1, 1]
    assert sess.run((a,)) == (1,)


@pytest.mark.parametrize("empty", [[], (), {}, [[], {"a": ()}]])
def test_empty_fetches(sess, empty):
    tf.constant(1)

    assert sess.run(empty) == empty


def test_mappings_keep_their_type(sess):
    a = tf.constant(1)
    for mapping in (OrderedDict(b=a, a=a), UserDict(b=a), defaultdict(list, b=a)):
        result = sess.run(mapping)

        assert type(result) is type(mapping)
        assert list(result) == list(mapping)
        assert result["b"] == 1


def test_a_nest_may_change_after_a_run(sess):
    a, b = tf.constant(1), tf.constant(2)
    fetches = [a]
    sess.run(fetches)
    fetches.append(b)

    assert sess.run([a]) == [1]
    assert sess.run(fetches) == [1, 2]


def test_sparse_gradients_can_be_fetched(sess):
    v = tf.Variable(tf.ones([4, 2]))
    (gradient,) = tf.gradients(tf.gather(v, [0, 2]), v)
    sess.run(v.initializer)
    result = sess.run({"g": gradient})["g"]

    assert type(result) is tf.IndexedSlicesValue
    assert (result.values.tolist(), result.indices.tolist()) == ([[1.0, 1.0], [1.0, 1.0]], [0, 2])
    assert result.dense_shape.tolist() == [4, 2]


LEAVES = st.sampled_from(["a:0", "b:0", "total:0", "total", "x:0"])
NESTS = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        | st.builds(Pair, inner, inner)
    ),
    max_leaves=8,
)


@given(NESTS)
def test_running_a_nest_is_running_its_leaves(nest):
    with tf.Graph().as_default() as graph:
        a, b = tf.constant(1.0, name="a"), tf.constant([2.0, 3.0], name="b")
        x = tf.placeholder(tf.float32, name="x")
        tf.add(a * b, x, name="total")
        sess = tf.Session(graph=graph)
        single = {leaf: sess.run(leaf, {x: 4.0}) for leaf in set(flatten(nest))}
        result = sess.run(nest, {x: 4.0})

    assert repr(result) == repr(rebuild(nest, single.get))


@pytest.mark.parametrize(
    ("fetch", "kind", "text"),
    [
        (None, TypeError, 'Argument `fetch` = None has invalid type "NoneType". Cannot be None'),
        (
            3,
            TypeError,
            'Argument `fetch` = 3 has invalid type "int" must be a string or Tensor. '
            "(Can not convert a int into a Tensor or Operation.)",
        ),
        (
            "b",
            ValueError,
            "Argument `fetch` = b cannot be interpreted as a Tensor. "
            "(\"The name 'b' refers to an Operation not in the graph.\")",
        ),
        (
            "b:0",
            ValueError,
            "Argument `fetch` = b:0 cannot be interpreted as a Tensor. (\"The name 'b:0' refers to a Tensor which does "
            "not exist. The operation, 'b', does not exist in the graph.\")",
        ),
    ],
)
@pytest.mark.parametrize("nested", [False, True])
def test_what_cannot_be_fetched(sess, fetch, kind, text, nested):
    a = tf.constant(1, name="a")
    with pytest.raises(kind) as caught:
        sess.run([a, fetch] if nested else fetch)
    assert str(caught.value) == text
    assert sess.run(a) == 1


def test_a_set_has_no_order_to_answer_in(sess):
    with pytest.raises(TypeError, match='has invalid type "set" must be a string or Tensor'):
        sess.run({tf.constant(1)})


def test_fetches_of_another_graph(sess):
    tf.constant(1)
    with tf.Graph().as_default():
        other = tf.constant(1.0, name="other")
    with pytest.raises(ValueError, match=r"Tensor\. \(Tensor Tensor\(.*graph\.\)") as caught:
        sess.run(other)
    assert caught.value.__notes__[0].startswith("other (Const) was created at test_fetches.py:")
    assert "tf.Session(graph=tensor.graph)" in caught.value.__notes__[1]


def test_a_fetch_that_is_none_tells_where_from(sess):
    x = tf.constant(1.0)
    with pytest.raises(TypeError) as caught:
        sess.run(tf.gradients(tf.constant(2.0), x))
    assert "tf.gradients gives None" in caught.value.__notes__[0]


def test_a_misspelt_fetch_gets_suggestions(sess):
    tf.constant(1, name="weights")
    with pytest.raises(ValueError, match=r"cannot be interpreted") as caught:
        sess.run("wieghts:0")
    assert caught.value.__notes__ == ["Did you mean 'weights:0'?"]
