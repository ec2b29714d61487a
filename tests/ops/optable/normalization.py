"""Biases, moments and normalization."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import floats, ints

CLOSE: dict[str, Any] = {"ulp": 8, "atol": 1e-6, "grad_ulp": 16, "grad_atol": 4e-6}
IMAGE = floats(2, 3, 5, 4)
FIRST = floats(2, 4, 3, 5)
VECTOR = floats(4, low=0.5, high=1.5, seed=1)
COUNT = np.array(3, np.float32)
Array = np.ndarray[Any, Any]


def _lrn_grad(dy: Array, x: Array) -> Array:
    """The gradient of LRN with its default attributes, where all four channels are neighbours."""
    dy, x64 = dy.astype(np.float64), x.astype(np.float64)
    norms = 1 + np.square(x64).sum(-1, keepdims=True)
    return (dy / np.sqrt(norms) - x64 * (dy * x64).sum(-1, keepdims=True) * norms**-1.5).astype(x.dtype)


CASES = [
    Case(
        "BiasAdd",
        "matrix",
        lambda tf, x, b: tf.nn.bias_add(x, b),
        (floats(2, 4), VECTOR),
        grad=(0, 1),
        **CLOSE,
    ),
    Case("BiasAdd", "images", lambda tf, x, b: tf.nn.bias_add(x, b), (IMAGE, VECTOR), grad=(0, 1), **CLOSE),
    Case(
        "BiasAdd",
        "channels_first",
        lambda tf, x, b: tf.nn.bias_add(x, b, "NCHW"),
        (FIRST, VECTOR),
        grad=(0, 1),
        order=0,
        **CLOSE,
    ),
    Case(
        "BiasAdd",
        "channels_first_sequences",
        lambda tf, x, b: tf.nn.bias_add(x, b, data_format="NCW"),
        (floats(2, 4, 3), VECTOR),
        **CLOSE,
    ),
    Case("BiasAdd", "integers", lambda tf, x, b: tf.nn.bias_add(x, b), (ints(2, 4), ints(4))),
    Case(
        "BiasAdd",
        "empty",
        lambda tf, x, b: tf.nn.bias_add(x, b),
        (floats(0, 4), VECTOR),
        grad=(0, 1),
        order=0,
    ),
    Case(
        "BiasAdd",
        "xw_plus_b",
        lambda tf, x, w, b: tf.nn.xw_plus_b(x, w, b),
        (floats(2, 3), floats(3, 4), VECTOR),
        grad=(0, 1, 2),
        **CLOSE,
    ),
    Case(
        "BiasAdd",
        "relu_layer",
        lambda tf, x, w, b: tf.nn.relu_layer(x, w, b),
        (floats(2, 3), floats(3, 4), VECTOR),
        grad=(0, 1, 2),
        **CLOSE,
    ),
    Case(
        "BiasAddGrad",
        "matrix",
        lambda tf, dy: raw(tf, "BiasAddGrad", dy),
        (floats(2, 4),),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "BiasAddGrad",
        "channels_first",
        lambda tf, dy: raw(tf, "BiasAddGrad", dy, data_format="NCHW"),
        (FIRST,),
        grad=(0,),
        order=0,
        **CLOSE,
    ),
    Case("BiasAddGrad", "integers", lambda tf, dy: raw(tf, "BiasAddGrad", dy), (ints(2, 4),)),
    # ----- moments -----
    Case(
        "SquaredDifference",
        "moments",
        lambda tf, x: tf.nn.moments(x, [0, 2]),
        (IMAGE,),
        grad=(0,),
        order=1,
        **CLOSE,
    ),
    Case(
        "SquaredDifference",
        "moments_keep",
        lambda tf, x: tf.nn.moments(x, [0], keep_dims=True),
        (floats(3, 4),),
        grad=(0,),
        order=1,
        **CLOSE,
    ),
    Case(
        "SquaredDifference",
        "moments_float16",
        lambda tf, x: tf.nn.moments(x, [0]),
        (floats(3, 4, dtype=np.float16),),
        ulp=2,
    ),
    Case(
        "SquaredDifference",
        "weighted_moments",
        lambda tf, x, w: tf.nn.weighted_moments(x, [0, 1], w),
        (floats(2, 3, 4), floats(3, 1, low=0.5, high=2.0)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Sum",
        "sufficient_statistics",
        lambda tf, x: tf.nn.sufficient_statistics(x, [0, 2])[:3],
        (IMAGE,),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "Sum",
        "sufficient_statistics_shift",
        lambda tf, x, s: tf.nn.sufficient_statistics(x, [0], s)[:3],
        (floats(3, 4), VECTOR),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Sub",
        "normalize_moments",
        lambda tf, m, v, c: tf.nn.normalize_moments(c, m, v, None),
        (VECTOR, VECTOR * 4, COUNT),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Sub",
        "normalize_moments_shift",
        lambda tf, m, v, s, c: tf.nn.normalize_moments(c, m, v, s),
        (VECTOR, VECTOR * 4, floats(4), COUNT),
        grad=(0, 1, 2),
        **CLOSE,
    ),
    # ----- normalization by formula -----
    Case(
        "Rsqrt",
        "batch_normalization",
        lambda tf, x, m, v, b, g: tf.nn.batch_normalization(x, m, v, b, g, 0.01),
        (IMAGE, floats(4), VECTOR, floats(4, seed=3), floats(4, seed=4)),
        grad=(0, 1, 2, 3, 4),
        **CLOSE,
    ),
    Case(
        "Rsqrt",
        "batch_normalization_plain",
        lambda tf, x, m, v: tf.nn.batch_normalization(x, m, v, None, None, 0.01),
        (IMAGE, floats(4), VECTOR),
        grad=(0, 1, 2),
        **CLOSE,
    ),
    Case(
        "Rsqrt",
        "batch_norm_global",
        lambda tf, x, m, v, b, g: tf.nn.batch_norm_with_global_normalization(x, m, v, b, g, 0.01, True),
        (IMAGE, floats(4), VECTOR, floats(4, seed=3), floats(4, seed=4)),
        grad=(0, 1, 2, 3, 4),
        **CLOSE,
    ),
    Case(
        "Rsqrt", "l2_normalize", lambda tf, x: tf.nn.l2_normalize(x, 1), (floats(3, 4),), grad=(0,), **CLOSE
    ),
    Case(
        "Rsqrt", "l2_normalize_all", lambda tf, x: tf.nn.l2_normalize(x), (floats(3, 4),), grad=(0,), **CLOSE
    ),
    Case(
        "Rsqrt",
        "l2_normalize_zero",
        lambda tf, x: tf.nn.l2_normalize(x, dim=0),
        (np.zeros(3, np.float32),),
        grad=(0,),
        order=0,
        **CLOSE,
    ),
    # ----- local response -----
    Case("LRN", "defaults", lambda tf, x: tf.nn.lrn(x), (IMAGE,), grad=(0,), order=1, **CLOSE),
    Case(
        "LRN",
        "parameters",
        lambda tf, x: tf.nn.local_response_normalization(x, 2, 2.0, 0.3, 0.75),
        (floats(1, 2, 3, 9),),
        grad=(0,),
        order=1,
        **CLOSE,
    ),
    Case("LRN", "radius_0", lambda tf, x: tf.nn.lrn(x, 0), (IMAGE,), grad=(0,), order=1, **CLOSE),
    Case("LRN", "no_images", lambda tf, x: tf.nn.lrn(x), (floats(0, 2, 3, 4),), order=0),
    Case(
        "LRNGrad",
        "measured",
        lambda tf, dy, x: raw(tf, "LRNGrad", dy, x, raw(tf, "LRN", x)),
        (IMAGE, floats(2, 3, 5, 4, seed=1)),
        grad=(0, 1),
        order=1,
        reference=_lrn_grad,
        **CLOSE,
    ),
    Case(
        "LRNGrad",
        "raw",
        lambda tf, dy, x: raw(tf, "LRNGrad", dy, x, raw(tf, "LRN", x)),
        (IMAGE, floats(2, 3, 5, 4, seed=1)),
        **CLOSE,
    ),
]

# ----- fused -----


def _fused(which: slice = slice(3), **keywords: Any) -> Any:
    return lambda tf, x, g, b, *rest: list(tf.nn.fused_batch_norm(x, g, b, *rest, **keywords)[which])


def _fused_reference(x: Array, g: Array, b: Array) -> Array:
    x64 = np.moveaxis(x, 1, -1).astype(np.float64)
    mean, variance = x64.mean((0, 1, 2)), x64.var((0, 1, 2))
    return np.moveaxis((x64 - mean) / np.sqrt(variance + 0.001) * g + b, -1, 1).astype(x.dtype)


SCALE, OFFSET = VECTOR, floats(4, seed=3)
FIXED = (IMAGE, SCALE, OFFSET, floats(4, seed=5), floats(4, low=0.5, high=2.0, seed=6))
CASES += [
    Case("FusedBatchNormV3", "training", _fused(), (IMAGE, SCALE, OFFSET), grad=(0, 1, 2), order=0, **CLOSE),
    Case("FusedBatchNormV3", "normalized", _fused(slice(1)), (IMAGE, SCALE, OFFSET), grad=(0, 1, 2), **CLOSE),
    Case("FusedBatchNormV3", "inference", _fused(is_training=False), FIXED, grad=(0, 1, 2), order=0, **CLOSE),
    Case(
        "FusedBatchNormV3",
        "inference_normalized",
        _fused(slice(1), is_training=False),
        FIXED,
        grad=(0, 1, 2),
        **CLOSE,
    ),
    Case("FusedBatchNormV3", "one_pixel", _fused(), (floats(1, 1, 1, 4), SCALE, OFFSET), order=0, **CLOSE),
    Case("FusedBatchNormV3", "average", _fused(exponential_avg_factor=0.25), FIXED, **CLOSE),
    Case(
        "FusedBatchNormV3",
        "float16",
        _fused(slice(1)),
        (IMAGE.astype(np.float16), SCALE, OFFSET),
        ulp=2,
        atol=2e-3,
    ),
    Case(
        "FusedBatchNormV3",
        "channels_first",
        _fused(slice(1), data_format="NCHW"),
        (FIRST, SCALE, OFFSET),
        grad=(0, 1, 2),
        reference=_fused_reference,
        **CLOSE,
    ),
    Case(
        "FusedBatchNormGradV3",
        "second",
        lambda tf, x, g, b, s: tf.gradients(tf.nn.fused_batch_norm(x, g, b)[0], [x, g, b], s),
        (IMAGE, SCALE, OFFSET, floats(2, 3, 5, 4, seed=9)),
        grad=(0, 1, 3),
        order=1,
        **CLOSE,
    ),
]

MISTAKES = [
    Mistake("BiasAdd", "sizes", lambda tf, x, b: tf.nn.bias_add(x, b), (floats(2, 4), floats(3))),
    Mistake("BiasAdd", "bias_rank", lambda tf, x, b: tf.nn.bias_add(x, b), (floats(2, 4), floats(3, 4))),
    Mistake("BiasAdd", "value_rank", lambda tf, x, b: tf.nn.bias_add(x, b), (floats(4), floats(4))),
    Mistake(
        "BiasAdd", "channels_first_sizes", lambda tf, x, b: tf.nn.bias_add(x, b, "NCHW"), (FIRST, floats(5))
    ),
    Mistake(
        "BiasAdd", "layout", lambda tf: tf.nn.bias_add(tf.zeros([2, 4]), tf.zeros([4]), data_format="XX")
    ),
    Mistake(
        "BiasAdd",
        "types",
        lambda tf: tf.nn.bias_add(tf.zeros([2, 4]), tf.zeros([4], tf.int32)),
        says={
            "full": (
                "build",
                "ValueError",
                "Tensor conversion requested dtype float32 for Tensor with dtype int32: "
                "<tf.Tensor 'zeros_1:0' shape=(4,) dtype=int32>",
            )
        },
        why="version 1 did not put the name in front",
    ),
    Mistake("LRN", "rank", lambda tf, x: tf.nn.lrn(x), (floats(2, 4),)),
    Mistake("LRN", "integers", lambda tf: tf.nn.lrn(tf.zeros([1, 2, 3, 4], tf.int32))),
    Mistake("Rsqrt", "l2_normalize_both", lambda tf: tf.nn.l2_normalize([3.0, 4.0], axis=0, dim=0)),
    Mistake("FusedBatchNormV3", "channels", _fused(), (IMAGE, floats(3), floats(3))),
    Mistake("FusedBatchNormV3", "rank", _fused(), (floats(2, 4), floats(4), floats(4))),
    Mistake(
        "FusedBatchNormV3",
        "missing",
        lambda tf: tf.nn.fused_batch_norm(
            tf.zeros([1, 2, 3, 4]), tf.zeros([4]), tf.zeros([4]), is_training=False
        ),
    ),
    Mistake("BiasAddGrad", "rank", lambda tf, dy: raw(tf, "BiasAddGrad", dy), (floats(4),)),
    Mistake("LRNGrad", "shapes", lambda tf, a, b: raw(tf, "LRNGrad", a, b, b), (IMAGE, floats(2, 3, 5, 6))),
    Mistake(
        "FusedBatchNormGradV3",
        "rank",
        lambda tf, x, v: raw(tf, "FusedBatchNormGradV3", x, x, v, v, v, v),
        (floats(2, 4), floats(4)),
    ),
]
