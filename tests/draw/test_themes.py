"""Light, dark, and SVG that turns dark with the page around it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from graphmagic import draw
from graphmagic.draw.theme import dark_for

pytestmark = pytest.mark.usefixtures("graphviz_engine")

STYLE = "{http://www.w3.org/2000/svg}style"


def rules(graph, theme):
    style = ElementTree.fromstring(draw.picture(graph, theme=theme).svg()).find(STYLE)
    return "" if style is None else style.text


def test_only_a_theme_that_follows_has_rules(foo_graph):
    assert rules(foo_graph, "light") == rules(foo_graph, "dark") == ""
    assert "prefers-color-scheme" not in rules(foo_graph, "auto")
    assert "prefers-color-scheme:dark" in rules(foo_graph, "system")


def test_every_colour_of_a_light_picture_has_a_rule(linear):
    svg = draw.picture(linear[0], fetches="prediction", legend=True).svg()
    used = set(re.findall(r'(fill|stroke)="(#[0-9a-f]{6})"', svg))

    assert used <= {(kind, colour) for kind in ("fill", "stroke") for colour in dark_for()}
    for kind, colour in used:
        assert f"[{kind}='{colour}']{{{kind}:var(" in svg


def test_the_rules_are_about_this_picture_only(foo_graph):
    svg = draw.picture(foo_graph, name="mine").svg()
    (identifier,) = set(re.findall(r'<g id="(gm-mine-[0-9a-f]{8})"', svg))
    selectors = re.findall(r"([^{}]+)\{", rules(foo_graph, "auto").replace("graph", "mine"))

    assert selectors
    assert identifier.startswith("gm-mine-")
    assert all("#gm-mine-" in part for selector in selectors for part in selector.split(","))


def test_a_dark_picture_has_no_light_colour(linear):
    dot = draw.picture(linear[0], theme="dark", fetches="loss", legend=True).dot

    assert not [colour for colour in dark_for() if colour in dot]


def test_an_unknown_theme(foo_graph):
    with pytest.raises(ValueError, match="Unknown theme 'night': it is one of auto, light, dark, system"):
        draw.picture(foo_graph, theme="night")
