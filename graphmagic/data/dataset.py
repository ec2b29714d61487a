"""`tf.data.Dataset`: elements, and what can be made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from graphmagic import nest
from graphmagic.data import sources
from graphmagic.data.combining import Combining
from graphmagic.data.functions import functional, made, of_parts, traced
from graphmagic.data.shuffling import shuffle_op
from graphmagic.data.structures import (
    check_data_sets,
    check_predicate,
    check_same_rows,
    check_same_types,
    converted,
    described,
    flat_shapes,
    int64_tensor,
    matching_files,
    most_specific,
    padding,
    shapes_of,
    static_size,
    yielded,
)
from graphmagic.dtypes import bool as bool_
from graphmagic.dtypes import int64, string
from graphmagic.graph.block import building
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.random import get_seed
from graphmagic.shapes import TensorShape

__all__ = ["Dataset"]

Build = Callable[..., Tensor]
_CHOICE_OF_SEED = 8  # operations with which TensorFlow replaces two seeds of 0


class Dataset(Combining):
    """Elements that come one after the other: tensors, or nests of tensors, all of the same types.

    Args:
        build: adds the operation that stands for it to the graph; attributes of that are given by keyword.
        types: the types of an element's parts, nested like an element.
        shapes: their static shapes.
    """

    def __init__(self, build: Build, types: Any, shapes: Any) -> None:
        super().__init__(types, shapes)
        self._build = build
        self._made: dict[Any, Tensor] = {}
        self.variant()

    def variant(self) -> Tensor:
        """The tensor that stands for the data set in the graph, made anew where the first one is out of sight."""
        graph = get_default_graph()
        key = graph, graph.block
        if key not in self._made:
            self._made[key] = self._build(
                output_types=nest.flatten(self._types), output_shapes=flat_shapes(self._types, self._shapes)
            )
        return self._made[key]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} shapes: {self._shapes}, types: {self._types}>"

    # ----- from tensors and functions -----

    @staticmethod
    def from_tensor_slices(tensors: Any) -> Dataset:
        """One element for each row of some tensors.

        Args:
            tensors: a tensor, or a nest of tensors with the same first dimension.

        Raises:
            ValueError: a tensor has no first dimension, or they differ in it.
        """
        parts, structure = converted(tensors)
        rows = [t.shape[1:] if t.shape.ndims is not None else TensorShape(None) for t in parts]
        check_same_rows(parts)
        return _packed(structure, parts, rows, partial(of_parts, sources.slices_op, parts))

    @staticmethod
    def from_tensors(tensors: Any) -> Dataset:
        """A single element."""
        parts, structure = converted(tensors)
        return _packed(structure, parts, shapes_of(parts), partial(of_parts, sources.tensors_op, parts))

    @staticmethod
    def range(*args: Any) -> Dataset:
        """The numbers that Python's ``range`` gives, int64."""
        given = (0, args[0], 1) if len(args) == 1 else (*args, 1)[:3]
        numbers = [int64_tensor(n, name) for n, name in zip(given, ("start", "stop", "step"), strict=True)]
        return Dataset(made(sources.range_op, *numbers), int64, TensorShape([]))

    @staticmethod
    def from_generator(
        generator: Callable[..., Any], output_types: Any, output_shapes: Any = None, args: Any = None
    ) -> Dataset:
        """What a Python generator yields.

        Args:
            generator: a function that returns an iterable, called for each pass.
            output_types: the types of what it yields.
            output_shapes: their static shapes; unknown if None.
            args: tensors whose values it gets.

        Raises:
            TypeError: `generator` is not callable.
        """
        if not callable(generator):
            raise TypeError("`generator` must be a Python callable.")
        types, shapes = described(output_types, output_shapes)
        elements = yielded(generator, types, shapes)
        return Dataset(made(sources.generator_op, list(args or ()), function=elements), types, shapes)

    @staticmethod
    def list_files(file_pattern: Any, shuffle: bool | None = None, seed: int | None = None) -> Dataset:
        """The paths that fit a pattern, shuffled unless `shuffle` is False.

        Raises:
            InvalidArgumentError: there are none.
        """
        found = matching_files(file_pattern)
        files = Dataset.from_tensor_slices(found)
        return files if shuffle is False else files.shuffle(len(found), seed)

    @staticmethod
    def zip(datasets: Any) -> Dataset:
        """Elements of several data sets side by side, as long as all have one."""
        parts: list[Dataset] = nest.flatten(datasets)
        check_data_sets(parts, Dataset)
        return Dataset(
            made(sources.zip_op, parts),
            nest.map_structure(lambda d: d.output_types, datasets),
            nest.map_structure(lambda d: d.output_shapes, datasets),
        )

    # ----- from other data sets -----

    def _with(self, opdef: OpDef, *inputs: Any, shapes: Any = None, **attrs: Any) -> Dataset:
        known = self._shapes if shapes is None else shapes
        return self._like_this(Dataset(made(opdef, self, *inputs, **attrs), self._types, known))

    def repeat(self, count: Any = None) -> Dataset:
        """All elements `count` times; forever if None or -1."""
        return self._with(sources.repeat_op, int64_tensor(-1 if count is None else count))

    def take(self, count: Any) -> Dataset:
        """The first elements; all if -1."""
        return self._with(sources.take_op, int64_tensor(count))

    def skip(self, count: Any) -> Dataset:
        """All but the first elements."""
        return self._with(sources.skip_op, int64_tensor(count))

    def shard(self, num_shards: int, index: int) -> Dataset:
        """Every element whose number has this remainder."""
        return self._with(
            sources.shard_op, int64_tensor(num_shards, "num_shards"), int64_tensor(index, "index")
        )

    def cache(self, filename: str = "") -> Dataset:
        """The same elements, kept in memory from the first pass on."""
        return self._with(sources.cache_op, convert_to_tensor(filename, string, name="filename"))

    def prefetch(self, buffer_size: Any) -> Dataset:
        """The same elements: graphmagic computes them when they are asked for."""
        int64_tensor(buffer_size, "buffer_size")
        get_default_graph().spared += 1
        return Dataset(lambda **attrs: self.variant(), self._types, self._shapes)

    def concatenate(self, dataset: Dataset) -> Dataset:
        """These elements, then those of another data set.

        Raises:
            TypeError: its elements have other types.
        """
        check_same_types(self, dataset)
        shapes = nest.map_structure(most_specific, self._shapes, dataset.output_shapes)
        return Dataset(
            made(sources.concatenate_op, self, dataset),
            self._types,
            shapes,
        )

    def shuffle(
        self, buffer_size: Any, seed: int | None = None, reshuffle_each_iteration: bool | None = None
    ) -> Dataset:
        """The elements in random order: always any of the next `buffer_size` ones.

        Args:
            buffer_size: how many elements are looked at.
            seed: of the order.
            reshuffle_each_iteration: False gives every pass the same order.
        """
        size = int64_tensor(buffer_size, "buffer_size")
        first, second = get_seed(seed)
        seeds = int64_tensor(first or 0, "seed"), int64_tensor(second or 0, "seed2")
        if second is not None:
            get_default_graph().spared += _CHOICE_OF_SEED
        return self._with(
            shuffle_op,
            size,
            *seeds,
            reshuffle_each_iteration=reshuffle_each_iteration is not False,
        )

    def batch(self, batch_size: Any, drop_remainder: bool = False) -> Dataset:
        """Elements stacked, some at a time.

        Args:
            batch_size: how many.
            drop_remainder: leave out a last batch that is smaller.
        """
        size = static_size(batch_size) if drop_remainder else None
        shapes = nest.map_structure(lambda s: TensorShape([size]).concatenate(s), self._shapes)
        return self._with(
            sources.batch_op,
            int64_tensor(batch_size, "batch_size"),
            convert_to_tensor(drop_remainder, bool_, name="drop_remainder"),
            shapes=shapes,
        )

    def padded_batch(
        self, batch_size: Any, padded_shapes: Any, padding_values: Any = None, drop_remainder: bool = False
    ) -> Dataset:
        """Elements of different shapes stacked, padded at their ends.

        Args:
            batch_size: how many.
            padded_shapes: the shapes to pad to, nested like an element; None or -1 pads to the largest of the batch.
            padding_values: what to pad with; zeros and empty strings if None.
            drop_remainder: leave out a last batch that is smaller.
        """
        count = static_size(batch_size) if drop_remainder else None
        wanted, sizes, values = padding(self, padded_shapes, padding_values, count)
        return self._with(
            sources.padded_op,
            int64_tensor(batch_size, "batch_size"),
            sizes,
            values,
            convert_to_tensor(drop_remainder, bool_, name="drop_remainder"),
            shapes=nest.pack_sequence_as(nest.map_structure(lambda _: 0, self._types), wanted),
        )

    def apply(self, transformation_func: Callable[[Dataset], Dataset]) -> Dataset:
        """What a function makes of the data set."""
        return transformation_func(self)

    # ----- functions of elements -----

    def map(self, map_func: Callable[..., Any], num_parallel_calls: Any = None) -> Dataset:
        """What a function makes of each element.

        Args:
            map_func: takes the parts of an element, returns tensors.
            num_parallel_calls: accepted for old programs.
        """
        block, result = traced(self._seen(map_func), self._types, self._shapes, Dataset)
        parts, structure = converted(result, block)
        block.outputs += parts
        return _packed(
            structure,
            parts,
            shapes_of(parts),
            lambda **attrs: functional(sources.map_op, self.variant(), block, **attrs),
        )

    def filter(self, predicate: Callable[..., Any]) -> Dataset:
        """The elements for which a function gives True."""
        block, result = traced(self._seen(predicate), self._types, self._shapes, Dataset)
        block.outputs += converted(result, block)[0]
        check_predicate(block.outputs)
        return Dataset(
            lambda **attrs: functional(sources.filter_op, self.variant(), block, **attrs),
            self._types,
            self._shapes,
        )

    def flat_map(self, map_func: Callable[..., Any]) -> Dataset:
        """The elements of the data sets that a function makes of elements, one data set after the other."""
        return self._joined(sources.flat_map_op, map_func)

    def interleave(
        self,
        map_func: Callable[..., Any],
        cycle_length: int,
        block_length: int = 1,
        num_parallel_calls: Any = None,
    ) -> Dataset:
        """The elements of the data sets that a function makes of elements, some of each in turn.

        Args:
            map_func: takes the parts of an element, returns a data set.
            cycle_length: how many data sets take turns.
            block_length: how many elements each gives.
            num_parallel_calls: accepted for old programs.
        """
        attrs = {"cycle_length": int(cycle_length), "block_length": int(block_length)}
        return self._joined(sources.interleave_op, map_func, **attrs)

    def _joined(self, opdef: OpDef, map_func: Callable[..., Any], **attrs: Any) -> Dataset:
        """The elements of the data sets that a function makes of elements."""
        block, inner = traced(self._seen(map_func), self._types, self._shapes, Dataset)
        if not isinstance(inner, Dataset):
            raise TypeError("`map_func` must return a `Dataset` object.")
        with building(get_default_graph(), block, fresh=True):
            block.outputs.append(inner.variant())
        return Dataset(
            lambda **known: functional(opdef, self.variant(), block, **known, **attrs),
            inner.output_types,
            inner.output_shapes,
        )

    # ----- iterators -----

    def make_one_shot_iterator(self) -> Any:
        """An iterator that needs no initialization and goes through the elements once in each session.

        Raises:
            ValueError: the data set depends on a placeholder.
        """
        from graphmagic.data.iterator import one_shot

        return one_shot(self)

    def make_initializable_iterator(self, shared_name: str | None = None) -> Any:
        """An iterator that starts at the first element whenever its `initializer` is run."""
        from graphmagic.data.iterator import initializable

        return initializable(self, shared_name)

    def __iter__(self) -> Any:
        raise RuntimeError("dataset.__iter__() is only supported when eager execution is enabled.")


def _packed(structure: Any, parts: Sequence[Tensor], shapes: Sequence[TensorShape], build: Build) -> Dataset:
    types = nest.pack_sequence_as(structure, [t.dtype.base_dtype for t in parts])
    return Dataset(build, types, nest.pack_sequence_as(structure, list(shapes)))
