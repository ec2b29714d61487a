"""The operations that write and read checkpoints."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.dtypes import DType
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.shapes import TensorShape
from graphmagic.train.checkpoint_file import CheckpointReader, write_checkpoint

__all__ = ["restore_op", "save_op"]

save_op = OpDef(
    "SaveV2",
    "prefix:string, tensor_names:string, shape_and_slices:string, tensors:[dtypes]",
    stateful=True,
    differentiable=False,
)
restore_op = OpDef(
    "RestoreV2",
    "prefix:string, tensor_names:string, shape_and_slices:string -> tensors:[dtypes]",
    stateful=True,
    differentiable=False,
)


def _names(tensor_names: Any) -> list[str]:
    return [name.decode() for name in np.ravel(tensor_names)]


def _path(prefix: Any) -> str:
    value: Any = np.asarray(prefix, object)[()]
    return os.fsdecode(value)


def _word(dtype: DType) -> str:
    """What TensorFlow's kernels call a type: ``float``, ``int32`` ..."""
    return dtype.proto_name.removeprefix("DT_").lower()


def _check_whole(shape_and_slices: Any) -> None:
    if any(np.ravel(shape_and_slices)):
        raise errors.UnimplementedError(
            None, None, "graphmagic saves and restores whole tensors, not slices of them"
        )


@save_op.kernel
def save_kernel(prefix: Any, tensor_names: Any, shape_and_slices: Any, tensors: list[Any]) -> tuple[()]:
    _check_whole(shape_and_slices)
    path = _path(prefix)
    if not os.path.isdir(os.path.dirname(path) or "."):
        raise errors.NotFoundError(None, None, f"{path}; No such file or directory")
    try:
        write_checkpoint(path, dict(zip(_names(tensor_names), tensors, strict=True)))
    except OSError as error:
        raise errors.UnknownError(None, None, f"{path}; {error}") from error
    return ()


@restore_op.kernel
def restore_kernel(prefix: Any, tensor_names: Any, shape_and_slices: Any, *, op: Operation) -> list[Any]:
    """All tensors, or an error: so nothing is assigned where one of them cannot be read."""
    _check_whole(shape_and_slices)
    names = _names(tensor_names)
    reader = CheckpointReader(_path(prefix))
    found = reader.get_variable_to_dtype_map()
    for name, tensor in zip(names, op.outputs, strict=True):
        wanted = tensor.dtype.base_dtype
        if name in found and found[name] is not wanted:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"tensor_name = {name}; expected dtype {_word(wanted)} does not equal original dtype "
                f"{_word(found[name])}",
            )
    return reader.get_tensors(names)


@restore_op.shape_rule
def restore_shape(
    prefix: Tensor, tensor_names: Tensor, shape_and_slices: Tensor, *, op: Operation
) -> list[TensorShape]:
    return [TensorShape(None) for _ in op.outputs]
