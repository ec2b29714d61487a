"""The panel: what a session holds, live, and always the final state."""

from __future__ import annotations

import threading
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import graphmagic as tf
from graphmagic.notebook.clock import Clock
from graphmagic.notebook.panel import MOST_ROWS, Panel
from graphmagic.notebook.panel_table import Line, Loop, PanelTable
from graphmagic.notebook.tables import Table
from graphmagic.notebook.values import number, sparkline, summarize, trend


@pytest.fixture
def training():
    """A session on a graph with a scalar, a vector and an array that is left alone."""
    graph = tf.Graph()
    with graph.as_default():
        n = tf.Variable(0.0, name="n")
        vector = tf.Variable(np.zeros(2, np.float32), name="vector")
        tf.Variable(np.ones((3, 4), np.float32), name="large")
        step = tf.group(tf.assign_add(n, 1.0), tf.assign_add(vector, [1.0, 2.0]), name="step")
        tf.square(n, name="loss")
        init = tf.global_variables_initializer()
    with tf.Session(graph=graph) as session:
        yield SimpleNamespace(session=session, graph=graph, step=step, init=init)


def a_panel(session, **options):
    shown = []
    panel = Panel(session, "Session s · graph g", shown.append, **options)
    return panel, shown


def column(table, heading):
    index = table.columns.index(heading)
    return {row[0]: row[index] for row in table.rows}


def test_uninitialized_variables_say_so(training):
    panel, shown = a_panel(training.session)
    panel.start()

    assert column(shown[-1], "value") == dict.fromkeys(["n", "vector", "large"], "uninitialized")
    assert column(shown[-1], "shape") == {"n": "()", "vector": "(2,)", "large": "(3, 4)"}
    assert column(shown[-1], "dtype") == dict.fromkeys(["n", "vector", "large"], "float32")


def test_the_final_state_says_what_changed_in_words(training):
    training.session.run(training.init)
    panel, shown = a_panel(training.session, refresh_seconds=1000)
    panel.start()
    for _ in range(3):
        training.session.run(training.step)
    panel.finish()

    assert column(shown[-1], "value") == {"n": "3", "vector": "[3, 6]", "large": "min 1, mean 1, max 1"}
    assert column(shown[-1], "this cell") == {
        "n": "●\N{NO-BREAK SPACE}changed",
        "vector": "●\N{NO-BREAK SPACE}changed",
        "large": "",
    }
    assert column(shown[-1], "trend")["n"] == "▁▃▆█ 0 → 3"
    assert shown[-1].caption == "Session s · graph g · 4 runs, 3 in this cell"


def test_initialization_in_the_cell_is_said(training):
    panel, shown = a_panel(training.session)
    panel.start()
    training.session.run(training.init)
    panel.finish()

    assert set(column(shown[-1], "this cell").values()) == {"●\N{NO-BREAK SPACE}initialized"}


def test_a_variable_that_was_initialized_and_then_changed_says_both(training):
    panel, shown = a_panel(training.session)
    panel.start()
    training.session.run(training.init)
    training.session.run(training.step)
    panel.finish()

    assert column(shown[-1], "this cell") == {
        "n": "●\N{NO-BREAK SPACE}initialized, changed",
        "vector": "●\N{NO-BREAK SPACE}initialized, changed",
        "large": "●\N{NO-BREAK SPACE}initialized",
    }


def test_without_a_changing_scalar_there_is_no_column_of_trends(training):
    training.session.run(training.init)
    panel, shown = a_panel(training.session)
    panel.start()
    panel.finish()

    assert shown[-1].columns == ("variable", "dtype", "shape", "value", "this cell")


def test_refreshes_are_throttled_but_the_last_state_is_not(training):
    training.session.run(training.init)
    panel, shown = a_panel(training.session, refresh_seconds=1000)
    panel.start()
    for _ in range(50):
        training.session.run(training.step)
    assert len(shown) == 1
    panel.finish()

    assert column(shown[-1], "value")["n"] == "50"


