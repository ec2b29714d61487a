"""The operations of data sets that look at several elements: windows, groups, folds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from graphmagic.data.sources import Element, Source, source_op
from graphmagic.errors import OpError
from graphmagic.graph.node import Operation
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid

__all__ = [
    "directed_op",
    "group_op",
    "ignore_op",
    "reduce_op",
    "scan_op",
    "single_op",
    "take_while_op",
    "unbatch_op",
    "unique_op",
    "window_op",
]

# ----- windows -----

window_op = source_op(
    "WindowDataset", "input_dataset:variant, size:int64, shift:int64, stride:int64, drop_remainder:bool"
)
unbatch_op = source_op("UnbatchDataset", "input_dataset:variant")


def _column(items: list[Any]) -> Source:
    """A data set of single values."""
    return Source(lambda: ((item,) for item in items))


@window_op.kernel
def window_kernel(source: Source, size: Any, shift: Any, stride: Any, drop_remainder: Any) -> Source:
    for name, value in (("size", size), ("shift", shift), ("stride", stride)):
        if value <= 0:
            raise invalid(f"Window {name} must be greater than zero.")
    reach = (int(size) - 1) * int(stride) + 1

    def start() -> Iterator[Element]:
        elements = source.start()
        seen: deque[Element] = deque()
        while True:
            seen.extend(islice(elements, max(reach - len(seen), 0)))
            rows = list(islice(seen, 0, reach, int(stride)))
            if not rows or (drop_remainder and len(rows) < size):
                return
            yield tuple([_column(list(column)) for column in zip(*rows, strict=True)])
            for _ in range(min(int(shift), len(seen))):
                seen.popleft()
            for _ in islice(elements, max(int(shift) - reach, 0)):
                pass

    return Source(start)


@unbatch_op.kernel
def unbatch_kernel(source: Source) -> Source:
    def start() -> Iterator[Element]:
        for element in source.start():
            sizes = {len(part) for part in element}
            if len(sizes) > 1:
                raise invalid(
                    f"all parts must have the same size in their first dimension, not {sorted(sizes)}"
                )
            yield from zip(*element, strict=True)

    return Source(start)


# ----- several data sets -----

directed_op = source_op("DirectedInterleaveDataset", "selector:variant, data_input_datasets:N*variant")


@directed_op.kernel
def directed_kernel(selector: Source, sources: Any) -> Source:
    def start() -> Iterator[Element]:
        iterators: list[Any] = [s.start() for s in sources]
        left = len(iterators)
        for (chosen,) in selector.start():
            if not 0 <= chosen < len(iterators):
                raise invalid(f"Selector index out of range: {chosen} >= {len(iterators)}")
            found = None if iterators[chosen] is None else next(iterators[chosen], None)
            if found is not None:
                yield found
            elif iterators[chosen] is not None:
                iterators[chosen], left = None, left - 1
                if not left:
                    return

    return Source(start)


# ----- one by one -----

ignore_op = source_op("IgnoreErrorsDataset", "input_dataset:variant")
unique_op = source_op("UniqueDataset", "input_dataset:variant")


@ignore_op.kernel
def ignore_kernel(source: Source) -> Source:
    def start() -> Iterator[Element]:
        elements = source.start()
        while True:
            try:
                yield next(elements)
            except StopIteration:
                return
            except OpError:
                continue

    return Source(start)


@unique_op.kernel
def unique_kernel(source: Source) -> Source:
    def start() -> Iterator[Element]:
        seen = set()
        for element in source.start():
            key = tuple(
                [part if isinstance(part, (bytes, str)) else np.asarray(part).item() for part in element]
            )
            if key not in seen:
                seen.add(key)
                yield element

    return Source(start)


single_op = OpDef(
    "DatasetToSingleElement",
    "dataset:variant -> components:[output_types]",
    stateful=True,
    differentiable=False,
)
single_op.shape_rule(lambda dataset, *, output_shapes: output_shapes)


@single_op.kernel
def single_kernel(source: Source) -> Element:
    found = list(islice(source.start(), 2))
    if not found:
        raise invalid("Dataset was empty.")
    if len(found) > 1:
        raise invalid("Dataset had more than one element.")
    return found[0]


# ----- functions of elements -----

Function = Callable[..., Element]


def _with_block(
    name: str, signature: str, build: Callable[..., Any], outputs: str = "handle:variant"
) -> OpDef:
    """An operation that runs a block for elements.

    Args:
        name: its type.
        signature: its inputs before what the block uses from outside.
        build: makes the outputs of the function and the inputs' values.
        outputs: its outputs.
    """
    opdef = OpDef(
        name, f"{signature}, other_arguments:[Targuments] -> {outputs}", stateful=True, differentiable=False
    )

    def compile_op(op: Operation, live: list[int], compile_block: Callable[..., Any]) -> Any:
        block = op.attrs["f"]
        function = compile_block(block, block.outputs, block.parameters)
        count = len(op.inputs) - len(op.attrs["Targuments"])

        def run(*values: Any) -> Any:
            given, captures = values[:count], values[count:]
            return build(op.attrs, lambda *element: function(*element, *captures), *given)

        return op.inputs[:count], list(op.outputs), run

    opdef.compiled(compile_op)
    return opdef


def _reduced(attrs: Any, function: Function, source: Source, *state: Any) -> Element:
    for element in source.start():
        state = tuple(function(*state, *element))
    return tuple(state)


def _scanned(attrs: Any, function: Function, source: Source, *first: Any) -> tuple[Source]:
    def start() -> Iterator[Element]:
        state: Any = first
        for element in source.start():
            found = tuple(function(*state, *element))
            state = found[: len(first)]
            yield found[len(first) :]

    return (Source(start),)


def _taken(attrs: Any, function: Function, source: Source) -> tuple[Source]:
    def start() -> Iterator[Element]:
        for element in source.start():
            if not function(*element)[0]:
                return
            yield element

    return (Source(start),)


def _grouped(attrs: Any, function: Function, source: Source) -> tuple[Source]:
    """Elements begin with their key and the size of its groups; a full group becomes a data set of its own."""

    def start() -> Iterator[Element]:
        groups: dict[int, list[Element]] = {}
        for key, size, *element in source.start():
            if size <= 0:
                raise invalid(f"Window size must be greater than zero, but got {int(size)}.")
            group = groups.setdefault(int(key), [])
            group.append(tuple(element))
            if len(group) >= size:
                yield from made(int(key), groups.pop(int(key)))
        for key, group in sorted(groups.items()):
            yield from made(key, group)

    def made(key: int, group: list[Element]) -> Iterator[Element]:
        result: Iterator[Element] = function(np.int64(key), Source(lambda: iter(group)))[0].start()
        return result

    return (Source(start),)


_STATE = "input_dataset:variant, initial_state:[Tstate]"
reduce_op = _with_block("ReduceDataset", _STATE, _reduced, "components:[output_types]")
reduce_op.shape_rule(lambda source, *rest, output_shapes: output_shapes)
scan_op = _with_block("ScanDataset", _STATE, _scanned)
take_while_op = _with_block("TakeWhileDataset", "input_dataset:variant", _taken)
group_op = _with_block("GroupByWindowDataset", "input_dataset:variant", _grouped)
