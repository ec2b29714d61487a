"""The player in a real browser without a network: on a page, in an exported notebook, in a deck, and without scripts."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphmagic as tf

nbformat = pytest.importorskip("nbformat.v4")
browser = pytest.mark.browser


@pytest.fixture
def trace():
    """One step of gradient descent, with a loop on the way."""
    x = tf.placeholder(tf.float32, [None, 8], name="x")
    w = tf.Variable(np.arange(8, dtype=np.float32)[:, None], name="w")
    y = tf.matmul(x, w, name="y")
    _, grown = tf.while_loop(lambda i, _: i < 3, lambda i, v: (i + 1, v * 2.0), [0, y], name="grow")
    loss = tf.reduce_sum(grown, name="loss")
    with tf.Session() as sess:
        sess.run(w.initializer)
        return sess.trace([loss, tf.gradients(loss, w)], {x: np.ones((20, 8))})


@pytest.fixture
def opened(trace, tmp_path, offline_page):
    offline_page.page.goto(trace.save(tmp_path / "run.html").as_uri())
    return offline_page.page


def place(page, index=0):
    return int(page.locator(".graphmagic-trace").nth(index).get_attribute("data-step"))


def lit(page):
    """The titles of the nodes that are lit."""
    return page.locator("[data-node][data-state=now] text:first-of-type").all_text_contents()


def states_of(page):
    """The state of each node, by title."""
    nodes = page.locator("[data-node]")
    return dict(
        nodes.evaluate_all("(all) => all.map((n) => [n.querySelector('text').textContent, n.dataset.state])")
    )


def go_to(page, trace, name):
    """Step to the first step of an operation."""
    number = [step.name for step in trace.steps].index(name) + 1
    page.locator("input[type=range]").fill(str(number))


@browser
def test_steps_light_nodes_and_tell_values(opened, trace):
    assert place(opened) == 0
    opened.get_by_role("button", name="Step forward").click()

    assert place(opened) == 1
    assert lit(opened) == ["x"]
    assert "all 1" in opened.locator(".value").inner_text()

    assert states_of(opened)["loss"] == "waiting"

    go_to(opened, trace, "loss")
    assert lit(opened) == ["loss"]
    assert opened.locator(".value .big").inner_text() == "4480"
    assert opened.locator(".callout text").inner_html() == "4480"
    assert opened.locator("h3").inner_text() == "loss"
    assert states_of(opened)["y"] == "done"


@browser
def test_keys(opened, trace):
    opened.locator(".player").focus()
    keys = [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", len(trace.steps)), ("Home", 0)]
    for key, expected in keys:
        opened.keyboard.press(key)
        assert place(opened) == expected
    opened.keyboard.press("Space")
    opened.wait_for_function("document.querySelector('.graphmagic-trace').dataset.step > 1")
    opened.keyboard.press("Space")
    assert opened.get_by_role("button", name="Play", exact=True).count() == 1


@browser
def test_what_is_said_aloud(opened, trace):
    opened.get_by_role("button", name="Go to the end").click()

    last = trace.steps[-1].name
    status = opened.get_by_role("status").inner_text()
    assert status.startswith(f"Step {len(trace.steps)} of {len(trace.steps)}: ")
    assert last in status
    assert opened.get_by_role("slider", name="Step of the run").get_attribute("aria-valuetext") == status
    names = opened.evaluate(
        "[...document.querySelector('.graphmagic-trace').shadowRoot.querySelectorAll('button, select, input')]"
        ".filter((e) => !(e.getAttribute('aria-label') || e.textContent)).length"
    )
    assert names == 0


@browser
def test_iterations_of_a_loop(opened, trace):
    number = next(i for i, step in enumerate(trace.steps) if step.iterations == (2,)) + 1
    opened.locator("input[type=range]").fill(str(number))

    assert "iteration 2" in opened.locator(".detail").inner_text()


@browser
def test_the_lit_node_stays_in_view_however_fast_the_steps_are(opened, trace):
    opened.locator(".stage").evaluate("(stage) => { stage.style.maxHeight = '120px'; }")
    go_to(opened, trace, "loss")  # far down
    go_to(opened, trace, "x")  # and back to the top, while that scroll is on its way
    opened.wait_for_timeout(1200)

    shown = opened.locator("[data-node][data-state=now]").evaluate(
        "(node) => { const [a, b] = [node, node.getRootNode().querySelector('.stage')]"
        ".map((e) => e.getBoundingClientRect()); return a.top >= b.top - 1 && a.bottom <= b.bottom + 1; }"
    )
    assert shown


@browser
def test_the_table_is_a_profile(opened, trace):
    opened.locator("summary").click()
    opened.get_by_role("button", name="time").click()
    numbers = [int(text) for text in opened.locator("tbody tr td:first-child").all_inner_texts()]

    seconds = [round(trace.steps[number - 1].seconds * 1e6, 2) for number in numbers]
    assert seconds == sorted(seconds, reverse=True)
    opened.locator("table.steps tbody tr").first.click()
    assert place(opened) == numbers[0]


@browser
def test_a_click_on_a_node_goes_to_its_step(opened, trace):
    opened.locator("[data-node]", has_text=re.compile(r"^\s*y: ")).first.click()

    assert trace.steps[place(opened) - 1].name == "y"


@browser
def test_two_players_do_not_clash(trace, tmp_path, offline_page):
    path = tmp_path / "two.html"
    path.write_text(trace.html() + trace.html(direction="LR"), encoding="utf-8")
    page = offline_page.page
    page.goto(path.as_uri())

    page.locator(".player").nth(1).focus()
    page.keyboard.press("ArrowRight")

    assert (place(page, 0), place(page, 1)) == (0, 1)


@browser
def test_less_motion_is_respected(chromium, trace, tmp_path):
    path = trace.save(tmp_path / "run.html")
    context = chromium.new_context(offline=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(path.as_uri())
    go_to(page, trace, "y")

    edge = page.locator("[data-tail][data-state=now] path").first
    assert edge.evaluate("(path) => getComputedStyle(path).animationName") == "none"
    context.close()


@browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_themes(chromium, trace, tmp_path, scheme):
    path = trace.save(tmp_path / "run.html")
    context = chromium.new_context(offline=True, color_scheme=scheme)
    page = context.new_page()
    page.goto(path.as_uri())

    assert (page.locator(".graphmagic-trace[data-dark]").count() == 1) == (scheme == "dark")
    context.close()


@browser
def test_without_scripts_there_are_a_picture_and_a_table(chromium, trace, tmp_path):
    path = trace.save(tmp_path / "run.html")
    context = chromium.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())

    box = page.locator("img").bounding_box()
    assert box["width"] > 100
    assert box["height"] > 100
    assert page.locator("tbody tr").count() == len(trace.steps)
    assert page.locator("script:visible").count() == 0
    page.screenshot(path=str(tmp_path / "still.png"))
    context.close()


@pytest.fixture
def film(trace):
    data = {"text/plain": repr(trace), "text/html": trace.html()}
    output = nbformat.new_output("execute_result", data, execution_count=1)
    code = nbformat.new_code_cell("%trace loss", outputs=[output], execution_count=1)
    words = [nbformat.new_markdown_cell(text) for text in ("# One", "# Two", "# Three")]
    return nbformat.new_notebook(cells=[words[0], words[1], code, words[2]])


@browser
def test_in_an_exported_notebook(chromium, film, tmp_path):
    exporters = pytest.importorskip("nbconvert")
    path = tmp_path / "film.html"
    path.write_text(exporters.HTMLExporter().from_notebook_node(film)[0], encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(path.as_uri(), wait_until="domcontentloaded")
    page.locator(".player").focus()
    page.keyboard.press("ArrowRight")

    assert (place(page), lit(page)) == (1, ["x"])
    context.close()


@browser
def test_in_a_deck_arrow_keys_belong_to_the_player_that_has_the_focus(film, export_deck, offline_page):
    path = export_deck(film)
    offline_page.open(path)
    page = offline_page.page
    page.evaluate("Reveal.slide(1)")
    page.locator(".player").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)

    assert page.evaluate("Reveal.getIndices().h") == 1
    assert (place(page), lit(page)) == (2, ["w"])
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("Reveal.getIndices().h") == 2


@browser
def test_a_deck_has_room_for_it(film, export_deck, walk_slides):
    assert len(walk_slides(export_deck(film))) == 3


# ----- names and values are never markup -----


class Outline(HTMLParser):
    """The elements of a page, with the names of their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[object] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, [name for name, _ in attrs]))

    def handle_endtag(self, tag):
        self.elements.append(tag)

    def handle_comment(self, data):
        self.elements.append(("comment", data))


