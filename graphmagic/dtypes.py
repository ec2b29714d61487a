"""Element types of tensors: TensorFlow's names, NumPy's arrays."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from graphmagic.names import namespace as _namespace

__all__ = ["DType", "as_dtype"]


class DType:
    """The element type of a tensor.

    There is one object per type, so types can be compared with ``is`` and used as keys.  A *ref* type is the
    type of a variable's own output: it stands for the storage, not for a value.

    Attributes:
        name: such as ``float32``.
        numpy: the `numpy.dtype` of arrays of this type.
        base_dtype: the type of the values that a ref type refers to, else the type itself.
        stands_for_state: whether values are, or refer to, something that runs can change.

    >>> import graphmagic as tf
    >>> tf.float32, tf.float32.name, tf.float32.as_numpy_dtype
    (tf.float32, 'float32', <class 'numpy.float32'>)
    >>> tf.float32 == np.float32 == "float32" or tf.as_dtype("float32") is tf.float32
    True
    >>> int(tf.int32.max), tf.int32.is_integer, tf.int32.is_floating
    (2147483647, True, False)
    """

    __slots__ = (
        "_numpy",
        "base_dtype",
        "is_ref_dtype",
        "name",
        "numpy",
        "proto_name",
        "ref_dtype",
        "stands_for_state",
    )

    def __init__(self, name: str, numpy_type: Any, proto_name: str, base: DType | None = None) -> None:
        self.name = name
        self.proto_name = proto_name
        self._numpy = numpy_type
        self.numpy: np.dtype[Any] = np.dtype(numpy_type)
        self.is_ref_dtype = base is not None
        self.stands_for_state = base is not None or name in ("resource", "variant")
        self.base_dtype: DType = base if base is not None else self
        self.ref_dtype: DType = (
            self if base is not None else DType(name + "_ref", numpy_type, proto_name + "_REF", self)
        )

    @property
    def as_numpy_dtype(self) -> Any:
        """The NumPy scalar type of the elements; strings are Python objects (`bytes`)."""
        return self._numpy

    @property
    def size(self) -> int:
        """Bytes per element."""
        return 1 if self._numpy is object else np.dtype(self._numpy).itemsize

    @property
    def is_floating(self) -> builtins.bool:
        """Whether this is a real floating-point type."""
        return issubclass(self._numpy, np.floating)

    @property
    def is_complex(self) -> builtins.bool:
        """Whether this is a complex type."""
        return issubclass(self._numpy, np.complexfloating)

    @property
    def is_integer(self) -> builtins.bool:
        """Whether this is an integer type; bool is not."""
        return issubclass(self._numpy, np.integer)

    @property
    def is_bool(self) -> builtins.bool:
        """Whether this is the boolean type."""
        return self._numpy is np.bool_

    @property
    def is_numpy_compatible(self) -> builtins.bool:
        """Whether values are ordinary NumPy arrays."""
        return self.base_dtype is not resource

    @property
    def is_quantized(self) -> builtins.bool:
        """Whether numbers of this type stand for others: never in graphmagic."""
        return False

    @property
    def is_unsigned(self) -> builtins.bool:
        """Whether this is an unsigned integer type."""
        return issubclass(self._numpy, np.unsignedinteger)

    @property
    def real_dtype(self) -> DType:
        """The type of the real part."""
        return {complex64: float32, complex128: float64}.get(self.base_dtype, self)

    @property
    def min(self) -> Any:
        """The smallest finite value.

        Raises:
            TypeError: the type has no order (strings, complex numbers).
        """
        return self._limits()[0]

    @property
    def max(self) -> Any:
        """The largest finite value.

        Raises:
            TypeError: the type has no order (strings, complex numbers).
        """
        return self._limits()[1]

    @property
    def limits(self) -> tuple[Any, Any]:
        """(min, max) of the type."""
        return self._limits()

    def _limits(self) -> tuple[Any, Any]:
        if self.is_bool:
            return False, True
        if self.is_floating:
            return np.finfo(self._numpy).min, np.finfo(self._numpy).max
        if self.is_integer:
            info = np.iinfo(self._numpy)
            return self._numpy(info.min), self._numpy(info.max)
        raise TypeError(f"Cannot find minimum value of {self}.")

    @property
    def as_datatype_enum(self) -> int:
        """The number that protocol buffers use, such as 1 for float32."""
        return _ENUM[self.base_dtype.proto_name] + _REF * self.is_ref_dtype

    def is_compatible_with(self, other: Any) -> builtins.bool:
        """Whether a tensor of type `other` can be used where this type is expected; ref or not does not matter."""
        other = as_dtype(other)
        return other.base_dtype is self.base_dtype

    def __eq__(self, other: object) -> builtins.bool:
        if self is other:
            return True
        if other is None or isinstance(other, DType):
            return False
        try:
            return as_dtype(other) is self
        except TypeError:
            return False

    def __ne__(self, other: object) -> builtins.bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"tf.{self.name}"

    def __str__(self) -> str:
        return f"<dtype: {self.name!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return as_dtype, (self.name,)


float16 = half = DType("float16", np.float16, "DT_HALF")
float32 = DType("float32", np.float32, "DT_FLOAT")
float64 = double = DType("float64", np.float64, "DT_DOUBLE")
int8 = DType("int8", np.int8, "DT_INT8")
int16 = DType("int16", np.int16, "DT_INT16")
int32 = DType("int32", np.int32, "DT_INT32")
int64 = DType("int64", np.int64, "DT_INT64")
uint8 = DType("uint8", np.uint8, "DT_UINT8")
uint16 = DType("uint16", np.uint16, "DT_UINT16")
uint32 = DType("uint32", np.uint32, "DT_UINT32")
uint64 = DType("uint64", np.uint64, "DT_UINT64")
bool = DType("bool", np.bool_, "DT_BOOL")
string = DType("string", object, "DT_STRING")
complex64 = DType("complex64", np.complex64, "DT_COMPLEX64")
complex128 = DType("complex128", np.complex128, "DT_COMPLEX128")
resource = DType("resource", object, "DT_RESOURCE")
variant = DType("variant", object, "DT_VARIANT")  # a value that is no array: a list, a TensorArray, nothing

REAL_FLOATS = (float16, float32, float64)
FLOATS = (*REAL_FLOATS, complex64, complex128)
INTEGERS = (int8, int16, int32, int64, uint8, uint16, uint32, uint64)
INDICES = (int32, int64)
REALS = (*REAL_FLOATS, *INTEGERS)
NUMBERS = (*FLOATS, *INTEGERS)
ALL = (*NUMBERS, bool, string)
ANY = (*ALL, resource, variant)

_BY_NAME = {t.name: t for t in (*ALL, resource, variant)}
_BY_NAME |= {t.ref_dtype.name: t.ref_dtype for t in (*ALL, resource, variant)}
_BY_NAME |= {"float": float32, "double": float64, "half": float16}
_BY_PROTO = {t.proto_name: t for t in _BY_NAME.values()}
_BY_NUMPY: dict[Any, DType] = {np.dtype(t.as_numpy_dtype): t for t in (*NUMBERS, bool)}
_BY_PYTHON: dict[Any, DType] = {
    float: float32,
    builtins.bool: bool,
    object: string,
    str: string,
    bytes: string,
}


# The numbers of TensorFlow's enumeration of types; a ref type has that of its base plus 100.
_REF = 100
_ENUM = {
    "DT_INVALID": 0,
    "DT_FLOAT": 1,
    "DT_DOUBLE": 2,
    "DT_INT32": 3,
    "DT_UINT8": 4,
    "DT_INT16": 5,
    "DT_INT8": 6,
    "DT_STRING": 7,
    "DT_COMPLEX64": 8,
    "DT_INT64": 9,
    "DT_BOOL": 10,
    "DT_QINT8": 11,
    "DT_QUINT8": 12,
    "DT_QINT32": 13,
    "DT_BFLOAT16": 14,
    "DT_QINT16": 15,
    "DT_QUINT16": 16,
    "DT_UINT16": 17,
    "DT_COMPLEX128": 18,
    "DT_HALF": 19,
    "DT_RESOURCE": 20,
    "DT_VARIANT": 21,
    "DT_UINT32": 22,
    "DT_UINT64": 23,
}
_ENUM_NAMES = {number: name for name, number in _ENUM.items()}
_ENUM_NAMES |= {number + _REF: f"{name}_REF" for name, number in _ENUM.items() if number}


def enum_name(number: int) -> str:
    """The name of a number in TensorFlow's enumeration of types, for any of its types.

    >>> enum_name(1), enum_name(103), enum_name(999)
    ('DT_FLOAT', 'DT_INT32_REF', '999')
    """
    return _ENUM_NAMES.get(number, str(number))


def as_dtype(type_value: Any) -> DType:
    """Convert a type, a NumPy type or a name to a `DType`.

    Args:
        type_value: a `DType`, `numpy.dtype`, NumPy scalar type, Python ``float`` or ``bool``, a name, or the number
            of TensorFlow's enumeration.

    Returns:
        The one `DType` object of that type.

    Raises:
        TypeError: there is no such type.

    >>> as_dtype("float"), as_dtype(np.int64), as_dtype(float)
    (tf.float32, tf.int64, tf.float32)
    """
    if isinstance(type_value, DType):
        return type_value
    if isinstance(type_value, str):
        found = _BY_NAME.get(type_value) or _BY_PROTO.get(type_value)
        if found is not None:
            return found
    elif isinstance(type_value, int) and not isinstance(type_value, builtins.bool):
        found = _BY_PROTO.get(enum_name(type_value))
        if found is not None:
            return found
    elif isinstance(type_value, type) and type_value in _BY_PYTHON:
        return _BY_PYTHON[type_value]
    elif isinstance(type_value, np.dtype) or (
        isinstance(type_value, type) and issubclass(type_value, np.generic)
    ):
        numpy_dtype = np.dtype(type_value).newbyteorder("=")
        if numpy_dtype.kind in "OSU":
            return string
        found = _BY_NUMPY.get(numpy_dtype)
        if found is not None:
            return found
    raise TypeError(f"Cannot convert the argument `type_value`: {type_value!r} to a TensorFlow DType.")


__getattr__, __dir__ = _namespace(__name__)
