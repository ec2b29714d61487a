"""What the player needs to know of a run, as plain data for JSON."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from graphmagic.draw.labels import printable, shorten, site_text, value_text
from graphmagic.draw.model import Drawing
from graphmagic.draw.run_table import caption, duration, noted_text, size_text, step_text, typed_text

if TYPE_CHECKING:
    from graphmagic.noted import Noted
    from graphmagic.tracing import Step, Trace

__all__ = ["film_of", "shown_steps"]

MOST_STEPS = 500
"""How many steps a player shows."""
LONGEST = 400


def shown_steps(steps: Sequence[Step], most: int = MOST_STEPS) -> list[tuple[int, Step]]:
    """The steps that a player shows, numbered from 1: of loops that run for long the first and last iterations.

    Args:
        steps: all steps.
        most: how many fit.
    """
    numbered = list(enumerate(steps, 1))
    last = _last_iterations(steps)
    for kept in (64, 32, 16, 8, 4, 2, 1):
        if len(numbered) <= most:
            break
        numbered = [(n, step) for n, step in numbered if _is_near_an_end(step, last, kept)]
    if len(numbered) > most:
        numbered = [*numbered[: most - most // 4], *numbered[-(most // 4) :]]
    return numbered


def _last_iterations(steps: Sequence[Step]) -> dict[Any, int]:
    """For each loop, how far it came: the loop, with the iterations of those around it -> its last iteration."""
    last: dict[Any, int] = {}
    for step in steps:
        for place, iteration in zip(_places(step), step.iterations, strict=True):
            last[place] = max(iteration, last.get(place, 0))
    return last


def _places(step: Step) -> list[Any]:
    """The loops around a step, from outside in, each with the iterations of those around it."""
    loops = [b.owner for b in step.op.block.path() if b.in_loop] if step.op.block is not None else []
    return [(loop, step.iterations[:depth]) for depth, loop in enumerate(reversed(loops))]


def _is_near_an_end(step: Step, last: dict[Any, int], kept: int) -> bool:
    pairs = zip(_places(step), step.iterations, strict=True)
    return all(i < kept or i > last[place] - kept for place, i in pairs)


def film_of(trace: Trace, steps: Sequence[tuple[int, Step]], drawing: Drawing) -> dict[str, Any]:
    """The film of a run.

    Args:
        trace: the run.
        steps: those to show, with their numbers.
        drawing: the picture, whose nodes light up.
    """
    numbers = {node.key: index for index, node in enumerate(drawing.nodes)}
    places = {op.name: index for index, op in enumerate(dict.fromkeys(step.op for _, step in steps))}
    ops = [_operation(op, drawing, numbers) for op in dict.fromkeys(step.op for _, step in steps)]
    return {
        "caption": caption(trace),
        "total": duration(trace.seconds),
        "start": len(steps) if trace.ending else 0,
        "ops": ops,
        "steps": [_step(number, step, places[step.name]) for number, step in steps],
    }


def _operation(op: Any, drawing: Drawing, numbers: dict[str, int]) -> dict[str, Any]:
    inputs = [t.op.name if t.value_index == 0 else t.name for t in op.inputs]
    return {
        "name": printable(op.name),
        "type": op.type,
        "from": [shorten(printable(name)) for name in inputs[:6]] + (["…"] if len(inputs) > 6 else []),
        "site": printable(site_text(op)),
        "own": op.name in numbers,
        "nodes": [numbers[key] for key in drawing.shows.get(op.name, ()) if key in numbers],
    }


def _step(number: int, step: Step, place: int) -> dict[str, Any]:
    data: dict[str, Any] = {
        "n": number,
        "op": place,
        "part": step.part,
        "us": round(step.seconds * 1e6, 2),
        "time": duration(step.seconds),
        "text": shorten(step_text(step), LONGEST),
        "out": [_output(output) for output in step.outputs[:4] if output is not None],
    }
    if step.iterations:
        data["iterations"] = list(step.iterations)
    if step.note:
        data["note"] = step.note
    return data


def _output(noted: Noted) -> dict[str, Any]:
    data: dict[str, Any] = {
        "type": typed_text(noted),
        "size": size_text(noted.nbytes),
        "text": shorten(noted_text(noted), LONGEST),
    }
    if noted.value is not None and noted.shape and noted.value.size and noted.value.ndim <= 2:
        rows = noted.value if noted.value.ndim == 2 else noted.value[None]
        if rows.shape[1] <= 10:
            data["rows"] = [[printable(value_text(item)) for item in row] for row in rows]
    if noted.histogram:
        data["histogram"] = list(noted.histogram)
        data["ends"] = [f"{noted.low:.4g}", f"{noted.high:.4g}"]
    if noted.picture is not None and noted.picture.size > 6:
        data["picture"] = {
            "width": noted.picture.shape[1],
            "cells": base64.b64encode(noted.picture.tobytes()).decode(),
            "signed": noted.scale[0] < 0 < noted.scale[1],
            "slice": noted.slice,
        }
    return data
