"""Branches, loops, arrays of tensors, and operations that only check or show."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import floats

X, ROW = floats(2, 3), floats(3)


def _cond(tf: Any, x: Any) -> Any:
    return tf.cond(tf.size(x) > 0, lambda: x * x, lambda: -x)


def _cond_else(tf: Any, x: Any) -> Any:
    return tf.cond(
        tf.size(x) > 100, lambda: [x * x, tf.shape(x)], lambda: [tf.exp(x) * x, tf.size(x) + tf.shape(x)]
    )


def _cond_two(tf: Any, x: Any, y: Any) -> Any:
    return tf.cond(tf.size(x) > 0, lambda: x * y, lambda: x)


def _gradient(tf: Any, y: Any, x: Any) -> Any:
    return tf.gradients(y, x)[0]


def _power(tf: Any, x: Any, times: int = 3) -> Any:
    return tf.while_loop(lambda i, a: i < times, lambda i, a: (i + 1, a * x), [0, x])[1]


# TensorFlow 1 cannot differentiate the gradients of loops and arrays, so what these should be is computed.


def _power_gradient(tf: Any, x: Any) -> Any:
    return _gradient(tf, _power(tf, x), x)


def _power_reference(x: Any) -> Any:
    return [4 * x**3]


def _else_gradient(tf: Any, x: Any) -> Any:
    return _gradient(tf, _cond_else(tf, x)[0], x)


def _else_reference(x: Any) -> Any:
    return [np.exp(x) * (x + 1)]


def _cumulated_gradient(tf: Any, x: Any) -> Any:
    return _gradient(tf, _cumulated(tf, x), x)


def _cumulated_reference(x: Any) -> Any:
    return [1 + 2 * x + 3 * x**2 + 4 * x**3]


def _unused_array_gradient(tf: Any, x: Any) -> Any:
    """The gradient of a loop whose array matters inside only."""
    start = [1, _array(tf, 4, x, clear_after_read=False).write(0, x), x]
    _, _, total = tf.while_loop(
        lambda i, t, a: i < 4,
        lambda i, t, a: (i + 1, t.write(i, t.read(i - 1) * x), a + t.read(i - 1)),
        start,
    )
    return _gradient(tf, total, x)


def _unused_array_reference(x: Any) -> Any:
    return [2 + 2 * x + 3 * x**2]


def _read_gradient(tf: Any, x: Any) -> Any:
    return _gradient(tf, _read_twice(tf, x), x)


def _read_reference(x: Any) -> Any:
    return [np.stack([x[1] ** 2, 2 * x[0] * x[1]])]


def _concat_gradient(tf: Any, x: Any) -> Any:
    return _gradient(tf, tf.square(_split(tf, x).concat()), x)


def _split_gradient(tf: Any, x: Any) -> Any:
    return _gradient(tf, tf.square(_split(tf, x).read(1)), x)


def _split_reference(x: Any) -> Any:
    return [np.concatenate([[np.float32(0)], 2 * x[1:]])]


def _array(tf: Any, size: Any = 2, like: Any = None, **options: Any) -> Any:
    """An array of the type of a tensor."""
    return tf.TensorArray(tf.float32 if like is None else like.dtype, size, **options)


def _cumulated(tf: Any, x: Any) -> Any:
    """A loop that reads what it has written."""
    array = _array(tf, 4, x, clear_after_read=False).write(0, x)
    return tf.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, a.write(i, a.read(i - 1) * x)), [1, array])[
        1
    ].stack()


def _read(tf: Any, x: Any) -> Any:
    return _array(tf, 2, x).unstack(x).read(1)


def _read_twice(tf: Any, x: Any) -> Any:
    array = _array(tf, 2, x, clear_after_read=False).unstack(x)
    return array.read(1) * array.read(0) * array.read(1)


def _split(tf: Any, x: Any) -> Any:
    return _array(tf, 2, x, infer_shape=False, clear_after_read=False).split(x, [1, 2])


INDEX = np.array([1, 0, 1], np.int32)


def _ensured(tf: Any, x: Any) -> Any:
    return tf.ensure_shape(x, [2, None])


def _python(tf: Any, x: Any) -> Any:
    return tf.py_func(lambda a: a * 2, [x], x.dtype)


def _python_stateless(tf: Any, x: Any) -> Any:
    return tf.py_func(lambda a: a + a, [x], x.dtype, stateful=False)


def _printed(tf: Any, x: Any) -> Any:
    return tf.Print(x, [tf.size(x)], "shown by a test: ", first_n=0)


CASES = [
    Case("If", "then", _cond, (X,), grad=(0,)),
    Case("If", "else", _cond_else, (X,), grad=(0,), ulp=2),
    Case("If", "two", _cond_two, (X, floats(2, 3, seed=5)), grad=(0, 1)),
    Case("If", "empty", _cond, (floats(0, 3),), grad=(0,)),
    Case("Merge", "value", _cond, (X,), grad=(0,)),
    Case("While", "power", _power, (X,), grad=(0,), ulp=2),
    Case("While", "no_iteration", lambda tf, x: _power(tf, x, 0), (X,), grad=(0,)),
    Case("While", "counted", lambda tf: tf.while_loop(lambda i: i < 5, lambda i: i + 2, [0])),
    Case(
        "While",
        "stopped",
        lambda tf: tf.while_loop(lambda i: i < 5, lambda i: i + 1, [0], maximum_iterations=3),
    ),
    Case("LoopVariable", "power", _power, (X,), grad=(0,), ulp=2),
    Case("Exit", "value", _power, (ROW,), grad=(0,), ulp=2),
    *[
        Case(op, "gradient", _power_gradient, (X,), grad=(0,), ulp=8, reference=_power_reference)
        for op in ("EmptyTensorList", "TensorListPushBack", "TensorListPopBack")
    ],
    *[
        Case(op, "gradient", _else_gradient, (X,), grad=(0,), ulp=8, reference=_else_reference)
        for op in ("OptionalFromValue", "OptionalGetValue", "OptionalNone")
    ],
    Case(
        "VariantZerosLike",
        "loop",
        _unused_array_gradient,
        (ROW,),
        grad=(0,),
        ulp=8,
        reference=_unused_array_reference,
    ),
    Case("VariantAddN", "reads", _read_gradient, (X,), grad=(0,), ulp=8, reference=_read_reference),
    Case(
        "TensorArrayV3",
        "stack",
        lambda tf, x: _array(tf, 2, x).write(1, x).write(0, -x).stack(),
        (ROW,),
        grad=(0,),
    ),
    Case("TensorArrayWriteV3", "loop", _cumulated, (ROW,), grad=(0,), ulp=4),
    Case("TensorArrayReadV3", "row", _read, (X,), grad=(0,)),
    Case("TensorArrayReadV3", "twice", _read_twice, (X,), grad=(0,), ulp=2),
    Case(
        "TensorArrayGatherV3",
        "rows",
        lambda tf, x: _array(tf, 2, x, clear_after_read=False).unstack(x).gather(INDEX),
        (X,),
        grad=(0,),
    ),
    Case("TensorArrayGatherV3", "no_rows", lambda tf: _array(tf, 0, element_shape=[3]).stack()),
    Case(
        "TensorArrayScatterV3",
        "rows",
        lambda tf, x: _array(tf, 4, x).scatter([3, 1], x).gather([1, 3]),
        (X,),
        grad=(0,),
    ),
    Case(
        "TensorArraySizeV3",
        "grown",
        lambda tf, x: _array(tf, 0, dynamic_size=True).write(4, x).size(),
        (ROW,),
    ),
    Case("TensorArraySplitV3", "pieces", lambda tf, x: _split(tf, x).read(1), (ROW,), grad=(0,)),
    Case("TensorArrayConcatV3", "pieces", lambda tf, x: _split(tf, x).concat(), (ROW,), grad=(0,)),
    Case("TensorArrayFromEntries", "read", _read_gradient, (X,), grad=(0,), ulp=8, reference=_read_reference),
    Case(
        "TensorArrayEntries",
        "write",
        _cumulated_gradient,
        (ROW,),
        grad=(0,),
        ulp=8,
        reference=_cumulated_reference,
    ),
    Case("TensorArrayFromPieces", "concat", _concat_gradient, (ROW,), grad=(0,), reference=lambda x: [2 * x]),
    Case("TensorArrayPieces", "split", _split_gradient, (ROW,), grad=(0,), reference=_split_reference),
    Case("EnsureShape", "partial", _ensured, (X,), grad=(0,)),
    Case("Assert", "holds", lambda tf, x: tf.Assert(tf.size(x) > 0, ["never shown", x]), (X,)),
    Case("CheckNumerics", "finite", lambda tf, x: tf.check_numerics(x, "text"), (X,), grad=(0,)),
    Case("Print", "identity", _printed, (X,), grad=(0,)),
    Case("PrintV2", "to_a_file", lambda tf, x: tf.print(x, output_stream="file:///dev/null"), (X,)),
    Case("PyFunc", "double", _python, (X,), grad=(0,), order=0),
    Case("PyFunc", "no_result", lambda tf, x: tf.py_func(lambda a: None, [x], []), (X,)),
    Case("PyFuncStateless", "double", _python_stateless, (X,), grad=(0,), order=0),
]
WRONG_SHAPE = "Shape of tensor input0 [2,3] is not compatible with expected shape"
SCALAR = "saw a scalar shape"
FED_NAME = "TensorFlow 2 calls a fed tensor _arg_input0_0_0"

MISTAKES = [
    Mistake("PrintV2", "stream", lambda tf: tf.print("text", output_stream=3)),
    Mistake(
        "If",
        "predicate_of_rank_one",
        lambda tf, p: tf.cond(p, lambda: 1, lambda: 2),
        (np.array([True, False]),),
    ),
    Mistake("If", "types", lambda tf, x: tf.cond(tf.size(x) > 0, lambda: x, lambda: 2), (X,)),
    Mistake("If", "number", lambda tf, x: tf.cond(tf.size(x) > 0, lambda: x, lambda: [x, x]), (X,)),
    Mistake(
        "While",
        "shape_changes",
        lambda tf: tf.while_loop(lambda a: True, lambda a: tf.concat([a, a], 0), [tf.zeros([2])]),
    ),
    Mistake("While", "condition_of_integers", lambda tf: tf.while_loop(lambda i: i, lambda i: i, [0])),
    Mistake("While", "more_results", lambda tf: tf.while_loop(lambda i: i < 3, lambda i: [i, i], [0])),
    Mistake("TensorArrayV3", "no_size", lambda tf: tf.TensorArray(tf.float32)),
    Mistake("TensorArrayWriteV3", "shapes", lambda tf: _array(tf).write(0, 1.0).write(1, [1.0, 2.0]).stack()),
    Mistake("TensorArrayReadV3", "beyond", lambda tf: _array(tf).read(5)),
    Mistake("TensorArrayGatherV3", "empty", lambda tf: _array(tf, 0).stack()),
    Mistake("TensorArrayScatterV3", "beyond", lambda tf: _array(tf).scatter([0, 5], [1.0, 2.0]).stack()),
    Mistake(
        "TensorArraySplitV3",
        "lengths",
        lambda tf: _array(tf, infer_shape=False).split([1.0, 2.0], [1, 3]).read(0),
    ),
    Mistake(
        "TensorArrayConcatV3",
        "scalars",
        lambda tf: _array(tf).unstack([1.0, 2.0]).concat(),
        says={
            "full": (
                "run",
                "InvalidArgumentError",
                "Concat saw a scalar shape at index 0 but requires at least vectors.",
            )
        },
        why="TensorFlow fails with an IndexError of its own",
    ),
    Mistake(
        "EnsureShape",
        "size",
        lambda tf, x: tf.ensure_shape(x, [2, 4]),
        (X,),
        says={"unknown": ("run", "InvalidArgumentError", f"{WRONG_SHAPE} [2,4].")},
        why=FED_NAME,
    ),
    Mistake(
        "EnsureShape",
        "rank",
        lambda tf, x: tf.ensure_shape(x, [6]),
        (X,),
        says={"unknown": ("run", "InvalidArgumentError", f"{WRONG_SHAPE} [6].")},
        why=FED_NAME,
    ),
    Mistake("Assert", "fails", lambda tf, x: tf.Assert(tf.size(x) > 7, ["too few:", x]), (X,)),
    Mistake("Assert", "condition_of_integers", lambda tf: tf.Assert(1, ["x"])),
    Mistake("CheckNumerics", "nan", lambda tf, x: tf.check_numerics(tf.log(x - 100.0), "text"), (X,)),
    Mistake("CheckNumerics", "integers", lambda tf: tf.check_numerics([1], "text")),
    Mistake("PyFunc", "no_function", lambda tf: tf.py_func(3, [1.0], tf.float32)),
    Mistake("PyFuncStateless", "no_function", lambda tf: tf.py_func(3, [1.0], tf.float32, stateful=False)),
]
