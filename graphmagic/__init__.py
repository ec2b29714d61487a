"""graphmagic: TensorFlow-1-style computation graphs and sessions for Jupyter, on NumPy.

A *graph* defines a computation and holds no values; a *session* executes it and holds nothing else.

>>> import graphmagic as tf
>>> with tf.Graph().as_default() as graph:
...     foo = tf.Variable(42, name="foo")
...     init = tf.global_variables_initializer()
>>> with tf.Session(graph=graph) as sess:
...     sess.run(init)
...     sess.run(foo)
np.int32(42)
"""

from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

if _TYPE_CHECKING:  # what is loaded when it is first used; `lazy` reads from here where it is
    from graphmagic import (
        bitwise,
        errors,
        graph_util,
        initializers,
        layers,
        linalg,
        losses,
        manip,
        math,
        metrics,
        nest,
        nn,
        random,
        sets,
        sparse,
        strings,
        train,
    )
    from graphmagic.backward import gradients
    from graphmagic.config import ConfigProto, GPUOptions, GraphOptions, OptimizerOptions, RunOptions
    from graphmagic.derivatives import custom_gradient, grad_pass_through, hessians
    from graphmagic.dimension import Dimension
    from graphmagic.dtypes import (
        DType,
        as_dtype,
        bool,
        complex64,
        complex128,
        double,
        float16,
        float32,
        float64,
        half,
        int8,
        int16,
        int32,
        int64,
        resource,
        string,
        uint8,
        uint16,
        uint32,
        uint64,
        variant,
    )
    from graphmagic.files import decode_compressed, matching_files, read_file, write_file
    from graphmagic.graph.composite import IndexedSlices, IndexedSlicesValue
    from graphmagic.graph.constants import get_static_value
    from graphmagic.graph.convert import convert_to_tensor, register_tensor_conversion_function
    from graphmagic.graph.default import (
        add_to_collection,
        add_to_collections,
        colocate_with,
        container,
        control_dependencies,
        device,
        get_collection,
        get_collection_ref,
        name_scope,
        op_scope,
    )
    from graphmagic.graph.enums import (
        AggregationMethod,
        UnconnectedGradients,
        VariableAggregation,
        VariableSynchronization,
    )
    from graphmagic.graph.graph import Graph, GraphKeys, get_default_graph, reset_default_graph
    from graphmagic.graph.node import Operation, Tensor
    from graphmagic.graph.own_gradients import NoGradient, NotDifferentiable, RegisterGradient
    from graphmagic.graph.sparse_tensor import SparseTensor, SparseTensorValue
    from graphmagic.interactive_session import InteractiveSession
    from graphmagic.interchange.arrays import make_ndarray, make_tensor_proto
    from graphmagic.interchange.importing import import_graph_def
    from graphmagic.nn.norm_clipping import (
        clip_by_average_norm,
        clip_by_global_norm,
        clip_by_norm,
        global_norm,
    )
    from graphmagic.nn.patches import extract_image_patches
    from graphmagic.nn.smooth import log_sigmoid
    from graphmagic.nn.sorting import argsort, sort
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
    from graphmagic.ops.assert_forms import (
        assert_integer,
        assert_proper_iterable,
        assert_rank,
        assert_rank_at_least,
        assert_rank_in,
        assert_same_float_dtype,
        assert_scalar,
        assert_type,
    )
    from graphmagic.ops.asserting import Assert
    from graphmagic.ops.asserts import (
        assert_equal,
        assert_greater,
        assert_greater_equal,
        assert_less,
        assert_less_equal,
        assert_near,
        assert_negative,
        assert_non_negative,
        assert_non_positive,
        assert_none_equal,
        assert_positive,
    )
    from graphmagic.ops.assigning import assign, assign_add, assign_sub
    from graphmagic.ops.bands import eye, matrix_band_part
    from graphmagic.ops.batch_gather import batch_gather
    from graphmagic.ops.broadcast import broadcast_to
    from graphmagic.ops.broadcast_shapes import broadcast_dynamic_shape, broadcast_static_shape
    from graphmagic.ops.case import case
    from graphmagic.ops.casting import cast, to_double, to_float, to_int32, to_int64
    from graphmagic.ops.choosing import where
    from graphmagic.ops.clip import clip_by_value, saturate_cast
    from graphmagic.ops.concat import concat
    from graphmagic.ops.cond import cond
    from graphmagic.ops.constant import constant
    from graphmagic.ops.contraction import cross, tensordot
    from graphmagic.ops.control import group, no_op
    from graphmagic.ops.control import tuple_ as tuple
    from graphmagic.ops.counting import (
        bincount,
        confusion_matrix,
        histogram_fixed_width,
        histogram_fixed_width_bins,
    )
    from graphmagic.ops.cumulative import cumprod, cumsum
    from graphmagic.ops.decoding import decode_base64, decode_csv, decode_raw, encode_base64
    from graphmagic.ops.decompositions import cholesky, qr, self_adjoint_eig, self_adjoint_eigvals
    from graphmagic.ops.determinants import log_matrix_determinant, matrix_determinant
    from graphmagic.ops.diagonals import (
        diag,
        diag_part,
        matrix_diag,
        matrix_diag_part,
        matrix_set_diag,
        trace,
    )
    from graphmagic.ops.differences import searchsorted, setdiff1d
    from graphmagic.ops.division import (
        div,
        divide,
        floor_div,
        floordiv,
        floormod,
        reciprocal,
        truediv,
        truncatediv,
        truncatemod,
    )
    from graphmagic.ops.division import floormod as mod
    from graphmagic.ops.division import real_div as realdiv
    from graphmagic.ops.edit_distance import edit_distance
    from graphmagic.ops.einsum import einsum
    from graphmagic.ops.elementary import exp, expm1, log, log1p, pow, rsqrt, sigmoid, sqrt, square
    from graphmagic.ops.ensure_shape import ensure_shape
    from graphmagic.ops.erf import erf, erfc
    from graphmagic.ops.extremes import arg_max, arg_min, argmax, argmin, reduce_max, reduce_min
    from graphmagic.ops.fill import fill, linspace, ones, range, zeros
    from graphmagic.ops.functional import foldl, foldr, map_fn, scan
    from graphmagic.ops.gamma import digamma, lbeta, lgamma, polygamma, zeta
    from graphmagic.ops.gather import boolean_mask, gather, unsorted_segment_sum
    from graphmagic.ops.gather_nd import (
        gather_nd,
        scatter_nd,
        tensor_scatter_add,
        tensor_scatter_sub,
        tensor_scatter_update,
    )
    from graphmagic.ops.identity import bitcast, guarantee_const, identity, identity_n, stop_gradient
    from graphmagic.ops.incomplete import betainc, igamma, igammac
    from graphmagic.ops.initializers import (
        constant_initializer,
        ones_initializer,
        random_normal_initializer,
        random_uniform_initializer,
        truncated_normal_initializer,
        uniform_unit_scaling_initializer,
        zeros_initializer,
    )
    from graphmagic.ops.kinds import convert_to_tensor_or_indexed_slices, is_tensor, verify_tensor_all_finite
    from graphmagic.ops.least_squares import matrix_solve_ls
    from graphmagic.ops.like import ones_like, zeros_like
    from graphmagic.ops.linalg import matmul
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
    from graphmagic.ops.matrices import matrix_transpose
    from graphmagic.ops.matrix_initializers import orthogonal_initializer
    from graphmagic.ops.meshes import meshgrid, sequence_mask
    from graphmagic.ops.monotonic import is_non_decreasing, is_numeric_tensor, is_strictly_increasing
    from graphmagic.ops.no_nan import div_no_nan
    from graphmagic.ops.norms import count_nonzero, norm, reduce_logsumexp
    from graphmagic.ops.numerics import add_check_numerics_ops, check_numerics
    from graphmagic.ops.one_hot import one_hot
    from graphmagic.ops.padding import pad
    from graphmagic.ops.partition import dynamic_partition, dynamic_stitch
    from graphmagic.ops.partitioners import (
        fixed_size_partitioner,
        min_max_variable_partitioner,
        variable_axis_size_partitioner,
    )
    from graphmagic.ops.placeholder import placeholder, placeholder_with_default
    from graphmagic.ops.printing import Print
    from graphmagic.ops.printing import print_ as print
    from graphmagic.ops.py_func import numpy_function, py_func, py_function
    from graphmagic.ops.queries import rank, shape, shape_n, size
    from graphmagic.ops.random import (
        get_seed,
        random_normal,
        random_shuffle,
        random_uniform,
        set_random_seed,
        truncated_normal,
    )
    from graphmagic.ops.random_choice import multinomial, random_crop
    from graphmagic.ops.random_gamma import random_gamma, random_poisson
    from graphmagic.ops.reduce import reduce_all, reduce_any, reduce_mean, reduce_prod, reduce_sum
    from graphmagic.ops.reshaping import expand_dims, reshape, squeeze
    from graphmagic.ops.reversing import reverse, reverse_sequence, roll
    from graphmagic.ops.reversing import reverse as reverse_v2
    from graphmagic.ops.rounding import abs, ceil, floor, is_finite, is_inf, is_nan, rint, round, sign
    from graphmagic.ops.scaling_initializers import (
        glorot_normal_initializer,
        glorot_uniform_initializer,
        variance_scaling_initializer,
    )
    from graphmagic.ops.segments import segment_max, segment_mean, segment_min, segment_prod, segment_sum
    from graphmagic.ops.singular_values import svd
    from graphmagic.ops.slicing import slice
    from graphmagic.ops.solving import cholesky_solve, matrix_inverse, matrix_solve, matrix_triangular_solve
    from graphmagic.ops.space_to_batch import (
        batch_to_space,
        batch_to_space_nd,
        required_space_to_batch_paddings,
        space_to_batch,
        space_to_batch_nd,
    )
    from graphmagic.ops.space_to_depth import depth_to_space, space_to_depth
    from graphmagic.ops.sparse_filling import sparse_fill_empty_rows, sparse_to_indicator
    from graphmagic.ops.sparse_joining import sparse_concat, sparse_split
    from graphmagic.ops.sparse_math import (
        sparse_add,
        sparse_maximum,
        sparse_minimum,
        sparse_tensor_dense_matmul,
    )
    from graphmagic.ops.sparse_rearranging import (
        sparse_mask,
        sparse_reorder,
        sparse_reset_shape,
        sparse_reshape,
        sparse_retain,
        sparse_transpose,
    )
    from graphmagic.ops.sparse_reducing import (
        sparse_reduce_max,
        sparse_reduce_max_sparse,
        sparse_reduce_sum,
        sparse_reduce_sum_sparse,
        sparse_softmax,
    )
    from graphmagic.ops.sparse_segments import sparse_segment_mean, sparse_segment_sqrt_n, sparse_segment_sum
    from graphmagic.ops.sparse_slicing import sparse_slice
    from graphmagic.ops.sparse_values import (
        convert_to_tensor_or_sparse_tensor,
        sparse_placeholder,
        sparse_tensor_to_dense,
        sparse_to_dense,
    )
    from graphmagic.ops.split import split
    from graphmagic.ops.stacking import parallel_stack, stack, unstack
    from graphmagic.ops.state import count_up_to
    from graphmagic.ops.strided import strided_slice
    from graphmagic.ops.string_forms import regex_replace
    from graphmagic.ops.string_joining import reduce_join, string_join, substr
    from graphmagic.ops.string_numbers import (
        as_string,
        string_to_hash_bucket,
        string_to_hash_bucket_fast,
        string_to_hash_bucket_strong,
        string_to_number,
    )
    from graphmagic.ops.string_splitting import string_split
    from graphmagic.ops.tables import tables_initializer
    from graphmagic.ops.tables import tables_initializer as initialize_all_tables
    from graphmagic.ops.template import make_template
    from graphmagic.ops.tensor_array import TensorArray
    from graphmagic.ops.tile import tile
    from graphmagic.ops.transposing import invert_permutation, transpose
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
    from graphmagic.ops.unique import unique, unique_with_counts
    from graphmagic.ops.unravel import timestamp, unravel_index
    from graphmagic.ops.unsorted_segments import (
        unsorted_segment_max,
        unsorted_segment_mean,
        unsorted_segment_min,
        unsorted_segment_prod,
        unsorted_segment_sqrt_n,
    )
    from graphmagic.ops.variable import Variable
    from graphmagic.ops.variable_lists import (
        global_variables,
        global_variables_initializer,
        is_variable_initialized,
        local_variables,
        local_variables_initializer,
        trainable_variables,
        variables_initializer,
    )
    from graphmagic.ops.variable_lists import global_variables_initializer as initialize_all_variables
    from graphmagic.ops.variable_lists import local_variables_initializer as initialize_local_variables
    from graphmagic.ops.variable_lists import variables_initializer as initialize_variables
    from graphmagic.ops.variable_report import (
        all_variables,
        assert_variables_initialized,
        metric_variables,
        model_variables,
        moving_average_variables,
        report_uninitialized_variables,
    )
    from graphmagic.ops.variable_scatter import (
        scatter_add,
        scatter_div,
        scatter_max,
        scatter_min,
        scatter_mul,
        scatter_nd_add,
        scatter_nd_sub,
        scatter_nd_update,
        scatter_sub,
        scatter_update,
    )
    from graphmagic.ops.variable_scope import (
        AUTO_REUSE,
        VariableScope,
        get_local_variable,
        get_variable,
        get_variable_scope,
        no_regularizer,
        variable_op_scope,
        variable_scope,
    )
    from graphmagic.ops.while_loop import while_loop
    from graphmagic.parsing import FixedLenFeature, VarLenFeature, parse_example, parse_single_example
    from graphmagic.protos import AttrValue, GraphDef, NameAttrList, NodeDef, RunMetadata
    from graphmagic.queues import FIFOQueue, PaddingFIFOQueue, PriorityQueue, QueueBase, RandomShuffleQueue
    from graphmagic.readers import (
        FixedLengthRecordReader,
        IdentityReader,
        ReaderBase,
        TextLineReader,
        TFRecordReader,
        WholeFileReader,
    )
    from graphmagic.session import Session
    from graphmagic.session_values import get_default_session
    from graphmagic.shapes import TensorShape
    from graphmagic.summary import Event, HistogramProto, Summary, SummaryMetadata
    from graphmagic.switches import (
        disable_eager_execution,
        disable_resource_variables,
        disable_v2_behavior,
        disable_v2_tensorshape,
        enable_resource_variables,
        executing_eagerly,
    )
    from graphmagic.version import (
        COMPILER_VERSION,
        GIT_VERSION,
        GRAPH_DEF_VERSION,
        GRAPH_DEF_VERSION_MIN_CONSUMER,
        GRAPH_DEF_VERSION_MIN_PRODUCER,
        VERSION,
    )

