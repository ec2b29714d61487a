"""Empty and scalar inputs, and numbers that are none, for types whose other lines are about something else."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, applied, raw
from optable.data import EDGES, bools, floats, ints

NONE, ONE = floats(0, 3), floats()


def _made(op_type: str, **attrs: Any) -> Any:
    return lambda tf, *tensors: raw(tf, op_type, *tensors, **attrs)


def _empty(op: str, build: Any, *inputs: Any, grad: tuple[int, ...] = (0,), name: str = "no_rows") -> Case:
    return Case(op, name, build, inputs or (NONE,), grad=grad, order=0)


def _sliced(*index: Any) -> Any:
    return lambda tf, x: x[index]


def _slope(function: Any, place: int = 0) -> Any:
    """The gradient of a function with respect to one input, for types that gradients are made of."""
    return lambda tf, *tensors: tf.gradients(function(tf, *tensors), tensors[place])[0]


def _pooled(function: str) -> Any:
    return applied(f"nn.{function}", ksize=[1, 2, 2, 1], strides=[1, 1, 1, 1], padding="SAME")


IMAGES, FILTERS = floats(0, 4, 5, 2), floats(2, 3, 2, 4)


def _convolved(tf: Any, x: Any, w: Any) -> Any:
    return tf.nn.conv2d(x, w, strides=[1, 1, 1, 1], padding="SAME")


def _counted(tf: Any, x: Any) -> Any:
    """A loop that ends at once."""
    return tf.while_loop(lambda v: tf.reduce_sum(v) > 0, lambda v: v * 2.0, [x])


EMPTY = [
    _empty("BroadcastTo", lambda tf, x: tf.broadcast_to(x, [2, 0, 3])),
    _empty("Rank", lambda tf, x: tf.rank(x), grad=()),
    _empty("ZerosLike", applied("zeros_like"), grad=()),
    _empty("StopGradient", applied("stop_gradient"), grad=()),
    _empty("IdentityN", lambda tf, x, y: tf.identity_n([x, y]), NONE, ONE, grad=(0, 1)),
    _empty("LogicalNot", applied("logical_not"), bools(0, 2), grad=()),
    _empty("ExpandDims", applied("expand_dims", 1)),
    _empty("StridedSlice", _sliced(slice(1, None), slice(None, None, -2))),
    _empty("StridedSlice", _sliced(slice(3, 3)), floats(4, 3), name="nothing_left"),
    _empty("StridedSlice", _sliced(slice(9, None)), floats(4, 3), name="behind_the_end"),
    _empty("Slice", applied("slice", [0, 1], [0, 2])),
    _empty("Slice", applied("slice", [2, 0], [0, 3]), floats(2, 3), name="nothing_left"),
    _empty("Unpack", applied("unstack", axis=1)),
    _empty("SplitV", applied("split", [1, 2], 1)),
    _empty("SplitV", applied("split", [0, 2], 0), floats(2, 3), name="first_part_empty"),
    _empty("ReverseSequence", applied("reverse_sequence", [], seq_axis=1), NONE),
    _empty("BiasAddGrad", _made("BiasAddGrad"), grad=()),
    _empty("Conv2DBackpropInput", _slope(_convolved), IMAGES, FILTERS, grad=(1,)),
    _empty("Conv2DBackpropFilter", _slope(_convolved, 1), IMAGES, FILTERS, grad=(0,)),
    _empty("MaxPoolGrad", _slope(_pooled("max_pool")), IMAGES, grad=()),
    _empty("AvgPoolGrad", _slope(_pooled("avg_pool")), IMAGES, grad=()),
    _empty("ReluGrad", _slope(applied("nn.relu"))),
    _empty("Relu6Grad", _slope(applied("nn.relu6"))),
    _empty("LeakyReluGrad", _slope(applied("nn.leaky_relu"))),
    _empty("EluGrad", _slope(applied("nn.elu"))),
    _empty("SeluGrad", _slope(applied("nn.selu"))),
    _empty("SoftplusGrad", _slope(applied("nn.softplus"))),
    _empty("SoftsignGrad", _slope(applied("nn.softsign")), grad=()),
    _empty("UniqueWithCounts", lambda tf, x: list(tf.unique_with_counts(x)), ints(0), grad=()),
    _empty("While", _counted),
    Case("RandomUniform", "no_numbers", lambda tf: tf.random_uniform([0, 3], seed=1)),
    Case("RandomStandardNormal", "no_numbers", lambda tf: tf.random_normal([3, 0], seed=1)),
    Case("TruncatedNormal", "no_numbers", lambda tf: tf.truncated_normal([0], seed=1)),
]
SCALAR = [
    Case(
        op, "single", _slope(applied(function)) if op.endswith("Grad") else applied(function), (ONE,), **more
    )
    for op, function, more in (
        ("IsNan", "is_nan", {}),
        ("IsInf", "is_inf", {}),
        ("IsFinite", "is_finite", {}),
        ("ReluGrad", "nn.relu", {"grad": (0,)}),
        ("Relu6Grad", "nn.relu6", {"grad": (0,)}),
        ("LeakyReluGrad", "nn.leaky_relu", {"grad": (0,)}),
        ("EluGrad", "nn.elu", {"grad": (0,), "ulp": 2}),
        ("SeluGrad", "nn.selu", {"grad": (0,), "ulp": 2}),
        ("SoftplusGrad", "nn.softplus", {"grad": (0,), "ulp": 4}),
        ("SoftsignGrad", "nn.softsign", {}),
    )
] + [Case("Cast", "single", lambda tf, x: tf.cast(x, tf.int64), (ONE,))]
STRANGE = [
    Case(op, "strange", _made(op), (np.ones_like(EDGES), EDGES), ulp=4)
    for op in (
        "ReluGrad",
        "Relu6Grad",
        "LeakyReluGrad",
        "SoftplusGrad",
        "SoftsignGrad",
        "EluGrad",
        "SeluGrad",
    )
] + [Case("AddN", "strange", lambda tf, x, y: tf.add_n([x, y, x]), (EDGES, EDGES[::-1].copy()))]

CASES = [*EMPTY, *SCALAR, *STRANGE]
MISTAKES: list[Mistake] = []
