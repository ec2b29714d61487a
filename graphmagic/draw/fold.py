"""Set aside what is machinery: which operations are drawn as part of another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphmagic.draw.blocks import sources
from graphmagic.draw.labels import SMALL, shorten, value_text

if TYPE_CHECKING:
    from graphmagic.graph import Operation

__all__ = ["PLACEHOLDERS", "VARIABLES", "Folding", "beside_key", "fold", "updates"]

VARIABLES = frozenset({"VariableV2", "Variable", "VarHandleOp"})
PLACEHOLDERS = frozenset({"Placeholder", "PlaceholderWithDefault"})
MANY = 3
"""A small constant with more consumers than this is drawn anew beside each of them."""

_REDUCTIONS = ("All", "Any", "ArgMax", "ArgMin", "Max", "Mean", "Min", "Prod", "Sum", "Cumsum", "ExpandDims")
SETTINGS: Mapping[str, Mapping[int, str]] = {
    **{kind: {1: "axis"} for kind in _REDUCTIONS},
    "ConcatV2": {-1: "axis"},
    "BatchDatasetV2": {1: "size"},
    "Fill": {0: "shape"},
    "GatherV2": {2: "axis"},
    "HistogramSummary": {0: "tag"},
    "OneHot": {1: "depth", 2: "on", 3: "off"},
    "PlaceholderWithDefault": {0: "default"},
    "QueueDequeueManyV2": {1: "size"},
    "QueueDequeueUpToV2": {1: "size"},
    "RandomStandardNormal": {0: "shape"},
    "RandomUniform": {0: "shape"},
    "RangeDataset": {0: "from", 1: "to", 2: "by"},
    "RepeatDataset": {1: "count"},
    "Reshape": {1: "shape"},
    "ScalarSummary": {0: "tag"},
    "ShuffleDataset": {1: "of"},
    "Slice": {1: "begin", 2: "size"},
    "Split": {0: "axis"},
    "StridedSlice": {1: "begin", 2: "end", 3: "strides"},
    "Tile": {1: "multiples"},
    "Transpose": {1: "perm"},
    "TruncatedNormal": {0: "shape"},
}
"""Inputs that tell an operation how to work rather than on what, with the word for each."""


@dataclass(frozen=True)
class Folding:
    """Where operations are drawn.

    Attributes:
        owner: an operation that is not drawn itself -> the one that stands for it.
        notes: an operation -> lines that tell what it absorbed, such as ``init 42`` or ``axis 1``.
        beside: a small constant -> the operations beside each of which it is drawn.
        settings: constants that are told in a note.
        initializers: the assignments that give variables their initial values.
    """

    owner: dict[Operation, Operation] = field(default_factory=dict)
    notes: dict[Operation, list[str]] = field(default_factory=dict)
    beside: dict[Operation, list[Operation]] = field(default_factory=dict)
    settings: set[Operation] = field(default_factory=set)
    initializers: set[Operation] = field(default_factory=set)

    def home(self, op: Operation) -> Operation:
        """The operation that stands for `op` in the picture."""
        while op in self.owner:
            op = self.owner[op]
        return op

    def note(self, op: Operation, text: str) -> None:
        """Add a line to what is told about `op`."""
        self.notes.setdefault(op, []).append(text)


def fold(operations: Sequence[Operation], keep: Operation | None = None) -> Folding:
    """Find the machinery of variables and the small constants of a graph.

    Args:
        operations: in creation order.
        keep: a constant that is drawn for itself, whatever it is.

    Returns:
        Where each operation is drawn.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph:
    ...     foo = tf.Variable(42, name="foo")
    >>> folding = fold(graph.get_operations())
    >>> [(op.name, home.name) for op, home in folding.owner.items()]
    [('foo/Assign', 'foo'), ('foo/read', 'foo'), ('foo/initial_value', 'foo')]
    >>> folding.notes[foo.op]
    ['init 42']
    """
    users = _users(operations)
    folding = Folding()
    variables = [op for op in operations if op.type in VARIABLES]
    for variable in variables:
        _fold_own_operations(folding, variable, users[variable])
    _fold_initial_values(folding, operations, users)
    _fold_slots(folding, variables)
    for op in operations:
        if op.type in ("QueueCloseV2", "QueueClose") and not users[op]:
            folding.owner[op] = op.inputs[0].op
    for op in operations:
        if op.type == "Const" and op not in folding.owner and op is not keep:
            _fold_constant(folding, op, users[op])
    return folding


def beside_key(constant: Operation, consumer: Operation) -> str:
    """What the copy of a constant beside its consumer is called; no operation has an arrow in its name."""
    return f"{constant.name}→{consumer.name}"


def updates(op: Operation) -> bool:
    """Whether the operation sets the variable that is its first input."""
    return op.type.startswith(("Assign", "Apply", "Scatter", "SparseApply", "ResourceApply"))


def _users(operations: Sequence[Operation]) -> dict[Operation, list[Operation]]:
    """Every operation -> those that wait for it, each once, in creation order."""
    users: dict[Operation, list[Operation]] = {op: [] for op in operations}
    for op in operations:
        for source in dict.fromkeys([*(t.op for t in sources(op)), *op.control_inputs]):
            if source in users:
                users[source].append(op)
    return users


def _fold_own_operations(folding: Folding, variable: Operation, users: Sequence[Operation]) -> None:
    """Fold ``v/Assign`` and the reads ``v/read``, ``v/read_1`` ... into ``v``."""
    for op in users:
        if op.type == "Assign" and op.name == f"{variable.name}/Assign":
            folding.owner[op] = variable
            folding.initializers.add(op)
        elif op.type == "Identity" and op.name.startswith(f"{variable.name}/read"):
            folding.owner[op] = variable


def _fold_initial_values(
    folding: Folding, operations: Sequence[Operation], users: Mapping[Operation, Sequence[Operation]]
) -> None:
    """Fold whatever serves only to compute the initial value of one variable into it."""
    inside = set(folding.initializers)
    for op in reversed(operations):
        if op in folding.owner or op.type in VARIABLES or op.type in PLACEHOLDERS or not users[op]:
            continue
        served = {folding.owner[user] if user in inside else None for user in users[op]}
        if len(served) == 1 and (variable := served.pop()) is not None:
            folding.owner[op] = variable
            inside.add(op)
    for assign in operations:
        if assign in folding.initializers:
            value = assign.inputs[1].op
            if value in inside:
                folding.note(folding.owner[assign], f"init {_initial(value)}")


def _initial(op: Operation) -> str:
    if op.type == "Const":
        return value_text(op.attrs["value"], shape=False)
    return shorten(op.name.rpartition("/")[2])


def _fold_slots(folding: Folding, variables: Sequence[Operation]) -> None:
    """Fold variables that stand under another variable's name, an optimizer's slots, into that one."""
    by_name = {op.name: op for op in variables}
    slots: dict[Operation, list[str]] = {}
    for op in variables:
        parent = op.name.rpartition("/")[0]
        while parent and parent not in by_name:
            parent = parent.rpartition("/")[0]
        if parent:
            folding.owner[op] = by_name[parent]
            slots.setdefault(folding.home(op), []).append(op.name[len(parent) + 1 :])
    for op, names in slots.items():
        folding.note(op, shorten("slots " + ", ".join(names), 40))


def _fold_constant(folding: Folding, op: Operation, users: Sequence[Operation]) -> None:
    """Tell a constant in a note of its consumers, or draw it beside them, or leave it a node of its own."""
    words = [_setting(op, user) for user in users]
    if users and all(words):
        folding.settings.add(op)
        text = value_text(op.attrs["value"])
        for user, word in zip(users, words, strict=True):
            if word != "strides" or (op.attrs["value"] != 1).any():
                folding.note(user, f"{word} {text}")
    elif op.attrs["value"].size <= SMALL and (len(users) > MANY or _is_anonymous(op, users)):
        folding.beside[op] = list(users)


def _is_anonymous(op: Operation, users: Sequence[Operation]) -> bool:
    """Whether nobody named the constant: it was made of a Python value, under its only consumer's name."""
    return len(users) == 1 and op.name.startswith(f"{users[0].name}/")


def _setting(op: Operation, user: Operation) -> str:
    """The word for what `op` is to `user`, or an empty string if it is an operand."""
    words = SETTINGS.get(user.type, {})
    places = [index for index, tensor in enumerate(user.inputs) if tensor.op is op]
    if len(places) != 1:
        return ""
    return words.get(places[0]) or words.get(places[0] - len(user.inputs), "")
