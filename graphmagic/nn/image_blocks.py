"""Batches of images, a few at a time, so that all that belongs to those stays in the cache."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from graphmagic.parallel import Contest, both

__all__ = ["ImageBlocks", "Worker"]


class Worker(Protocol):
    """Does the work on some images, with memory of its own."""

    def begin(self) -> None:
        """Get ready for the first of some images."""

    def __call__(self, part: slice, *arrays: Any) -> None:
        """Do the work on some images of the arrays."""


class ImageBlocks:
    """Work on a batch, a few images at a time; halves of it in two threads if that is faster.

    Args:
        batch: how many images there are.
        images: how many at a time.
        make: makes a worker for so many images at a time.
        threads: how many threads there may be.

    >>> class Notes(list):
    ...     begin = list.clear
    ...     def __call__(self, part, x): self.append(x[part])
    >>> ImageBlocks(5, 2, lambda images: Notes(), 1)("abcde")
    [['ab', 'cd', 'e']]
    """

    def __init__(self, batch: int, images: int, make: Callable[[int], Worker], threads: int) -> None:
        self._batch = batch
        splits = threads > 1 and batch > 1
        most = batch - batch // 2 if splits else batch
        self.images = max(1, min(images, most))
        self._workers = [make(self.images) for _ in range(2 if splits else 1)]
        self._run: Callable[..., list[Any]] = Contest(self._alone, self._in_halves) if splits else self._alone

    def __call__(self, *arrays: Any) -> list[Any]:
        """The workers that did it: each has what it collected of its images."""
        return self._run(*arrays)

    def _alone(self, *arrays: Any) -> list[Any]:
        return [self._work(self._workers[0], 0, self._batch, *arrays)]

    def _in_halves(self, *arrays: Any) -> list[Any]:
        one, other = self._workers
        middle = self._batch // 2
        return list(
            both(
                partial(self._work, one, 0, middle, *arrays),
                partial(self._work, other, middle, self._batch, *arrays),
            )
        )

    def _work(self, worker: Worker, first: int, last: int, *arrays: Any) -> Worker:
        worker.begin()
        for start in range(first, last, self.images):
            worker(slice(start, min(start + self.images, last)), *arrays)
        return worker
