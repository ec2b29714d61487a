"""Look at the built site as readers do: ``python docs/check.py docs/_build/html``.

Opens pages in headless Chromium without a network, as wide as a screen and as wide as a phone, in light and dark, and
fails on a request to the outside, a script's error, text wider than the page, or what axe-core calls an obstacle for
readers with a disability.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from graphmagic.notebook.print import CHROMIUM_ARGS, find_chromium

# Scheme, width in pixels, whether to look for obstacles.
VIEWS = (("light", 1280, True), ("dark", 1280, False), ("light", 390, False))
# One page of the reference stands for all, which one program writes.
LEFT_OUT = ("api/", "genindex", "py-modindex", "search", "_static/", "_modules/")
KEPT = ("api/nn_rnn_cell.html", "api/index.html")


def pages(site: Path) -> list[str]:
    """The pages to look at."""
    names = [file.relative_to(site).as_posix() for file in sorted(site.rglob("*.html"))]
    return [name for name in names if name in KEPT or not name.startswith(LEFT_OUT)]


def wider_than_page(page: Page) -> int:
    """By how many pixels the content is too wide."""
    root = "document.documentElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


def obstacles(page: Page) -> Iterator[str]:
    """What axe-core finds, a line each."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "best-practice"]})
    for violation in found.response["violations"]:
        for node in violation["nodes"][:3]:
            yield f"{violation['id']}: {violation['help']}: {node['html'][:150]}"


def problems(page: Page, address: str) -> Iterator[str]:
    """What is wrong with one page at one size."""
    found: list[str] = []

    def requested(request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            found.append(f"asks the network for {request.url}")

    page.on("request", requested)
    page.on("pageerror", lambda error: found.append(f"script error: {error}"))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    yield from found
    wide = wider_than_page(page)
    if wide > 0:
        yield f"is {wide} pixels too wide"


def check(site: Path) -> int:
    """Print every problem; return how many there are."""
    count = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGS)
        for scheme, width, thorough in VIEWS:
            viewport: Any = {"width": width, "height": 900}
            context = browser.new_context(viewport=viewport, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
            for name in pages(site):
                page = context.new_page()
                found = [*problems(page, (site / name).as_uri()), *(obstacles(page) if thorough else ())]
                page.close()
                for problem in found:
                    sys.stdout.write(f"{name} ({scheme}, {width} px): {problem}\n")
                count += len(found)
            context.close()
        browser.close()
    return count


if __name__ == "__main__":
    number = check(Path(sys.argv[1]).resolve())
    sys.exit(f"{number} problems" if number else 0)
