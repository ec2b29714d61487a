"""What happened to the values of a session while one cell ran."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphmagic.notebook.values import digest, scalar

__all__ = ["Record", "Row", "Series"]


class Series:
    """Samples of a number, thinned evenly so that any number of runs fits into a few samples.

    Which runs are kept depends on their count alone, never on time, so that a notebook gives the same
    picture every time it runs.

    >>> series = Series(limit=4)
    >>> for run in range(9):
    ...     series.add(run)
    >>> series.samples
    [0, 4, 8]
    """

    def __init__(self, limit: int = 32) -> None:
        self.limit = limit
        self.stride = 1
        self.seen = 0
        self.samples: list[Any] = []

    def skips(self) -> bool:
        """Count a sample if it would not be kept; asking is cheap, taking a sample may not be."""
        if self.seen % self.stride == 0:
            return False
        self.seen += 1
        return True

    def add(self, sample: Any) -> None:
        """Count one sample, and keep it if its turn has come."""
        if self.skips():
            return
        if len(self.samples) == self.limit:
            self.samples = self.samples[::2]
            self.stride *= 2
        if self.seen % self.stride == 0:
            self.samples.append(sample)
        self.seen += 1


@dataclass(frozen=True)
class Row:
    """One line of the panel."""

    name: str
    dtype: str
    shape: str
    value: Any
    change: str
    series: tuple[float, ...] = ()
    watched: bool = False


class Record:
    """Follows the variables and watched tensors of a session from the start of a cell.

    Args:
        session: the session.
        watched: tensors to follow as well.
    """

    def __init__(self, session: Any, watched: Iterable[Any] = ()) -> None:
        self.session = session
        self.watched = tuple(watched)
        self.runs_before = session.run_count
        states = [] if session.closed else session.variables()
        self._start = {state.name: digest(state.value) for state in states}
        self.samples = Series()
        self._first: dict[str, bytes | None] = {}
        self._first_numbers: dict[str, float] = {}
        self.sample()

    @property
    def runs(self) -> int:
        """The runs that this cell completed."""
        return int(self.session.run_count) - int(self.runs_before)

    def sample(self) -> None:
        """Note the scalars, and the first value of what had none before the cell."""
        states = [] if self.session.closed else self.session.variables()
        for state in states:
            fresh = state.value is not None and self._start.get(state.name) is None
            if fresh and state.name not in self._first:
                self._first[state.name] = digest(state.value)
        pairs = [(state.name, state.value) for state in states]
        pairs += [(tensor.name, self.session.watched.get(tensor)) for tensor in self.watched]
        numbers = {name: number for name, value in pairs if (number := scalar(value)) is not None}
        self._first_numbers = numbers | self._first_numbers
        self.samples.add(numbers)

    def rows(self) -> list[Row]:
        """The variables as they are now, then the watched tensors."""
        if self.session.closed:
            return []
        return [*map(self._variable, self.session.variables()), *map(self._watch, self.watched)]

    def _variable(self, state: Any) -> Row:
        return Row(
            state.name,
            state.dtype.name.removesuffix("_ref"),
            str(state.shape),
            state.value,
            self._change(state),
            self._series(state.name, state.value),
        )

    def _change(self, state: Any) -> str:
        if state.value is None:
            return ""
        before = self._start.get(state.name)
        now = digest(state.value)
        if before is not None:
            return "" if now == before else "changed"
        return "initialized" if self._first.get(state.name, now) == now else "initialized, changed"

    def _watch(self, tensor: Any) -> Row:
        value = self.session.watched.get(tensor)
        series = self._series(tensor.name, value)
        return Row(tensor.name, tensor.dtype.name, str(tensor.shape), value, "", series, watched=True)

    def _series(self, name: str, latest: Any) -> tuple[float, ...]:
        numbers = [sample[name] for sample in self.samples.samples if name in sample]
        # Thinning may have dropped the first value, if there was none yet when the cell began.
        if name in self._first_numbers and numbers[:1] != [self._first_numbers[name]]:
            numbers.insert(0, self._first_numbers[name])
        last = scalar(latest)
        if last is not None and numbers[-1:] != [last]:
            numbers.append(last)
        return tuple(numbers)
