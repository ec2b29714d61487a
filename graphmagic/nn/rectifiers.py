"""Relatives of the rectifier: activations that are the identity, or nearly, for positive numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import DType
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.nn.activations import relu
from graphmagic.ops.arithmetic import multiply, negative
from graphmagic.ops.broadcast import same_shape
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import check_same_sizes, merged_shape
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import less

__all__ = ["crelu", "elu", "leaky_relu", "relu6", "selu"]

_SCALE = 1.0507009873554805  # Klambauer et al. 2017: keeps mean 0 and variance 1 a fixed point
_SCALE_ALPHA = 1.7580993408473768


def declare_activation(name: str, kernel: Any, types: Sequence[DType], **defaults: Any) -> OpDef:
    """Declare an activation."""
    opdef = OpDef(
        name,
        "features:T -> activations:T",
        kernel=kernel,
        types={"T": types},
        defaults=defaults,
        elementwise=True,
    )
    opdef.shape_rule(same_shape)
    return opdef


def declare_activation_grad(
    name: str,
    kernel: Any,
    types: Sequence[DType],
    second: str = "features",
    defaults: dict[str, Any] | None = None,
) -> OpDef:
    """Declare the operation that is the gradient of an activation, of the incoming gradient and one more tensor."""

    def checked(gradients: Any, features: Any, *, op: Operation) -> Any:
        check_same_sizes(op, [gradients, features])
        return kernel(gradients, features, **{key: op.attrs[key] for key in defaults or ()})

    opdef = OpDef(
        name,
        f"gradients:T, {second}:T -> backprops:T",
        kernel=checked,
        types={"T": types},
        defaults=defaults,
        elementwise=True,
    )
    opdef.shape_rule(lambda gradients, features: merged_shape(gradients.shape, features.shape))
    return opdef


# ----- relu6 -----


def _relu6_kernel(x: Any) -> Any:
    kind = x.dtype.type
    return np.minimum(np.maximum(x, kind(0)), kind(6))


def _relu6_grad_kernel(dy: Any, y: Any) -> Any:
    kind = y.dtype.type
    return np.multiply(dy, np.logical_and(np.greater(y, kind(0)), np.less(y, kind(6))))


relu6_op = declare_activation("Relu6", _relu6_kernel, dtypes.REALS)
relu6_grad_op = declare_activation_grad("Relu6Grad", _relu6_grad_kernel, dtypes.REALS)


@relu6_op.gradient
def relu6_grad(op: Operation, dy: Tensor) -> Tensor:
    return apply_op(relu6_grad_op, dy, op.outputs[0]).outputs[0]


@relu6_grad_op.gradient
def relu6_grad_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    features = op.inputs[1]
    return apply_op(relu6_grad_op, dy, features).outputs[0], zeros_like(features)


def relu6(features: Any, name: str | None = None) -> Tensor:
    """``min(max(features, 0), 6)``, element by element.

    Args:
        features: a tensor of real numbers.
        name: the operation's name.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.relu6([-1.0, 2.0, 8.0]))
    array([0., 2., 6.], dtype=float32)
    """
    return apply_op(relu6_op, features, name=name).outputs[0]


# ----- leaky_relu -----


def _leaky_kernel(x: Any, *, alpha: float) -> Any:
    kind = x.dtype.type
    return np.where(np.greater(x, kind(0)), x, np.multiply(x, kind(np.float32(alpha))))


def _leaky_grad_kernel(dy: Any, x: Any, *, alpha: float) -> Any:
    kind = x.dtype.type
    return np.where(np.greater(x, kind(0)), dy, np.multiply(dy, kind(np.float32(alpha))))


leaky_relu_op = declare_activation("LeakyRelu", _leaky_kernel, dtypes.REAL_FLOATS, alpha=0.2)
leaky_relu_grad_op = declare_activation_grad(
    "LeakyReluGrad", _leaky_grad_kernel, dtypes.REAL_FLOATS, defaults={"alpha": 0.2}
)


@leaky_relu_op.gradient
def leaky_relu_grad(op: Operation, dy: Tensor) -> Tensor:
    return apply_op(leaky_relu_grad_op, dy, op.inputs[0], alpha=op.attrs["alpha"]).outputs[0]


@leaky_relu_grad_op.gradient
def leaky_relu_grad_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    x = op.inputs[1]
    return apply_op(leaky_relu_grad_op, dy, x, alpha=op.attrs["alpha"]).outputs[0], zeros_like(x)


def leaky_relu(features: Any, alpha: float = 0.2, name: str | None = None) -> Tensor:
    """`features` where positive, ``alpha * features`` elsewhere.

    Args:
        features: a tensor of real numbers; integers become float32.
        alpha: the slope for negative numbers.
        name: the operation's name.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.leaky_relu([-1.0, 2.0]))
    array([-0.2,  2. ], dtype=float32)
    """
    with get_default_graph().name_scope(name or "LeakyRelu") as scope:
        x = convert_to_tensor(features, name="features")
        if x.dtype.is_integer:
            x = cast(x, dtypes.float32)
        return apply_op(leaky_relu_op, x, name=scope, alpha=float(alpha)).outputs[0]


# ----- elu and selu -----


def _exponential(name: str, scale: float, scale_alpha: float) -> OpDef:
    """Declare ``scale * x`` above 0 and ``scale_alpha * (exp(x) - 1)`` below, with its gradient."""

    def kernel(x: Any) -> Any:
        kind = x.dtype.type
        below = np.multiply(np.expm1(x), kind(scale_alpha))
        return np.where(np.less(x, kind(0)), below, np.multiply(x, kind(scale)))

    def grad_kernel(dy: Any, y: Any) -> Any:
        kind = y.dtype.type
        below = np.multiply(dy, np.add(y, kind(scale_alpha)))
        return np.where(np.less(y, kind(0)), below, np.multiply(dy, kind(scale)))

    forward = declare_activation(name, kernel, dtypes.REAL_FLOATS)
    backward = declare_activation_grad(f"{name}Grad", grad_kernel, dtypes.REAL_FLOATS, "outputs")

    @forward.gradient
    def exponential_grad(op: Operation, dy: Tensor) -> Tensor:
        return apply_op(backward, dy, op.outputs[0]).outputs[0]

    @backward.gradient
    def exponential_grad_grad(op: Operation, ddx: Tensor) -> tuple[Tensor, Tensor]:
        dy, y = op.inputs
        zeros = zeros_like(y)
        curved = where(less(y, zeros), multiply(ddx, dy), zeros)
        return apply_op(backward, ddx, y).outputs[0], curved

    return forward


elu_op = _exponential("Elu", 1.0, 1.0)
selu_op = _exponential("Selu", _SCALE, _SCALE_ALPHA)


def elu(features: Any, name: str | None = None) -> Tensor:
    """`features` where positive, ``exp(features) - 1`` elsewhere.

    Args:
        features: a tensor of floats.
        name: the operation's name.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.elu([-1.0, 2.0])).round(4)
    array([-0.6321,  2.    ], dtype=float32)
    """
    return apply_op(elu_op, features, name=name).outputs[0]


def selu(features: Any, name: str | None = None) -> Tensor:
    """The scaled `elu` that keeps activations at mean 0 and variance 1 through many layers.

    Args:
        features: a tensor of floats.
        name: the operation's name.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.selu([-1.0, 2.0])).round(4)
    array([-1.1113,  2.1014], dtype=float32)
    """
    return apply_op(selu_op, features, name=name).outputs[0]


# ----- crelu -----


def crelu(features: Any, name: str | None = None, axis: int = -1) -> Tensor:
    """The rectified `features` followed by the rectified ``-features``.

    Args:
        features: a tensor of real numbers.
        name: the operation's name.
        axis: the dimension that doubles.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.crelu([-1.0, 2.0]))
    array([0., 2., 1., 0.], dtype=float32)
    """
    with get_default_graph().name_scope(name or "CRelu") as scope:
        x = convert_to_tensor(features, name="features")
        return relu(concat([x, negative(x)], axis, name=scope))
