"""How the package is built: imports point one way, and files keep the house rules."""

import ast
import re
from pathlib import Path

import pytest

import graphmagic

PACKAGE = Path(graphmagic.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

# Each part with the parts it may import at any time, besides itself.
BASE = {"names", "errors", "dtypes", "dimension", "shapes", "nest", "aligned", "denormals", "parallel"}
GRAPH = BASE | {"graph"}
OPS = GRAPH | {"ops"}
NN = OPS | {"backward", "nn"}
FILES_AND_TEXT = {"gfile", "python_io", "logging", "flags", "app", "switches", "version", "lazy", "protos"}
TRACING = {"noted", "tracing"}
SESSION = GRAPH | TRACING | {"alarm", "config", "engine", "feeds", "fetches", "progress", "run_stats"}
SESSION |= {"session", "session_values"}
# TensorFlow's namespaces that only gather what is defined elsewhere.
NAMESPACES = {
    "bitwise",
    "compat",
    "initializers",
    "linalg",
    "manip",
    "math",
    "random",
    "sets",
    "sparse",
    "strings",
}
# TensorFlow's namespaces that only have other names for what is defined elsewhere.
OTHER_NAMES = {"debugging", "io", "queue"}
LIBRARY = NN | {
    "contrib",
    "control_gradients",
    "data",
    "derivatives",
    "distributions",
    "estimator",
    "feature_column",
    "graph_util",
    "image",
    "interchange",
    "keras",
    "layers",
    "lookup",
    "losses",
    "metrics",
    "monitored",
    "parsing",
    "compression",
    "files",
    "queue_ops",
    "queues",
    "readers",
    "summary",
    "train",
}
ALLOWED = {
    "names": set(),
    **{name: {"names"} for name in OTHER_NAMES},
    "errors": {"names"},
    "dtypes": {"errors", "names"},
    "dimension": set(),
    "shapes": {"dimension", "errors"},
    "nest": {"names"},
    "aligned": set(),
    "denormals": set(),
    "parallel": {"denormals"},
    "alarm": set(),
    "progress": set(),
    "graph": BASE,
    "ops": GRAPH,
    "backward": OPS,
    "control_gradients": OPS | {"backward"},
    "derivatives": OPS | {"backward"},
    **{name: OPS | {"nn"} for name in NAMESPACES},
    "nn": OPS | {"backward"},
    "layers": NN,
    "losses": NN,
    "metrics": NN | {"losses"},
    "interchange": NN | {"protos"},
    "graph_util": GRAPH | {"interchange"},
    "train": OPS | {"backward", "interchange", "logging", "python_io", "queue_ops", "queues", "summary"},
    "compression": {"errors"},
    "data": OPS | {"compression", "gfile", "python_io"},
    "queue_ops": OPS,
    "queues": OPS | {"queue_ops"},
    "readers": OPS | {"compression", "python_io"},
    "files": OPS | {"compression", "gfile"},
    "lookup": OPS,
    "parsing": OPS | {"train"},
    "summary": OPS | {"python_io", "protos"},
    "contrib": NN
    | {
        "data",
        "distributions",
        "estimator",
        "feature_column",
        "interchange",
        "layers",
        "lookup",
        "losses",
        "train",
    },
    "feature_column": NN | {"parsing", "train"},
    "estimator": NN
    | {
        "config",
        "data",
        "feature_column",
        "layers",
        "logging",
        "losses",
        "metrics",
        "monitored",
        "summary",
        "train",
    },
    "distributions": NN,
    "image": NN,
    "keras": NN | {"layers", "session", "session_values", "train"},
    "monitored": OPS | SESSION | {"train", "summary", "logging", "interchange"},
    "test": LIBRARY | SESSION,
    "config": GRAPH,
    "noted": set(),
    "timeline": set(),
    "tracing": GRAPH | {"noted"},
    "engine": GRAPH | TRACING,
    "run_stats": GRAPH | TRACING,
    "feeds": GRAPH,  # what a run is given and asked for: between a graph and a session, no execution
    "fetches": GRAPH,
    "session_values": GRAPH | {"engine", "progress"},
    "session": SESSION,
    "interactive_session": SESSION,
    "draw": GRAPH | TRACING,
    **dict.fromkeys(FILES_AND_TEXT, GRAPH),
    "app": {"flags", "names"},
    "python_io": GRAPH | {"compression"},
    "legacy": SESSION | LIBRARY | FILES_AND_TEXT | {"", "interactive_session"},
    "__main__": {"legacy"},
    "": SESSION
    | LIBRARY
    | NAMESPACES
    | OTHER_NAMES
    | FILES_AND_TEXT
    | {"interactive_session", "test"},  # graphmagic/__init__.py
    "notebook": SESSION | LIBRARY | {"draw", "legacy", ""},
}
# Imports inside functions that a rule above forbids, and why they are right.
LAZY = {
    ("graph", "draw"): "objects draw themselves without the extension",
    ("ops", "draw"): "objects draw themselves without the extension",
    ("engine", "draw"): "a plan draws itself without the extension",
    ("session_values", "draw"): "objects draw themselves without the extension",
    ("tracing", "draw"): "a trace shows itself without the extension",
    ("compat", ""): "`tf.compat.v1` is the whole of graphmagic under another name",
    ("names", "graph"): "only a message needs the nearest names",
    ("graph", "lazy"): "who asks for a type of operation that is not loaded gets it",
    (
        "ops",
        "control_gradients",
    ): "the gradients of branches and loops are built by the sweep that asks for them",
    ("names", "lazy"): "what is not loaded yet can have other names too",
    ("", "notebook"): "`%load_ext graphmagic` loads the magics, `import graphmagic` does not",
}
MAX_LINES = 350
# Files that may be longer, and why.
LONG_FILES = {
    "__init__.py": "every public name, by family; nothing else",
    "estimator/estimator.py": "one class: what TensorFlow calls Estimator",
}


def part_of(path):
    """The part of the package a file belongs to: its folder or, at the top, its own name."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported_modules(path):
    """(module, whether at the top of the file) for every import of a file."""
    tree = tree_of(path)
    top = {id(node) for statement in tree.body for node in walk_without_functions(statement)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            is_package = (PACKAGE.parent / node.module.replace(".", "/")).is_dir()
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                inside = PACKAGE.parent / name.replace(".", "/")
                is_module = inside.is_dir() or inside.with_suffix(".py").is_file()
                yield (name if is_package and is_module else node.module), id(node) in top


def walk_without_functions(node):
    yield node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        for child in ast.iter_child_nodes(node):
            yield from walk_without_functions(child)


def internal_imports(path):
    for module, at_top in imported_modules(path):
        if module == "graphmagic" or module.startswith("graphmagic."):
            parts = module.split(".")
            yield (parts[1] if len(parts) > 1 else ""), at_top


each_file = pytest.mark.parametrize("path", FILES, ids=[str(p.relative_to(PACKAGE)) for p in FILES])


def test_the_layers_have_an_order():
    """No two parts may import each other: the table itself has no cycle."""
    below = {part: set(allowed) for part, allowed in ALLOWED.items() if part not in ("", "notebook")}
    while below:
        lowest = [part for part, allowed in below.items() if not (allowed - {part}) & set(below)]
        assert lowest, f"these import each other: {sorted(below)}"
        for part in lowest:
            del below[part]


@each_file
def test_imports_point_one_way(path):
    part = part_of(path)
    assert part in ALLOWED, f"say in this test where {part} stands"
    for target, at_top in internal_imports(path):
        if target == part or target in ALLOWED[part]:
            continue
        assert (part, target) in LAZY, f"{part} must not import {target or 'graphmagic'}"
        assert not at_top, f"{part} may import {target} inside a function only: {LAZY[part, target]}"


def test_every_exception_is_needed():
    used = {(part_of(path), target) for path in FILES for target, _ in internal_imports(path)}

    assert set(LAZY) <= used
    assert {part_of(path) for path in FILES} == set(ALLOWED)


@each_file
def test_only_the_notebook_imports_ipython(path):
    outside = {module.split(".")[0] for module, _ in imported_modules(path)}
    if part_of(path) != "notebook":
        assert not outside & {"IPython", "ipykernel", "traitlets", "nbconvert", "nbformat", "jupyter_client"}
    if part_of(path) not in ("notebook", "draw"):
        assert not outside & {"graphviz", "pygraphviz"}


def test_importing_graphmagic_imports_no_ipython():
    import subprocess
    import sys

    code = "import sys, graphmagic; print([m for m in ('IPython', 'graphviz', 'pygraphviz') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@each_file
def test_a_file_begins_with_what_it_is(path):
    tree = tree_of(path)
    docstring = ast.get_docstring(tree)

    assert docstring, "the module docstring comes first"
    assert re.match(r"^[A-Za-z`*\"'%].*[.:]$", docstring.splitlines()[0]), "its first line is a sentence"


@each_file
def test_a_file_prints_nothing(path):
    calls = [n for n in ast.walk(tree_of(path)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]

    assert "print" not in {call.func.id for call in calls}


@each_file
def test_a_file_is_short(path):
    name = str(path.relative_to(PACKAGE))
    lines = len(path.read_text(encoding="utf-8").splitlines())

    assert lines <= MAX_LINES or name in LONG_FILES, f"{lines} lines"


def test_every_long_file_is_long():
    for name in LONG_FILES:
        assert len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) > MAX_LINES, name


# Paths of a machine, and marks of what is not finished. Written so that this file does not hold them itself.
# Pictures in notebooks are base64, where a slash has a letter, a digit or a plus sign in front of it.
FORBIDDEN = re.compile(
    r"(?<![\w+])/(?:work|opt|home|root|tmp)/\w|\bTO" + r"DO\b|\bFIX" + r"ME\b|\bX" + r"XX\b|\.\./sha" + "red"
)
SOURCES = [
    path
    for folder in ("graphmagic", "tests", "docs", "notebooks", "benchmarks")
    for path in sorted((PACKAGE.parent / folder).rglob("*"))
    if path.suffix in (".py", ".md", ".ipynb", ".toml", ".j2", ".css") and "static" not in path.parts
]


@pytest.mark.parametrize("path", SOURCES, ids=[str(p.relative_to(PACKAGE.parent)) for p in SOURCES])
def test_a_file_names_no_machine(path):
    found = FORBIDDEN.search(path.read_text(encoding="utf-8"))

    assert found is None, f"{found[0]!r}"
