"""Random numbers of the gamma and Poisson distributions, from the streams that TensorFlow 1 takes.

Sources: G. Marsaglia and W. W. Tsang, A simple method for generating gamma variables, 2000; D. E. Knuth, The Art of
Computer Programming, volume 2; W. Hörmann, The transformed rejection method for generating Poisson random variables,
1993.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import maximum
from graphmagic.ops.broadcast import broadcast_to
from graphmagic.ops.broadcast_shapes import broadcast_dynamic_shape
from graphmagic.ops.checks import of_rank
from graphmagic.ops.division import divide
from graphmagic.ops.philox import Stream, philox
from graphmagic.ops.queries import shape as shape_of
from graphmagic.ops.random import count_of, seed_attrs, stream_of
from graphmagic.shapes import TensorShape

__all__ = ["random_gamma", "random_poisson"]

Array = np.ndarray[Any, Any]
_RESERVED = 256  # counters that each number sets aside, used or not
_AT_ONCE = 4  # counters whose words are computed together


class _Source:
    """The uniform and the normal numbers that one result is made of; both come in pairs, the second first."""

    def __init__(self, stream: Stream, first: int) -> None:
        self._stream, self._next = stream, first
        self._words: Iterator[list[int]] = iter(())
        self._uniform: list[float] = []
        self._normal: list[float] = []

    def _block(self) -> list[int]:
        block = next(self._words, None)
        if block is None:
            counters = np.arange(self._next, self._next + _AT_ONCE, dtype=np.uint64)
            self._next += _AT_ONCE
            self._words = iter(philox(self._stream.key, self._stream.counter_high, counters).tolist())
            block = next(self._words)
        return block

    def uniform(self) -> float:
        """The next number from [0, 1)."""
        if not self._uniform:
            a, b, c, d = self._block()
            self._uniform = [_unit(a, b), _unit(c, d)]
        return self._uniform.pop()

    def normal(self) -> float:
        """The next number of the normal distribution."""
        if not self._normal:
            a, b, c, d = self._block()
            radius = math.sqrt(-2.0 * math.log(max(_unit(a, b), 1e-7)))
            angle = 2.0 * math.pi * _unit(c, d)
            self._normal = [math.sin(angle) * radius, math.cos(angle) * radius]
        return self._normal.pop()


def _unit(low: int, high: int) -> float:
    """Two words as a number from [0, 1): 52 bits become the mantissa."""
    return (((low & 0xFFFFF) << 32) | high) / 2.0**52


def _gamma(alpha: float, source: _Source) -> float:
    if alpha == 1.0:
        return -math.log1p(-source.uniform())
    d = alpha + (2.0 / 3 if alpha < 1 else -1.0 / 3)
    c = 1.0 / 3 / math.sqrt(d)
    while True:
        x = source.normal()
        v = 1 + c * x
        if v <= 0:
            continue
        v = v * v * v
        u = source.uniform()
        if u < 1 - 0.0331 * (x * x) * (x * x) or math.log(u) < 0.5 * x * x + d * (1 - v + math.log(v)):
            result = d * v
            return result * source.uniform() ** (1 / alpha) if alpha < 1 else result


def _poisson(rate: float, source: _Source) -> float:
    if not math.isfinite(rate) or rate < 0:
        return math.inf if rate > 0 else math.nan
    if rate < 10:
        limit, product, count = math.exp(-rate), source.uniform(), 0
        while product > limit:
            product *= source.uniform()
            count += 1
        return count
    b = 0.931 + 2.53 * math.sqrt(rate)
    a = -0.059 + 0.02483 * b
    inverse = 1.1239 + 1.1328 / (b - 3.4)
    while True:
        u = source.uniform() - 0.5
        v = source.uniform()
        shifted = 0.5 - abs(u)
        k = math.floor((2 * a / shifted + b) * u + rate + 0.43) if shifted else math.inf
        if shifted >= 0.07 and v <= 0.9277 - 3.6224 / (b - 2):
            return k
        if k < 0 or (shifted < 0.013 and v > shifted):
            continue
        chance = math.log(v * inverse / (a / (shifted * shifted) + b)) if v else -math.inf
        if chance <= -rate + k * math.log(rate) - math.lgamma(k + 1):
            return k


def _samples(
    draw: Callable[[float, _Source], float],
    shape: Any,
    parameters: Array,
    op: Operation,
    state: Any,
    dtype: Any,
) -> Array:
    count = count_of(shape)
    flat = parameters.astype(np.float64).ravel().tolist()
    with state.lock:
        stream = stream_of(op, state)
        first = stream.position
        stream.position += count * len(flat) * _RESERVED
    columns = [
        [draw(value, _Source(stream, first + (row * count + i) * _RESERVED)) for i in range(count)]
        for row, value in enumerate(flat)
    ]
    samples = np.array(columns, np.float64).reshape(len(flat), count).T
    return samples.astype(dtype).reshape(*map(int, shape), *parameters.shape)


def _declare(name: str, signature: str, draw: Callable[[float, _Source], float], **types: Any) -> OpDef:
    opdef = OpDef(
        name, signature, types=types, defaults={"seed": 0, "seed2": 0}, stateful=True, differentiable=False,
        shape_inputs=("shape",),
    )  # fmt: skip

    @opdef.kernel
    def kernel(shape: Any, parameters: Any, *, op: Operation, state: Any, dtype: Any) -> Array:
        return _samples(draw, shape, parameters, op, state, dtype)

    @opdef.shape_rule
    def samples_shape(shape: Tensor, parameters: Tensor) -> TensorShape:
        of_rank(shape.shape, 1)
        return partial_shape(shape).concatenate(parameters.shape)

    return opdef


gamma_op = _declare(
    "RandomGamma", "shape:S, alpha:T -> output:T", _gamma, S=dtypes.INDICES, T=dtypes.REAL_FLOATS
)
_COUNTED = (*dtypes.REAL_FLOATS, *dtypes.INDICES)
poisson_op = _declare(
    "RandomPoissonV2",
    "shape:S, rate:R -> output:dtype",
    _poisson,
    S=dtypes.INDICES,
    R=_COUNTED,
    dtype=_COUNTED,
)


def random_gamma(
    shape: Any,
    alpha: Any,
    beta: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Random numbers of gamma distributions.

    Args:
        shape: how many numbers to draw for each of the distributions, an integer vector.
        alpha: their shape parameters.
        beta: their inverse scales, which broadcast with `alpha`; 1 if None.
        dtype: a type of floats.
        seed: the operation's seed; see `tf.set_random_seed`.
        name: the name of the scope of the operations made.

    Returns:
        A `Tensor` of shape ``shape + shape of alpha + beta``.  No gradient flows to `alpha`.

    >>> import graphmagic as tf
    >>> numbers = tf.Session().run(tf.random_gamma([20], [0.5, 3.0], seed=1))
    >>> numbers.shape, bool((numbers > 0).all())
    ((20, 2), True)
    """
    kind = as_dtype(dtype)
    with get_default_graph().name_scope(name or "random_gamma"):
        wanted = convert_to_tensor(shape, dtypes.int32, name="shape")
        shapes = convert_to_tensor(alpha, kind, name="alpha")
        scales = convert_to_tensor(1 if beta is None else beta, kind, name="beta")
        both = broadcast_dynamic_shape(shape_of(shapes), shape_of(scales))
        drawn = apply_op(gamma_op, wanted, broadcast_to(shapes, both), **seed_attrs(seed)).outputs[0]
        return maximum(np.finfo(kind.as_numpy_dtype).tiny, divide(drawn, scales))


def random_poisson(
    lam: Any, shape: Any, dtype: Any = dtypes.float32, seed: int | None = None, name: str | None = None
) -> Tensor:
    """Random numbers of Poisson distributions.

    Args:
        lam: their means.
        shape: how many numbers to draw for each, an integer vector.
        dtype: the type of the result.
        seed: the operation's seed; see `tf.set_random_seed`.
        name: the name of the scope of the operations made.

    Returns:
        A `Tensor` of shape ``shape + shape of lam``.

    >>> import graphmagic as tf
    >>> numbers = tf.Session().run(tf.random_poisson([0.5, 30.0], [100], seed=1))
    >>> numbers.shape, bool((numbers == numbers.round()).all())
    ((100, 2), True)
    """
    with get_default_graph().name_scope(name or "random_poisson"):
        wanted = convert_to_tensor(shape, dtypes.int32, name="shape")
        return apply_op(poisson_op, wanted, lam, dtype=as_dtype(dtype), **seed_attrs(seed)).outputs[0]
