"""A table that displays itself: HTML with inline styles where there is HTML, aligned text elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

__all__ = ["CAPTION", "CELL", "CODE", "HEAD", "NAME", "TABLE", "Note", "Table", "paragraph", "region"]

FONT = "font-family:inherit;font-size:inherit"
TABLE = "border-collapse:collapse;margin:4px 0;color:inherit;background:transparent"
CAPTION = "caption-side:top;text-align:left;padding:2px 0 6px 0;color:inherit;font-weight:600"
HEAD = (
    "text-align:left;padding:2px 10px 2px 4px;border-bottom:1px solid currentColor;"
    "font-weight:600;color:inherit"
)
CELL = (
    "text-align:left;padding:2px 10px 2px 4px;border-bottom:1px solid rgba(128,128,128,0.35);"
    "background:transparent;color:inherit;vertical-align:top"
)
NAME = CELL + ";font-weight:600;font-family:var(--jp-code-font-family,monospace);white-space:nowrap"
CODE = CELL + ";font-family:var(--jp-code-font-family,monospace)"
NOTE = "margin:2px 0;color:inherit"


@dataclass(frozen=True)
class Table:
    """Rows under headings, told the same way in HTML and in text.

    Args:
        caption: what the table shows.
        columns: the headings.
        rows: the cells; the first cell of a row names the row.
        notes: sentences below the table.
        styles: more CSS for the cells of columns, by heading.

    >>> Table("Things", ("name", "size"), (("a", "1"), ("long name", "2")))
    Things
    name       size
    ---------  ----
    a          1
    long name  2
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    styles: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        body = [self.columns, *self.rows]
        widths = [max(len(row[index]) for row in body) for index in range(len(self.columns))]
        rule = tuple("-" * width for width in widths)
        lines = [_aligned(row, widths) for row in (self.columns, rule, *self.rows)] if self.rows else []
        return "\n".join([self.caption, *lines, *self.notes])

    def _repr_html_(self) -> str:
        notes = "".join(map(paragraph, self.notes))
        if not self.rows:
            return region(self.caption, paragraph(self.caption, "font-weight:600") + notes)
        head = "".join(map(self._html_head, self.columns))
        body = "".join(map(self._html_row, self.rows))
        return region(
            self.caption,
            f'<table style="{TABLE}"><caption style="{CAPTION}">{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}",
        )

    def _html_head(self, column: str) -> str:
        return f'<th scope="col" style="{HEAD}{self._more(column)}">{escape(column)}</th>'

    def _html_row(self, row: tuple[str, ...]) -> str:
        name, *cells = row
        rest = "".join(
            f'<td style="{CODE}{self._more(column)}">{escape(cell)}</td>'
            for column, cell in zip(self.columns[1:], cells, strict=True)
        )
        return f'<tr><th scope="row" style="{NAME}">{escape(name)}</th>{rest}</tr>'

    def _more(self, column: str) -> str:
        return f";{self.styles[column]}" if column in self.styles else ""


@dataclass(frozen=True)
class Note:
    """A sentence that displays itself.

    >>> Note("Closed session 'a'.")
    Closed session 'a'.
    """

    text: str

    def __repr__(self) -> str:
        return self.text


def region(label: str, content: str) -> str:
    """HTML around tables: scrolls sideways where they are wider than the page, also with the keyboard."""
    return (
        f'<div class="graphmagic-table" role="region" tabindex="0" aria-label="{escape(label)}" '
        f'style="{FONT};overflow-x:auto">{content}</div>'
    )


def paragraph(text: str, style: str = "", after: str = "") -> str:
    """HTML of a sentence, with more CSS, and with HTML behind it."""
    return f'<p style="{NOTE}{f";{style}" if style else ""}">{escape(text)}{after}</p>'


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
