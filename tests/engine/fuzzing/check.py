"""Running one random graph in both ways, and what must hold."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any
from unittest.mock import patch

import numpy as np

import graphmagic as tf
from fuzzing.graphs import RandomGraph
from fuzzing.plain import evaluate
from fuzzing.stops import interrupted, paused_run, stopped_after
from graphmagic.engine.plan import Plan
from graphmagic.engine.specialised import RULES

__all__ = ["check"]

RUNS = 5
# Sizes at which the engine begins to do things, so small that the arrays of most graphs reach them.
SMALL_RECYCLED = {"lower_writes.MIN_RECYCLED_BYTES": 0, "lower_steps.MIN_RECYCLED_BYTES": 0}
SMALL_BLOCKS = {
    "fusion.MIN_FUSED": 4,
    "loops.MIN_BLOCK": 16,
    "loops.MAX_BLOCK": 64,
    "lower_fused.MIN_SPLIT": 32,
    "lower_arrays.MIN_SPLIT": 500,
    "tiles.SMALL": 1500,
    "tiles.MIN_DEPTH": 2,
    "tiles.MAX_DEPTH": 8,
}
SMALL_IMAGES = {"prepared_conv.BLOCK_BYTES": 4000, "image_chains.FEW_BYTES": 800}


def check(seed: int, rules: frozenset[str] = RULES) -> None:
    """Compare the engine with the plain evaluator on the graph of this seed.

    Args:
        seed: which graph.
        rules: the rules of safety that the engine keeps.

    Raises:
        AssertionError: they differ, or a run touched what belongs to somebody else.
    """
    sizes = {**(SMALL_RECYCLED if seed % 3 else {}), **(SMALL_BLOCKS if seed % 8 < 5 else {})}
    with ExitStack() as patches:
        patches.enter_context(patch("graphmagic.session.Plan", partial(Plan, rules=rules)))
        for name, value in sizes.items():
            patches.enter_context(patch(f"graphmagic.engine.{name}", value))
        for name, value in (SMALL_IMAGES if seed % 2 else {}).items():
            patches.enter_context(patch(f"graphmagic.nn.{name}", value))
        patches.enter_context(patch("graphmagic.engine.lower_arrays.pays", lambda: seed % 4 < 3))
        _check(seed)


def _check(seed: int) -> None:
    graph = RandomGraph(seed, writing=seed % 4 != 0)
    session = tf.Session(graph=graph.graph)
    starts = graph.starts()
    expected = {op: value.copy() for op, value in starts.items()}
    for op, value in starts.items():
        session.load(op, value)
    seen: list[tuple[list[Any], list[Any]]] = []
    kept: list[tuple[list[Any], list[Any]]] = []
    for _ in range(RUNS):
        feeds = graph.new_feeds()
        before = {t: a.copy() for t, a in feeds.items()}
        results = session.run([graph.fetches, graph.targets], feeds)[0]
        _compare(results, evaluate(graph.fetches, graph.targets, before, expected), "a result")
        _compare(list(feeds.values()), list(before.values()), "a fed array")
        _compare(_held(session), [expected[v.op] for v in graph.variables], "a variable")
        _check_owners(results, feeds, session)
        if seed % 5 < 2:  # otherwise nobody holds the old arrays, so that their memory is used again
            seen.append((_held(session), [np.array(a) for a in _held(session)]))
        if seed % 2:
            _spoil(results, feeds)
        else:
            kept.append((results, [np.array(r) for r in results]))
    for results, copies in kept:
        _compare(results, copies, "a result of an earlier run")
    for arrays, copies in seen:
        _compare(arrays, copies, "what a variable held earlier")
    if graph.writing:
        _check_interrupt(graph, session, expected)
    else:
        _check_pause(graph, session, expected)
        _check_threads(graph, session, expected)


def _held(session: Any) -> list[Any]:
    return [v.value for v in session.variables()]


def _compare(found: list[Any], wanted: list[Any], what: str) -> None:
    for index, (a, b) in enumerate(zip(found, wanted, strict=True)):
        assert np.shape(a) == np.shape(b), f"{what} ({index}) has shape {np.shape(a)}, not {np.shape(b)}"
        assert a.dtype == b.dtype, f"{what} ({index}) has type {a.dtype}, not {b.dtype}"
        assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), (
            f"{what} ({index}) of shape {np.shape(a)} differs"
        )


def _check_owners(results: list[Any], feeds: dict[Any, Any], session: Any) -> None:
    arrays = [r for r in results if isinstance(r, np.ndarray)]
    fed = [a for a in feeds.values() if not any(a is r for r in arrays)]
    for index, array in enumerate(arrays):
        others = [*fed, *_held(session), *[a for a in arrays[:index] if a is not array]]
        shared = any(np.may_share_memory(array, other) for other in others)
        assert not shared, f"result {index} is not the caller's own"


def _spoil(results: list[Any], feeds: dict[Any, Any]) -> None:
    """The caller may do with results and fed arrays what he likes."""
    for array in (*results, *feeds.values()):
        if isinstance(array, np.ndarray):
            array[...] = 77


def _check_interrupt(graph: RandomGraph, session: Any, variables: dict[Any, Any]) -> None:
    """An interrupt leaves every variable at a value it had, and the session goes on with those."""
    feeds = graph.new_feeds()
    history = {op: [value.copy()] for op, value in variables.items()}
    evaluate(graph.fetches, graph.targets, feeds, dict(variables), history)
    if _interrupt(graph, lambda: session.run([graph.fetches, graph.targets], feeds)):
        for variable, value in zip(graph.variables, _held(session), strict=True):
            known = [old for old in history[variable.op] if np.array_equal(old, value, equal_nan=True)]
            assert known, f"an interrupt left {variable.op.name} at a value that it never had"
    else:
        evaluate(graph.fetches, graph.targets, feeds, variables)
    variables.update({v.op: np.array(a) for v, a in zip(graph.variables, _held(session), strict=True)})
    for _ in range(2):
        results = session.run([graph.fetches, graph.targets], feeds)[0]
        wanted = evaluate(graph.fetches, graph.targets, feeds, variables)
        _compare(results, wanted, "a result after an interrupt")


def _interrupt(graph: RandomGraph, run: Callable[[], Any]) -> bool:
    if graph.training:
        return stopped_after(run, graph.random.choice([1e-4, 3e-4, 1e-3, 3e-3]) * graph.random.random())
    return interrupted(run, graph.random.randrange(1, graph.random.choice([40, 400, 4000])))


def _check_pause(graph: RandomGraph, session: Any, variables: dict[Any, Any]) -> None:
    """A run that another one overtakes is not disturbed by it."""
    one, two = graph.new_feeds(), graph.new_feeds()
    wanted = [evaluate(graph.fetches, [], feeds, variables) for feeds in (one, two)]

    def overtake() -> None:
        _compare(session.run(graph.fetches, two), wanted[1], "a result of a run that overtakes another")

    session.run(graph.fetches, one)
    session.run(graph.fetches, one)
    for at in graph.random.sample(range(1, 25), 4):
        results = paused_run(lambda: session.run(graph.fetches, one), at, overtake)
        _compare(results, wanted[0], "a result of a run that another overtakes")


def _check_threads(graph: RandomGraph, session: Any, variables: dict[Any, Any]) -> None:
    many_feeds = [graph.new_feeds() for _ in range(3)]
    jobs = [(feeds, evaluate(graph.fetches, [], feeds, variables)) for feeds in many_feeds]
    failures: list[BaseException] = []

    def work(feeds: dict[Any, Any], wanted: list[Any]) -> None:
        try:
            for _ in range(4):
                _compare(session.run(graph.fetches, feeds), wanted, "a result in a thread")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
