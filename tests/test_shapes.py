"""Static shapes: unknown sizes and ranks, merging, broadcasting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphmagic as tf
from graphmagic.shapes import broadcast_static

Dimension, TensorShape = tf.Dimension, tf.TensorShape


def test_arithmetic_with_unknown_sizes_is_unknown():
    three, unknown = Dimension(3), Dimension(None)

    assert [
        (three + 1).value,
        (7 - three).value,
        (three * 2).value,
        (7 // three).value,
        (7 % three).value,
    ] == [*(4, 4, 6, 2, 1)]
    assert [(three + unknown).value, (unknown * 2).value, (unknown // three).value] == [None] * 3
    assert (three == 3, three != 3, three < 4, three >= 4) == (True, False, True, False)
    assert (unknown == 3, unknown == unknown, unknown < 3) == (None, None, None)  # noqa: PLR0124
    assert (int(three), list(range(5))[three], str(unknown)) == (3, 3, "?")


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (-1, ValueError, "Dimension -1 must be >= 0"),
        (
            "a",
            TypeError,
            "Dimension value must be integer or None or have an __index__ method, got value ''a'' with type '<class 'str'>'",
        ),
        (1.5, ValueError, "Ambiguous dimension: 1.5"),
        ([1], TypeError, "Dimension value must be integer or None"),
    ],
)
def test_what_is_no_size(value, kind, text):
    with pytest.raises(kind, match=text):
        Dimension(value)
    with pytest.raises(kind):
        TensorShape([value])


def test_dividing_a_size_gives_no_size():
    with pytest.raises(TypeError, match="please use // instead"):
        Dimension(3) / 2
    with pytest.raises(TypeError):
        int(Dimension(None))


def test_kinds_of_shapes():
    assert all(TensorShape(3) == same for same in (3, [3], (Dimension(3),), TensorShape([3])))
    assert TensorShape([None, 3]).as_list() == [None, 3]
    assert TensorShape(np.array([2, 3])).as_list() == [2, 3]
    with pytest.raises(
        TypeError, match=r"''ab''could not be converted to a dimension. A shape should either be"
    ):
        TensorShape("ab")


@pytest.mark.parametrize(
    ("dims", "text", "full", "elements"),
    [
        (None, "<unknown>", False, None),
        ([], "()", True, 1),
        ([3], "(3,)", True, 3),
        ([None], "(?,)", False, None),
        ([2, None, 4], "(2, ?, 4)", False, None),
        ([2, 0], "(2, 0)", True, 0),
    ],
)
def test_what_a_shape_tells(dims, text, full, elements):
    shape = TensorShape(dims)

    assert str(shape) == text
    assert shape.ndims == shape.rank == (None if dims is None else len(dims))
    assert (shape.is_fully_defined(), shape.num_elements(), bool(shape)) == (full, elements, dims is not None)
    assert shape == TensorShape(dims)
    assert hash(shape) == hash(TensorShape(dims))


def test_an_unknown_rank_tells_little():
    shape = TensorShape(None)

    with pytest.raises(ValueError, match=r"as_list\(\) is not defined on an unknown TensorShape"):
        shape.as_list()
    with pytest.raises(ValueError, match="Cannot take the length of shape with unknown rank"):
        len(shape)
    with pytest.raises(ValueError, match="Cannot iterate over a shape with unknown rank"):
        list(shape)
    assert (shape[0].value, shape[1:3], shape[1:], shape.dims) == (
        None,
        [None, None],
        TensorShape(None),
        None,
    )


def test_parts_of_a_shape():
    shape = TensorShape([None, 3, 5])

    assert (shape[1], shape[-1].value, shape[1:], [d.value for d in shape]) == (3, 5, [3, 5], [None, 3, 5])
    assert shape.concatenate([7]) == [None, 3, 5, 7]
    assert shape.concatenate(None).ndims is None
    assert shape.most_specific_compatible_shape([2, 3, 6]) == [None, 3, None]


def test_merging():
    shape = TensorShape([None, 3])

    assert shape.merge_with([2, None]) == [2, 3]
    assert shape.merge_with(None) == TensorShape(None).merge_with(shape) == shape
    for other in ([2, 4], [2], [1, 2, 3]):
        assert not shape.is_compatible_with(other)
        with pytest.raises(ValueError, match="are not compatible"):
            shape.merge_with(other)
        with pytest.raises(ValueError, match="are incompatible"):
            shape.assert_is_compatible_with(other)


def test_demands():
    shape = TensorShape([None, 3])

    assert TensorShape(None).with_rank(2) == [None, None]
    assert shape.with_rank(2) is shape.with_rank_at_least(2) or shape.with_rank(2) == shape
    for demand, text in (
        (lambda: shape.with_rank(3), r"Shape \(\?, 3\) must have rank 3"),
        (lambda: shape.with_rank_at_least(3), "must have rank at least 3"),
        (lambda: shape.assert_has_rank(3), "must have rank 3"),
        (lambda: shape.assert_same_rank([3]), r"Shapes \(\?, 3\) and \(3,\) must have the same rank"),
        (shape.assert_is_fully_defined, "is not fully defined"),
    ):
        with pytest.raises(ValueError, match=text):
            demand()


SHAPES = st.lists(st.integers(0, 3), max_size=3)


@given(SHAPES, SHAPES, st.data())
def test_broadcasting_agrees_with_numpy(one, two, data):
    """What is said of partly known shapes is true of every pair of arrays that fits them."""
    known = [[size if data.draw(st.booleans()) else None for size in shape] for shape in (one, two)]
    try:
        expected = np.broadcast_shapes(tuple(one), tuple(two))
    except ValueError:
        with pytest.raises(ValueError, match="Dimensions must be equal, but are"):
            broadcast_static(TensorShape(one), TensorShape(two))
        return

    assert broadcast_static(TensorShape(one), TensorShape(two)) == expected
    assert broadcast_static(TensorShape(known[0]), TensorShape(known[1])).is_compatible_with(expected)
    assert broadcast_static(TensorShape(None), TensorShape(two)).ndims is None
