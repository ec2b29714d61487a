"""Running a script as `python SCRIPT` would, with the alias in place."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

from graphmagic.legacy.alias import installed

__all__ = ["run_script"]


def run_script(path: str | Path, arguments: Sequence[str] = (), digits: bool = False) -> None:
    """Run a program of TensorFlow 1.

    Args:
        path: the script.
        arguments: what it finds in ``sys.argv`` after its own name.
        digits: let scikit-learn's digits stand in for missing MNIST files.

    Raises:
        FileNotFoundError: there is no such script.
        SystemExit: the program ended with it.
    """
    script = Path(path)
    if not script.is_file():
        raise FileNotFoundError(f"there is no script {str(path)!r}")
    former = sys.argv, sys.path[:]
    sys.argv = [str(path), *arguments]
    sys.path.insert(0, str(script.resolve().parent))
    try:
        with installed(digits=digits):
            runpy.run_path(str(path), run_name="__main__")
    finally:
        sys.argv, sys.path[:] = former
