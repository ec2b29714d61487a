"""Writing some elements of a variable: the scatter operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import sizes_text
from graphmagic.ops.checks import merged_shape
from graphmagic.ops.gather import check_indices
from graphmagic.ops.row_sums import summed_rows
from graphmagic.shapes import TensorShape

__all__ = [
    "scatter_add",
    "scatter_div",
    "scatter_max",
    "scatter_min",
    "scatter_mul",
    "scatter_nd_add",
    "scatter_nd_sub",
    "scatter_nd_update",
    "scatter_sub",
    "scatter_update",
]

Put = Callable[[Any, Any, Any], object]


def _put_quotients(new: Any, indices: Any, updates: Any) -> None:
    """Divide in place; integers are cut off towards zero, as in C."""
    if new.dtype.kind == "f":
        np.divide.at(new, indices, updates)
        return
    if np.any(np.equal(updates, 0)):
        raise errors.InvalidArgumentError(None, None, "Integer division by zero")
    rows = np.broadcast_to(updates, np.shape(new[indices]))
    signs = np.sign(new[indices]) * np.sign(rows)
    np.floor_divide.at(sizes := np.abs(new), indices, np.abs(rows))
    new[indices] = np.where(signs < 0, -sizes[indices], sizes[indices])


def _put(new: Any, indices: Any, updates: Any) -> None:
    new[indices] = updates


# ----- whole rows -----


def _rows(name: str, put: Put, types: Any) -> OpDef:
    opdef = OpDef(
        name,
        "ref:&T, indices:Tindices, updates:T -> output_ref:&T",
        types={"T": types, "Tindices": dtypes.INDICES},
        defaults={"use_locking": False},
        writes=True,
        differentiable=False,
    )

    def change(array: Any, indices: Any, updates: Any) -> None:
        _check_rows(np.shape(array), np.shape(indices), np.shape(updates))
        check_indices(indices, np.shape(array)[0])
        put(array, indices, updates)

    def kernel(old: Any, indices: Any, updates: Any) -> Any:
        new = np.array(old)
        change(new, indices, updates)
        return new

    opdef.kernel(kernel)
    opdef.shape_rule(_rows_shape)
    if put in ROWS_AT_ONCE:
        opdef.changes_rows(change)
    return opdef


def _put_sums(ufunc: np.ufunc) -> Put:
    """Add to or subtract from rows; the rows are written by one call of NumPy, which no interrupt divides."""

    def put(array: Any, indices: Any, updates: Any) -> None:
        if array.ndim == 1 or np.ndim(updates) == 0 or not np.size(indices):
            ufunc.at(array, indices, updates)
            return
        rows = np.reshape(updates, (-1, *array.shape[1:]))
        numbers, sums = summed_rows(np.ravel(indices), rows)
        array[numbers] = ufunc(array.take(numbers, 0), sums, sums)

    return put


def _check_rows(params: tuple[int, ...], indices: tuple[int, ...], updates: tuple[int, ...]) -> None:
    if not params:
        raise errors.InvalidArgumentError(None, None, "params must be at least 1-D, got shape []")
    if updates not in ((), indices + params[1:]):
        raise errors.InvalidArgumentError(
            None,
            None,
            "Must have updates.shape = indices.shape + params.shape[1:] or updates.shape = [], got updates.shape "
            f"{sizes_text(updates)}, indices.shape {sizes_text(indices)}, params.shape {sizes_text(params)}",
        )


def _rows_shape(ref: Tensor, indices: Tensor, updates: Tensor) -> TensorShape:
    known = ref.shape.ints is not None and indices.shape.ints is not None
    if known and updates.shape.ndims != 0 and ref.shape.ndims:
        merged_shape(updates.shape, indices.shape.concatenate(TensorShape(ref.shape.as_list()[1:])))
    return ref.shape


_add_rows, _subtract_rows = _put_sums(np.add), _put_sums(np.subtract)
ROWS_AT_ONCE = (_put, _add_rows, _subtract_rows)  # they write all rows in one call of NumPy

scatter_update_op = _rows("ScatterUpdate", _put, dtypes.ALL)
scatter_add_op = _rows("ScatterAdd", _add_rows, dtypes.NUMBERS)
scatter_sub_op = _rows("ScatterSub", _subtract_rows, dtypes.NUMBERS)
scatter_mul_op = _rows("ScatterMul", np.multiply.at, dtypes.NUMBERS)
scatter_div_op = _rows("ScatterDiv", _put_quotients, dtypes.NUMBERS)
_ORDERED = (*dtypes.REAL_FLOATS, *dtypes.INDICES)
scatter_min_op = _rows("ScatterMin", np.minimum.at, _ORDERED)
scatter_max_op = _rows("ScatterMax", np.maximum.at, _ORDERED)


def _public(
    opdef: OpDef, ref: Any, indices: Any, updates: Any, use_locking: bool, name: str | None
) -> Tensor:
    return apply_op(opdef, ref, indices, updates, name=name, use_locking=use_locking).outputs[0]


def scatter_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Tensor:
    """Write rows of a variable: ``ref[indices] = updates``.

    Args:
        ref: the variable.
        indices: which rows, integers of any shape; of a row that occurs twice the last update counts.
        updates: the rows, of shape ``indices.shape + ref.shape[1:]``, or a scalar.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the operation's name.

    Returns:
        A `Tensor` whose value is the whole new value of the variable.

    Raises:
        ValueError: the shapes are known not to fit.
        InvalidArgumentError: an index is out of range, when the graph runs.

    >>> import graphmagic as tf
    >>> v, sess = tf.Variable([1.0, 2.0, 3.0]), tf.Session()
    >>> sess.run(v.initializer)
    >>> sess.run(tf.scatter_update(v, [0, 2], [9.0, 8.0]))
    array([9., 2., 8.], dtype=float32)
    """
    return _public(scatter_update_op, ref, indices, updates, use_locking, name)


def scatter_add(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Add to rows of a variable; arguments and errors as `scatter_update`, but a row that occurs twice gets both."""
    return _public(scatter_add_op, ref, indices, updates, use_locking, name)


