"""What variables start from (TensorFlow's ``tf.initializers``)."""

from graphmagic.names import namespace as _namespace
from graphmagic.ops.initializers import Initializer
from graphmagic.ops.initializers import constant_initializer as constant
from graphmagic.ops.initializers import ones_initializer as ones
from graphmagic.ops.initializers import random_normal_initializer as random_normal
from graphmagic.ops.initializers import random_uniform_initializer as random_uniform
from graphmagic.ops.initializers import truncated_normal_initializer as truncated_normal
from graphmagic.ops.initializers import uniform_unit_scaling_initializer as uniform_unit_scaling
from graphmagic.ops.initializers import zeros_initializer as zeros
from graphmagic.ops.matrix_initializers import identity_initializer as identity
from graphmagic.ops.matrix_initializers import orthogonal_initializer as orthogonal
from graphmagic.ops.scaling_initializers import glorot_normal_initializer as glorot_normal
from graphmagic.ops.scaling_initializers import glorot_uniform_initializer as glorot_uniform
from graphmagic.ops.scaling_initializers import he_normal, he_uniform, lecun_normal, lecun_uniform
from graphmagic.ops.scaling_initializers import variance_scaling_initializer as variance_scaling
from graphmagic.ops.variable_lists import global_variables_initializer as global_variables
from graphmagic.ops.variable_lists import local_variables_initializer as local_variables
from graphmagic.ops.variable_lists import variables_initializer as variables

__all__ = [
    # values
    "Initializer",
    "zeros",
    "ones",
    "constant",
    # chance
    "random_uniform",
    "random_normal",
    "truncated_normal",
    "uniform_unit_scaling",
    "variance_scaling",
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
    # matrices
    "orthogonal",
    "identity",
    # operations that initialize
    "global_variables",
    "local_variables",
    "variables",
]

__getattr__, __dir__ = _namespace(__name__)
