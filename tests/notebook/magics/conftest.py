"""A shell to type cells into, one per test; and real kernels."""

from __future__ import annotations

import atexit
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
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


@dataclass
class Reply:
    """What a cell gave: the reply, and the messages of its outputs."""

    content: dict[str, Any]
    outputs: list[dict[str, Any]] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message["content"] for message in self.outputs if message["msg_type"] == kind]

    @property
    def value(self) -> str:
        return self.of("execute_result")[0]["data"]["text/plain"]


class Kernel:
    """A kernel and a client to type cells into."""

    def __init__(self) -> None:
        jupyter_client = pytest.importorskip("jupyter_client", reason="jupyter_client is not installed")
        self.manager, self.client = jupyter_client.manager.start_new_kernel(kernel_name="python3")

    def send(self, cell: str) -> str:
        return self.client.execute(cell)

    def receive(self, request: str) -> Reply:
        reply = Reply({})
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
            reply.outputs.append(message)
        while True:
            answer = self.client.get_shell_msg(timeout=60)
            if answer["parent_header"].get("msg_id") == request:
                reply.content = answer["content"]
                return reply

    def run(self, cell: str) -> Reply:
        return self.receive(self.send(cell))

    def wait_for_output(self, text: str) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            message = self.client.get_iopub_msg(timeout=60)
            if message["msg_type"] == "stream" and text in message["content"]["text"]:
                return
        raise AssertionError(f"the cell did not print {text!r}")

    def complete(self, text: str) -> list[str]:
        request = self.client.complete(text, len(text))
        while (reply := self.client.get_shell_msg(timeout=60))["parent_header"].get("msg_id") != request:
            pass
        return list(reply["content"]["matches"])

    def load(self) -> None:
        loaded = self.run("%load_ext graphmagic\nimport graphmagic as tf")
        assert loaded.content["status"] == "ok"
        assert loaded.of("stream") == []

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


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


@pytest.fixture(scope="module")
def running() -> Iterator[Kernel]:
    kernel = Kernel()
    yield kernel
    kernel.stop()


@pytest.fixture
def kernel(running: Kernel) -> Iterator[Kernel]:
    """A real kernel with the extension loaded; the tests of a module share its process."""
    running.load()
    yield running
    running.run("%unload_ext graphmagic")
    running.run("%reset -f")


@pytest.fixture
def own_kernel() -> Iterator[Kernel]:
    """A real kernel for one test alone."""
    kernel = Kernel()
    kernel.load()
    yield kernel
    kernel.stop()
