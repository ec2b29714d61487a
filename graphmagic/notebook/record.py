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

    def __init__(self, limit: int = 64) -> None:
        self.limit = limit
        self.stride = 1
        self.seen = 0
        self.samples: list[Any] = []

    @property
    def wants(self) -> bool:
        """Whether the next sample would be kept; asking is cheap, taking a sample may not be."""
        return self.seen % self.stride == 0

    def add(self, sample: Any) -> None:
        """Count one sample, and keep it if its turn has come."""
        if self.wants:
            if len(self.samples) == self.limit:
                self.samples = self.samples[::2]
                self.stride *= 2
            if self.wants:
                self.samples.append(sample)
        self.seen += 1

    def skip(self) -> None:
        """Count a sample whose value nobody needs."""
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
        self._samples = Series()
        self._samples.add(self._numbers())

    @property
    def runs(self) -> int:
        """The runs that this cell completed."""
        return int(self.session.run_count) - int(self.runs_before)

    def after_run(self) -> None:
        """Note the scalars after a run; cheap, for it is called after every one."""
        if self._samples.wants and not self.session.closed:
            self._samples.add(self._numbers())
        else:
            self._samples.skip()

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
        if before is None:
            return "initialized"
        return "" if digest(state.value) == before else "changed"

    def _watch(self, tensor: Any) -> Row:
        value = self.session.watched.get(tensor)
        series = self._series(tensor.name, value)
        return Row(tensor.name, tensor.dtype.name, str(tensor.shape), value, "", series, watched=True)

    def _series(self, name: str, latest: Any) -> tuple[float, ...]:
        numbers = [sample[name] for sample in self._samples.samples if name in sample]
        last = scalar(latest)
        if last is not None and (self._samples.seen - 1) % self._samples.stride:
            numbers.append(last)
        return tuple(numbers)

    def _numbers(self) -> dict[str, float]:
        if self.session.closed:
            return {}
        pairs = [(state.name, state.value) for state in self.session.variables()]
        pairs += [(tensor.name, self.session.watched.get(tensor)) for tensor in self.watched]
        numbers = {name: scalar(value) for name, value in pairs}
        return {name: value for name, value in numbers.items() if value is not None}
