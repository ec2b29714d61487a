"""Whether a cell has printed what was published: the same words, and the same numbers up to print precision."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["begins_alike", "is_alike", "text_of"]

NOISE = 1e-5  # relative difference that float32 sums in another order may have
TRIMMED = 4  # a number with fewer places than another one may have lost its zeros, and is no rounded one
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SPELLINGS = (  # what other versions of Python and NumPy write, and what stands for both
    (re.compile(r"np\.(?:bool|str|bytes|u?int\d*|float\d+|complex\d+)_?\(([^()]*)\)"), r"\1"),
    (re.compile(r"\b0x[0-9a-f]{6,}\b"), "0x"),
    (re.compile(r"(?<=\d)L\b"), ""),
    (re.compile(r"\b[ub](?=['\"])"), ""),
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

    Spaces do not count, nor how versions of Python and NumPy spell a value. Fractions may differ by one in the last
    digit that both print, or by `NOISE`; whole numbers may not.

    >>> is_alike("loss 0.12346 [np.float32(1.5)]", "loss  0.1235 [1.5]")
    True
    >>> is_alike("step 11", "step 12"), is_alike("[2.9999998]", "[3.]"), is_alike("[0.4999]", "[0.]")
    (False, True, False)
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
    first, second = float(mine), float(published)
    if first == second or not _is_fraction(mine + published):
        return first == second
    places = _places(mine), _places(published)
    unit = 0.0 if places[0] != places[1] and min(places) < TRIMMED else 10.0 ** -min(places)
    return abs(first - second) <= max(1.001 * unit, NOISE * abs(second))


def _is_fraction(number: str) -> bool:
    return "." in number or "e" in number.lower()


def _places(number: str) -> int:
    """How many decimal places a number shows."""
    digits, _, exponent = number.lower().partition("e")
    return len(digits.partition(".")[2]) - int(exponent or 0)
