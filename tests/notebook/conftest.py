"""Fixtures for decks: a headless Chromium without a network, and a walk through every slide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from graphmagic.notebook.print import CHROMIUM_ARGS, CHROMIUM_NAMES, find_chromium

# What sticks out of the current slide: of every visible leaf, how far it reaches beyond the slide's box.
# Inside a box that scrolls, the box counts instead.
LOOK = """
() => {
  const slide = Reveal.getCurrentSlide();
  const box = slide.getBoundingClientRect();
  const leaves = [...slide.querySelectorAll("*")].filter((element) =>
    (element.childElementCount === 0 || element.matches("img, pre, table, svg")) &&
    !element.closest("aside.notes, mjx-assistive-mml, svg > *"));
  const excess = (element) => {
    const inner = (element.closest(".scrolls:not(section)") || element).getBoundingClientRect();
    if (!inner.width || !inner.height) return 0;
    return Math.max(
      box.left - inner.left, inner.right - box.right, box.top - inner.top, inner.bottom - box.bottom);
  };
  const name = (element) => `${element.tagName} ${element.textContent.trim().slice(0, 40)}`;
  const style = getComputedStyle(slide);
  return {
    text: slide.innerText.trim(),
    visible: style.display !== "none" && style.visibility === "visible" && box.width > 100 && box.height > 100
      && box.left > -1 && box.top > -1,
    overflowing: leaves.filter((element) => excess(element) > 1).map(name),
    scrolling: [slide, ...slide.querySelectorAll("*")].filter((box) => box.matches(".scrolls")).map(name),
    images: [...slide.querySelectorAll("img")].map((image) => image.complete && image.naturalWidth > 0),
    formulas: [...slide.querySelectorAll("mjx-container svg")].filter((svg) => !svg.closest("aside")).length,
    badFormulas: [...slide.querySelectorAll("mjx-merror, [data-mjx-error]")].map(name),
    smallest: Math.min(...leaves
      .filter((element) => element.textContent.trim() && element.closest("pre, p, li, td"))
      .map((element) => parseFloat(getComputedStyle(element).fontSize))),
  };
}
"""


@dataclass
class OfflinePage:
    """A page of a browser without a network, and everything that went wrong on it."""

    page: Any
    problems: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Start to collect console errors, page errors and requests for anything but files."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        self.page.on("request", self._request)
        self.page.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url[:120]}"))

    def open(self, path: Path, query: str = "") -> None:
        """Open a deck and wait until it is ready to show."""
        self.page.goto(path.resolve().as_uri() + query)
        self.page.wait_for_selector("html[data-deck=ready]", state="attached", timeout=60_000)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.problems.append(f"request: {request.url[:120]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium, or a skip that says what is missing."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    executable = find_chromium()
    if executable is None:
        pytest.skip(f"no Chromium on the PATH (looked for {', '.join(CHROMIUM_NAMES)})")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def offline_page(chromium: Any) -> Iterator[OfflinePage]:
    """A fresh page without a network; the test fails if anything went wrong on it."""
    context = chromium.new_context(offline=True, viewport={"width": 1120, "height": 700})
    offline = OfflinePage(context.new_page())
    offline.watch()
    yield offline
    context.close()
    assert offline.problems == []


@pytest.fixture
def walk_slides(offline_page: OfflinePage) -> Callable[[Path], list[dict[str, Any]]]:
    """Return a function that opens a deck, looks at every slide and asserts what every slide must fulfil."""

    def walk(path: Path) -> list[dict[str, Any]]:
        offline_page.open(path)
        page = offline_page.page
        total = page.evaluate("Reveal.getTotalSlides()")
        seen: dict[str, dict[str, Any]] = {}
        for _ in range(total * 30):
            look = page.evaluate(LOOK)
            seen[page.evaluate("JSON.stringify([Reveal.getIndices().h, Reveal.getIndices().v])")] = look
            if page.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"):
                break
            page.evaluate("Reveal.next()")
        looks = list(seen.values())

        assert len(looks) == total
        assert [look["text"][:40] for look in looks if not look["visible"]] == []
        assert [look["overflowing"] for look in looks if look["overflowing"]] == []
        assert [look["badFormulas"] for look in looks if look["badFormulas"]] == []
        assert all(all(look["images"]) for look in looks)
        return looks

    return walk


@pytest.fixture
def export_deck(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the deck of a notebook (a node or a file) and returns its path."""

    def export(notebook: Any, **traits: Any) -> Path:
        exporters = pytest.importorskip("nbconvert", reason="nbconvert is not installed")
        assert exporters
        from graphmagic.notebook.slides import LectureExporter

        exporter = LectureExporter(**traits)
        if isinstance(notebook, Path):
            html, resources = exporter.from_filename(str(notebook))
        else:
            html, resources = exporter.from_notebook_node(notebook)
        path = tmp_path / f"deck{resources['output_extension']}"
        path.write_text(html, encoding="utf-8")
        return path

    return export
