"""Lecture decks: an nbconvert exporter that turns a notebook into one self-contained HTML file.

``jupyter nbconvert --to lecture notebook.ipynb`` writes ``notebook.slides.html``, which needs no network:
reveal.js, its speaker notes and MathJax are inside. This module is the only one of the package that imports
nbconvert.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from nbconvert.exporters import SlidesExporter
from nbconvert.filters import ansi2html
from nbconvert.preprocessors import Preprocessor
from nbformat.v4 import new_markdown_cell
from traitlets import Enum, Float, default, validate
from traitlets.config import Config

from graphmagic.notebook import deck_cells, deck_html

__all__ = ["LectureExporter", "LecturePreprocessor"]

_TEMPLATES = Path(__file__).parent / "templates"
_STATIC = _TEMPLATES / "lecture" / "static"
_PAGES: dict[str, deck_html.Rgb] = {"light": (253, 242, 241), "dark": (51, 32, 31)}

# Without the widget view, whose programs come from a network; its HTML or text stands in. Slides have room for
# figures, which the deck's own script fits into it: so SVG comes before the HTML that says the same.
_DISPLAY_PRIORITY = [
    "application/javascript",
    "image/svg+xml",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "text/plain",
]


class LecturePreprocessor(Preprocessor):
    """Gives the deck a title slide and a slide at every heading where the author marked no slides."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Return the notebook with its cells cut and marked for slides; the one given stays as it is."""
        nb = deepcopy(nb)
        name = resources.get("metadata", {}).get("name") or "Slides"
        title = deck_cells.deck_title(nb.cells, nb.metadata, name)
        authors = deck_cells.deck_authors(nb.metadata)
        cells = deck_cells.with_slides_at_headings(nb.cells)
        blank = new_markdown_cell()  # type: ignore[no-untyped-call]
        wanted = "title" in nb.metadata
        nb.cells = deck_cells.with_title_slide(cells, title, authors, wanted=wanted, blank=blank)
        resources["lecture"].update(title=title, authors=authors)
        return nb, resources


class LectureExporter(SlidesExporter):
    """Exports a notebook as a lecture deck: one HTML file with everything in it.

    Cell tags: ``hide-input``, ``hide-output``, ``remove-cell``. The notebook's metadata may give ``title``
    and ``author``. Options: ``--LectureExporter.theme=dark`` and those of nbconvert's ``SlidesExporter``.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> html, _ = LectureExporter().from_notebook_node(new_notebook(cells=[new_markdown_cell("# Graphs")]))
    >>> "<title>Graphs</title>" in html, "https://unpkg.com" in html
    (True, False)
    """

    export_from_notebook = "Lecture deck (one HTML file)"

    theme = Enum(["light", "dark"], default_value="light", help="Colours of the deck.").tag(config=True)
    figure_growth = Float(1.3, min=1.0, help="How much a small SVG drawing may grow.").tag(config=True)

    @default("template_name")
    def _default_template_name(self) -> str:
        return "lecture"

    @default("extra_template_basedirs")
    def _default_template_basedirs(self) -> list[str]:
        return [str(_TEMPLATES)]

    @validate("extra_template_basedirs")
    def _keep_our_templates(self, proposal: dict[str, Any]) -> list[str]:
        return [*(path for path in proposal["value"] if path != str(_TEMPLATES)), str(_TEMPLATES)]

    @default("embed_images")
    def _default_embed_images(self) -> bool:
        return True

    @default("exclude_anchor_links")
    def _default_exclude_anchor_links(self) -> bool:
        return True

    @default("reveal_number")
    def _default_number(self) -> str:
        return "c/t"

    @default("reveal_width")
    def _default_width(self) -> str:
        return "1120"

    @default("reveal_height")
    def _default_height(self) -> str:
        return "700"

    @default("reveal_transition")
    def _default_transition(self) -> str:
        return "none"

    @property
    def default_config(self) -> Config:
        """nbconvert's settings, with our cell tags."""
        config = Config(
            {
                "NbConvertBase": {"display_data_priority": _DISPLAY_PRIORITY},
                "TagRemovePreprocessor": {
                    "enabled": True,
                    "remove_cell_tags": {"remove-cell"},
                    "remove_input_tags": {"hide-input", "remove-input"},
                    "remove_all_outputs_tags": {"hide-output", "remove-output"},
                },
            }
        )
        merged: Config = super().default_config.copy()
        merged.merge(config)
        return merged

    def default_filters(self) -> Any:
        """Yield the template's filters, ours last."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]
        yield "ansi2html", self._ansi_html
        yield "lecture_code", self._code_html
        yield "lecture_traceback", lambda lines: self._ansi_html(deck_html.traceback_text(lines))
        yield "lecture_alt", deck_html.alternative_text

    def from_notebook_node(  # type: ignore[override]  # as in every exporter of nbconvert
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a notebook to the text of the deck.

        Arguments:
            nb: the notebook, as nbformat reads it.
            resources: what nbconvert knows of the file, for example its name.

        Returns:
            the HTML, and nbconvert's resources.
        """
        html, resources = super().from_notebook_node(nb, resources, **kw)
        html, cut = deck_html.sealed(html, _asset)
        if cut:
            self.log.warning(
                "A deck loads nothing from outside, so these became links or were left out: %s. "
                "Save the pictures next to the notebook to have them in the deck.",
                ", ".join(cut),
            )
        return html, resources

    def _ansi_html(self, text: str) -> str:
        html = ansi2html(text)  # type: ignore[no-untyped-call]
        return deck_html.readable_ansi(html, _PAGES[self.theme])

    def _code_html(self, source: str, metadata: Any) -> str:
        highlight = self.environment.filters["highlight_code"]
        return deck_html.code_html(source, lambda body: str(highlight(body, metadata=metadata)))

    def _init_resources(self, resources: Any) -> Any:
        resources = super()._init_resources(resources)  # type: ignore[no-untyped-call]
        width, height = int(self.reveal_width), int(self.reveal_height)
        reveal = {
            "width": width,
            "height": height,
            "margin": 0,
            "center": False,
            "hash": True,
            "navigationMode": "linear",
            "slideNumber": self.reveal_number or False,
            "transition": self.reveal_transition,
            "pdfSeparateFragments": False,
        }
        resources["lecture"] = {
            "title": "",
            "authors": [],
            "width": width,
            "height": height,
            "policy": deck_html.POLICY,
            "options": {"reveal": reveal, "figureGrowth": self.figure_growth},
        }
        return resources


def _asset(name: str) -> str:
    text = (_STATIC / name).read_text(encoding="utf-8")
    return deck_html.without_imports(text) if name.endswith(".css") else text