def scatter_sub(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Subtract from rows of a variable; arguments and errors as `scatter_add`."""
    return _public(scatter_sub_op, ref, indices, updates, use_locking, name)


def scatter_mul(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Multiply rows of a variable; arguments and errors as `scatter_add`."""
    return _public(scatter_mul_op, ref, indices, updates, use_locking, name)


def scatter_div(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Divide rows of a variable; arguments and errors as `scatter_add`."""
    return _public(scatter_div_op, ref, indices, updates, use_locking, name)


def scatter_min(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Lower rows of a variable to what is smaller; arguments and errors as `scatter_add`."""
    return _public(scatter_min_op, ref, indices, updates, use_locking, name)


def scatter_max(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Raise rows of a variable to what is larger; arguments and errors as `scatter_add`."""
    return _public(scatter_max_op, ref, indices, updates, use_locking, name)


# ----- elements and slices of any rank -----


def _slices(name: str, put: Put, types: Any, use_locking: bool) -> OpDef:
    opdef = OpDef(
        name,
        "ref:&T, indices:Tindices, updates:T -> output_ref:&T",
        types={"T": types, "Tindices": dtypes.INDICES},
        defaults={"use_locking": use_locking},
        writes=True,
        differentiable=False,
    )

    def kernel(old: Any, indices: Any, updates: Any) -> Any:
        new = np.array(old)
        put(new, _nd_index(np.shape(old), np.asarray(indices), np.shape(updates)), updates)
        return new

    opdef.kernel(kernel)
    opdef.shape_rule(_slices_shape)
    return opdef


def _nd_index(params: tuple[int, ...], indices: Any, updates: tuple[int, ...]) -> tuple[Any, ...]:
    if indices.ndim < 2:  # a vector of rows
        indices = indices.reshape(-1, 1)
    depth, batch = indices.shape[-1], indices.shape[:-1]
    if updates and updates[0] != batch[0]:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Dimensions [0,1) of indices[shape={sizes_text(indices.shape)}] = {batch[0]} must match dimensions [0,1) of "
            f"updates[shape={sizes_text(updates)}] = {updates[0]}",
        )
    if updates[: len(batch)] != batch:
        raise _mismatch(("indices", indices.shape, 0, len(batch)), (updates, 0, len(batch)))
    if depth > len(params) or updates[len(batch) :] != params[depth:]:
        raise _mismatch(("input", params, depth, len(params)), (updates, depth, len(updates)))
    outside = ((indices < 0) | (indices >= np.array(params[:depth], np.int64))).any(-1)
    if outside.any():
        position = tuple(np.argwhere(outside)[0].tolist())
        raise errors.InvalidArgumentError(
            None,
            None,
            f"indices{sizes_text(position)} = {indices[position].tolist()} does not index into shape {sizes_text(params)}",
        )
    return tuple(np.moveaxis(indices, -1, 0))


def _mismatch(one: tuple[str, Any, int, int], updates: tuple[Any, int, int]) -> errors.OpError:
    name, shape, first, last = one
    return errors.InvalidArgumentError(
        None,
        None,
        f"Dimensions [{first},{last}) of {name}[shape={sizes_text(shape)}] must match dimensions "
        f"[{updates[1]},{updates[2]}) of updates[shape={sizes_text(updates[0])}]",
    )


def _slices_shape(ref: Tensor, indices: Tensor, updates: Tensor) -> TensorShape:
    if ref.shape.ints is None or not indices.shape.ints or updates.shape.ints is None:
        return ref.shape
    depth = indices.shape.ints[-1]
    batch = len(indices.shape.ints) - 1
    if depth is None or depth > len(ref.shape.ints):
        return ref.shape
    _match(indices, updates, (0, batch), (0, batch), "indices")
    _match(ref, updates, (depth, len(ref.shape.ints)), (batch, len(updates.shape.ints)), "input")
    return ref.shape


def _match(a: Tensor, b: Tensor, a_range: tuple[int, int], b_range: tuple[int, int], name: str) -> None:
    part = TensorShape((a.shape.ints or ())[slice(*a_range)])
    other = TensorShape((b.shape.ints or ())[slice(*b_range)])
    try:
        merged_shape(part, other)
    except ValueError as error:
        raise ValueError(
            f"Dimensions [{a_range[0]},{a_range[1]}) of {name}[shape={a.shape.bracketed()}] = {part.bracketed()} must "
            f"match dimensions [{b_range[0]},{b_range[1]}) of updates[shape={b.shape.bracketed()}] = "
            f"{other.bracketed()}: {error}"
        ) from None


scatter_nd_update_op = _slices("ScatterNdUpdate", _put, dtypes.ALL, use_locking=True)
scatter_nd_add_op = _slices("ScatterNdAdd", np.add.at, dtypes.NUMBERS, use_locking=False)
scatter_nd_sub_op = _slices("ScatterNdSub", np.subtract.at, dtypes.NUMBERS, use_locking=False)


def scatter_nd_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Tensor:
    """Write elements or slices of a variable, each found by as many indices as it takes.

    Args:
        ref: the variable.
        indices: integers of shape ``[..., k]``: each row of `k` numbers leads to a slice of rank ``rank(ref) - k``.
        updates: the slices, of shape ``indices.shape[:-1] + ref.shape[k:]``.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the operation's name.

    Returns:
        A `Tensor` whose value is the whole new value of the variable.

    Raises:
        ValueError: the shapes are known not to fit.
        InvalidArgumentError: an index is out of range, when the graph runs.

    >>> import graphmagic as tf
    >>> v, sess = tf.Variable(tf.zeros([2, 2])), tf.Session()
    >>> sess.run(v.initializer)
    >>> sess.run(tf.scatter_nd_update(v, [[0, 1], [1, 0]], [9.0, 8.0]))
    array([[0., 9.],
           [8., 0.]], dtype=float32)
    """
    return _public(scatter_nd_update_op, ref, indices, updates, use_locking, name)


def scatter_nd_add(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Add to elements or slices of a variable; arguments and errors as `scatter_nd_update`."""
    return _public(scatter_nd_add_op, ref, indices, updates, use_locking, name)


def scatter_nd_sub(
    ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
) -> Tensor:
    """Subtract from elements or slices of a variable; arguments and errors as `scatter_nd_update`."""
    return _public(scatter_nd_sub_op, ref, indices, updates, use_locking, name)
