"""Limiting the length of gradients and other tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic import dtypes
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.nn.pointwise_losses import l2_loss
from graphmagic.ops.arithmetic import maximum, minimum, multiply
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.constant import constant
from graphmagic.ops.elementary import rsqrt, sqrt
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.identity import identity
from graphmagic.ops.like import ones_like
from graphmagic.ops.queries import rank, size
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.stacking import stack

__all__ = ["clip_by_average_norm", "clip_by_global_norm", "clip_by_norm", "global_norm"]


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Any:
    """Scale a tensor down if its Euclidean length is greater than `clip_norm`.

    Args:
        t: a tensor of floats, or `IndexedSlices`.
        clip_norm: the greatest length, a scalar.
        axes: the dimensions to add up; all if None.
        name: the operation's name.

    Returns:
        The same kind of value as `t`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.clip_by_norm([3.0, 4.0], 1.0))
    array([0.6, 0.8], dtype=float32)
    """
    with get_default_graph().name_scope(name or "clip_by_norm") as scope:
        values: Any = convert_to_tensor(t.values if isinstance(t, IndexedSlices) else t, name="t")
        squares: Any = reduce_sum(values * values, axes, keepdims=True)
        positive = squares > 0  # the root's derivative at 0 is infinite
        root = sqrt(where(positive, squares, ones_like(squares)))
        length = where(positive, root, squares)
        shorter = values * clip_norm
        values.shape.merge_with(shorter.shape)
        clipped = identity(shorter / maximum(length, clip_norm), name=scope)
        return IndexedSlices(clipped, t.indices, t.dense_shape) if isinstance(t, IndexedSlices) else clipped


def clip_by_average_norm(t: Any, clip_norm: Any, name: str | None = None) -> Tensor:
    """Scale a tensor down if its length divided by the number of its elements is greater than `clip_norm`.

    Args:
        t: a tensor of floats.
        clip_norm: the greatest average, a scalar.
        name: the operation's name.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.clip_by_average_norm([3.0, 4.0], 0.5))
    array([0.6, 0.8], dtype=float32)
    """
    with get_default_graph().name_scope(name or "clip_by_average_norm") as scope:
        values: Any = convert_to_tensor(t, name="t")
        count: Any = cast(size(values), dtypes.float32)
        inverse: Any = rsqrt(reduce_sum(values * values, graph_range(rank(values))))
        factor = minimum(inverse * count, constant(1.0) / clip_norm)
        return identity(values * clip_norm * factor, name=scope)


def global_norm(t_list: Sequence[Any], name: str | None = None) -> Tensor | None:
    """The length of several tensors taken as one long vector.

    Args:
        t_list: tensors, `IndexedSlices` or None, which counts nothing.
        name: the scope of the operations.

    Returns:
        A scalar, or None if there is no tensor.

    Raises:
        TypeError: `t_list` is no list.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.global_norm([[3.0], None, 4.0]))
    np.float32(5.0)
    """
    tensors = _listed(t_list)
    with get_default_graph().name_scope(name or "global_norm"):
        halves = [l2_loss(_values(t, i)) for i, t in enumerate(tensors) if t is not None]
        if not halves:
            return None
        total: Any = reduce_sum(stack(halves))
        return sqrt(total * constant(2.0, total.dtype), name="global_norm")


def clip_by_global_norm(
    t_list: Sequence[Any], clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Any], Any]:
    """Scale several tensors down by one factor if their `global_norm` is greater than `clip_norm`.

    Args:
        t_list: tensors, `IndexedSlices` or None, which stays None.
        clip_norm: the greatest length of all together, a scalar.
        use_norm: their global norm, if it is known already.
        name: the scope of the operations.

    Returns:
        The list of scaled tensors, and the global norm before scaling.

    Raises:
        TypeError: `t_list` is no list.

    >>> import graphmagic as tf
    >>> clipped, norm = tf.clip_by_global_norm([tf.constant(3.0), None, tf.constant(4.0)], 1.0)
    >>> [round(float(v), 3) for v in tf.Session().run([clipped[0], clipped[2], norm])]
    [0.6, 0.8, 5.0]
    """
    tensors = _listed(t_list)
    norm: Any = global_norm(tensors, name) if use_norm is None else use_norm
    if norm is None:  # no tensor at all
        return tensors, None
    with get_default_graph().name_scope(name or "clip_by_global_norm") as scope:
        norm = convert_to_tensor(norm, name="use_norm")
        kind = norm.dtype.base_dtype
        factor: Any = clip_norm * minimum(1.0 / norm, constant(1.0, kind) / clip_norm)
        # An infinite or undefined norm makes everything undefined, rather than zero.
        factor = factor + (norm - norm)
        clipped = [_scaled(t, i, factor, scope) for i, t in enumerate(tensors)]
    return clipped, norm


def _listed(t_list: Any) -> list[Any]:
    if not isinstance(t_list, Sequence) or isinstance(t_list, str):
        raise TypeError(f"`t_list` should be a sequence of tensors. Received {type(t_list)}.")
    return list(t_list)


def _values(t: Any, index: int) -> Tensor:
    return t.values if isinstance(t, IndexedSlices) else convert_to_tensor(t, name=f"t_{index}")


def _scaled(t: Any, index: int, factor: Tensor, scope: str) -> Any:
    if t is None:
        return None
    values = multiply(_values(t, index), factor, name="mul")
    scaled = identity(values, name=f"{scope[:-1].rpartition('/')[2]}/_{index}")
    return IndexedSlices(scaled, t.indices, t.dense_shape) if isinstance(t, IndexedSlices) else scaled
