"""Looking for nan and inf: `tf.check_numerics`, `tf.add_check_numerics_ops`."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.dtypes import REAL_FLOATS
from graphmagic.errors import InvalidArgumentError
from graphmagic.graph.apply import apply_op
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.broadcast import same_shape
from graphmagic.ops.control import group

__all__ = ["add_check_numerics_ops", "check_numerics"]

check_numerics_op = OpDef(
    "CheckNumerics", "tensor:T -> output:T", types={"T": REAL_FLOATS}, stateful=True, view=True
)
check_numerics_op.shape_rule(same_shape)


@check_numerics_op.kernel
def check_numerics_kernel(x: Any, *, message: str) -> Any:
    if not np.isfinite(x).all():
        found = [word for word, test in (("Inf", np.isinf), ("NaN", np.isnan)) if test(x).any()]
        raise InvalidArgumentError(None, None, f"{message} : Tensor had {' and '.join(found)} values")
    return x


@check_numerics_op.gradient
def check_numerics_grad(op: Operation, dy: Tensor) -> Tensor:
    return check_numerics(
        dy,
        "Not a number (NaN) or infinity (Inf) values detected in gradient. "
        f"The original operation checked: {op.attrs['message']}",
    )


def check_numerics(tensor: Any, message: str, name: str | None = None) -> Tensor:
    """The same tensor; computing it fails if there is a nan or an infinity in it.

    Args:
        tensor: a tensor of floating-point numbers.
        message: the front of the error's text.
        name: the operation's name.

    Raises:
        TypeError: the tensor is of another type, or `message` is no string.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.check_numerics([1.0, 2.0], "weights"))
    array([1., 2.], dtype=float32)
    """
    if not isinstance(message, str):
        raise TypeError(f"Expected string for argument 'message' not {message!r}.")
    return apply_op(check_numerics_op, tensor, name=name, message=message).outputs[0]


def add_check_numerics_ops() -> Operation:
    """One operation that checks every floating-point tensor of the graph, each with its name as the message.

    Raises:
        ValueError: the graph has branches or loops.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     y = tf.log(tf.constant(2.0))
    ...     tf.Session().run([y, tf.add_check_numerics_ops()])
    [np.float32(0.6931472), None]
    """
    graph = get_default_graph()
    checks: list[Operation] = []
    for op in graph.get_operations():
        if op.block is not None:
            raise ValueError(
                "`tf.add_check_numerics_ops() is not compatible with TensorFlow control flow operations such as "
                "`tf.cond()` or `tf.while_loop()`."
            )
        for output in op.outputs:
            if output.dtype in REAL_FLOATS:
                with graph.control_dependencies(checks[-1:]):
                    checks.append(check_numerics(output, f"{op.name}:{output.value_index}").op)
    return group(*checks)
