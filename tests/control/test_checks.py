"""Checks while building and running: `tf.Assert`, `tf.assert_...`, `tf.check_numerics`."""

from typing import Any

import numpy as np
import pytest

import graphmagic as tf

Failure = tf.errors.InvalidArgumentError


def run(fetches: Any, feeds: Any = None) -> Any:
    return tf.Session().run(fetches, feeds)


def fed(value: Any) -> Any:
    """A tensor whose value is not known while the graph is built."""
    return tf.placeholder_with_default(tf.constant(value), None, name="fed")


# Recorded from TensorFlow: what `tf.Assert` shows of three, five and all elements.
SUMMARIES: list[tuple[Any, str, str, str]] = [
    ([1, 2, 3, 4], "1 2 3...", "1 2 3 4", "1 2 3 4"),
    ([[1, 2], [3, 4]], "[1 2][3...]...", "[1 2][3 4]", "[1 2][3 4]"),
    (["a", "b", "c", "d"], "a b c...", "a b c d", "a b c d"),
    ([1.5, 2.25, 1e10, float("nan")], "1.5 2.25 1e+10...", "1.5 2.25 1e+10 nan", "1.5 2.25 1e+10 nan"),
    ([True, False], "1 0", "1 0", "1 0"),
    (np.zeros([0, 2], np.float32), "", "", ""),
    (np.arange(6).reshape(1, 2, 3), "[[0 1 2]]...", "[[0 1 2][3 4...]]...", "[[0 1 2][3 4 5]]"),
    (np.float16(0.1), "0.0999755859", "0.0999755859", "0.0999755859"),
    (np.float64(1 / 3), "0.33333333333333331", "0.33333333333333331", "0.33333333333333331"),
    (7, "7", "7", "7"),
]


@pytest.mark.parametrize(("value", "three", "five", "everything"), SUMMARIES)
def test_message_shows_the_first_elements(value: Any, three: str, five: str, everything: str) -> None:
    for limit, text in ((None, three), (5, five), (-1, everything)):
        with pytest.raises(Failure) as caught:
            run(tf.Assert(tf.constant(False), [tf.constant(value)], summarize=limit))
        assert caught.value.message.split("\n")[0] == f"assertion failed: [{text}]"


def test_an_assertion_that_holds_does_nothing() -> None:
    assert run(tf.Assert(tf.constant(True), ["fine"])) is None


@pytest.mark.parametrize(
    ("name", "good", "bad", "symbol"),
    [
        ("assert_equal", (1, 1), (1, 2), "=="),
        ("assert_none_equal", (1, 2), (1, 1), "!="),
        ("assert_less", (1, 2), (2, 2), "<"),
        ("assert_less_equal", (2, 2), (3, 2), "<="),
        ("assert_greater", (3, 2), (2, 2), ">"),
        ("assert_greater_equal", (2, 2), (1, 2), ">="),
    ],
)
def test_comparisons(name: str, good: Any, bad: Any, symbol: str) -> None:
    check = getattr(tf, name)
    run(check(fed(good[0]), good[1]))
    with pytest.raises(Failure) as caught:
        run(check(fed(bad[0]), bad[1], message="oh", name="c"))
    parts = f"[oh] [Condition x {symbol} y did not hold element-wise:] [x (fed_1:0) = ] [{bad[0]}]"
    assert caught.value.message.startswith(f"assertion failed: {parts} [y (c")
    with pytest.raises(Failure, match=f"^Condition x {symbol} y did not hold element-wise:\nx \\("):
        check(*bad)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("assert_negative", -1.0, 0.0),
        ("assert_positive", 1.0, 0.0),
        ("assert_non_negative", 0.0, -1.0),
        ("assert_non_positive", 0.0, 1.0),
    ],
)
def test_signs(name: str, good: float, bad: float) -> None:
    check = getattr(tf, name)
    run(check(fed([good])))
    with pytest.raises(Failure, match=r"Condition x [<>]=? 0 did not hold element-wise:"):
        run(check(fed([bad])))
    with pytest.raises(Failure, match="did not hold"):
        check(bad)


def test_nearness() -> None:
    run(tf.assert_near(fed([1.0, 2.0]), [1.0, 2.0000002]))
    run(tf.assert_near(fed([1.0]), [1.4], atol=0.5))
    with pytest.raises(Failure, match="x and y not equal to tolerance rtol = "):
        run(tf.assert_near(fed([1.0]), [1.1]))


