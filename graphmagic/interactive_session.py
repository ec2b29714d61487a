"""A session for interactive use."""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from typing import Any

from graphmagic.graph.graph import Graph
from graphmagic.session import Session

__all__ = ["InteractiveSession"]


class InteractiveSession(Session):
    """A session that is the default from its creation on, for interactive use.

    Args:
        target: for TensorFlow servers; must be empty.
        graph: the graph; the default graph if None.
        config: accepted for old programs.

    >>> import graphmagic as tf
    >>> sess = tf.InteractiveSession()
    >>> tf.constant(3).eval()
    np.int32(3)
    >>> sess.close()
    """

    _active = 0

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        if InteractiveSession._active:
            warnings.warn(
                "An interactive session is already active. This can cause out-of-memory errors in some cases. You must "
                "explicitly call `InteractiveSession.close()` to release resources held by the other session(s).",
                stacklevel=2,
            )
        InteractiveSession._active += 1
        self._default = ExitStack()
        if graph is not None:
            self._default.enter_context(self._graph.as_default())
        self._default.enter_context(self.as_default())

    def close(self) -> None:
        """Let go of all values and stop being the default."""
        try:
            if not self._closed:
                InteractiveSession._active -= 1
                self._default.close()
        finally:
            super().close()
