"""Padding, reversing, moving blocks, grids, masks, sorting, and other reading of the same elements."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import bools, floats, ints, strings

EDGES = [[1, 2], [0, 3]]


def _call(function: str, *args: Any, **keywords: Any) -> Any:
    return lambda tf, *inputs: getattr(tf, function)(*inputs, *args, **keywords)


def _gradient(tf: Any, function: Any) -> Any:
    x = tf.constant([[1.0, 2.0]])
    return tf.gradients(function(x), x)


def _pad(paddings: Any, *args: Any, **keywords: Any) -> Any:
    return lambda tf, x: tf.pad(x, paddings, *args, **keywords)


def _mirror_grad(paddings: Any, mode: str) -> Any:
    return lambda tf, x: raw(tf, "MirrorPadGrad", x, np.array(paddings, np.int32), mode=mode)


CASES = [
    Case("Pad", "matrix", _pad(EDGES), (floats(2, 3),), grad=(0,)),
    Case("Pad", "nothing", _pad([[0, 0], [0, 0]]), (floats(2, 3),), grad=(0,)),
    Case("Pad", "empty", _pad([[1, 0], [0, 2]]), (floats(0, 3),), grad=(0,), order=0),
    Case("Pad", "scalar", _pad(np.zeros((0, 2), "i")), (floats(),), grad=(0,)),
    Case("Pad", "integers", _pad([[1, 1]], "constant"), (ints(3),)),
    Case("Pad", "bools", _pad([[1, 1]]), (bools(3),)),
    Case("Pad", "fed", lambda tf, x, p: tf.pad(x, p), (floats(2, 3), np.array(EDGES, np.int64)), grad=(0,)),
    Case("PadV2", "value", _pad(EDGES, constant_values=-1.5), (floats(2, 3),), grad=(0,)),
    Case("PadV2", "integers", _pad([[1, 1]], constant_values=7), (ints(3),)),
    Case("PadV2", "strings", _pad([[1, 1]], constant_values="x"), (strings(b"a", b"b"),)),
    Case(
        "PadV2",
        "fed",
        lambda tf, x, v: tf.pad(x, EDGES, constant_values=v),
        (floats(2, 3), floats()),
        grad=(0, 1),
        order=0,
    ),
    Case("MirrorPad", "reflect", _pad([[1, 1], [2, 0]], "REFLECT"), (floats(2, 3),), grad=(0,)),
    Case("MirrorPad", "symmetric", _pad([[2, 1], [0, 3]], "SYMMETRIC"), (floats(2, 3),), grad=(0,)),
    Case("MirrorPad", "lower", _pad([[0, 2]], "reflect"), (floats(3),), grad=(0,)),
    Case(
        "MirrorPad",
        "fed",
        lambda tf, x, p: tf.pad(x, p, "REFLECT"),
        (floats(3), np.array([[2, 1]], "i")),
        grad=(0,),
    ),
    Case("MirrorPadGrad", "reflect", _mirror_grad([[1, 1], [2, 0]], "REFLECT"), (floats(4, 5),), grad=(0,)),
    Case(
        "MirrorPadGrad", "symmetric", _mirror_grad([[2, 1], [0, 3]], "SYMMETRIC"), (floats(5, 6),), grad=(0,)
    ),
    # ----- reversing -----
    Case("ReverseV2", "rows", _call("reverse", [0]), (floats(2, 3),), grad=(0,)),
    Case("ReverseV2", "both", _call("reverse_v2", [-1, 0]), (floats(2, 3),), grad=(0,)),
    Case("ReverseV2", "nothing", _call("reverse", np.zeros(0, "i")), (floats(2, 3),), grad=(0,)),
    Case("ReverseV2", "strings", _call("reverse", [0]), (strings(b"a", b"b", b"c"),)),
    Case("ReverseV2", "fed", _call("reverse"), (floats(2, 3, 4), np.array([2, 0], "i")), grad=(0,)),
    Case("ReverseV2", "empty", _call("reverse", [1]), (floats(2, 0),), grad=(0,), order=0),
    Case(
        "ReverseSequence",
        "rows",
        _call("reverse_sequence", 1),
        (floats(2, 4, 3), np.array([3, 2], "i")),
        grad=(0,),
    ),
    Case(
        "ReverseSequence",
        "columns",
        _call("reverse_sequence", seq_dim=0, batch_dim=1),
        (floats(4, 2, 3), np.array([0, 4], "q")),
        grad=(0,),
    ),
    Case(
        "ReverseSequence",
        "inner",
        _call("reverse_sequence", seq_axis=1, batch_axis=2),
        (floats(2, 4, 3), np.array([1, 4, 2], "i")),
        grad=(0,),
    ),
    Case("ReverseSequence", "integers", _call("reverse_sequence", 1), (ints(2, 4), np.array([1, 4], "i"))),
    Case("Roll", "vector", _call("roll", 2, 0), (floats(5),), grad=(0,)),
    Case("Roll", "back", _call("roll", [-1, 4], [0, -1]), (floats(2, 3),), grad=(0,)),
    Case("Roll", "twice", _call("roll", [2, -1], [0, 0]), (floats(5, 2),), grad=(0,)),
    Case("Roll", "fed", _call("roll"), (floats(2, 3), np.array(1, "i"), np.array(1, "i")), grad=(0,)),
    Case("Roll", "empty", _call("roll", 2, 0), (floats(0, 3),), grad=(0,), order=0),
    # ----- blocks -----
    Case("SpaceToDepth", "images", _call("space_to_depth", 2), (floats(2, 4, 6, 3),), grad=(0,)),
    Case("SpaceToDepth", "three", _call("space_to_depth", 3), (ints(1, 3, 6, 2),)),
    Case("DepthToSpace", "images", _call("depth_to_space", 2), (floats(2, 3, 5, 8),), grad=(0,)),
    Case("DepthToSpace", "three", _call("depth_to_space", 3), (ints(1, 1, 2, 18),)),
    Case("SpaceToBatchND", "line", _call("space_to_batch_nd", [2], [[1, 0]]), (floats(2, 5, 3),), grad=(0,)),
    Case(
        "SpaceToBatchND",
        "images",
        _call("space_to_batch_nd", [2, 3], [[0, 1], [2, 1]]),
        (floats(1, 3, 6, 2),),
        grad=(0,),
    ),
    Case(
        "SpaceToBatchND",
        "square",
        _call("space_to_batch", [[0, 0], [1, 1]], 2),
        (floats(2, 4, 2, 3),),
        grad=(0,),
    ),
    Case(
        "SpaceToBatchND",
        "nothing",
        _call("space_to_batch_nd", np.zeros(0, "i"), np.zeros((0, 2), "i")),
        (floats(2, 3),),
    ),
    Case(
        "SpaceToBatchND",
        "fed",
        _call("space_to_batch_nd"),
        (floats(2, 4, 3), np.array([2], "i"), np.array([[1, 1]], "i")),
        grad=(0,),
    ),
    Case("BatchToSpaceND", "line", _call("batch_to_space_nd", [2], [[1, 0]]), (floats(4, 3, 5),), grad=(0,)),
    Case(
        "BatchToSpaceND",
        "images",
        _call("batch_to_space_nd", [2, 3], [[0, 1], [2, 1]]),
        (floats(6, 2, 3, 2),),
        grad=(0,),
    ),
    Case(
        "BatchToSpaceND",
        "square",
        _call("batch_to_space", [[0, 0], [1, 1]], 2),
        (floats(8, 2, 3, 5),),
        grad=(0,),
    ),
    Case(
        "BatchToSpaceND",
        "fed",
        _call("batch_to_space_nd"),
        (floats(4, 5, 3), np.array([2], "i"), np.array([[1, 2]], "i")),
        grad=(0,),
    ),
    # ----- reading the same elements -----
    Case("IdentityN", "two", lambda tf, x, y: tf.identity_n([x, y]), (floats(2, 3), floats(4)), grad=(0, 1)),
    Case("IdentityN", "types", lambda tf, x, y: tf.identity_n([x, y]), (floats(2, 3), ints(4))),
    Case("GuaranteeConst", "matrix", _call("guarantee_const"), (ints(2, 3),)),
    Case(
        "ShapeN", "two", lambda tf, x, y: tf.shape_n([x, y]), (floats(2, 3), floats(4)), grad=(0, 1), order=0
    ),
    Case("ShapeN", "int64", lambda tf, x, y: tf.shape_n([x, y], out_type=tf.int64), (floats(0), floats())),
    Case("Bitcast", "same", _call("bitcast", "int32"), (floats(2, 3),), grad=(0,), order=0),
    Case("Bitcast", "smaller", _call("bitcast", "uint8"), (floats(2, 3),)),
    Case("Bitcast", "larger", _call("bitcast", "int64"), (ints(3, 2),)),
    Case("Bitcast", "scalar", _call("bitcast", "float32"), (np.array(0x3F800000, np.int32),)),
    Case(
        "ParallelConcat",
        "two",
        lambda tf, x: tf.parallel_stack([tf.zeros([2, 3]), tf.ones([2, 3])]) + x,
        (floats(),),
    ),
    Case(
        "BroadcastArgs",
        "two",
        _call("broadcast_dynamic_shape"),
        (np.array([2, 1], "i"), np.array([4, 1, 3], "i")),
    ),
    Case(
        "BroadcastArgs", "scalar", _call("broadcast_dynamic_shape"), (np.zeros(0, "i"), np.array([4, 3], "i"))
    ),
    Case(
        "BroadcastArgs",
        "int64",
        _call("broadcast_dynamic_shape"),
        (np.array([0], "q"), np.array([4, 1], "q")),
    ),
    # ----- combinations -----
    Case("Less", "mask", _call("sequence_mask", 4), (np.array([1, 3, 0], "i"),)),
    Case("Less", "mask_longest", _call("sequence_mask"), (np.array([[1, 3], [2, 0]], "i"),)),
    Case("Less", "mask_floats", _call("sequence_mask", 3, dtype="float32"), (np.array([1, 3, 0], "q"),)),
    Case("Less", "mask_fed", _call("sequence_mask"), (np.array([1, 3, 0], "i"), np.array(5, "i"))),
    Case("Mul", "grid", lambda tf, x, y: tf.meshgrid(x, y), (floats(3), floats(4)), grad=(0, 1)),
    Case(
        "Mul",
        "grid_ij",
        lambda tf, x, y: tf.meshgrid(x, y, indexing="ij"),
        (floats(3), floats(4)),
        grad=(0, 1),
    ),
    Case("Mul", "grid_three", lambda tf, x, y, z: tf.meshgrid(x, y, z), (ints(3), ints(4), ints(2))),
    Case("TopKV2", "sort", _call("sort"), (floats(2, 5),), grad=(0,)),
    Case("TopKV2", "sort_down", _call("sort", direction="DESCENDING"), (ints(7),)),
    Case("TopKV2", "argsort", _call("argsort"), (ints(2, 7, low=0, high=3),)),
    Case("TopKV2", "argsort_down", _call("argsort", -1, "DESCENDING"), (ints(2, 7, low=0, high=3),)),
]

MISTAKES = [
    Mistake("Pad", "rank", _pad([[1, 1]]), (floats(2, 3),)),
    Mistake("Pad", "columns", _pad([[1, 1, 1], [2, 2, 2]]), (floats(2, 3),)),
    Mistake("Pad", "negative", _pad([[1, -1], [0, 0]]), (floats(2, 3),)),
    Mistake("Pad", "mode", _pad(EDGES, "EDGE"), (floats(2, 3),)),
    Mistake("Pad", "floats", _pad([[1.0, 1.0], [0.0, 0.0]]), (floats(2, 3),)),
    Mistake("PadV2", "type", _pad(EDGES, constant_values=1.5), (ints(2, 3),)),
    Mistake("MirrorPad", "reflect", _pad([[0, 3]], "REFLECT"), (floats(3),)),
    Mistake("MirrorPad", "symmetric", _pad([[4, 0]], "SYMMETRIC"), (floats(3),)),
    Mistake("ReverseV2", "above", _call("reverse", [2]), (floats(2, 3),)),
    Mistake("ReverseV2", "below", _call("reverse", [-3]), (floats(2, 3),)),
    Mistake("ReverseV2", "twice", _call("reverse", [1, -1]), (floats(2, 3),)),
    Mistake("ReverseV2", "scalar", _call("reverse", 1), (floats(2, 3),)),
    Mistake("ReverseSequence", "long", _call("reverse_sequence", 1), (floats(2, 4), np.array([3, 5], "i"))),
    Mistake(
        "ReverseSequence", "negative", _call("reverse_sequence", 1), (floats(2, 4), np.array([3, -1], "i"))
    ),
    Mistake(
        "ReverseSequence", "count", _call("reverse_sequence", 1), (floats(2, 4), np.array([3, 1, 1], "i"))
    ),
    Mistake(
        "ReverseSequence", "dimension", _call("reverse_sequence", 2), (floats(2, 4), np.array([3, 1], "i"))
    ),
    Mistake(
        "ReverseSequence",
        "both",
        _call("reverse_sequence", 1, seq_dim=1),
        (floats(2, 4), np.array([3, 1], "i")),
    ),
    Mistake("Roll", "axis", _call("roll", 1, 2), (floats(2, 3),)),
    Mistake("Roll", "lengths", _call("roll", [1, 2], [0]), (floats(2, 3),)),
    Mistake("Roll", "scalar", _call("roll", 1, 0), (floats(),)),
    Mistake("SpaceToDepth", "size", _call("space_to_depth", 2), (floats(1, 3, 4, 2),)),
    Mistake("SpaceToDepth", "rank", _call("space_to_depth", 2), (floats(4, 4, 2),)),
    Mistake("SpaceToDepth", "one", _call("space_to_depth", 1), (floats(1, 4, 4, 2),)),
    Mistake("DepthToSpace", "depth", _call("depth_to_space", 2), (floats(1, 3, 4, 3),)),
    Mistake("DepthToSpace", "format", _call("depth_to_space", 2, data_format="NWHC"), (floats(1, 3, 4, 4),)),
    Mistake("SpaceToBatchND", "size", _call("space_to_batch_nd", [2], [[0, 0]]), (floats(2, 5, 3),)),
    Mistake("SpaceToBatchND", "rank", _call("space_to_batch_nd", [2, 2], [[0, 0], [0, 0]]), (floats(2, 4),)),
    Mistake("SpaceToBatchND", "negative", _call("space_to_batch_nd", [2], [[0, -1]]), (floats(2, 5, 3),)),
    Mistake("SpaceToBatchND", "zero", _call("space_to_batch_nd", [0], [[0, 0]]), (floats(2, 5, 3),)),
    Mistake("BatchToSpaceND", "batch", _call("batch_to_space_nd", [2], [[0, 0]]), (floats(3, 4),)),
    Mistake("BatchToSpaceND", "crops", _call("batch_to_space_nd", [2], [[5, 5]]), (floats(2, 4),)),
    Mistake("IdentityN", "nothing", lambda tf: tf.identity_n(3)),
    Mistake("ShapeN", "types", lambda tf, x, y: tf.shape_n([x, y]), (floats(2, 3), ints(4))),
    Mistake(
        "Bitcast",
        "size",
        _call("bitcast", "int64"),
        (ints(2, 3),),
        says={
            "full": (
                "build",
                "ValueError",
                "Cannot bitcast from int32 to int64 due to shape. 3 does not match 2 for '{{node Bitcast}} = "
                "Bitcast[T=DT_INT32, type=DT_INT64](input0)' with input shapes: [2,3].",
            ),
            "unknown": ("run", "InvalidArgumentError", "Cannot bitcast from int32 to int64"),
        },
        why="TensorFlow shows the numbers that its protocol buffers have for the types",
    ),
    Mistake(
        "ParallelConcat", "shapes", lambda tf, x, y: tf.parallel_stack([x, y]), (floats(2, 3), floats(2, 4))
    ),
    Mistake("ParallelConcat", "gradient", lambda tf: _gradient(tf, lambda x: tf.parallel_stack([x, x]))),
    Mistake("GuaranteeConst", "list", lambda tf: tf.guarantee_const([1, "a"])),
    Mistake(
        "MirrorPadGrad",
        "rank",
        lambda tf, x: raw(tf, "MirrorPadGrad", x, np.array([[1, 1]], "i"), mode="REFLECT"),
        (floats(4, 5),),
    ),
    Mistake("Bitcast", "strings", _call("bitcast", "int64"), (strings(b"a"),)),
    Mistake(
        "BroadcastArgs", "sizes", _call("broadcast_dynamic_shape"), (np.array([2], "i"), np.array([3], "i"))
    ),
    Mistake("BroadcastArgs", "matrix", _call("broadcast_dynamic_shape"), (ints(2, 3), np.array([3], "i"))),
    Mistake("Less", "mask_vector", _call("sequence_mask", [3]), (ints(2),)),
    Mistake("Mul", "grid_indexing", lambda tf, x: tf.meshgrid(x, x, indexing="yx"), (floats(3),)),
    Mistake("Mul", "grid_keyword", lambda tf, x: tf.meshgrid(x, x, order="ij"), (floats(3),)),
    Mistake("TopKV2", "direction", _call("sort", direction="UP"), (floats(3),)),
    Mistake("TopKV2", "axis", lambda tf, x, a: tf.sort(x, a), (floats(3), np.array(0, "i"))),
]
