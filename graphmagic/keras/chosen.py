"""How Keras finds a function or an object by its name."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.explain import near_names

__all__ = ["chosen"]


def chosen(kind: str, given: Any, known: dict[str, Any]) -> Any:
    """What a name stands for; anything else is left as it is.

    Raises:
        ValueError: nothing has that name.

    >>> chosen("number", "one", {"one": 1})
    1
    """
    if not isinstance(given, str):
        return given
    if given not in known:
        raise ValueError(f"Unknown {kind}: {given}. {near_names(given, list(known))}".rstrip())
    return known[given]
