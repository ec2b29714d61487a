"""What is measured in a process of its own: imports, very large graphs, and the most memory that work needs."""

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

# Modules that are loaded when they are first used count here.
FIRST_RUN = """
import time
start = time.perf_counter()
import {module} as tf
with tf.Graph().as_default(), tf.Session() as session:
    x = tf.placeholder(tf.float32, [None, 3])
    w = tf.Variable(tf.zeros([3, 2]))
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1.0))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    session.run(tf.global_variables_initializer())
    session.run(step, {{x: [[1.0, 2.0, 3.0]]}})
print(time.perf_counter() - start)
"""

BUILD = """
import time
from benchmarks.__main__ import module
from benchmarks.building import build_and_run
build_and_run(module("{peer}"), 100)()
work = build_and_run(module("{peer}"), {nodes})
start = time.perf_counter()
work()
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
from benchmarks import building, lenet, mlp
from benchmarks.__main__ import module

def resident(name):
    with open("/proc/self/status") as status:
        return int(re.search(name + r":\\s+(\\d+)", status.read())[1]) / 1024

peer = module("{peer}")
peer.Session, peer.train, peer.nn, peer.gradients  # what is loaded when it is first used
before = resident("VmRSS")
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")
work = {work}
for _ in range({times}):
    work()
print(resident("VmHWM") - before)
"""
WORKS = {
    "mlp": ("mlp.step(peer, 1024)", "mlp.descent_by_hand(1024)"),
    "lenet": ("lenet.step(peer)", "lenet.step_by_hand()"),
}


def _answers(script: str, rounds: int = ROUNDS) -> list[float]:
    """What a script prints, in some runs."""
    found = []
    for _ in range(rounds):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        found.append(float(done.stdout.split()[-1]))
    return found


def imports(peers: Sequence[str], script: str) -> dict[str, list[float]]:
    """Seconds that an import takes, and what else the script does."""
    return {peer: _answers(script.format(module=name)) for peer, name in MODULES.items() if peer in peers}


def large_graph(peers: Sequence[str], nodes: int, compared: Sequence[str]) -> dict[str, list[float]]:
    """Seconds that it takes to build a graph and run it once."""
    return {peer: _answers(BUILD.format(peer=peer, nodes=nodes), 1) for peer in compared if peer in peers}


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
        peer: _answers(MEMORY.format(peer=peer, work=work, times=20))
        for peer, work in works.items()
        if peer in peers
    }


def memory_of_a_graph(peers: Sequence[str], nodes: int) -> dict[str, list[float]]:
    """Megabytes that building a large graph and running it once needs at most."""
    work = f"building.build_and_run(peer, {nodes})"
    return {"graphmagic": _answers(MEMORY.format(peer="graphmagic", work=work, times=1), 1)}


CASES = [
    Case(
        "import",
        "import",
        aims={"tensorflow": 0.04},
        in_a_process=partial(imports, script=IMPORT),
        unit="ms",
    ),
    Case(
        "first",
        "import, first graph, first training step",
        in_a_process=partial(imports, script=FIRST_RUN),
        unit="ms",
    ),
    Case("extension", "%load_ext graphmagic", in_a_process=extension, unit="ms"),
    Case(
        "build100000",
        "build and run 100,000 nodes once",
        aims={"tensorflow": 0.15},
        in_a_process=partial(large_graph, nodes=100_000, compared=("graphmagic", "tensorflow")),
        unit="ms",
    ),
    Case(
        "build1000000",
        "build and run 1,000,000 nodes once",
        in_a_process=partial(large_graph, nodes=1_000_000, compared=("graphmagic",)),
        unit="ms",
    ),
    Case(
        "memory-build",
        "peak memory, build and run 1,000,000 nodes once",
        in_a_process=partial(memory_of_a_graph, nodes=1_000_000),
        unit="MB",
    ),
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
