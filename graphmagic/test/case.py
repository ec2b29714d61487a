"""A test case with graphs, sessions, and assertions about arrays."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.graph.graph import Graph, get_default_graph
from graphmagic.graph.stack import default_sessions
from graphmagic.ops.random import set_random_seed
from graphmagic.session import Session

__all__ = ["TestCase", "get_temp_dir"]

SEED = 87654321  # TensorFlow's


@cache
def _temp_dir() -> str:
    path = tempfile.mkdtemp(prefix="graphmagic-test-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def get_temp_dir() -> str:
    """A folder for the files of tests, removed when Python ends.

    >>> import os
    >>> os.path.isdir(get_temp_dir())
    True
    """
    return _temp_dir()


class TestCase(unittest.TestCase):
    """A test case with an empty default graph, sessions, and assertions about arrays.

    >>> import graphmagic as tf
    >>> class Sums(TestCase):
    ...     def test_sum(self):
    ...         with self.test_session() as sess:
    ...             self.assertAllClose(sess.run(tf.add(1.0, [1.0, 2.0])), [2.0, 3.0])
    >>> Sums("test_sum").run().wasSuccessful()
    True
    """

    def setUp(self) -> None:
        """Begin with an empty default graph."""
        self.enterContext(Graph().as_default())
        set_random_seed(SEED)

    def get_temp_dir(self) -> str:
        """A folder for the files of the test."""
        return tempfile.mkdtemp(dir=get_temp_dir())

    @contextmanager
    def session(
        self, graph: Any = None, config: Any = None, use_gpu: bool = False, force_gpu: bool = False
    ) -> Iterator[Session]:
        """A session, the default one inside the ``with`` block."""
        graph = get_default_graph() if graph is None else graph
        with graph.as_default(), Session(graph=graph, config=config) as session:
            yield session

    cached_session = session

    def test_session(self, *args: Any, **kwargs: Any) -> Any:
        """A session, as `session` gives it; TensorFlow's first name for it."""
        if self._testMethodName == "test_session":
            self.skipTest("Not a test.")
        return self.session(*args, **kwargs)

    def evaluate(self, tensors: Any) -> Any:
        """The values of tensors in the default session."""
        session: Any = default_sessions.top()
        return session.run(tensors)

    def assertAllClose(  # noqa: N802
        self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: str | None = None
    ) -> None:
        """Fail unless two arrays, or nests of arrays, are nearly equal."""
        if isinstance(a, dict):
            self.assertEqual(set(a), set(b), msg)
            for key in a:
                self.assertAllClose(a[key], b[key], rtol, atol, msg)
        elif isinstance(a, (list, tuple)) and len({np.shape(item) for item in a}) > 1:
            self.assertEqual(len(a), len(b), msg)
            for one, two in zip(a, b, strict=True):
                self.assertAllClose(one, two, rtol, atol, msg)
        else:
            np.testing.assert_allclose(a, b, rtol, atol, err_msg=msg or "")
            self.assertEqual(np.shape(a), np.shape(b), msg)

    def assertAllCloseAccordingToType(  # noqa: N802
        self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, float_rtol: float = 1e-6,
        float_atol: float = 1e-6, half_rtol: float = 1e-3, half_atol: float = 1e-3, msg: str | None = None,
    ) -> None:  # fmt: skip
        """Fail unless two arrays are as nearly equal as their types allow."""
        kinds = {np.asarray(a).dtype, np.asarray(b).dtype}
        if np.dtype(np.float16) in kinds:
            rtol, atol = max(rtol, half_rtol), max(atol, half_atol)
        elif np.dtype(np.float32) in kinds:
            rtol, atol = max(rtol, float_rtol), max(atol, float_atol)
        self.assertAllClose(a, b, rtol, atol, msg)

    def assertAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:  # noqa: N802
        """Fail unless two arrays have the same shape and elements."""
        self.assertEqual(np.shape(a), np.shape(b), msg)
        np.testing.assert_array_equal(a, b, msg or "")

    def assertNear(self, f1: float, f2: float, err: float, msg: str | None = None) -> None:  # noqa: N802
        """Fail unless two numbers differ by `err` at most."""
        self.assertLessEqual(abs(f1 - f2), err, msg)

    def assertArrayNear(self, farray1: Any, farray2: Any, err: float, msg: str | None = None) -> None:  # noqa: N802
        """Fail unless the elements of two arrays differ by `err` at most."""
        self.assertEqual(len(farray1), len(farray2), msg)
        for one, two in zip(farray1, farray2, strict=True):
            self.assertNear(float(one), float(two), err, msg)

    def assertShapeEqual(self, np_array: Any, tf_tensor: Any, msg: str | None = None) -> None:  # noqa: N802
        """Fail unless an array has the static shape of a tensor."""
        self.assertEqual(list(np.shape(np_array)), tf_tensor.get_shape().as_list(), msg)

    @contextmanager
    def assertRaisesOpError(self, expected_err_re_or_predicate: Any) -> Iterator[None]:  # noqa: N802
        """Fail unless the ``with`` block raises an `OpError` whose text matches."""
        with self.assertRaises(errors.OpError) as caught:
            yield
        if callable(expected_err_re_or_predicate):
            self.assertTrue(expected_err_re_or_predicate(caught.exception))
        else:
            self.assertRegex(str(caught.exception), expected_err_re_or_predicate)
