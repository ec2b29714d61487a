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

from typing import Any

from graphmagic import errors, nn, train
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
    string,
    uint8,
    uint16,
    uint32,
    uint64,
)
from graphmagic.gradients import gradients
from graphmagic.graph.composite import IndexedSlices, IndexedSlicesValue
from graphmagic.graph.convert import convert_to_tensor, register_tensor_conversion_function
from graphmagic.graph.default import (
    add_to_collection,
    add_to_collections,
    control_dependencies,
    device,
    get_collection,
    get_collection_ref,
    name_scope,
)
from graphmagic.graph.graph import Graph, GraphKeys, get_default_graph, reset_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops import overloads as _overloads
from graphmagic.ops.array import (
    expand_dims,
    identity,
    invert_permutation,
    ones_like,
    rank,
    reshape,
    shape,
    size,
    squeeze,
    stop_gradient,
    transpose,
    where,
    zeros_like,
)
from graphmagic.ops.broadcast import broadcast_to
from graphmagic.ops.constant import constant
from graphmagic.ops.control import group, no_op
from graphmagic.ops.control import tuple_ as tuple
from graphmagic.ops.elementary import cos, log1p, sin
from graphmagic.ops.fill import fill, linspace, ones, range, zeros
from graphmagic.ops.gather import boolean_mask, gather, one_hot, unsorted_segment_sum
from graphmagic.ops.join import concat, split, stack, tile, unstack
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
from graphmagic.ops.math import (
    abs,
    add,
    add_n,
    cast,
    div,
    divide,
    exp,
    floor_div,
    floordiv,
    floormod,
    log,
    maximum,
    minimum,
    multiply,
    negative,
    pow,
    reciprocal,
    sigmoid,
    sign,
    sqrt,
    square,
    squared_difference,
    subtract,
    tanh,
    to_double,
    to_float,
    to_int32,
    to_int64,
    truediv,
)
from graphmagic.ops.math import floormod as mod
from graphmagic.ops.placeholder import placeholder, placeholder_with_default
from graphmagic.ops.random import (
    random_normal,
    random_shuffle,
    random_uniform,
    set_random_seed,
    truncated_normal,
)
from graphmagic.ops.reduce import (
    argmax,
    argmin,
    reduce_all,
    reduce_any,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
)
from graphmagic.ops.slicing import slice, strided_slice
from graphmagic.ops.variable import (
    Variable,
    assign,
    assign_add,
    assign_sub,
    global_variables,
    global_variables_initializer,
    is_variable_initialized,
    local_variables,
    local_variables_initializer,
    trainable_variables,
    variables_initializer,
)
from graphmagic.ops.variable import global_variables as all_variables
from graphmagic.ops.variable import global_variables_initializer as initialize_all_variables
from graphmagic.ops.variable import local_variables_initializer as initialize_local_variables
from graphmagic.ops.variable import variables_initializer as initialize_variables
from graphmagic.session import InteractiveSession, Session, get_default_session
from graphmagic.shapes import Dimension, TensorShape

__version__ = "0.1.0"
newaxis = None
arg_max, arg_min = argmax, argmin


def load_ipython_extension(ip: Any) -> None:
    """Set up the magics: what ``%load_ext graphmagic`` calls."""
    from graphmagic import notebook

    notebook.load(ip)


def unload_ipython_extension(ip: Any) -> None:
    """Take the magics back: what ``%unload_ext graphmagic`` calls."""
    from graphmagic import notebook

    notebook.unload(ip)
