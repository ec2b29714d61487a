"""Random numbers: bit for bit the streams of TensorFlow 1, given its seeds."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.arithmetic import add, multiply, subtract
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.philox import Stream
from graphmagic.shapes import TensorShape

_DEFAULT_GRAPH_SEED = 87654321
_MAX_SEED = 2**31 - 1


def set_random_seed(seed: int) -> None:
    """Set the random seed of the default graph.

    With it, operations that have no seed of their own get one from the number of operations made before them, so a
    program that builds the same graph draws the same numbers in every session.

    Args:
        seed: an integer.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     tf.set_random_seed(42)
    ...     x = tf.random_uniform([])
    ...     print("%.8f" % tf.Session().run(x))
    0.63789964
    """
    get_default_graph().seed = seed


def get_seed(op_seed: int | None) -> tuple[int | None, int | None]:
    """The pair of seeds of a new operation.

    Args:
        op_seed: the operation's own seed, or None.

    Returns:
        (graph seed, operation seed), both None if chance is to decide.

    >>> get_seed(5)
    (87654321, 5)
    """
    graph = get_default_graph()
    seeds: tuple[int | None, int | None]
    if graph.seed is not None:
        seeds = graph.seed % _MAX_SEED, (graph.last_id if op_seed is None else op_seed) % _MAX_SEED
    else:
        seeds = (_DEFAULT_GRAPH_SEED, op_seed % _MAX_SEED) if op_seed is not None else (None, None)
    # Two zeros would mean "not seeded" to the kernels.
    return (0, _MAX_SEED) if seeds == (0, 0) else seeds


def seed_attrs(seed: int | None) -> dict[str, Any]:
    """The attributes of an operation that has a seed."""
    first, second = get_seed(seed)
    return {"seed": first or 0, "seed2": second or 0}


def stream_of(op: Operation, state: Any) -> Stream:
    """The stream of an operation in a session."""
    seeds = op.attrs["seed"] % 2**64, op.attrs["seed2"] % 2**64
    stream: Stream = state.resource(op, lambda: Stream(*seeds, state.threads))
    return stream


def count_of(shape: Any) -> int:
    """How many numbers a shape asks for."""
    if np.ndim(shape) != 1:
        raise invalid(f"shape must be a vector of {{int32,int64}}, got shape {shape_text(shape)}")
    if np.any(np.less(shape, 0)):
        raise errors.InvalidArgumentError(None, None, f"Dimension {np.min(shape)} must be >= 0")
    return int(np.prod(shape, dtype=np.int64))


def _random_shape(shape: Tensor) -> TensorShape:
    of_rank(shape.shape, 1)
    return partial_shape(shape)


def _float_op(name: str, draw: Any) -> OpDef:
    opdef = OpDef(
        name,
        "shape:T -> output:dtype",
        types={"T": dtypes.INDICES},
        defaults={"seed": 0, "seed2": 0},
        stateful=True,
        differentiable=False,
        shape_inputs=("shape",),
    )

    def kernel(shape: Any, *, op: Operation, state: Any, dtype: Any) -> Any:
        count = count_of(shape)
        with state.lock:
            numbers = draw(stream_of(op, state), count, dtype)
        return numbers.reshape(tuple(shape))

    opdef.kernel(kernel)
    opdef.shape_rule(_random_shape)
    return opdef


uniform_op = _float_op("RandomUniform", Stream.uniform)
normal_op = _float_op("RandomStandardNormal", Stream.normal)
truncated_normal_op = _float_op("TruncatedNormal", Stream.truncated_normal)

uniform_int_op = OpDef(
    "RandomUniformInt",
    "shape:T, minval:Tout, maxval:Tout -> output:Tout",
    types={"T": dtypes.INDICES, "Tout": dtypes.INDICES},
    defaults={"seed": 0, "seed2": 0},
    stateful=True,
    differentiable=False,
    shape_inputs=("shape",),
)


@uniform_int_op.kernel
def uniform_int_kernel(shape: Any, minval: Any, maxval: Any, *, op: Operation, state: Any, dtype: Any) -> Any:
    if minval >= maxval:
        raise errors.InvalidArgumentError(None, None, f"Need minval < maxval, got {minval} >= {maxval}")
    with state.lock:
        numbers = stream_of(op, state).integers(count_of(shape), int(minval), int(maxval), dtype)
    return numbers.reshape(tuple(shape))


@uniform_int_op.shape_rule
def uniform_int_shape(shape: Tensor, minval: Tensor, maxval: Tensor) -> TensorShape:
    for name, bound in (("minval", minval), ("maxval", maxval)):
        if bound.shape.ndims not in (None, 0):
            raise ValueError(f"{name} must be a scalar; got a tensor of shape {bound.shape.bracketed()}")
    return _random_shape(shape)


def shape_tensor(shape: Any) -> Tensor:
    """A shape as a vector of integers."""
    if isinstance(shape, (list, tuple)) and not shape:
        return convert_to_tensor(shape, dtypes.int32, name="shape")
    return convert_to_tensor(shape, name="shape")


def random_uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Random numbers, all equally likely.

    Args:
        shape: the shape, a vector of integers.
        minval: the smallest number.
        maxval: the largest, not included; 1 for floats if None.
        dtype: float16, float32, float64, int32 or int64.
        seed: the operation's seed; see `set_random_seed`.
        name: the operation's name.

    Returns:
        A `Tensor`: new numbers in each run.

    Raises:
        ValueError: the type has no uniform numbers, or `maxval` is missing for integers.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.random_uniform([3], 0, 10, tf.int32, seed=1))
    array([7, 9, 3], dtype=int32)
    """
    kind = as_dtype(dtype)
    if kind not in (*dtypes.REAL_FLOATS, *dtypes.INDICES):
        raise ValueError(
            f"Argument `dtype` got invalid value {kind!r}. Accepted dtypes are float16, float32, float64, int32, int64."
        )
    if maxval is None:
        if kind.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {kind!r}")
        maxval = 1
    with get_default_graph().name_scope(name or "random_uniform") as scope:
        size = shape_tensor(shape)
        low = convert_to_tensor(minval, kind, name="min")
        high = convert_to_tensor(maxval, kind, name="max")
        if kind.is_integer:
            return apply_op(uniform_int_op, size, low, high, name=scope, **seed_attrs(seed)).outputs[0]
        unit = apply_op(uniform_op, size, dtype=kind, **seed_attrs(seed)).outputs[0]
        return add(multiply(unit, subtract(high, low, name="sub"), name="mul"), low, name=scope)


