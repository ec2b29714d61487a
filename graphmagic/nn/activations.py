"""Activation functions of neural networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.broadcast import same_shape
from graphmagic.ops.checks import check_same_sizes, merged_shape
from graphmagic.ops.like import zeros_like

relu_op = OpDef("Relu", "features:T -> activations:T", types={"T": dtypes.REALS}, elementwise=True)


@relu_op.kernel
def relu_kernel(x: Any) -> Any:
    return np.maximum(x, x.dtype.type(0))


relu_op.shape_rule(same_shape)


@relu_op.gradient
def relu_grad(op: Operation, dy: Tensor) -> Tensor:
    return apply_op(relu_grad_op, dy, op.outputs[0]).outputs[0]


relu_grad_op = OpDef(
    "ReluGrad", "gradients:T, features:T -> backprops:T", types={"T": dtypes.REALS}, elementwise=True
)


@relu_grad_op.kernel
def relu_grad_kernel(gradients: Any, features: Any, *, op: Operation) -> Any:
    check_same_sizes(op, (gradients, features))
    return np.multiply(gradients, np.greater(features, features.dtype.type(0)))


relu_grad_op.shape_rule(lambda gradients, features: merged_shape(gradients.shape, features.shape))


@relu_grad_op.gradient
def relu_grad_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    features = op.inputs[1]
    return apply_op(relu_grad_op, dy, features).outputs[0], zeros_like(features)


def relu(features: Any, name: str | None = None) -> Tensor:
    """``max(features, 0)``, element by element.

    Args:
        features: a tensor of real numbers.
        name: the operation's name.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.relu([-1.0, 2.0]))
    array([0., 2.], dtype=float32)
    """
    return apply_op(relu_op, features, name=name).outputs[0]
