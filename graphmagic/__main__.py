"""``python -m graphmagic SCRIPT ARGS``: run a TensorFlow 1 program unmodified; ``--check`` says if that will work."""

from __future__ import annotations

import argparse
import sys

from graphmagic.legacy.check import check
from graphmagic.legacy.program import run_script

_NOTEBOOK = "this is a notebook: open it in Jupyter, with %load_ext graphmagic and %tensorflow_version 1.x in its first cell"


def main(argv: list[str] | None = None) -> int:
    """Do what the command line says; the result is the exit code."""
    parser = argparse.ArgumentParser(prog="python -m graphmagic", description=__doc__)
    parser.add_argument(
        "--check",
        action="store_true",
        help="do not run the program: list the names of TensorFlow that it uses, and whether graphmagic has them; "
        "notebooks can be checked too; the exit code is 1 if something is missing",
    )
    parser.add_argument(
        "--digits", action="store_true", help="let scikit-learn's digits stand in for missing MNIST files"
    )
    parser.add_argument("script", help="a Python program")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="arguments of the program")
    options = parser.parse_args(argv)
    if options.script.endswith(".ipynb") and not options.check:
        parser.error(_NOTEBOOK)
    try:
        if options.check:
            return _check(parser, options.script)
        run_script(options.script, options.arguments, options.digits)
    except FileNotFoundError as error:
        if error.filename is not None or options.script not in str(error):
            raise
        parser.error(str(error))
    return 0


def _check(parser: argparse.ArgumentParser, script: str) -> int:
    try:
        report = check(script)
    except ValueError as error:
        parser.error(str(error))
    sys.stdout.write(f"{report}\n")
    return 0 if report.is_supported else 1


if __name__ == "__main__":
    sys.exit(main())
