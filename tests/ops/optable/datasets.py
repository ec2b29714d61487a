"""Data sets: what they are made of and from, as the elements that an iterator gives; and the iterators themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from optable.case import Build, Case, Mistake
from optable.data import floats, ints, strings

Make = Callable[..., Any]


def _flat(element: Any) -> list[Any]:
    """The tensors of an element that is a tensor, or a tuple or dictionary of elements."""
    if isinstance(element, dict):
        return [t for key in sorted(element) for t in _flat(element[key])]
    return [t for part in element for t in _flat(part)] if isinstance(element, tuple) else [element]


def _then(tf: Any, ops: list[Any], make: Make) -> Any:
    with tf.control_dependencies(ops):
        return make()


def taken(iterator: Any, count: int, tf: Any) -> list[Any]:
    """The next elements of an iterator, one after the other within one run."""
    found: list[Any] = []
    before = [iterator.initializer]
    for _ in range(count):
        element = _flat(_then(tf, before, iterator.get_next))
        found += element
        before = [element[0].op]
    return found


def first(count: int, make: Make) -> Build:
    """The first elements of the data set that a function makes."""
    return lambda tf, *tensors: taken(make(tf, *tensors).make_initializable_iterator(), count, tf)


def rows(tf: Any, *tensors: Any) -> Any:
    """The data set of the rows of one tensor, or of several."""
    return tf.data.Dataset.from_tensor_slices(tensors if len(tensors) > 1 else tensors[0])


def chained(method: str, *arguments: Any, **keywords: Any) -> Make:
    """The rows, and then a method of data sets."""
    return lambda tf, *tensors: getattr(rows(tf, *tensors), method)(*arguments, **keywords)


def _range(*numbers: int) -> Make:
    return lambda tf: tf.data.Dataset.range(*numbers)


def _of_lengths(tf: Any) -> Any:
    """Elements of the lengths 0, 1, 2, 3."""
    return tf.data.Dataset.range(4).map(lambda n: tf.fill([n], n * 10))


def _generator(tf: Any) -> Any:
    def numbers() -> Any:
        for n in range(3):
            yield n, [n / 2] * n

    return tf.data.Dataset.from_generator(numbers, (tf.int64, tf.float32), ([], [None]))


def _twice(dataset: Any) -> Any:
    return dataset.repeat(2)


def _zipped(tf: Any, x: Any) -> Any:
    return tf.data.Dataset.zip((rows(tf, x), {"n": tf.data.Dataset.range(9)}))


SOURCE_CASES = [
    Case("TensorSliceDataset", "rows", first(3, rows), (floats(3, 2),)),
    Case("TensorSliceDataset", "scalars", first(2, rows), (ints(4),)),
    Case("TensorSliceDataset", "strings", first(2, rows), (strings(b"a", b"", b"bc"),)),
    Case("TensorSliceDataset", "two_parts", first(2, rows), (floats(3, 2), ints(3))),
    Case("TensorSliceDataset", "empty_rows", first(1, rows), (floats(2, 0),)),
    Case(
        "TensorSliceDataset",
        "dictionary",
        first(2, lambda tf, x, y: tf.data.Dataset.from_tensor_slices({"b": x, "a": y})),
        (floats(3), ints(3, 2)),
    ),
    Case("TensorDataset", "whole", first(1, lambda tf, x: tf.data.Dataset.from_tensors(x)), (floats(3, 2),)),
    Case("TensorDataset", "scalar", first(1, lambda tf, x: tf.data.Dataset.from_tensors(x)), (ints(),)),
    Case(
        "TensorDataset", "pair", first(1, lambda tf, x, y: tf.data.Dataset.from_tensors((x, y))),
        (floats(0, 3), strings(b"a")),
    ),
    Case("RangeDataset", "to", first(3, _range(3))),
    Case("RangeDataset", "from_to", first(2, _range(-1, 5))),
    Case("RangeDataset", "by_steps", first(2, _range(0, 7, 5))),
    Case("RangeDataset", "downwards", first(3, _range(5, 0, -2))),
    Case("GeneratorDataset", "pairs", first(3, _generator)),
    Case("GeneratorDataset", "twice", first(5, lambda tf: _twice(_generator(tf)))),
]  # fmt: skip
CHANGE_CASES = [
    Case("BatchDatasetV2", "smaller_last", first(3, chained("batch", 2)), (floats(5, 3),)),
    Case("BatchDatasetV2", "remainder", first(2, chained("batch", 2, drop_remainder=True)), (floats(5, 3),)),
    Case("BatchDatasetV2", "strings", first(1, chained("batch", 3)), (strings(b"a", b"bb"),)),
    Case("BatchDatasetV2", "two_parts", first(2, chained("batch", 2)), (floats(3, 2), ints(3))),
    Case("BatchDatasetV2", "larger_than_all", first(1, chained("batch", 9)), (ints(4),)),
    Case(
        "PaddedBatchDataset", "to_the_longest", first(2, lambda tf: _of_lengths(tf).padded_batch(2, [None])),
    ),
    Case("PaddedBatchDataset", "to_a_size", first(1, lambda tf: _of_lengths(tf).padded_batch(3, [5]))),
    Case(
        "PaddedBatchDataset", "value",
        first(1, lambda tf: _of_lengths(tf).padded_batch(4, [None], np.int64(-1))),
    ),
    Case(
        "PaddedBatchDataset", "remainder",
        first(1, lambda tf: _of_lengths(tf).padded_batch(3, [-1], drop_remainder=True)),
    ),
    Case("RepeatDataset", "twice", first(4, chained("repeat", 2)), (ints(2),)),
    Case("RepeatDataset", "forever", first(5, chained("repeat")), (ints(2),)),
    Case("RepeatDataset", "forever_by_number", first(3, chained("repeat", -1)), (ints(2),)),
    Case("TakeDataset", "some", first(2, chained("take", 2)), (ints(3),)),
    Case("TakeDataset", "all", first(3, chained("take", -1)), (ints(3),)),
    Case("TakeDataset", "more_than_all", first(3, chained("take", 9)), (ints(3),)),
    Case("SkipDataset", "some", first(1, chained("skip", 2)), (ints(3),)),
    Case("SkipDataset", "none", first(3, chained("skip", 0)), (ints(3),)),
    Case("ShuffleDataset", "seeded", first(7, chained("shuffle", 3, seed=5)), (ints(7),)),
    Case("ShuffleDataset", "whole", first(7, chained("shuffle", 100, seed=2)), (floats(7),)),
    Case("ShuffleDataset", "one", first(3, chained("shuffle", 1, seed=2)), (floats(3),)),
    Case(
        "ShuffleDataset", "again", first(8, lambda tf, x: _twice(rows(tf, x).shuffle(4, seed=3))), (ints(4),)
    ),
    Case(
        "ShuffleDataset", "same_again",
        first(8, lambda tf, x: _twice(rows(tf, x).shuffle(4, seed=3, reshuffle_each_iteration=False))),
        (ints(4),),
    ),
    Case("ShuffleDataset", "runs", first(5, chained("shuffle", 5, seed=8)), (ints(5),), runs=3),
    Case("ZipDataset", "nested", first(2, _zipped), (floats(3, 2),)),
    Case(
        "ConcatenateDataset", "numbers",
        first(4, lambda tf, x, y: rows(tf, x).concatenate(rows(tf, y))), (ints(2), ints(2, seed=1)),
    ),
    Case(
        "ConcatenateDataset", "shapes",
        first(3, lambda tf, x, y: rows(tf, x).concatenate(rows(tf, y))), (floats(1, 2), floats(2, 3)),
    ),
    Case("CacheDataset", "twice", first(6, lambda tf, x: _twice(rows(tf, x).cache())), (ints(3),)),
    Case("ShardDataset", "odd", first(2, chained("shard", 2, 1)), (ints(5),)),
    Case("ShardDataset", "first", first(2, chained("shard", 3, 0)), (ints(5),)),
]  # fmt: skip


def _scaled(tf: Any, x: Any, factor: Any) -> Any:
    return rows(tf, x).map(lambda v: v * factor)


def _counted(tf: Any) -> Any:
    return tf.data.Dataset.range(3)


def _interleaved(tf: Any, cycle: int, block: int) -> Any:
    return tf.data.Dataset.range(1, 4).interleave(
        lambda n: tf.data.Dataset.from_tensors(n).repeat(3), cycle_length=cycle, block_length=block
    )


def _with_branch(tf: Any) -> Any:
    return _counted(tf).map(lambda n: tf.cond(n > 1, lambda: n * 10, lambda: -n))


FUNCTION_CASES = [
    Case("MapDataset", "square", first(3, lambda tf, x: rows(tf, x).map(tf.square)), (floats(3, 2),)),
    Case("MapDataset", "capture", first(2, _scaled), (floats(2, 3), floats())),
    Case(
        "MapDataset", "two_parts",
        first(2, lambda tf, x, y: rows(tf, x, y).map(lambda a, b: (b, a + 1.0, [a, a]))),
        (floats(3), ints(3)),
    ),
    Case(
        "MapDataset", "dictionary",
        first(2, lambda tf, x: rows(tf, x).map(lambda v: {"twice": 2.0 * v, "same": v})), (floats(3),),
    ),
    Case("MapDataset", "branch", first(3, _with_branch)),
    Case("MapDataset", "parallel", first(2, chained("map", lambda v: -v, num_parallel_calls=2)), (ints(3),)),
    Case("FilterDataset", "even", first(2, lambda tf: tf.data.Dataset.range(5).filter(lambda n: n % 2 > 0))),
    Case(
        "FlatMapDataset", "counting",
        first(3, lambda tf: _counted(tf).flat_map(tf.data.Dataset.range)),
    ),
    Case(
        "FlatMapDataset", "rows",
        first(4, lambda tf, x: rows(tf, x).flat_map(tf.data.Dataset.from_tensor_slices)), (floats(3, 2),),
    ),
    Case("InterleaveDataset", "one_each", first(9, lambda tf: _interleaved(tf, 2, 1))),
    Case("InterleaveDataset", "blocks", first(9, lambda tf: _interleaved(tf, 2, 2))),
    Case("InterleaveDataset", "all_at_once", first(9, lambda tf: _interleaved(tf, 3, 3))),
    Case("DatasetElement", "in_a_function", first(2, lambda tf: _counted(tf).map(lambda n: n + n))),
]  # fmt: skip


# ----- iterators -----


def _one_shot(tf: Any) -> Any:
    return tf.data.Dataset.range(3).make_one_shot_iterator()


def _reinitialized(tf: Any, x: Any, y: Any) -> list[Any]:
    """The elements of one data set and then of another through the same iterator."""
    one, two = rows(tf, x), rows(tf, y)
    iterator = tf.data.Iterator.from_structure(one.output_types, [None])
    got = _then(tf, [iterator.make_initializer(one)], iterator.get_next)
    more = _then(tf, [got], lambda: iterator.make_initializer(two))
    return [got, _then(tf, [more], iterator.get_next)]


def _by_handle(tf: Any) -> Any:
    iterator = _one_shot(tf)
    same = tf.data.Iterator.from_string_handle(
        iterator.string_handle(), iterator.output_types, iterator.output_shapes
    )
    got = iterator.get_next()
    return [got, _then(tf, [got], same.get_next)]


ITERATOR_CASES = [
    Case("OneShotIterator", "runs", lambda tf: _one_shot(tf).get_next(), runs=3),
    Case("Iterator", "from_structure", _reinitialized, (floats(2, 3), floats(1, 4))),
    Case("MakeIterator", "starts_again", first(1, rows), (ints(3),), runs=2),
    Case("MakeIterator", "operation", lambda tf: rows(tf, [1, 2]).make_initializable_iterator().initializer),
    Case("IteratorGetNext", "names", first(2, rows), (floats(2, 3), ints(2))),
    Case("IteratorFromStringHandle", "same", _by_handle),
    Case("IteratorToStringHandle", "scalar", lambda tf: tf.shape(_one_shot(tf).string_handle())),
]

# ----- mistakes -----


def wrong(op: str, name: str, make: Make, count: int = 1, inputs: Any = (), **more: Any) -> Mistake:
    """A data set of which some element cannot be had, or that cannot be made."""
    return Mistake(op, name, first(count, make), inputs, **more)


def _past_the_end(op: str, make: Make, count: int = 9) -> Mistake:
    return wrong(op, "past_the_end", make, count)


def _alone(part: Any) -> Any:
    return part


def _asserting(tf: Any) -> Any:
    return _counted(tf).map(lambda n: tf.check_numerics(1.0 / tf.cast(n, tf.float32), "division"))


UNLIKE = "Cannot batch tensors with different shapes in component 0. First element had shape [0] and element 1 had shape [1]."
_OTHER_FILLER = (
    "Invalid `padding_values`. `padding_values` values type tf.float32 does not match type tf.int64 of the corresponding "
    "input component."
)
_OTHER_TYPE = (
    "TypeError: `generator` yielded an element that could not be converted to the expected type. The expected type was "
    "int32, but the yielded element was a."
)
MISTAKES_OF_SOURCES = [
    wrong("TensorSliceDataset", "scalar", rows, inputs=(floats(),)),
    wrong("TensorSliceDataset", "sizes", rows, inputs=(floats(3), ints(2))),
    wrong("TensorSliceDataset", "past_the_end", rows, 3, (floats(2),)),
    wrong("TensorSliceDataset", "empty", rows, 1, (floats(0, 2),)),
    wrong("TensorDataset", "past_the_end", lambda tf, x: tf.data.Dataset.from_tensors(x), 2, (floats(2),)),
    wrong("RangeDataset", "step_of_zero", _range(0, 5, 0)),
    wrong("RangeDataset", "wrong_way", _range(5, 0)),
    wrong("RangeDataset", "type", lambda tf: tf.data.Dataset.range("a")),
    wrong("GeneratorDataset", "not_callable", lambda tf: tf.data.Dataset.from_generator([1], tf.int32)),
    wrong(
        "GeneratorDataset", "type", lambda tf: tf.data.Dataset.from_generator(lambda: iter("ab"), tf.int32),
        says={"full": ("run", "InvalidArgumentError", _OTHER_TYPE)}, why="version 1 said this of a wrong type",
    ),
    wrong(
        "GeneratorDataset", "shape",
        lambda tf: tf.data.Dataset.from_generator(lambda: iter([[1, 2]]), tf.int32, [3]),
    ),
    wrong("BatchDatasetV2", "size_of_zero", chained("batch", 0), 1, (floats(2),)),
    wrong("BatchDatasetV2", "negative_size", chained("batch", -2), 1, (floats(2),)),
    wrong("BatchDatasetV2", "type", chained("batch", "two"), 1, (floats(2),)),
    wrong("BatchDatasetV2", "vector", chained("batch", [2, 3]), 1, (floats(2),)),
    wrong(
        "BatchDatasetV2", "shapes", lambda tf: _of_lengths(tf).batch(2), 1,
        says={"full": ("run", "InvalidArgumentError", UNLIKE)}, why="version 1 said which element",
    ),
    wrong("BatchDatasetV2", "nothing_left", chained("batch", 3, drop_remainder=True), 1, (floats(2),)),
    wrong("PaddedBatchDataset", "too_small", lambda tf: _of_lengths(tf).padded_batch(4, [2])),
    wrong("PaddedBatchDataset", "rank", lambda tf: _of_lengths(tf).padded_batch(4, [2, 2])),
    wrong("PaddedBatchDataset", "size_of_zero", lambda tf: _of_lengths(tf).padded_batch(0, [None])),
    wrong(
        "PaddedBatchDataset", "value", lambda tf: _of_lengths(tf).padded_batch(2, [None], 1.5),
        says={"full": ("build", "TypeError", _OTHER_FILLER)}, why="version 1 wrote types so",
    ),
    wrong("RepeatDataset", "none", chained("repeat", 0), 1, (floats(2),)),
    wrong("RepeatDataset", "type", chained("repeat", 1.5), 1, (floats(2),)),
    wrong("RepeatDataset", "vector", chained("repeat", [1, 2]), 1, (floats(2),)),
    wrong("TakeDataset", "none", chained("take", 0), 1, (floats(2),)),
    wrong("TakeDataset", "vector", chained("take", [1, 2]), 1, (floats(2),)),
    wrong("SkipDataset", "all", chained("skip", 5), 1, (floats(2),)),
    wrong("SkipDataset", "negative", chained("skip", -1), 1, (floats(2),)),
    wrong("SkipDataset", "vector", chained("skip", [1, 2]), 1, (floats(2),)),
    wrong("ShuffleDataset", "buffer_of_zero", chained("shuffle", 0, seed=1), 1, (floats(2),)),
    wrong("ShuffleDataset", "negative_buffer", chained("shuffle", -1, seed=1), 1, (floats(2),)),
    wrong("ShuffleDataset", "type", chained("shuffle", 1.5, seed=1), 1, (floats(2),)),
    wrong("ShardDataset", "negative", chained("shard", 2, -1), 1, (floats(2),)),
    wrong("ShardDataset", "index", chained("shard", 2, 2), 1, (floats(2),)),
    wrong("ShardDataset", "no_shards", chained("shard", 0, 0), 1, (floats(2),)),
    wrong("ZipDataset", "past_the_end", _zipped, 3, (floats(2),)),
    wrong("ZipDataset", "not_data_sets", lambda tf: tf.data.Dataset.zip((1, 2)), 1),
    wrong(
        "ConcatenateDataset", "types", lambda tf, x, y: rows(tf, x).concatenate(rows(tf, y)), 1,
        (floats(2), ints(2)),
    ),
    _past_the_end("CacheDataset", lambda tf: _counted(tf).cache()),
]  # fmt: skip
_ONE_OF_TWO = "_alone() takes 1 positional argument but 2 were given"
NO_DATA_SET = {"full": ("build", "TypeError", "`map_func` must return a `Dataset` object.")}
CLEARER = "version 1 said what is wrong"
MISTAKES_OF_FUNCTIONS = [
    wrong("MapDataset", "failing_element", _asserting, 1),
    wrong(
        "MapDataset",
        "arguments",
        lambda tf, x, y: rows(tf, x, y).map(_alone),
        1,
        (floats(2), ints(2)),
        says=dict.fromkeys(("full", "unknown"), ("build", "TypeError", _ONE_OF_TWO)),
        why="Python's own text",
    ),
    wrong("MapDataset", "type", lambda tf: _counted(tf).map(lambda n: n + 1.5), 1),
    wrong("FilterDataset", "not_boolean", lambda tf: _counted(tf).filter(lambda n: n), 1),
    wrong("FilterDataset", "vector", lambda tf: _counted(tf).filter(lambda n: tf.equal([n, n], 1)), 1),
    wrong("FilterDataset", "nothing_left", lambda tf: _counted(tf).filter(lambda n: n > 7), 1),
    wrong(
        "FlatMapDataset",
        "no_data_set",
        lambda tf: _counted(tf).flat_map(lambda n: n),
        1,
        says=NO_DATA_SET,
        why=CLEARER,
    ),
    wrong(
        "InterleaveDataset",
        "no_data_set",
        lambda tf: _counted(tf).interleave(lambda n: n, 2),
        1,
        says=NO_DATA_SET,
        why=CLEARER,
    ),
    wrong("InterleaveDataset", "cycle_of_zero", lambda tf: _interleaved(tf, 0, 1), 1),
    wrong("InterleaveDataset", "block_of_zero", lambda tf: _interleaved(tf, 1, 0), 1),
]


def _other_types(tf: Any) -> Any:
    iterator = tf.data.Iterator.from_structure(tf.int32, [])
    return iterator.make_initializer(tf.data.Dataset.range(3))


def _other_shapes(tf: Any) -> Any:
    iterator = tf.data.Iterator.from_structure(tf.int64, [2])
    return iterator.make_initializer(tf.data.Dataset.range(3))


def _handle(tf: Any, text: Any) -> Any:
    return tf.data.Iterator.from_string_handle(text, tf.int32, []).get_next()


MISTAKES_OF_ITERATORS = [
    Mistake("OneShotIterator", "placeholder", lambda tf, x: rows(tf, x).make_one_shot_iterator(), (floats(2),)),
    Mistake("OneShotIterator", "no_initializer", lambda tf: _one_shot(tf).initializer),
    Mistake("IteratorGetNext", "not_initialized", lambda tf, x: rows(tf, x).make_initializable_iterator().get_next(), (ints(2),)),
    _past_the_end("IteratorGetNext", _counted),
    Mistake("Iterator", "not_initialized", lambda tf: tf.data.Iterator.from_structure(tf.int32, []).get_next()),
    Mistake("MakeIterator", "types", _other_types),
    Mistake("MakeIterator", "shapes", _other_shapes),
    Mistake("IteratorFromStringHandle", "unknown", lambda tf: _handle(tf, "nobody")),
    Mistake("IteratorFromStringHandle", "type", lambda tf: _handle(tf, 3)),
]  # fmt: skip

CASES = [*SOURCE_CASES, *CHANGE_CASES, *FUNCTION_CASES, *ITERATOR_CASES]
MISTAKES = [*MISTAKES_OF_SOURCES, *MISTAKES_OF_FUNCTIONS, *MISTAKES_OF_ITERATORS]
