"""Where operations were created: the line of the user's program, cheap until somebody asks."""

import linecache

import pytest

import graphmagic as tf
from graphmagic.graph import site


def build(source, filename):
    """Run a piece of program that a notebook or a file might hold."""
    code = compile(source, filename, "exec")
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    space = {"tf": tf}
    exec(code, space)
    return space


@pytest.fixture
def filename(tmp_path):
    name = str(tmp_path / "program.py")
    yield name
    site._labels.pop(name, None)
    linecache.cache.pop(name, None)


def test_the_line_of_a_file(filename):
    space = build("a = tf.constant(1.0)\n\nb = a + 2.0  # two\n", filename)

    assert (str(space["a"].op.site), space["a"].op.site.line_text) == ("program.py:1", "a = tf.constant(1.0)")
    assert (str(space["b"].op.site), space["b"].op.site.line_text) == ("program.py:3", "b = a + 2.0  # two")
    assert space["b"].op.traceback == ["program.py:3"]


def test_the_innermost_line_of_the_user(filename):
    space = build("def layer(x):\n    return tf.square(x)\n\ny = layer(1.0)\n", filename)

    assert space["y"].op.site.lineno == 2
    assert space["y"].op.inputs[0].op.site.lineno == 2


def test_every_operation_behind_one_call_has_the_line_of_the_call(filename):
    space = build("v = tf.Variable([1.0])\ng = tf.gradients(v * 2.0, v)\n", filename)
    lines = [op.site.lineno for op in space["v"].graph.get_operations()]

    assert lines == sorted(lines)
    assert set(lines) == {1, 2}


def test_a_label_stands_for_the_file_even_afterwards(filename):
    space = build("\na = tf.constant(1.0)\n", filename)
    assert str(space["a"].op.site) == "program.py:2"

    site.label_source(filename, "cell In[3]")
    assert str(space["a"].op.site) == "cell In[3], line 2"
    assert space["a"].op.site.filename == filename


def test_resolvers_are_asked_until_one_knows(filename):
    space = build("a = tf.constant(1.0)\n", filename)

    def knows(name):
        return "cell In[9]" if name == filename else None

    site.add_resolver(knows)
    site.add_resolver(knows)
    try:
        assert space["a"].op.site.source == "cell In[9]"
    finally:
        site.remove_resolver(knows)
    assert space["a"].op.site.source == "program.py"
    site.remove_resolver(knows)


def test_a_source_that_is_gone(filename):
    space = build("a = tf.constant(1.0)\n", filename)
    del linecache.cache[filename]

    assert space["a"].op.site.line_text == ""
    assert str(space["a"].op.site) == "program.py:1"


def test_code_without_a_file():
    space = {"tf": tf}
    exec("a = tf.constant(1.0)", space)

    assert str(space["a"].op.site) == "<string>:1"
