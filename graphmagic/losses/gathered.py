"""The losses that a graph has collected."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.arithmetic import add_n
from graphmagic.ops.constant import constant

__all__ = [
    "add_loss",
    "get_losses",
    "get_regularization_loss",
    "get_regularization_losses",
    "get_total_loss",
]


def add_loss(loss: Any, loss_collection: str | None = GraphKeys.LOSSES) -> None:
    """Add a loss to the collection of losses.

    Args:
        loss: a scalar.
        loss_collection: the collection; None for none.

    >>> import graphmagic as tf
    >>> tf.losses.add_loss(tf.constant(2.0))
    >>> len(tf.losses.get_losses())
    1
    """
    if loss_collection:
        get_default_graph().add_to_collection(loss_collection, loss)


def get_losses(scope: str | None = None, loss_collection: str = GraphKeys.LOSSES) -> list[Any]:
    """The losses collected so far.

    Args:
        scope: only those whose names start so.
        loss_collection: the collection.

    Returns:
        A list of tensors.
    """
    return get_default_graph().get_collection(loss_collection, scope)


def get_regularization_losses(scope: str | None = None) -> list[Any]:
    """The losses of regularizers collected so far; `scope` as in `get_losses`."""
    return get_default_graph().get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_regularization_loss(scope: str | None = None, name: str = "total_regularization_loss") -> Tensor:
    """The sum of the losses of regularizers.

    Args:
        scope: only those whose names start so.
        name: the operation's name.

    Returns:
        A scalar; 0 if there are none.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.get_regularization_loss())
    np.float32(0.0)
    """
    losses = get_regularization_losses(scope)
    return add_n(losses, name=name) if losses else constant(0.0)


def get_total_loss(
    add_regularization_losses: bool = True, name: str = "total_loss", scope: str | None = None
) -> Tensor:
    """The sum of all collected losses.

    Args:
        add_regularization_losses: whether to include those of regularizers.
        name: the operation's name.
        scope: only losses whose names start so.

    Returns:
        A scalar.

    Raises:
        ValueError: there are no losses.

    >>> import graphmagic as tf
    >>> a, b = tf.losses.mean_squared_error(1.0, 2.0), tf.losses.absolute_difference(1.0, 3.0)
    >>> tf.Session().run(tf.losses.get_total_loss())
    np.float32(3.0)
    """
    losses = get_losses(scope)
    if add_regularization_losses:
        losses = losses + get_regularization_losses(scope)
    return add_n(losses, name=name)
