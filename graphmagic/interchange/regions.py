"""Finding branches and loops in the nodes of a TensorFlow 1 graph.

TensorFlow 1 has no operation for a branch or a loop.  A branch is what lies between a ``Switch``, which lets its input
through to one of two outputs, and a ``Merge``, which takes whatever arrives.  A loop is what lies between ``Enter``
and ``Exit``, with a ``Merge`` at the start of each variable's round and a ``NextIteration`` at its end.  Every node
thus has a *path*: the branches and loops that it is in, from outside inwards.

Source: Yu et al., "Dynamic Control Flow in Large-Scale Machine Learning", EuroSys 2018, section 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from graphmagic.graph.ordering import inputs_first

__all__ = ["STRUCTURE", "Branch", "Loop", "Regions"]

_SWITCH = frozenset({"Switch", "RefSwitch"})
_MERGE = frozenset({"Merge", "RefMerge"})
_ENTER = frozenset({"Enter", "RefEnter"})
_EXIT = frozenset({"Exit", "RefExit"})
_NEXT = frozenset({"NextIteration", "RefNextIteration"})
_COPIES = _ENTER | {"Identity"}
STRUCTURE = _SWITCH | _MERGE | _ENTER | _EXIT | _NEXT | {"LoopCond"}


class Branch(NamedTuple):
    """A step of a path: into one side of a branch."""

    predicate: str  # the tensor that decides
    side: int  # 1 if it says yes


class Loop(NamedTuple):
    """A step of a path: into a loop."""

    frame: str


Path = tuple[Branch | Loop, ...]


class Source(NamedTuple):
    """What a node takes: an output of a node, or -1 for waiting until it has run."""

    node: int
    output: int


class Rounds(NamedTuple):
    """A loop: its variables one beside the other, and what it runs."""

    merges: list[int]  # each variable at the start of a round
    enters: list[int]  # which input of the merge is the first value
    switches: list[int]  # each variable once it is clear that there is a round
    nexts: list[int]  # each variable at the end of a round
    exits: list[tuple[int, int]]  # what leaves the loop, and of which variable it is the last value
    decider: int
    condition: list[int]
    body: list[int]


class Regions:
    """The branches and loops of a graph definition.

    Args:
        nodes: the nodes of the definition.
        place: their positions by name.
        outside: inputs, such as ``"x:0"``, that come from elsewhere.

    Attributes:
        sources: for each node what it takes.
        paths: for each node the branches and loops it is in.

    Raises:
        ValueError: the nodes do not form branches and loops.
    """

    def __init__(self, nodes: Sequence[Any], place: dict[str, int], outside: Iterable[str] = ()) -> None:
        self._nodes = nodes
        self._outside = frozenset(outside)
        self.sources = [[self._source(place, text) for text in node.input] for node in nodes]
        self._order = self._forward()
        self._loop_switches = {
            i for i, node in enumerate(nodes) if node.op in _SWITCH and self._decider(i).op == "LoopCond"
        }
        self.paths: list[Path] = [()] * len(nodes)
        for i in self._order:
            self.paths[i] = self._path(i)
        self._group = self._groups()

    # ----- questions about one node -----

    def is_switch(self, i: int) -> bool:
        """Whether a node begins a side of a branch."""
        return self._nodes[i].op in _SWITCH and i not in self._loop_switches

    def is_merge(self, i: int) -> bool:
        """Whether a node ends a branch."""
        return self._nodes[i].op in _MERGE and not self.starts_round(i)

    def starts_round(self, i: int) -> bool:
        """Whether a node is a loop variable at the start of a round."""
        return self._nodes[i].op in _MERGE and any(
            s is not None and self._nodes[s.node].op in _NEXT for s in self.sources[i]
        )

    def is_enter(self, i: int) -> bool:
        """Whether a node takes a value into a loop."""
        return self._nodes[i].op in _ENTER

    def is_exit(self, i: int) -> bool:
        """Whether a node takes a value out of a loop."""
        return self._nodes[i].op in _EXIT

    def item(self, i: int, depth: int) -> tuple[str, Any] | None:
        """What a node belongs to, of the things that are at a depth: itself, a branch or a loop.

        Returns:
            ``("node", i)``, ``("loop", frame)``, ``("branch", number)``; None for what no run can use.
        """
        if len(self.paths[i]) == depth:
            if self.is_merge(i):
                return "branch", self._root(i)
            return ("loop", self._exit_frame(i)) if self.is_exit(i) else ("node", i)
        step = self.paths[i][depth]
        if isinstance(step, Loop):
            return "loop", step.frame
        group = self._group.get((i, depth))
        return None if group is None else ("branch", self._root(group))

    def merges(self, group: int) -> list[int]:
        """The ends of a branch."""
        return self._ends[group]

    def is_on(self, i: int, depth: int, side: int) -> bool:
        """Whether a node is on a side of a branch at a depth."""
        path = self.paths[i]
        return len(path) > depth and isinstance(step := path[depth], Branch) and step.side == side

    def side_of(self, merge: int, output: Source) -> int:
        """From which side of its branch a value comes to a merge."""
        step = self._output_path(output)[len(self.paths[merge])]
        assert isinstance(step, Branch)
        return step.side

    def decider_of(self, merge: int) -> int:
        """A switch whose second input decides a branch."""
        depth = len(self.paths[merge])
        step = self._output_path(self.values(merge)[0])[depth]
        assert isinstance(step, Branch)
        return self._first_switch[step.predicate, self.paths[merge]]

    def loop(self, members: Sequence[int], depth: int) -> Rounds:
        """The parts of a loop, of which all nodes are given; it is at a depth."""
        inside = [i for i in members if len(self.paths[i]) > depth]
        here = [i for i in inside if len(self.paths[i]) == depth + 1]
        deciders = [i for i in here if self._nodes[i].op == "LoopCond"]
        if len(deciders) != 1:
            raise ValueError(
                f"Cannot import the loop of node '{self._nodes[members[0]].name}': nothing ends it."
            )
        merges = [i for i in here if self.starts_round(i)]
        leaving = {self.values(i)[0].node: i for i in here if i in self._loop_switches}
        missing = [i for i in merges if i not in leaving]
        if missing:
            raise ValueError(
                f"Cannot import loop variable '{self._nodes[missing[0]].name}': no Switch takes it."
            )
        enters, nexts = [], []
        for i in merges:
            nodes = [s.node for s in self.values(i)]
            enters.append(next(k for k, n in enumerate(nodes) if self.is_enter(n)))
            nexts.append(next(n for n in nodes if self._nodes[n].op in _NEXT))
        switches = [leaving[i] for i in merges]
        position = {switch: k for k, switch in enumerate(switches)}
        exits = [(i, position[self.values(i)[0].node]) for i in members if len(self.paths[i]) == depth]
        structure = {*merges, *switches, *nexts, *deciders}
        condition = self._before(deciders[0], structure, depth)
        return Rounds(
            merges,
            enters,
            switches,
            nexts,
            exits,
            deciders[0],
            [i for i in inside if i in condition],
            [i for i in inside if i not in condition and i not in structure],
        )

    def _before(self, decider: int, structure: set[int], depth: int) -> set[int]:
        """What decides whether there is another round."""
        found: set[int] = set()
        stack = [s.node for s in self.sources[decider] if s is not None]
        while stack:
            i = stack.pop()
            if i not in found and i not in structure and len(self.paths[i]) > depth:
                found.add(i)
                stack += [s.node for s in self.sources[i] if s is not None]
        return found

    # ----- how they are found -----

    def _source(self, place: dict[str, int], text: str) -> Source | None:
        name, _, output = text.removeprefix("^").partition(":")
        waits = text.startswith("^")
        if (text if waits or ":" in text else f"{text}:0") in self._outside:
            return None
        return Source(place[name], -1 if waits else int(output or 0))

    def values(self, i: int) -> list[Source]:
        """What a node computes with, without what it only waits for."""
        return [s for s in self.sources[i] if s is not None and s.output >= 0]

    def _decider(self, i: int) -> Any:
        source = self.sources[i][1]
        return self._nodes[i] if source is None else self._nodes[source.node]

    def _forward(self) -> list[int]:
        """All nodes, what they take first; a loop's way back does not count."""
        sources = [
            [s.node for s in found if s is not None and self._nodes[s.node].op not in _NEXT]
            for found in self.sources
        ]
        try:
            return inputs_first(sources)
        except ValueError:
            raise ValueError("Cannot import a graph whose nodes form a cycle.") from None

    def _output_path(self, source: Source) -> Path:
        """The path of one output of a node."""
        i, node = source.node, self._nodes[source.node]
        if node.op in _ENTER:
            return (*self.paths[i], Loop(node.attr["frame_name"].s.decode()))
        if self.is_switch(i) and source.output >= 0:
            return (*self.paths[i], Branch(self._predicate(i), source.output))
        return self.paths[i]

    def _predicate(self, i: int) -> str:
        """The tensor that decides a switch, behind its copies."""
        position = 1
        while (source := self.sources[i][position]) is not None:
            text: str = self._nodes[i].input[position]
            i, position = source.node, 0
            if self._nodes[i].op not in _COPIES:
                return text.removesuffix(":0")
        return str(self._nodes[i].input[position]).removesuffix(":0")

    def _path(self, i: int) -> Path:
        deepest: Path = ()
        for source in self.sources[i]:
            if source is not None and self._nodes[source.node].op not in _NEXT:
                path = self._output_path(source)
                if self.is_merge(i) and source.output >= 0:
                    if not path or not isinstance(path[-1], Branch):
                        raise ValueError(
                            f"Cannot import node '{self._nodes[i].name}': it merges what comes from no branch."
                        )
                    path = path[:-1]
                shorter, longer = sorted((path, deepest), key=len)
                if longer[: len(shorter)] != shorter:
                    raise ValueError(
                        f"Cannot import node '{self._nodes[i].name}': it takes values from two branches or loops "
                        "that exclude each other."
                    )
                deepest = longer
        if not self.is_exit(i):
            return deepest
        outside = max(k for k, step in enumerate(deepest) if isinstance(step, Loop))
        return deepest[:outside]

    def _exit_frame(self, i: int) -> str:
        step = self._output_path(self.values(i)[0])[len(self.paths[i])]
        assert isinstance(step, Loop)
        return step.frame

    # ----- which merges belong to one branch -----

    def _groups(self) -> dict[tuple[int, int], int]:
        """For each node in a side of a branch, and the depth of the branch, one of the branch's merges.

        Merges end the same branch if some node takes part in both.
        """
        self._parents = {i: i for i in range(len(self._nodes)) if self.is_merge(i)}
        self._first_switch: dict[tuple[str, Path], int] = {}
        for i in range(len(self._nodes)):
            if self.is_switch(i):
                self._first_switch.setdefault((self._predicate(i), self.paths[i]), i)
        found: dict[tuple[int, int], int] = {}
        for merge in self._parents:
            depth = len(self.paths[merge])
            for i in self._inside(merge, depth):
                other = found.setdefault((i, depth), merge)
                self._parents[self._root(other)] = self._root(merge)
        self._ends: dict[int, list[int]] = {}
        for merge in self._parents:
            self._ends.setdefault(self._root(merge), []).append(merge)
        return found

    def _inside(self, merge: int, depth: int) -> Iterator[int]:
        """The nodes between a merge and the switches of its branch."""
        done: set[int] = set()
        stack = [s.node for s in self.sources[merge] if s is not None]
        while stack:
            i = stack.pop()
            if i not in done and len(self.paths[i]) > depth:
                done.add(i)
                yield i
                stack += [s.node for s in self.sources[i] if s is not None]

    def _root(self, merge: int) -> int:
        while self._parents[merge] != merge:
            merge = self._parents[merge]
        return merge
