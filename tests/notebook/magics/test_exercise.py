"""%%check: open, solved, and what the hint is."""

from __future__ import annotations

import pytest

from graphmagic.notebook.errors import CellSyntaxError


@pytest.mark.parametrize(
    ("answer", "body", "said"),
    [
        ("", "assert answer == 3", "○ Exercise 1 is open: there is no answer yet."),
        ("answer = ...", "assert answer == 3", "○ Exercise 1 is open: fill in answer."),
        ("answer = 2", "assert answer == 3, 'Count again.'", "○ Exercise 1 is open: Count again."),
        (
            "answer = 2",
            "\nassert answer == 3",
            "○ Exercise 1 is open: this does not hold: assert answer == 3",
        ),
        (
            "answer = 2",
            "assert len(answer) == 3",
            "○ Exercise 1 is open: TypeError: object of type 'int' has no len()",
        ),
        ("answer = 3", "assert answer == 3, 'Count again.'", "✓ Exercise 1: solved."),
    ],
    ids=["missing", "gap", "hint", "no hint", "error", "solved"],
)
def test_check_says_what_is_missing(notebook, answer, body, said):
    notebook.run(answer)

    assert repr(notebook.run(f"%%check Exercise 1\n{body}")) == said


def test_an_assertion_that_fails_in_a_function_is_told_by_the_line_that_called_it(notebook):
    notebook.run("def judge(answer):\n    assert answer == 3")

    assert repr(notebook.run("%%check\njudge(2)")) == "○ The exercise is open: this does not hold: judge(2)"


def test_a_check_that_is_not_python_is_the_authors_mistake(notebook):
    error, _ = notebook.fails("%%check Exercise 1\nassert answer ==")

    assert isinstance(error, CellSyntaxError)


def test_unload_takes_check_back(notebook):
    notebook.run("%unload_ext graphmagic")

    assert "check" not in notebook.shell.magics_manager.magics["cell"]
    notebook.run("%load_ext graphmagic")
