"""Random numbers that depend on nothing but a seed that is an input: the same seed, the same numbers, always."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import add, multiply, subtract
from graphmagic.ops.checks import invalid, of_rank, size_from
from graphmagic.ops.philox import Stream, philox
from graphmagic.ops.random import count_of, shape_tensor
from graphmagic.ops.random_choice import check_logits, draw_categories
from graphmagic.shapes import TensorShape

__all__ = [
    "stateless_categorical",
    "stateless_multinomial",
    "stateless_random_normal",
    "stateless_random_uniform",
    "stateless_truncated_normal",
]

_MIXING_KEY = 0x02461E293EC8F720


def _stream(seed: Any) -> Stream:
    """The stream of a seed, whose two numbers are mixed by one round of the generator itself."""
    if np.shape(seed) != (2,):
        raise invalid(f"seed must have shape [2], not [{','.join(map(str, np.shape(seed)))}]")
    first, second = (int(number) & (2**64 - 1) for number in seed)
    mixed = [int(word) for word in philox(_MIXING_KEY, second, np.array([first], np.uint64))[0]]
    return Stream(mixed[0] | mixed[1] << 32, mixed[2] | mixed[3] << 32)


def _check_seed(seed: Tensor) -> None:
    length = of_rank(seed.shape, 1).as_list()[0]
    if length not in (None, 2):
        raise ValueError(f"Dimension must be 2 but is {length}")


def _float_op(name: str, draw: Any) -> OpDef:
    opdef = OpDef(
        name,
        "shape:T, seed:Tseed -> output:dtype",
        types={"T": dtypes.INDICES, "Tseed": dtypes.INDICES, "dtype": dtypes.REAL_FLOATS},
        defaults={"T": dtypes.int32, "Tseed": dtypes.int64, "dtype": dtypes.float32},
        differentiable=False,
        shape_inputs=("shape",),
    )

    def kernel(shape: Any, seed: Any, *, dtype: Any) -> Any:
        return draw(_stream(seed), count_of(shape), dtype).reshape(tuple(shape))

    def shape_rule(shape: Tensor, seed: Tensor) -> TensorShape:
        _check_seed(seed)
        return partial_shape(shape)

    opdef.kernel(kernel)
    opdef.shape_rule(shape_rule)
    return opdef


uniform_op = _float_op("StatelessRandomUniform", Stream.uniform)
normal_op = _float_op("StatelessRandomNormal", Stream.normal)
truncated_normal_op = _float_op("StatelessTruncatedNormal", Stream.truncated_normal)

uniform_int_op = OpDef(
    "StatelessRandomUniformInt",
    "shape:T, seed:Tseed, minval:dtype, maxval:dtype -> output:dtype",
    types={"T": dtypes.INDICES, "Tseed": dtypes.INDICES, "dtype": dtypes.INDICES},
    defaults={"T": dtypes.int32, "Tseed": dtypes.int64},
    differentiable=False,
    shape_inputs=("shape",),
)


@uniform_int_op.kernel
def uniform_int_kernel(shape: Any, seed: Any, minval: Any, maxval: Any, *, dtype: Any) -> Any:
    if minval >= maxval:
        raise invalid(f"Need minval < maxval, got {minval} >= {maxval}")
    numbers = _stream(seed).integers(count_of(shape), int(minval), int(maxval), dtype)
    return numbers.reshape(tuple(shape))


@uniform_int_op.shape_rule
def uniform_int_shape(shape: Tensor, seed: Tensor, minval: Tensor, maxval: Tensor) -> TensorShape:
    _check_seed(seed)
    of_rank(minval.shape, 0)
    of_rank(maxval.shape, 0)
    return partial_shape(shape)


multinomial_op = OpDef(
    "StatelessMultinomial",
    "logits:T, num_samples:int32, seed:Tseed -> output:output_dtype",
    types={"T": dtypes.REALS, "Tseed": dtypes.INDICES, "output_dtype": dtypes.INDICES},
    defaults={"Tseed": dtypes.int64, "output_dtype": dtypes.int64},
    differentiable=False,
)


@multinomial_op.kernel
def multinomial_kernel(logits: Any, num_samples: Any, seed: Any, *, dtype: Any) -> Any:
    return draw_categories(_stream(seed), logits, check_logits(logits, num_samples), dtype)


@multinomial_op.shape_rule
def multinomial_shape(logits: Tensor, num_samples: Tensor, seed: Tensor) -> TensorShape:
    _check_seed(seed)
    return TensorShape([of_rank(logits.shape, 2).as_list()[0], size_from(num_samples, 1)])


def stateless_random_uniform(
    shape: Any,
    seed: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Random numbers, all equally likely, that depend on the seed only.

    Args:
        shape: the shape, a vector of integers.
        seed: two integers, a tensor.
        minval: the smallest number.
        maxval: the largest, not included; 1 for floats if None.
        dtype: float16, float32, float64, int32 or int64.
        name: the operation's name.

    Returns:
        A `Tensor`: the same numbers in every run with the same seed.

    Raises:
        ValueError: the type has no uniform numbers, or `maxval` is missing for integers.

    >>> import graphmagic as tf
    >>> x = tf.random.stateless_uniform([2], seed=[1, 2])
    >>> bool((tf.Session().run(x) == tf.Session().run(x)).all())
    True
    """
    kind = as_dtype(dtype)
    if kind not in (*dtypes.REAL_FLOATS, *dtypes.INDICES):
        raise ValueError(f"Invalid dtype {kind!r}")
    if maxval is None:
        if kind.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {kind!r}")
        maxval = 1
    with get_default_graph().name_scope(name or "stateless_random_uniform") as scope:
        size = shape_tensor(shape)
        low, high = convert_to_tensor(minval, kind, name="min"), convert_to_tensor(maxval, kind, name="max")
        if kind.is_integer:
            return apply_op(uniform_int_op, size, seed, low, high, name=scope).outputs[0]
        unit = apply_op(uniform_op, size, seed, dtype=kind).outputs[0]
        return add(multiply(unit, subtract(high, low)), low, name=scope)


