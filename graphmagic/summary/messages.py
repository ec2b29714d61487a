"""The messages that summaries and events are: TensorBoard's, of an extra."""

from __future__ import annotations

import importlib
from typing import Any

from graphmagic.graph.messages import INSTALL, MissingExtraError

__all__ = ["message"]


def message(module: str, name: str) -> Any:
    """A message of TensorBoard.

    Raises:
        MissingExtraError: the package that defines it is not installed.
    """
    try:
        return getattr(importlib.import_module(f"tensorboard.compat.proto.{module}_pb2"), name)
    except ImportError:
        raise MissingExtraError(
            f"summaries and event files need the tensorboard package, which defines them. To install it: {INSTALL}"
        ) from None
