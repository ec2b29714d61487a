"""The magics in a real Jupyter kernel, spoken to as a front end speaks to it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.kernel

GRAPH = """%%graph blog
foo = tf.Variable(42, name="foo")
more = tf.assign_add(foo, 1, name="more")
init = tf.global_variables_initializer()
"""


def test_a_graph_is_drawn_as_picture_and_text(kernel):
    reply = kernel.run(GRAPH)

    assert reply.content["status"] == "ok"
    data = reply.of("execute_result")[0]["data"]
    assert {"text/plain", "image/svg+xml", "image/png"} <= set(data)
    assert "foo" in data["text/plain"]


def test_the_panel_is_one_display_that_ends_in_the_final_state(kernel):
    kernel.run(GRAPH)
    kernel.run("%config GraphMagics.refresh_ms = 20")
    kernel.run(
        "sent = []\ndef listen(message):\n    sent.append(message['msg_type'])\n    return message\n"
        "get_ipython().display_pub.register_hook(listen)"
    )
    # How soon a panel is refreshed depends on how long it takes to draw, so the cell waits for it.
    reply = kernel.run(
        "%%session s\nsess.run(init)\nwhile 'update_display_data' not in sent:\n    sess.run(more)\n"
        "sess.run(tf.assign(foo, 50))\nfoo"
    )
    kernel.run("get_ipython().display_pub.unregister_hook(listen)")

    first = reply.of("display_data")
    updates = reply.of("update_display_data")
    assert len(first) == 1
    assert len(updates) > 1
    assert {c["transient"]["display_id"] for c in [*first, *updates]} == {first[0]["transient"]["display_id"]}
    assert "uninitialized" in first[0]["data"]["text/plain"]
    final = updates[-1]["data"]
    assert "50" in final["text/plain"]
    assert "running" not in final["text/plain"]
    assert "<table" in final["text/html"]
    assert ">50<" in final["text/html"]
    assert reply.value == "np.int32(50)"


def test_a_panel_is_not_touched_by_later_cells(kernel):
    kernel.run(GRAPH)
    first = kernel.run("%%session s\ninit").of("display_data")[0]["transient"]["display_id"]
    later = kernel.run("%%session s\nmore")
    plain = kernel.run("s.run(more)")

    assert first not in {c["transient"]["display_id"] for c in later.of("update_display_data")}
    assert plain.of("update_display_data") == []


def test_an_error_fails_the_cell_once_and_shortly(kernel):
    kernel.run(GRAPH)
    reply = kernel.run("%%session s\nsess.run(foo)")

    assert reply.content["status"] == "error"
    assert reply.content["ename"] == "FailedPreconditionError"
    assert "uninitialized value foo" in reply.content["evalue"]
    (error,) = reply.of("error")
    shown = "\n".join(error["traceback"])
    assert "----> 2 sess.run(foo)" in shown
    assert "site-packages" not in shown
    assert len(shown.splitlines()) <= 12
    assert "stopped by FailedPreconditionError" in reply.of("update_display_data")[-1]["data"]["text/plain"]


def test_cells_after_an_error_do_not_run(kernel):
    kernel.run(GRAPH)
    requests = [kernel.send("%%session s\nsess.run(foo)"), kernel.send("ran = True")]
    first, second = map(kernel.receive, requests)

    assert first.content["status"] == "error"
    assert second.content["status"] in ("aborted", "error")
    assert kernel.run("'ran' in globals()").value == "False"


@pytest.mark.parametrize("wait", ["sess.run(more)", "await asyncio.sleep(0.01); sess.run(more)"])
def test_an_interrupt_stops_the_cell_and_the_session_stays_usable(kernel, wait):
    kernel.run(GRAPH)
    kernel.run("%%session s\ninit")
    start = "%%session s\nimport asyncio\nimport itertools\nfor n in itertools.count():\n"
    request = kernel.send(f"{start}    {wait}\n    if n == 3: print('started', flush=True)")
    kernel.wait_for_output("started")
    kernel.manager.interrupt_kernel()
    reply = kernel.receive(request)

    assert reply.content["status"] == "error"
    assert reply.content["ename"] == "KeyboardInterrupt"
    final = reply.of("update_display_data")[-1]["data"]["text/plain"]
    assert "interrupted" in final
    value = kernel.run("%%session s --no-panel\nint(sess.run(foo))").value
    assert int(value) > 42
    assert f" {value} " in final


@pytest.mark.parametrize(
    ("cell", "ename", "evalue"),
    [
        ("%%session s --nw\n1", "MagicError", "Did you mean '--new'?"),
        ("%%session s --graph blgo\n1", "MagicError", "Did you mean 'blog'?"),
        ("%%graph g\na = = 1", "CellSyntaxError", "invalid syntax"),
        ("%%graph 1st\n1", "MagicError", "must be a Python identifier"),
        ("%%graph tf\n1", "MagicError", "your own variable tf"),
        ("%%session s\nsess.run(foo, {foo.name: 'x'})", "ValueError", ""),
        ("%%session s\nsess.close()\nsess.run(foo)", "RuntimeError", "closed"),
    ],
)
def test_mistakes_end_in_a_short_error(kernel, cell, ename, evalue):
    kernel.run(GRAPH)
    reply = kernel.run(cell)

    assert reply.content["status"] == "error"
    assert reply.content["ename"] == ename
    assert evalue in reply.content["evalue"]
    (error,) = reply.of("error")
    assert len("\n".join(error["traceback"]).splitlines()) <= 12


def test_names_and_values_arrive_escaped(kernel):
    kernel.run("%%graph g --no-draw\nv = tf.Variable('<script>alert(1)</script>\"\\\\ \\n ü', name='v')")
    final = kernel.run("%%session s\nv.initializer").of("update_display_data")[-1]["data"]["text/html"]

    assert "<script" not in final
    assert "&lt;script&gt;" in final


def test_an_empty_body_and_an_empty_graph(kernel):
    drawn = kernel.run("%%graph nothing\n\n")
    panel = kernel.run("%%session s --graph nothing\n\n")

    assert drawn.content["status"] == "ok"
    assert "no variables" in panel.of("update_display_data")[-1]["data"]["text/plain"]


def test_tab_completes_names(kernel):
    kernel.run(GRAPH)
    kernel.run("%%session train --no-panel\ninit")
    text = "%%session tr"
    request = kernel.client.complete(text, len(text))
    while (reply := kernel.client.get_shell_msg(timeout=60))["parent_header"].get("msg_id") != request:
        pass

    assert reply["content"]["matches"] == ["train"]
    assert (reply["content"]["cursor_start"], reply["content"]["cursor_end"]) == (10, 12)
    assert reply["content"]["metadata"]["_jupyter_types_experimental"][0]["type"] == "session"


def test_captured_output_holds_the_final_panel_only(kernel):
    kernel.run(GRAPH)
    reply = kernel.run("%%capture said\n%%session s\nsess.run(init)\n_ = sess.run(more)")
    assert reply.of("display_data") == []

    kinds = kernel.run("[sorted(output.data) for output in said.outputs]").value
    assert kinds == "[['text/html', 'text/plain']]"


def test_a_trace_is_a_player_and_a_table(kernel):
    kernel.run(
        "%%graph film --no-draw\nx = tf.placeholder(tf.float32, [2], name='x')\ny = tf.square(x, name='y')"
    )
    kernel.run("%%session watched --no-panel\n1")

    reply = kernel.run("xs = [1, 2]\n%trace y --feed {x: xs}")
    [shown] = reply.of("execute_result")
    failed = kernel.run("%trace y")

    assert shown["data"]["text/plain"].startswith("Trace of y: 2 steps")
    assert shown["data"]["text/html"].startswith('<div class="graphmagic-trace"')
    assert failed.content["status"] == "error"
    [error] = failed.of("error")
    assert error["ename"] == "InvalidArgumentError"
    assert len(error["traceback"]) < 12
