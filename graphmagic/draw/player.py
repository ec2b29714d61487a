"""The player: a traced run as one piece of HTML in which one steps, plays and scrubs through it.

What stands in the HTML is a picture and a table, which show wherever scripts do not run.  The script (`static/player.js`)
puts the player in their place, in a shadow root, so that no style sheet of the page and no other player interferes.
Names and values reach it as JSON and become text, never markup.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphmagic.draw.film import film_of, shown_steps
from graphmagic.draw.labels import count
from graphmagic.draw.render import DrawingError, render
from graphmagic.draw.run_table import HEADINGS, caption, row
from graphmagic.draw.svg import finish

if TYPE_CHECKING:
    from graphmagic.draw.pictures import Picture
    from graphmagic.tracing import Step, Trace

__all__ = ["page", "player"]

_STATIC = Path(__file__).parent / "static"
OPEN_ROWS = 24
"""A table of more rows is closed at first where scripts are off."""


def player(trace: Trace, *, depth: int | None = None, direction: str = "TB") -> str:
    """The player of a run, to be put into any page.

    Args:
        trace: the run.
        depth: open name scopes down to this depth, as in `draw.picture`.
        direction: `TB` or `LR`.

    Returns:
        HTML: one ``div`` that needs nothing from outside.
    """
    from graphmagic.draw import picture

    graph = picture(trace.graph, name="run", depth=depth, direction=direction, fetches=list(trace.fetched))
    steps = shown_steps(trace.steps)
    film = film_of(trace, steps, graph.drawing)
    return (
        '<div class="graphmagic-trace" data-lm-suppress-shortcuts="true">'
        f"<p>{escape(caption(trace))}</p>{_image(graph)}{_table(trace, steps)}"
        f'<script type="application/json">{_json(film)}</script><script>{_script()}</script></div>'
    )


def page(trace: Trace, **drawing: Any) -> str:
    """The player of a run as a page of its own."""
    title = escape(caption(trace))
    return (
        '<!DOCTYPE html>\n<html lang="en" style="color-scheme:light dark"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title></head>"
        f'<body style="margin:16px;font-family:system-ui,sans-serif">{player(trace, **drawing)}</body></html>\n'
    )


def _image(graph: Picture) -> str:
    """The picture as an image, which also pages that clean their HTML keep; the script unpacks it."""
    drawing = graph.drawing
    marks = [{"data-kind": node.kind.value, "data-light": node.emphasis.value} for node in drawing.nodes]
    try:
        svg = finish(render(graph.dot, "svg"), "Picture of the run", drawing.description, marks)
    except DrawingError as error:
        return f"<p>{escape(str(error))}</p>"
    data = base64.b64encode(svg.encode()).decode()
    return f'<img alt="{escape(drawing.description)}" src="data:image/svg+xml;base64,{data}">'


def _table(trace: Trace, steps: Sequence[tuple[int, Step]]) -> str:
    rows = [_cells("td", row(number, step)) for number, step in steps]
    left = len(trace.steps) + trace.left_out - len(steps)
    summary = count(len(steps), "step") + (f", {left:,} more are left out" if left else "")
    state = " open" if len(steps) <= OPEN_ROWS else ""
    return (
        f"<details{state}><summary>{summary}</summary><table><thead>{_cells('th', HEADINGS)}</thead>"
        f"<tbody>{''.join(rows)}</tbody></table></details>"
    )


def _cells(tag: str, texts: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts) + "</tr>"


def _json(value: Any) -> str:
    """JSON that can stand in a script element: no text in it can end that or begin a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@cache
def _script() -> str:
    """The program, with its style sheet inside."""
    program = (_STATIC / "player.js").read_text(encoding="utf-8")
    styles = (_STATIC / "player.css").read_text(encoding="utf-8")
    return program.replace('"STYLES"', _json(styles))
