"""What a kernel gets besides arrays."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.node import Operation

__all__ = ["kernel_keywords"]


def kernel_keywords(op: Operation, state: Any = None) -> dict[str, Any]:
    """The keyword arguments of an operation's kernel.

    >>> import graphmagic as tf
    >>> kernel_keywords(tf.matmul([[1.0]], [[2.0]]).op)
    {'transpose_a': False, 'transpose_b': False}
    """
    special = {"op": op, "state": state}
    found: dict[str, Any] = {}
    for key in op.opdef.kernel_attrs:
        if key in special:
            found[key] = special[key]
        else:
            found[key] = op.outputs[0].dtype.numpy if key == "dtype" else op.attrs.get(key)
    return found
