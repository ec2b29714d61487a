"""Graphs and sessions in IPython and Jupyter: the magics, their panel and their completions."""

from __future__ import annotations

from graphmagic.notebook.extension import load, unload

__all__ = ["load", "unload"]
