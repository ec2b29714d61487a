"""``%tensorflow_version``: notebooks of TensorFlow 1 run with graphmagic."""

# IPython's decorators for magics have no types.
# mypy: disable-error-code="untyped-decorator,no-untyped-call,arg-type,misc"

from __future__ import annotations

from typing import Any

from IPython.core.magic import Magics, line_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments

from graphmagic.notebook.arguments import parse
from graphmagic.notebook.errors import MagicError

__all__ = ["LegacyMagics"]


@magics_class
class LegacyMagics(Magics):
    """Run published notebooks unmodified."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._installed = False

    @magic_arguments()
    @argument("version", help="1.x, or a version of TensorFlow that begins with 1.")
    @argument(
        "--digits", action="store_true", help="Let scikit-learn's digits stand in for missing MNIST files."
    )
    @line_magic
    def tensorflow_version(self, line: str) -> None:
        """Make `import tensorflow` give graphmagic in this notebook, until %unload_ext graphmagic.

        Example::

            %tensorflow_version 1.x
        """
        args = parse(LegacyMagics.tensorflow_version, "%tensorflow_version", line)
        if args.version.partition(".")[0] != "1":
            raise MagicError(
                f"graphmagic is TensorFlow 1, not {args.version}: %tensorflow_version 1.x. "
                "For TensorFlow 2 use TensorFlow itself."
            )
        from graphmagic import legacy  # it loads most of graphmagic, and few notebooks ask for it

        self._installed = self._installed or not legacy.is_installed()
        legacy.install(digits=args.digits)

    def take_back(self) -> None:
        """Undo what the magic did."""
        if self._installed:
            from graphmagic import legacy

            legacy.uninstall()
