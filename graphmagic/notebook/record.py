"""What happened to the values of a session while one cell ran."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphmagic.notebook.values import digest, norm, scalar

__all__ = ["Record", "Row", "Series", "Track"]

SCALARS, NORMS, FEW_NORMS = 32, 10, 2
"""How many samples of a trend are kept."""
MANY = 200
"""Of more variables than this, fewer norms are taken."""


class Series:
    """Samples of a number, thinned evenly so that any number of runs fits into a few samples.

    Which runs are kept depends on their count alone, never on time, so that a notebook gives the same
    picture every time it runs.

    Args:
        limit: how many samples to keep, an even number.

    Attributes:
        due: the number of the next run to take a sample after.

    >>> series = Series(limit=4)
    >>> for run in range(9):
    ...     series.add(run, run)
    >>> series.samples, series.due
    ([0, 4, 8], 12)
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.due = 0
        self.samples: list[Any] = []
        self._stride = 1

    def add(self, run: int, sample: Any) -> None:
        """Keep a sample if its turn has come."""
        if run < self.due:
            return
        if len(self.samples) == self.limit:
            self.samples = self.samples[::2]
            self._stride *= 2
        self.samples.append(sample)
        self.due = (run // self._stride + 1) * self._stride


class Track:
    """A number of each variable and tensor, sampled over the runs of a cell.

    Args:
        measure: gives the number of a value, None if it has none.
        limit: how many samples to keep.
        fits: whether what has that many dimensions (None: not known) can have such a number.
    """

    def __init__(
        self, measure: Callable[[Any], float | None], limit: int, fits: Callable[[int | None], bool]
    ) -> None:
        self.measure = measure
        self.fits = fits
        self.series = Series(limit)
        self._first: dict[str, float] = {}

    def sample(self, run: int, values: Iterable[tuple[str, Any]]) -> None:
        """Take a sample after a run, given names with values."""
        numbers = {name: number for name, value in values if (number := self.measure(value)) is not None}
        self._first = numbers | self._first
        self.series.add(run, numbers)

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
        self.runs_before = int(session.run_count)
        self._start = {state.name: digest(state.value) for state in self._states()}
        self._first: dict[str, bytes | None] = {}
        self._changed: dict[str, str] = {}
        many = len(self._start) > MANY
        self._scalars = Track(scalar, SCALARS, lambda rank: rank in (0, None))
        # A norm reads the whole array, so it is taken less often, and of thousands of variables less often still.
        self._norms = Track(norm, FEW_NORMS if many else NORMS, lambda rank: rank != 0)
        self._known: list[Any] | None = None
        self._empty: list[Any] = []
        self._measured: dict[Track, list[Any]] = {}
        self.sample()

    @property
    def runs(self) -> int:
        """The runs that this cell completed."""
        return int(self.session.run_count) - self.runs_before

    @property
    def due(self) -> int:
        """How many runs the session has completed when samples are to be taken again."""
        return self.runs_before + min(self._scalars.series.due, self._norms.series.due)

    def sample(self) -> None:
        """Take the samples that are due, and note the first value of what had none before the cell."""
        if self.session.closed:
            return
        run = self.runs
        self._know(self.session.variable_operations())
        self._note_first()
        for track, ops in self._measured.items():
            if run >= track.series.due:
                track.sample(run, self._named_values(ops, track))

    def _know(self, ops: list[Any]) -> None:
        """Sort the variables by what can be measured of them; the list is another one if variables were added."""
        if ops is self._known:
            return
        self._known = ops
        self._empty = [op for op in ops if self._start.get(op.name) is None and op.name not in self._first]
        self._measured = {
            track: [op for op in ops if track.fits(op.outputs[0].shape.ndims)]
            for track in (self._scalars, self._norms)
        }

    def _note_first(self) -> None:
        """Keep the fingerprints of values that a variable had before any others."""
        values = [(op, self.session.value_of(op)) for op in self._empty]
        self._first |= {op.name: digest(value) for op, value in values if value is not None}
        self._empty = [op for op, value in values if value is None]

    def _named_values(self, ops: list[Any], track: Track) -> Iterator[tuple[str, Any]]:
        for op in ops:
            yield op.name, self.session.value_of(op)
        for tensor in self.watched:
            if track.fits(tensor.shape.ndims):
                yield tensor.name, self.session.watched.get(tensor)

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
