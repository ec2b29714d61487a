"""Nested structures (TensorFlow's ``tf.nest``): lists, tuples, named tuples and dictionaries of anything.

The leaves of a dictionary come in the order of its sorted keys, as in TensorFlow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, MappingView, Sequence
from typing import Any

from graphmagic.names import namespace as _namespace

__all__ = ["assert_same_structure", "flatten", "is_nested", "map_structure", "pack_sequence_as"]


def is_nested(seq: Any) -> bool:
    """Whether a value is a nest: a list, a tuple, a mapping, or the keys, values or items of one.

    >>> is_nested([1]), is_nested({"a": 1}), is_nested({}.values()), is_nested("ab")
    (True, True, True, False)
    """
    return isinstance(seq, (list, tuple, Mapping, MappingView))


is_sequence = is_nested


def _items(structure: Any) -> list[Any]:
    if isinstance(structure, Mapping):
        return [structure[key] for key in _sorted_keys(structure)]
    return list(structure)


def _sorted_keys(structure: Mapping[Any, Any]) -> list[Any]:
    try:
        return sorted(structure)
    except TypeError:
        raise TypeError("nest only supports dicts with sortable keys.") from None


def flatten(structure: Any, expand_composites: bool = False) -> list[Any]:
    """The leaves of a nest, in order.

    Args:
        structure: a nest; anything else is a leaf.
        expand_composites: whether a sparse tensor, or the slices of a gradient, are nests of their parts.

    Raises:
        TypeError: the keys of a dictionary have no order.

    >>> flatten({"b": [2, (3,)], "a": 1})
    [1, 2, 3]
    """
    if expand_composites and _components(structure):
        return [getattr(structure, name) for name in _components(structure)]
    if not is_nested(structure):
        return [structure]
    return [leaf for item in _items(structure) for leaf in flatten(item, expand_composites)]


def _components(value: Any) -> tuple[str, ...]:
    """The names of the tensors that a sparse tensor consists of, or the slices of a gradient; nothing for others."""
    found: tuple[str, ...] = getattr(type(value), "COMPONENTS", ())
    return found


def pack_sequence_as(structure: Any, flat_sequence: Sequence[Any], expand_composites: bool = False) -> Any:
    """A nest like `structure` with other leaves.

    Args:
        structure: the nest to imitate.
        flat_sequence: its leaves, in the order of `flatten`.
        expand_composites: whether the leaves are those that `flatten` gives with this.

    Raises:
        ValueError: there are more or fewer leaves than the structure has.

    >>> pack_sequence_as({"b": [0, (0,)], "a": 0}, "xyz")
    {'b': ['y', ('z',)], 'a': 'x'}
    """
    leaves = list(flat_sequence)
    expected = len(flatten(structure, expand_composites))
    if not is_nested(structure) and len(leaves) != 1:
        raise ValueError(
            f"The target structure is of type `{type(structure)}`\n  {structure!r}\n"
            f"However the input is a sequence ({type(flat_sequence)}) of length {len(leaves)}.\n  {flat_sequence!r}\n"
            "nest cannot guarantee that it is safe to map one to the other."
        )
    if len(leaves) != expected:
        raise ValueError(
            f"Could not pack sequence. Structure had {expected} atoms, but flat_sequence had {len(leaves)} items.  "
            f"Structure: {structure}, flat_sequence: {flat_sequence}."
        )
    return _packed(structure, iter(leaves), expand_composites)


def _packed(structure: Any, leaves: Iterator[Any], expand_composites: bool) -> Any:
    if expand_composites and _components(structure):
        return type(structure)(*[next(leaves) for _ in _components(structure)])
    if not is_nested(structure):
        return next(leaves)
    if isinstance(structure, Mapping):
        values = {key: _packed(structure[key], leaves, expand_composites) for key in _sorted_keys(structure)}
        items = {key: values[key] for key in structure}
        if isinstance(structure, defaultdict):
            return defaultdict(structure.default_factory, items)
        return items if type(structure) is dict else type(structure)(items)  # type: ignore[call-arg]
    packed = [_packed(item, leaves, expand_composites) for item in structure]
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure)(*packed)
    is_list = type(structure) is list or isinstance(structure, MappingView)
    return packed if is_list else type(structure)(packed)


def map_structure(
    func: Callable[..., Any], *structure: Any, check_types: bool = True, expand_composites: bool = False
) -> Any:
    """Apply a function to the leaves of nests of the same structure.

    Args:
        func: takes one leaf of each nest.
        *structure: the nests.
        check_types: whether the sequences must have the same types.
        expand_composites: whether the function gets the parts of sparse tensors and of the slices of gradients.

    Returns:
        A nest like the first one.

    Raises:
        TypeError: `func` is not callable, or the types differ.
        ValueError: the structures differ.

    >>> map_structure(lambda a, b: a + b, [1, (2,)], [10, (20,)])
    [11, (22,)]
    """
    if not callable(func):
        raise TypeError(f"func must be callable, got: {func}")
    if not structure:
        raise ValueError("Must provide at least one structure")
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types, expand_composites)
    columns = zip(*[flatten(s, expand_composites) for s in structure], strict=True)
    return pack_sequence_as(structure[0], [func(*column) for column in columns], expand_composites)


def assert_same_structure(
    nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False
) -> None:
    """Check that two nests differ in their leaves only.

    Args:
        nest1: a nest.
        nest2: another.
        check_types: whether the sequences must have the same types.
        expand_composites: accepted for old programs: sparse tensors and slices of gradients are leaves here.

    Raises:
        ValueError: the structures differ.
        TypeError: a sequence is of another type.

    >>> assert_same_structure([1, (2,)], [3, (4,)])
    >>> assert_same_structure([1], (2,), check_types=False)
    """
    try:
        _compare(nest1, nest2, check_types)
    except (ValueError, TypeError) as error:
        raise type(error)(
            f"The two structures don't have the same nested structure.\n\nFirst structure: {_described(nest1)}\n\n"
            f"Second structure: {_described(nest2)}\n\nMore specifically: {error}\n"
            f"Entire first structure:\n{_outline(nest1)}\nEntire second structure:\n{_outline(nest2)}"
        ) from None


def _compare(a: Any, b: Any, check_types: bool) -> None:
    if is_nested(a) != is_nested(b):
        nest, leaf = (a, b) if is_nested(a) else (b, a)
        raise ValueError(
            f'Substructure "{_described(nest)}" is a sequence, while substructure "{_described(leaf)}" is not'
        )
    if not is_nested(a):
        return
    if check_types and not _same_kind(a, b):
        raise TypeError(
            f"The two namedtuples don't have the same sequence type. First structure {_described(a)} has type "
            f"{type(a).__name__}, while second structure {_described(b)} has type {type(b).__name__}"
        )
    if isinstance(a, Mapping) and isinstance(b, Mapping) and set(a) != set(b):
        raise ValueError(
            f"The two dictionaries don't have the same set of keys. First structure has keys {_described(list(a))}, "
            f"while second structure has keys {_described(list(b))}"
        )
    for x, y in zip(_items(a), _items(b), strict=False):
        _compare(x, y, check_types)
    if len(a) != len(b):
        raise ValueError(
            f"The two structures don't have the same number of elements. First structure: {_described(a)}. "
            f"Second structure: {_described(b)}"
        )


def _same_kind(a: Any, b: Any) -> bool:
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return True
    if hasattr(a, "_fields") and hasattr(b, "_fields"):
        return type(a).__name__ == type(b).__name__ and a._fields == b._fields
    return type(a) is type(b)


def _described(value: Any) -> str:
    return f"type={type(value).__name__} str={value}"


def _outline(structure: Any) -> str:
    """The structure with a dot for each leaf."""

    class Dot:
        def __repr__(self) -> str:
            return "."

    return str(map_structure(lambda _: Dot(), structure))


__getattr__, __dir__ = _namespace(__name__)
