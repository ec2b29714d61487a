"""Where data sets lie on this machine."""

from __future__ import annotations

from pathlib import Path

__all__ = ["found_file"]


def found_file(path: str, contents: str) -> Path:
    """A file here or in ``~/.keras/datasets``.

    Args:
        path: the name of the file, or its whole path.
        contents: what it must hold, for the message.

    Raises:
        FileNotFoundError: there is no such file; nothing is fetched from the internet.
    """
    places = [Path(path), Path.home() / ".keras" / "datasets" / path]
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise FileNotFoundError(
            f"There is no {path} here nor in ~/.keras/datasets, and graphmagic fetches nothing from the internet. "
            f"Put the file there, with {contents}."
        )
    return found
