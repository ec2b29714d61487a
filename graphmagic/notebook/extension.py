"""Load the magics into a shell, and take everything back."""

from __future__ import annotations

import warnings
from typing import Any

from traitlets import TraitError

from graphmagic.graph.site import add_resolver, remove_resolver
from graphmagic.notebook.completion import Completion
from graphmagic.notebook.exercise import CheckMagics
from graphmagic.notebook.legacy_magic import LegacyMagics
from graphmagic.notebook.magics import GraphMagics
from graphmagic.notebook.plain_errors import PlainErrors

__all__ = ["load", "unload"]

_KEY = GraphMagics.__name__


def load(shell: Any) -> None:
    """Register the magics in a shell; loading twice changes nothing.

    Args:
        shell: an IPython shell.
    """
    manager = shell.magics_manager
    if _KEY in manager.registry:
        return
    magics, legacy = _configured(shell), LegacyMagics(shell)
    checks = CheckMagics(shell, magics.bench.cells)
    undo = magics.at_unload
    for part in (magics, legacy, checks):
        undo.callback(shell.configurables.remove, part)
        for kind, own in part.magics.items():
            for name in own:
                undo.callback(_put_back, manager.magics[kind], name, manager.magics[kind].get(name))
        shell.register_magics(part)
        undo.callback(manager.registry.pop, type(part).__name__)
    undo.callback(legacy.take_back)
    matcher = Completion(magics.bench.workspace, shell.user_ns, magics.by_typed_name()).matcher()
    shell.Completer.custom_matchers.append(matcher)
    undo.callback(shell.Completer.custom_matchers.remove, matcher)
    plain = PlainErrors(shell, magics.bench.cells, lambda: bool(magics.verbose_errors))
    plain.install()
    undo.callback(plain.take_back)
    add_resolver(magics.bench.cells.label)
    undo.callback(remove_resolver, magics.bench.cells.label)
    undo.callback(magics.bench.names.take_back)
    undo.callback(magics.bench.workspace.take_back)


def unload(shell: Any) -> None:
    """Close every session and take everything back: names, default graph, completions and magics.

    Args:
        shell: the IPython shell that the extension was loaded into.
    """
    magics = shell.magics_manager.registry.get(_KEY)
    if magics is not None:
        magics.at_unload.close()


def _configured(shell: Any) -> GraphMagics:
    try:
        return GraphMagics(shell)
    except TraitError as error:
        # %config leaves a value that it refused in the configuration of the shell.
        del shell.config[_KEY]
        warnings.warn(f"{error} The defaults are used.", stacklevel=2)
        return GraphMagics(shell)


def _put_back(table: dict[str, Any], name: str, former: Any) -> None:
    """Remove a magic, or restore the one that had its name before."""
    if former is None:
        table.pop(name, None)
    else:
        table[name] = former
