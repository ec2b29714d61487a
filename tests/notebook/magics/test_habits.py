"""What people do in notebooks out of habit works in the cells of the magics, in a real kernel."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.kernel

GRAPH = """%%graph blog --no-draw
foo = tf.Variable(42, name="foo")
more = tf.assign_add(foo, 1, name="more")
with tf.name_scope("layer"):
    twice = tf.multiply(foo, 2, name="twice")
init = tf.global_variables_initializer()
"""


def final_panel(reply):
    return reply.of("update_display_data")[-1]["data"]["text/plain"]


def printed(reply):
    return "".join(content["text"] for content in reply.of("stream"))


def ok(reply):
    assert reply.content["status"] == "ok", reply.content.get("evalue")
    return reply


@pytest.mark.parametrize("magic", ["%%graph", "%%session", "%graph", "%values", "%trace", "%close"])
def test_a_question_mark_gives_help_with_an_example(kernel, magic):
    (page,) = ok(kernel.run(f"{magic}?")).content["payload"]

    assert "Example" in page["data"]["text/plain"]
    assert f"{magic} " in page["data"]["text/plain"]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("%%session train --cl", ["--close"]),
        ("%%session t", ["train", "trial"]),
        ("%graph bl", ["blog"]),
        ("%graph blog --collapse la", ["layer", "layer/twice"]),
        ("%%session train --watch lay", ["layer/twice/y:0", "layer/twice:0"]),
        ("blog.get_tensor_by_name('layer/tw", ["layer/twice/y:0", "layer/twice:0"]),
        ('tf.get_default_graph().get_operation_by_name("mo', ["more/value", "more"]),
        ("train.run('more", ["more/value:0", "more:0"]),
    ],
)
def test_tab_completes(kernel, text, offered):
    kernel.run(GRAPH)
    kernel.run("%%session train --no-panel\ninit")
    kernel.run("%%session trial --no-panel\ninit")

    assert kernel.complete(text) == offered


def test_configuration_says_what_is_possible(kernel):
    listed = printed(kernel.run("%config GraphMagics"))
    kernel.run("%config GraphMagics.refresh_ms = 100")

    assert all(name in listed for name in ("refresh_ms", "depth", "direction", "theme", "verbose_errors"))
    assert kernel.run("%config GraphMagics.refresh_ms").value == "100"


def test_a_setting_that_was_refused_does_not_keep_the_magics_from_loading(own_kernel):
    own_kernel.run("%config GraphMagics.theme = 'pink'")
    reply = ok(own_kernel.run("%reload_ext graphmagic"))

    assert "not the str 'pink'. The defaults are used." in printed(reply)
    assert own_kernel.run("%config GraphMagics.theme").value == "'auto'"


def test_the_time_of_runs_is_told_in_words(kernel):
    kernel.run(GRAPH)
    panel = final_panel(kernel.run("%%session s --time\nsess.run(init)\nsess.run(more)"))
    note = kernel.run("%%session s --time --no-panel\nsess.run(more);").of("display_data")

    assert "Time: 2 runs took " in panel
    assert "on average; the slowest was " in panel
    assert note[-1]["data"]["text/plain"].startswith("Time: 1 run took ")


def test_a_semicolon_silences_the_value(kernel):
    kernel.run(GRAPH)
    reply = ok(kernel.run("%%session s\nsess.run(init)\nmore;"))

    assert reply.of("execute_result") == []
    assert kernel.run("%%session s\nfoo").value == "np.int32(43)"


def test_await_shell_lines_and_other_magics_in_a_body(kernel):
    kernel.run(GRAPH)
    reply = ok(
        kernel.run(
            "%%session s\nimport asyncio\nsess.run(init)\nawait asyncio.sleep(0)\n!echo from the shell\n"
            "%timeit -n1 -r1 sess.run(more)\n%values s\nfoo"
        )
    )

    assert "from the shell" in printed(reply)
    assert "per loop" in printed(reply)
    assert reply.value == "np.int32(43)"


def test_autoreload(kernel, tmp_path):
    module = tmp_path / "my_layers.py"
    module.write_text("def scale(tf, x):\n    return tf.multiply(x, 2, name='scaled')\n")
    kernel.run(f"import sys; sys.path.insert(0, {str(tmp_path)!r})")
    kernel.run("%load_ext autoreload\n%autoreload 2\nimport my_layers")
    cell = "%%graph g --no-draw\nx = tf.constant(3)\ny = my_layers.scale(tf, x)"
    ok(kernel.run(cell))
    first = kernel.run("%%session s --no-panel\ny").value
    module.write_text("def scale(tf, x):\n    # ten times\n    return tf.multiply(x, 10, name='scaled')\n")
    ok(kernel.run(cell))

    assert first == "np.int32(6)"
    assert kernel.run("%%session s --no-panel\ny").value == "np.int32(30)"


def test_reset_forgets_variables_and_the_magics_go_on(kernel):
    kernel.run(GRAPH)
    kernel.run("%%session s\ninit")
    ok(kernel.run("%reset -f"))
    ok(kernel.run("import graphmagic as tf"))
    ok(kernel.run(GRAPH))
    reply = ok(kernel.run("%%session s\nsess.run(init)\nfoo"))

    assert reply.value == "np.int32(42)"


def test_loading_again_changes_nothing(kernel):
    kernel.run(GRAPH)
    kernel.run("%%session s\ninit")
    again = ok(kernel.run("%load_ext graphmagic"))
    reloaded = ok(kernel.run("%reload_ext graphmagic"))

    assert "Traceback" not in printed(again) + printed(reloaded)
    assert ok(kernel.run("%graphs")).content["status"] == "ok"


@pytest.mark.parametrize("cell", ["%%graph x\n\n", "%%graph x\n# to do", "%%session s --graph blog\n\n"])
def test_an_empty_body_is_no_mistake(kernel, cell):
    kernel.run(GRAPH)

    ok(kernel.run(cell))


@pytest.mark.parametrize("cell", ["%%graph x", "%%session s"])
def test_a_cell_without_a_body_says_so_in_a_line(kernel, cell):
    reply = kernel.run(cell)

    assert reply.content["ename"] == "UsageError"
    assert "the cell body is empty" in reply.content["evalue"]
    assert reply.of("error") == [] or len(reply.of("error")[0]["traceback"]) <= 2


def test_threads_run_the_session_beside_the_cell(kernel):
    kernel.run(GRAPH)
    reply = ok(
        kernel.run(
            "%%session s\nfrom threading import Thread\nsess.run(init)\n"
            "threads = [Thread(target=lambda: [s.run(more) for _ in range(50)]) for _ in range(4)]\n"
            "for thread in threads: thread.start()\nfor thread in threads: thread.join()\nfoo"
        )
    )

    assert "· 202 runs, 202 in this cell" in final_panel(reply)
    assert f" {reply.value.removeprefix('np.int32(').removesuffix(')')} " in final_panel(reply)


def test_tqdm_stands_beside_the_panel(kernel):
    pytest.importorskip("tqdm", reason="tqdm is not installed")
    kernel.run(GRAPH)
    reply = ok(
        kernel.run(
            "%%session s\nfrom tqdm import tqdm\nsess.run(init)\n"
            "for _ in tqdm(range(20)):\n    sess.run(more)\nfoo"
        )
    )

    assert "20/20" in printed(reply)
    assert reply.value == "np.int32(62)"
    assert len(reply.of("display_data")) == 1


@pytest.mark.parametrize(
    ("body", "ename", "said"),
    [
        ("    sess.run(more)\n    if n == 3: raise ZeroDivisionError", "ZeroDivisionError", "stopped by"),
        ("    sess.run(more)\n    if n == 3: raise KeyboardInterrupt", "KeyboardInterrupt", "interrupted"),
    ],
)
def test_the_panel_ends_in_the_final_state_whatever_ends_the_cell(kernel, body, ename, said):
    kernel.run(GRAPH)
    reply = kernel.run(f"%%session s\nsess.run(init)\nfor n in sess.steps(9):\n{body}")

    assert reply.content["ename"] == ename
    panel = final_panel(reply)
    assert said in panel
    assert " 46 " in panel
    assert "step 4 of 9: stopped there" in panel


def test_two_notebooks_at_once_do_not_know_of_each_other(kernel, own_kernel):
    for one in (kernel, own_kernel):
        ok(one.run(GRAPH))
    ok(kernel.run("%%session s\ninit"))
    ok(own_kernel.run("%%session s\nsess.run(init)\nmore"))

    assert kernel.run("%%session s\nfoo").value == "np.int32(42)"
    assert own_kernel.run("%%session s\nfoo").value == "np.int32(43)"


def test_a_restart_in_the_middle_begins_anew(own_kernel):
    own_kernel.run(GRAPH)
    own_kernel.run("%%session s\ninit")
    own_kernel.manager.restart_kernel(now=True)
    own_kernel.client.wait_for_ready(timeout=60)
    missing = own_kernel.run("%%session s\nfoo")
    own_kernel.load()
    ok(own_kernel.run(GRAPH))

    assert missing.content["status"] == "error" or "not found" in printed(missing)
    assert own_kernel.run("%%session s\nsess.run(init)\nfoo").value == "np.int32(42)"


def test_a_run_without_a_front_end_saves_the_final_panel():
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    sources = ["%load_ext graphmagic\nimport graphmagic as tf", GRAPH, "%%session s\nsess.run(init)\nmore"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    nbclient.NotebookClient(book, timeout=60, kernel_name="python3").execute()
    panel, value = book.cells[-1].outputs

    assert "initialized, changed" in panel.data["text/plain"]
    assert "running" not in panel.data["text/plain"]
    assert value.data["text/plain"] == "np.int32(43)"
