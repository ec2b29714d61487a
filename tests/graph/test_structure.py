"""Nests: flattened and put together again, whatever containers they are made of."""

from collections import OrderedDict, UserDict, defaultdict, namedtuple
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphmagic.graph.structure import flatten, key_of, rebuild

Pair = namedtuple("Pair", ["first", "second"])

NESTS = st.recursive(
    st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3).map(OrderedDict)
        | st.builds(Pair, inner, inner)
    ),
    max_leaves=12,
)


@given(NESTS)
def test_rebuilding_with_the_same_leaves_gives_an_equal_nest(nest):
    leaves = iter(list(flatten(nest)))
    again = rebuild(nest, lambda _: next(leaves))

    assert again == nest
    assert type(again) is type(nest)
    assert next(leaves, None) is None


@given(NESTS, NESTS)
def test_keys_are_equal_only_for_nests_that_flatten_alike(one, two):
    if key_of(one) == key_of(two):
        assert list(flatten(one)) == list(flatten(two))
        assert type(one) is type(two)
    assert key_of(one) == key_of(rebuild(one, lambda leaf: leaf))


@pytest.mark.parametrize(
    "mapping",
    [
        OrderedDict(b=1, a=2),
        UserDict(b=1, a=2),
        MappingProxyType({"b": 1, "a": 2}),
        defaultdict(list, b=1, a=2),
    ],
)
def test_mappings_keep_their_type_and_order(mapping):
    again = rebuild(mapping, lambda leaf: leaf * 10)

    assert type(again) is type(mapping)
    assert list(again.items()) == [("b", 10), ("a", 20)]
    assert getattr(again, "default_factory", list) is list


def test_kinds_of_nests_are_told_apart():
    nests = [[1, 2], (1, 2), Pair(1, 2), {"a": 1, "b": 2}, {"b": 1, "a": 2}, [1, [2]], [[1], 2]]

    assert len({key_of(nest) for nest in nests}) == len(nests)


def test_leaves_must_be_hashable():
    with pytest.raises(TypeError, match="unhashable"):
        key_of([{1, 2}])
