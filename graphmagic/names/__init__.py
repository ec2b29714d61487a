"""The public names of TensorFlow, and what is said about those that graphmagic does not have."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from graphmagic.names.reasons import OLD_NAMES, reason_for

__all__ = ["UnsupportedNameError", "namespace", "same_as", "tensorflow_names"]

PACKAGE = "graphmagic"
# Names that were one function in version 1.15 and are not in the version whose names are recorded.
_RENAMED = {
    "debugging.assert_all_finite": ("verify_tensor_all_finite",),
    "debugging.check_numerics": ("check_numerics",),
    "nn.depth_to_space": ("depth_to_space",),
    "nn.space_to_depth": ("space_to_depth",),
}


class UnsupportedNameError(AttributeError):
    """A name that graphmagic does not have; the text says why, and what to use instead.

    It is an `AttributeError`, so `hasattr` is False.

    >>> import graphmagic as tf
    >>> hasattr(tf, "mul")
    False
    >>> tf.mul
    Traceback (most recent call last):
        ...
    graphmagic.names.UnsupportedNameError: graphmagic has no 'tf.mul': TensorFlow 1.0 renamed it. Use tf.multiply.
    """

    def __init__(self, module: str, name: str) -> None:
        super().__init__(name=name, obj=None)  # an obj would make Python add a second "Did you mean"
        self.module = module

    def __str__(self) -> str:
        return _explanation(self.module, str(self.name))

    def __reduce__(self) -> tuple[Any, ...]:
        return UnsupportedNameError, (self.module, self.name)


def namespace(
    module: str, homes: Mapping[str, str] | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The ``__getattr__`` and ``__dir__`` of a namespace.

    What the module does not define, but what TensorFlow has under several names, is found under the others:
    ``tf.random.normal`` is `tf.random_normal`.

    Args:
        module: the name of the module.
        homes: modules of graphmagic, below the package, by names that are loaded from them when first used.

    >>> import graphmagic as tf
    >>> tf.random.normal is tf.random_normal
    True
    """

    homes = homes or {}

    def __getattr__(name: str) -> Any:  # noqa: N807 - it becomes the module's
        if name.startswith("_"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        if name in homes:
            value = getattr(importlib.import_module(f"{PACKAGE}.{homes[name]}"), name)
            setattr(sys.modules[module], name, value)
            return value
        full = _full_name(module, name)
        for other in same_as(full):
            found = _defined(other)
            if found is not None:
                return found
        raise UnsupportedNameError(module, name)

    def __dir__() -> list[str]:  # noqa: N807 - it becomes the module's
        prefix = _full_name(module, "")
        members = {n.removeprefix(prefix) for n in _groups() if n.startswith(prefix)}
        found = {
            n for n in members if "." not in n and any(_defined(o) is not None for o in same_as(prefix + n))
        }
        return sorted(found | homes.keys() | vars(sys.modules[module]).keys())

    return __getattr__, __dir__


def _full_name(module: str, name: str) -> str:
    """A name as TensorFlow's documentation writes it, without ``tf.``."""
    return f"{module}.{name}".removeprefix(f"{PACKAGE}.")


def _defined(full: str) -> Any:
    """What graphmagic defines under a name, without looking at other names for the same."""
    space, _, name = full.rpartition(".")
    from graphmagic.lazy import homes

    if not space:
        package = sys.modules[PACKAGE]
        return getattr(package, name) if name in homes() else vars(package).get(name)
    if space not in homes() and f"{PACKAGE}.{space}" not in sys.modules:
        return None
    return vars(importlib.import_module(f"{PACKAGE}.{space}")).get(name)


def same_as(full: str) -> tuple[str, ...]:
    """The other names of version 1 for what a name stands for.

    >>> same_as("random.normal")
    ('random_normal',)
    """
    return tuple([name for name in _groups().get(full, ()) if name != full])


@cache
def _section(title: str) -> list[str]:
    from importlib import resources  # a third as long to load as all of NumPy, and needed for mistakes only

    text = resources.files(__package__).joinpath("tensorflow.txt").read_text(encoding="utf-8")
    return text.partition(f"[{title}]\n")[2].partition("\n[")[0].splitlines()


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    groups = [tuple(line.split()) for line in _section("the same")]
    return {name: group for group in groups for name in group} | _RENAMED


@cache
def tensorflow_names(version: str = "version 1") -> frozenset[str]:
    """The public names of TensorFlow, without the leading ``tf.``.

    Args:
        version: ``"version 1"``, or ``"version 2 only"`` for those that version 1 does not have.

    >>> "nn.relu" in tensorflow_names(), "random.set_seed" in tensorflow_names("version 2 only")
    (True, True)
    """
    names: set[str] = set()
    space = ""
    for line in _section(version):
        text = line
        if not line.startswith(" "):
            space, _, text = line.partition(":")
        prefix = "" if space == "tf" else f"{space}."
        names.update(prefix + name for name in text.split())
    return frozenset(names)


def _explanation(module: str, name: str) -> str:
    full = _full_name(module, name)
    said = f"graphmagic has no 'tf.{full}'"
    if full.startswith("contrib."):
        from graphmagic.names.contrib import instead_of

        why, instead = instead_of(full.removeprefix("contrib."))
        return f"{said}: {why}. {instead}".rstrip()
    if full in OLD_NAMES:
        return f"{said}: TensorFlow 1.0 renamed it. Use tf.{OLD_NAMES[full]}."
    if full in tensorflow_names("version 2 only"):
        return f"{said}: it is a name of TensorFlow 2, and graphmagic has version 1's."
    if full in tensorflow_names():
        reason = reason_for(full)
        text = f"{said}: it is a name of TensorFlow 1, but {reason.why}."
        return f"{text} {reason.instead}" if reason.instead else text
    from graphmagic.graph.explain import near_names

    near = near_names(name, [n for n in dir(sys.modules[module]) if not n.startswith("_")])
    return f"{said}, nor has TensorFlow 1. {near}".rstrip()
