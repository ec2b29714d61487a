"""Normal numbers from random bits, rounded as the C library rounds: what TensorFlow's CPU kernels compute.

TensorFlow makes two normals from two uniforms (Box and Muller 1958) with the C library's ``logf``, ``sinf`` and
``cosf``.  Those are table and polynomial methods in double precision (Szabolcs Nagy, Arm Optimized Routines, 2017;
the constants are theirs).  With the same constants the same floats come out; NumPy's own functions differ in the
last digit of every fifth number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["pairs_float32", "pairs_float64"]

Array = np.ndarray[Any, Any]

_MANTISSA = 0x7FFFFF


def pairs_float32(first: Array, second: Array) -> tuple[Array, Array]:
    """Two standard normals from two random words each, as float32.

    Args:
        first: the words that decide the radius, unsigned integers below 2**32.
        second: those that decide the angle.

    >>> [round(float(x[0]), 6) for x in pairs_float32(np.array([1], np.uint32), np.array([2], np.uint32))]
    [8e-06, 5.64666]
    """
    mask = first.dtype.type(_MANTISSA)
    radius = _radius(first & mask)
    sine, cosine = _sine_and_cosine(second & mask)
    sine *= radius
    cosine *= radius
    return sine, cosine


def pairs_float64(first: Array, second: Array) -> tuple[Array, Array]:
    """Two standard normals from two uniforms each, in float64: with the C library itself, for its last digits."""
    radius = np.sqrt(-2 * _each(math.log, np.maximum(first, 1e-7)))
    angle = 2 * np.pi * second
    return _each(math.sin, angle) * radius, _each(math.cos, angle) * radius


def _each(function: Callable[[float], float], values: Array) -> Array:
    return np.fromiter(map(function, values.ravel().tolist()), np.float64, values.size).reshape(values.shape)


# ----- logf -----

# For each sixteenth of an octave from 0.69921875 on: 1 / c and log(c), for a c near its middle.
_OCTAVE = [
    ("0x1.661ec79f8f3bep+0", "-0x1.57bf7808caadep-2"),
    ("0x1.571ed4aaf883dp+0", "-0x1.2bef0a7c06ddbp-2"),
    ("0x1.49539f0f010bp+0", "-0x1.01eae7f513a67p-2"),
    ("0x1.3c995b0b80385p+0", "-0x1.b31d8a68224e9p-3"),
    ("0x1.30d190c8864a5p+0", "-0x1.6574f0ac07758p-3"),
    ("0x1.25e227b0b8eap+0", "-0x1.1aa2bc79c81p-3"),
    ("0x1.1bb4a4a1a343fp+0", "-0x1.a4e76ce8c0e5ep-4"),
    ("0x1.12358f08ae5bap+0", "-0x1.1973c5a611cccp-4"),
    ("0x1.0953f419900a7p+0", "-0x1.252f438e10c1ep-5"),
    ("0x1p+0", "0x0p+0"),
    ("0x1.e608cfd9a47acp-1", "0x1.aa5aa5df25984p-5"),
    ("0x1.ca4b31f026aap-1", "0x1.c5e53aa362eb4p-4"),
    ("0x1.b2036576afce6p-1", "0x1.526e57720db08p-3"),
    ("0x1.9c2d163a1aa2dp-1", "0x1.bc2860d22477p-3"),
    ("0x1.886e6037841edp-1", "0x1.1058bc8a07ee1p-2"),
    ("0x1.767dcf5534862p-1", "0x1.4043057b6ee09p-2"),
]
_LOG_POLYNOMIAL = [
    float.fromhex(c) for c in ("-0x1.00ea348b88334p-2", "0x1.5575b0be00b6ap-2", "-0x1.ffffef20a4123p-2")
]
_LOG_2 = float.fromhex("0x1.62e42fefa39efp-1")
_TABLE_START = 0x3F330000  # the bits of 0.69921875
_STEP_BITS = 19  # a sixteenth of an octave, in units of the last place
_LOWEST = -24  # a uniform is 0 (taken as 1e-7) or at least 2**-23
_SCALE = 2.0**-23
_FIRST_ROW = (_LOWEST + 23) * 16

_OCTAVES = range(_LOWEST, 1)
_INVERSES = np.array([float.fromhex(inverse) * _SCALE * 2.0**-k for k in _OCTAVES for inverse, _ in _OCTAVE])
_LOGARITHMS = np.array([float.fromhex(log) + k * _LOG_2 for k in _OCTAVES for _, log in _OCTAVE])
_SMALLEST = np.float32(1e-7) / np.float32(_SCALE)


def _radius(mantissas: Array) -> Array:
    """``sqrt(-2 * logf(u))`` in float32, for the uniforms ``u = mantissas / 2**23``."""
    scaled = np.maximum(mantissas.astype(np.float32), _SMALLEST)
    rows = scaled.view(np.int32) - np.int32(_TABLE_START)
    rows >>= _STEP_BITS
    rows -= np.int32(_FIRST_ROW)
    index = rows.astype(np.intp)
    r = scaled.astype(np.float64)
    r *= _INVERSES.take(index, mode="clip")
    r -= 1.0
    square, total = r * r, _LOGARITHMS.take(index, mode="clip")
    total += r
    r *= _LOG_POLYNOMIAL[1]
    r += _LOG_POLYNOMIAL[2]
    r += _LOG_POLYNOMIAL[0] * square
    r *= square
    r += total
    radius = r.astype(np.float32)
    radius *= np.float32(-2)
    return np.sqrt(radius, radius)


# ----- sinf and cosf -----

_QUARTER = float.fromhex("0x1.921fb54442d18p0")
_ANGLE = 2.0 * np.pi * _SCALE
_SIN = [float.fromhex(c) for c in ("-0x1.555545995a603p-3", "0x1.1107605230bc4p-7", "-0x1.994eb3774cf24p-13")]
_COS = [
    float.fromhex(c)
    for c in (
        "-0x1.ffffffd0c621cp-2",
        "0x1.55553e1068f19p-5",
        "-0x1.6c087e89a359dp-10",
        "0x1.99343027bf8c3p-16",
    )
]


def _sine_and_cosine(mantissas: Array) -> tuple[Array, Array]:
    """``sinf`` and ``cosf`` of the angles ``2 * pi * mantissas / 2**23``, as float32."""
    quarters = mantissas + mantissas.dtype.type(1 << 20)
    quarters >>= mantissas.dtype.type(21)
    turns = quarters.astype(np.float64)
    turns *= _QUARTER
    x = (mantissas * _ANGLE).astype(np.float32).astype(np.float64)
    x -= turns
    square = np.multiply(x, x, turns)
    sine = square * _SIN[2]
    sine += _SIN[1]
    sine *= square
    sine += _SIN[0]
    sine *= square
    sine *= x
    sine += x
    cosine = np.multiply(square, _COS[3], x)
    for coefficient in (*_COS[2::-1], 1.0):
        cosine += coefficient
        if coefficient != 1.0:
            cosine *= square
    return _turned(sine.astype(np.float32), cosine.astype(np.float32), quarters.astype(np.uint32))


def _turned(sine: Array, cosine: Array, quarters: Array) -> tuple[Array, Array]:
    """Sine and cosine of an angle plus some quarter turns, by exchanging the two and flipping signs, as bits."""
    s, c = sine.view(np.uint32), cosine.view(np.uint32)
    s ^= ((quarters + np.uint32(1)) & np.uint32(2)) << np.uint32(30)
    c ^= (quarters & np.uint32(2)) << np.uint32(30)
    quarters &= np.uint32(1)
    exchange = (s ^ c) & np.negative(quarters, quarters)
    s ^= exchange
    c ^= exchange
    return sine, cosine
