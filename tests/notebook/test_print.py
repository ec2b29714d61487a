"""Decks on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from graphmagic.notebook.print import main, print_deck

LECTURE = [
    new_markdown_cell("# A lecture"),
    new_markdown_cell("## Mathematics\n\n$x^2$"),
    new_markdown_cell("## Long code"),
    new_code_cell("\n".join(f"weights_{i} = tf.Variable(0, name='w{i}')" for i in range(60))),
    new_markdown_cell("## Fragments"),
    new_markdown_cell("later", metadata={"slideshow": {"slide_type": "fragment"}}),
]


@pytest.mark.browser
def test_a_deck_prints_one_page_per_slide(
    export_deck: Callable[..., Path], offline_page: Any, chromium: Any, tmp_path: Path
) -> None:
    deck, pdf = export_deck(new_notebook(cells=LECTURE)), tmp_path / "deck.pdf"
    pages = print_deck(chromium, deck, pdf)
    offline_page.open(deck)

    assert pages == offline_page.page.evaluate("Reveal.getTotalSlides()") > 3
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == pages


def test_a_deck_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["nowhere.slides.html"])

    assert "nowhere.slides.html" in capsys.readouterr().err
