"""Arithmetic, element by element and in reductions; most of it is also in the main namespace."""

from __future__ import annotations

from graphmagic.names import namespace as _namespace
from graphmagic.nn.normalization import l2_normalize
from graphmagic.nn.pointwise_losses import zero_fraction
from graphmagic.nn.smooth import log_sigmoid, softplus, softsign
from graphmagic.nn.softmax import log_softmax, softmax
from graphmagic.nn.top_k import in_top_k, top_k
from graphmagic.ops.arithmetic import (
    accumulate_n,
    add,
    add_n,
    maximum,
    minimum,
    multiply,
    negative,
    scalar_mul,
    squared_difference,
    subtract,
)
from graphmagic.ops.bessel import bessel_i0, bessel_i0e, bessel_i1, bessel_i1e
from graphmagic.ops.counting import bincount, confusion_matrix
from graphmagic.ops.cumulative import cumprod, cumsum
from graphmagic.ops.division import divide, floordiv, floormod, reciprocal, truediv
from graphmagic.ops.division import floormod as mod
from graphmagic.ops.elementary import exp, expm1, log, log1p, polyval, pow, rsqrt, sigmoid, sqrt, square
from graphmagic.ops.erf import erf, erfc
from graphmagic.ops.extremes import argmax, argmin, reduce_max, reduce_min
from graphmagic.ops.gamma import digamma, lbeta, lgamma, polygamma, zeta
from graphmagic.ops.gather import unsorted_segment_sum
from graphmagic.ops.incomplete import betainc, igamma, igammac
from graphmagic.ops.logic import (
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    not_equal,
)
from graphmagic.ops.monotonic import is_non_decreasing, is_strictly_increasing
from graphmagic.ops.no_nan import div_no_nan as divide_no_nan
from graphmagic.ops.no_nan import multiply_no_nan, xdivy, xlogy
from graphmagic.ops.norms import (
    count_nonzero,
    reduce_euclidean_norm,
    reduce_logsumexp,
    reduce_std,
    reduce_variance,
)
from graphmagic.ops.reduce import reduce_all, reduce_any, reduce_mean, reduce_prod, reduce_sum
from graphmagic.ops.rounding import abs, ceil, floor, is_finite, is_inf, is_nan, nextafter, rint, round, sign
from graphmagic.ops.segments import segment_max, segment_mean, segment_min, segment_prod, segment_sum
from graphmagic.ops.transposing import invert_permutation
from graphmagic.ops.trigonometric import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    sin,
    sinh,
    tan,
    tanh,
)
from graphmagic.ops.unsorted_segments import (
    unsorted_segment_max,
    unsorted_segment_mean,
    unsorted_segment_min,
    unsorted_segment_prod,
    unsorted_segment_sqrt_n,
)

__all__ = [
    "abs",
    "accumulate_n",
    "acos",
    "acosh",
    "add",
    "add_n",
    "argmax",
    "argmin",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "bessel_i0",
    "bessel_i0e",
    "bessel_i1",
    "bessel_i1e",
    "betainc",
    "bincount",
    "ceil",
    "confusion_matrix",
    "cos",
    "cosh",
    "count_nonzero",
    "cumprod",
    "cumsum",
    "digamma",
    "divide",
    "divide_no_nan",
    "equal",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "floor",
    "floordiv",
    "floormod",
    "greater",
    "greater_equal",
    "igamma",
    "igammac",
    "in_top_k",
    "invert_permutation",
    "is_finite",
    "is_inf",
    "is_nan",
    "is_non_decreasing",
    "is_strictly_increasing",
    "l2_normalize",
    "lbeta",
    "less",
    "less_equal",
    "lgamma",
    "log",
    "log1p",
    "log_sigmoid",
    "log_softmax",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "maximum",
    "minimum",
    "mod",
    "multiply",
    "multiply_no_nan",
    "negative",
    "nextafter",
    "not_equal",
    "polygamma",
    "polyval",
    "pow",
    "reciprocal",
    "reduce_all",
    "reduce_any",
    "reduce_euclidean_norm",
    "reduce_logsumexp",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_prod",
    "reduce_std",
    "reduce_sum",
    "reduce_variance",
    "rint",
    "round",
    "rsqrt",
    "scalar_mul",
    "segment_max",
    "segment_mean",
    "segment_min",
    "segment_prod",
    "segment_sum",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "softsign",
    "sqrt",
    "square",
    "squared_difference",
    "subtract",
    "tan",
    "tanh",
    "top_k",
    "truediv",
    "unsorted_segment_max",
    "unsorted_segment_mean",
    "unsorted_segment_min",
    "unsorted_segment_prod",
    "unsorted_segment_sqrt_n",
    "unsorted_segment_sum",
    "xdivy",
    "xlogy",
    "zero_fraction",
    "zeta",
]

__getattr__, __dir__ = _namespace(__name__)
