"""What happened to the values of a session while one cell ran."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphmagic.notebook.values import digest, norm, scalar

__all__ = ["Record", "Row", "Series", "Track"]

SCALARS, NORMS = 32, 10


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

    def __init__(self, limit: int) -> None:
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


class Track:
    """A number of each variable and tensor, sampled over the runs of a cell.

    Args:
        measure: gives the number of a value, None if it has none.
        limit: how many samples to keep.
    """

    def __init__(self, measure: Callable[[Any], float | None], limit: int) -> None:
        self.measure = measure
        self.series = Series(limit)
        self._first: dict[str, float] = {}

    def sample(self, values: Mapping[str, Any]) -> None:
        """Take a sample, given all values by name."""
        numbers = {
            name: number for name, value in values.items() if (number := self.measure(value)) is not None
        }
        self._first = numbers | self._first
        self.series.add(numbers)

    def of(self, name: str, latest: Any) -> tuple[float, ...]:
        """The samples of one name, with its first and its latest value."""
        numbers = [sample[name] for sample in self.series.samples if name in sample]
        # Thinning may have dropped the first value, if there was none yet when the cell began.
        if name in self._first and numbers[:1] != [self._first[name]]:
            numbers.insert(0, self._first[name])
        last = self.measure(latest)
        if last is not None and numbers[-1:] != [last]:
            numbers.append(last)
        return tuple(numbers)


@dataclass(frozen=True)
class Row:
    """What is known of a variable or a watched tensor."""

    name: str
    dtype: str
    shape: str
    value: Any
    change: str
    series: tuple[float, ...] = ()
    norms: tuple[float, ...] = ()
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
        self._start = {state.name: digest(state.value) for state in self._states()}
        self._first: dict[str, bytes | None] = {}
        self._changed: dict[str, str] = {}
        self._scalars = Track(scalar, SCALARS)
        # A norm reads the whole array, so it is taken less often.
        self._norms = Track(norm, NORMS)
        self.sample(self.due())

    @property
    def runs(self) -> int:
        """The runs that this cell completed."""
        return int(self.session.run_count) - int(self.runs_before)

    def due(self) -> list[Track]:
        """Count a run, and tell which samples are to be taken after it: mostly none."""
        return [track for track in (self._scalars, self._norms) if not track.series.skips()]

    def sample(self, due: list[Track]) -> None:
        """Take samples, and note the first value of what had none before the cell."""
        states = self._states()
        for state in states:
            fresh = state.value is not None and self._start.get(state.name) is None
            if fresh and state.name not in self._first:
                self._first[state.name] = digest(state.value)
        values = {state.name: state.value for state in states}
        values |= {tensor.name: self.session.watched.get(tensor) for tensor in self.watched}
        for track in due:
            track.sample(values)

    def rows(self, final: bool = True) -> list[Row]:
        """The variables as they are now, then the watched tensors.

        Args:
            final: look again whether what had changed is as it was; that reads all of the values.
        """
        if self.session.closed:
            return []
        if final:
            self._changed.clear()
        return [*map(self._variable, self._states()), *map(self._watch, self.watched)]

    def _states(self) -> list[Any]:
        return [] if self.session.closed else self.session.variables()

    def _variable(self, state: Any) -> Row:
        return Row(
            state.name,
            state.dtype.name.removesuffix("_ref"),
            str(state.shape),
            state.value,
            self._change(state),
            self._scalars.of(state.name, state.value),
            self._norms.of(state.name, state.value),
        )

    def _change(self, state: Any) -> str:
        if state.value is None:
            return ""
        if state.name in self._changed:
            return self._changed[state.name]
        before, now = self._start.get(state.name), digest(state.value)
        if before is None and self._first.get(state.name, now) == now:
            return "initialized"
        if now == before:
            return ""
        self._changed[state.name] = "changed" if before is not None else "initialized, changed"
        return self._changed[state.name]

    def _watch(self, tensor: Any) -> Row:
        value = self.session.watched.get(tensor)
        return Row(
            tensor.name,
            tensor.dtype.name,
            str(tensor.shape),
            value,
            "",
            self._scalars.of(tensor.name, value),
            self._norms.of(tensor.name, value),
            watched=True,
        )
