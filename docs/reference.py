"""Writes the pages of the API reference, one for each namespace, when the site is built; see conf.py."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from coverage import by_namespace, is_supported

import graphmagic

# Namespaces of old spellings: what is in them is documented under its present name.
SKIPPED = {"compat.v1", "compat.v2"}
INTRODUCTION = """\
API reference
=============

``import graphmagic as tf``: the names below are TensorFlow 1's. Every page lists one namespace; a name that is in
several is described where it is first met. What TensorFlow has and graphmagic has not is in :doc:`/coverage`.
"""


def lookup(path: str) -> object:
    """The object behind a dotted name of `tf`."""
    found: object = graphmagic
    for part in path.split("."):
        found = getattr(found, part)
    return found


def entry(path: str, found: object) -> list[str]:
    """The lines that describe one name."""
    if inspect.isclass(found):
        return [
            f".. autoclass:: tf.{path}",
            "   :members:",
            "   :inherited-members: object, Exception, dict",
            "",
        ]
    if inspect.isroutine(found):
        return [f".. autofunction:: tf.{path}", ""]
    return []


def page(space: str, names: list[str], described: dict[int, str]) -> str | None:
    """The page of one namespace, or None if there is nothing to say."""
    title = f"tf.{space}" if space else "tf"
    entries: list[str] = []
    elsewhere: list[str] = []
    values: list[str] = []
    for path in names:
        found = lookup(path)
        if inspect.ismodule(found):
            continue
        if id(found) in described:
            elsewhere.append(f"* ``tf.{path}`` is :py:obj:`tf.{described[id(found)]}`")
            continue
        lines = entry(path, found)
        if lines:
            described[id(found)] = path
            entries += lines
        else:
            values.append(f"* ``tf.{path}``")
    if not entries and not elsewhere and not values:
        return None
    text = [title, "=" * len(title), "", *entries]
    if values:
        text += ["Values", "-" * 6, "", *values, ""]
    if elsewhere:
        text += ["Also here", "-" * 9, "", *elsewhere, ""]
    return "\n".join(text)


def pages() -> Iterator[tuple[str, str]]:
    """The name and the text of each page."""
    described: dict[int, str] = {}
    listed = []
    for space, names in sorted(by_namespace().items(), key=lambda item: (item[0].count("."), item[0])):
        if space in SKIPPED:
            continue
        text = page(space, [name for name in names if is_supported(name)], described)
        if text is not None:
            name = space.replace(".", "_") or "tf"
            listed.append(name)
            yield name, text
    yield (
        "index",
        "\n".join([INTRODUCTION, ".. toctree::", "   :maxdepth: 1", "", *[f"   {n}" for n in listed], ""]),
    )


def write(folder: Path) -> None:
    """Write all pages that have changed."""
    folder.mkdir(exist_ok=True)
    for name, text in pages():
        file = folder / f"{name}.rst"
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