def outline_of(text):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.string, [2], name="x")
        return Outline(sess.trace(tf.identity(x, name="y"), {x: [text, "a"]}).html()).elements


hostile = st.text(alphabet=st.sampled_from("<>&'\"/!-\\]\u2028\u202e\n abscriptldaCDATA[;=#x"), max_size=40)


@given(hostile)
def test_no_value_becomes_markup(text):
    assert outline_of(text) == outline_of("harmless")


@pytest.mark.parametrize(
    "text",
    ["</script><script>alert(1)</script>", "<!--<script>", "<img src=x onerror=alert(1)>", "]]>", "\x00"],
)
def test_the_worst_values(text):
    assert outline_of(text) == outline_of("harmless")


@browser
def test_a_hostile_value_shows_as_text(tmp_path, offline_page):
    text = "<img src=x onerror=document.title='hacked'></script>"
    x = tf.placeholder(tf.string, [], name="x")
    with tf.Session() as sess:
        path = sess.trace(tf.identity(x, name="y"), {x: text}).save(tmp_path / "run.html")
    page = offline_page.page
    page.goto(path.as_uri())
    page.locator(".player").focus()
    page.keyboard.press("ArrowRight")

    assert "<img" in page.locator(".value .big").inner_text()
    assert page.title().startswith("Trace of y")
