"""Files as tensors: `tf.read_file`, `tf.write_file`, `tf.matching_files`, and what was packed: `tf.decode_compressed`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.compression import KINDS, unpacked
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.broadcast import same_shape
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.text import byte_strings, each, string_array
from graphmagic.shapes import TensorShape

__all__ = ["decode_compressed", "matching_files", "read_file", "write_file"]

read_op = OpDef("ReadFile", "filename:string -> contents:string", stateful=True, differentiable=False)
write_op = OpDef("WriteFile", "filename:string, contents:string", stateful=True, differentiable=False)
matching_op = OpDef(
    "MatchingFiles", "pattern:string -> filenames:string", stateful=True, differentiable=False
)
unpacking_op = OpDef("DecodeCompressed", "bytes:string -> output:string", differentiable=False)
unpacking_op.shape_rule(same_shape)


@read_op.shape_rule
def read_shape(filename: Tensor) -> TensorShape:
    return of_rank(filename.shape, 0)


@write_op.shape_rule
def write_shape(filename: Tensor, contents: Tensor) -> list[TensorShape]:
    of_rank(filename.shape, 0)
    of_rank(contents.shape, 0)
    return []


@matching_op.shape_rule
def matching_shape(pattern: Tensor) -> TensorShape:
    if pattern.shape.ndims is not None and pattern.shape.ndims > 1:
        raise ValueError(f"Shape must be at most rank 1 but is rank {pattern.shape.ndims}")
    return TensorShape([None])


def _one(what: str, value: Any) -> bytes:
    """The only string of what must be a scalar."""
    if np.ndim(value):
        raise invalid(f"{what} tensor must be scalar, but had shape: {shape_text(value)}")
    return byte_strings(value)[0]


def _content(name: bytes) -> bytes:
    try:
        return Path(name.decode()).read_bytes()
    except FileNotFoundError:
        raise errors.NotFoundError(None, None, f"{name.decode()}; No such file or directory") from None


@read_op.kernel
def read_kernel(name: Any) -> Any:
    return string_array([_content(_one("Input filename", name))], ())


@write_op.kernel
def write_kernel(name: Any, contents: Any) -> None:
    path, text = Path(_one("Input filename", name).decode()), _one("Contents", contents)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


@matching_op.kernel
def matching_kernel(pattern: Any) -> Any:
    from graphmagic import gfile

    found = gfile.Glob([text.decode() for text in byte_strings(np.asarray(pattern, object))])
    return string_array([path.encode() for path in found], (len(found),))


@unpacking_op.kernel
def unpacking_kernel(data: Any, *, compression_type: str) -> Any:
    if compression_type not in KINDS:
        raise invalid("Only ZLIB, GZIP or NONE are supported compressions")
    return each(lambda text: unpacked(text, compression_type), data)


def read_file(filename: Any, name: str | None = None) -> Tensor:
    """The content of a file, as a string."""
    return apply_op(read_op, filename, name=name).outputs[0]


def write_file(filename: Any, contents: Any, name: str | None = None) -> Operation:
    """An operation that writes a string to a file."""
    return apply_op(write_op, filename, contents, name=name)


def matching_files(pattern: Any, name: str | None = None) -> Tensor:
    """The paths that fit a pattern, in order."""
    return apply_op(matching_op, pattern, name=name).outputs[0]


def decode_compressed(bytes: Any, compression_type: str = "", name: str | None = None) -> Tensor:
    """What was packed into strings.

    Args:
        bytes: a string tensor.
        compression_type: "GZIP", "ZLIB", or "" for strings that are not packed.
        name: the operation's name.

    Returns:
        A `Tensor` of strings.

    Raises:
        InvalidArgumentError: at run time, if there is no such compression.
        DataLossError: at run time, if a string was not packed so.

    >>> import zlib
    >>> import graphmagic as tf
    >>> tf.Session().run(tf.decode_compressed(zlib.compress(b"graph"), "ZLIB"))
    b'graph'
    """
    return apply_op(unpacking_op, bytes, name=name, compression_type=compression_type).outputs[0]
