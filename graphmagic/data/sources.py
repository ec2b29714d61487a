"""The operations that data sets are made of: each gives a `Source`, from which any number of iterators can start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.graph.node import Operation
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.shapes import TensorShape

__all__ = ["Element", "Source", "source_op"]

Element = tuple[Any, ...]


class Source:
    """The elements of a data set: tuples of arrays.

    Args:
        start: gives an iterator that starts at the first element.
    """

    def __init__(self, start: Callable[[], Iterator[Element]]) -> None:
        self.start = start


def source_op(name: str, signature: str, **options: Any) -> OpDef:
    """Declare an operation that gives a data set; its inputs of a fixed type are scalars."""
    opdef = OpDef(name, f"{signature} -> handle:variant", stateful=True, differentiable=False, **options)
    numbers = [i for i, arg in enumerate(opdef.inputs) if arg.dtype is not None and not arg.is_list]

    @opdef.shape_rule
    def source_shape(*inputs: Any) -> TensorShape:
        for i in numbers:
            of_rank(inputs[i].shape, 0)
        return TensorShape([])

    return opdef


# ----- from tensors -----

slices_op = source_op("TensorSliceDataset", "components:[Toutput_types]")
tensors_op = source_op("TensorDataset", "components:[Toutput_types]")
range_op = source_op("RangeDataset", "start:int64, stop:int64, step:int64")


@slices_op.kernel
def slices_kernel(components: Any) -> Source:
    arrays = [np.asarray(c) for c in components]
    if not all(a.ndim for a in arrays):
        raise invalid("All components must be at least 1-dimensional")
    if len({len(a) for a in arrays}) > 1:
        raise invalid("All components must have the same size in the 0th dimension")
    return Source(lambda: zip(*arrays, strict=True))


@tensors_op.kernel
def tensors_kernel(components: Any) -> Source:
    return Source(lambda: iter([tuple(components)]))


@range_op.kernel
def range_kernel(start: Any, stop: Any, step: Any) -> Source:
    if not step:
        raise invalid("step must be a non-zero integer.")
    return Source(lambda: ((np.int64(i),) for i in range(int(start), int(stop), int(step))))


generator_op = source_op("GeneratorDataset", "args:[Targs]")


@generator_op.kernel
def generator_kernel(args: Any, *, function: Callable[..., Iterator[Element]]) -> Source:
    return Source(lambda: function(*args))


# ----- from other data sets -----

batch_op = source_op(
    "BatchDatasetV2",
    "input_dataset:variant, batch_size:int64, drop_remainder:bool",
    defaults={"parallel_copy": False},
)
padded_op = source_op(
    "PaddedBatchDataset",
    "input_dataset:variant, batch_size:int64, padded_shapes:N*int64, padding_values:[Toutput_types], "
    "drop_remainder:bool",
)
repeat_op = source_op("RepeatDataset", "input_dataset:variant, count:int64")
take_op = source_op("TakeDataset", "input_dataset:variant, count:int64")
skip_op = source_op("SkipDataset", "input_dataset:variant, count:int64")
zip_op = source_op("ZipDataset", "input_datasets:N*variant")
concatenate_op = source_op("ConcatenateDataset", "input_dataset:variant, another_dataset:variant")
cache_op = source_op("CacheDataset", "input_dataset:variant, filename:string")
shard_op = source_op("ShardDataset", "input_dataset:variant, num_shards:int64, index:int64")


def _batch_size(count: Any) -> int:
    if count < 1:
        raise invalid("Batch size must be greater than zero.")
    return int(count)


def _batches(source: Source, size: int, drop_remainder: bool) -> Iterator[list[Element]]:
    elements = source.start()
    while rows := list(islice(elements, size)):
        if len(rows) == size or not drop_remainder:
            yield rows


def _stacked(rows: list[Element]) -> Element:
    columns = []  # type: ignore[var-annotated]
    for column in zip(*rows, strict=True):
        shapes = [np.shape(item) for item in column]
        for i, shape in enumerate(shapes):
            if shape != shapes[0]:
                raise invalid(
                    f"Cannot batch tensors with different shapes in component {len(columns)}. First element had shape "
                    f"{list(shapes[0])} and element {i} had shape {list(shape)}."
                )
        columns.append(_joined(column))
    return tuple(columns)


def _joined(items: Any) -> Any:
    if isinstance(items[0], (bytes, str)) or getattr(items[0], "dtype", None) == object:
        array = np.empty((len(items), *np.shape(items[0])), object)
        for i, item in enumerate(items):
            array[i] = item if np.ndim(item) else np.asarray(item, object).item()
        return array
    return np.stack(items)


@batch_op.kernel
def batch_kernel(source: Source, batch_size: Any, drop_remainder: Any) -> Source:
    size = _batch_size(batch_size)
    return Source(lambda: map(_stacked, _batches(source, size, bool(drop_remainder))))


@padded_op.kernel
def padded_kernel(source: Source, batch_size: Any, shapes: Any, values: Any, drop_remainder: Any) -> Source:
    size = _batch_size(batch_size)

    def padded(rows: list[Element]) -> Element:
        columns = zip(zip(*rows, strict=True), shapes, values, strict=True)
        return tuple([_padded(column, shape, value) for column, shape, value in columns])

    return Source(lambda: map(padded, _batches(source, size, bool(drop_remainder))))


def _padded(items: Any, shape: Any, value: Any) -> Any:
    arrays = [np.asarray(item, object if isinstance(item, bytes) else None) for item in items]
    sizes = [
        max(a.shape[i] for a in arrays) if size < 0 else int(size)
        for i, size in enumerate(np.asarray(shape).tolist())
    ]
    if any(a.ndim != len(sizes) or any(n > m for n, m in zip(a.shape, sizes, strict=True)) for a in arrays):
        raise errors.DataLossError(
            None,
            None,
            "Attempted to pad to a smaller size than the input element.",
        )
    result = np.full((len(arrays), *sizes), np.asarray(value)[()], arrays[0].dtype)
    for i, array in enumerate(arrays):
        result[(i, *[slice(n) for n in array.shape])] = array  # type: ignore[index]
    return result


@repeat_op.kernel
def repeat_kernel(source: Source, count: Any) -> Source:
    def start() -> Iterator[Element]:
        done = 0
        while count < 0 or done < count:
            is_empty = True
            for element in source.start():
                is_empty = False
                yield element
            if is_empty:
                return
            done += 1

    return Source(start)


@take_op.kernel
def take_kernel(source: Source, count: Any) -> Source:
    return Source(lambda: source.start() if count < 0 else islice(source.start(), int(count)))


@skip_op.kernel
def skip_kernel(source: Source, count: Any) -> Source:
    return Source(lambda: iter(()) if count < 0 else islice(source.start(), int(count), None))


@zip_op.kernel
def zip_kernel(sources: Any) -> Source:
    return Source(
        lambda: map(tuple, map(chain.from_iterable, zip(*[s.start() for s in sources], strict=False)))
    )


@concatenate_op.kernel
def concatenate_kernel(first: Source, second: Source) -> Source:
    return Source(lambda: chain.from_iterable(s.start() for s in (first, second)))


@cache_op.kernel
def cache_kernel(source: Source, filename: Any, *, op: Operation, state: Any) -> Source:
    kept: list[list[Element]] = state.resource(op, list)

    def start() -> Iterator[Element]:
        if kept:
            yield from kept[0]
            return
        seen = []
        for element in source.start():
            seen.append(element)
            yield element
        kept.append(seen)

    return Source(start)


@shard_op.kernel
def shard_kernel(source: Source, count: Any, index: Any) -> Source:
    if count < 1:
        raise invalid(f"Number of shards must be greater than zero (currently num_shards = {count}).")
    if not 0 <= index < count:
        raise invalid(f"Index must be between 0 and {count - 1} (currently index = {index}).")
    return Source(lambda: islice(source.start(), int(index), None, int(count)))


# ----- functions of elements -----


def _compiled(build: Callable[..., Source]) -> Callable[..., Any]:
    """How to make the kernel of an operation that runs a block for each element."""

    def compile_op(op: Operation, live: list[int], compile_block: Callable[..., Any]) -> Any:
        block = op.attrs["f"]
        function = compile_block(block, block.outputs, block.parameters)

        def run(source: Source, *captures: Any) -> tuple[Source]:
            return (build(source, lambda element: function(*element, *captures), op.attrs),)

        return op.inputs[:1], list(op.outputs), run

    return compile_op


def _mapped(source: Source, function: Callable[[Element], Element], attrs: Any) -> Source:
    return Source(lambda: map(function, source.start()))


def _filtered(source: Source, function: Callable[[Element], Element], attrs: Any) -> Source:
    return Source(lambda: (element for element in source.start() if function(element)[0]))


def _interleaved(source: Source, function: Callable[[Element], Element], attrs: Any) -> Source:
    """Elements of the data sets that `function` makes of elements, some of each in turn."""
    for name in ("cycle_length", "block_length"):
        if attrs[name] < 1:
            raise invalid(f"{name} must be greater than zero.")

    def start() -> Iterator[Element]:
        outer = source.start()
        slots: list[Iterator[Element]] = [
            function(e)[0].start() for e in islice(outer, attrs["cycle_length"])
        ]
        while slots:
            left = []
            for slot in slots:
                items = list(islice(slot, attrs["block_length"]))
                yield from items
                if len(items) == attrs["block_length"]:
                    left.append(slot)
                    continue
                for element in islice(outer, 1):
                    left.append(function(element)[0].start())
            slots = left

    return Source(start)


def _flattened(source: Source, function: Callable[[Element], Element], attrs: Any) -> Source:
    return Source(lambda: chain.from_iterable(function(e)[0].start() for e in source.start()))


_FUNCTIONAL = "input_dataset:variant, other_arguments:[Targuments]"
map_op = source_op("MapDataset", _FUNCTIONAL)
filter_op = source_op("FilterDataset", _FUNCTIONAL)
flat_map_op = source_op("FlatMapDataset", _FUNCTIONAL)
interleave_op = source_op("InterleaveDataset", _FUNCTIONAL)
map_op.compiled(_compiled(_mapped))
filter_op.compiled(_compiled(_filtered))
flat_map_op.compiled(_compiled(_flattened))
interleave_op.compiled(_compiled(_interleaved))

# ----- the elements of a block's data set, as its function sees them -----

element_op = OpDef("DatasetElement", " -> output:dtype", stateful=True, differentiable=False)
element_op.shape_rule(lambda *, shape: shape)
