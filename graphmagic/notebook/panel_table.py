"""What a panel shows: a table of the variables, in HTML narrow enough for a notebook, and in text."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from graphmagic.notebook.record import Row
from graphmagic.notebook.tables import CAPTION, CELL, CODE, HEAD, NAME, TABLE, Table, paragraph, region
from graphmagic.notebook.values import histogram, summarize, trend

__all__ = ["Line", "Loop", "PanelTable"]

MOST_FOLDED = 5000


@dataclass(frozen=True)
class Line:
    """A variable or a watched tensor, in words.

    Args:
        name: what it is called.
        dtype: its type.
        shape: its shape.
        value: its value or a summary of it.
        histogram: how its numbers spread, as bars.
        trend: how it went during the cell, as bars.
        figures: the same in numbers, from first to last.
        change: what the cell did to it.
    """

    name: str
    dtype: str
    shape: str
    value: str
    histogram: str
    trend: str
    figures: str
    change: str

    @classmethod
    def of(cls, row: Row) -> Line:
        """The line that tells of a row."""
        bars, figures = trend(row.series)
        if not row.series:
            bars, figures = trend(row.norms)
            figures = figures and f"norm {figures}"
        change = f"●\N{NO-BREAK SPACE}{row.change}" if row.change else ""
        if row.value is None:
            value, spread = "not computed yet" if row.watched else "uninitialized", ""
        else:
            value, spread = summarize(row.value), histogram(row.value)
        return cls(
            row.name,
            row.dtype,
            row.shape,
            value,
            spread,
            bars,
            figures,
            "watched" if row.watched else change,
        )

    def cells(self) -> tuple[str, ...]:
        """The cells of the table in text."""
        course = f"{self.trend} {self.figures}".strip()
        return self.name, self.dtype, self.shape, self.value, self.histogram, course, self.change


@dataclass(frozen=True)
class Loop:
    """How far a loop is: in words, and where its end is known as numbers to draw a bar from."""

    text: str
    done: int = 0
    total: int | None = None


@dataclass(frozen=True)
class PanelTable:
    """The state of a session as a panel shows it.

    Args:
        caption: which session, and how it is.
        lines: the variables that are seen at once.
        folded: those that come to sight if somebody unfolds them.
        fold: the sentence that stands for the folded ones.
        loops: how far loops are.
        notes: sentences below.

    >>> PanelTable("Session s", (Line("v", "int32", "()", "42", "", "▁█", "0 → 42", "● changed"),))
    Session s
    variable  dtype  shape  value  trend      this cell
    --------  -----  -----  -----  ---------  ---------
    v         int32  ()     42     ▁█ 0 → 42  ● changed
    """

    caption: str
    lines: tuple[Line, ...]
    folded: tuple[Line, ...] = ()
    fold: str = ""
    loops: tuple[Loop, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings of the table in text; those of histograms and trends only if there are any."""
        heads = "variable", "dtype", "shape", "value", "histogram", "trend", "this cell"
        return tuple(head for head, wanted in zip(heads, self._wanted(), strict=True) if wanted)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The cells of the table in text, without those that are folded."""
        wanted = self._wanted()
        return tuple(
            tuple(cell for cell, shown in zip(line.cells(), wanted, strict=True) if shown)
            for line in self.lines
        )

    def _wanted(self) -> tuple[bool, ...]:
        spread = any(line.histogram for line in self.lines)
        return True, True, True, True, spread, self._has_trends, True

    @property
    def _has_trends(self) -> bool:
        return any(line.figures for line in self.lines)

    def __repr__(self) -> str:
        loops = [loop.text for loop in self.loops]
        said = tuple(filter(None, (*loops, self.fold, *self.notes)))
        return repr(Table(self.caption, self.columns, self.rows, said))

    def _repr_html_(self) -> str:
        parts = [_loop(loop) for loop in self.loops]
        parts += [self._table(), self._folded(), *map(paragraph, self.notes)]
        return region(self.caption, "".join(parts))

    def _table(self) -> str:
        if not self.lines:
            return paragraph(self.caption, "font-weight:600")
        heads = ("variable", "type", "value", *(("trend",) if self._has_trends else ()), "this cell")
        head = "".join(f'<th scope="col" style="{HEAD}">{name}</th>' for name in heads)
        body = "".join(map(self._row, self.lines))
        return (
            f'<table style="{TABLE}"><caption style="{CAPTION}">{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _row(self, line: Line) -> str:
        # Widths at which the table does not jump while it is refreshed.
        trend_cell = f'<td style="{CODE};min-width:9em">{_trend(line)}</td>' if self._has_trends else ""
        return (
            f'<tr><th scope="row" style="{NAME};white-space:normal">{_breakable(line.name)}</th>'
            f'<td style="{CODE}">{escape(line.dtype)} {_unbroken(line.shape)}</td>'
            f'<td style="{CODE};min-width:11em;overflow-wrap:anywhere">{_value(line)}</td>{trend_cell}'
            f'<td style="{CELL};min-width:6em">{escape(line.change)}</td></tr>'
        )

    def _folded(self) -> str:
        if not self.folded:
            return paragraph(self.fold) if self.fold else ""
        shown = self.folded[:MOST_FOLDED]
        left = len(self.folded) - len(shown)
        rest = paragraph(f"… and {left} more that are not listed.") if left else ""
        return (
            f'<details><summary style="cursor:pointer">{escape(self.fold)}</summary>'
            f'<table style="{TABLE}"><caption style="{CAPTION}">The others</caption><thead><tr>'
            '<th scope="col">variable</th><th scope="col">type</th><th scope="col">value</th>'
            f'<th scope="col">this cell</th></tr></thead><tbody>{"".join(map(_short_row, shown))}</tbody>'
            f"</table>{rest}</details>"
        )


def _short_row(line: Line) -> str:
    cells = f"{line.dtype} {line.shape}", line.value, line.change
    rest = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{_breakable(line.name)}</th>{rest}</tr>'


def _value(line: Line) -> str:
    bars = _bars(line.histogram, "histogram, from minimum to maximum") if line.histogram else ""
    if not bars:
        return escape(line.value)
    return f"{', '.join(map(_unbroken, line.value.split(', ')))}<br>{bars}"


def _trend(line: Line) -> str:
    if not line.figures:
        return ""
    bars = f"{_bars(line.trend, 'trend')}<br>" if line.trend else ""
    return bars + _unbroken(line.figures)


def _bars(bars: str, label: str) -> str:
    return f'<span role="img" aria-label="{label}" style="white-space:pre">{escape(bars)}</span>'


def _unbroken(text: str) -> str:
    return f'<span style="white-space:nowrap">{escape(text)}</span>'


def _breakable(name: str) -> str:
    """A name that may be broken after the slashes of its scopes."""
    return escape(name).replace("/", "/<wbr>")


def _loop(loop: Loop) -> str:
    if loop.total is None:
        return paragraph(loop.text)
    bar = f'<progress value="{loop.done}" max="{max(loop.total, 1)}" aria-label="{escape(loop.text)}"></progress>'
    return paragraph(loop.text, after=f" {bar}")
