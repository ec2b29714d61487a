"""Record which types TensorFlow's operations take: ``python tests/oracle/record_allowed_types.py``.

Run it with a Python that has TensorFlow and graphmagic's own dependencies.  It writes
``graphmagic/graph/allowed_types.py``: texts of errors list these types in TensorFlow's order, also those that
graphmagic's kernels do without.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from textwrap import wrap

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3"}

from tensorflow.python.framework import dtypes, op_def_registry

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "graphmagic" / "graph" / "allowed_types.py"
HEAD = '''"""The types that TensorFlow's operations take, in its order, where graphmagic's take others.

Written by ``tests/oracle/record_allowed_types.py``.
"""

from __future__ import annotations

__all__ = ["ALLOWED"]

# The types, and the attributes that may be these.
ALLOWED: dict[str, str] = {
'''


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from graphmagic.graph.opdef import registry

    groups: dict[str, list[str]] = {}
    for kind, ours in sorted(registry.complete().items()):
        theirs = op_def_registry.get("AddV2" if kind == "Add" else kind)
        for attr in theirs.attr if theirs is not None else ():
            listed = [dtypes.as_dtype(t).name for t in attr.allowed_values.list.type]
            known = [t.name for t in ours.types.get(attr.name, ())]
            if attr.type == "type" and listed and known and listed != known:
                groups.setdefault(" ".join(listed), []).append(f"{kind}.{attr.name}")
    lines = [f"{_literal(types, 4)}: {_literal(' '.join(names), 4)},\n" for types, names in groups.items()]
    FILE.write_text(HEAD + "".join(f"    {line}" for line in lines) + "}\n")
    sys.stdout.write(f"{len(groups)} lists of types\n")


def _literal(text: str, indent: int) -> str:
    parts = wrap(text, 60, break_on_hyphens=False)
    quoted = [f'"{part} "' for part in parts[:-1]] + [f'"{parts[-1]}"']
    return (
        quoted[0]
        if len(quoted) == 1
        else "(" + "\n".join(" " * (indent + 4) + q for q in quoted).strip() + ")"
    )


if __name__ == "__main__":
    main()
