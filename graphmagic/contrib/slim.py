"""The layers of ``tf.contrib.layers`` under short names, with what belongs to them (``tf.contrib.slim``)."""

from graphmagic import losses
from graphmagic.contrib import layers
from graphmagic.contrib.layers import (
    avg_pool2d,
    batch_norm,
    conv2d,
    conv2d_transpose,
    convolution2d,
    dropout,
    flatten,
    fully_connected,
    l1_regularizer,
    l2_regularizer,
    max_pool2d,
    one_hot_encoding,
    repeat,
    softmax,
    stack,
    variance_scaling_initializer,
    xavier_initializer,
)
from graphmagic.contrib.scoping import add_arg_scope, arg_scope, current_arg_scope, has_arg_scope
from graphmagic.names import namespace as _namespace
from graphmagic.ops.variable_lists import global_variables as get_variables
from graphmagic.ops.variable_report import model_variables as get_model_variables
from graphmagic.ops.variable_scope import get_variable as model_variable
from graphmagic.ops.variable_scope import get_variable as variable
from graphmagic.train.global_step import (
    create_global_step,
    get_global_step,
    get_or_create_global_step,
)

__all__ = [
    "add_arg_scope",
    "arg_scope",
    "avg_pool2d",
    "batch_norm",
    "conv2d",
    "conv2d_transpose",
    "create_global_step",
    "current_arg_scope",
    "dropout",
    "flatten",
    "fully_connected",
    "get_global_step",
    "get_model_variables",
    "get_or_create_global_step",
    "get_variables",
    "has_arg_scope",
    "convolution2d",
    "l1_regularizer",
    "l2_regularizer",
    "layers",
    "losses",
    "max_pool2d",
    "model_variable",
    "one_hot_encoding",
    "repeat",
    "softmax",
    "stack",
    "variable",
    "variance_scaling_initializer",
    "xavier_initializer",
]

__getattr__, __dir__ = _namespace(__name__)
