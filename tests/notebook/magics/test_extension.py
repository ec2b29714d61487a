"""Loading, configuring, unloading."""

from __future__ import annotations

import pytest

import graphmagic as tf
from graphmagic.graph.site import _resolvers
from graphmagic.notebook import load, unload

MAGICS = {"cell": {"graph", "session"}, "line": {"graph", "graphs", "sessions", "values", "close"}}


def state(notebook):
    """All of a shell that loading changes; IPython loads magics of its own when they are first used."""
    shell = notebook.shell
    ours = (*MAGICS["line"], *MAGICS["cell"], "GraphMagics")
    return (
        {kind: {name for name in shell.magics_manager.magics[kind] if name in ours} for kind in MAGICS},
        list(shell.Completer.custom_matchers),
        [configurable for configurable in shell.configurables if type(configurable).__name__ in ours],
        [name for name in shell.magics_manager.registry if name in ours],
        {name for name in shell.user_ns if not name.startswith("_")},
        list(_resolvers),
    )


def test_loading_prints_nothing(bare, capsys):
    capsys.readouterr()
    bare.run("%load_ext graphmagic")

    assert capsys.readouterr() == ("", "")
    for kind, names in MAGICS.items():
        assert names <= set(bare.shell.magics_manager.magics[kind])


def test_loading_twice_changes_nothing(bare):
    load(bare.shell)
    once = state(bare)
    bare.run("%%graph g\npass")
    graph = bare["g"]
    load(bare.shell)
    bare.run("del g")

    assert state(bare) == once
    assert bare.magics.bench.workspace.graph("g") is graph


def test_unloading_takes_everything_back(bare):
    default = tf.get_default_graph()
    bare.run("import graphmagic as tf")
    before = state(bare)
    bare.run("%load_ext graphmagic")
    bare.run("%%graph\nv = tf.Variable(1.0)")
    bare.run("%%session train\nv.initializer")
    bare.run("%%graph mine\ntf.constant(1)")
    session = bare["train"]
    bare.run("mine = 'rebound by the user'\ndel v")
    bare.run("%unload_ext graphmagic")

    assert session.closed
    assert bare["mine"] == "rebound by the user"
    bare.run("del mine")
    assert state(bare) == before
    assert tf.get_default_graph() is default


def test_unloading_leaves_a_default_graph_that_the_user_set(bare):
    bare.run("%load_ext graphmagic\nimport graphmagic as tf")
    bare.run("%%graph\ntf.constant(1)")
    tf.reset_default_graph()
    mine = tf.get_default_graph()
    bare.run("%unload_ext graphmagic")

    assert tf.get_default_graph() is mine


def test_unloading_restores_a_magic_that_was_there_before(bare):
    def former(line, cell):
        return "former"

    bare.shell.register_magic_function(former, "cell", "graph")
    load(bare.shell)
    unload(bare.shell)

    assert bare.run("%%graph x\ny") == "former"


def test_unloading_twice_is_harmless(bare):
    load(bare.shell)
    unload(bare.shell)
    unload(bare.shell)


def test_reloading_works(notebook):
    notebook.run("%%graph g\ntf.constant(1)")
    notebook.run("%reload_ext graphmagic")

    assert "g" not in notebook
    notebook.run("%%graph g\ntf.constant(1)")


def test_it_is_configured_with_config(notebook, capsys):
    notebook.run("%config GraphMagics.refresh_ms = 500")
    assert notebook.magics.refresh_ms == 500
    capsys.readouterr()
    notebook.run("%config GraphMagics")
    shown = capsys.readouterr().out
    for trait in ("refresh_ms", "direction", "depth", "verbose_errors", "memory_limit_mb"):
        assert f"GraphMagics.{trait}" in shown


def test_a_limit_on_memory_holds_for_every_session(notebook):
    notebook.run("%%graph g\nx = tf.placeholder(tf.float32, [None])\ny = tf.matmul(x[:, None], x[None])")
    notebook.run("%%session before --no-panel\nfirst = y.eval({x: [1.0] * 600})")
    notebook.run("%config GraphMagics.memory_limit_mb = 1")

    for session in ("before", "after"):
        with pytest.raises(
            tf.errors.ResourceExhaustedError, match=r"needs 1\.4 MB at once, and 1\.0 MB"
        ) as caught:
            notebook.run(f"%%session {session} --no-panel\ny.eval({{x: [1.0] * 600}})")
        assert "MatMul:0 of shape (600, 600): 1.4 MB" in caught.value.__notes__[0]
    notebook.run("%config GraphMagics.memory_limit_mb = 0")
    notebook.run("%%session after --no-panel\ntotal = y.eval({x: [1.0] * 600})")
    assert notebook["total"].sum() == 360_000


@pytest.mark.parametrize(
    "magic", ["%%graph", "%%session", "%graph", "%graphs", "%sessions", "%values", "%close"]
)
def test_every_magic_has_help(notebook, capsys, magic):
    notebook.run(f"{magic}?")
    shown = capsys.readouterr().out

    assert f"  {magic} " in shown.replace("\n", " \n")


def test_names_survive_a_reset_of_the_namespace(notebook):
    notebook.run("%%graph g\nv = tf.Variable(1.0, name='v')")
    notebook.run("%%session s\nv.initializer")
    notebook.run("%reset -f")
    notebook.run("import graphmagic as tf")

    assert notebook.run("%%session s\nsess.run('v:0')") == 1.0
