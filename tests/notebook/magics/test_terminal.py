"""The magics in a terminal: the same, in text."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """\
%load_ext graphmagic
import graphmagic as tf
%%graph blog
foo = tf.Variable(42, name="foo")
init = tf.global_variables_initializer()


%%session s
sess.run(init)
foo


%%session t
sess.run(foo)


%values s
print("the", "end")
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What a terminal IPython printed for SCRIPT."""
    home = str(tmp_path_factory.mktemp("ipython"))
    options = ["--simple-prompt", "--colors=NoColor", "--no-banner", "--no-confirm-exit"]
    command = [sys.executable, "-m", "IPython", *options]
    done = subprocess.run(
        command,
        input=SCRIPT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "IPYTHONDIR": home, "PYTHONIOENCODING": "utf-8"},
    )
    return done.stdout + done.stderr


def test_the_graph_is_told_as_text(said):
    assert "foo" in said
    assert "VariableV2" in said
    assert "<svg" not in said


def test_the_panel_is_printed_once_with_the_final_state(said):
    assert said.count("Session s · graph blog · 2 runs, 2 in this cell") == 1
    assert "●\N{NO-BREAK SPACE}initialized" in said
    assert "running" not in said
    assert "<table" not in said


def test_the_value_is_out(said):
    assert "np.int32(42)" in said


def test_the_error_is_short(said):
    assert "----> 2 sess.run(foo)" in said
    assert "FailedPreconditionError: " in said
    assert "Session t · graph blog" in said
    assert "stopped by FailedPreconditionError" in said
    assert "graphmagic/" not in said


def test_the_session_goes_on(said):
    assert "Values of s · graph blog" in said
    assert "the end" in said