def test_equality_with_itself_needs_no_check() -> None:
    x = fed([1.0])
    assert tf.assert_equal(x, x).type == "NoOp"


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: tf.assert_rank(tf.zeros([2]), 2),
            ValueError,
            "Tensor zeros:0 must have rank 2.  Received rank 1, shape .2,.",
        ),
        (
            lambda: tf.assert_rank(tf.zeros([2]), 2, message="m"),
            ValueError,
            "^m.  Tensor zeros:0 must have rank 2",
        ),
        (lambda: tf.assert_rank(tf.zeros([2]), [1]), ValueError, "Rank must be a scalar"),
        (lambda: tf.assert_rank_at_least(tf.zeros([2]), 2), ValueError, "must have rank at least 2"),
        (lambda: tf.assert_rank_in(tf.zeros([2]), [0, 2]), ValueError, r"must have rank in \(0, 2\)"),
        (lambda: tf.assert_integer(1.0), TypeError, 'Expected "x" to be integer type'),
        (lambda: tf.assert_type(1.0, tf.int32), TypeError, "must be of type tf.int32; got tf.float32"),
        (lambda: tf.assert_scalar([1, 2]), ValueError, "Expected scalar shape for"),
        (lambda: tf.assert_proper_iterable("a"), TypeError, '"proper" iterable'),
        (lambda: tf.assert_proper_iterable(3), TypeError, "to be iterable"),
        (
            lambda: tf.assert_same_float_dtype([tf.zeros([2], tf.int32)]),
            ValueError,
            "Expected floating point type",
        ),
        (
            lambda: tf.assert_same_float_dtype([tf.zeros([2])], tf.float64),
            ValueError,
            "must be of the same type",
        ),
        (
            lambda: tf.ensure_shape(tf.zeros([2]), [3]),
            ValueError,
            "Dimension 0 in both shapes must be equal, but are 3 and 2",
        ),
        (lambda: tf.check_numerics([1], "m"), TypeError, "DataType int32 not in list of allowed values"),
        (lambda: tf.check_numerics([1.0], 3), TypeError, "Expected string for argument 'message'"),
    ],
)
def test_mistakes_known_while_building(make: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        make()


def test_ranks_and_shapes_known_when_running() -> None:
    x = fed([[1.0, 2.0]])
    run(
        [
            tf.assert_rank(x, 2),
            tf.assert_rank_at_least(x, 1),
            tf.assert_rank_in(x, [1, 2]),
            tf.ensure_shape(x, [1, None]),
        ]
    )
    for check, words in (
        (tf.assert_rank(x, 3), "must have rank"),
        (tf.assert_rank_at_least(x, 3), "must have rank at least"),
        (tf.assert_rank_in(x, [0, 1]), "must have rank in"),
        (
            tf.ensure_shape(x, [3, 2]),
            r"Shape of tensor fed \[1,2\] is not compatible with expected shape \[3,2\]",
        ),
    ):
        with pytest.raises(Failure, match=words):
            run(check)


def test_order_of_elements() -> None:
    assert run([tf.is_non_decreasing([1, 2, 2]), tf.is_strictly_increasing([1, 2, 2])]) == [True, False]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([1.0, float("nan")], "NaN"),
        ([float("-inf"), 1.0], "Inf"),
        ([float("inf"), float("nan")], "Inf and NaN"),
    ],
)
def test_numerics(values: list[float], found: str) -> None:
    with pytest.raises(Failure, match=f"weights : Tensor had {found} values"):
        run(tf.check_numerics(values, "weights"))


def test_numerics_of_a_gradient() -> None:
    x = tf.constant(0.0)
    (gradient,) = tf.gradients(tf.check_numerics(x, "here") * 1.0, x, grad_ys=tf.constant(float("inf")))
    with pytest.raises(Failure, match=r"values detected in gradient\. The original operation checked: here"):
        run(gradient)


def test_numerics_of_a_whole_graph() -> None:
    x = tf.placeholder(tf.float32)
    y = tf.log(x, name="logarithm")
    everything = tf.add_check_numerics_ops()
    np.testing.assert_array_equal(run([y, everything], {x: 1.0})[0], 0.0)
    with pytest.raises(Failure, match="logarithm:0 : Tensor had Inf values"):
        run([y, everything], {x: 0.0})
    tf.cond(x > 0, lambda: x, lambda: -x)
    with pytest.raises(ValueError, match="not compatible with TensorFlow control flow"):
        tf.add_check_numerics_ops()
