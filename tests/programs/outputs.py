"""Whether a cell has printed what was published: the same words, and the same numbers up to print precision."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["begins_alike", "is_alike", "text_of"]

NOISE = 1e-5  # relative difference that float32 sums in another order may have
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SPELLINGS = (  # what other versions of Python and NumPy write, and what stands for both
    (re.compile(r"np\.(?:bool|str|bytes|u?int\d*|float\d+|complex\d+)_?\(([^()]*)\)"), r"\1"),
    (re.compile(r"\b0x[0-9a-f]{6,}\b"), "0x"),
    (re.compile(r"(?<=\d)L\b"), ""),
    (re.compile(r"\b[ub](?=['\"])"), ""),
    (re.compile(r"(?<=\d)\.(?=[\s,\])]|$)"), ""),
)


def text_of(outputs: list[Any]) -> str:
    """What a cell has printed on standard output, and its result as text."""
    parts = []
    for output in outputs:
        if output.output_type == "stream" and output.name == "stdout":
            parts.append(output.text)
        elif output.output_type == "execute_result":
            parts.append(output.data.get("text/plain", "") + "\n")
    return _COLOUR.sub("", "".join(parts))


def is_alike(mine: str, published: str) -> bool:
    """Whether two texts say the same.

    Spaces do not count, nor how versions of Python and NumPy spell a value. Numbers may differ by one in the last
    digit that both print, or by `NOISE`.

    >>> is_alike("loss 0.12346 [np.float32(1.5)]", "loss  0.1235 [1.5]")
    True
    >>> is_alike("step 11", "step 12")
    False
    """
    return _is_line_alike(_plain(mine), _plain(published))


def begins_alike(mine: str, published: str) -> bool:
    """Whether a text is the beginning of another one: some whole lines, each alike.

    >>> begins_alike("loss 3.1" + chr(10) + "loss 2.0" + chr(10), "loss 3.1" + chr(10) + "loss 2" + chr(10) + "loss 1")
    True
    """
    lines = mine.strip().splitlines()
    return bool(lines) and is_alike("\n".join(lines), "\n".join(published.strip().splitlines()[: len(lines)]))


def _plain(text: str) -> str:
    for pattern, stands_for in _SPELLINGS:
        text = pattern.sub(stands_for, text)
    return text


def _is_line_alike(mine: str, published: str) -> bool:
    words = [re.sub(r"\s", "", _NUMBER.sub("#", text)) for text in (mine, published)]
    numbers = [_NUMBER.findall(text) for text in (mine, published)]
    return words[0] == words[1] and all(_is_number_alike(*pair) for pair in zip(*numbers, strict=True))


def _is_number_alike(mine: str, published: str) -> bool:
    if mine == published:
        return True
    unit = max(_last_place(mine), _last_place(published))
    difference = abs(float(mine) - float(published))
    if unit == 1.0:
        return difference == 0  # a count
    return difference <= max(1.001 * unit, NOISE * abs(float(published)))


def _last_place(number: str) -> float:
    digits, _, exponent = number.lower().partition("e")
    return float(10.0 ** (int(exponent or 0) - len(digits.partition(".")[2])))
