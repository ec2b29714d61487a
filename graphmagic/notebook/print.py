"""Print lecture decks to PDF: ``python -m graphmagic.notebook.print lecture.slides.html``.

Chromium's own ``--print-to-pdf`` prints before the slides are laid out and gives one blank page, so the browser is
driven by playwright, without a network.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["CHROMIUM_ARGS", "find_chromium", "main", "print_deck"]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 120_000


def find_chromium() -> str | None:
    """The path of an installed Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def print_deck(browser: Any, deck: Path, pdf: Path) -> int:
    """Print a deck with one page for each slide.

    Args:
        browser: a playwright browser.
        deck: the deck, as ``jupyter nbconvert --to lecture`` wrote it.
        pdf: the file to write.

    Returns:
        The number of pages.
    """
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(deck.resolve().as_uri() + "?print-pdf")
    page.wait_for_selector("html[data-deck=ready]", state="attached", timeout=PATIENCE_MS)
    page.wait_for_selector(".pdf-page", state="attached", timeout=PATIENCE_MS)
    page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    pages: int = page.locator(".pdf-page").count()
    context.close()
    return pages


def main(arguments: Sequence[str]) -> int:
    """Print decks, each next to itself.

    Args:
        arguments: the words of the command line.

    Returns:
        0, or 1 if nothing can be printed here.
    """
    parser = argparse.ArgumentParser("python -m graphmagic.notebook.print", description="Print decks to PDF.")
    parser.add_argument(
        "decks", nargs="+", type=Path, metavar="DECK", help="A file that nbconvert --to lecture wrote."
    )
    decks: list[Path] = parser.parse_args(arguments).decks
    if missing := [str(deck) for deck in decks if not deck.is_file()]:
        parser.error(f"there is no {', '.join(missing)}.")
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        sys.stderr.write("Printing needs playwright: pip install playwright\n")
        return 1
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGS)
        except Error:
            sys.stderr.write("Printing needs Chromium or Chrome: python -m playwright install chromium\n")
            return 1
        for deck in decks:
            pages = print_deck(browser, deck, deck.with_suffix(".pdf"))
            sys.stdout.write(f"{deck.with_suffix('.pdf')}: {pages} pages\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
