"""A shell to type cells into, one per test."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import graphmagic as tf


class Notebook:
    """A fresh IPython shell that runs cells as users type them, and raises what a cell raises."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        self.shell = InteractiveShell(config=config)

    def run(self, cell: str) -> Any:
        """Run one cell; gives its value."""
        result = self.shell.run_cell(cell, store_history=True)
        result.raise_error()
        return result.result

    def fails(self, cell: str) -> tuple[BaseException, str]:
        """Run one cell that has to fail; gives the error, and what the user sees of it."""
        result = self.shell.run_cell(cell, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        assert error is not None, f"this cell did not fail:\n{cell}"
        return error, "\n".join(error._render_traceback_())

    def __getitem__(self, name: str) -> Any:
        return self.shell.user_ns[name]

    def __contains__(self, name: str) -> bool:
        return name in self.shell.user_ns

    @property
    def magics(self) -> Any:
        """The magics object behind the loaded extension."""
        return self.shell.magics_manager.registry["GraphMagics"]


@pytest.fixture(autouse=True)
def fresh_default_graph() -> Iterator[None]:
    """A global default graph for each test: these tests are about what cells do to it."""
    tf.reset_default_graph()
    yield
    tf.reset_default_graph()


@pytest.fixture
def bare() -> Iterator[Notebook]:
    """A notebook in which nothing has been loaded."""
    notebook = Notebook()
    yield notebook
    notebook.shell.atexit_operations()
    atexit.unregister(notebook.shell.atexit_operations)


@pytest.fixture
def notebook(bare: Notebook) -> Iterator[Notebook]:
    """A notebook with the extension loaded and graphmagic imported as tf."""
    bare.run("%load_ext graphmagic\nimport graphmagic as tf")
    yield bare
    bare.run("%unload_ext graphmagic")
