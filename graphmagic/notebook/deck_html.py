"""The pieces of HTML a lecture deck is made of: code, tracebacks, and a page that needs nothing from outside.

Needs Pygments' and nbconvert's companion ``bs4``, so only the exporter imports it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from bs4 import BeautifulSoup, Tag

PYTHON_MAGICS = frozenset({"graph", "session", "check"})
"""Cell magics with a Python body that the IPython lexer would leave uncoloured."""

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'unsafe-inline' 'unsafe-eval'",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "media-src data: blob:",
        "font-src data:",
        "worker-src blob:",
        "frame-src 'self' file: data: blob:",  # the speaker window shows the deck in frames
        "form-action 'none'",
        "base-uri 'none'",
    ]
)
"""The deck's Content-Security-Policy: with it a browser refuses every outside request."""

_MAGIC_LINE = re.compile(r"\s*%%(\w+)[^\n]*(?:\n|$)")
_RULE = re.compile(r"^(?:\x1b\[[\d;]*m)*-{10,}(?:\x1b\[[\d;]*m)*$")
_STYLE = re.compile(r' style="([^"]*)"')
_RGB = re.compile(r"(?<![-\w])color: rgb\((\d+),(\d+),(\d+)\)")
_LOADS = {"src", "srcset", "poster", "data", "background"}
_LOADS_BY_HREF = {"link", "image", "use", "script"}
_IMPORT = re.compile(r"@import[^;]*;\s*")

Rgb = tuple[int, int, int]


def split_magic(source: str) -> tuple[str, str]:
    r"""Split off the first line of a cell if it is one of our cell magics.

    >>> split_magic("%%graph linear\nx = 1")
    ('%%graph linear\n', 'x = 1')
    >>> split_magic("x = 1")
    ('', 'x = 1')
    """
    match = _MAGIC_LINE.match(source)
    end = match.end() if match and match[1] in PYTHON_MAGICS else 0
    return source[:end], source[end:]


def code_html(source: str, highlight: Callable[[str], str]) -> str:
    """Highlight the source of a cell, our cell magics included."""
    magic, body = split_magic(source)
    if not magic:
        return highlight(source)
    opening = "<pre><span></span>"
    line = f'<span class="magic">{escape(magic.rstrip())}</span>\n'
    return highlight(body).replace(opening, opening + line, 1)


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours as WCAG 2 defines it, from 1 to 21.

    >>> round(contrast((0, 0, 0), (255, 255, 255)), 1)
    21.0
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Rgb) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(colour: Rgb, page: Rgb, ratio: float = 4.5) -> Rgb:
    """Move a colour away from the page until text in it can be read.

    >>> readable((255, 255, 0), (255, 255, 255)), readable((0, 0, 0), (255, 255, 255))
    ((122, 122, 0), (0, 0, 0))
    """
    goal = 0 if _luminance(page) > 0.18 else 255
    red, green, blue = colour
    for step in range(101):
        red, green, blue = (round(part + (goal - part) * step / 100) for part in colour)
        if contrast((red, green, blue), page) >= ratio:
            break
    return red, green, blue


def readable_ansi(html: str, page: Rgb) -> str:
    """Make the colours a terminal program chose readable on the page; painted backgrounds are left out."""

    def style(match: re.Match[str]) -> str:
        colour = _RGB.search(match[1])
        if colour is None:
            return ""
        red, green, blue = readable((int(colour[1]), int(colour[2]), int(colour[3])), page)
        return f' style="color: rgb({red},{green},{blue})"'

    return _STYLE.sub(style, html)


def traceback_text(lines: Iterable[str]) -> str:
    """Join the lines of a traceback without the dashed rule on top, which has no use on a slide."""
    return "\n".join(line for line in lines if not _RULE.match(line)).strip("\n")


def alternative_text(data: Mapping[str, Any], limit: int = 300) -> str:
    """Return what a screen reader says for a picture: the output's plain text, short and escaped."""
    text = data.get("text/plain", "") or "picture"
    words = " ".join((text if isinstance(text, str) else "".join(text)).split())
    return escape(words if len(words) <= limit else words[: limit - 1] + "…")


def sealed(html: str, asset: Callable[[str], str]) -> tuple[str, list[str]]:
    """Make a page whole: fill in its own assets and cut what would be loaded from elsewhere.

    Arguments:
        html: the page; elements with ``data-asset="name"`` get the text of that asset.
        asset: returns the text of an asset.

    Returns:
        the page, and the addresses that were cut. A picture or a frame from outside becomes a link to it.
    """
    soup = BeautifulSoup(html, features="html.parser")
    cut = [address for element in soup.find_all(True) if (address := _cut_outside(soup, element))]
    for element in soup.select("[data-asset]"):
        element.string = asset(str(element["data-asset"]))
    return str(soup), cut


def _cut_outside(soup: BeautifulSoup, element: Tag) -> str:
    loads = _LOADS | {"href", "xlink:href"} if element.name in _LOADS_BY_HREF else _LOADS
    for name in loads.intersection(element.attrs):
        address = str(element[name]).strip()
        if not address or address.startswith(("data:", "blob:", "#")):
            continue
        if element.name in ("script", "link"):
            element.decompose()
        else:
            link = soup.new_tag("a", href=address)
            link.string = str(element.get("alt") or element.get("title") or address)
            element.replace_with(link)
        return address
    return ""


def without_imports(css: str) -> str:
    """Drop the ``@import`` rules of a style sheet: reveal.js's themes load web fonts with them.

    >>> without_imports("@import url(fonts.css);\\nbody {}")
    'body {}'
    """
    return _IMPORT.sub("", css)
