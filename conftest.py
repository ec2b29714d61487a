"""What every test here relies on: a fresh default graph, and nbval that understands live displays."""

import sys
from collections.abc import Iterator

import pytest

import graphmagic as tf

pytest_plugins = ["graphmagic.notebook.testing"]


@pytest.fixture(autouse=True)
def not_interactive(monkeypatch: pytest.MonkeyPatch) -> None:
    """An IPython shell that an earlier test made leaves its prompt behind, on which messages depend."""
    monkeypatch.delattr(sys, "ps1", raising=False)


@pytest.fixture(autouse=True)
def fresh_default_graph() -> Iterator[None]:
    """Give each test and doctest a default graph of its own, so that names start at ``Const`` everywhere."""
    tf.reset_default_graph()
    with tf.Graph().as_default():
        yield
