"""Which cells of a notebook make which slides, and what the deck is called.

Pure functions on notebook cells (``nbformat`` nodes, which are dictionaries); nothing here needs nbconvert.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Any, TypeAlias

Cell: TypeAlias = Any
"""A cell of an ``nbformat`` notebook."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_NOT_A_PARAGRAPH = re.compile(r"\s*(?:$|[-*+>|#]|\d+[.)]\s|    )")
_MARKUP = re.compile(r"<[^>]*>|[*`]|(?<!\w)_|_(?!\w)|\$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")

BREAKS = frozenset({"slide", "subslide"})
"""Slide types that start a slide."""

HIDDEN = frozenset({"skip", "notes"})
"""Slide types that show nothing on a slide."""


def slide_type(cell: Cell) -> str:
    """Return the slide type the author gave a cell, ``"-"`` if none.

    >>> slide_type({"metadata": {"slideshow": {"slide_type": "fragment"}}})
    'fragment'
    >>> slide_type({"metadata": {}})
    '-'
    """
    slideshow = cell["metadata"].get("slideshow")
    return str(slideshow.get("slide_type") or "-") if isinstance(slideshow, dict) else "-"


def headings(source: str) -> Iterator[tuple[int, int, str]]:
    """Find the headings of a Markdown text: line number, level and text of each.

    Both styles count (``# Title`` and an underlined line); what stands in a code block does not.

    >>> list(headings("# One\\n```\\n# a comment\\n```\\nTwo\\n---\\ntext"))
    [(0, 1, 'One')]
    >>> list(headings("# One\\n\\nTwo\\n---\\ntext"))
    [(0, 1, 'One'), (2, 2, 'Two')]
    """
    lines = source.split("\n")
    for number in _lines_outside_fences(lines):
        if match := _HEADING.match(lines[number]):
            yield number, len(match[1]), match[2] or ""
        elif _is_underlined(lines, number):
            yield number, 1 if "=" in lines[number + 1] else 2, lines[number].strip()


def _lines_outside_fences(lines: Sequence[str]) -> Iterator[int]:
    fence = ""
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if match and not fence:
            fence = match[1]
        elif match and match[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        elif not fence:
            yield number


def _is_underlined(lines: Sequence[str], number: int) -> bool:
    first_of_paragraph = number == 0 or not lines[number - 1].strip()
    followed = number + 1 < len(lines) and _UNDERLINE.match(lines[number + 1]) is not None
    return first_of_paragraph and followed and not _NOT_A_PARAGRAPH.match(lines[number])


def split_at_headings(source: str) -> list[str]:
    """Cut a Markdown text in front of every heading; blank pieces are left out.

    >>> split_at_headings("intro\\n# One\\ntext\\n## Two")
    ['intro', '# One\\ntext', '## Two']
    """
    lines = source.split("\n")
    cuts = [0, *(number for number, _, _ in headings(source)), len(lines)]
    pieces = ("\n".join(lines[start:end]).strip("\n") for start, end in pairwise(cuts))
    return [piece for piece in pieces if piece.strip()]


def plain(markdown: str) -> str:
    """Return one line of Markdown without its markup.

    >>> plain("The *least* `squares` [fit](https://example.org) of $x_1$")
    'The least squares fit of x_1'
    """
    return " ".join(_MARKUP.sub("", _LINK.sub(r"\1", markdown)).split())


def deck_title(cells: Sequence[Cell], metadata: dict[str, Any], fallback: str) -> str:
    """Name a deck: the notebook's ``title``, else its first heading, else ``fallback``.

    >>> deck_title([{"cell_type": "markdown", "source": "## *Fitting* a line"}], {}, "notebook")
    'Fitting a line'
    """
    if title := str(metadata.get("title") or "").strip():
        return title
    markdown = (cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    texts = (plain(text) for source in markdown for _, _, text in headings(source))
    return next(filter(None, texts), fallback)


def deck_authors(metadata: dict[str, Any]) -> list[str]:
    """List the authors in a notebook's metadata: ``author``, or ``authors`` as Jupyter writes them.

    >>> deck_authors({"author": "Ada"}), deck_authors({"authors": [{"name": "Ada"}, {"name": "Grace"}]})
    (['Ada'], ['Ada', 'Grace'])
    """
    given = metadata.get("authors") or metadata.get("author") or []
    people = given if isinstance(given, list) else [given]
    names = (person.get("name", "") if isinstance(person, dict) else person for person in people)
    return [str(name).strip() for name in names if str(name).strip()]


def with_title_slide(
    cells: Sequence[Cell], title: str, authors: Sequence[str], *, wanted: bool, blank: Cell
) -> list[Cell]:
    """Open the deck with its title and authors.

    Arguments:
        cells: the cells of the deck.
        title: the title, plain text.
        authors: names to print under the title.
        wanted: whether to make a title slide if the notebook does not begin with a first-level heading.
        blank: a Markdown cell to copy for new cells.
    """
    cells = list(cells)
    shown = next((cell for cell in cells if slide_type(cell) not in HIDDEN), None)
    byline = f'<p class="deck-author">{escape(", ".join(authors))}</p>' if authors else ""
    if shown is not None and _opens_with_title(shown):
        if byline:
            first, *rest = split_at_headings(shown["source"])
            shown["source"] = "\n\n".join([first, byline, *rest])
        return cells
    if not wanted and shown is not None:
        return cells
    cover = copy.deepcopy(blank)
    cover["source"] = f"<h1>{escape(title)}</h1>\n\n{byline}"
    cover["metadata"]["slideshow"] = {"slide_type": "slide"}
    if shown is not None and slide_type(shown) not in BREAKS:
        shown["metadata"]["slideshow"] = {"slide_type": "slide"}
    return [cover, *cells]


def _opens_with_title(cell: Cell) -> bool:
    if cell["cell_type"] != "markdown":
        return False
    first = next(headings(cell["source"]), None)
    return first is not None and first[1] == 1 and not cell["source"].split("\n")[: first[0]]


def with_slides_at_headings(cells: Sequence[Cell]) -> list[Cell]:
    """Start a slide at every heading, unless the author marked slides in the notebook.

    Marks that start no slide (fragment, skip, notes) are kept. A notebook without headings gets a slide at
    every Markdown cell, one without Markdown a slide at every code cell.
    """
    if any(slide_type(cell) in BREAKS for cell in cells):
        return list(cells)
    pieces = [piece for cell in cells for piece in _pieces(cell)]
    for starts in (_starts_with_heading, _is_markdown, lambda cell: True):
        first_cells = [cell for cell in pieces if slide_type(cell) not in HIDDEN and starts(cell)]
        if first_cells:
            break
    for cell in first_cells:
        cell["metadata"]["slideshow"] = {"slide_type": "slide"}
    return pieces


def _is_markdown(cell: Cell) -> bool:
    return bool(cell["cell_type"] == "markdown")


def _starts_with_heading(cell: Cell) -> bool:
    first = next(headings(cell["source"]), None) if _is_markdown(cell) else None
    return first is not None and first[0] == 0


def _pieces(cell: Cell) -> Iterator[Cell]:
    shown = _is_markdown(cell) and slide_type(cell) not in HIDDEN
    sources = split_at_headings(cell["source"]) if shown else []
    if len(sources) < 2:
        yield cell
        return
    for number, source in enumerate(sources):
        piece = copy.deepcopy(cell)
        piece["source"] = source
        if number and "id" in piece:
            piece["id"] = f"{cell['id']}-{number}"
        yield piece
