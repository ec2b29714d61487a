"""Recurrent networks under their old names (``tf.contrib.rnn``)."""

from typing import Any as _Any

from graphmagic.nn import dynamic_rnn, rnn_cell, static_bidirectional_rnn, static_rnn

__all__ = ["dynamic_rnn", "static_bidirectional_rnn", "static_rnn"]


def __getattr__(name: str) -> _Any:
    if not name.startswith("_") and hasattr(rnn_cell, name):
        return getattr(rnn_cell, name)
    raise AttributeError(f"graphmagic has no tf.contrib.rnn.{name}")
