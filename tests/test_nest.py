"""Nested structures: order, rebuilding, comparison."""

from collections import OrderedDict, defaultdict, namedtuple
from typing import Any

import pytest

from graphmagic import nest

Pair = namedtuple("Pair", "a b")


@pytest.mark.parametrize(
    ("structure", "leaves"),
    [
        (5, [5]),
        ([], []),
        ([1, (2, [3])], [1, 2, 3]),
        ({"b": 1, "a": [2]}, [2, 1]),
        (Pair(1, {"x": 2}), [1, 2]),
        (OrderedDict([("b", 1), ("a", 2)]), [2, 1]),
        ("text", ["text"]),
    ],
)
def test_flattening_and_packing(structure: Any, leaves: list[Any]) -> None:
    assert nest.flatten(structure) == leaves
    again = nest.pack_sequence_as(structure, leaves)
    assert again == structure
    assert type(again) is type(structure)
    if isinstance(structure, dict):
        assert list(again) == list(structure)


def test_views_of_mappings_are_nests_that_become_lists() -> None:
    values = {"b": 1, "a": [2]}.values()
    assert nest.flatten(values) == [1, 2]
    assert nest.map_structure(str, values) == ["1", ["2"]]


def test_default_dict_keeps_its_factory() -> None:
    packed = nest.pack_sequence_as(defaultdict(list, a=1), [2])
    assert packed["a"] == 2
    assert packed["new"] == []


def test_mapping_over_several() -> None:
    assert nest.map_structure(lambda a, b: a * b, {"x": [1, 2]}, {"x": [3, 4]}) == {"x": [3, 8]}


@pytest.mark.parametrize(
    ("a", "b", "kind", "message"),
    [
        (
            [1],
            1,
            ValueError,
            r'"type=list str=\[1\]" is a sequence, while substructure "type=int str=1" is not',
        ),
        ([1], [1, 2], ValueError, "don't have the same number of elements"),
        ([1, 2], (1, 2), TypeError, "don't have the same sequence type"),
        ({"a": 1}, {"b": 1}, ValueError, "don't have the same set of keys"),
        ([[1], 2], [3, 4, 5], ValueError, "is a sequence, while substructure"),
    ],
)
def test_differences(a: Any, b: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        nest.assert_same_structure(a, b)
    assert str(caught.value).startswith(
        "The two structures don't have the same nested structure.\n\nFirst structure: "
    )


def test_outline_shows_the_form_only() -> None:
    with pytest.raises(
        ValueError, match=r"Entire first structure:\n\[\., \(\.,\)\]\nEntire second structure:\n\.$"
    ):
        nest.assert_same_structure([1, (2,)], 3)


@pytest.mark.parametrize(
    ("structure", "leaves", "message"),
    [
        ([1, 2], [1], r"Structure had 2 atoms, but flat_sequence had 1 items"),
        (1, [1, 2], "However the input is a sequence"),
    ],
)
def test_packing_needs_the_right_number(structure: Any, leaves: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nest.pack_sequence_as(structure, leaves)


def test_what_is_no_function_or_has_no_order() -> None:
    with pytest.raises(TypeError, match="func must be callable"):
        nest.map_structure(1, [1])
    with pytest.raises(ValueError, match="at least one structure"):
        nest.map_structure(abs)
    with pytest.raises(TypeError, match="sortable keys"):
        nest.flatten({1: 2, "a": 3})
