"""The specialised functions of one plan: which there are, and which run uses which."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any
from weakref import WeakSet

from graphmagic.engine.emit import Emitted
from graphmagic.engine.footprint import MIN_CHECKED, check_memory, size_of
from graphmagic.engine.program import Program
from graphmagic.engine.shaping import specialise
from graphmagic.engine.specialised import RULES, Specialised
from graphmagic.engine.state import State

__all__ = ["Variants"]

MAX_SHAPES = 8  # a program that is fed ever new shapes is better off with one function for all
MAX_NOTED = 64
MAX_INSTANCES = 8
# What makes a run large: so many elements are fed, if making the specialised function is not what takes long.
MIN_FED = 1 << 14
MAX_LARGE_STEPS = 1000

Key = tuple[tuple[int, ...], ...]


class Variants:
    """For each set of fed shapes functions specialised to it, each used by one run at a time.

    The first run with a set of shapes uses the function for all shapes: most programs run once, and making a
    specialised function takes longer.  It is made at once where there is more to gain: in loops, where what runs once
    runs many times, and where large values are computed, which may be more than the memory holds.

    Args:
        program: the improved program.
        state: the session's state.
        general: the function for all shapes.
        rules: the rules of safety to keep.
    """

    def __init__(
        self, program: Program, state: State, general: Emitted, rules: frozenset[str] = RULES
    ) -> None:
        self._program = replace(program, watches=general.watched)
        self._state = state
        self._general = general
        self._rules = rules
        self._idle: dict[Key, list[Specialised]] = {}
        # Weakly: an interrupt at an unlucky moment keeps a function from being given back, and so from being used.
        self._made: dict[Key, WeakSet[Specialised]] = {}
        self._noted: set[Key] = set()
        self._irregular = len(state.irregular)
        self._alone = "alone" in rules
        self._needs = max([size_of(program, t) for op in program.steps for t in op.outputs], default=0)
        self._has_loops = any(op.type == "While" for op in program.inner)

    def borrow(self, shapes: Key) -> Emitted:
        """A function for these shapes that no other run uses until it is given back."""
        idle = self._idle.get(shapes)
        if idle is None or self._irregular != len(self._state.irregular):
            return self._consider(shapes)
        try:
            return idle.pop() if self._alone else idle[-1]
        except IndexError:
            return self._make(shapes)

    def give_back(self, shapes: Key, emitted: Emitted) -> None:
        """Let other runs have a function that `borrow` returned."""
        if emitted is not self._general and self._alone:
            idle = self._idle.get(shapes)
            if idle is not None:
                idle.append(emitted)  # type: ignore[arg-type]

    def specialised(self, shapes: Key) -> Specialised:
        """A new function for these shapes, to look at."""
        return Specialised(self._settled(shapes), self._state, self._rules)

    def _is_large(self, shapes: Key) -> bool:
        """Whether a run with these shapes may take long or need much memory."""
        if self._has_loops or self._state.memory_limit or self._needs >= MIN_CHECKED:
            return True
        return len(self._program.steps) <= MAX_LARGE_STEPS and sum(map(math.prod, shapes)) >= MIN_FED

    def _settled(self, shapes: Key) -> Program:
        program = specialise(self._program, shapes, self._state.irregular, self._rules)
        check_memory(program, self._state)
        return program

    def _consider(self, shapes: Key) -> Emitted:
        if self._irregular != len(self._state.irregular):  # what was known of the shapes of variables is void
            self._irregular = len(self._state.irregular)
            self._idle.clear()
            self._made.clear()
        if shapes not in self._noted and not self._is_large(shapes):
            if len(self._noted) < MAX_NOTED:
                self._noted.add(shapes)
            return self._general
        if len(self._idle) >= MAX_SHAPES:
            return self._general
        self._idle.setdefault(shapes, [])
        return self._make(shapes)

    def _make(self, shapes: Key) -> Emitted:
        instances = self._made.setdefault(shapes, WeakSet())
        if len(instances) >= MAX_INSTANCES:
            return self._general
        made: Any = self.specialised(shapes)
        instances.add(made)
        if not self._alone:
            self._idle[shapes].append(made)
        return made  # type: ignore[no-any-return]
