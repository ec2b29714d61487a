"""Random choices: samples from categories, and parts of tensors cut out at random."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.arithmetic import add, subtract
from graphmagic.ops.asserting import Assert
from graphmagic.ops.checks import invalid, of_rank, size_from
from graphmagic.ops.control import with_dependencies
from graphmagic.ops.division import floormod
from graphmagic.ops.logic import greater_equal
from graphmagic.ops.philox import Stream
from graphmagic.ops.queries import shape as shape_of
from graphmagic.ops.random import random_uniform, seed_attrs, stream_of
from graphmagic.ops.reduce import reduce_all
from graphmagic.ops.slicing import slice
from graphmagic.shapes import TensorShape

__all__ = ["categorical", "multinomial", "random_crop"]

multinomial_op = OpDef(
    "Multinomial",
    "logits:T, num_samples:int32 -> output:output_dtype",
    types={"T": dtypes.REALS, "output_dtype": dtypes.INDICES},
    defaults={"seed": 0, "seed2": 0, "output_dtype": dtypes.int64},
    stateful=True,
    differentiable=False,
    value_inputs=("num_samples",),
)


def check_logits(logits: Any, num_samples: Any) -> int:
    """The number of samples to draw for each row of logits.

    Raises:
        InvalidArgumentError: the logits are no matrix, or there is nothing to choose from.
    """
    if np.ndim(logits) != 2:
        raise invalid(f"logits should be a matrix, got shape {shape_text(logits)}")
    if np.ndim(num_samples):
        raise invalid(f"num_samples should be a scalar, got shape {shape_text(num_samples)}")
    if num_samples < 0:
        raise invalid(f"num_samples should be nonnegative, got {num_samples}")
    if not logits.shape[1]:
        raise invalid(f"num_classes should be positive, got {logits.shape[1]}")
    return int(num_samples)


def draw_categories(stream: Stream, logits: Any, count: int, dtype: Any) -> Any:
    """`count` categories for each row of logits: where a uniform number falls among the sums of probabilities."""
    finite = np.isfinite(logits)
    largest = np.max(np.where(finite, logits, -np.inf), 1, keepdims=True, initial=-np.inf).astype(np.float64)
    weights = np.where(finite, np.exp(logits.astype(np.float64) - largest), 0.0)
    sums = np.cumsum(weights, 1)
    numbers = stream.doubles(logits.shape[0] * count).reshape(logits.shape[0], count) * sums[:, -1:]
    rows = [np.searchsorted(row, wanted, "right") for row, wanted in zip(sums, numbers, strict=True)]
    return np.array(rows, dtype).reshape(numbers.shape)


@multinomial_op.kernel
def multinomial_kernel(logits: Any, num_samples: Any, *, op: Operation, state: Any, dtype: Any) -> Any:
    count = check_logits(logits, num_samples)
    with state.lock:
        stream = stream_of(op, state)
        result = draw_categories(stream, logits, count, dtype)
        stream.skip(logits.shape[0] * (-(-count // 4) * 4) * 2)
    return result


@multinomial_op.shape_rule
def multinomial_shape(logits: Tensor, num_samples: Tensor) -> TensorShape:
    rows = of_rank(logits.shape, 2).as_list()[0]
    of_rank(num_samples.shape, 0)
    return TensorShape([rows, size_from(num_samples, 1)])


def _multinomial(logits: Any, num_samples: Any, dtype: Any, seed: int | None, name: str) -> Tensor:
    kind = dtypes.int64 if dtype is None else as_dtype(dtype)
    if kind not in dtypes.INDICES:
        raise ValueError(f"Argument `dtype` got invalid value {kind}. Accepted dtypes are {dtypes.INDICES}.")
    with get_default_graph().name_scope(name):
        scores = convert_to_tensor(logits, name="logits")
        return apply_op(multinomial_op, scores, num_samples, output_dtype=kind, **seed_attrs(seed)).outputs[0]


def multinomial(
    logits: Any, num_samples: Any, seed: int | None = None, name: str | None = None, output_dtype: Any = None
) -> Tensor:
    """Draw numbers of categories.

    Args:
        logits: one row per batch entry: the logarithms of the probabilities, up to a constant.
        num_samples: how many numbers to draw from each row.
        seed: the operation's seed; see `set_random_seed`.
        name: the scope of the operations made.
        output_dtype: the type of the numbers, int32 or int64; int64 if None.

    Returns:
        A `Tensor` of shape ``[batch, num_samples]``: new numbers in each run.

    Raises:
        ValueError: `logits` is no matrix.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.multinomial([[0.0, 0.0, 0.0]], 5, seed=1))
    array([[2, 1, 2, 2, 0]])
    """
    return _multinomial(logits, num_samples, output_dtype, seed, name or "multinomial")


def categorical(
    logits: Any, num_samples: Any, dtype: Any = None, seed: int | None = None, name: str | None = None
) -> Tensor:
    """Draw numbers of categories: `multinomial` with its arguments in another order.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.random.categorical([[0.0, -1e9]], 3))
    array([[0, 0, 0]])
    """
    return _multinomial(logits, num_samples, dtype, seed, name or "categorical")


def random_crop(value: Any, size: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """A part of a tensor, cut out at a random place.

    Args:
        value: a tensor of rank r.
        size: the size of the part along each dimension, r integers.
        seed: the operation's seed; see `set_random_seed`.
        name: the operation's name.

    Returns:
        A `Tensor` of shape `size`.

    Raises:
        InvalidArgumentError: the part is larger than the tensor, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.random_crop([1, 2, 3, 4, 5], [3], seed=1))
    array([3, 4, 5], dtype=int32)
    """
    with get_default_graph().name_scope(name or "random_crop") as scope:
        x = convert_to_tensor(value, name="value")
        wanted = convert_to_tensor(size, dtypes.int32, name="size")
        whole = shape_of(x)
        fits = reduce_all(greater_equal(whole, wanted))
        check = Assert(fits, ["Need value.shape >= size, got ", whole, wanted], summarize=1000)
        whole = with_dependencies([check], whole)
        limit = add(subtract(whole, wanted), 1)
        numbers = random_uniform(shape_of(whole), maxval=int(dtypes.int32.max), dtype=dtypes.int32, seed=seed)
        return slice(x, floormod(numbers, limit), wanted, name=scope)
