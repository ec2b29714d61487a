"""Arithmetic and elementary functions, element by element."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from optable.case import Case, Mistake
from optable.data import EDGES, EDGES16, bools, extremes, floats, ints, strings

# ----- one argument -----


class Unary(NamedTuple):
    """A function of one argument: where it is smooth, and how well float32 is known."""

    op: str
    function: str
    low: float = -2.0
    high: float = 2.0
    ulp: float = 0
    integers: tuple[Any, ...] = ()
    grad_ulp: float = 4
    late: bool = False  # whether TensorFlow takes integers, and notices only when it runs that it cannot
    half: bool = True  # whether TensorFlow has it for float16


UNARY = [
    Unary("Neg", "negative", integers=(np.int8, np.int32, np.int64)),
    Unary("Abs", "abs", 0.5, 2.0, integers=(np.int8, np.int32, np.int64)),
    Unary("Sign", "sign", 0.5, 2.0, integers=(np.int32, np.int64)),
    Unary("Square", "square", integers=(np.int32, np.int64)),
    Unary("Exp", "exp", ulp=2),
    Unary("Log", "log", 0.3, 3.0, ulp=2),
    Unary("Log1p", "log1p", -0.5, 3.0, ulp=3),
    Unary("Sin", "sin", -4.0, 4.0, ulp=2),
    Unary("Cos", "cos", -4.0, 4.0, ulp=2),
    Unary("Reciprocal", "reciprocal", 0.5, 3.0, ulp=1, late=True),
    Unary("Sqrt", "sqrt", 0.3, 3.0, ulp=1),
    Unary("Tanh", "tanh", ulp=4, grad_ulp=16),
    Unary("Sigmoid", "sigmoid", ulp=4, grad_ulp=16),
]


def _apply(function: str) -> Any:
    return lambda tf, *xs: attrgetter(function)(tf)(*xs)


def unary_cases(unary: Unary) -> Iterator[Case]:
    build = _apply(unary.function)
    low, high = unary.low, unary.high

    def case(name: str, x: Any, **keywords: Any) -> Case:
        return Case(unary.op, name, build, (x,), ulp=unary.ulp, grad_ulp=unary.grad_ulp, **keywords)

    yield case("matrix", floats(2, 3, low=low, high=high), grad=(0,))
    yield case("scalar", floats(low=low, high=high), grad=(0,))
    yield case("empty", floats(0, 3), grad=(0,), order=0)
    yield case("float64", floats(3, low=low, high=high, dtype=np.float64), grad=(0,), order=0)
    if unary.half:
        yield case("float16", floats(3, low=low, high=high, dtype=np.float16), grad=(0,), order=0)
    yield case("edges", EDGES)
    if unary.half:
        yield case("edges_float16", EDGES16)
    for dtype in unary.integers:
        yield case(f"extreme_{np.dtype(dtype).name}", extremes(dtype))


def unary_mistakes(unary: Unary) -> Iterator[Mistake]:
    build = _apply(unary.function)
    yield Mistake(unary.op, "bool", build, (bools(3),))
    yield Mistake(unary.op, "string", build, (strings(b"a"),))
    if not unary.integers:
        answer = (
            "build",
            "TypeError",
            "Value passed to parameter 'x' has DataType int32 not in list of allowed values: ...",
        )
        at_once = {
            "says": dict.fromkeys(("full", "unknown"), answer),
            "why": "TensorFlow notices when it runs",
        }
        yield Mistake(unary.op, "integers", build, (ints(3),), **(at_once if unary.late else {}))


# ----- two arguments -----


class Binary(NamedTuple):
    """A function of two arguments: the domain of each, and what else it takes."""

    op: str
    function: str
    y: tuple[float, float] = (0.5, 2.5)
    x: tuple[float, float] = (-2.0, 2.0)
    ulp: float = 0
    integers: tuple[Any, ...] = (np.int32, np.int64, np.uint8, np.int16)
    zero_y: bool = True  # whether integers may have a zero on the right
    negative_y: bool = True
    kinks: bool = False
    grad_atol: float = 2e-7


BINARY = [
    Binary("Add", "add"),
    Binary("Sub", "subtract"),
    Binary("Mul", "multiply"),
    Binary("RealDiv", "divide", integers=()),
    Binary("FloorDiv", "floordiv", zero_y=False),
    Binary("FloorMod", "floormod", zero_y=False, y=(0.7, 0.9), x=(2.3, 2.6)),
    Binary("Pow", "pow", x=(0.3, 2.5), y=(-1.5, 2.5), ulp=2, negative_y=False, integers=(np.int32, np.int64)),
    Binary("Maximum", "maximum", kinks=True),
    Binary("Minimum", "minimum", kinks=True),
    Binary("SquaredDifference", "squared_difference", integers=(np.int32, np.int64)),
]

# shapes of x and y; the names say what is broadcast
SHAPES = {
    "same": ((2, 3), (2, 3)),
    "row": ((2, 3), (3,)),
    "column": ((2, 3), (2, 1)),
    "both": ((4, 1, 3), (2, 1)),
    "scalar_left": ((), (2, 3)),
    "scalar_right": ((2, 3), ()),
    "scalars": ((), ()),
    "one": ((1,), (2, 3)),
    "empty": ((0, 3), (3,)),
    "empty_by_broadcast": ((0,), (3, 1)),
}


def binary_cases(binary: Binary) -> Iterator[Case]:
    build = _apply(binary.function)

    def case(name: str, x: Any, y: Any, **keywords: Any) -> Case:
        keywords.setdefault("grad_atol", binary.grad_atol)
        return Case(binary.op, name, build, (x, y), ulp=binary.ulp, **keywords)

    def pair(a: tuple[int, ...], b: tuple[int, ...], dtype: Any = np.float32) -> tuple[Any, Any]:
        (xl, xh), (yl, yh) = binary.x, binary.y
        return floats(*a, low=xl, high=xh, dtype=dtype), floats(*b, low=yl, high=yh, seed=1, dtype=dtype)

    for name, (a, b) in SHAPES.items():
        yield case(name, *pair(a, b), grad=(0, 1), order=2 if 0 not in a else 0)
    yield case("float64", *pair((2, 3), (3,), np.float64), grad=(0, 1), order=0)
    yield case("float16", *pair((2, 3), (3,), np.float16), grad=(0, 1), order=0, grad_atol=2e-3)
    yield case("edges", EDGES[:, None], EDGES)
    for dtype in binary.integers:
        x, y = extremes(dtype)[:, None], extremes(dtype)
        if not binary.zero_y:
            y = y[y != 0]
        if not binary.negative_y:
            y = np.array([0, 1, 2, 3], dtype)
        if np.iinfo(dtype).min and not binary.zero_y:
            y = y[y != -1]  # min // -1 does not fit: the processor traps, and TensorFlow with it
        yield case(f"extreme_{np.dtype(dtype).name}", x, y)


def binary_mistakes(binary: Binary) -> Iterator[Mistake]:
    build = _apply(binary.function)
    yield Mistake(binary.op, "shapes", build, (floats(2, 3), floats(4)))
    yield Mistake(binary.op, "shapes_inside", build, (floats(5, 2, 3), floats(5, 4, 3)))
    yield Mistake(binary.op, "types", build, (floats(3), ints(3)))
    yield Mistake(binary.op, "bool", build, (bools(3), bools(3)))
    if binary.op != "Add":
        yield Mistake(binary.op, "strings", build, (strings(b"a"), strings(b"b")))


INTEGER_DIVISION = [
    Case(
        "FloorDiv",
        "signs",
        _apply("floordiv"),
        (ints(4, 1, low=-9, high=9), np.array([-4, -3, 2, 5], np.int32)),
    ),
    Case(
        "FloorMod",
        "signs",
        _apply("floormod"),
        (ints(4, 1, low=-9, high=9), np.array([-4, -3, 2, 5], np.int32)),
    ),
    Case(
        "FloorDiv", "signs_float", _apply("floordiv"), (floats(4, 1), np.array([-0.7, -0.3, 0.4], np.float32))
    ),
    Case(
        "FloorMod", "signs_float", _apply("floormod"), (floats(4, 1), np.array([-0.7, -0.3, 0.4], np.float32))
    ),
    Case("FloorDiv", "old_div", lambda tf, x: tf.div(x, 4), (ints(5, low=-9, high=9),)),
    Case("RealDiv", "old_div", lambda tf, x: tf.div(x, 4.0), (floats(5),), grad=(0,)),
]
DIVISION_MISTAKES = [
    Mistake(
        op,
        f"zero_{np.dtype(dtype).name}",
        _apply(function),
        (ints(3, dtype=dtype, low=1), np.zeros(3, dtype)),
    )
    for op, function in (("FloorDiv", "floordiv"), ("FloorMod", "floormod"))
    for dtype in (np.int32, np.int64, np.uint8)
]

# ----- operators, casts, sums of many -----

OPERATORS = [
    Case("Add", "operator", lambda tf, x: [x + 2, 2 + x, x + np.float32(2)], (floats(2, 3),), grad=(0,)),
    Case("Sub", "operator", lambda tf, x: [x - 2, 2 - x], (floats(2, 3),), grad=(0,)),
    Case("Mul", "operator", lambda tf, x: [x * 2, 2 * x, x * x], (floats(2, 3),), grad=(0,), grad_atol=5e-7),
    Case("RealDiv", "operator", lambda tf, x: [x / 2, 2 / x], (floats(2, 3, low=0.5),), grad=(0,)),
    Case("RealDiv", "integers", lambda tf, x: [x / 3, 3 / x], (ints(2, 3, low=1),)),
    Case("RealDiv", "int64", lambda tf, x: x / 3, (ints(2, 3, dtype=np.int64),)),
    Case("RealDiv", "int8", lambda tf, x: x / 3, (ints(2, 3, dtype=np.int8),)),
    Case("RealDiv", "uint16", lambda tf, x: x / 3, (ints(2, 3, low=0, dtype=np.uint16),)),
    Case("FloorDiv", "operator", lambda tf, x: [x // 2, 7 // x], (ints(2, 3, low=1),)),
    Case("FloorMod", "operator", lambda tf, x: [x % 4, 7 % x], (ints(2, 3, low=1),)),
    Case("Pow", "operator", lambda tf, x: [x**2, 2**x], (floats(2, 3, low=0.5),), grad=(0,), ulp=2),
    Case(
        "Pow",
        "zero_base",
        lambda tf, x: tf.pow(x, 2.0),
        (np.array([0, 1, 2], np.float32),),
        grad=(0,),
        order=0,
    ),
    Case(
        "Pow", "negative_base", lambda tf, x: tf.pow(x, 3.0), (floats(4, low=-2, high=-1),), grad=(0,), ulp=2
    ),
    Case(
        "Pow",
        "zero_base_both",
        lambda tf, x, y: tf.pow(x, y),
        (np.zeros(3, np.float32), np.arange(3.0, dtype="f")),
        grad=(0, 1),
        order=0,
    ),
    Case("Neg", "operator", lambda tf, x: -x, (floats(2, 3),), grad=(0,)),
    Case("Abs", "operator", lambda tf, x: abs(x), (floats(2, 3),), grad=(0,)),
    Case("Abs", "at_zero", lambda tf, x: tf.abs(x), (np.zeros(3, np.float32),), grad=(0,), order=0),
    Case("Sqrt", "at_zero", lambda tf, x: tf.sqrt(x), (np.zeros(3, np.float32),), grad=(0,), order=0),
    Case(
        "Maximum", "ties", lambda tf, x: tf.maximum(x, 0.0), (np.array([-1, 0, 1], "f"),), grad=(0,), order=0
    ),
    Case(
        "Minimum", "ties", lambda tf, x: tf.minimum(x, 0.0), (np.array([-1, 0, 1], "f"),), grad=(0,), order=0
    ),
    Case("Add", "strings", lambda tf, x: tf.add(x, b"!"), (strings(b"a", b"", b"\xff\n"),)),
    Case(
        "Add",
        "complex64",
        lambda tf, x: [x + x, x - 1.0, x * x],
        (floats(3).astype(np.complex64) + 1j,),
        ulp=1,
    ),
]
OPERATOR_MISTAKES = [
    Mistake("Add", "number_for_int", lambda tf, x: x + 1.5, (ints(3),)),
    Mistake("Add", "text_for_float", lambda tf, x: x + "a", (floats(3),)),
    Mistake("RealDiv", "operand_types", lambda tf, x, y: x / y, (floats(3), ints(3))),
    Mistake("Pow", "negative_integer_power", lambda tf, x: tf.pow(x, [-1]), (ints(3, low=2),)),
]

TYPES = {
    "float32": floats(5, low=-300, high=300),
    "float64": floats(5, low=-300, high=300, dtype=np.float64),
    "float16": floats(5, low=-300, high=300, dtype=np.float16),
    "int32": extremes(np.int32),
    "int64": extremes(np.int64),
    "int8": extremes(np.int8),
    "uint8": extremes(np.uint8),
    "bool": bools(5),
}
CASTS = [
    Case("Cast", f"{source}_to_{target}", lambda tf, x, t=target: tf.cast(x, t), (x,))
    for source, x in TYPES.items()
    for target in (*TYPES, "uint16", "complex64")
    if source != target
    and not (source.startswith("float") and target.startswith("u"))  # below 0 is undefined in C
] + [
    Case("Cast", "gradient", lambda tf, x: tf.square(tf.cast(x, tf.float64)), (floats(2, 3),), grad=(0,)),
    Case(
        "Cast",
        "no_gradient",
        lambda tf, x: tf.cast(tf.cast(x, tf.int32), tf.float32),
        (floats(3),),
        grad=(0,),
    ),
    Case("Cast", "empty", lambda tf, x: tf.cast(x, tf.int32), (floats(0, 3),)),
    Case("Cast", "old_names", lambda tf, x: [tf.to_float(x), tf.to_double(x), tf.to_int64(x)], (ints(3),)),
    Case("Cast", "edges", lambda tf, x: tf.cast(x, tf.bool), (EDGES,)),
    Case("Cast", "edges_to_float16", lambda tf, x: tf.cast(x, tf.float16), (EDGES,)),
]

SUMS = [
    Case(
        "AddN",
        "three",
        lambda tf, x, y: tf.add_n([x, y, x]),
        (floats(2, 3), floats(2, 3, seed=1)),
        grad=(0, 1),
    ),
    Case("AddN", "four", lambda tf, x: tf.add_n([x, x, x, x]), (floats(2, 3),), grad=(0,), shapes={}),
    Case("AddN", "integers", lambda tf, x: tf.add_n([x, x]), (extremes(np.int32),)),
    Case("AddN", "scalars", lambda tf, x: tf.add_n([x, x]), (floats(),), grad=(0,)),
    Case("AddN", "empty", lambda tf, x: tf.add_n([x, x]), (floats(0, 3),), grad=(0,), order=0),
]
SUM_MISTAKES = [
    Mistake("AddN", "shapes", lambda tf, x, y: tf.add_n([x, y]), (floats(2, 3), floats(3))),
    Mistake("AddN", "sizes", lambda tf, x, y: tf.add_n([x, y]), (floats(2, 3), floats(2, 4))),
    Mistake("AddN", "types", lambda tf, x, y: tf.add_n([x, y]), (floats(3), ints(3))),
    Mistake("AddN", "nothing", lambda tf: tf.add_n([])),
    Mistake("AddN", "bool", lambda tf, x: tf.add_n([x, x]), (bools(3),)),
]
CAST_MISTAKES = [
    Mistake("Cast", "no_type", lambda tf, x: tf.cast(x, "float99"), (floats(3),)),
]

CASES = [
    *(case for unary in UNARY for case in unary_cases(unary)),
    *(case for binary in BINARY for case in binary_cases(binary)),
    *INTEGER_DIVISION,
    *OPERATORS,
    *CASTS,
    *SUMS,
]
MISTAKES = [
    *(mistake for unary in UNARY for mistake in unary_mistakes(unary)),
    *(mistake for binary in BINARY for mistake in binary_mistakes(binary)),
    *DIVISION_MISTAKES,
    *OPERATOR_MISTAKES,
    *CAST_MISTAKES,
    *SUM_MISTAKES,
]
