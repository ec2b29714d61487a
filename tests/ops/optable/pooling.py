"""Pooling and its gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import floats, ints

CLOSE: dict[str, Any] = {"ulp": 4, "atol": 2e-7, "grad_ulp": 6, "grad_atol": 4e-7}
IMAGE = floats(2, 5, 7, 6)
TIES = np.round(floats(2, 5, 7, 6) * 2)  # few different numbers, so that windows have several maxima
FIRST = floats(2, 3, 5, 7)  # channels first
Array = np.ndarray[Any, Any]


def naive(x: Array, ksize: Any, strides: Any, padding: str, take: Any) -> Array:
    """Pooling of images with channels first, as the definition has it."""
    sizes, windows = [], []
    for size, taps, stride in zip(x.shape[2:], ksize, strides, strict=True):
        count = -(-size // stride) if padding == "SAME" else (size - taps) // stride + 1
        pad = max(0, (count - 1) * stride + taps - size) // 2 if padding == "SAME" else 0
        sizes.append(count)
        windows.append([(max(0, i * stride - pad), min(size, i * stride - pad + taps)) for i in range(count)])
    out = np.zeros((*x.shape[:2], *sizes), x.dtype)
    for place in np.ndindex(*sizes):
        where = tuple(slice(*windows[axis][i]) for axis, i in enumerate(place))
        out[(slice(None), slice(None), *place)] = take(x[(slice(None), slice(None), *where)], (2, 3))
    return out


CASES = []
for _op, _kind, _function, _take in (
    ("MaxPool", "MAX", "max_pool", np.max),
    ("AvgPool", "AVG", "avg_pool", np.mean),
):

    def _pool(*args: Any, function: str = _function, **keywords: Any) -> Any:
        return lambda tf, x: getattr(tf.nn, function)(x, *args, **keywords)

    def _expected(*args: Any, take: Any = _take) -> Any:
        return lambda x: naive(x, *args, take)

    CASES += [
        Case(_op, "same", _pool([1, 3, 2, 1], [1, 2, 2, 1], "SAME"), (IMAGE,), grad=(0,), **CLOSE),
        Case(_op, "valid", _pool([1, 2, 2, 1], [1, 2, 2, 1], "VALID"), (IMAGE,), grad=(0,), **CLOSE),
        Case(_op, "overlapping", _pool([1, 3, 3, 1], [1, 1, 2, 1], "SAME"), (IMAGE,), grad=(0,), **CLOSE),
        Case(_op, "gaps", _pool([1, 2, 1, 1], [1, 3, 2, 1], "VALID"), (IMAGE,), grad=(0,), **CLOSE),
        Case(_op, "one_number", _pool(2, 2, "SAME"), (IMAGE,), grad=(0,), **CLOSE),
        Case(_op, "two_numbers", _pool([3, 2], [2, 1], "SAME"), (IMAGE,), **CLOSE),
        Case(
            _op,
            "window_beyond",
            _pool([1, 7, 9, 1], [1, 2, 2, 1], "SAME"),
            (IMAGE,),
            grad=(0,) if _op == "MaxPool" else (),
            **CLOSE,
        ),
        Case(_op, "ties", _pool([1, 3, 2, 1], [1, 2, 1, 1], "SAME"), (TIES,), grad=(0,), order=0, **CLOSE),
        Case(
            _op,
            "float16",
            _pool([1, 3, 2, 1], [1, 2, 2, 1], "SAME"),
            (IMAGE.astype(np.float16),),
            ulp=4,
            atol=1e-3,
        ),
        Case(_op, "float64", _pool([1, 3, 2, 1], [1, 2, 2, 1], "SAME"), (IMAGE.astype(np.float64),), ulp=4),
        Case(
            _op,
            "no_images",
            _pool([1, 3, 2, 1], [1, 2, 2, 1], "SAME"),
            (floats(0, 5, 7, 3),),
            grad=(0,),
            order=0,
        ),
        Case(
            _op,
            "channels_first",
            _pool([1, 1, 3, 2], [1, 1, 2, 2], "SAME", "NCHW"),
            (FIRST,),
            grad=(0,),
            reference=_expected([3, 2], [2, 2], "SAME"),
            **CLOSE,
        ),
        Case(
            _op,
            "channels_first_valid",
            _pool([2, 3], [1, 2], "VALID", data_format="NCHW"),
            (FIRST,),
            grad=(0,),
            reference=_expected([2, 3], [1, 2], "VALID"),
            **CLOSE,
        ),
        Case(
            _op,
            "2d",
            lambda tf, x, f=_function: getattr(tf.nn, f"{f}2d")(x, 2, 2, "VALID"),
            (IMAGE,),
            **CLOSE,
        ),
        Case(
            _op,
            "1d",
            lambda tf, x, f=_function: getattr(tf.nn, f"{f}1d")(x, 3, 2, "SAME"),
            (floats(2, 7, 3),),
            grad=(0,),
            **CLOSE,
        ),
        Case(
            f"{_op}3D",
            "same",
            lambda tf, x, f=_function: getattr(tf.nn, f"{f}3d")(x, [1, 2, 3, 2, 1], [1, 1, 2, 2, 1], "SAME"),
            (floats(2, 3, 4, 5, 6),),
            grad=(0,),
            **CLOSE,
        ),
        Case(
            f"{_op}3D",
            "valid",
            lambda tf, x, f=_function: getattr(tf.nn, f"{f}3d")(x, 2, 2, "VALID"),
            (floats(2, 3, 4, 5, 6),),
            grad=(0,),
            **CLOSE,
        ),
        Case(
            _op,
            "pool",
            lambda tf, x, k=_kind: tf.nn.pool(x, [2, 3], k, "SAME", strides=[2, 1]),
            (IMAGE,),
            grad=(0,),
            **CLOSE,
        ),
        Case(
            _op,
            "pool_1d",
            lambda tf, x, k=_kind: tf.nn.pool(x, [2], k, "VALID"),
            (floats(2, 7, 3),),
            **CLOSE,
        ),
    ]

WINDOW: dict[str, Any] = {"ksize": [1, 3, 2, 1], "strides": [1, 2, 2, 1], "padding": "SAME"}
CUBE: dict[str, Any] = {"ksize": [1, 2, 3, 2, 1], "strides": [1, 1, 2, 1, 1], "padding": "SAME"}


def _routed(op: str, forward: str, window: dict[str, Any]) -> Any:
    return lambda tf, x, change: raw(tf, op, x, raw(tf, forward, x, **window), change, **window)


CASES += [
    Case(
        "MaxPool",
        "integers",
        lambda tf, x: tf.nn.max_pool(x, [1, 3, 2, 1], [1, 2, 2, 1], "SAME"),
        (ints(2, 5, 7, 3),),
    ),
    Case(
        "MaxPool",
        "bytes",
        lambda tf, x: tf.nn.max_pool(x, [1, 3, 2, 1], [1, 2, 2, 1], "SAME"),
        (ints(2, 5, 7, 3, low=0, dtype=np.uint8),),
    ),
    Case(
        "MaxPool",
        "not_a_number",
        lambda tf, x: tf.nn.max_pool(x, [1, 1, 2, 1], [1, 1, 1, 1], "VALID"),
        (np.array([np.nan, 1, 2, np.nan, 3, -np.inf, np.inf, -np.inf], "f").reshape(1, 1, 8, 1),),
        grad=(0,),
        order=0,
    ),
    Case(
        "MaxPool",
        "explicit",
        lambda tf, x: tf.nn.max_pool(x, [1, 3, 2, 1], [1, 2, 2, 1], [[0, 0], [1, 0], [0, 1], [0, 0]]),
        (IMAGE,),
        grad=(0,),
        order=1,
        **CLOSE,
    ),
    Case(
        "MaxPoolGrad",
        "raw",
        _routed("MaxPoolGrad", "MaxPool", WINDOW),
        (IMAGE, floats(2, 3, 4, 6)),
        grad=(1,),
        **CLOSE,
    ),
    Case(
        "MaxPoolGradGrad",
        "raw",
        _routed("MaxPoolGradGrad", "MaxPool", WINDOW),
        (IMAGE, floats(2, 5, 7, 6, seed=1)),
        grad=(1,),
        **CLOSE,
    ),
    Case(
        "MaxPoolGradGrad",
        "ties",
        _routed("MaxPoolGradGrad", "MaxPool", WINDOW),
        (TIES, floats(2, 5, 7, 6, seed=1)),
        grad=(1,),
        **CLOSE,
    ),
    Case(
        "MaxPool3DGrad",
        "raw",
        _routed("MaxPool3DGrad", "MaxPool3D", CUBE),
        (floats(2, 3, 8, 5, 6), floats(2, 3, 4, 5, 6)),
        grad=(1,),
        **CLOSE,
    ),
    Case(
        "MaxPool3DGradGrad",
        "raw",
        _routed("MaxPool3DGradGrad", "MaxPool3D", CUBE),
        (floats(2, 3, 8, 5, 6), floats(2, 3, 8, 5, 6, seed=1)),
        grad=(1,),
        **CLOSE,
    ),
    Case(
        "AvgPoolGrad",
        "raw",
        lambda tf, dy: raw(tf, "AvgPoolGrad", [2, 5, 7, 6], dy, **WINDOW),
        (floats(2, 3, 4, 6),),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "AvgPool3DGrad",
        "raw",
        lambda tf, dy: raw(tf, "AvgPool3DGrad", [2, 3, 8, 5, 6], dy, **CUBE),
        (floats(2, 3, 4, 5, 6),),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "MaxPoolWithArgmax",
        "same",
        lambda tf, x: tf.nn.max_pool_with_argmax(x, [1, 3, 2, 1], [1, 2, 2, 1], "SAME"),
        (IMAGE,),
        grad=(0,),
        order=1,
    ),
    Case(
        "MaxPoolWithArgmax",
        "ties",
        lambda tf, x: tf.nn.max_pool_with_argmax(x, [1, 3, 2, 1], [1, 1, 1, 1], "VALID"),
        (TIES,),
    ),
    Case(
        "MaxPoolWithArgmax",
        "batch",
        lambda tf, x: tf.nn.max_pool_with_argmax(
            x, [1, 3, 2, 1], [1, 2, 2, 1], "SAME", include_batch_in_index=True
        ),
        (IMAGE,),
        grad=(0,),
        order=1,
    ),
    Case(
        "MaxPoolWithArgmax",
        "int32",
        lambda tf, x: tf.nn.max_pool_with_argmax(
            x, [1, 3, 2, 1], [1, 2, 2, 1], "VALID", output_dtype=tf.int32
        ),
        (IMAGE,),
    ),
]


def _mistake(op: str, name: str, image: Any, *args: Any, **keywords: Any) -> Mistake:
    function = {"MaxPool": "max_pool", "AvgPool": "avg_pool", "MaxPool3D": "max_pool3d"}[op]
    return Mistake(op, name, lambda tf, x: getattr(tf.nn, function)(x, *args, **keywords), (floats(*image),))


MISTAKES = [
    line
    for op in ("MaxPool", "AvgPool")
    for line in (
        _mistake(op, "rank", (8, 8, 4), [1, 2, 2, 1], [1, 1, 1, 1], "SAME"),
        _mistake(op, "padding", (1, 8, 8, 4), [1, 2, 2, 1], [1, 1, 1, 1], "same"),
        _mistake(op, "too_large", (1, 8, 8, 4), [1, 11, 11, 1], [1, 1, 1, 1], "VALID"),
        _mistake(op, "stride_0", (1, 8, 8, 4), [1, 2, 2, 1], [1, 0, 1, 1], "SAME"),
        _mistake(op, "three_sizes", (1, 8, 8, 4), [1, 2, 2], [1, 1, 1, 1], "SAME"),
    )
]
MISTAKES += [
    _mistake("AvgPool", "layout", (1, 8, 8, 4), [1, 2, 2, 1], [1, 1, 1, 1], "SAME", data_format="NXYZ"),
    _mistake("MaxPool", "window_0", (1, 8, 8, 4), [1, 0, 2, 1], [1, 1, 1, 1], "SAME"),
    Mistake(
        "MaxPool",
        "type",
        lambda tf: tf.nn.max_pool(tf.zeros([1, 8, 8, 4], tf.string), [1, 2, 2, 1], [1, 1, 1, 1], "SAME"),
    ),
    Mistake(
        "AvgPool",
        "type",
        lambda tf: tf.nn.avg_pool(tf.zeros([1, 8, 8, 4], tf.int32), [1, 2, 2, 1], [1, 1, 1, 1], "SAME"),
    ),
    Mistake(
        "MaxPool",
        "both_inputs",
        lambda tf: tf.nn.max_pool(tf.zeros([1, 8, 8, 4]), 2, 2, "SAME", input=tf.zeros([1, 8, 8, 4])),
    ),
    Mistake("MaxPool", "pool_kind", lambda tf: tf.nn.pool(tf.zeros([1, 8, 8, 4]), [2, 2], "MIN", "SAME")),
    Mistake(
        "MaxPool",
        "pool_strides",
        lambda tf: tf.nn.pool(tf.zeros([1, 8, 8, 4]), [2, 2], "MAX", "SAME", strides=[3, 3]),
    ),
    Mistake(
        "MaxPoolWithArgmax",
        "layout",
        lambda tf: tf.nn.max_pool_with_argmax(
            tf.zeros([1, 8, 8, 4]), [1, 2, 2, 1], [1, 2, 2, 1], "SAME", data_format="NCHW"
        ),
    ),
    Mistake("MaxPool3D", "rank", lambda tf, x: tf.nn.max_pool3d(x, 2, 1, "SAME"), (floats(8, 8, 4),)),
    Mistake("AvgPool3D", "rank", lambda tf, x: tf.nn.avg_pool3d(x, 2, 1, "SAME"), (floats(8, 8, 4),)),
    Mistake(
        "MaxPoolWithArgmax",
        "rank",
        lambda tf, x: tf.nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"),
        (floats(8, 8, 4),),
    ),
    Mistake(
        "MaxPoolGrad", "rank", lambda tf, x: raw(tf, "MaxPoolGrad", x, x, x, **WINDOW), (floats(5, 7, 3),)
    ),
    Mistake(
        "MaxPoolGradGrad",
        "rank",
        lambda tf, x: raw(tf, "MaxPoolGradGrad", x, x, x, **WINDOW),
        (floats(5, 7, 3),),
    ),
    Mistake(
        "MaxPool3DGrad", "rank", lambda tf, x: raw(tf, "MaxPool3DGrad", x, x, x, **CUBE), (floats(5, 7, 3),)
    ),
    Mistake(
        "MaxPool3DGradGrad",
        "rank",
        lambda tf, x: raw(tf, "MaxPool3DGradGrad", x, x, x, **CUBE),
        (floats(5, 7, 3),),
    ),
    Mistake(
        "AvgPoolGrad",
        "sizes",
        lambda tf, dy: raw(tf, "AvgPoolGrad", [2, 5, 7], dy, **WINDOW),
        (floats(2, 3, 4, 6),),
    ),
    Mistake(
        "AvgPool3DGrad",
        "sizes",
        lambda tf, dy: raw(tf, "AvgPool3DGrad", [2, 5, 7], dy, **CUBE),
        (floats(2, 3, 4, 5, 6),),
    ),
]
