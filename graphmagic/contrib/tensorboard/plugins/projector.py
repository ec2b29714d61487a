"""Which embeddings TensorBoard's projector shows (``tf.contrib.tensorboard.plugins.projector``)."""

from __future__ import annotations

import importlib as _importlib
from pathlib import Path as _Path
from typing import Any as _Any

from graphmagic.graph.messages import INSTALL as _INSTALL
from graphmagic.graph.messages import MissingExtraError as _MissingExtraError

__all__ = ["visualize_embeddings"]


def __getattr__(name: str) -> _Any:
    if name not in ("ProjectorConfig", "EmbeddingInfo", "SpriteMetadata"):
        raise AttributeError(f"graphmagic has no projector.{name}")
    try:
        module = _importlib.import_module("tensorboard.plugins.projector.projector_config_pb2")
    except ImportError:
        raise _MissingExtraError(
            f"the projector's settings need the tensorboard package, which defines them. To install it: {_INSTALL}"
        ) from None
    return getattr(module, name)


def visualize_embeddings(summary_writer: _Any, config: _Any) -> None:
    """Write the projector's settings next to the event files.

    Args:
        summary_writer: a `tf.summary.FileWriter`, or the folder.
        config: a `ProjectorConfig`.
    """
    folder = summary_writer.get_logdir() if hasattr(summary_writer, "get_logdir") else summary_writer
    _Path(folder).mkdir(parents=True, exist_ok=True)
    (_Path(folder) / "projector_config.pbtxt").write_text(str(config), encoding="utf-8")
