"""The picture for a page: an image, its tooltips, and its colours in light and dark pages."""

from __future__ import annotations

import base64
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

import graphmagic as tf
from graphmagic import draw

pytestmark = pytest.mark.usefixtures("graphviz_engine")


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text outside of style sheets."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.found[-1][0] != "style":
            self.text += data

    def of(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


def image(html):
    (attrs,) = Elements(html).of("img")
    kind, _, data = attrs["src"].partition(";base64,")
    assert kind == "data:image/svg+xml"
    return attrs, base64.b64decode(data).decode()


def shares(style):
    """The sides of an area as parts of the picture."""
    pairs = dict(part.split(":") for part in style.split(";"))
    return {side: float(pairs[side].rstrip("%")) / 100 for side in ("left", "top", "width", "height")}


def test_there_is_one_image_and_nothing_that_a_page_must_run(linear):
    page = Elements(draw.picture(linear[0]).html())

    assert [tag for tag, _ in page.found if tag != "span"] == ["div", "style", "img"]
    assert page.text.strip() == ""
    assert not [key for _, attrs in page.found for key in attrs if key.startswith("on")]


def test_the_image_says_what_it_shows_and_fits_into_narrow_pages(linear):
    picture = draw.picture(linear[0])
    attrs, svg = image(picture.html())

    assert attrs["alt"] == picture.drawing.description
    assert "max-width:100%" in attrs["style"]
    assert "prefers-color-scheme:dark" in ElementTree.fromstring(svg).findtext(
        "{http://www.w3.org/2000/svg}style"
    )


def test_every_node_has_its_tooltip_inside_of_the_picture(linear):
    picture = draw.picture(linear[0])
    areas = Elements(picture.html()).of("span")
    titles = [area["title"] for area in areas]

    assert len(titles) >= len(picture.drawing.nodes) > 5
    assert any("created at" in title for title in titles)
    for area in areas:
        sides = shares(area["style"])
        assert 0 <= sides["left"] < sides["left"] + sides["width"] <= 1.01
        assert 0 <= sides["top"] < sides["top"] + sides["height"] <= 1.01
        assert sides["width"] < 0.6
        assert sides["height"] < 0.5


def test_a_constant_without_an_outline_has_a_tooltip_where_its_text_is():
    with tf.Graph().as_default() as graph:
        tf.constant([1.0, 2.0, 3.0], name="numbers")
    (area,) = Elements(draw.picture(graph).html()).of("span")

    assert "numbers" in area["title"]
    assert shares(area["style"])["width"] > 0.2


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_that_follows_nothing_has_no_rules(foo_graph, theme):
    html = draw.picture(foo_graph, theme=theme).html()

    assert Elements(html).of("style") == []
    assert "prefers-color-scheme" not in image(html)[1]


def test_what_is_dark_where_the_page_says_nothing(foo_graph):
    assert "{color-scheme:light}" in draw.picture(foo_graph).html()
    assert "{color-scheme:light dark}" in draw.picture(foo_graph, theme="system").html()
