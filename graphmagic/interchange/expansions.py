"""Types of operations that graphmagic makes of others.

Each function gets the input tensors, and the attributes of the node; it returns the output tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.node import Tensor
from graphmagic.nn.pool import max_pool
from graphmagic.nn.top_k import in_top_k, top_k
from graphmagic.ops.arithmetic import multiply, negative, subtract
from graphmagic.ops.broadcast import broadcast_to
from graphmagic.ops.broadcast_shapes import broadcast_dynamic_shape
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.division import truediv
from graphmagic.ops.elementary import square
from graphmagic.ops.gather import gather
from graphmagic.ops.queries import shape
from graphmagic.ops.variant import empty_list, optional_of, pop_op, push, value_of_op

__all__ = ["EXPANSIONS"]

Attrs = dict[str, Any]


def _select(condition: Tensor, x: Tensor, y: Tensor, attrs: Attrs) -> Tensor:
    shapes = [shape(t) for t in (condition, x, y)]
    common = broadcast_dynamic_shape(broadcast_dynamic_shape(shapes[0], shapes[1]), shapes[2])
    return where(broadcast_to(condition, common), broadcast_to(x, common), broadcast_to(y, common))


def _concat(axis: Tensor, *values: Tensor, attrs: Attrs) -> Tensor:
    return concat(list(values), axis)


def _gather(params: Tensor, indices: Tensor, attrs: Attrs) -> Tensor:
    return gather(params, indices)


def _top_k(x: Tensor, attrs: Attrs) -> Sequence[Tensor]:
    return top_k(x, attrs["k"], attrs.get("sorted", True))


def _in_top_k(predictions: Tensor, targets: Tensor, attrs: Attrs) -> Tensor:
    return in_top_k(predictions, targets, attrs["k"])


def _max_pool(x: Tensor, ksize: Tensor, strides: Tensor, attrs: Attrs) -> Tensor:
    sizes, steps = static_value(ksize), static_value(strides)
    if sizes is None or steps is None:
        raise ValueError("graphmagic needs to know the window and the strides of MaxPoolV2 beforehand")
    return max_pool(x, sizes.tolist(), steps.tolist(), attrs["padding"], attrs.get("data_format", "NHWC"))


def _empty_list(element_shape: Tensor, max_num_elements: Tensor, attrs: Attrs) -> Tensor:
    return empty_list(attrs["element_dtype"])


def _push(chain: Tensor, item: Tensor, attrs: Attrs) -> Tensor:
    return push(chain, item)


def _pop(chain: Tensor, element_shape: Tensor, attrs: Attrs) -> Sequence[Tensor]:
    return apply_op(pop_op, chain, T=attrs["element_dtype"]).outputs


def _optional(value: Tensor, attrs: Attrs) -> Tensor:
    return optional_of(value)


def _optional_value(optional: Tensor, attrs: Attrs) -> Tensor:
    [kind] = attrs["output_types"]
    return apply_op(value_of_op, optional, T=kind).outputs[0]


def _sigmoid_grad(y: Tensor, dy: Tensor, attrs: Attrs) -> Tensor:
    return multiply(dy, subtract(y, square(y)))


def _tanh_grad(y: Tensor, dy: Tensor, attrs: Attrs) -> Tensor:
    return subtract(dy, multiply(dy, square(y)))


def _sqrt_grad(y: Tensor, dy: Tensor, attrs: Attrs) -> Tensor:
    return truediv(multiply(dy, 0.5), y)


def _rsqrt_grad(y: Tensor, dy: Tensor, attrs: Attrs) -> Tensor:
    return multiply(multiply(dy, -0.5), multiply(square(y), y))


def _reciprocal_grad(y: Tensor, dy: Tensor, attrs: Attrs) -> Tensor:
    return negative(multiply(dy, square(y)))


EXPANSIONS: dict[str, Callable[..., Tensor | Sequence[Tensor]]] = {
    "Concat": _concat,
    "EmptyTensorList": _empty_list,
    "Gather": _gather,
    "InTopK": _in_top_k,
    "InvGrad": _reciprocal_grad,
    "MaxPoolV2": _max_pool,
    "OptionalFromValue": _optional,
    "OptionalGetValue": _optional_value,
    "ReciprocalGrad": _reciprocal_grad,
    "ResourceGather": _gather,
    "RsqrtGrad": _rsqrt_grad,
    "SelectV2": _select,
    "SigmoidGrad": _sigmoid_grad,
    "SqrtGrad": _sqrt_grad,
    "TanhGrad": _tanh_grad,
    "TensorListPopBack": _pop,
    "TensorListPushBack": _push,
    "TopK": _top_k,
}