# fmt: off
__all__ = [  # for type checkers and editors: what is exported; the same names as above
    "AUTO_REUSE", "AggregationMethod", "Assert", "AttrValue", "COMPILER_VERSION", "ConfigProto", "DType",
    "Dimension", "Event", "FIFOQueue", "FixedLenFeature", "FixedLengthRecordReader", "GIT_VERSION",
    "GPUOptions", "GRAPH_DEF_VERSION", "GRAPH_DEF_VERSION_MIN_CONSUMER", "GRAPH_DEF_VERSION_MIN_PRODUCER",
    "Graph", "GraphDef", "GraphKeys", "GraphOptions", "HistogramProto", "IdentityReader", "IndexedSlices",
    "IndexedSlicesValue", "InteractiveSession", "NameAttrList", "NoGradient", "NodeDef", "NotDifferentiable",
    "Operation", "OptimizerOptions", "PaddingFIFOQueue", "Print", "PriorityQueue", "QueueBase",
    "RandomShuffleQueue", "ReaderBase", "RegisterGradient", "RunMetadata", "RunOptions", "Session",
    "SparseTensor", "SparseTensorValue", "Summary", "SummaryMetadata", "TFRecordReader", "Tensor",
    "TensorArray", "TensorShape", "TextLineReader", "UnconnectedGradients", "VERSION", "VarLenFeature",
    "Variable", "VariableAggregation", "VariableScope", "VariableSynchronization", "WholeFileReader", "abs",
    "accumulate_n", "acos", "acosh", "add", "add_check_numerics_ops", "add_n", "add_to_collection",
    "add_to_collections", "all_variables", "arg_max", "arg_min", "argmax", "argmin", "argsort", "as_dtype",
    "as_string", "asin", "asinh", "assert_equal", "assert_greater", "assert_greater_equal", "assert_integer",
    "assert_less", "assert_less_equal", "assert_near", "assert_negative", "assert_non_negative",
    "assert_non_positive", "assert_none_equal", "assert_positive", "assert_proper_iterable", "assert_rank",
    "assert_rank_at_least", "assert_rank_in", "assert_same_float_dtype", "assert_scalar", "assert_type",
    "assert_variables_initialized", "assign", "assign_add", "assign_sub", "atan", "atan2", "atanh",
    "batch_gather", "batch_to_space", "batch_to_space_nd", "betainc", "bincount", "bitcast", "bitwise",
    "bool", "boolean_mask", "broadcast_dynamic_shape", "broadcast_static_shape", "broadcast_to", "case",
    "cast", "ceil", "check_numerics", "cholesky", "cholesky_solve", "clip_by_average_norm",
    "clip_by_global_norm", "clip_by_norm", "clip_by_value", "colocate_with", "complex128", "complex64",
    "concat", "cond", "confusion_matrix", "constant", "constant_initializer", "container",
    "control_dependencies", "convert_to_tensor", "convert_to_tensor_or_indexed_slices",
    "convert_to_tensor_or_sparse_tensor", "cos", "cosh", "count_nonzero", "count_up_to", "cross", "cumprod",
    "cumsum", "custom_gradient", "decode_base64", "decode_compressed", "decode_csv", "decode_raw",
    "depth_to_space", "device", "diag", "diag_part", "digamma", "disable_eager_execution",
    "disable_resource_variables", "disable_v2_behavior", "disable_v2_tensorshape", "div", "div_no_nan",
    "divide", "double", "dynamic_partition", "dynamic_stitch", "edit_distance", "einsum",
    "enable_resource_variables", "encode_base64", "ensure_shape", "equal", "erf", "erfc", "errors",
    "executing_eagerly", "exp", "expand_dims", "expm1", "extract_image_patches", "eye", "fill",
    "fixed_size_partitioner", "float16", "float32", "float64", "floor", "floor_div", "floordiv", "floormod",
    "foldl", "foldr", "gather", "gather_nd", "get_collection", "get_collection_ref", "get_default_graph",
    "get_default_session", "get_local_variable", "get_seed", "get_static_value", "get_variable",
    "get_variable_scope", "global_norm", "global_variables", "global_variables_initializer",
    "glorot_normal_initializer", "glorot_uniform_initializer", "grad_pass_through", "gradients", "graph_util",
    "greater", "greater_equal", "group", "guarantee_const", "half", "hessians", "histogram_fixed_width",
    "histogram_fixed_width_bins", "identity", "identity_n", "igamma", "igammac", "import_graph_def",
    "initialize_all_tables", "initialize_all_variables", "initialize_local_variables", "initialize_variables",
    "initializers", "int16", "int32", "int64", "int8", "invert_permutation", "is_finite", "is_inf", "is_nan",
    "is_non_decreasing", "is_numeric_tensor", "is_strictly_increasing", "is_tensor",
    "is_variable_initialized", "layers", "lbeta", "less", "less_equal", "lgamma", "linalg", "linspace",
    "local_variables", "local_variables_initializer", "log", "log1p", "log_matrix_determinant", "log_sigmoid",
    "logical_and", "logical_not", "logical_or", "logical_xor", "losses", "make_ndarray", "make_template",
    "make_tensor_proto", "manip", "map_fn", "matching_files", "math", "matmul", "matrix_band_part",
    "matrix_determinant", "matrix_diag", "matrix_diag_part", "matrix_inverse", "matrix_set_diag",
    "matrix_solve", "matrix_solve_ls", "matrix_transpose", "matrix_triangular_solve", "maximum", "meshgrid",
    "metric_variables", "metrics", "min_max_variable_partitioner", "minimum", "mod", "model_variables",
    "moving_average_variables", "multinomial", "multiply", "name_scope", "negative", "nest", "newaxis", "nn",
    "no_op", "no_regularizer", "norm", "not_equal", "numpy_function", "one_hot", "ones", "ones_initializer",
    "ones_like", "op_scope", "orthogonal_initializer", "pad", "parallel_stack", "parse_example",
    "parse_single_example", "placeholder", "placeholder_with_default", "polygamma", "pow", "print", "py_func",
    "py_function", "qr", "random", "random_crop", "random_gamma", "random_normal",
    "random_normal_initializer", "random_poisson", "random_shuffle", "random_uniform",
    "random_uniform_initializer", "range", "rank", "read_file", "realdiv", "reciprocal", "reduce_all",
    "reduce_any", "reduce_join", "reduce_logsumexp", "reduce_max", "reduce_mean", "reduce_min", "reduce_prod",
    "reduce_sum", "regex_replace", "register_tensor_conversion_function", "report_uninitialized_variables",
    "required_space_to_batch_paddings", "reset_default_graph", "reshape", "resource", "reverse",
    "reverse_sequence", "reverse_v2", "rint", "roll", "round", "rsqrt", "saturate_cast", "scalar_mul", "scan",
    "scatter_add", "scatter_div", "scatter_max", "scatter_min", "scatter_mul", "scatter_nd", "scatter_nd_add",
    "scatter_nd_sub", "scatter_nd_update", "scatter_sub", "scatter_update", "searchsorted", "segment_max",
    "segment_mean", "segment_min", "segment_prod", "segment_sum", "self_adjoint_eig", "self_adjoint_eigvals",
    "sequence_mask", "set_random_seed", "setdiff1d", "sets", "shape", "shape_n", "sigmoid", "sign", "sin",
    "sinh", "size", "slice", "sort", "space_to_batch", "space_to_batch_nd", "space_to_depth", "sparse",
    "sparse_add", "sparse_concat", "sparse_fill_empty_rows", "sparse_mask", "sparse_maximum",
    "sparse_minimum", "sparse_placeholder", "sparse_reduce_max", "sparse_reduce_max_sparse",
    "sparse_reduce_sum", "sparse_reduce_sum_sparse", "sparse_reorder", "sparse_reset_shape", "sparse_reshape",
    "sparse_retain", "sparse_segment_mean", "sparse_segment_sqrt_n", "sparse_segment_sum", "sparse_slice",
    "sparse_softmax", "sparse_split", "sparse_tensor_dense_matmul", "sparse_tensor_to_dense",
    "sparse_to_dense", "sparse_to_indicator", "sparse_transpose", "split", "sqrt", "square",
    "squared_difference", "squeeze", "stack", "stop_gradient", "strided_slice", "string", "string_join",
    "string_split", "string_to_hash_bucket", "string_to_hash_bucket_fast", "string_to_hash_bucket_strong",
    "string_to_number", "strings", "substr", "subtract", "svd", "tables_initializer", "tan", "tanh",
    "tensor_scatter_add", "tensor_scatter_sub", "tensor_scatter_update", "tensordot", "tile", "timestamp",
    "to_double", "to_float", "to_int32", "to_int64", "trace", "train", "trainable_variables", "transpose",
    "truediv", "truncated_normal", "truncated_normal_initializer", "truncatediv", "truncatemod", "tuple",
    "uint16", "uint32", "uint64", "uint8", "uniform_unit_scaling_initializer", "unique", "unique_with_counts",
    "unravel_index", "unsorted_segment_max", "unsorted_segment_mean", "unsorted_segment_min",
    "unsorted_segment_prod", "unsorted_segment_sqrt_n", "unsorted_segment_sum", "unstack",
    "variable_axis_size_partitioner", "variable_op_scope", "variable_scope", "variables_initializer",
    "variance_scaling_initializer", "variant", "verify_tensor_all_finite", "where", "while_loop",
    "write_file", "zeros", "zeros_initializer", "zeros_like", "zeta",
]
# fmt: on

__version__ = "0.1.0"
newaxis = None


def __getattr__(name: str) -> _Any:
    """The parts that are loaded when they are first used; what graphmagic lacks says so."""
    from graphmagic.lazy import find

    return find(name)


def __dir__() -> list[str]:
    from graphmagic.lazy import names

    return names()


def load_ipython_extension(ip: _Any) -> None:
    """Set up the magics: what ``%load_ext graphmagic`` calls."""
    from graphmagic import notebook

    notebook.load(ip)


def unload_ipython_extension(ip: _Any) -> None:
    """Take the magics back: what ``%unload_ext graphmagic`` calls."""
    from graphmagic import notebook

    notebook.unload(ip)