def _scaled(
    opdef: OpDef, default: str, shape: Any, seed: Any, mean: Any, stddev: Any, dtype: Any, name: str | None
) -> Tensor:
    kind = as_dtype(dtype)
    with get_default_graph().name_scope(name or default) as scope:
        size = shape_tensor(shape)
        middle = convert_to_tensor(mean, kind, name="mean")
        spread = convert_to_tensor(stddev, kind, name="stddev")
        unit = apply_op(opdef, size, seed, dtype=kind).outputs[0]
        return add(multiply(unit, spread), middle, name=scope)


def stateless_random_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """Random numbers from a normal distribution that depend on the seed only.

    Args:
        shape: the shape, a vector of integers.
        seed: two integers, a tensor.
        mean: the mean.
        stddev: the standard deviation.
        dtype: float16, float32 or float64.
        name: the operation's name.

    Returns:
        A `Tensor`: the same numbers in every run with the same seed.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.random.stateless_normal([3], seed=[1, 2])).shape
    (3,)
    """
    return _scaled(normal_op, "stateless_random_normal", shape, seed, mean, stddev, dtype, name)


def stateless_truncated_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """`stateless_random_normal` with no number further than two standard deviations from the mean.

    >>> import graphmagic as tf
    >>> bool((abs(tf.Session().run(tf.random.stateless_truncated_normal([99], seed=[1, 2]))) < 2).all())
    True
    """
    return _scaled(truncated_normal_op, "stateless_truncated_normal", shape, seed, mean, stddev, dtype, name)


def stateless_multinomial(
    logits: Any, num_samples: Any, seed: Any, output_dtype: Any = dtypes.int64, name: str | None = None
) -> Tensor:
    """Numbers of categories as `multinomial` draws them, that depend on the seed only.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.random.stateless_multinomial([[0.0, -1e9]], 3, seed=[1, 2]))
    array([[0, 0, 0]])
    """
    with get_default_graph().name_scope(name or "stateless_multinomial"):
        scores = convert_to_tensor(logits, name="logits")
        return apply_op(
            multinomial_op, scores, num_samples, seed, output_dtype=as_dtype(output_dtype)
        ).outputs[0]


def stateless_categorical(
    logits: Any, num_samples: Any, seed: Any, dtype: Any = dtypes.int64, name: str | None = None
) -> Tensor:
    """`stateless_multinomial` under its later name.

    >>> import graphmagic as tf
    >>> tf.random.stateless_categorical([[0.0, 1.0]], 3, seed=[1, 2]).shape.as_list()
    [1, 3]
    """
    return stateless_multinomial(logits, num_samples, seed, dtype, name or "stateless_categorical")
