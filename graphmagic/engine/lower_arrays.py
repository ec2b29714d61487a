"""Lowerings of matrix products, reductions and views."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from graphmagic.engine.axes import reduced_axes, unbroadcast_axes
from graphmagic.engine.keywords import kernel_keywords
from graphmagic.engine.lower_writes import scaled
from graphmagic.engine.tiles import pays, tile_and_depth, tile_rows
from graphmagic.graph.constants import group_by_argument
from graphmagic.graph.node import Operation, Tensor
from graphmagic.parallel import Contest, both, processors

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["lower_concat", "lower_matmul", "lower_mean", "lower_reduction", "lower_view"]

# A product with ones sums a matrix 2 to 5 times as fast as np.add.reduce; longer sums want its pairwise accuracy.
MAX_SUMMED_BY_PRODUCT = 4096
MIN_SPLIT = 50_000_000  # multiplications of a matrix product that are worth handing half of over


# ----- matrix products -----


def lower_matmul(plan: Specialised, op: Operation) -> bool:
    """A matrix product into a buffer; transposed views of buffers are made when the plan is written."""
    a, b = op.inputs
    left, right = plan.shape(a), plan.shape(b)
    if left is None or right is None or len(left) != 2 or len(right) != 2 or 0 in (*left, *right):
        return False
    ta, tb = op.attrs["transpose_a"], op.attrs["transpose_b"]
    if left[0 if ta else 1] != right[1 if tb else 0]:
        return False
    rows, inner, columns = left[1 if ta else 0], left[0 if ta else 1], right[0 if tb else 1]
    narrowed = plan.narrowed.get(op)
    if narrowed is not None:
        columns = narrowed.stop - narrowed.start
    plan.note_product(rows * inner * columns)
    cut = None
    if op.outputs[0].dtype.numpy == np.float32 and not tb:
        tile = tile_rows(rows, inner, columns, ta)
        cut = tile_and_depth(rows, inner, columns, ta) if tile is None else (tile, inner)
    if cut is not None and not plan.is_private_result(op.outputs[0]) and pays():
        _lower_tiled(plan, op, (rows, inner, columns), *cut)
    else:
        _lower_whole(plan, op, rows * inner * columns)
    return True


def _splits(plan: Specialised, op: Operation, size: int) -> bool:
    """Whether a product is so large that two threads may be faster; there are matrices of numbers that BLAS knows."""
    return (
        size >= MIN_SPLIT and min(plan.threads, processors()) > 1 and op.outputs[0].dtype.numpy.char in "fd"
    )


def _lower_whole(plan: Specialised, op: Operation, size: int) -> None:
    (a, b), result = op.inputs, op.outputs[0]
    left = _transposed(plan, a, op.attrs["transpose_a"])
    narrowed = plan.narrowed.get(op)
    if narrowed is None:
        right = _transposed(plan, b, op.attrs["transpose_b"])
    else:
        right = f"{plan.text(b)}[{narrowed.start}:{narrowed.stop}].T"
    splits = _splits(plan, op, size)
    if not splits and plan.is_private_result(result) and not plan.is_pooled(result):
        plan.line(op, f"{plan.fresh(result)} = {left}.dot({right})")
        return
    out = plan.target(op, result)
    if narrowed is None and not op.attrs["transpose_b"]:
        right = scaled(plan, op, b, right)
    if splits:
        plan.line(op, f"{plan.bind(Contest(_dot, partial(_in_halves, np.matmul)))}({left}, {right}, {out})")
    else:
        plan.line(op, f"{left}.dot({right}, {out})")


def _dot(a: Any, b: Any, out: Any) -> None:
    a.dot(b, out)


def _in_halves(product: Callable[..., Any], a: Any, b: Any, out: Any) -> None:
    middle = len(out) // 2  # np.dot would copy half of a transposed matrix
    both(partial(product, a[:middle], b, out[:middle]), partial(product, a[middle:], b, out[middle:]))


def _lower_tiled(
    plan: Specialised, op: Operation, sizes: tuple[int, int, int], tile: int, depth: int
) -> None:
    a, b = op.inputs
    rows, inner, columns = sizes
    count, parts = rows // tile, inner // depth
    is_turned = op.attrs["transpose_a"]
    cut: tuple[int, ...]
    order: tuple[int, ...]
    if parts == 1:
        cut, order = ((depth, count, tile), (1, 2, 0)) if is_turned else ((count, tile, depth), (0, 1, 2))
    else:
        cut = (parts, depth, count, tile) if is_turned else (count, tile, parts, depth)
        order = (0, 2, 3, 1) if is_turned else (2, 0, 1, 3)
    array = plan.array(a)
    if array is not None:
        tiles = plan.bind(array.reshape(cut).transpose(order))
    else:
        tiles = f"{plan.text(a)}.reshape({cut!r}).transpose({order!r})"
    right, shape = plan.text(b), (count, tile, columns)
    out = plan.donated(op, op.outputs[0])
    if out is None:
        target = plan.bind(plan.place(op.outputs[0]).reshape(shape))
    else:
        right = scaled(plan, op, b, right)
        target = f"{out}.reshape({shape!r})"
    function = _product_of_parts(plan, op, rows * inner * columns, shape if parts > 1 else None)
    if parts > 1:
        right = f"{right}.reshape({(parts, depth, columns)!r})"
    plan.line(op, f"{plan.bind(function)}({tiles}, {right}, {target})")


def _product_of_parts(
    plan: Specialised, op: Operation, size: int, shape: tuple[int, ...] | None
) -> Callable[..., Any]:
    """The product of tiles, or for results of this shape the sum of some products."""
    alone: Any = np.matmul
    halves: Any = partial(_in_halves, np.matmul)
    if shape is not None:
        more = plan.scratch(shape, np.dtype(np.float32))
        alone, halves = partial(_products, more), partial(_products_in_halves, more)
    return Contest(alone, halves) if _splits(plan, op, size) else alone


def _products(more: Any, a: Any, b: Any, out: Any) -> None:
    """The products of parts of the inner dimension, each in tiles, added up."""
    np.matmul(a[0], b[0], out)
    for part in range(1, len(b)):
        np.matmul(a[part], b[part], more)
        np.add(out, more, out)


def _products_in_halves(more: Any, a: Any, b: Any, out: Any) -> None:
    middle = len(out) // 2
    jobs = [
        partial(_products, more[half], a[:, half], b, out[half])
        for half in (slice(0, middle), slice(middle, None))
    ]
    both(*jobs)


def _transposed(plan: Specialised, tensor: Tensor, wanted: bool) -> str:
    if not wanted:
        return plan.text(tensor)
    array = plan.array(tensor)
    return f"{plan.text(tensor)}.T" if array is None else plan.bind(array.T)


# ----- reductions -----


def _axes(plan: Specialised, op: Operation) -> tuple[int, ...] | None:
    return reduced_axes(plan.shape(op.inputs[0]), plan.constant(op.inputs[1]))


def lower_reduction(ufunc: np.ufunc) -> Any:
    """The lowering of a reduction with a ufunc."""

    def lowering(plan: Specialised, op: Operation) -> bool:
        axes = _axes(plan, op)
        return axes is not None and _reduce(plan, op, ufunc, axes, bool(op.attrs["keep_dims"]))

    return lowering


def _reduce(plan: Specialised, op: Operation, ufunc: np.ufunc, axes: tuple[int, ...], keep: bool) -> bool:
    value, result = op.inputs[0], op.outputs[0]
    kind, shape, text = result.dtype.numpy, plan.shape(value), plan.text(value)
    assert shape is not None
    call = f"{plan.bind(ufunc.reduce)}({text}, {axes!r}, {plan.bind(kind)}"
    if plan.shape(result) == ():
        plan.line(op, f"{plan.computed_scalar(result)} = {call}, None, False)")
    elif plan.is_private_result(result):
        plan.line(op, f"{plan.fresh(result)} = {call}, None, {keep})")
    elif ufunc is np.add and _sums_by_product(plan, value, axes):
        ones = plan.bind(np.ones(shape[axes[0]], kind))
        out = plan.bind(plan.place(result).reshape(-1))
        plan.line(op, f"{text}.dot({ones}, {out})" if axes == (1,) else f"{ones}.dot({text}, {out})")
    else:
        kept = tuple([1 if i in axes else size for i, size in enumerate(shape)])
        plan.line(op, f"{call}, {plan.bind(plan.place(result).reshape(kept))}, True)")
    return True


def _sums_by_product(plan: Specialised, value: Tensor, axes: tuple[int, ...]) -> bool:
    shape = plan.shape(value)
    if shape is None or len(shape) != 2 or len(axes) != 1 or value.dtype.numpy.char not in "fd":
        return False
    return 16 <= shape[axes[0]] <= MAX_SUMMED_BY_PRODUCT


def lower_mean(plan: Specialised, op: Operation) -> bool:
    """A sum, divided by a count that is known."""
    axes, result, shape = _axes(plan, op), op.outputs[0], plan.shape(op.inputs[0])
    if axes is None or shape is None or result.dtype.numpy.char not in "fd" or plan.is_private_result(result):
        return False
    count = math.prod([shape[a] for a in axes])
    _reduce(plan, op, np.add, axes, bool(op.attrs["keep_dims"]))
    name = plan.text(result)
    if plan.shape(result) == ():
        plan.line(op, f"{name} = {name} / {plan.bind(result.dtype.numpy.type(count))}")
    else:
        divisor = plan.bind(np.array(count, result.dtype.numpy))
        plan.line(op, f"{plan.bind(np.true_divide)}({name}, {divisor}, {name})")
    return True


# ----- joining and views -----


def lower_concat(plan: Specialised, op: Operation) -> bool:
    """Arrays next to each other, in memory that is there already."""
    *values, axis = op.inputs
    where, result = plan.constant(axis), op.outputs[0]
    known = [plan.shape(t) for t in values]
    if where is None or not plan.shape(result) or None in known or () in known:
        return False
    texts = [plan.text(t) for t in values]
    out = plan.target(op, result)
    plan.line(op, f"{plan.bind(np.concatenate)}(({', '.join(texts)},), {int(where)}, {out})")
    return True


def lower_view(plan: Specialised, op: Operation) -> bool:
    """A view of a buffer is made once, when the plan is written."""
    if op.type == "Unbroadcast":
        return _lower_unbroadcast(plan, op)
    views = _views(plan, op)
    if views is not None:
        for tensor, view in zip(op.outputs, views, strict=True):
            plan.alias(tensor, view)
        return True
    value, shape = op.inputs[0], plan.shape(op.outputs[0])
    if op.type in ("Reshape", "ExpandDims", "Squeeze") and plan.shape(value) and shape:
        text = f"{plan.text(value)}.reshape({shape!r})"
        plan.line(op, f"{plan.view(op.outputs[0])} = {text}")
        return True
    return False


def _views(plan: Specialised, op: Operation) -> list[np.ndarray[Any, Any]] | None:
    """What the kernel makes of an array in the arena, if these are views of it and depend on nothing that is not known."""
    kernel, arrays = op.opdef.kernel_function, [plan.array(t) for t in op.inputs]
    if op.opdef.stateful or {"op", "state"} & set(op.opdef.kernel_attrs) or kernel is None:
        return None
    values = [
        plan.constant(t) if array is None else array for t, array in zip(op.inputs, arrays, strict=True)
    ]
    found = [array for array in arrays if array is not None]
    if len(found) != 1 or any(value is None for value in values):
        return None
    try:
        made = kernel(*group_by_argument(op, values), **kernel_keywords(op))
    except Exception:  # the kernel will say so when it runs
        return None
    views = [made] if len(op.outputs) == 1 and type(made) is np.ndarray else list(made)
    are_views = [type(v) is np.ndarray and v.ndim and np.may_share_memory(v, found[0]) for v in views]
    return views if all(are_views) else None


def _lower_unbroadcast(plan: Specialised, op: Operation) -> bool:
    """The sum over the dimensions along which an input was broadcast."""
    shape, target = plan.shape(op.inputs[0]), plan.shape(op.outputs[0])
    axes = unbroadcast_axes(shape, target)
    if axes is None or shape is None or target is None:
        return False
    keeps = any(axis >= len(shape) - len(target) for axis in axes)
    if keeps and len(shape) > len(target) and plan.is_private_result(op.outputs[0]):
        return False
    return _reduce(plan, op, np.add, axes, keeps)