def _scaled(
    opdef: OpDef,
    default: str,
    shape: Any,
    mean: Any,
    stddev: Any,
    dtype: Any,
    seed: int | None,
    name: str | None,
) -> Tensor:
    kind = as_dtype(dtype)
    with get_default_graph().name_scope(name or default) as scope:
        size = shape_tensor(shape)
        middle = convert_to_tensor(mean, kind, name="mean")
        spread = convert_to_tensor(stddev, kind, name="stddev")
        unit = apply_op(opdef, size, dtype=kind, **seed_attrs(seed)).outputs[0]
        return add(multiply(unit, spread, name="mul"), middle, name=scope)


def random_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Random numbers from a normal distribution.

    Args:
        shape: the shape, a vector of integers.
        mean: the mean.
        stddev: the standard deviation.
        dtype: float16, float32 or float64.
        seed: the operation's seed; see `set_random_seed`.
        name: the operation's name.

    Returns:
        A `Tensor`: new numbers in each run.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.random_normal([2], seed=1)).round(4)
    array([-0.8113,  1.4846], dtype=float32)
    """
    return _scaled(normal_op, "random_normal", shape, mean, stddev, dtype, seed, name)


def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Random numbers from a normal distribution, none further than two standard deviations from the mean.

    Arguments and result as `random_normal`.

    >>> import graphmagic as tf
    >>> bool((abs(tf.Session().run(tf.truncated_normal([1000]))) < 2).all())
    True
    """
    return _scaled(truncated_normal_op, "truncated_normal", shape, mean, stddev, dtype, seed, name)


shuffle_op = OpDef(
    "RandomShuffle",
    "value:T -> output:T",
    defaults={"seed": 0, "seed2": 0},
    stateful=True,
    differentiable=False,
)


@shuffle_op.kernel
def shuffle_kernel(value: Any, *, op: Operation, state: Any) -> Any:
    if value.ndim == 0 or len(value) < 2:
        return value.copy()
    with state.lock:
        return stream_of(op, state).shuffle(value)


shuffle_op.shape_rule(lambda value: value.shape)


def random_shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """The rows of a tensor in random order.

    Args:
        value: a tensor.
        seed: the operation's seed; see `set_random_seed`.
        name: the operation's name.

    Returns:
        A `Tensor` of the same shape: a new order in each run.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.random_shuffle([0, 1, 2, 3, 4], seed=1))
    array([2, 4, 0, 3, 1], dtype=int32)
    """
    return apply_op(shuffle_op, value, name=name, **seed_attrs(seed)).outputs[0]
