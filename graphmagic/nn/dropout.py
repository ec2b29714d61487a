"""Dropout: setting random elements to zero while training."""

from __future__ import annotations

import numbers
from typing import Any

from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.arguments import one_of
from graphmagic.ops.casting import cast
from graphmagic.ops.logic import greater_equal
from graphmagic.ops.queries import shape
from graphmagic.ops.random import random_uniform
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["dropout"]


def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Tensor:
    """Set random elements to zero, and scale the others up so that the expected sum stays the same.

    Args:
        x: a tensor of floats.
        keep_prob: the probability that an element stays; or give `rate`.
        noise_shape: the shape of the random choices, broadcast to `x`: where it has a 1, a whole dimension shares one
            choice.
        seed: the seed of the choices; see `tf.set_random_seed`.
        name: the name of the scope of the operations made.
        rate: the probability that an element is dropped, ``1 - keep_prob``.

    Returns:
        A `Tensor` of the shape of `x`; `x` itself if nothing is to be dropped.

    Raises:
        ValueError: the probability is out of range, or neither or both are given, or `x` is not of floats.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.dropout(tf.ones([6]), keep_prob=0.5, seed=1))
    array([0., 2., 0., 0., 2., 0.], dtype=float32)
    """
    try:
        dropped = None if keep_prob is None else 1.0 - keep_prob
    except TypeError:
        raise ValueError(
            f"`keep_prob` must be a floating point number or Tensor. Received: keep_prob={keep_prob}"
        ) from None
    drop = one_of("rate", rate, "keep_prob", dropped)
    if drop is None:
        raise ValueError(f"`rate` must be provided. Received: rate={drop}")
    with get_default_graph().name_scope(name or "dropout"):
        if isinstance(drop, numbers.Real) and not 0 <= float(drop) < 1:
            raise ValueError(
                f"`rate` must be a scalar tensor or a float in the range [0, 1). Received: rate={drop}"
            )
        value = convert_to_tensor(x, name="x")
        if not value.dtype.is_floating:
            raise ValueError(
                "`x.dtype` must be a floating point tensor as `x` will be scaled. "
                f"Received: x_dtype={value.dtype}"
            )
        if isinstance(drop, numbers.Real) and drop == 0:
            return value
        return _dropped(value, drop, noise_shape, seed)


def _dropped(value: Any, rate: Any, noise_shape: Any, seed: int | None) -> Tensor:
    # The operations and their order are those of 1.15, since an operation's number decides its seed.
    kind = value.dtype.base_dtype
    if isinstance(rate, Tensor) and rate.dtype.base_dtype is not kind:
        raise ValueError(
            "`x.dtype` must be compatible with `rate.dtype`. "
            f"Received: x.dtype={value.dtype} and rate.dtype={rate.dtype}"
        )
    if not isinstance(rate, (Tensor, numbers.Real)) and not hasattr(rate, "dtype"):
        raise ValueError(f"`rate` must be a scalar or scalar tensor. Received: rate={rate}")
    chance: Any = convert_to_tensor(rate, kind, name="rate")
    chance.shape.assert_has_rank(0)
    known = static_value(chance)
    if known is not None and known == 0:
        return value  # type: ignore[no-any-return]
    noise = random_uniform(_noise_shape(value, noise_shape), seed=seed, dtype=kind)
    scale = 1 / (1 - chance)
    kept = greater_equal(noise, chance)
    result: Tensor = value * scale * cast(kept, kind)
    result.set_shape(value.shape)
    return result


def _noise_shape(value: Tensor, noise_shape: Any) -> Any:
    """The shape of the random choices; unknown sizes in it are those of `value`."""
    if noise_shape is None:
        return shape(value)
    try:
        given = as_shape(noise_shape)
    except (TypeError, ValueError):
        return noise_shape
    if value.shape.ints is None or given.ints is None or len(given.ints) != len(value.shape.ints):
        return noise_shape
    return TensorShape([b if a is None else a for a, b in zip(given.ints, value.shape.ints, strict=True)])
