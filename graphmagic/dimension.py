"""One dimension of a static shape, which may be unknown."""

from __future__ import annotations

from typing import Any

__all__ = ["Dim", "Dimension", "as_dimension"]

Dim = int | None


class Dimension:
    """One dimension of a `TensorShape`: a size, or unknown.

    Arithmetic and comparison with an unknown dimension give unknown (None), as in TensorFlow 1.

    >>> Dimension(3) * 2, Dimension(None) + 1, Dimension(3) == 3, Dimension(None) == 3
    (Dimension(6), Dimension(None), True, None)
    """

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]  # == may answer None, so a hash would lie

    def __init__(self, value: Any) -> None:
        if isinstance(value, Dimension):
            self._value: Dim = value._value
        elif value is None:
            self._value = None
        else:
            try:
                self._value = int(value.__index__()) if hasattr(value, "__index__") else int(value)
            except (TypeError, ValueError):
                raise TypeError(
                    "Dimension value must be integer or None or have an __index__ method, "
                    f"got value '{value!r}' with type '{type(value)!r}'"
                ) from None
            if not hasattr(value, "__index__") and self._value != value:
                raise ValueError(f"Ambiguous dimension: {value}")
            if self._value < 0:
                raise ValueError(f"Dimension {self._value} must be >= 0")

    @property
    def value(self) -> Dim:
        """The size, or None if unknown."""
        return self._value

    def is_compatible_with(self, other: Any) -> bool:
        """Whether the two could be the same size: equal, or one unknown."""
        other = as_dimension(other)
        return self._value is None or other._value is None or self._value == other._value

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raise `ValueError` if both sizes are known and differ."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Dimensions {self} and {other} are not compatible")

    def merge_with(self, other: Any) -> Dimension:
        """The better known of two compatible dimensions.

        Raises:
            ValueError: both are known and differ.
        """
        other = as_dimension(other)
        if not self.is_compatible_with(other):
            raise ValueError(f"Dimensions {self} and {other} are not compatible")
        return Dimension(other._value if self._value is None else self._value)

    def __repr__(self) -> str:
        return f"Dimension({self._value})"

    def __str__(self) -> str:
        return "?" if self._value is None else str(self._value)

    def __int__(self) -> int:
        return self._value  # type: ignore[return-value]  # an unknown one raises Python's own TypeError

    def __index__(self) -> int:
        return self._value  # type: ignore[return-value]

    def _operate(self, other: Any, function: Any) -> Dimension:
        try:
            other = as_dimension(other)
        except (TypeError, ValueError):
            return NotImplemented  # type: ignore[no-any-return]
        if self._value is None or other._value is None:
            return Dimension(None)
        return Dimension(function(self._value, other._value))

    def __add__(self, other: Any) -> Dimension:
        return self._operate(other, lambda a, b: a + b)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Dimension:
        return self._operate(other, lambda a, b: a - b)

    def __rsub__(self, other: Any) -> Dimension:
        return self._operate(other, lambda a, b: b - a)

    def __mul__(self, other: Any) -> Dimension:
        return self._operate(other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __floordiv__(self, other: Any) -> Dimension:
        return self._operate(other, lambda a, b: a // b)

    def __rfloordiv__(self, other: Any) -> Dimension:
        return self._operate(other, lambda a, b: b // a)

    def __div__(self, other: Any) -> Dimension:
        return self // other  # type: ignore[no-any-return]

    def __truediv__(self, other: Any) -> Dimension:
        raise TypeError(
            f"unsupported operand type(s) for /: 'Dimension' and '{type(other).__name__}', please use // instead"
        )

    def __rtruediv__(self, other: Any) -> Dimension:
        raise TypeError(
            f"unsupported operand type(s) for /: '{type(other).__name__}' and 'Dimension', please use // instead"
        )

    def __mod__(self, other: Any) -> Dimension:
        return self._operate(other, lambda a, b: a % b)

    def __rmod__(self, other: Any) -> Dimension:
        return self._operate(other, lambda a, b: b % a)

    def _compare(self, other: Any, function: Any) -> Any:
        try:
            other = as_dimension(other)
        except (TypeError, ValueError):
            return NotImplemented
        return None if self._value is None or other._value is None else function(self._value, other._value)

    def __eq__(self, other: object) -> Any:
        return self._compare(other, lambda a, b: a == b)

    def __ne__(self, other: object) -> Any:
        return self._compare(other, lambda a, b: a != b)

    def __lt__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a < b)

    def __le__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a <= b)

    def __gt__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a > b)

    def __ge__(self, other: Any) -> Any:
        return self._compare(other, lambda a, b: a >= b)


def as_dimension(value: Any) -> Dimension:
    """Convert an integer, None or `Dimension` to a `Dimension`."""
    return value if isinstance(value, Dimension) else Dimension(value)
