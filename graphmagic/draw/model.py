"""What a picture says, before any drawing: nodes, edges and clusters as immutable data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

__all__ = ["Cluster", "Drawing", "Edge", "EdgeKind", "Emphasis", "Kind", "Node"]


class Kind(Enum):
    """What a node stands for; each kind has a shape of its own."""

    VARIABLE = "variable"
    PLACEHOLDER = "placeholder"
    CONSTANT = "constant"
    RESOURCE = "resource"  # a queue, a reader, a table, an iterator: what a session keeps besides variables
    OPERATION = "operation"
    GROUP = "group"  # a NoOp: it computes nothing and only waits for others
    SCOPE = "scope"  # a collapsed name scope
    STACK = "stack"  # many siblings that look alike, such as layer_0 ... layer_11


class EdgeKind(Enum):
    """What flows along an edge."""

    DATA = "data"
    SIDE = "side"  # data that gradients or an optimizer, drawn as a closed box, take on the way
    CONTROL = "control"  # nothing: the head only waits for the tail
    INITIALIZE = "initialize"  # the tail runs the assignment of the initial value of the head
    WRITE = "write"  # the head sets the variable at the tail
    UPDATE = "update"  # the head reads the variable at the tail and sets it
    HIDDEN = "hidden"  # not drawn: keeps the legend in a column


class Emphasis(Enum):
    """How a node or an edge stands to the fetches of the picture."""

    PLAIN = "plain"  # the picture has no fetches
    FETCHED = "fetched"
    LIT = "lit"  # a run of the fetches executes it
    DIM = "dim"


@dataclass(frozen=True, slots=True)
class Node:
    """One shape of the picture.

    Attributes:
        key: unique in the picture: the name of an operation or the path of a scope.
        title: the short name on it.
        details: the smaller lines under the title.
        tooltip: the lines that show when the pointer rests on it.
        cluster: path of the innermost cluster around it, or an empty string.
        empty: whether it is a variable that holds no value in the session of the picture.
    """

    key: str
    kind: Kind
    title: str
    details: tuple[str, ...] = ()
    tooltip: tuple[str, ...] = ()
    cluster: str = ""
    emphasis: Emphasis = Emphasis.PLAIN
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow between the nodes with the keys `tail` and `head`; `number` is how many tensors or assignments it is."""

    tail: str
    head: str
    kind: EdgeKind = EdgeKind.DATA
    label: str = ""
    tooltip: tuple[str, ...] = ()
    emphasis: Emphasis = Emphasis.PLAIN
    number: int = 1


@dataclass(frozen=True, slots=True)
class Cluster:
    """An open name scope: a frame around nodes and other clusters."""

    path: str
    title: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole picture; clusters stand after the clusters that hold them.

    Attributes:
        name: what a person calls the graph.
        description: one sentence on what the graph holds, for people who do not see it.
        shows: for the name of each operation, the keys of the nodes that stand for it.
    """

    name: str
    description: str
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    shows: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
