"""Wide pictures in rows."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

import graphmagic as tf
from graphmagic import draw
from graphmagic.draw.html import hover_areas
from graphmagic.draw.theme import SAYS_DARK
from graphmagic.draw.wrap import WIDEST, boxes, rows_of, wrap

pytestmark = pytest.mark.usefixtures("graphviz_engine")

STEPS = ("square", "sqrt", "exp", "log", "tanh", "abs", "sigmoid", "sin", "cos", "negative")


@pytest.fixture
def chain():
    """A graph of thirty operations in a row."""
    with tf.Graph().as_default() as graph:
        value = tf.placeholder(tf.float32, [None, 3], name="x")
        for name in STEPS * 3:
            value = getattr(tf, name)(value)
    return graph


def root_of(graph, **options):
    return ElementTree.fromstring(draw.picture(graph, **options).svg())


def size(root):
    return tuple(map(float, root.get("viewBox").split()[2:]))


def test_a_picture_that_fits_stays_in_one_piece(linear):
    root = root_of(linear[0], direction="LR")

    assert size(root)[0] <= WIDEST
    assert len(rows_of(root)) == 1
    assert root.find("{http://www.w3.org/2000/svg}g[@class='rows']") is None


def test_a_wide_picture_has_rows_that_are_legible_on_a_slide(chain):
    root = root_of(chain, direction="LR")
    rows = rows_of(root)

    assert len(rows) >= 3
    assert all(row.right - row.left <= WIDEST for row in rows)
    assert [row.left for row in rows[1:]] == pytest.approx([row.right for row in rows[:-1]])
    assert 12 * 960 / size(root)[0] >= 9


def test_no_node_is_cut(chain):
    root = root_of(chain, direction="LR")
    places = [row.left for row in rows_of(root)[1:]]

    assert not [
        place for place in places for _, (left, _, right, _) in boxes(root, "node") if left < place < right
    ]


def test_downwards_nothing_is_cut(chain):
    assert len(rows_of(root_of(chain, direction="TB"))) == 1


def test_every_node_has_one_tooltip_inside_of_the_rows(chain):
    root = root_of(chain, direction="LR")
    width, height = size(root)
    areas = list(hover_areas(root))

    assert len(areas) == len(draw.picture(chain, direction="LR").drawing.nodes)
    assert all(
        0 <= left < right <= width and 0 <= top < bottom <= height for _, (left, top, right, bottom) in areas
    )


def test_all_rows_turn_dark_together(chain):
    svg = draw.picture(chain, direction="LR", theme="system").svg()
    (style,) = re.findall(r"<(?:\w+:)?style>(.*?)</", svg)
    (identifier,) = re.findall(r'id="(gm-[^"]*)-rows"', svg)

    assert f'id="{identifier}"' in svg
    assert style.count(f"#{identifier}-rows") == len(SAYS_DARK) + 1


def test_it_is_svg_as_other_pictures_are(chain):
    svg = draw.picture(chain, direction="LR").svg()

    assert svg.startswith("<svg")
    assert wrap(svg, widest=1e9) == svg


def test_a_series_with_others_between_its_members_is_not_one_stack():
    with tf.Graph().as_default() as graph:
        value = tf.placeholder(tf.float32, [None, 8], name="x")
        for number in range(6):
            value = tf.layers.dense(value, 8 + number % 2, name=f"dense_{number}")
            with tf.name_scope(f"pool_{number}"):
                value = tf.abs(tf.negative(value))
    titles = [node.title for node in draw.picture(graph, depth=0).drawing.nodes]

    assert not [title for title in titles if "…" in title]
    assert {"pool_0", "pool_5", "dense_0", "dense_5"} <= set(titles)
