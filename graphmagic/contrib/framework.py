"""Old homes of names that are in ``tf`` and ``tf.train`` now (``tf.contrib.framework``)."""

from graphmagic.nest import flatten, pack_sequence_as
from graphmagic.train import (
    assert_global_step,
    create_global_step,
    get_global_step,
    get_or_create_global_step,
    list_variables,
    load_checkpoint,
    load_variable,
)

__all__ = [
    "assert_global_step",
    "create_global_step",
    "flatten",
    "get_global_step",
    "get_or_create_global_step",
    "list_variables",
    "load_checkpoint",
    "load_variable",
    "pack_sequence_as",
]
