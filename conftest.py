"""What every test here relies on: a fresh default graph, and nbval that understands live displays."""

from collections.abc import Iterator

import pytest

import graphmagic as tf

pytest_plugins = ["graphmagic.notebook.testing"]


@pytest.fixture(autouse=True)
def fresh_default_graph() -> Iterator[None]:
    """Give each test and doctest a default graph of its own, so that names start at ``Const`` everywhere."""
    tf.reset_default_graph()
    with tf.Graph().as_default():
        yield
