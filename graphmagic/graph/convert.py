"""Turning what users pass into tensors, by the type of what they pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.node import Tensor

__all__ = ["convert_to_tensor", "register_tensor_conversion_function"]

Conversion = Callable[..., Any]
_conversions: list[tuple[int, int, Any, Conversion]] = []
_by_type: dict[type, list[Conversion]] = {}


def register_tensor_conversion_function(
    base_type: Any, conversion_func: Conversion, priority: int = 100
) -> None:
    """Let `convert_to_tensor` accept objects of a type.

    Args:
        base_type: the type, or a tuple of types.
        conversion_func: ``f(value, dtype, name, as_ref)`` returning a tensor, or NotImplemented to pass.
        priority: conversions with smaller numbers are tried first.

    Raises:
        TypeError: an argument has the wrong kind.

    >>> import graphmagic as tf
    >>> import fractions
    >>> def convert(value, dtype=None, name=None, as_ref=False):
    ...     return tf.constant(float(value), dtype, name=name)
    >>> tf.register_tensor_conversion_function(fractions.Fraction, convert)
    >>> tf.Session().run(tf.constant(1.0) + fractions.Fraction(1, 2))
    np.float32(1.5)
    """
    if not callable(conversion_func):
        raise TypeError("conversion_func must be callable.")
    _conversions.append((priority, len(_conversions), base_type, conversion_func))
    _conversions.sort(key=lambda entry: entry[:2])
    _by_type.clear()


def _conversions_for(kind: type) -> list[Conversion]:
    if kind not in _by_type:
        _by_type[kind] = [f for _, _, base, f in _conversions if issubclass(kind, base)]
    return _by_type[kind]


def convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    dtype_hint: Any = None,
    *,
    as_ref: bool = False,
) -> Tensor:
    """Convert a value to a tensor of the default graph.

    Args:
        value: a tensor, variable, array, number, string, or a nest of lists of these.
        dtype: the type the tensor must have; inferred if None.
        name: name of the constant that is made, if one is.
        preferred_dtype: type to use if the value fits it and `dtype` is None.
        dtype_hint: another spelling of `preferred_dtype`.
        as_ref: return a variable itself instead of its value.

    Returns:
        A `Tensor`.

    Raises:
        TypeError: the value cannot become a tensor.
        ValueError: a tensor of another type was passed.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     tf.convert_to_tensor([1, 2], preferred_dtype=tf.float32)
    <tf.Tensor 'Const:0' shape=(2,) dtype=float32>
    """
    wanted = None if dtype is None else as_dtype(dtype).base_dtype
    if isinstance(value, Tensor):
        if wanted is not None and value.dtype.base_dtype is not wanted:
            raise ValueError(
                f"Tensor conversion requested dtype {wanted.name} for Tensor with dtype {value.dtype.base_dtype.name}: {value!r}"
            )
        return value
    hint = preferred_dtype if preferred_dtype is not None else dtype_hint
    if wanted is None and hint is not None:
        try:
            return _convert(value, as_dtype(hint).base_dtype, name, as_ref)
        except (TypeError, ValueError):
            pass  # a preference only
    return _convert(value, wanted, name, as_ref)


def _convert(value: Any, dtype: DType | None, name: str | None, as_ref: bool) -> Tensor:
    for conversion in _conversions_for(type(value)):
        result = conversion(value, dtype=dtype, name=name, as_ref=as_ref)
        if result is not NotImplemented:
            return result  # type: ignore[no-any-return]
    raise TypeError(
        f"Cannot convert {value!r} with type {type(value)} to Tensor: no conversion function registered."
    )
