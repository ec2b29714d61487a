"""Tab on the lines of our magics, and inside strings that name tensors."""

from __future__ import annotations

import pytest
from IPython.core.completer import provisionalcompleter


@pytest.fixture
def notebook_with_names(notebook):
    notebook.run(
        "%%graph linear --no-draw\n"
        "with tf.name_scope('layer'):\n    w = tf.Variable(1.0, name='w')\n"
        "init = tf.global_variables_initializer()"
    )
    notebook.run("%%graph other --no-draw\nk = tf.constant(1, name='k')")
    notebook.run("%%session train --graph linear --no-panel\ninit")
    notebook.run("%%session test --graph other --no-panel\n1")
    return notebook


def offered(notebook, text):
    """What the cell reads after choosing each completion at the mark ^ (or the end)."""
    cursor = text.index("^") if "^" in text else len(text)
    text = text.replace("^", "")
    with provisionalcompleter():
        found = list(notebook.shell.Completer.completions(text, cursor))
    return [text[: c.start] + c.text + text[c.end :] for c in found]


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("%%session ", ["%%session train", "%%session test"]),
        ("%%session tr", ["%%session train"]),
        ("%%session tr^\nsess.run(1)", ["%%session train\nsess.run(1)"]),
        ("%%graph li", ["%%graph linear"]),
        ("%graph oth", ["%graph other"]),
        ("%%session train --gr", ["%%session train --graph"]),
        ("%graph linear --expand la", ["%graph linear --expand layer"]),
        ("%graph linear --around layer/w/r", ["%graph linear --around layer/w/read:0"]),
        ("%%session train --graph l", ["%%session train --graph linear"]),
        ("%%session train --watch layer/w/r", ["%%session train --watch layer/w/read:0"]),
        ("%%session train --watch init layer/w/r", ["%%session train --watch init layer/w/read:0"]),
        ("%%graph linear --ext", ["%%graph linear --extend"]),
        ("%%graph linear --direction ", ["%%graph linear --direction LR", "%%graph linear --direction TB"]),
        ("%graph linear --session t", ["%graph linear --session train", "%graph linear --session test"]),
        ("%graph linear --fetch in", ["%graph linear --fetch init"]),
        ("%values train te", ["%values train test"]),
        ("%close tr", ["%close train"]),
        ("x = 1\n%close --a", ["x = 1\n%close --all"]),
    ],
)
def test_on_the_lines_of_magics(notebook_with_names, text, choices):
    assert offered(notebook_with_names, text) == choices


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("linear.get_tensor_by_name('layer/w/r", "linear.get_tensor_by_name('layer/w/read:0"),
        ("linear.get_tensor_by_name('layer/w/read:", "linear.get_tensor_by_name('layer/w/read:0"),
        ("linear.get_operation_by_name('layer/w/r", "linear.get_operation_by_name('layer/w/read"),
        ("other.get_tensor_by_name('", "other.get_tensor_by_name('k:0"),
        ('train.run("layer/w/r', 'train.run("layer/w/read:0'),
        ('%%session train\nsess.run(["init", "layer', '%%session train\nsess.run(["init", "layer/w/read:0'),
        ('%%session test\nsess.run("', '%%session test\nsess.run("k:0'),
        ('%%session n --graph linear\nsess.run("in', '%%session n --graph linear\nsess.run("init'),
        ("tf.get_default_graph().get_operation_by_name('", "tf.get_default_graph().get_operation_by_name('k"),
    ],
)
def test_inside_strings(notebook_with_names, text, choice):
    assert choice in offered(notebook_with_names, text)


def test_other_strings_and_lines_are_left_to_ipython(notebook_with_names):
    assert not any("layer" in choice for choice in offered(notebook_with_names, "open('lay"))
    assert not any("layer" in choice for choice in offered(notebook_with_names, "subprocess.run('lay"))
    assert "linear" in offered(notebook_with_names, "linea")
