"""The weighted sum that the recurrent parts of ``tf.contrib`` are made of."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.node import Tensor
from graphmagic.nn.bias import bias_add
from graphmagic.ops.concat import concat
from graphmagic.ops.initializers import zeros_initializer
from graphmagic.ops.linalg import matmul
from graphmagic.ops.variable_scope import get_variable

__all__ = ["linear"]


def linear(inputs: Any, output_size: int, bias: bool = True) -> Tensor:
    """Weighted sums of vectors; the variables are ``kernel`` and ``bias`` in the scope around the call.

    Args:
        inputs: a matrix with an example in each row, or a list of them.
        output_size: how many sums.
        bias: whether to add a bias.
    """
    parts = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    width = sum(part.shape.ints[-1] for part in parts)
    kernel = get_variable("kernel", [width, output_size], dtype=parts[0].dtype.base_dtype)
    result = matmul(parts[0] if len(parts) == 1 else concat(parts, 1), kernel)
    if not bias:
        return result
    start = get_variable(
        "bias", [output_size], dtype=parts[0].dtype.base_dtype, initializer=zeros_initializer()
    )
    return bias_add(result, start)
