"""Help for tests (TensorFlow's ``tf.test``): derivatives against differences, and a `TestCase`."""

from __future__ import annotations

import unittest as _unittest
from typing import Any as _Any
from unittest import mock

from graphmagic.names import namespace as _namespace
from graphmagic.test.case import TestCase, get_temp_dir
from graphmagic.test.differences import compute_gradient, compute_gradient_error

__all__ = [
    "TestCase",
    "assert_equal_graph_def",
    "compute_gradient",
    "compute_gradient_error",
    "get_temp_dir",
    "gpu_device_name",
    "is_built_with_cuda",
    "is_built_with_gpu_support",
    "is_gpu_available",
    "main",
    "mock",
]


def is_gpu_available(cuda_only: bool = False, min_cuda_compute_capability: _Any = None) -> bool:
    """False: graphmagic runs on the processor.

    Args:
        cuda_only: accepted for old programs.
        min_cuda_compute_capability: accepted for old programs.

    >>> is_gpu_available()
    False
    """
    return False


def is_built_with_cuda() -> bool:
    """False: graphmagic runs on the processor; see `is_gpu_available`."""
    return False


def is_built_with_gpu_support() -> bool:
    """False: graphmagic runs on the processor; see `is_gpu_available`."""
    return False


def gpu_device_name() -> str:
    """An empty text: there is no such device; see `is_gpu_available`."""
    return ""


def main(argv: _Any = None) -> None:
    """Run the tests of the calling program, as `unittest.main` does; see `TestCase`."""
    _unittest.main(argv=argv)


def assert_equal_graph_def(actual: _Any, expected: _Any, checkpoint_v2: bool = False) -> None:
    """Check that two graph definitions have the same nodes, in any order.

    Args:
        actual: a `tf.GraphDef`.
        expected: another.
        checkpoint_v2: accepted for old programs.

    Raises:
        AssertionError: they have not.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph:
    ...     x = tf.constant(1.0)
    >>> assert_equal_graph_def(graph.as_graph_def(), graph.as_graph_def())
    """
    found, wanted = ({node.name: node for node in definition.node} for definition in (actual, expected))
    if found.keys() != wanted.keys():
        raise AssertionError(
            f"These nodes are in one definition only: {sorted(found.keys() ^ wanted.keys())}"
        )
    different = [name for name in found if found[name] != wanted[name]]
    if different:
        name = different[0]
        raise AssertionError(f"Node '{name}' differs:\n{found[name]}\nis not\n{wanted[name]}")


__getattr__, __dir__ = _namespace(__name__)
