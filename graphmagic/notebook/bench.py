"""What the cell magics of one shell work with."""

from __future__ import annotations

from typing import Any

from graphmagic.notebook.cells import Cells
from graphmagic.notebook.names import Names
from graphmagic.notebook.workspace import Workspace

__all__ = ["Bench"]


class Bench:
    """The graphs and sessions of a shell, the names bound for them, and the shell's cells.

    Args:
        shell: an IPython shell.
    """

    def __init__(self, shell: Any) -> None:
        self.workspace = Workspace()
        self.names = Names(shell.user_ns)
        self.cells = Cells(shell)
