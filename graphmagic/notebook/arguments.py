"""Parse the line of a magic; a misspelt option gets a suggestion."""

from __future__ import annotations

from argparse import Namespace
from difflib import get_close_matches
from typing import Any

from IPython.core.error import UsageError
from IPython.utils.process import arg_split  # type: ignore[attr-defined]

from graphmagic.notebook.errors import MagicError, did_you_mean

__all__ = ["options", "parse"]


def parse(magic: Any, name: str, line: str) -> Namespace:
    """The arguments on the line of a magic.

    Args:
        magic: a function decorated with ``magic_arguments``.
        name: what the user typed, such as ``%%graph``.
        line: the rest of the line.

    Raises:
        MagicError: an option is unknown, or a value is missing or wrong.
    """
    try:
        words = [_unquoted(word) for word in arg_split(line)]
        arguments: Namespace = magic.parser.parse_args(words)
    except (UsageError, ValueError) as error:
        raise MagicError(f"{name}: {error}.{_suggestion(magic, line)} See {name}? for help.") from None
    return arguments


def options(magic: Any) -> list[str]:
    """The options of a magic, such as ``--extend``."""
    return [option for action in magic.parser._actions for option in action.option_strings]


def _unquoted(word: str) -> str:
    quoted = len(word) > 1 and word[0] == word[-1] and word[0] in "'\""
    return word[1:-1] if quoted else word


def _suggestion(magic: Any, line: str) -> str:
    known = options(magic)
    strange = [word.partition("=")[0] for word in line.split() if word.startswith("-")]
    near = (get_close_matches(word, known, 1) for word in strange if word not in known)
    return next((did_you_mean(word[0], word) for word in near if word), "")
