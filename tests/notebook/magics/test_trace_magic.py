"""``%trace``, as users type it."""

import pytest
from IPython.core.completer import provisionalcompleter

from graphmagic.notebook.errors import MagicError
from graphmagic.notebook.trace_line import split_feed

GRAPH = """%%graph linear --no-draw
x = tf.placeholder(tf.float32, [None], name="x")
w = tf.Variable(2.0, name="w")
y = tf.multiply(w, x, name="y")
grow = w.assign_add(1.0, name="grow")
"""
SESSION = "%%session train --no-panel\nsess.run(tf.global_variables_initializer())"


@pytest.fixture
def ready(notebook):
    notebook.run(GRAPH)
    notebook.run(SESSION)
    return notebook


def test_runs_in_the_session_entered_last(ready):
    ready.run("xs = [1, 2, 3]")

    shown = ready.run("%trace y --feed {x: xs}")

    assert shown.trace.result.tolist() == [2.0, 4.0, 6.0]
    assert repr(shown).startswith("Trace of y: ")
    bundle = shown._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/html"].startswith('<div class="graphmagic-trace"')


def test_a_named_session_and_several_fetches(ready):
    ready.run(SESSION.replace("train", "other"))
    ready.run("%trace grow --session train")

    shown = ready.run("%trace w y --feed {'x:0': [1.0]} --session train")

    assert shown.trace.result[0] == 3.0
    assert ready.run("%trace w --session other").trace.result == 2.0
    assert ready.run("%trace w").trace.result == 2.0


def test_it_is_a_run_like_any_other(ready):
    ready.run("%trace grow")

    assert ready["train"].run("w:0") == 3.0
    assert ready["train"].run_count == 3


def test_without_a_session_the_default_one_is_opened(notebook):
    notebook.run("%%graph --no-draw\nc = tf.constant(4.0, name='c')")

    assert notebook.run("%trace c").trace.result == 4.0


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("%trace", "needs the name of what to run"),
        ("%trace lost", "There is no tensor or operation 'lost'"),
        ("%trace y --feed {x: ", "is no Python expression"),
        ("%trace y --feed [1]", "a dictionary is wanted, such as {x: xs}, not list"),
        ("%trace y --sesion train", "Did you mean '--session'"),
        ("%trace y --session nobody", "There is no session 'nobody'"),
        ("%trace y --output run.pdf", "must end in .html"),
    ],
)
def test_what_is_wrong_with_a_line(ready, line, says):
    error, text = ready.fails(line)

    assert isinstance(error, MagicError)
    assert says in text


def test_a_run_that_fails_says_why(ready):
    error, text = ready.fails("a = 1\n%trace y")

    assert "----> 2 get_ipython().run_line_magic('trace', 'y')" in text or "----> 2 %trace y" in text
    assert len(text.splitlines()) < 12
    assert "You must feed a value for placeholder tensor 'x'" in text
    assert "feed_dict={x: value}" in text
    assert type(error).__name__ == "InvalidArgumentError"


def test_several_sessions_and_none_entered_last(ready):
    ready.run(SESSION.replace("train", "other"))
    ready.run("del sess")

    _, text = ready.fails("%trace w")

    assert "Which session?" in text


def test_a_closed_session(ready):
    ready.run("%close train")

    _, text = ready.fails("%trace w --session train")

    assert "Session train is closed" in text


def test_writes_a_page(ready, tmp_path):
    path = tmp_path / "run.html"

    ready.run(f"%trace w --output {path}")

    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_help_and_semicolon(ready):
    assert ready.run("%trace w;") is None


@pytest.mark.parametrize(
    ("line", "rest", "feed"),
    [
        ("loss", "loss", ""),
        ("loss --feed {x: xs}", "loss", "{x: xs}"),
        ('loss --feed {"a --b": [1,  2]} --depth 1', "loss --depth 1", '{"a --b": [1,  2]}'),
        ("loss --feed_dict='{x: 1}'", "loss", "{x: 1}"),
        ("--feed feeds loss", "", "feeds loss"),
        ("a --feed dict(x=1) --session s", "a --session s", "dict(x=1)"),
    ],
)
def test_the_expression_of_feed(line, rest, feed):
    assert split_feed(line) == (rest, feed)


@pytest.mark.parametrize("line", ["%trace gr", "%trace w gr"])
def test_tab_offers_tensors(ready, line):
    with provisionalcompleter():
        found = list(ready.shell.Completer.completions(line, len(line)))

    assert [item.text for item in found] == ["grow/value:0", "grow:0"]


@pytest.mark.kernel
def test_a_run_that_fails_shows_its_film_and_then_the_error(kernel):
    kernel.run(GRAPH)
    kernel.run(SESSION)
    reply = kernel.run("%trace y --session train")
    (film,) = reply.of("display_data")
    (error,) = reply.of("error")

    assert reply.content["status"] == "error"
    assert "✗ You must feed a value" in film["data"]["text/plain"]
    assert film["data"]["text/html"].startswith('<div class="graphmagic-trace"')
    assert error["ename"] == "InvalidArgumentError"


def test_the_error_shows_the_line_as_it_was_typed(ready):
    _, shown = ready.fails("%trace y --session train")

    assert "----> 1 %trace y --session train" in shown
