"""The pass that specialises a program to the shapes that are fed: with them, nearly all shapes are known."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from typing import Any

import numpy as np

from graphmagic.engine.elements import element_shapes, joined
from graphmagic.engine.fusion import FUSION_RULES, fuse
from graphmagic.engine.image_chains import chain_images
from graphmagic.engine.narrow import narrow_products
from graphmagic.engine.passes import drop_unused, folded
from graphmagic.engine.program import Inner, Program
from graphmagic.engine.simplify import RENAMES, has_effects, merge_equal, skip_identities
from graphmagic.engine.stand_ins import StandIn
from graphmagic.engine.state import variable_of
from graphmagic.graph.constants import group_by_argument
from graphmagic.graph.node import Operation, Tensor
from graphmagic.shapes import TensorShape

__all__ = ["settle_shapes", "specialise", "specialising", "variable_shape"]

Shape = tuple[int, ...]
# For an operation, what is known around it, and what follows for what it runs.
Done = dict[Any, tuple[Inner, list[Shape | None]]]


def specialise(
    program: Program,
    feed_shapes: Sequence[Shape | None],
    irregular: Set[int] = frozenset(),
    rules: Set[str] = FUSION_RULES,
    done: Done | None = None,
) -> Program:
    """A program for one set of shapes of the feeds; arguments as `settle_shapes` and `fuse`."""
    for one_pass in specialising(feed_shapes, irregular, rules, done).values():
        program = one_pass(program)
    return program


def specialising(
    feed_shapes: Sequence[Shape | None],
    irregular: Set[int] = frozenset(),
    rules: Set[str] = FUSION_RULES,
    done: Done | None = None,
) -> dict[str, Callable[[Program], Program]]:
    """The passes of `specialise` by name, in order.

    >>> list(specialising([]))
    ['settle_shapes', 'skip_identities', 'merge_equal', 'drop_unused', 'chain_images', 'narrow_products', 'fuse']
    """
    return {
        "settle_shapes": lambda program: settle_shapes(program, feed_shapes, irregular, rules, done),
        "skip_identities": skip_identities,
        "merge_equal": merge_equal,
        "drop_unused": drop_unused,
        "chain_images": chain_images,
        "narrow_products": narrow_products,
        "fuse": lambda program: fuse(program, rules),
    }


def settle_shapes(
    program: Program,
    feed_shapes: Sequence[Shape | None],
    irregular: Set[int] = frozenset(),
    rules: Set[str] = FUSION_RULES,
    done: Done | None = None,
) -> Program:
    """Find out all shapes that follow from those of the feeds, and compute what depends on nothing else.

    The rules are those that infer static shapes while a graph is built.

    Args:
        program: the program.
        feed_shapes: the shapes of the fed arrays, None where it is not known.
        irregular: numbers of variables that may have another shape than was declared.
        rules: those of `fuse`, for what is in branches and loops.
        done: what was found out of branches and loops before, to look up and to add to.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32)
    >>> y = tf.ones_like(x) + tf.cast(tf.size(x), tf.float32)
    >>> from graphmagic.engine.passes import improve
    >>> settled = settle_shapes(improve(Program((y,), (), feeds=(x,))), [(2, 3)])
    >>> settled.shapes[y], [op.type for op in settled.steps], float(settled.constants[y][0, 0])
    ((2, 3), [], 7.0)
    """
    shapes: dict[Tensor, Shape] = {
        t: shape for t, shape in zip(program.feeds, feed_shapes, strict=True) if shape is not None
    }
    constants = dict(program.constants)
    current = replace(program, constants=constants, shapes=shapes)
    done = {} if done is None else done
    fed, steps, inner = set(program.feeds), [], dict(program.inner)
    shapes.update((t, np.shape(v)) for t, v in constants.items())
    for op in program.steps:
        values = None if fed.intersection(op.outputs) else _known_values(op, current, shapes)
        if values is not None:
            constants.update(zip(op.outputs, values, strict=True))
            shapes.update((t, np.shape(v)) for t, v in zip(op.outputs, values, strict=True))
            continue
        steps.append(op)
        if op in inner:
            inner[op], results = settle_inner(op, inner[op], current, (irregular, rules, done))
        else:
            results = _result_shapes(op, current, shapes, irregular)
        for tensor, shape in zip(op.outputs, results, strict=True):
            if shape is not None and tensor not in fed:
                shapes[tensor] = shape
    return replace(program, steps=tuple(steps), constants=constants, shapes=shapes, inner=inner)


# ----- branches and loops -----


def settle_inner(
    op: Operation,
    inner: Inner,
    program: Program,
    how: tuple[Set[int], Set[str], Done],
) -> tuple[Inner, list[Shape | None]]:
    """Settle the shapes inside a branch or a loop, given those outside.

    Args:
        op: the branch or loop.
        inner: what it runs.
        program: the program around, with the shapes that are known.
        how: further arguments of `specialise`.

    Returns:
        What it runs, and the shapes of the operation's outputs.
    """
    start: list[Shape | None] = []
    if op.type == "While":
        start = [program.shapes.get(program.source(op.inputs[i])) for i in inner.kept]
    parts = [_with_constants(part, len(start), program) for part in inner.programs]
    outside = [[program.shapes.get(program.source(t)) for t in part.feeds[len(start) :]] for part in parts]
    done = how[-1]
    key = op, tuple(start), *map(tuple, outside), *[_constants_key(part) for part in parts]
    if key not in done:
        while True:  # what is unknown of the variables of a loop only grows
            settled = [
                specialise(part, [*start, *known], *how) for part, known in zip(parts, outside, strict=True)
            ]
            found = [[p.shapes.get(p.source(t)) for t in p.fetches] for p in settled]
            following = [
                joined(*s) for s in zip(*(found if op.type == "If" else [start, found[1]]), strict=True)
            ]
            if op.type == "If" or following == start:
                break
            start = following
        position = dict(zip(inner.kept, following, strict=True))
        done[key] = Inner(tuple(settled), inner.kept), [position.get(i) for i in range(len(op.outputs))]
    return done[key]


def _constants_key(part: Program) -> tuple[Any, ...]:
    """What tells the constants of a block apart from those that it has where more or less is known."""
    return tuple(part.constants)


def _with_constants(part: Program, first: int, program: Program) -> Program:
    """What is inside, knowing what has become known outside."""
    values = {t: program.constants.get(program.source(t)) for t in part.feeds[first:]}
    known = {t: value for t, value in values.items() if value is not None}
    feeds = tuple([t for i, t in enumerate(part.feeds) if i < first or t not in known])
    return replace(part, feeds=feeds, constants={**part.constants, **known})


def _known_values(op: Operation, program: Program, shapes: dict[Tensor, Shape]) -> list[Any] | None:
    if op.type in ("Shape", "Size", "Rank") and not op.control_inputs:
        shape = shapes.get(program.source(op.inputs[0]))
        if shape is None:
            return None
        answers: dict[str, Any] = {"Shape": shape, "Size": math.prod(shape), "Rank": len(shape)}
        return [np.array(answers[op.type], op.outputs[0].dtype.numpy)]
    return folded(op, program)


def _result_shapes(
    op: Operation, program: Program, shapes: dict[Tensor, Shape], irregular: Set[int]
) -> list[Shape | None]:
    unknown: list[Shape | None] = [None] * len(op.outputs)
    if op.type == "Identity" and op.inputs[0].dtype.is_ref_dtype:
        return [variable_shape(op.inputs[0], irregular)]
    known = [shapes.get(program.source(t)) for t in op.inputs]
    if op.type in RENAMES:
        return known[:1]
    found = element_shapes(op, known)
    if found is not None:
        return found
    if op.opdef.shape_function is None or "op" in op.opdef.shape_attrs:
        return unknown
    if has_effects(op) and not _is_random(op):
        return unknown
    if op.opdef.elementwise and op.opdef.broadcasts and None not in known:
        try:
            return [np.broadcast_shapes(*known)] * len(op.outputs)  # type: ignore[arg-type]
        except ValueError:
            return unknown
    return _by_rule(op, program, known) or unknown


def _is_random(op: Operation) -> bool:
    """Whether the only state of an operation is its stream of random numbers, which no shape depends on."""
    return "seed2" in op.opdef.defaults and not any(
        t.dtype.stands_for_state for t in (*op.inputs, *op.outputs)
    )


def variable_shape(ref: Tensor, irregular: Set[int]) -> Shape | None:
    """The shape that the value of a variable has in every run, if that is known."""
    variable = variable_of(ref)
    ints = variable.outputs[0].shape.ints
    return None if ints is None or None in ints or variable.id in irregular else ints  # type: ignore[return-value]


def _by_rule(op: Operation, program: Program, known: list[Shape | None]) -> list[Shape | None] | None:
    rule = op.opdef.shape_function
    assert rule is not None
    stands = [
        StandIn(t.dtype, shape, program.constants.get(program.source(t)))
        for t, shape in zip(op.inputs, known, strict=True)
    ]
    keywords = {key: op.attrs.get(key) for key in op.opdef.shape_attrs}
    try:
        result = rule(*group_by_argument(op, stands), **keywords)
    except Exception:
        # The rule asks for more than a stand-in has, or the kernel will fail with a better message.
        return None
    results = result if isinstance(result, list) else [result]
    ints = [r.ints if isinstance(r, TensorShape) else None for r in results]
    return [None if i is None or None in i else tuple(map(int, i)) for i in ints]  # type: ignore[arg-type]
