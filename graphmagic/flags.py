"""Options of programs (TensorFlow's ``tf.app.flags`` and ``tf.flags``).

>>> DEFINE_integer("doctest_steps", 10, "How many steps.")
>>> FLAGS(["train.py", "--doctest_steps=3", "more"])
['train.py', 'more']
>>> FLAGS.doctest_steps
3
"""

from __future__ import annotations

import argparse as _argparse
import sys as _sys
from collections.abc import Callable as _Callable
from collections.abc import Iterator as _Iterator
from collections.abc import Sequence as _Sequence
from typing import Any as _Any

__all__ = [
    "DEFINE_bool",
    "DEFINE_boolean",
    "DEFINE_enum",
    "DEFINE_float",
    "DEFINE_integer",
    "DEFINE_list",
    "DEFINE_string",
    "FLAGS",
    "mark_flag_as_required",
]


class _Flags:
    """The values of all options; the command line is read when the first of them is."""

    def __init__(self) -> None:
        parser = _argparse.ArgumentParser(allow_abbrev=False)
        self.__dict__.update(_parser=parser, _values={}, _given={}, _parsed=False, _required=set())

    def __call__(self, argv: _Sequence[str], known_only: bool = True) -> list[str]:
        """Read a command line, program name first; the result is what is no option."""
        found, rest = self._parser.parse_known_args(list(argv[1:]))
        self._given.update(vars(found))
        self.__dict__["_parsed"] = True
        missing = sorted(name for name in self._required if getattr(self, name) is None)
        if missing:
            self._parser.error(f"these flags are required: {', '.join('--' + name for name in missing)}")
        return [*argv[:1], *rest]

    def __getattr__(self, name: str) -> _Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if not self._parsed:
            self(_sys.argv)
        if name in self._given:
            return self._given[name]
        if name in self._values:
            return self._values[name]
        raise AttributeError(f"Unknown command line flag '{name}'; defined are: {', '.join(self)}")

    def __setattr__(self, name: str, value: _Any) -> None:
        self._given[name] = value
        self._values.setdefault(name, value)

    def __iter__(self) -> _Iterator[str]:
        return iter(sorted(self._values))

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def flag_values_dict(self) -> dict[str, _Any]:
        """All options with their values."""
        return {name: getattr(self, name) for name in self}

    def define(
        self, name: str, default: _Any, help: str | None, read: _Callable[[str], _Any], **more: _Any
    ) -> None:
        """Add an option; defining it again, as a notebook cell that is run twice does, replaces it."""
        old = self._parser._option_string_actions.get(f"--{name}")
        if old is not None:
            self._parser._handle_conflict_resolve(None, [(text, old) for text in old.option_strings])
        text = None if help is None else help.replace("%", "%%")
        spellings = list(dict.fromkeys([f"--{name}", f"-{name}"]))
        self._parser.add_argument(
            *spellings, dest=name, default=_argparse.SUPPRESS, help=text, type=read, **more
        )
        self._values[name] = default
        self._given.pop(name, None)
        self.__dict__["_parsed"] = False


FLAGS = _Flags()


def _truth(text: str) -> bool:
    if text.lower() in ("true", "t", "1", "yes", "y"):
        return True
    if text.lower() in ("false", "f", "0", "no", "n"):
        return False
    raise _argparse.ArgumentTypeError(f"{text!r} is neither true nor false")


def DEFINE_string(name: str, default: str | None, help: str | None = None, **options: _Any) -> None:  # noqa: N802
    """Add an option that is a text."""
    FLAGS.define(name, default, help, str)


def DEFINE_integer(name: str, default: int | None, help: str | None = None, **options: _Any) -> None:  # noqa: N802
    """Add an option that is a whole number."""
    FLAGS.define(name, default, help, int)


def DEFINE_float(name: str, default: float | None, help: str | None = None, **options: _Any) -> None:  # noqa: N802
    """Add an option that is a number."""
    FLAGS.define(name, default if default is None else float(default), help, float)


def DEFINE_boolean(name: str, default: bool | None, help: str | None = None, **options: _Any) -> None:  # noqa: N802
    """Add an option that is true or false: ``--name``, ``--noname``, ``--name=false``."""
    FLAGS.define(name, default, help, _truth, nargs="?", const=True)
    if f"--no{name}" not in FLAGS._parser._option_string_actions:
        FLAGS._parser.add_argument(
            f"--no{name}",
            dest=name,
            action="store_const",
            const=False,
            default=_argparse.SUPPRESS,
            help=_argparse.SUPPRESS,
        )


DEFINE_bool = DEFINE_boolean


def DEFINE_enum(  # noqa: N802
    name: str, default: str | None, enum_values: _Sequence[str], help: str | None = None, **options: _Any
) -> None:
    """Add an option that is one of a few texts."""
    FLAGS.define(name, default, help, str, choices=list(enum_values))


def DEFINE_list(name: str, default: _Any, help: str | None = None, **options: _Any) -> None:  # noqa: N802
    """Add an option that is a list of texts, separated by commas."""
    value = default.split(",") if isinstance(default, str) else default
    FLAGS.define(name, value, help, lambda text: [part.strip() for part in text.split(",")])


def mark_flag_as_required(flag_name: str) -> None:
    """Stop a program that is started without this option."""
    FLAGS._required.add(flag_name)
