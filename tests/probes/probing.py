"""Probes: a few lines of TF1 code each, whose observations are compared with those made on TensorFlow.

In the code of a probe ``p(*values)`` notes reprs, ``err(function)`` the error that a function raises, ``exc(function)``
returns it, ``S()`` opens a session; ``tf`` and ``np`` are there.  A file holds several, each below a line ``### title``.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
ANSWERS = FOLDER / "answers.json"
DIFFERING = FOLDER / "differing.json"

_CUTS = (
    r"\n\n?Original stack trace for.*",
    r"\n?Errors may have originated from an input operation.*",
    r"\n\nDefined at.*",
    r"\n\noriginally defined at:.*",
)


def probes() -> dict[str, str]:
    """The code of each probe, by its file and title."""
    found = {}
    for file in sorted(FOLDER.glob("*.txt")):
        for part in re.split(r"^### ", file.read_text(), flags=re.MULTILINE)[1:]:
            title, _, code = part.partition("\n")
            assert f"{file.stem}: {title}" not in found, title
            found[f"{file.stem}: {title}"] = code
    return found


def observe(tf: ModuleType, code: str) -> list[str]:
    """What a probe observes, in a graph of its own."""
    seen: list[str] = []

    def p(*values: Any) -> None:
        seen.extend(re.sub(r"\s+", " ", repr(value)) for value in values)

    def err(function: Callable[[], Any]) -> None:
        try:
            result = function()
        except Exception as error:
            seen.append(f"!{type(error).__name__}: {_text(tf, error)}")
        else:
            seen.append("OK(no error) " + repr(result)[:80])

    def exc(function: Callable[[], Any]) -> Exception | None:
        try:
            function()
        except Exception as error:
            if "Graph execution error" in str(getattr(error, "_message", "")):  # the wrapper of version 2
                error._message = _clean(error._message)  # type: ignore[attr-defined]
            return error
        return None

    def run() -> None:
        names = {"tf": tf, "np": np, "p": p, "err": err, "exc": exc, "S": tf.Session}
        with contextlib.suppress(AssertionError), _quiet(), tf.Graph().as_default():  # some leave blocks open
            try:
                exec(code, names)
            except Exception as error:
                seen.append(f"!!PROBE {type(error).__name__}: {_clean(error)[:300]}")

    thread = threading.Thread(target=run)  # what is open, such as a default session, is a thread's own
    thread.start()
    thread.join()
    return [normal(text) for text in seen]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Numbers as NumPy 1 printed them; messages on the error stream go nowhere."""
    with contextlib.redirect_stderr(io.StringIO()), np.printoptions(linewidth=1000, legacy="1.25"):
        yield


def _text(tf: ModuleType, error: Exception) -> str:
    return _clean(error.message if isinstance(error, tf.errors.OpError) else error)


def _clean(text: Any) -> str:
    text = re.sub(r"^Graph execution error:\n\n", "", str(text))
    text = re.sub(r"^Detected at node .*?\nNode: '[^']*'\n", "", text, flags=re.DOTALL)
    for cut in _CUTS:
        text = re.sub(cut, "", text, flags=re.DOTALL)
    return text.strip()


def normal(text: str) -> str:
    """An observation without what differs from run to run: addresses, folders, classes' homes, numbers of resources."""
    text = re.sub(r"(Originally defined at:).*", r"\1", text, flags=re.DOTALL)
    text = re.sub(r"0x[0-9a-f]+", "0x", text)
    text = re.sub(r"(/[\w.+-]+){2,}", "<path>", text)
    text = re.sub(r"(tensorflow|graphmagic)(\.\w+)+", "<home>", text)
    text = re.sub(r"TensorArray_(\d+_)?\d+:", "TensorArray_N:", text)
    return text.replace("SymbolicTensor", "Tensor").replace("AddV2", "Add")


def read(file: Path) -> Any:
    return json.loads(file.read_text())


def write(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
