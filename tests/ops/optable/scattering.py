"""Picking and placing by coordinates, partitions, differences of vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import floats, ints, strings

PAIRS = np.array([[1, 2], [0, 0], [1, 2]], np.int32)
ROWS = np.array([[2], [0], [2]], np.int32)
CUBE = np.array([[[1, 2], [0, 0], [1, 1]], [[1, 0], [0, 3], [1, 0]]], np.int64)
PARTS = np.array([1, 0, 2, 1], np.int32)


def _call(function: str, *args: Any, **keywords: Any) -> Any:
    return lambda tf, *inputs: getattr(tf, function)(*inputs, *args, **keywords)


def _stitch(tf: Any, *inputs: Any) -> Any:
    half = len(inputs) // 2
    return tf.dynamic_stitch(list(inputs[:half]), list(inputs[half:]))


def _assigned(*key: Any) -> Any:
    return lambda tf, x: tf.Variable(floats(3, 4))[key].assign(x)


BATCHED = np.array([[2, 0, 2, 1], [1, 1, 0, 2]], np.int32)

CASES = [
    Case("GatherV2", "batch", _call("gather", batch_dims=1), (floats(2, 3), BATCHED), grad=(0,)),
    Case(
        "GatherV2",
        "batch_rows",
        _call("gather", batch_dims=1),
        (floats(2, 3, 5), BATCHED.astype("q")),
        grad=(0,),
    ),
    Case(
        "GatherV2",
        "batch_axis",
        _call("gather", axis=2, batch_dims=1),
        (floats(2, 4, 3, 5), BATCHED[:, :2]),
        grad=(0,),
    ),
    Case(
        "GatherV2",
        "batch_below",
        _call("gather", axis=-1, batch_dims=-1),
        (floats(2, 4, 3), BATCHED),
        grad=(0,),
    ),
    Case("GatherV2", "batch_gather", _call("batch_gather"), (floats(2, 3), BATCHED), grad=(0,)),
    Case("GatherV2", "batch_one", _call("batch_gather"), (floats(3, 2), np.array([2, 0], "i")), grad=(0,)),
    Case("StridedSliceAssign", "rows", _assigned(slice(1, None)), (floats(2, 4, seed=5),)),
    Case("StridedSliceAssign", "element", _assigned(1, -1), (floats(seed=5),)),
    Case("StridedSliceAssign", "steps", _assigned(..., slice(None, None, -2)), (floats(3, 2, seed=5),)),
    Case("StridedSliceAssign", "new_axis", _assigned(None, 2), (floats(1, 4, seed=5),)),
    Case("StridedSliceAssign", "broadcast", _assigned(slice(1, None)), (floats(4, seed=5),)),
    Case("GatherNd", "elements", _call("gather_nd"), (floats(2, 3), PAIRS), grad=(0,)),
    Case("GatherNd", "rows", _call("gather_nd"), (floats(3, 4), ROWS), grad=(0,)),
    Case("GatherNd", "slices", _call("gather_nd"), (floats(2, 3, 4), PAIRS), grad=(0,)),
    Case("GatherNd", "cube", _call("gather_nd"), (floats(2, 4, 3), CUBE), grad=(0,)),
    Case("GatherNd", "one", _call("gather_nd"), (floats(2, 3), np.array([1, 2], "i"))),
    Case("GatherNd", "whole", _call("gather_nd"), (floats(2, 3), np.zeros((4, 0), "i"))),
    Case("GatherNd", "strings", _call("gather_nd"), (strings(b"a", b"b", b"c"), ROWS)),
    Case(
        "GatherNd", "nothing", _call("gather_nd"), (floats(2, 3), np.zeros((0, 2), "i")), grad=(0,), order=0
    ),
    Case("ScatterNd", "elements", _call("scatter_nd", [4]), (ROWS, floats(3)), grad=(1,)),
    Case("ScatterNd", "rows", _call("scatter_nd", [3, 4]), (ROWS, floats(3, 4)), grad=(1,)),
    Case("ScatterNd", "pairs", _call("scatter_nd", [2, 3]), (PAIRS, floats(3)), grad=(1,)),
    Case(
        "ScatterNd", "cube", _call("scatter_nd", np.array([2, 4, 5], "q")), (CUBE, floats(2, 3, 5)), grad=(1,)
    ),
    Case("ScatterNd", "integers", _call("scatter_nd", [4]), (ROWS, ints(3))),
    Case("ScatterNd", "fed", _call("scatter_nd"), (ROWS, floats(3, 4), np.array([3, 4], "i")), grad=(1,)),
    Case(
        "ScatterNd",
        "nothing",
        _call("scatter_nd", [4]),
        (np.zeros((0, 1), "i"), floats(0)),
        grad=(1,),
        order=0,
    ),
    Case(
        "TensorScatterUpdate",
        "elements",
        _call("tensor_scatter_update"),
        (floats(4), ROWS[1:], floats(2, seed=3)),
        grad=(0, 2),
    ),
    Case(
        "TensorScatterUpdate",
        "rows",
        _call("tensor_scatter_update"),
        (floats(3, 4), ROWS[1:], floats(2, 4, seed=3)),
        grad=(0, 2),
    ),
    Case(
        "TensorScatterAdd",
        "elements",
        _call("tensor_scatter_add"),
        (floats(4), ROWS, floats(3, seed=3)),
        grad=(0, 2),
    ),
    Case(
        "TensorScatterAdd",
        "rows",
        _call("tensor_scatter_add"),
        (floats(3, 4), ROWS, floats(3, 4, seed=3)),
        grad=(0, 2),
    ),
    Case(
        "TensorScatterSub",
        "elements",
        _call("tensor_scatter_sub"),
        (floats(4), ROWS, floats(3, seed=3)),
        grad=(0, 2),
    ),
    Case(
        "TensorScatterSub",
        "rows",
        _call("tensor_scatter_sub"),
        (floats(3, 4), ROWS, floats(3, 4, seed=3)),
        grad=(0, 2),
    ),
    # ----- partitions -----
    Case("DynamicPartition", "vector", _call("dynamic_partition", 3), (floats(4), PARTS), grad=(0,)),
    Case("DynamicPartition", "rows", _call("dynamic_partition", 4), (floats(4, 3), PARTS), grad=(0,)),
    Case(
        "DynamicPartition",
        "matrix",
        _call("dynamic_partition", 3),
        (floats(2, 3, 4), np.array([[1, 0, 2], [1, 2, 2]], "i")),
        grad=(0,),
    ),
    Case(
        "DynamicPartition", "scalar", _call("dynamic_partition", 2), (floats(), np.array(1, "i")), grad=(0,)
    ),
    Case(
        "DynamicPartition", "strings", _call("dynamic_partition", 3), (strings(b"a", b"b", b"c", b"d"), PARTS)
    ),
    Case(
        "DynamicPartition",
        "nothing",
        _call("dynamic_partition", 2),
        (floats(0, 3), ints(0)),
        grad=(0,),
        order=0,
    ),
    Case(
        "DynamicStitch",
        "vectors",
        _stitch,
        (np.array([1, 3], "i"), np.array([0, 2], "i"), floats(2), floats(2, seed=2)),
        grad=(2, 3),
    ),
    Case(
        "DynamicStitch",
        "rows",
        _stitch,
        (np.array(2, "i"), np.array([[0, 1, 6], [4, 3, 5]], "i"), floats(4), floats(2, 3, 4, seed=2)),
        grad=(2, 3),
    ),
    Case(
        "DynamicStitch",
        "twice",
        _stitch,
        (np.array([1, 0], "i"), np.array([1], "i"), ints(2), ints(1, seed=2)),
    ),
    Case("DynamicStitch", "nothing", _stitch, (ints(0), floats(0, 3)), grad=(1,), order=0),
    # ----- differences -----
    Case("ListDiff", "integers", _call("setdiff1d"), (np.array([3, 1, 2, 3, 5], "i"), np.array([2, 1], "i"))),
    Case(
        "ListDiff",
        "int64",
        _call("setdiff1d", index_dtype="int64"),
        (np.array([3, 1], "q"), np.array([1], "q")),
    ),
    Case("ListDiff", "strings", _call("setdiff1d"), (strings(b"a", b"b", b"c"), strings(b"b"))),
    Case("ListDiff", "floats", _call("setdiff1d"), (floats(4), floats(2))),
    Case("ListDiff", "nothing", _call("setdiff1d"), (ints(0), ints(3))),
    Case(
        "LowerBound",
        "vector",
        _call("searchsorted"),
        (np.array([1, 3, 3, 5], "f"), floats(7, low=0, high=6)),
        grad=(0, 1),
        order=0,
    ),
    Case(
        "LowerBound",
        "equal",
        _call("searchsorted"),
        (np.array([1, 3, 3, 5], "i"), np.array([3, 1, 5, 6, 0], "i")),
    ),
    Case(
        "LowerBound",
        "rows",
        _call("searchsorted", out_type="int64"),
        (np.array([[1, 3, 5], [2, 4, 6]], "i"), np.array([[3, 1, 5, 6], [3, 1, 5, 6]], "i")),
    ),
    Case(
        "UpperBound",
        "equal",
        _call("searchsorted", side="right"),
        (np.array([1, 3, 3, 5], "i"), np.array([3, 1, 5, 6, 0], "i")),
    ),
    Case(
        "UpperBound",
        "rows",
        _call("searchsorted", "right"),
        (np.array([[1, 3, 5], [2, 4, 6]], "d"), np.array([[3, 1, 2, 0], [2, 7, 5, 9]], "d")),
        grad=(0, 1),
        order=0,
    ),
]

MISTAKES = [
    Mistake("GatherV2", "batch_outside", _call("gather", batch_dims=1), (floats(2, 2), BATCHED)),
    Mistake("GatherV2", "batch_sizes", _call("gather", batch_dims=1), (floats(3, 4), BATCHED)),
    Mistake("StridedSliceAssign", "shape", _assigned(slice(1, None)), (floats(3, 4),)),
    Mistake("StridedSliceAssign", "outside", _assigned(3), (floats(4),)),
    Mistake("StridedSliceAssign", "type", _assigned(1), (ints(4),)),
    Mistake(
        "StridedSliceAssign",
        "constant",
        lambda tf, x: tf.constant([1.0, 2.0])[:1].assign(x),
        (floats(1),),
        says=dict.fromkeys(
            ("full", "unknown"), ("build", "ValueError", "Sliced assignment is only supported for variables")
        ),
        why="version 1 gives every slice the attribute",
    ),
    Mistake("GatherNd", "outside", _call("gather_nd"), (floats(2, 3), np.array([[0, 1], [1, 3]], "i"))),
    Mistake("GatherNd", "negative", _call("gather_nd"), (floats(2, 3), np.array([[-1, 0]], "i"))),
    Mistake("GatherNd", "depth", _call("gather_nd"), (floats(3), PAIRS)),
    Mistake("GatherNd", "scalar", _call("gather_nd"), (floats(3), np.array(0, "i"))),
    Mistake("GatherNd", "float_indices", _call("gather_nd"), (floats(3), floats(2, 1))),
    Mistake("ScatterNd", "outside", _call("scatter_nd", [2]), (ROWS, floats(3))),
    Mistake("ScatterNd", "negative", _call("scatter_nd", [2]), (-ROWS, floats(3))),
    Mistake("ScatterNd", "outer", _call("scatter_nd", [4]), (ROWS, floats(2))),
    Mistake("ScatterNd", "inner", _call("scatter_nd", [4, 5]), (ROWS, floats(3, 2))),
    Mistake("ScatterNd", "types", _call("scatter_nd", np.array([4], "q")), (ROWS, floats(3))),
    Mistake("TensorScatterUpdate", "outside", _call("tensor_scatter_update"), (floats(2), ROWS, floats(3))),
    Mistake(
        "TensorScatterUpdate", "inner", _call("tensor_scatter_update"), (floats(4, 5), ROWS, floats(3, 2))
    ),
    Mistake("TensorScatterAdd", "outside", _call("tensor_scatter_add"), (floats(2), ROWS, floats(3))),
    Mistake("TensorScatterSub", "types", _call("tensor_scatter_sub"), (ints(2), ROWS, floats(3))),
    Mistake("DynamicPartition", "outside", _call("dynamic_partition", 2), (floats(4), PARTS)),
    Mistake("DynamicPartition", "negative", _call("dynamic_partition", 3), (floats(4), -PARTS)),
    Mistake("DynamicPartition", "shapes", _call("dynamic_partition", 3), (floats(3), PARTS)),
    Mistake("DynamicPartition", "rank", _call("dynamic_partition", 3), (floats(2), PARTS.reshape(2, 2))),
    Mistake("DynamicPartition", "float_parts", _call("dynamic_partition", 3), (floats(4), floats(4))),
    Mistake("DynamicStitch", "negative", _stitch, (np.array([0, -1], "i"), floats(2))),
    Mistake("DynamicStitch", "shapes", _stitch, (np.array([0, 1], "i"), floats(3))),
    Mistake(
        "DynamicStitch",
        "rest",
        _stitch,
        (np.array([0], "i"), np.array([1], "i"), floats(1, 2), floats(1, 3)),
    ),
    Mistake(
        "ListDiff",
        "gradient",
        lambda tf, x, y: tf.gradients(tf.setdiff1d(x, y).out, x),
        (floats(4), floats(2)),
    ),
    Mistake("ListDiff", "matrix", _call("setdiff1d"), (ints(2, 3), ints(3))),
    Mistake("ListDiff", "types", _call("setdiff1d"), (ints(2), floats(3))),
    Mistake("LowerBound", "rows", _call("searchsorted"), (ints(2, 3), ints(3, 4))),
    Mistake("LowerBound", "side", _call("searchsorted", "middle"), (ints(3), ints(4))),
    Mistake("UpperBound", "rows", _call("searchsorted", "right"), (ints(2, 3), ints(3, 4))),
]
