"""How much memory a run needs at once, and what is said before it takes more than the session may use."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

from graphmagic import errors
from graphmagic.engine.lifetimes import last_uses
from graphmagic.engine.program import Program
from graphmagic.engine.state import State
from graphmagic.graph.explain import created_at, with_notes
from graphmagic.graph.node import Tensor

__all__ = ["Footprint", "available_memory", "check_memory", "footprint", "size_of"]

MIN_CHECKED = 1 << 26  # bytes; a run that needs less is never refused unless the session's own limit says so
SHOWN = 4


@dataclass(frozen=True)
class Footprint:
    """The moment of a run at which the values that are needed take the most memory.

    Attributes:
        nbytes: how much they take.
        tensors: which values these are, the largest first, with their sizes.
    """

    nbytes: int
    tensors: tuple[tuple[Tensor, int], ...]


def footprint(program: Program) -> Footprint:
    """What a program needs at once of the values whose shapes are known, besides its feeds, constants and variables.

    Args:
        program: a program, best one whose shapes are settled.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, [1000])
    >>> product = x[:, None] * x
    >>> total = tf.reduce_sum(product)
    >>> found = footprint(Program((total,), (), (x,), steps=(product.op.inputs[0].op, product.op, total.op)))
    >>> found.nbytes, [t.name for t, _ in found.tensors]
    (4000004, ['mul:0', 'Sum:0'])
    """
    last = last_uses(program)
    dying: dict[int, list[Tensor]] = {}
    for tensor, position in last.items():
        dying.setdefault(position, []).append(tensor)
    live: dict[Tensor, int] = {}
    now, most, peak = 0, -1, {}
    for position, op in enumerate(program.steps):
        if not op.opdef.view:
            for tensor in op.outputs:
                live[tensor] = size_of(program, tensor)
                now += live[tensor]
        inside = [footprint(part) for part in program.inner[op].programs] if op in program.inner else []
        extra = max(inside, key=lambda found: found.nbytes, default=Footprint(0, ()))
        if now + extra.nbytes > most:
            most, peak = now + extra.nbytes, {**live, **dict(extra.tensors)}
        for tensor in dying.get(position, ()):
            now -= live.pop(tensor, 0)
    largest = sorted(peak.items(), key=lambda item: -item[1])[:SHOWN]
    return Footprint(max(most, 0), tuple([item for item in largest if item[1]]))


def size_of(program: Program, tensor: Tensor) -> int:
    """The bytes of a tensor's value, 0 if they are not known, or if it is a variable's."""
    if tensor.dtype.is_ref_dtype:
        return 0
    shape = program.shape_of(tensor)
    if shape is None:
        return 0
    kind = tensor.dtype.numpy
    return 0 if kind.hasobject else (max(math.prod(shape), 0) if shape else 1) * kind.itemsize


def available_memory() -> int | None:
    """The bytes of memory that this process could still get, None if the system does not tell.

    >>> available_memory() is None or available_memory() > 0
    True
    """
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None


def check_memory(program: Program, state: State) -> None:
    """Refuse a run that would take more memory than the session may use.

    Args:
        program: what is to be run.
        state: the session's state, with its limit.

    Raises:
        ResourceExhaustedError: it needs more; the error names the largest values.
    """
    found = footprint(program)
    limit: int | None = state.memory_limit
    held = sum(value.nbytes for value in state.values.values())
    if not limit:
        limit, held = (available_memory() if found.nbytes > MIN_CHECKED else None), 0
    if limit is None or found.nbytes + held <= limit or not found.tensors:
        return
    largest = found.tensors[0][0]
    shape = ",".join(map(str, program.shape_of(largest) or ()))
    text = (
        f"OOM when allocating tensor with shape[{shape}] and type {largest.dtype.base_dtype.name}: this run needs "
        f"{_amount(found.nbytes + held)} at once, and {_amount(limit)} may be used"
    )
    sizes = [f"{t.name} of shape {program.shape_of(t)}: {_amount(size)}" for t, size in found.tensors]
    op = largest.op
    raise with_notes(
        errors.ResourceExhaustedError(op.node_def, op, f"{text}\n\t [[{{{{node {op.name}}}}}]]"),
        f"The largest values at that moment: {'; '.join(sizes)}"
        + (f"; variables: {_amount(held)}" if held else ""),
        created_at(op),
        "To fix it: use smaller batches or shapes. The limit is that of the machine, or what "
        "tf.ConfigProto(memory_limit_bytes=...) says.",
    )


def _amount(nbytes: int) -> str:
    """A number of bytes for people.

    >>> _amount(999), _amount(40_000_000_000)
    ('999 bytes', '40.0 GB')
    """
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if nbytes >= size:
            return f"{nbytes / size:.1f} {unit}"
    return f"{nbytes} bytes"
