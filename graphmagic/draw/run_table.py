"""The steps of a traced run as a table: for terminals, and for the player where scripts are off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from graphmagic.draw.labels import SMALL, count, printable, shorten, value_text

if TYPE_CHECKING:
    from graphmagic.noted import Noted
    from graphmagic.tracing import Step, Trace

__all__ = [
    "HEADINGS",
    "caption",
    "duration",
    "noted_text",
    "row",
    "run_text",
    "size_text",
    "step_text",
    "typed_text",
]

HEADINGS = ("step", "operation", "type", "value", "time", "size")
LISTED = 60
"""How many steps a terminal shows; of more, those in the middle are left out."""
WIDEST = 48


def duration(seconds: float) -> str:
    """A time in the unit that suits it.

    >>> duration(0), duration(4.2e-7), duration(0.0000123), duration(0.0123), duration(2)
    ('', '<1 µs', '12 µs', '12.3 ms', '2 s')
    """
    if not seconds:
        return ""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return "<1 µs" if seconds < 1e-6 else f"{seconds * 1e6:.0f} µs"


def size_text(nbytes: int) -> str:
    """A size in memory, in units of 1024 bytes.

    >>> size_text(0), size_text(12), size_text(2048), size_text(3_500_000)
    ('', '12 B', '2 KiB', '3.34 MiB')
    """
    if nbytes < 1024:
        return f"{nbytes} B" if nbytes else ""
    for unit, size in (("KiB", 1024), ("MiB", 1024**2)):
        if nbytes < size * 1024:
            return f"{nbytes / size:.3g} {unit}"
    return f"{nbytes / 1024**3:.3g} GiB"


def typed_text(noted: Noted) -> str:
    """Type and shape of a value: `float32 [2, 3]`."""
    if noted.shape is None:
        return noted.dtype
    return f"{noted.dtype} [{', '.join(map(str, noted.shape))}]" if noted.shape else noted.dtype


def noted_text(noted: Noted) -> str:
    """A value on one line: small ones written out, large ones as their range and mean.

    >>> import numpy as np
    >>> from graphmagic.noted import note
    >>> noted_text(note(np.float32([1, 2]))), noted_text(note(np.arange(100.0)))
    ('[1, 2]', '0 … 99, mean 49.5')
    """
    if noted.shape is None:
        return "a list of tensors"
    if noted.value is not None and noted.value.size <= SMALL:
        return printable(value_text(noted.value, shape=False))
    if noted.low is None or noted.mean is None or noted.high is None:
        text = printable(value_text(noted.value, shape=False)) if noted.value is not None else ""
    elif noted.dtype == "bool":
        text = f"{noted.mean:.0%} True"
    elif noted.low == noted.high:
        text = f"all {noted.low:.4g}"
    else:
        text = f"{noted.low:.4g} … {noted.high:.4g}, mean {noted.mean:.4g}"
    strange = [f"{n:,} {word}" for n, word in ((noted.nans, "NaN"), (noted.infinities, "Inf")) if n]
    return ", ".join(filter(None, [text, *strange]))


def step_text(step: Step) -> str:
    """What came of a step, on one line."""
    if step.failure:
        return f"✗ {printable(step.failure)}"
    known = [noted_text(output) for output in step.outputs if output is not None]
    missing = step.op.type == "VariableV2" and not known
    value = "uninitialized" if missing else "; ".join(known[:3]) + ("; …" if len(known) > 3 else "")
    return ", ".join(filter(None, [step.note, value]))


def row(number: int, step: Step) -> tuple[str, ...]:
    """The cells of a step, under `HEADINGS`."""
    around = "".join(f" [{iteration}]" for iteration in step.iterations)
    outputs = [typed_text(output) for output in step.outputs if output is not None]
    types = "; ".join(outputs[:2]) + ("; …" if len(outputs) > 2 else "")
    return (
        str(number),
        printable(step.name) + around,
        "fed" if step.was_fed else f"{step.op.type}  {types}".rstrip(),
        step_text(step),
        duration(step.seconds),
        size_text(step.nbytes),
    )


def caption(trace: Trace) -> str:
    """One line on a whole run."""
    names = shorten(", ".join(map(printable, trace.fetched)), 72)
    steps = count(len(trace.steps) + trace.left_out, "step")
    told = f"Trace of {names}: {steps}, {duration(trace.seconds) or 'no time'} in operations."
    return f"{told} It stopped with {trace.ending}." if trace.ending else told


def run_text(trace: Trace) -> str:
    """A run as readable text: a line for each step."""
    rows = [row(number, step) for number, step in enumerate(trace.steps, 1)]
    cut = len(rows) > LISTED
    shown = [*rows[: LISTED - 20], *rows[-20:]] if cut else rows
    lines = _columns([HEADINGS, *shown])
    if cut:
        left = count(len(rows) - LISTED, "step")
        lines.insert(LISTED - 19, f"  … {left} in between are not listed; `steps` has them.")
    if trace.left_out:
        lines.append(f"  … and {trace.left_out:,} more, of which only times are known.")
    slow = [
        f"{printable(time.op.name)} {duration(time.seconds)}" for time in trace.slowest(3) if time.seconds
    ]
    return "\n".join(
        [caption(trace), *lines, f"Slowest: {', '.join(slow)}." if slow else "Nothing took time."]
    )


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows in aligned columns: numbers to the right, texts to the left."""
    cells = [tuple(shorten(cell, WIDEST) for cell in row) for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    widths[4] = max(
        widths[4], len("99.9 ms")
    )  # so that the other columns stand where they stood in another run
    right = {0, 4, 5}
    lines = []
    for row in cells:
        texts = [
            text.rjust(width) if column in right else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(f"  {'  '.join(texts)}".rstrip())
    return lines
