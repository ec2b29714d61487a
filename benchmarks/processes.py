"""What is measured in a process of its own: the time of an import, and the most memory that training needs."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from functools import partial

from benchmarks.case import Case

ROUNDS = 5
MODULES = {"graphmagic": "graphmagic", "tensorflow": "tensorflow.compat.v1"}

IMPORT = """
import time
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""

EXTENSION = """
import time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell()
start = time.perf_counter()
shell.run_line_magic("load_ext", "graphmagic")
print(time.perf_counter() - start)
"""

# The highest resident size since it was set back, less the size when all was imported.
MEMORY = """
import re
from benchmarks import lenet, mlp
from benchmarks.__main__ import module

def resident(name):
    with open("/proc/self/status") as status:
        return int(re.search(name + r":\\s+(\\d+)", status.read())[1]) / 1024

peer = module("{peer}")
before = resident("VmRSS")
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")
work = {work}
for _ in range(20):
    work()
print(resident("VmHWM") - before)
"""
WORKS = {
    "mlp": ("mlp.step(peer, 1024)", "mlp.descent_by_hand(1024)"),
    "lenet": ("lenet.step(peer)", "lenet.step_by_hand()"),
}


def _answers(script: str) -> list[float]:
    """What a script prints, in some runs."""
    found = []
    for _ in range(ROUNDS):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        found.append(float(done.stdout.split()[-1]))
    return found


def imports(peers: Sequence[str]) -> dict[str, list[float]]:
    """Seconds that an import takes."""
    return {peer: _answers(IMPORT.format(module=name)) for peer, name in MODULES.items() if peer in peers}


def extension(peers: Sequence[str]) -> dict[str, list[float]]:
    """Seconds that ``%load_ext graphmagic`` takes, where there is IPython."""
    if importlib.util.find_spec("IPython") is None:
        return {}
    return {"graphmagic": _answers(EXTENSION)}


def memory(peers: Sequence[str], name: str) -> dict[str, list[float]]:
    """Megabytes that building and training need at most."""
    graph, by_hand = WORKS[name]
    works = {"graphmagic": graph, "tensorflow": graph, "numpy": by_hand}
    return {
        peer: _answers(MEMORY.format(peer=peer, work=work)) for peer, work in works.items() if peer in peers
    }


CASES = [
    Case("import", "import", aims={"tensorflow": 0.04}, in_a_process=imports, unit="ms"),
    Case("extension", "%load_ext graphmagic", in_a_process=extension, unit="ms"),
    *[
        Case(
            f"memory-{name}",
            f"peak memory, {what}",
            aims={"tensorflow": 1.0, "numpy": 1.0},
            in_a_process=partial(memory, name=name),
            unit="MB",
        )
        for name, what in (("mlp", "MLP, batch 1024"), ("lenet", "LeNet"))
    ],
]
