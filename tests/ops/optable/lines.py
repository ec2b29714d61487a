"""The table together with the recorded answers, in the form in which the tests go through it."""

from __future__ import annotations

from typing import Any, NamedTuple

from optable import CASES, MISTAKES
from optable.answers import decode, load
from optable.case import Case, Mistake
from optable.running import MODES, as_array

__all__ = ["CASE_LINES", "MISTAKE_LINES", "CaseLine", "MistakeLine"]


class CaseLine(NamedTuple):
    """A case and what is recorded about it; nothing for a case that TensorFlow has no operation for."""

    case: Case
    answer: dict[str, Any]

    @property
    def is_recorded(self) -> bool:
        return self.case.reference is None

    def static(self, mode: str) -> Any:
        """What must be known while building: types and shapes, or an error."""
        return self.case.shapes.get(mode) or self.answer.get(mode)

    def builds(self, mode: str) -> bool:
        """Whether the case can be built when so much is known about the shapes."""
        found = self.static(mode)
        return not (found and isinstance(found[0], str))

    def values(self) -> list[Any]:
        """The right values."""
        if self.case.reference is None:
            return [decode(v) for v in self.answer["values"]]
        values = self.case.reference(*self.case.inputs)
        return [as_array(v) for v in (values if isinstance(values, list) else [values])]

    def gradients(self) -> list[Any]:
        """The right gradients, None where there is none."""
        if self.case.gradients is not None:
            return list(self.case.gradients)
        return [decode(g) for g in self.answer["gradients"]]


class MistakeLine(NamedTuple):
    """A mistake, how much is known about the shapes, and the error it must give."""

    mistake: Mistake
    mode: str
    answer: list[str]


def _case_lines() -> list[CaseLine]:
    lines = []
    for family, cases in CASES.items():
        answers = load(family)["cases"]
        lines += [CaseLine(case, answers.get(case.id, {})) for case in cases]
    return lines


def _mistake_lines() -> list[MistakeLine]:
    lines = []
    for family, mistakes in MISTAKES.items():
        answers = load(family)["mistakes"]
        for mistake in mistakes:
            answer = answers.get(mistake.id, {})
            lines += [
                MistakeLine(mistake, mode, list(mistake.says.get(mode) or answer.get(mode, [])))
                for mode in mistake.modes
            ]
    return lines


CASE_LINES: dict[str, CaseLine] = {line.case.id: line for line in _case_lines()}
BUILDABLE = {
    f"{id}-{mode}": (line, mode) for id, line in CASE_LINES.items() for mode in MODES if line.builds(mode)
}
MISTAKE_LINES: dict[str, MistakeLine] = {f"{line.mistake.id}-{line.mode}": line for line in _mistake_lines()}
