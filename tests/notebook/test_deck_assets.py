"""What is inside every deck: colours that can be read, other people's files unchanged, and an entry point."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
from pathlib import Path

import pytest

pytest.importorskip("nbconvert", reason="nbconvert is not installed (the 'lab' extra has it)")

from graphmagic.notebook import deck_html

STATIC = Path(deck_html.__file__).parent / "templates" / "lecture" / "static"


def theme_colours(theme: str) -> dict[str, deck_html.Rgb]:
    css = (STATIC / "lecture.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root(?:\[data-theme=\"dark\"\])? \{\n  --page:(?s:.*?)\}", css)
    colours = re.findall(r"--([\w-]+): #(\w{6});", light if theme == "light" else dark)
    return {name: (int(hexa[:2], 16), int(hexa[2:4], 16), int(hexa[4:], 16)) for name, hexa in colours}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_colour_can_be_read_on_its_background(theme: str) -> None:
    colours = {"page": (255, 255, 255) if theme == "light" else (0x14, 0x18, 0x1D)} | theme_colours(theme)
    pages = {"code": ["code-page", "page"], "ansi": ["page", "error-page", "warning-page"]}
    pairs = [
        (name, page)
        for name in colours
        if name in ("ink", "muted", "accent") or name.startswith(("code-", "ansi-"))
        if name != "code-page"
        for page in pages.get(name.split("-")[0], ["page", "zebra"])
    ]
    low = {pair: deck_html.contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}

    assert len(pairs) > 40
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


def test_assets_are_the_ones_their_readme_names() -> None:
    readme = (STATIC / "README.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `([\w.-]+)` .* `(\w{64})` \|$", readme, re.MULTILINE))
    ours = {"lecture.css", "lecture.js"}
    files = {path.name for path in STATIC.iterdir() if path.suffix in (".css", ".js")} - ours

    assert files == set(table)
    assert {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for name in table} == table


def test_nbconvert_knows_the_exporter() -> None:
    entry_points = importlib.metadata.entry_points(group="nbconvert.exporters")

    assert entry_points["lecture"].value == "graphmagic.notebook.slides:LectureExporter"
