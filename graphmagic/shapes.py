"""Static shapes: what a graph knows about a tensor's dimensions before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graphmagic.dimension import Dim, Dimension, as_dimension

__all__ = ["TensorShape", "as_shape", "broadcast_static"]


def _as_dim(value: Any) -> Dim:
    if value is None or (type(value) is int and value >= 0):
        return value
    return as_dimension(value).value


class TensorShape:
    """The static shape of a tensor: a list of dimensions, each known or not, or an unknown rank.

    Args:
        dims: an iterable of integers, None and `Dimension`; an integer for a vector; None for an unknown rank.

    >>> shape = TensorShape([None, 3])
    >>> print(shape, shape.ndims, shape.as_list(), shape[1], TensorShape(None))
    (?, 3) 2 [None, 3] 3 <unknown>
    >>> shape.merge_with([2, None])
    TensorShape([Dimension(2), Dimension(3)])
    """

    __slots__ = ("_dims",)

    def __init__(self, dims: Any) -> None:
        self._dims: tuple[Dim, ...] | None
        if dims is None:
            self._dims = None
        elif isinstance(dims, TensorShape):
            self._dims = dims._dims
        elif isinstance(dims, (str, bytes)):
            text = f"'{dims!r}'"
            raise TypeError(
                f"Failed to convert {text} to a shape: {text}could not be converted to a dimension. A shape should "
                "either be single dimension (e.g. 10), or an iterable of dimensions (e.g. [1, 10, None])."
            )
        elif isinstance(dims, Iterable):
            self._dims = tuple([_as_dim(d) for d in dims])
        else:
            self._dims = (_as_dim(dims),)

    @property
    def dims(self) -> list[Dimension] | None:
        """The dimensions as a list of `Dimension`, or None if the rank is unknown."""
        return None if self._dims is None else [Dimension(d) for d in self._dims]

    @property
    def ints(self) -> tuple[Dim, ...] | None:
        """The dimensions as a tuple of integers and None, or None if the rank is unknown."""
        return self._dims

    @property
    def ndims(self) -> int | None:
        """The rank, or None if unknown."""
        return None if self._dims is None else len(self._dims)

    @property
    def rank(self) -> int | None:
        """The rank, or None if unknown."""
        return self.ndims

    def as_list(self) -> list[Dim]:
        """The dimensions as a list of integers, None for each unknown one.

        Raises:
            ValueError: the rank is unknown.
        """
        if self._dims is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return list(self._dims)

    def is_fully_defined(self) -> bool:
        """Whether every dimension is known."""
        return self._dims is not None and None not in self._dims

    def num_elements(self) -> int | None:
        """The number of elements, or None if not fully defined."""
        if not self.is_fully_defined():
            return None
        total = 1
        for size in self._dims or ():
            total *= size or 0
        return total

    def is_compatible_with(self, other: Any) -> bool:
        """Whether a tensor could have both shapes.

        >>> TensorShape([None, 3]).is_compatible_with([5, 3])
        True
        """
        other = as_shape(other)
        if self._dims is None or other._dims is None:
            return True
        if len(self._dims) != len(other._dims):
            return False
        return all(a is None or b is None or a == b for a, b in zip(self._dims, other._dims, strict=True))

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raise `ValueError` unless the shapes are compatible."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {other} are incompatible")

    def assert_same_rank(self, other: Any) -> None:
        """Raise `ValueError` if both ranks are known and differ."""
        other = as_shape(other)
        if self.ndims is not None and other.ndims is not None and self.ndims != other.ndims:
            raise ValueError(f"Shapes {self} and {other} must have the same rank")

    def assert_has_rank(self, rank: int) -> None:
        """Raise `ValueError` if the rank is known and is not `rank`."""
        if self.ndims not in (None, rank):
            raise ValueError(f"Shape {self} must have rank {rank}")

    def assert_is_fully_defined(self) -> None:
        """Raise `ValueError` unless every dimension is known."""
        if not self.is_fully_defined():
            raise ValueError(f"Shape {self} is not fully defined")

    def with_rank(self, rank: int) -> TensorShape:
        """This shape, known to have `rank`.

        Raises:
            ValueError: the rank is known to be another.
        """
        try:
            return self.merge_with(unknown_shape(rank))
        except ValueError:
            raise ValueError(f"Shape {self} must have rank {rank}") from None

    def with_rank_at_least(self, rank: int) -> TensorShape:
        """This shape if its rank is unknown or at least `rank`.

        Raises:
            ValueError: the rank is smaller.
        """
        if self.ndims is not None and self.ndims < rank:
            raise ValueError(f"Shape {self} must have rank at least {rank}")
        return self

    def with_rank_at_most(self, rank: int) -> TensorShape:
        """This shape if its rank is unknown or at most `rank`.

        Raises:
            ValueError: the rank is larger.
        """
        if self.ndims is not None and self.ndims > rank:
            raise ValueError(f"Shape {self} must have rank at most {rank}")
        return self

    def merge_with(self, other: Any) -> TensorShape:
        """What is known of a tensor that has both shapes.

        Raises:
            ValueError: the shapes contradict each other.
        """
        other = as_shape(other)
        if self._dims is None or other._dims is None:
            return other if self._dims is None else self
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {other} are not compatible")
        return TensorShape([b if a is None else a for a, b in zip(self._dims, other._dims, strict=True)])

    def concatenate(self, other: Any) -> TensorShape:
        """The dimensions of this shape followed by those of `other`."""
        other = as_shape(other)
        if self._dims is None or other._dims is None:
            return TensorShape(None)
        return TensorShape(self._dims + other._dims)

    def most_specific_compatible_shape(self, other: Any) -> TensorShape:
        """The tightest shape that covers both: dimensions that differ become unknown."""
        other = as_shape(other)
        if self._dims is None or other._dims is None or len(self._dims) != len(other._dims):
            return TensorShape(None)
        return TensorShape([a if a == b else None for a, b in zip(self._dims, other._dims, strict=True)])

    def __add__(self, other: Any) -> TensorShape:
        return self.concatenate(other)

    def __radd__(self, other: Any) -> TensorShape:
        return as_shape(other).concatenate(self)

    def __iter__(self) -> Iterator[Dimension]:
        if self._dims is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return iter([Dimension(d) for d in self._dims])

    def __len__(self) -> int:
        if self._dims is None:
            raise ValueError("Cannot take the length of shape with unknown rank.")
        return len(self._dims)

    def __bool__(self) -> bool:
        return self._dims is not None

    def __getitem__(self, key: Any) -> Any:
        if self._dims is not None:
            dims = list(self._dims)  # whose errors name a list, as TensorFlow's do
            return TensorShape(dims[key]) if isinstance(key, slice) else Dimension(dims[key])
        if isinstance(key, slice):
            start, stop = key.start or 0, key.stop
            if key.step is not None or stop is None or stop < 0 or start < 0:
                return TensorShape(None)
            return unknown_shape(max(0, stop - start))
        return Dimension(None)

    def __eq__(self, other: object) -> bool:
        try:
            return self._dims == as_shape(other)._dims
        except (TypeError, ValueError):
            return NotImplemented

    def __hash__(self) -> int:
        return hash(self._dims)

    def __repr__(self) -> str:
        if self._dims is None:
            return "TensorShape(None)"
        return "TensorShape([" + ", ".join(f"Dimension({d})" for d in self._dims) + "])"

    def __str__(self) -> str:
        if self._dims is None:
            return "<unknown>"
        inside = ", ".join("?" if d is None else str(d) for d in self._dims)
        return f"({inside},)" if len(self._dims) == 1 else f"({inside})"

    def bracketed(self) -> str:
        """The compact form that error messages use.

        >>> TensorShape([None, 3]).bracketed(), TensorShape(None).bracketed()
        ('[?,3]', '<unknown>')
        """
        if self._dims is None:
            return "<unknown>"
        return "[" + ",".join("?" if d is None else str(d) for d in self._dims) + "]"

    def __reduce__(self) -> tuple[Any, ...]:
        return TensorShape, (self._dims,)


def as_shape(value: Any) -> TensorShape:
    """Convert a list, tuple, integer or None to a `TensorShape`."""
    return value if isinstance(value, TensorShape) else TensorShape(value)


def unknown_shape(ndims: int | None = None) -> TensorShape:
    """A shape of known rank `ndims` with no known dimension, or nothing known at all."""
    return TensorShape(None if ndims is None else [None] * ndims)


def broadcast_static(a: TensorShape, b: TensorShape) -> TensorShape:
    """What is known of the shape that two arrays broadcast to.

    Raises:
        ValueError: two known dimensions differ and neither is 1.

    >>> broadcast_static(TensorShape([None, 1]), TensorShape([3]))
    TensorShape([Dimension(None), Dimension(3)])
    """
    x, y = a.ints, b.ints
    if x is None or y is None:
        return TensorShape(None)
    if x == y and None not in x:
        return a
    rank = max(len(x), len(y))
    x, y = (1,) * (rank - len(x)) + x, (1,) * (rank - len(y)) + y
    return TensorShape([_broadcast_dim(p, q) for p, q in zip(x, y, strict=True)])


def _broadcast_dim(a: Dim, b: Dim) -> Dim:
    if b in (a, 1):
        return a
    if a == 1:
        return b
    if a is None or b is None:
        return (
            b
            if a is None and b is not None and b > 1
            else a
            if b is None and a is not None and a > 1
            else None
        )
    raise ValueError(f"Dimensions must be equal, but are {a} and {b}")
