"""The public names: documented, with examples, annotated, and nothing else."""

import doctest
import importlib
import inspect
import pkgutil
import re
import types

import pytest

import graphmagic
from graphmagic.lazy import homes

NAMESPACES = ["graphmagic", "graphmagic.errors", "graphmagic.nn", "graphmagic.train"]
# Modules of the package that are no namespaces of TensorFlow but can be reached, as in any Python package.
MODULES = {name for _, name, _ in pkgutil.iter_modules(graphmagic.__path__)}


# Families of names whose examples stand in the guides: input, summaries, switches, messages.
ELSEWHERE = {"files", "parsing", "protos", "queues", "readers", "summary", "switches", "version"}


def public_members():
    for namespace in NAMESPACES:
        module = importlib.import_module(namespace)
        own = {n for n, (home, _) in homes().items() if home.removeprefix("graphmagic.") not in ELSEWHERE}
        for name in sorted(own | {"newaxis"} if module is graphmagic else vars(module)):
            member = getattr(module, name)
            if not name.startswith("_") and not isinstance(member, types.ModuleType):
                yield f"{namespace}.{name}", member


MEMBERS = dict(public_members())
FUNCTIONS = {name: m for name, m in MEMBERS.items() if inspect.isfunction(m)}
CLASSES = {name: m for name, m in MEMBERS.items() if inspect.isclass(m)}


def owned_methods(cls):
    """The public methods and properties that a class of ours defines itself."""
    for name, member in vars(cls).items():
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(function):
            yield name, function


def methods():
    for name, cls in CLASSES.items():
        if cls.__module__.startswith("graphmagic"):
            for method, function in owned_methods(cls):
                yield f"{name}.{method}", function


METHODS = dict(methods())


def case(members):
    return pytest.mark.parametrize("member", members.values(), ids=members)


def first_line(member):
    return (inspect.getdoc(member) or "").partition("\n")[0]


def has_example(member):
    doc = inspect.getdoc(member) or ""
    return bool(doctest.DocTestParser().get_examples(doc))


def test_type_checkers_are_told_every_name():
    """Without a list they take what a package imports for its own business."""
    assert sorted(graphmagic.__all__) == sorted([*homes(), "newaxis"])


def test_there_are_names():
    assert {"graphmagic.Session", "graphmagic.nn.softmax", "graphmagic.train.Optimizer"} <= set(MEMBERS)
    assert len(FUNCTIONS) > 100


@case({**FUNCTIONS, **CLASSES, **METHODS})
def test_help_begins_with_a_sentence(member):
    line = first_line(member)

    assert line, "no docstring"
    assert line[0].isupper() or line[0] in "`*(<" or not line[0].isalpha(), line
    assert line.endswith((".", ".)", "::")), line


# Names whose use is an example elsewhere, or that only stand for a kind of object.
NO_EXAMPLE = {
    *(name for name, cls in CLASSES.items() if issubclass(cls, graphmagic.errors.OpError)),  # see OpError
    "graphmagic.load_ipython_extension",
    "graphmagic.unload_ipython_extension",
    "graphmagic.train.LooperThread",  # a thread: see Coordinator
}


@case({name: m for name, m in {**FUNCTIONS, **CLASSES}.items() if name not in NO_EXAMPLE})
def test_help_has_an_example(member):
    refers = re.search(r"\b(see|as) `\w+", inspect.getdoc(member) or "")

    assert has_example(member) or refers, "no doctest, nor a reference to what has one"


@case({**FUNCTIONS, **METHODS})
def test_signatures_are_annotated(member):
    signature = inspect.signature(member)
    bare = [
        p.name
        for p in signature.parameters.values()
        if p.annotation is p.empty and p.name not in ("self", "cls")
    ]

    assert bare == []
    assert signature.return_annotation is not signature.empty


@case({**FUNCTIONS, **CLASSES})
def test_nothing_of_others_leaks(member):
    assert member.__module__.split(".")[0] == "graphmagic", "import it under a private name"


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_modules_that_can_be_reached_are_ours(namespace):
    module = importlib.import_module(namespace)
    reached = {
        n: m for n, m in vars(module).items() if isinstance(m, types.ModuleType) and not n.startswith("_")
    }

    assert [n for n, m in reached.items() if not m.__name__.startswith("graphmagic")] == []
    if namespace == "graphmagic":
        assert set(reached) <= MODULES


def test_what_else_there_is_is_ours():
    others = {
        name: type(m)
        for name, m in MEMBERS.items()
        if name not in FUNCTIONS and name not in CLASSES and not isinstance(m, (int, str))
    }
    ours = {name for name, kind in others.items() if kind.__module__.startswith("graphmagic")}

    assert set(others) - ours <= {"graphmagic.newaxis", "graphmagic.errors.annotations"}
