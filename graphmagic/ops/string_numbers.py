"""Numbers as strings and strings as numbers: as_string, string_to_number, hash buckets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import one_of
from graphmagic.ops.broadcast import same_shape
from graphmagic.ops.checks import invalid
from graphmagic.ops.hashing import farm_fingerprint64, hash64, sip_hash24
from graphmagic.ops.text import each, string_array

__all__ = [
    "as_string",
    "string_to_hash_bucket",
    "string_to_hash_bucket_fast",
    "string_to_hash_bucket_strong",
    "string_to_number",
]

as_string_op = OpDef(
    "AsString",
    "input:T -> output:string",
    types={"T": (*dtypes.REALS, dtypes.bool)},
    defaults={"precision": -1, "scientific": False, "shortest": False, "width": -1, "fill": ""},
    differentiable=False,
)


@as_string_op.kernel
def as_string_kernel(
    x: Any, *, precision: int, scientific: bool, shortest: bool, width: int, fill: str
) -> Any:
    array = np.asarray(x)
    kind = array.dtype.kind
    _check_format(as_dtype(array.dtype), precision, scientific, shortest, fill)
    flags = fill + (str(width) if width >= 0 else "")
    if kind == "b":
        texts = [f"%{flags}s" % ("true" if v else "false") for v in array.ravel().tolist()]
    elif kind == "f":
        style = "e" if scientific else "g" if shortest else "f"
        digits = f".{precision}" if precision >= 0 else ""
        texts = [_signed(f"%{flags}{digits}{style}", v) for v in array.ravel().tolist()]
    else:
        texts = [f"%{flags}d" % v for v in array.ravel().tolist()]
    return string_array([t.encode() for t in texts], array.shape)


def _signed(form: str, value: float) -> str:
    """C prints a NaN with its sign, Python does not."""
    text = form % value
    return text.replace(" nan", "-nan", 1) if np.isnan(value) and np.signbit(value) else text


def _check_format(kind: DType, precision: int, scientific: bool, shortest: bool, fill: str) -> None:
    if scientific and shortest:
        raise invalid("Cannot select both scientific and shortest notation")
    if len(fill) > 1:
        raise invalid("Fill string must be one or fewer characters")
    if fill not in ("", " ", "0", "-", "+"):
        raise invalid(f'Fill argument not supported: "{fill}"')
    if not kind.is_floating and (scientific or shortest):
        raise invalid(f"scientific and shortest format not supported for datatype {kind.name}")
    if not kind.is_floating and precision > -1:
        raise invalid(f"precision not supported for datatype {kind.name}")


as_string_op.shape_rule(same_shape)


def as_string(
    input: Any,
    precision: int = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: int = -1,
    fill: str = "",
    name: str | None = None,
) -> Tensor:
    """Numbers as C's `printf` writes them.

    Args:
        input: numbers or booleans.
        precision: how many digits after the point, floats only; six if -1.
        scientific: write floats with an exponent.
        shortest: write floats with or without one, whatever is shorter.
        width: the least number of characters.
        fill: how to reach it: ``" "``, ``"0"``, ``"-"`` (at the right) or ``"+"`` (and write the sign).
        name: the operation's name.

    Returns:
        A `Tensor` of strings.

    Raises:
        InvalidArgumentError: the arguments contradict each other or the type, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run([tf.as_string([1.5]), tf.as_string(7, width=3, fill="0")])
    [array([b'1.500000'], dtype=object), b'007']
    """
    attrs = {
        "precision": precision, "scientific": scientific, "shortest": shortest, "width": width, "fill": fill,
    }  # fmt: skip
    return apply_op(as_string_op, input, name=name, **attrs).outputs[0]


# ----- to numbers -----

to_number_op = OpDef(
    "StringToNumber",
    "string_tensor:string -> output:out_type",
    types={"out_type": (dtypes.float32, dtypes.float64, *dtypes.INDICES)},
    defaults={"out_type": dtypes.float32},
    differentiable=False,
)
_DECIMAL = re.compile(rb"[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|inf(inity)?|nan)", re.IGNORECASE)


@to_number_op.kernel
def to_number_kernel(x: Any, *, dtype: Any) -> Any:
    kind = as_dtype(dtype)
    numbers = each(
        lambda text: parse_number(text, kind, _not_a_number), x, np.float64 if kind.is_floating else dtype
    )
    return _as_float32(numbers) if kind is dtypes.float32 else numbers


def _as_float32(numbers: Any) -> Any:
    """float64 to float32, where a processor that takes the smallest numbers for zero must not do so.

    >>> _as_float32(np.array([1.5, -3e-45])).view(np.uint32)
    array([1069547520, 2147483650], dtype=uint32)
    """
    with np.errstate(over="ignore"):
        result = np.asarray(numbers.astype(np.float32))
    small = (np.abs(numbers) < 2.0**-126) & (numbers != 0)
    if small.any():  # written by their bits: multiples of 2 ** -149
        signs = np.signbit(numbers[small]).astype(np.uint32) << 31
        result.view(np.uint32)[small] = np.rint(np.abs(numbers[small]) * 2.0**149).astype(np.uint32) | signs
    return result


def _not_a_number(text: bytes) -> Exception:
    return invalid(f"StringToNumberOp could not correctly convert string: {text.decode(errors='replace')}")


def parse_number(text: bytes, dtype: DType, problem: Callable[[bytes], Exception]) -> Any:
    """The number that a string stands for.

    Args:
        text: the string; white space around the number does not matter.
        dtype: the type of the number.
        problem: makes the error to raise from the string.

    >>> parse_number(b" 1e3 ", dtypes.float32, lambda text: ValueError(text))
    1000.0
    """
    word = text.strip()
    if dtype.is_floating:
        if _DECIMAL.fullmatch(word):
            return float(word)
        raise problem(text)
    if not re.fullmatch(rb"[+-]?\d+", word):
        raise problem(text)
    number, (low, high) = int(word), dtype.limits
    if not low <= number <= high:
        raise problem(text)
    return number


to_number_op.shape_rule(same_shape)


def string_to_number(
    string_tensor: Any = None, out_type: Any = dtypes.float32, name: str | None = None, input: Any = None
) -> Tensor:
    """The numbers that strings stand for.

    Args:
        string_tensor: strings such as ``"3.5"``.
        out_type: the type of the numbers: float32, float64, int32 or int64.
        name: the operation's name.
        input: another name of `string_tensor`.

    Returns:
        A `Tensor` of that type.

    Raises:
        InvalidArgumentError: a string is no such number, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.string_to_number(["1", "2.5"]))
    array([1. , 2.5], dtype=float32)
    """
    text = one_of("input", input, "string_tensor", string_tensor)
    return apply_op(to_number_op, text, name=name, out_type=as_dtype(out_type)).outputs[0]


# ----- to hash buckets -----


def _bucket_op(name: str, argument: str, function: Callable[[bytes], int]) -> OpDef:
    opdef = OpDef(name, f"{argument}:string -> output:int64", differentiable=False)

    def kernel(x: Any, *, num_buckets: int) -> Any:
        return each(lambda text: function(text) % num_buckets, x, np.int64)

    opdef.kernel(kernel)
    opdef.shape_rule(same_shape)
    return opdef


bucket_op = _bucket_op("StringToHashBucket", "string_tensor", hash64)
bucket_fast_op = _bucket_op("StringToHashBucketFast", "input", farm_fingerprint64)
bucket_strong_op = OpDef("StringToHashBucketStrong", "input:string -> output:int64", differentiable=False)
bucket_strong_op.shape_rule(same_shape)


@bucket_strong_op.kernel
def bucket_strong_kernel(x: Any, *, num_buckets: int, key: list[int]) -> Any:
    if len(key) != 2:
        raise invalid("Key must have 2 elements")
    return each(lambda text: sip_hash24(text, (key[0], key[1])) % num_buckets, x, np.int64)


def _checked_buckets(op_type: str, num_buckets: int | None) -> int:
    if num_buckets is None:
        raise TypeError("Expected int for argument 'num_buckets' not None.")
    if num_buckets < 1:
        raise ValueError(f"Attr 'num_buckets' of '{op_type}' Op passed {num_buckets} less than minimum 1.")
    return num_buckets


def string_to_hash_bucket(
    string_tensor: Any = None, num_buckets: int | None = None, name: str | None = None, input: Any = None
) -> Tensor:
    """Sort strings into buckets by a hash of theirs; see `string_to_hash_bucket_fast`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.string_to_hash_bucket(["a", "b"], 10))
    array([8, 0])
    """
    text = one_of("input", input, "string_tensor", string_tensor)
    buckets = _checked_buckets("StringToHashBucket", num_buckets)
    return apply_op(bucket_op, text, name=name, num_buckets=buckets).outputs[0]


def string_to_hash_bucket_fast(input: Any, num_buckets: int, name: str | None = None) -> Tensor:
    """Sort strings into buckets by a hash of theirs: the same string always goes into the same bucket.

    Args:
        input: a string tensor.
        num_buckets: the number of buckets.
        name: the operation's name.

    Returns:
        A `Tensor` of int64, from 0 to ``num_buckets - 1``: the very numbers that TensorFlow gives.

    Raises:
        ValueError: there is no bucket.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.string_to_hash_bucket_fast(["Hello", "TensorFlow", "2.x"], 3))
    array([0, 2, 2])
    """
    buckets = _checked_buckets("StringToHashBucketFast", num_buckets)
    return apply_op(bucket_fast_op, input, name=name, num_buckets=buckets).outputs[0]


def string_to_hash_bucket_strong(
    input: Any, num_buckets: int, key: Sequence[int], name: str | None = None
) -> Tensor:
    """Sort strings into buckets by a hash that nobody can predict who does not know the key.

    Args:
        input: a string tensor.
        num_buckets: the number of buckets.
        key: two integers.
        name: the operation's name.

    Returns:
        A `Tensor` of int64.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.string_to_hash_bucket_strong(["Hello", "TF"], 3, [1, 2]))
    array([2, 0])
    """
    buckets = _checked_buckets("StringToHashBucketStrong", num_buckets)
    return apply_op(bucket_strong_op, input, name=name, num_buckets=buckets, key=list(key)).outputs[0]
