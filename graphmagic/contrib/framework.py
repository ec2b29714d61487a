"""Old homes of names that are in ``tf`` and ``tf.train`` now (``tf.contrib.framework``)."""

from graphmagic.contrib.scoping import add_arg_scope, arg_scope, current_arg_scope, has_arg_scope
from graphmagic.names import namespace as _namespace
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
    "add_arg_scope",
    "arg_scope",
    "current_arg_scope",
    "has_arg_scope",
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

__getattr__, __dir__ = _namespace(__name__)
