"""Writes coverage.md, the table of TensorFlow's public names: ``python docs/coverage.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import graphmagic
from graphmagic.names import tensorflow_names
from graphmagic.names.reasons import Reason, reason_for

FILE = Path(__file__).with_name("coverage.md")
# Modules of graphmagic that only happen to have the name of one of TensorFlow's.
OTHER_THINGS = {"config"}

HEAD = """\
# Coverage

The public names of TensorFlow 1, as `tensorflow.compat.v1` has them, and what graphmagic says to each. A name that is
missing raises an `AttributeError` that tells the reason below; `hasattr` is False.

This page is written by `python docs/coverage.py`, and a test says when that is due.
"""


def is_supported(name: str) -> bool:
    """Whether graphmagic has a name of TensorFlow."""
    if name.partition(".")[0] in OTHER_THINGS:
        return False
    member: object = graphmagic
    for part in name.split("."):
        member = getattr(member, part, None)
    return member is not None or name == "newaxis"


def by_namespace() -> dict[str, list[str]]:
    """The names of each namespace, the root first."""
    spaces: dict[str, list[str]] = {}
    for name in sorted(tensorflow_names(), key=lambda n: (n.rpartition(".")[0].lower(), n.lower(), n)):
        spaces.setdefault(name.rpartition(".")[0], []).append(name)
    return spaces


def code(names: list[str]) -> str:
    """Names as they are written in a table or a sentence."""
    return " ".join(f"`{name.rpartition('.')[2]}`" for name in names)


def overview(spaces: dict[str, list[str]]) -> Iterator[str]:
    """The table of all namespaces."""
    yield "| namespace | names | supported | planned | not supported |"
    yield "|---|---:|---:|---:|---:|"
    totals = [0, 0, 0, 0]
    for space, names in spaces.items():
        missing = [name for name in names if not is_supported(name)]
        planned = sum(reason_for(name).planned for name in missing)
        row = [len(names), len(names) - len(missing), planned, len(missing) - planned]
        totals = [a + b for a, b in zip(totals, row, strict=True)]
        yield f"| `{title(space)}` | " + " | ".join(map(str, row)) + " |"
    yield "| all | " + " | ".join(map(str, totals)) + " |"


def title(space: str) -> str:
    """What a namespace is called."""
    return f"tf.{space}" if space else "tf"


def section(space: str, names: list[str]) -> Iterator[str]:
    """One namespace: the supported names, and a table of the others by reason."""
    yield f"## {title(space)}"
    supported = [name for name in names if is_supported(name)]
    if supported:
        yield ""
        yield f"Supported: {code(supported)}"
    reasons: dict[Reason, list[str]] = {}
    for name in names:
        if not is_supported(name):
            reasons.setdefault(reason_for(name), []).append(name)
    if reasons:
        yield ""
        yield "| name | status | why | instead |"
        yield "|---|---|---|---|"
    for reason, missing in reasons.items():
        status = "planned" if reason.planned else "not supported"
        yield f"| {code(missing)} | {status} | {reason.why} | {reason.instead} |"


def render() -> str:
    """The whole page."""
    spaces = by_namespace()
    parts = [HEAD, "\n".join(overview(spaces)), ""]
    for space, names in spaces.items():
        parts += ["\n".join(section(space, names)), ""]
    return "\n".join(parts)


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
