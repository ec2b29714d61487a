"""Counts which published outputs of TensorFlow 1 notebooks graphmagic reproduces.

``python tests/programs/published.py FOLDER`` runs every notebook below a folder as it is, in a real kernel, with the
two magics of graphmagic in front, and compares what its cells print with what is stored in the file. The folder
should be a working copy, since programs write where they are. If cells differ, the notebook runs again in the order
that the numbers of its cells tell, since seeds count operations; and once more as it is: an output that differs from
its own second run is not determined by the program.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

sys.path.insert(0, str(Path(__file__).parent))
from outputs import begins_alike, is_alike, text_of

FIRST_CELL = "%load_ext graphmagic\n%tensorflow_version 1.x"
KINDS = {
    "reproduced": "prints what was published",
    "begun": "prints what was published, as far as the time limit let it",
    "varies": "prints something else in each run",
    "differs": "prints the same in each run, and not what was published",
    "failed": "ends with an error",
}


def run(path: Path, cells: list[Any], order: list[int], seconds: float) -> list[tuple[str, str]]:
    """The text and the error of each code cell of a notebook, run in some order in a new kernel."""
    sources = [FIRST_CELL, *[cells[number].source for number in order]]
    fresh = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    client = NotebookClient(
        fresh,
        timeout=seconds,
        kernel_name="python3",
        allow_errors=True,
        interrupt_on_timeout=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    ran = dict(zip(order, fresh.cells[1:], strict=True))
    return [(text_of(ran[number].outputs), _error(ran[number].outputs)) for number in sorted(ran)]


def order_of_counts(cells: list[Any]) -> list[int]:
    """The numbers of cells in the order in which their author ran them; one without a count follows its neighbour."""
    times, last = [], 0
    for cell in cells:
        last = cell.execution_count or last
        times.append(last)
    return sorted(range(len(cells)), key=lambda number: times[number])


def _error(outputs: list[Any]) -> str:
    return next((f"{o.ename}: {o.evalue}" for o in outputs if o.output_type == "error"), "")


def compare(path: Path, seconds: float) -> list[dict[str, Any]]:
    """One row for each cell that has a published text, or ends with an error."""
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    straight = list(range(len(cells)))
    published = [text_of(cell.outputs) for cell in cells]
    mine = run(path, cells, straight, seconds)
    kinds = [_kind(*ours, theirs) for ours, theirs in zip(mine, published, strict=True)]
    order = order_of_counts(cells)
    if order != straight and _is_open(kinds):
        for number, ours in enumerate(run(path, cells, order, seconds)):
            if _kind(*ours, published[number]) in ("reproduced", "begun"):
                mine[number], kinds[number] = ours, _kind(*ours, published[number])
    if "differs" in kinds:
        for number, (text, _) in enumerate(run(path, cells, straight, seconds)):
            if kinds[number] == "differs" and not is_alike(text, mine[number][0]):
                kinds[number] = "varies"
    return [
        {
            "cell": number,
            "kind": kinds[number],
            "source": cells[number].source,
            "theirs": published[number],
            "ours": text,
            "error": error,
        }
        for number, (text, error) in enumerate(mine)
        if published[number].strip() or error
    ]


def _is_open(kinds: list[str]) -> bool:
    return "differs" in kinds or "failed" in kinds


def _kind(ours: str, error: str, theirs: str) -> str:
    if not error and not theirs.strip():
        return "silent"
    if theirs.strip() and is_alike(ours, theirs):
        return "reproduced"
    if error.startswith("KeyboardInterrupt") and begins_alike(ours, theirs):
        return "begun"
    return "failed" if error else "differs"


def notebooks(folder: Path, only: str) -> list[Path]:
    """The notebooks below a folder that use TensorFlow."""
    found = sorted(path for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    return [
        path
        for path in found
        if re.search(only, str(path)) and "tensorflow" in path.read_text(errors="replace")
    ]


def main() -> None:
    """Print one line for each notebook, then the sums."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="a copy of a collection of notebooks")
    parser.add_argument("--only", default="", metavar="REGEX", help="only notebooks whose path matches")
    parser.add_argument("--seconds", type=float, default=60, help="time limit for a cell")
    parser.add_argument("--json", type=Path, help="where to write all cells with both texts")
    options = parser.parse_args()
    os.environ.setdefault("MPLBACKEND", "Agg")
    total: Counter[str] = Counter()
    everything = {}
    for path in notebooks(options.folder, options.only):
        name = str(path.relative_to(options.folder))
        try:
            rows = compare(path, options.seconds)
        except Exception as error:  # a kernel that died, a file that is no notebook: the others go on
            sys.stdout.write(f"{name}: {error!r:.200}\n")
            continue
        everything[name] = rows
        counts = Counter(row["kind"] for row in rows if row["theirs"].strip())
        total += counts
        sys.stdout.write(f"{_line(counts)}  {name}\n")
        first = next((row["error"] for row in rows if row["error"]), "")
        if first:
            sys.stdout.write(f"    {first.splitlines()[0]:.150}\n")
        sys.stdout.flush()
        if options.json:
            options.json.write_text(json.dumps(everything))
    sys.stdout.write(f"{_line(total)}  in all\n")
    sys.stdout.writelines(f"  {kind}: {meaning}\n" for kind, meaning in KINDS.items())


def _line(counts: Counter[str]) -> str:
    parts = [f"{counts[kind]} {kind}" for kind in KINDS if counts[kind]]
    return f"{sum(counts.values()):3} cells: {', '.join(parts) or 'none'}"


if __name__ == "__main__":
    main()
