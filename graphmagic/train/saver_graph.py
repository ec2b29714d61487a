"""The operations of a saver, and what is checked before they run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arguments import sizes_text
from graphmagic.ops.assigning import assign
from graphmagic.ops.control import group, with_dependencies
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.variable import Variable
from graphmagic.train.checkpoint_file import CheckpointReader
from graphmagic.train.save_ops import restore_op, save_op

__all__ = ["add_restore", "add_save", "all_variables", "check_shapes", "storage_by_name"]


def all_variables() -> list[Any]:
    """What a saver saves by default."""
    graph = get_default_graph()
    return graph.get_collection(GraphKeys.GLOBAL_VARIABLES) + graph.get_collection(GraphKeys.SAVEABLE_OBJECTS)


def storage_by_name(var_list: Any) -> dict[str, Tensor]:
    """The storage of variables, by the names they have in a checkpoint."""
    if isinstance(var_list, Mapping):
        named = [(name, var) for name, var in var_list.items()]
    else:
        named = [(_storage(var).op.name, var) for var in dict.fromkeys(var_list)]
    found: dict[str, Tensor] = {}
    for name, var in named:
        if name in found:
            raise ValueError(f"At least two variables have the same name: {name}")
        found[name] = _storage(var)
    if len(set(found.values())) < len(found):
        repeated = [name for name, ref in found.items() if list(found.values()).count(ref) > 1]
        raise ValueError(f"The same saveable will be restored with two names: {', '.join(repeated)}")
    return dict(sorted(found.items()))


def _storage(var: Any) -> Tensor:
    tensor = var._as_graph_element() if isinstance(var, Variable) else var
    if not isinstance(tensor, Tensor) or not tensor.dtype.is_ref_dtype:
        raise TypeError(f"Variable to save is not a Variable: {var}")
    return tensor


def _strings(values: Sequence[str]) -> Any:
    return np.array([value.encode() for value in values], object)


def add_save(path: Tensor, variables: Mapping[str, Tensor]) -> Tensor:
    """The operations that save; a tensor with the path that is there once it is done."""
    names, slices = _strings(list(variables)), _strings([""] * len(variables))
    saved = apply_op(save_op, path, names, slices, list(variables.values()))
    result: Tensor = with_dependencies([saved], path)
    return result


def add_restore(path: Tensor, variables: Mapping[str, Tensor], reshaped: bool) -> Operation:
    """The operations that restore."""
    types = [ref.dtype.base_dtype for ref in variables.values()]
    names, slices = _strings(list(variables)), _strings([""] * len(variables))
    values = apply_op(restore_op, path, names, slices, dtypes=types).outputs
    assigned = []
    for ref, value in zip(variables.values(), values, strict=True):
        new = (
            reshape(value, ref.shape.as_list() if ref.shape.is_fully_defined() else shape(ref))
            if reshaped
            else value
        )
        assigned.append(assign(ref, new, validate_shape=ref.shape.is_fully_defined()).op)
    return group(*assigned, name="restore_all")


def check_shapes(restore_all: Operation, prefix: str) -> None:
    """Find variables of another shape before any is assigned."""
    shapes = CheckpointReader(prefix).get_variable_to_shape_map()
    for op in restore_all.control_inputs:
        if op.type != "Assign" or op.inputs[1].op.type != "RestoreV2" or not op.attrs["validate_shape"]:
            continue
        source = op.inputs[1]
        names = static_value(source.op.inputs[1])
        found = None if names is None else shapes.get(names[source.value_index].decode())
        declared = op.inputs[0].shape
        if found is not None and not declared.is_compatible_with(found):
            raise errors.InvalidArgumentError(
                op.node_def,
                op,
                "Assign requires shapes of both tensors to match. "
                f"lhs shape= {declared.bracketed()} rhs shape= {sizes_text(found)}\n\t [[{{{{node {op.name}}}}}]]",
            )
