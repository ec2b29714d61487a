"""The alias: an importer that answers for `tensorflow` and everything below it, and how to take it back."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from graphmagic.legacy import appearance, old_numpy
from graphmagic.legacy.modules import Namespace, namespace

__all__ = ["install", "installed", "is_installed", "uninstall"]

ROOT = "tensorflow"


class _Importer(MetaPathFinder, Loader):
    """Finds and makes the modules of the alias.

    Attributes:
        former: the modules of that name that were loaded before: those of a real TensorFlow.
    """

    def __init__(self) -> None:
        self.former = {name: module for name, module in sys.modules.items() if _is_below_root(name)}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer for `tensorflow` and its submodules."""
        if not _is_below_root(fullname):
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The namespace of that name.

        Raises:
            ModuleNotFoundError: graphmagic has nothing for it; the text says what to use.
        """
        return namespace(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def _is_below_root(name: str) -> bool:
    return name == ROOT or name.startswith(ROOT + ".")


def _installed_importer() -> _Importer | None:
    return next((finder for finder in sys.meta_path if isinstance(finder, _Importer)), None)


def is_installed() -> bool:
    """Whether `import tensorflow` gives graphmagic at the moment."""
    return _installed_importer() is not None


def install(digits: bool = False) -> None:
    """Make `import tensorflow` and what tutorials import below it resolve to graphmagic; twice changes nothing.

    As long as the alias is there, NumPy lends the names that it has dropped since, such as ``np.float``, and classes
    have the modules that they had in TensorFlow.

    Args:
        digits: let `tensorflow.examples.tutorials.mnist.input_data` use scikit-learn's handwritten digits, upscaled,
            where the files of MNIST are missing.

    >>> from graphmagic import legacy
    >>> legacy.install()
    >>> import tensorflow.compat.v1 as tf
    >>> legacy.uninstall()
    >>> tf.Session().run(tf.constant(3))
    np.int32(3)
    """
    from graphmagic.legacy import input_data

    if digits:
        input_data.settings.digits = True
    if is_installed():
        return
    importer = _Importer()
    for name in importer.former:
        del sys.modules[name]
    sys.meta_path.insert(0, importer)
    old_numpy.lend()
    appearance.put_on()


def uninstall() -> None:
    """Take `install` back: the next `import tensorflow` finds the real one, or none."""
    from graphmagic.legacy import input_data

    importer = _installed_importer()
    input_data.settings.digits = False
    if importer is None:
        return
    sys.meta_path.remove(importer)
    old_numpy.take_back()
    appearance.take_off()
    for name in [name for name, module in sys.modules.items() if _is_below_root(name)]:
        if isinstance(sys.modules[name], Namespace):
            del sys.modules[name]
    sys.modules.update(importer.former)


@contextmanager
def installed(**options: Any) -> Iterator[None]:
    """The alias inside a ``with`` block; takes what `install` takes."""
    was_there = is_installed()
    install(**options)
    try:
        yield
    finally:
        if not was_there:
            uninstall()