def test_it_follows_every_run_where_time_allows(training):
    training.session.run(training.init)
    panel, shown = a_panel(training.session, refresh_seconds=0)
    panel.start()
    panel.session.alarm.time = 0.0
    training.session.run(training.step)

    assert column(shown[-1], "value")["n"] == "1"
    assert shown[-1].caption.endswith("running")


def test_it_stops_following_at_the_end(training):
    training.session.run(training.init)
    panel, shown = a_panel(training.session, refresh_seconds=0)
    panel.start()
    panel.finish()
    count = len(shown)
    training.session.run(training.step)

    assert len(shown) == count
    assert training.session.listeners == []
    assert training.session.alarm is None


def test_watched_tensors_show_what_a_run_computed_anyway(training):
    training.session.run(training.init)
    loss = training.graph.get_tensor_by_name("loss:0")
    training.session.watch([loss])
    panel, shown = a_panel(training.session, watched=(loss,))
    panel.start()
    assert column(shown[-1], "value")["loss:0"] == "not computed yet"
    training.session.run(training.step)
    training.session.run(loss)
    panel.finish()

    assert column(shown[-1], "value")["loss:0"] == "1"


def test_a_trend_begins_with_the_first_value_however_many_runs_there_are(training):
    panel, shown = a_panel(training.session)
    panel.start()
    training.session.run(training.init)
    for _ in range(1000):
        training.session.run(training.step)
    panel.finish()

    assert column(shown[-1], "trend")["n"].endswith(" 0 → 1000")


def test_arrays_have_the_trend_of_their_norm_and_a_histogram(training):
    with training.graph.as_default():
        large = training.graph.get_tensor_by_name("large:0")
        grow = tf.assign(large, tf.constant(np.arange(12, dtype=np.float32).reshape(3, 4)))
    training.session.run(training.init)
    panel, shown = a_panel(training.session, refresh_seconds=1000)
    panel.start()
    training.session.run(training.step)
    training.session.run(grow)
    panel.finish()

    assert column(shown[-1], "trend")["vector"] == "▁██ norm 0 → 2.236"
    assert column(shown[-1], "trend")["large"].endswith("█ norm 3.464 → 22.49")
    assert column(shown[-1], "value")["large"] == "min 0, mean 5.5, max 11"
    assert column(shown[-1], "histogram") == {"n": "", "vector": "", "large": "█▄█▄▄█▄█"}


def test_the_memory_that_variables_hold_is_told_from_a_kilobyte_on():
    graph = tf.Graph()
    with graph.as_default():
        v = tf.Variable(np.zeros(1000, np.float32), name="v")
    with tf.Session(graph=graph) as session:
        panel, shown = a_panel(session)
        panel.start()
        session.run(v.initializer)
        panel.finish()

    assert "in variables" not in shown[0].caption
    assert shown[-1].caption == "Session s · graph g · 1 run, 1 in this cell · 4 kB in variables"


def test_the_time_per_run_is_told_while_the_cell_runs_only(training):
    panel, shown = a_panel(training.session, refresh_seconds=0)
    panel.start()
    panel.session.alarm.time = 0.0
    training.session.run(training.init)
    panel.finish()

    assert shown[1].caption.endswith("s per run · running")
    assert "per run" not in shown[-1].caption


def test_loops_are_followed_to_their_end(training):
    training.session.run(training.init)
    panel, shown = a_panel(training.session, refresh_seconds=0)
    panel.start()
    for _ in training.session.steps(3, name="epoch"):
        for _ in training.session.steps(iter("ab"), name="batch"):
            panel.session.alarm.time = 0.0
            training.session.run(training.step)
    running = [[loop.text for loop in table.loops] for table in shown]
    panel.finish()

    assert running[0] == []
    assert running[1] == ["epoch 1 of 3", "batch 1"]
    assert running[-1][0].startswith("epoch 3 of 3 · about ")
    assert running[-1][1] == "batch 2"
    assert [loop.text for loop in shown[-1].loops] == ["epoch 3 of 3", "batch 2"]
    assert parsed(shown[-2]).tags.count("progress") == 1
    assert parsed(shown[-1]).tags.count("progress") == 0


