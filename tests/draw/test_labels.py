from __future__ import annotations

import numpy as np
import pytest

from graphmagic.draw.labels import printable, value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.int32(42), "42"),
        (np.float64(1 / 3), "0.3333"),
        (np.float32("nan"), "nan"),
        (b"\xff<b>", "'\\\\xff<b>'"),
        ("naïve", "'naïve'"),
        (np.array([["a", "b"]], dtype=object), "[['a', 'b']]"),
        ([[1, 2, 3], [4, 5, 6]], "[[1, 2, 3], [4, 5, 6]]"),
        (np.zeros((3, 1)), "[3, 1] all 0"),
        (np.zeros((0, 5)), "[0, 5] empty"),
        (np.arange(8), "[8] mean 3.5"),
        (np.array([np.inf] + [0.0] * 9), "[10] has infinities"),
        (np.arange(10) > 6, "[10] 3 True"),
        (np.array(["x"] * 7, dtype=object), "[7] 7 elements"),
        (1 + 2j, "1+2j"),
    ],
)
def test_values_on_one_line(value, text):
    assert value_text(value) == text


def test_the_mean_of_large_numbers_does_not_overflow():
    assert value_text(np.array([30_000, 30_001] * 8, dtype=np.int16)) == "[16] mean 3e+04"


@pytest.mark.parametrize("mark", ["\u202e", "\x1b", "\ud800", "\ufffe", "\u2028"])
def test_characters_that_do_not_print_are_escaped(mark):
    assert mark not in printable(f"a{mark}b")
    assert printable(f"a{mark}b").isprintable()
