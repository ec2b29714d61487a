"""``tensor[...]`` in every form of Python."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dimension import Dimension
from graphmagic.dtypes import DType
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops import stacking
from graphmagic.ops.strided import MASKS, strided_slice_op


def _bound(value: Any) -> Any:
    return value.value if isinstance(value, Dimension) else value


def _check_item(item: Any) -> None:
    is_tensor = (
        isinstance(item, Tensor) and item.dtype.base_dtype in dtypes.INDICES and item.shape.ndims in (0, None)
    )
    is_number = isinstance(item, (int, np.integer, Dimension)) and not isinstance(item, bool)
    if not (is_tensor or is_number or getattr(item, "is_graph_variable", False)):
        raise TypeError(
            "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 tensors "
            f"are valid indices, got {item!r}"
        )


def get_item(tensor: Tensor, key: Any) -> Tensor:
    """``tensor[key]``: integers, slices, ``...``, None and scalar integer tensors, in any mix.

    Raises:
        TypeError: the key holds something else.
        ValueError: an index is known to be out of range.

    >>> import graphmagic as tf
    >>> x = tf.constant([[1, 2, 3], [4, 5, 6]])
    >>> tf.Session().run([x[1, ::-1], x[..., 0], x[:, tf.newaxis, 1]])
    [array([6, 5, 4], dtype=int32), array([1, 4], dtype=int32), array([[2],
           [5]], dtype=int32)]
    """
    if isinstance(key, Tensor) and key.dtype.base_dtype is dtypes.bool:
        from graphmagic.ops.gather import boolean_mask

        return boolean_mask(tensor, key)
    begin: list[Any] = []
    end: list[Any] = []
    strides: list[Any] = []
    masks = dict.fromkeys(MASKS, 0)
    for i, item in enumerate(key if isinstance(key, (tuple, list)) else (key,)):
        first, last, step = _one_item(item, 1 << i, masks)
        begin.append(first)
        end.append(last)
        strides.append(step)
    with get_default_graph().name_scope("strided_slice") as scope:
        kind = _index_type((*begin, *end, *strides))
        packed = [_packed(part, kind) for part in (begin, end, strides)]
        return apply_op(strided_slice_op, tensor, *packed, name=scope, **masks).outputs[0]


def _one_item(item: Any, bit: int, masks: dict[str, int]) -> tuple[Any, Any, Any]:
    """(begin, end, stride) of one item of a key; notes in `masks` what it ignores."""
    if isinstance(item, builtins.slice):
        for bound in (item.start, item.stop, item.step):
            if bound is not None:
                _check_item(bound)
        if item.start is None:
            masks["begin_mask"] |= bit
        if _bound(item.stop) is None:
            masks["end_mask"] |= bit
        return _or(item.start, 0), _or(item.stop, 0), _or(item.step, 1)
    if item is Ellipsis:
        masks["ellipsis_mask"] |= bit
        return 0, 0, 1
    if item is None:
        masks["new_axis_mask"] |= bit
        return 0, 0, 1
    _check_item(item)
    masks["shrink_axis_mask"] |= bit
    item = _bound(item)
    return item, item + 1, 1


def _or(value: Any, default: int) -> Any:
    value = _bound(value)
    return default if value is None else value


def _index_type(items: Iterable[Any]) -> DType:
    """The type of all three vectors of a slice: int64 if one of its bounds is a tensor of that type."""
    wide = any(isinstance(i, Tensor) and i.dtype.base_dtype is dtypes.int64 for i in items)
    return dtypes.int64 if wide else dtypes.int32


def _packed(items: list[Any], kind: DType) -> Tensor:
    if any(isinstance(i, Tensor) for i in items):
        from graphmagic.ops.casting import cast

        return stacking.stack([cast(i, kind) if isinstance(i, Tensor) else i for i in items])
    return convert_to_tensor(np.array(items, kind.as_numpy_dtype).reshape(len(items)), name="stack")
