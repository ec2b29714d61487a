"""Record how TensorFlow declares the types of operations that graphmagic has: ``python tests/oracle/record_opdefs.py``.

Run it with a Python that has both.  It writes ``opdefs.json``: for each type its numbers of inputs and outputs, and its
attributes with their kinds; a kind that ends in ``=`` has a default.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3"}

from tensorflow.python.framework import op_def_registry

FILE = Path(__file__).with_name("opdefs.json")


def main(types: list[str]) -> None:
    found = {}
    for kind in sorted(types):
        opdef = op_def_registry.get(kind)
        if opdef is not None:
            attrs = {a.name: a.type + "=" * a.HasField("default_value") for a in opdef.attr}
            found[kind] = [len(opdef.input_arg), len(opdef.output_arg), attrs]
    lines = ",\n".join(f"{json.dumps(kind)}: {json.dumps(value)}" for kind, value in found.items())
    FILE.write_text(f"{{\n{lines}\n}}\n")
    sys.stdout.write(f"{len(found)} of {len(types)} types\n")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from graphmagic.graph.opdef import registry
    from graphmagic.lazy import load_operations

    load_operations()
    main(list(registry))
