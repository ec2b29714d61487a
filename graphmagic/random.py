"""Random numbers (TensorFlow's ``tf.random``)."""

from graphmagic.names import namespace as _namespace
from graphmagic.ops.random import get_seed, set_random_seed, truncated_normal
from graphmagic.ops.random import random_normal as normal
from graphmagic.ops.random import random_shuffle as shuffle
from graphmagic.ops.random import random_uniform as uniform
from graphmagic.ops.random_choice import categorical, multinomial
from graphmagic.ops.random_stateless import (
    stateless_categorical,
    stateless_multinomial,
    stateless_truncated_normal,
)
from graphmagic.ops.random_stateless import stateless_random_normal as stateless_normal
from graphmagic.ops.random_stateless import stateless_random_uniform as stateless_uniform

__all__ = [
    "categorical",
    "get_seed",
    "multinomial",
    "normal",
    "set_random_seed",
    "shuffle",
    "stateless_categorical",
    "stateless_multinomial",
    "stateless_normal",
    "stateless_truncated_normal",
    "stateless_uniform",
    "truncated_normal",
    "uniform",
]

__getattr__, __dir__ = _namespace(__name__)
