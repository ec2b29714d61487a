"""The lecture deck: which cells make which slides, and that every slide shows in a browser."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nbconvert", reason="nbconvert is not installed (the 'lab' extra has it)")

from bs4 import BeautifulSoup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from graphmagic.notebook import deck_html
from graphmagic.notebook.slides import LectureExporter

STATIC = Path(deck_html.__file__).parent / "templates" / "lecture" / "static"
LOADING = "img, script, link, iframe, object, embed, video, audio, source, image, use"


def markdown(source: str, slide_type: str = "", tags: tuple[str, ...] = ()) -> NotebookNode:
    return _marked(new_markdown_cell(source), slide_type, tags)


def code(source: str, *outputs: Any, slide_type: str = "", tags: tuple[str, ...] = ()) -> NotebookNode:
    return _marked(new_code_cell(source, outputs=list(outputs)), slide_type, tags)


def _marked(cell: NotebookNode, slide_type: str, tags: tuple[str, ...]) -> NotebookNode:
    if slide_type:
        cell.metadata["slideshow"] = {"slide_type": slide_type}
    cell.metadata["tags"] = list(tags)
    return cell


def printed(text: str) -> NotebookNode:
    return new_output("stream", name="stdout", text=text)


def shown(**data: str) -> NotebookNode:
    kinds = {"svg": "image/svg+xml", "png": "image/png", "html": "text/html", "text": "text/plain"}
    return new_output("display_data", data={kinds[kind]: value for kind, value in data.items()})


def svg(width: int, height: int) -> str:
    size = f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}><rect width="100%" height="100%" fill="#abc"/></svg>'
    )


def png(width: int, height: int) -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\x00" + b"\x80" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def deck(*cells: NotebookNode, metadata: dict[str, Any] | None = None, **traits: Any) -> BeautifulSoup:
    notebook = new_notebook(cells=list(cells), metadata=metadata or {})
    html, _ = LectureExporter(**traits).from_notebook_node(notebook)
    return BeautifulSoup(html, features="html.parser")


def slides(page: BeautifulSoup) -> list[str]:
    """The text of each slide; a slide is a section without sections in it."""
    leaves = [section for section in page.find_all("section") if section.find("section") is None]
    return [" ".join(leaf.get_text().split()) for leaf in leaves]


def test_every_heading_starts_a_slide_when_no_slides_are_marked() -> None:
    page = deck(
        markdown("# One\n\ntext\n\n## Two\n\n```\n# a comment\n```"),
        code("x = 1"),
        markdown("more text"),
        markdown("Three\n=====\n\n### Four"),
    )

    assert slides(page) == ["One text", "Two # a comment x = 1 more text", "Three", "Four"]


def test_text_in_front_of_a_heading_stays_on_the_slide_before() -> None:
    assert slides(deck(markdown("# One"), markdown("tail of one\n\n## Two"))) == ["One tail of one", "Two"]


def test_marked_slides_are_left_as_they_are() -> None:
    page = deck(
        markdown("# One\n\n## still one", "slide"),
        markdown("## and this"),
        markdown("under it", "subslide"),
        markdown("appears", "fragment"),
        markdown("never shown", "skip"),
        markdown("said aloud", "notes"),
    )

    assert slides(page) == ["One still one and this", "under it appears said aloud"]
    assert "appears" in page.select_one(".fragment").get_text()
    assert page.select_one("aside.notes").get_text().strip() == "said aloud"


def test_fragments_and_notes_are_kept_when_headings_start_the_slides() -> None:
    page = deck(
        markdown("# One"), markdown("later", "fragment"), markdown("aloud", "notes"), markdown("# Two")
    )

    assert slides(page) == ["One later aloud", "Two"]
    assert len(page.select(".fragment")) == 1
    assert len(page.select("aside.notes")) == 1


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([markdown("text"), code("a"), markdown("more")], ["text a", "more"]),
        ([code("a"), code("b")], ["a", "b"]),
        ([], ["Notebook"]),
    ],
    ids=["no headings", "no markdown", "empty"],
)
def test_notebooks_without_headings_still_have_slides(cells: list[NotebookNode], expected: list[str]) -> None:
    assert slides(deck(*cells)) == expected


def test_the_notebook_given_is_not_changed() -> None:
    notebook = new_notebook(cells=[markdown("# One\n\n## Two")], metadata={"title": "T", "author": "A"})
    before = json.dumps(notebook)
    LectureExporter().from_notebook_node(notebook)

    assert json.dumps(notebook) == before


@pytest.mark.parametrize(
    ("metadata", "source", "title"),
    [
        ({"title": "Least & <b>squares</b>"}, "# Other", "Least & <b>squares</b>"),
        ({}, "text\n\n## *Fit* a `line` with $x$", "Fit a line with x"),
        ({}, "no heading", "Notebook"),
    ],
    ids=["metadata", "heading", "file name"],
)
def test_the_title_comes_from_metadata_or_heading_or_file_name(
    metadata: dict[str, Any], source: str, title: str
) -> None:
    assert deck(markdown(source), metadata=metadata).title.string == title


def test_a_title_in_the_metadata_makes_a_title_slide_once() -> None:
    metadata = {"title": "Graphs <i>", "authors": [{"name": "Ada"}, {"name": "<b>Grace</b>"}]}
    without, with_heading = deck(markdown("## One"), metadata=metadata), markdown("# Graphs\n\nIntro")

    assert slides(without) == ["Graphs <i> Ada, <b>Grace</b>", "One"]
    assert slides(deck(with_heading, metadata=metadata)) == ["Graphs Intro Ada, <b>Grace</b>"]
    assert without.select_one("meta[name=author]")["content"] == "Ada, <b>Grace</b>"


def test_tags_hide_inputs_outputs_and_cells() -> None:
    page = deck(
        markdown("# Tags"),
        code("hidden_input", printed("kept output"), tags=("hide-input",)),
        code("kept_input", printed("hidden output"), tags=("hide-output",)),
        code("removed", printed("removed"), tags=("remove-cell",)),
    )

    assert slides(page) == ["Tags kept output kept_input"]


def test_a_deck_loads_nothing() -> None:
    page = deck(
        markdown("# Pictures\n\n![far](https://example.org/far.png) and [a link](https://example.org/post)"),
        code("html", shown(html='<script src="https://example.org/x.js"></script>')),
        code("html", shown(html='<img src="//example.org/a.png">')),
        code("svg", shown(svg=svg(10, 10), text="a graph")),
    )
    loading = [element for element in page.select(LOADING) if element.get("src") or element.get("href")]

    assert [element.get("src", "")[:26] for element in loading] == ["data:image/svg+xml;base64,"]
    assert {link["href"] for link in page.select("a")} == {
        "https://example.org/far.png",
        "https://example.org/post",
        "//example.org/a.png",
    }
    assert "@import" not in "".join(style.get_text() for style in page.select("style"))
    assert page.select_one("meta[http-equiv]")["content"].startswith("default-src 'none';")


def test_what_was_cut_is_told(caplog: pytest.LogCaptureFixture) -> None:
    exporter = LectureExporter()
    exporter.log.propagate = True
    notebook = new_notebook(cells=[markdown("![far](https://example.org/far.png)")])
    exporter.from_notebook_node(notebook)

    assert "https://example.org/far.png" in caplog.text


def test_pictures_next_to_the_notebook_are_put_inside(
    tmp_path: Path, export_deck: Callable[..., Path]
) -> None:
    (tmp_path / "near.svg").write_text(svg(20, 10), encoding="utf-8")
    notebook = tmp_path / "lecture.ipynb"
    cells = [markdown("# A\n\n![near](near.svg)")]
    notebook.write_text(json.dumps(new_notebook(cells=cells)), encoding="utf-8")
    page = BeautifulSoup(export_deck(notebook).read_text(encoding="utf-8"), features="html.parser")

    assert page.select_one("section img")["src"].startswith("data:image/svg+xml;base64,")


def test_a_deck_is_one_file_named_slides_html(export_deck: Callable[..., Path]) -> None:
    path = export_deck(new_notebook(cells=[markdown("# A")]))
    text = path.read_text(encoding="utf-8")

    assert path.name == "deck.slides.html"
    for name in ("reveal.js", "notes.js", "tex-svg-full.js", "lecture.js"):
        assert (STATIC / name).read_text(encoding="utf-8").strip() in text


def test_our_cell_magics_are_highlighted_with_their_bodies() -> None:
    page = deck(markdown("# Code"), code("%%graph <linear>\nx = tf.constant(1)  # one"))
    block = page.select_one(".highlight pre")

    assert block.get_text().strip() == "%%graph <linear>\nx = tf.constant(1)  # one"
    assert block.select_one(".magic").get_text() == "%%graph <linear>"
    assert block.select_one(".c1").get_text() == "# one"


def test_cells_that_ran_have_their_number() -> None:
    cell = code("x")
    cell.execution_count = 7

    assert deck(markdown("# A"), cell).select_one(".jp-InputPrompt").get_text() == "In\xa0[7]"
    assert deck(markdown("# A"), code("x")).select_one(".jp-InputPrompt") is None


def test_pictures_say_what_they_show() -> None:
    page = deck(
        markdown("# A"), code("g", shown(svg=svg(9, 9), text='a "graph"')), code("p", shown(png=png(4, 4)))
    )

    assert [image["alt"] for image in page.select("section img")] == ['a "graph"', "picture"]


def test_names_and_outputs_do_not_become_markup() -> None:
    evil = "<script>alert('x')</script>"
    page = deck(
        markdown("# Evil"),
        code(f"%%session {evil}\nx", printed(evil), shown(text=evil), shown(svg=svg(9, 9), text=f'"{evil}')),
        code("e", new_output("error", ename=evil, evalue=evil, traceback=[f"\x1b[31m{evil}\x1b[0m"])),
        metadata={"title": evil, "author": evil},
    )

    assert "alert" not in "".join(script.get_text() for script in page.select("section script, head script"))
    assert page.title.string == evil
    assert slides(page)[-1].count(evil) == 5  # author, magic, printed, shown, traceback


def test_tracebacks_lose_the_rule_and_keep_readable_colours() -> None:
    rule, name = "\x1b[31m" + "-" * 75 + "\x1b[39m", "\x1b[38;5;226mValueError\x1b[39m: bad"
    error = new_output("error", ename="E", evalue="", traceback=[rule, name, "\x1b[43mmarked\x1b[0m"])
    page = deck(markdown("# E"), code("e", error))
    block = page.select_one('[data-mime-type="application/vnd.jupyter.error"] pre')
    colour = re.search(r"rgb\((\d+),(\d+),(\d+)\)", block.select_one("[style]")["style"])

    assert block.get_text().strip() == "ValueError: bad\nmarked"
    assert colour is not None
    assert deck_html.contrast(tuple(map(int, colour.groups())), (253, 242, 241)) >= 4.5


def test_widgets_fall_back_to_their_text() -> None:
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "m"}, "text/plain": "a widget"}
    page = deck(markdown("# W"), code("w", new_output("display_data", data=data)))

    assert slides(page) == ["W w a widget"]


def test_the_theme_is_an_option() -> None:
    assert deck(markdown("# A"), theme="dark").html["data-theme"] == "dark"
    assert deck(markdown("# A")).html["data-theme"] == "light"


PARAGRAPH = "Lorem ipsum dolor sit amet. " * 9
WIDE_ROW = "".join(f"<td>column {i}</td>" for i in range(40))
LONG_ROWS = "".join(f"<tr><td>row {i}.</td></tr>" for i in range(80))

LECTURE = [
    markdown("# A lecture\n\nFrom a test."),
    markdown(
        "## Mathematics\n\nInline $e^{i\\pi} = -1$, then\n\n$$\\boldsymbol{w} = \\frac{1}{n}\\sum_i x_i$$"
    ),
    markdown("Say this aloud: $x^2$.", "notes"),
    markdown("## Code"),
    code("%%graph linear\nx = tf.constant(1.0)  # " + "a long comment " * 12, printed("done\n")),
    markdown("## Tall"),
    code("tall", shown(svg=svg(300, 2400), text="tall")),
    markdown("## Wide"),
    code("wide", shown(svg=svg(4000, 300), text="wide")),
    markdown("## Pixels"),
    code("pixels", shown(png=png(1600, 1200))),
    markdown("## Table\n\n| a | b |\n|---|---|\n" + "| one | two |\n" * 8),
    code("t", shown(html=f"<table><tr>{WIDE_ROW}</tr></table>")),
    markdown("## Long code"),
    code("\n".join(f"weights_{i} = tf.Variable(0, name='w{i}')" for i in range(60)), printed("the end\n")),
    markdown("## Long text\n\n" + "\n\n".join(f"Paragraph {i}. {PARAGRAPH}" for i in range(9))),
    markdown("## Long table"),
    code("t", shown(html=f"<table><thead><tr><th>head</th></tr></thead>{LONG_ROWS}</table>")),
    markdown("## Fragments"),
    markdown("first", "fragment"),
    markdown("second", "fragment"),
]


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_slide_shows_in_a_browser_without_a_network(
    theme: str,
    export_deck: Callable[..., Path],
    walk_slides: Callable[[Path], list[dict[str, Any]]],
) -> None:
    looks = walk_slides(export_deck(new_notebook(cells=LECTURE), theme=theme))
    text = "\n".join(look["text"] for look in looks)
    titles = [look["text"].split("\n")[0] for look in looks]

    assert looks[titles.index("Mathematics")]["formulas"] == 2
    assert "Say this aloud" not in text
    assert all(f"weights_{i} =" in text for i in range(60))
    assert "the end" in text
    assert all(f"Paragraph {i}." in text for i in range(9))
    assert all(f"row {i}." in text for i in range(80))
    assert text.count("head\nrow") == sum(title.startswith("Long table") for title in titles) > 1
    assert {"Long code (continued)", "Long text (continued)"} <= set(titles)
    assert not [title for title in titles if title.count("continued") > 1]
    assert [title for title, look in zip(titles, looks, strict=True) if look["scrolling"]] == ["Table"]
    assert min(look["smallest"] for look in looks if look["smallest"]) >= 11


@pytest.mark.browser
def test_a_fragment_in_place_covers_what_it_follows(
    export_deck: Callable[..., Path], offline_page: Any
) -> None:
    drawings = [code("g", shown(svg=svg(300, 200), text=name)) for name in ("one", "two", "three")]
    for drawing in drawings[1:]:
        _marked(drawing, "fragment", ("in-place", "hide-input"))
    offline_page.open(export_deck(new_notebook(cells=[markdown("# Growing", "slide"), *drawings])))
    page = offline_page.page
    tops, seen = [], []
    for _ in drawings:
        boxes = {name: page.locator(f"img[alt={name}]") for name in ("one", "two", "three")}
        seen.append([name for name, box in boxes.items() if box.is_visible()])
        tops.append(boxes["two"].bounding_box()["y"])
        page.evaluate("Reveal.next()")

    assert seen == [["one"], ["two"], ["three"]]
    assert boxes["three"].bounding_box()["y"] == tops[0] == tops[2]


@pytest.mark.browser
def test_a_fragment_that_goes_on_to_the_next_slide_shows_at_once(
    export_deck: Callable[..., Path], offline_page: Any
) -> None:
    cells = [
        markdown("## Full", "slide"),
        code("x = 1\n" * 17),
        code("g", shown(svg=svg(900, 600), text="at once")),
    ]
    _marked(cells[-1], "fragment", ("hide-input",))
    offline_page.open(export_deck(new_notebook(cells=cells)))
    offline_page.page.evaluate("Reveal.next()")

    assert offline_page.page.locator("img").is_visible()
    assert offline_page.page.evaluate("Reveal.isLastSlide()")


@pytest.mark.browser
def test_speaker_notes_show_in_their_window(export_deck: Callable[..., Path], offline_page: Any) -> None:
    offline_page.open(export_deck(new_notebook(cells=LECTURE)), "#/1")
    with offline_page.page.context.expect_page() as opened:
        offline_page.page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes")
    notes.get_by_text("Say this aloud").wait_for(timeout=60_000)

    assert notes.locator("svg").count() == 1
