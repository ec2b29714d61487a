"""The tests of this folder build in a graph of their own, and some look at it."""

from collections.abc import Iterator

import pytest

import graphmagic as tf


@pytest.fixture(autouse=True)
def graph() -> Iterator[tf.Graph]:
    with tf.Graph().as_default() as graph:
        yield graph