def test_a_loop_that_was_left_early_says_where(training):
    panel, shown = a_panel(training.session)
    panel.start()
    for step in training.session.steps(10):
        training.session.run(training.init)
        if step == 3:
            break
    panel.finish()

    assert [loop.text for loop in shown[-1].loops] == ["step 4 of 10: stopped there"]


def test_loops_of_earlier_cells_are_not_told_again(training):
    list(training.session.steps(3))
    panel, shown = a_panel(training.session)
    panel.start()
    panel.finish()

    assert shown[-1].loops == ()


def test_a_clock_tells_of_every_run_of_every_thread(training):
    panel, shown = a_panel(training.session, clock=Clock())
    panel.start()
    training.session.run(training.init)
    threads = [
        threading.Thread(target=lambda: [training.session.run(training.step) for _ in range(25)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    panel.finish()

    assert shown[0].notes == ()
    assert shown[-1].notes[-1].startswith("Time: 101 runs took ")


def test_a_session_closed_in_the_cell_is_said(training):
    panel, shown = a_panel(training.session)
    panel.start()
    training.session.close()
    panel.finish()

    assert "closed" in shown[-1].notes[0]
    assert shown[-1].rows == ()


def test_of_many_variables_one_with_nan_is_not_folded_away():
    graph = tf.Graph()
    with graph.as_default():
        for index in range(MOST_ROWS + 10):
            tf.Variable(0.0, name=f"v{index}")
        tf.Variable([1.0, float("nan")], name="broken")
        init = tf.global_variables_initializer()
    with tf.Session(graph=graph) as session:
        session.run(init)
        panel, shown = a_panel(session)
        panel.start()
        panel.finish()

    assert shown[-1].rows[0][0] == "broken"
    assert "NaN" in shown[-1].rows[0][3]


def test_many_variables_are_folded_and_changed_ones_come_first():
    graph = tf.Graph()
    with graph.as_default():
        for index in range(MOST_ROWS + 10):
            tf.Variable(0.0, name=f"v{index}")
        last = tf.assign(graph.get_operation_by_name(f"v{MOST_ROWS + 9}").outputs[0], 3.0)
    with tf.Session(graph=graph) as session:
        panel, shown = a_panel(session)
        panel.start()
        session.run(last)
        panel.finish()

    assert shown[-1].rows[0][0] == f"v{MOST_ROWS + 9}"
    assert len(shown[-1].rows) == MOST_ROWS
    assert shown[-1].fold == "… and 10 more variables, 0 of them changed."
    assert shown[-1].fold in repr(shown[-1])
    assert [line.name for line in shown[-1].folded] == [f"v{n}" for n in range(MOST_ROWS - 1, MOST_ROWS + 9)]
    assert parsed(shown[-1]).tags.count("details") == 1
    assert shown[0].folded == ()


def test_the_text_is_the_same_whatever_the_clock_does(training):
    texts = []
    for seconds in (0.0, 1000.0):
        with tf.Session(graph=training.graph) as session:
            panel, shown = a_panel(session, refresh_seconds=seconds)
            panel.start()
            session.run(training.init)
            for _ in range(500):
                session.run(training.step)
            panel.finish()
            texts.append(repr(shown[-1]))

    assert texts[0] == texts[1]


TAGS = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p"}
ATTRIBUTES = {"style", "scope", "class", "role", "tabindex", "aria-label"}


class Elements(HTMLParser):
    """Collects the elements and attributes that a browser would see."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_comment(self, data):
        self.tags.append("comment")

    def handle_data(self, data):
        self.text.append(data)


def parsed(table):
    elements = Elements()
    elements.feed(table._repr_html_())
    elements.close()
    return elements


def test_the_html_is_a_table_for_screen_readers_without_style_sheet_or_script(training):
    panel, shown = a_panel(training.session)
    panel.start()
    elements = parsed(shown[-1])

    assert {"table", "caption", "thead", "th", "td"} <= set(elements.tags)
    assert not {"style", "script", "svg"} & set(elements.tags)
    assert elements.attributes == ATTRIBUTES


MARKUP = st.one_of(
    st.sampled_from(["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</table>", "&lt;b&gt;"]),
    st.text(alphabet="<>&\"'/=\\- \nab;#x0", max_size=30),
    st.text(max_size=20),
)


@given(caption=MARKUP, note=MARKUP, cells=st.lists(st.tuples(MARKUP, MARKUP), max_size=4))
def test_nothing_in_a_table_becomes_markup(caption, note, cells):
    elements = parsed(Table(caption, ("name", "value"), tuple(cells), (note,)))

    assert set(elements.tags) <= TAGS
    assert elements.attributes <= ATTRIBUTES
    assert elements.tags.count("td") == len(cells)


LINES = st.builds(Line, *[MARKUP] * 8)


@given(
    lines=st.lists(LINES, min_size=1, max_size=3),
    folded=st.lists(LINES, max_size=3),
    texts=st.tuples(MARKUP, MARKUP, MARKUP, MARKUP),
)
def test_nothing_in_a_panel_becomes_markup(lines, folded, texts):
    caption, fold, loop, note = texts
    table = PanelTable(caption, tuple(lines), tuple(folded), fold, (Loop(loop, 1, 2),), (note,))
    elements = parsed(table)

    assert set(elements.tags) <= TAGS | {"br", "wbr", "span", "progress", "details", "summary"}
    assert elements.attributes <= ATTRIBUTES | {"value", "max"}
    assert elements.tags.count("tr") == 1 + len(lines) + (1 + len(folded) if folded else 0)
    text = "".join(elements.text)
    assert all(said in text for line in lines for said in (line.name, line.value, line.change))


@given(value=st.one_of(MARKUP, st.binary(max_size=40)))
def test_string_values_never_become_markup(value):
    graph = tf.Graph()
    with graph.as_default():
        variable = tf.Variable([value] * 2, name="v", dtype=tf.string)
    with tf.Session(graph=graph) as session:
        session.run(variable.initializer)
        panel, shown = a_panel(session)
        panel.start()
    elements = parsed(shown[-1])

    assert elements.tags.count("td") == 3
    assert elements.attributes <= ATTRIBUTES


NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(NUMBERS, max_size=200))
def test_a_sparkline_takes_any_numbers(series):
    line = sparkline(series)

    assert len(line) <= 10
    assert set(line) <= set("▁▂▃▄▅▆▇█ ")


@given(st.lists(NUMBERS, min_size=2, max_size=70, unique=True))
def test_a_trend_ends_in_its_first_and_last_number(series):
    assume(not np.isnan(series).all())

    assert trend(series)[1] == f"{number(series[0])} → {number(series[-1])}"


@given(st.lists(st.floats(width=32), max_size=30))
def test_a_summary_is_one_short_line(numbers):
    text = summarize(np.array(numbers, np.float32))

    assert "\n" not in text
    assert 0 < len(text) < 120


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float32(0.5), "0.5"),
        (np.int64(123456789), "123456789"),
        (np.bool_(True), "True"),
        (np.array([np.nan, np.inf, -np.inf]), "[NaN, Inf, -Inf]"),
        (np.full(9, np.nan), "9 NaN"),
        (np.array([np.inf] * 3 + [1.0] * 5), "min 1, mean 1, max 1, 3 Inf"),
        (np.zeros((0, 3)), "no elements"),
        (np.array([True, False] * 4), "4 of 8 True"),
        (np.array([b"a"] * 9, dtype=object), "b'a', b'a', … (9 values)"),
    ],
)
def test_values_in_few_characters(value, text):
    assert summarize(value) == text
