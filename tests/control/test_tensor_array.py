"""`tf.TensorArray` and the functions made of it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphmagic as tf
from graphmagic.ops.flows import Flow


def run(fetches: Any, feeds: Any = None) -> Any:
    return tf.Session().run(fetches, feeds)


def array(size: int = 2, **options: Any) -> Any:
    return tf.TensorArray(tf.float32, size, **options)


def test_versions_stay_valid() -> None:
    one = array(3).write(0, 1.0).write(2, 3.0)
    two, three = one.write(1, 20.0), one.write(1, 30.0)
    values = run([one.stack(), two.stack(), three.stack(), two.stack()])
    np.testing.assert_array_equal(values, [[1, 0, 3], [1, 20, 3], [1, 30, 3], [1, 20, 3]])


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=12), st.randoms(use_true_random=False)
)
def test_any_version_can_be_read_at_any_time(writes: list[tuple[int, int]], random: Any) -> None:
    versions: list[tuple[Flow, dict[int, int]]] = [(Flow({}, 4), {})]
    for number, (base, index) in enumerate(writes):
        flow, items = versions[base % len(versions)]
        versions.append((flow.put([(index, number)]), {**items, index: number}))
    random.shuffle(versions)
    for flow, items in versions:
        assert flow.items() == items


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: array().unstack([5.0, 6.0]).read(1), 6.0),
        (lambda: array(3).unstack([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]).gather([2, 0]), [[5, 6], [1, 2]]),
        (lambda: array(3).scatter([2, 0], [7.0, 8.0]).stack(), [8, 0, 7]),
        (lambda: array(0, dynamic_size=True).write(2, 5.0).size(), 3),
        (lambda: array(2, infer_shape=False).split([1.0, 2.0, 3.0], [1, 2]).concat(), [1, 2, 3]),
        (lambda: array(element_shape=[2]).read(0), [0, 0]),
        (lambda: array(0, element_shape=[3]).stack(), np.zeros([0, 3])),
        (lambda: array().unstack([1.0, 2.0]).identity().stack(), [1, 2]),
    ],
)
def test_values(make: Any, expected: Any) -> None:
    np.testing.assert_array_equal(run(make()), expected)


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: array().read(5), "InvalidArgumentError", "Tried to read from index 5 but array size is: 2"),
        (
            lambda: array().write(5, 1.0).flow,
            "InvalidArgumentError",
            "Tried to write to index 5 but array is not resizeable",
        ),
        (
            lambda: array().write(1, 1.0).write(1, 2.0).flow,
            "InvalidArgumentError",
            "index 1 because it has already been written",
        ),
        (lambda: array(1).read(0), "InvalidArgumentError", r"Could not read from TensorArray index 0\."),
        (
            lambda: array().unstack([1.0, 2.0, 3.0]).flow,
            "InvalidArgumentError",
            r"must be < array size \(2 vs. 2\)",
        ),
        (lambda: array(0).stack(), "UnimplementedError", "TensorArray has size zero"),
        (
            lambda: array(infer_shape=False).write(0, 1.0).write(1, [1.0, 2.0]).stack(),
            "InvalidArgumentError",
            r"Index 0 has shape: \[\] but index 1 has shape: \[2\]",
        ),
        (
            lambda: array(infer_shape=False).split([1.0], [1, 3]).flow,
            "InvalidArgumentError",
            "sum of lengths is 4 and value's shape is: .1.",
        ),
    ],
)
def test_mistakes_when_it_runs(make: Any, kind: str, message: str) -> None:
    with pytest.raises(getattr(tf.errors, kind), match=message):
        run(make())


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: tf.TensorArray(tf.float32), ValueError, "Argument `size` must be provided"),
        (lambda: array(handle=array().handle), ValueError, "Cannot provide both a `handle` and `size`"),
        (
            lambda: array().write(0, 1.0).write(1, [1.0, 2.0]),
            ValueError,
            r"Inconsistent shapes: saw \(2,\) but expected \(\)",
        ),
        (lambda: array().write(0, tf.constant(1)), TypeError, "TensorArray dtype is float32 but Op"),
    ],
)
def test_mistakes_while_building(make: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        make()


@pytest.mark.parametrize("known", [True, False])
def test_functions_over_rows(known: bool) -> None:
    rows = np.arange(6.0, dtype=np.float32).reshape(3, 2)
    x = tf.constant(rows) if known else tf.placeholder_with_default(rows, None)
    values = run(
        {
            "map": tf.map_fn(lambda r: r * r, x),
            "two": tf.map_fn(lambda r: (r, tf.cast(r[0], tf.int32)), x, dtype=(tf.float32, tf.int32)),
            "scan": tf.scan(lambda a, r: a + r, x),
            "from": tf.scan(lambda a, r: a + tf.reduce_sum(r), x, initializer=1.0),
            "reverse": tf.scan(lambda a, r: a + r, x, reverse=True),
            "left": tf.foldl(lambda a, r: 2.0 * a - r, x),
            "right": tf.foldr(lambda a, r: 2.0 * a - r, x),
        }
    )
    np.testing.assert_array_equal(values["map"], rows**2)
    np.testing.assert_array_equal(values["two"][1], [0, 2, 4])
    np.testing.assert_array_equal(values["scan"], np.cumsum(rows, 0))
    np.testing.assert_array_equal(values["from"], [2, 7, 16])
    np.testing.assert_array_equal(values["reverse"], np.cumsum(rows[::-1], 0)[::-1])
    np.testing.assert_array_equal(values["left"], 4 * rows[0] - 2 * rows[1] - rows[2])
    np.testing.assert_array_equal(values["right"], 4 * rows[2] - 2 * rows[1] - rows[0])


def test_functions_keep_static_shapes() -> None:
    x = tf.placeholder(tf.float32, [None, 2])
    assert tf.map_fn(lambda r: r * r, x).shape.as_list() == [None, 2]
    assert tf.scan(lambda a, r: a + r, tf.zeros([3, 2])).shape.as_list() == [3, 2]
    assert tf.map_fn(lambda r: r, x, name="m").name == "m/TensorArrayStack/TensorArrayGatherV3:0"


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: tf.map_fn(1, [1.0]), TypeError, "fn must be callable"),
        (
            lambda: tf.map_fn(lambda r: r, 1.0),
            ValueError,
            r"Elements in elems must be 1\+ dimensional Tensors",
        ),
        (lambda: tf.map_fn(lambda r: (r, r), tf.constant([1.0])), ValueError, "same nested structure"),
        (lambda: tf.scan(lambda a, r: (a, a), tf.constant([1.0])), ValueError, "same nested structure"),
        (lambda: tf.foldl(lambda a, r: (a, a), tf.constant([1.0])), ValueError, "same nested structure"),
        (lambda: tf.map_fn(lambda r: r, []), ValueError, "which does not contain any Tensors"),
    ],
)
def test_functions_refuse(make: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        make()
