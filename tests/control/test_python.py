"""Where a run meets Python: `tf.Print`, `tf.print`, `tf.py_func`."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphmagic as tf


def run(fetches: Any, feeds: Any = None) -> Any:
    return tf.Session().run(fetches, feeds)


ROWS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], np.float32)


def test_identity_that_prints(capsys: Any) -> None:
    x = tf.constant(ROWS)
    shown = tf.Print(x, [x, tf.constant("a"), 3], "hello: ")
    np.testing.assert_array_equal(run(shown), ROWS)
    assert capsys.readouterr().err == "hello: [[1 2][3...]...][a][3]\n"
    np.testing.assert_array_equal(run(tf.gradients(shown * 2.0, x)[0]), np.full([3, 2], 2.0))


def test_printing_a_few_times_only(capsys: Any) -> None:
    shown = tf.Print(tf.constant(1), ["x"], first_n=2)
    with tf.Session() as session:
        for _ in range(4):
            session.run(shown)
    run(shown)  # another session counts anew
    assert capsys.readouterr().err == "[x]\n" * 3


# Recorded from TensorFlow.
LINES: list[tuple[Any, dict[str, Any], str]] = [
    (lambda: ("a", tf.constant(ROWS), 3), {}, "a [[1 2]\n [3 4]\n [5 6]] 3\n"),
    (lambda: (tf.constant(ROWS),), {"summarize": 1}, "[[1 2]\n ...\n [5 6]]\n"),
    (lambda: (tf.range(10),), {}, "[0 1 2 ... 7 8 9]\n"),
    (lambda: (tf.range(7),), {"summarize": -1}, "[0 1 2 3 4 5 6]\n"),
    (lambda: (tf.constant(["a", "b"]), tf.constant("q")), {}, '["a" "b"] "q"\n'),
    (lambda: ([tf.constant([1, 2]), (1, 2)],), {}, "[[1 2], (1, 2)]\n"),
    (lambda: ({"a": tf.constant(1), "b": 2},), {}, "{'a': 1, 'b': 2}\n"),
    (lambda: ("x", "y"), {"sep": "-", "end": "!\n"}, "x-y!\n"),
    (lambda: (tf.constant([True, False]), None, "{}"), {}, "[1 0] None {}\n"),
    (lambda: (tf.reshape(tf.range(8), [2, 2, 2]),), {}, "[[[0 1]\n  [2 3]]\n\n [[4 5]\n  [6 7]]]\n"),
    (lambda: (tf.constant([1 / 3, 1e10]),), {}, "[0.333333343 1e+10]\n"),
    (lambda: (), {}, "\n"),
]


@pytest.mark.parametrize(("inputs", "options", "line"), LINES)
def test_operation_that_prints(inputs: Any, options: dict[str, Any], line: str, capsys: Any) -> None:
    assert run(tf.print(*inputs(), **options)) is None
    assert capsys.readouterr().err == line


def test_streams(capsys: Any, tmp_path: Path) -> None:
    run(tf.print("out", output_stream=sys.stdout))
    assert capsys.readouterr().out == "out\n"
    file = tmp_path / "log.txt"
    line = tf.print("line", output_stream=f"file://{file}")
    run(line)
    run(line)
    assert file.read_text() == "line\nline\n"
    with pytest.raises(ValueError, match="Unsupported output stream"):
        tf.print("x", output_stream=3)
    with pytest.raises(ValueError, match=r"Unrecognized keyword arguments for tf\.print: {'foo': 1}"):
        tf.print("x", foo=1)


@pytest.mark.parametrize(
    ("function", "inputs", "types", "expected"),
    [
        (lambda x: x * 2, [ROWS], tf.float32, ROWS * 2),
        (lambda x, y: (x, y + 1), [ROWS, 1], [tf.float32, tf.int32], [ROWS, 2]),
        (lambda: "text", [], tf.string, b"text"),
        (lambda x: x + b"!", ["text"], tf.string, b"text!"),
        (lambda: [[1.0, 2.0]], [], tf.float64, [1.0, 2.0]),
        (lambda x: type(x).__name__, [1.0], tf.string, b"float32"),
    ],
)
def test_python_function(function: Any, inputs: Any, types: Any, expected: Any) -> None:
    values = run(tf.py_func(function, inputs, types))
    for value, wanted in (
        zip(values, expected, strict=True) if isinstance(types, list) else [(values, expected)]
    ):
        np.testing.assert_array_equal(value, wanted)


def test_python_function_without_results_is_an_operation() -> None:
    calls: list[int] = []
    assert run(tf.py_func(lambda: calls.append(1), [], [])) is None
    assert calls == [1]


def fails(error: Exception) -> Any:
    def function() -> None:
        raise error

    return function


@pytest.mark.parametrize(
    ("function", "kind", "message"),
    [
        (lambda: 1 / 0, "UnknownError", "ZeroDivisionError: division by zero\n"),
        (fails(ValueError("oops")), "InvalidArgumentError", "ValueError: oops\n"),
        (fails(TypeError("oops")), "InvalidArgumentError", "TypeError: oops\n"),
        (fails(StopIteration("oops")), "OutOfRangeError", "StopIteration: oops\n"),
        (fails(NotImplementedError("oops")), "UnimplementedError", "NotImplementedError: oops\n"),
        (lambda: 1, "InvalidArgumentError", r"0-th value returned by pyfunc_\d+ is int64, but expects float"),
        (lambda: (1, 2), "InvalidArgumentError", r"pyfunc_\d+ returns 2 values, but expects to see 1 values"),
        (lambda: None, "InvalidArgumentError", r"pyfunc_\d+ returns 0 values, but expects to see 1 values"),
    ],
)
def test_python_function_that_fails(function: Any, kind: str, message: str) -> None:
    with pytest.raises(getattr(tf.errors, kind), match=message):
        run(tf.py_func(function, [], tf.float32))


def test_python_function_cannot_change_what_the_graph_keeps() -> None:
    v = tf.Variable([1.0, 2.0])
    kept: list[Any] = []

    def meddle(x: Any) -> Any:
        kept.append(x)
        x[:] = 9.0
        return x

    result = tf.py_func(meddle, [v], tf.float32)
    with tf.Session() as session:
        session.run(v.initializer)
        value = session.run(result)
        np.testing.assert_array_equal(session.run(v), [1.0, 2.0])
        kept[0][:] = 5.0
        np.testing.assert_array_equal(value, [9.0, 9.0])


def test_python_function_has_no_gradient() -> None:
    x = tf.constant(1.0)
    assert tf.gradients(tf.py_func(lambda a: a, [x], tf.float32), x) == [None]
    with pytest.raises(ValueError, match="Expected func to be callable"):
        tf.py_func(3, [], tf.float32)
