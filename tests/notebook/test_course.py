"""The notebooks of the course: exercises with solutions, headings in order, pictures with words."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest

from graphmagic.notebook.deck_cells import headings, slide_type

FOLDER = Path(__file__).parents[2] / "notebooks"
COURSE = sorted(FOLDER.glob("*.ipynb"))
ALL = [*COURSE, *sorted((FOLDER / "solutions").glob("*.ipynb"))]
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "text/html")


def cells(path: Path) -> Any:
    return nbformat.read(path, as_version=4).cells


def checks(path: Path) -> dict[str, str]:
    """What the %%check cells of a notebook say when it was saved, by their source."""
    return {
        cell.source: "".join(output.data["text/plain"] for output in cell.outputs)
        for cell in cells(path)
        if cell.cell_type == "code" and cell.source.startswith("%%check ")
    }


def ids(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(FOLDER).with_suffix("")) for path in paths]


@pytest.mark.parametrize("path", COURSE, ids=ids(COURSE))
def test_three_exercises_are_open_and_have_solutions_that_pass_the_same_checks(path: Path) -> None:
    asked, solved = checks(path), checks(FOLDER / "solutions" / path.name)

    assert len(asked) == 3
    assert list(asked) == list(solved)
    assert all(said.startswith(f"○ Exercise {n} is open: ") for n, said in enumerate(asked.values(), 1))
    assert list(solved.values()) == [f"✓ Exercise {n}: solved." for n in (1, 2, 3)]


@pytest.mark.parametrize("path", ALL, ids=ids(ALL))
def test_headings_come_in_order_below_one_title(path: Path) -> None:
    texts = [cell.source for cell in cells(path) if cell.cell_type == "markdown"]
    levels = [level for text in texts for _, level, _ in headings(text)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("path", ALL, ids=ids(ALL))
def test_what_is_shown_is_also_said_in_words(path: Path) -> None:
    shown = [
        output.data
        for cell in cells(path)
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output and any(kind in output.data for kind in PICTURES)
    ]

    assert all(
        data.get("text/plain", "").strip() not in ("", "<IPython.core.display.SVG object>") for data in shown
    )


@pytest.mark.parametrize("path", COURSE, ids=ids(COURSE))
def test_a_lecturer_finds_slides_and_notes(path: Path) -> None:
    kinds = [slide_type(cell) for cell in cells(path)]

    assert kinds[0] == "slide"
    assert kinds.count("slide") + kinds.count("subslide") >= 10
    assert "notes" in kinds
