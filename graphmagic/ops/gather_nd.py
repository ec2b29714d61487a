"""Picking and placing slices by coordinates: gather_nd, scatter_nd."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid, merged_shape, of_rank, of_rank_at_least
from graphmagic.ops.queries import shape as shape_of
from graphmagic.ops.reshaping import squeeze
from graphmagic.shapes import TensorShape

Grads = tuple[Any, ...]


def _coordinates(indices: Any, shape: tuple[int, ...], what: str) -> tuple[Any, ...]:
    """The columns of `indices` as an index of NumPy, checked to lie inside `shape`."""
    if not indices.ndim:
        raise invalid("indices must be at least a vector")
    depth = indices.shape[-1]
    if depth > len(shape):
        raise invalid(
            f"index innermost dimension length must be <= params rank; saw: {depth} vs. {len(shape)}"
        )
    outside = np.any((indices < 0) | (indices >= np.array(shape[:depth], indices.dtype)), -1)
    if np.any(outside):
        position = tuple(np.argwhere(outside)[-1])
        at = f"[{','.join(map(str, position))}]" if position else ""
        shown, sizes = ", ".join(map(str, indices[position])), ",".join(map(str, shape))
        raise invalid(f"indices{at} = [{shown}] does not index into {what} [{sizes}]")
    return tuple(np.moveaxis(indices, -1, 0))


gather_nd_op = OpDef(
    "GatherNd", "params:Tparams, indices:Tindices -> output:Tparams", types={"Tindices": dtypes.INDICES}
)


@gather_nd_op.kernel
def gather_nd_kernel(params: Any, indices: Any) -> Any:
    index = _coordinates(indices, params.shape, "param shape")
    if index:
        return np.asarray(params[index], params.dtype)
    return np.broadcast_to(params, (*indices.shape[:-1], *params.shape)).copy()


@gather_nd_op.shape_rule
def gather_nd_shape(params: Tensor, indices: Tensor) -> TensorShape:
    of_rank_at_least(indices.shape, 1)
    if params.shape.ints is None or indices.shape.ints is None or indices.shape.ints[-1] is None:
        return TensorShape(None)
    depth = indices.shape.ints[-1]
    if depth > len(params.shape.ints):
        raise ValueError(
            f"indices.shape[-1] must be <= params.rank, but saw indices shape: {indices.shape.bracketed()} "
            f"and params shape: {params.shape.bracketed()}"
        )
    return TensorShape(indices.shape.ints[:-1] + params.shape.ints[depth:])


@gather_nd_op.gradient
def gather_nd_grad(op: Operation, dy: Tensor) -> Grads:
    params, indices = op.inputs
    sizes = shape_of(params, out_type=indices.dtype.base_dtype)
    if indices.shape.ndims == 2 and indices.shape.ints[-1] == 1:  # type: ignore[index]
        return IndexedSlices(dy, squeeze(indices, -1), sizes), None
    return scatter_nd(indices, dy, sizes), None


def gather_nd(params: Any, indices: Any, name: str | None = None, batch_dims: int = 0) -> Tensor:
    """Pick slices of a tensor by their coordinates.

    Args:
        params: the tensor to pick from.
        indices: integers of shape ``[..., k]``: each row of k numbers names one slice of `params`.
        name: the operation's name.
        batch_dims: the number of leading dimensions that `params` and `indices` share; only 0 is supported.

    Returns:
        A `Tensor` of shape ``indices.shape[:-1] + params.shape[k:]``.

    Raises:
        ValueError: k is larger than the rank of `params`.
        InvalidArgumentError: an index is out of range, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.gather_nd([[1, 2], [3, 4]], [[0, 1], [1, 0]]))
    array([2, 3], dtype=int32)
    """
    if batch_dims:
        raise NotImplementedError(
            "tf.gather_nd supports batch_dims=0 only; use tf.gather(..., batch_dims=...)."
        )
    return apply_op(gather_nd_op, params, indices, name=name).outputs[0]


# ----- scattering -----


def _check_slices(indices: Any, updates: Any, shape: tuple[int, ...], inner: str) -> None:
    """Raise `InvalidArgumentError` unless there is one slice of a tensor of `shape` for each index."""
    outer, depth = indices.ndim - 1, indices.shape[-1]
    if updates.shape[:outer] != indices.shape[:-1]:
        raise invalid(
            f"Dimensions [0,{outer}) of indices[shape={shape_text(indices)}] must match dimensions [0,{outer}) of "
            f"updates[shape={shape_text(updates)}]"
        )
    if depth <= len(shape) and updates.shape[outer:] != shape[depth:]:
        whole = f"[{','.join(map(str, shape))}]"
        raise invalid(
            inner.format(
                depth=depth,
                rank=len(shape),
                outer=outer,
                last=updates.ndim,
                whole=whole,
                updates=shape_text(updates),
                rest=len(shape) - depth,
            )
        )


_INNER = (
    "Dimensions [{depth},{rank}) of input[shape={whole}] must match dimensions [{outer},{last}) of "
    "updates[shape={updates}]"
)
_INNER_OF_TENSOR = (
    "The inner {rest} dimensions of output.shape={whole} must match the inner {rest} dimensions of "
    "updates.shape={updates}"
)


def _static_slices(indices: Tensor, updates: Tensor, whole: TensorShape) -> TensorShape:
    """Check static shapes of scattering slices into a tensor of shape `whole`, and return that shape."""
    i, u = indices.shape.ints, updates.shape.ints
    if not i or u is None:
        return whole
    outer = len(i) - 1
    try:
        merged_shape(indices.shape[:outer], updates.shape[:outer])
    except ValueError as error:
        raise ValueError(
            f"Dimensions [0,{outer}) of indices[shape={indices.shape.bracketed()}] = "
            f"{indices.shape[:outer].bracketed()} must match dimensions [0,{outer}) of "
            f"updates[shape={updates.shape.bracketed()}] = {updates.shape[:outer].bracketed()}: {error}"
        ) from None
    if whole.ints is None or i[-1] is None:
        return whole
    try:
        merged_shape(whole[i[-1] :], updates.shape[outer:])
    except ValueError as error:
        raise ValueError(
            f"Dimensions [{i[-1]},{len(whole)}) of input[shape={whole.bracketed()}] = "
            f"{whole[i[-1] :].bracketed()} must match dimensions [{outer},{len(u)}) of "
            f"updates[shape={updates.shape.bracketed()}] = {updates.shape[outer:].bracketed()}: {error}"
        ) from None
    return whole


scatter_nd_op = OpDef(
    "ScatterNd",
    "indices:Tindices, updates:T, shape:Tindices -> output:T",
    types={"Tindices": dtypes.INDICES},
    shape_inputs=("shape",),
)


@scatter_nd_op.kernel
def scatter_nd_kernel(indices: Any, updates: Any, shape: Any) -> Any:
    sizes = tuple(shape.tolist())
    _check_slices(indices, updates, sizes, _INNER)
    result = np.zeros(sizes, updates.dtype)
    np.add.at(result, _coordinates(indices, sizes, "shape"), updates)
    return result


@scatter_nd_op.shape_rule
def scatter_nd_shape(indices: Tensor, updates: Tensor, shape: Tensor) -> TensorShape:
    of_rank(shape.shape, 1)
    return _static_slices(indices, updates, partial_shape(shape))


@scatter_nd_op.gradient
def scatter_nd_grad(op: Operation, dy: Tensor) -> Grads:
    return None, gather_nd(dy, op.inputs[0]), None


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None) -> Tensor:
    """Zeros with slices added at coordinates; slices at the same place add up.

    Args:
        indices: integers of shape ``[..., k]``: where each slice goes.
        updates: the slices, shape ``indices.shape[:-1] + shape[k:]``.
        shape: the shape of the result.
        name: the operation's name.

    Returns:
        A `Tensor` of that shape.

    Raises:
        ValueError: the shapes do not fit.
        InvalidArgumentError: an index is out of range, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.scatter_nd([[4], [1], [4]], [9, 10, 11], [6]))
    array([ 0, 10,  0,  0, 20,  0], dtype=int32)
    """
    return apply_op(scatter_nd_op, indices, updates, shape, name=name).outputs[0]


# ----- a tensor with some slices changed -----


def _tensor_scatter(op_type: str, change: Any) -> OpDef:
    opdef = OpDef(
        op_type,
        "tensor:T, indices:Tindices, updates:T -> output:T",
        types={"Tindices": dtypes.INDICES},
    )

    def kernel(tensor: Any, indices: Any, updates: Any) -> Any:
        _check_slices(indices, updates, tensor.shape, _INNER_OF_TENSOR)
        result = tensor.copy()
        change(result, _coordinates(indices, tensor.shape, "shape"), updates)
        return result

    opdef.kernel(kernel)
    opdef.shape_rule(lambda tensor, indices, updates: _static_slices(indices, updates, tensor.shape))
    return opdef


def _place(result: Any, index: tuple[Any, ...], updates: Any) -> None:
    result[index] = updates


tensor_scatter_update_op = _tensor_scatter("TensorScatterUpdate", _place)
tensor_scatter_add_op = _tensor_scatter("TensorScatterAdd", np.add.at)
tensor_scatter_sub_op = _tensor_scatter("TensorScatterSub", np.subtract.at)


@tensor_scatter_update_op.gradient
def tensor_scatter_update_grad(op: Operation, dy: Tensor) -> Grads:
    indices, updates = op.inputs[1:]
    from graphmagic.ops.like import zeros_like

    return tensor_scatter_update(dy, indices, zeros_like(updates)), None, gather_nd(dy, indices)


@tensor_scatter_add_op.gradient
def tensor_scatter_add_grad(op: Operation, dy: Tensor) -> Grads:
    return dy, None, gather_nd(dy, op.inputs[1])


@tensor_scatter_sub_op.gradient
def tensor_scatter_sub_grad(op: Operation, dy: Tensor) -> Grads:
    return dy, None, -gather_nd(dy, op.inputs[1])


def tensor_scatter_update(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """A tensor with slices replaced at coordinates; arguments as `scatter_nd`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.tensor_scatter_update([1, 2, 3], [[0], [2]], [10, 30]))
    array([10,  2, 30], dtype=int32)
    """
    return apply_op(tensor_scatter_update_op, tensor, indices, updates, name=name).outputs[0]


def tensor_scatter_add(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """A tensor with slices added at coordinates; arguments as `scatter_nd`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.tensor_scatter_add([1, 2, 3], [[0], [2]], [10, 30]))
    array([11,  2, 33], dtype=int32)
    """
    return apply_op(tensor_scatter_add_op, tensor, indices, updates, name=name).outputs[0]


def tensor_scatter_sub(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """A tensor with slices subtracted at coordinates; arguments as `scatter_nd`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.tensor_scatter_sub([1, 2, 3], [[0], [2]], [10, 30]))
    array([ -9,   2, -27], dtype=int32)
    """
    return apply_op(tensor_scatter_sub_op, tensor, indices, updates, name=name).outputs[0]
