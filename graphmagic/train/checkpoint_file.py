"""The files of a checkpoint: named arrays that are written whole or not at all, and read with their checksums verified.

A checkpoint with the prefix ``m`` is

- ``m.data-00000-of-00001``: a ZIP archive without compression, one ``<name>.npy`` (NumPy's own format) per tensor.
  So it is what ``numpy.savez`` writes, and ``numpy.load`` reads it.  A tensor of strings is the lengths of the strings
  in bytes, with the bytes themselves in ``<name>.bin``.
- ``m.index``: a JSON object ``{"format": "graphmagic checkpoint", "version": 1, "tensors": {name: {"dtype", "shape",
  "crc32"}}}``; ``crc32`` is that of the archive's member, so data and index of different checkpoints do not pass.

Nothing in them is code: no pickles are written or read.
"""

from __future__ import annotations

import json
import os
import secrets
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np

from graphmagic import errors
from graphmagic.dtypes import DType, as_dtype
from graphmagic.train.tensor_bundle import TensorBundle, is_bundle

__all__ = ["CheckpointReader", "atomic_write", "checkpoint_files", "write_checkpoint"]

FORMAT = "graphmagic checkpoint"
VERSION = 1
_YEAR_0 = (1980, 1, 1, 0, 0, 0)  # the same arrays make the same bytes


def checkpoint_files(prefix: str) -> tuple[str, str]:
    """The names of the data file and the index of a checkpoint.

    >>> checkpoint_files("m")
    ('m.data-00000-of-00001', 'm.index')
    """
    return f"{prefix}.data-00000-of-00001", f"{prefix}.index"


@contextmanager
def atomic_write(path: str) -> Iterator[BinaryIO]:
    """A file to write to that replaces `path` at the end of the block, and leaves no trace if the block fails."""
    temporary = f"{path}.tmp-{secrets.token_hex(8)}"
    try:
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise


def write_checkpoint(prefix: str, tensors: Mapping[str, Any]) -> None:
    """Write a checkpoint.

    Args:
        prefix: the path without what the file names end in.
        tensors: arrays by name.

    Raises:
        OSError: the files cannot be written; an older checkpoint of that name is then still there.
    """
    data_path, index_path = checkpoint_files(prefix)
    entries = {}
    with (
        atomic_write(data_path) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive,
    ):
        for name, value in tensors.items():
            entries[name] = _write_tensor(archive, name, np.asarray(value))
    index = {"format": FORMAT, "version": VERSION, "tensors": entries}
    with atomic_write(index_path) as file:
        file.write(json.dumps(index, indent=1).encode())


def _write_tensor(archive: zipfile.ZipFile, name: str, array: Any) -> dict[str, Any]:
    shape = list(array.shape)
    if array.dtype == object:
        items = [s if isinstance(s, bytes) else str(s).encode() for s in array.ravel()]
        lengths = np.array([len(s) for s in items], np.int64).reshape(array.shape)
        _write_array(archive, f"{name}.npy", lengths)
        crc = _write_member(archive, f"{name}.bin", b"".join(items))
        return {"dtype": "string", "shape": shape, "crc32": crc}
    crc = _write_array(archive, f"{name}.npy", array)
    return {"dtype": array.dtype.name, "shape": shape, "crc32": crc}


def _write_array(archive: zipfile.ZipFile, member: str, array: Any) -> int:
    info = zipfile.ZipInfo(member, _YEAR_0)
    with archive.open(info, "w", force_zip64=True) as file:
        np.lib.format.write_array(file, np.asarray(array, order="C"), allow_pickle=False)
    return info.CRC


def _write_member(archive: zipfile.ZipFile, member: str, content: bytes) -> int:
    info = zipfile.ZipInfo(member, _YEAR_0)
    archive.writestr(info, content)
    return info.CRC


class CheckpointReader:
    """Reads a checkpoint, TensorFlow's too; opening it reads only the index.

    Args:
        filepattern: the path without what the file names end in.

    Raises:
        NotFoundError: there is no such checkpoint.
        DataLossError: the index is damaged.

    >>> import os, tempfile
    >>> prefix = os.path.join(tempfile.mkdtemp(), "m")
    >>> write_checkpoint(prefix, {"v": np.float32([1, 2])})
    >>> reader = CheckpointReader(prefix)
    >>> reader.get_variable_to_shape_map(), reader.get_tensor("v")
    ({'v': [2]}, array([1., 2.], dtype=float32))
    """

    def __init__(self, filepattern: str) -> None:
        self._prefix = os.fspath(filepattern)
        self._data_path, self._index_path = checkpoint_files(self._prefix)
        self._bundle: TensorBundle | None = None  # what TensorFlow has written
        if not os.path.exists(self._index_path):
            raise errors.NotFoundError(
                None,
                None,
                f"Unsuccessful TensorSliceReader constructor: Failed to find any matching files for {filepattern}",
            )
        self._tensors: dict[str, tuple[DType, list[int], int]] = self._read_index()

    def _read_index(self) -> dict[str, tuple[DType, list[int], int]]:
        try:
            with open(self._index_path, "rb") as file:
                content = file.read()
            if is_bundle(content):
                self._bundle = TensorBundle(self._prefix, content)
                return {name: (e.dtype, e.shape, e.checksum) for name, e in self._bundle.entries.items()}
            index = json.loads(content)
            if index["format"] != FORMAT:
                raise ValueError(f"its format is {index['format']!r}, not {FORMAT!r}")
            if index["version"] > VERSION:
                raise ValueError(f"version {index['version']} was written by a newer graphmagic")
            return {
                name: (as_dtype(t["dtype"]), [int(d) for d in t["shape"]], int(t["crc32"]))
                for name, t in index["tensors"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            raise _data_loss(f"Unable to read the checkpoint index {self._index_path}: {error}") from None

    def has_tensor(self, name: str) -> bool:
        """Whether the checkpoint holds a tensor of that name."""
        return name in self._tensors

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """The shapes by name."""
        return {name: list(shape) for name, (_, shape, _) in self._tensors.items()}

    def get_variable_to_dtype_map(self) -> dict[str, DType]:
        """The types by name."""
        return {name: dtype for name, (dtype, _, _) in self._tensors.items()}

    def debug_string(self) -> str:
        """One line per tensor: name, type and shape."""
        return "".join(
            f"{name} ({dtype.proto_name}) {shape}\n" for name, (dtype, shape, _) in self._tensors.items()
        )

    def get_tensor(self, name: str) -> Any:
        """One array.

        Raises:
            NotFoundError: there is none of that name.
            DataLossError: the data file is damaged, or belongs to another index.
        """
        return self.get_tensors([name])[0]

    def get_tensors(self, names: Sequence[str]) -> list[Any]:
        """Several arrays; errors as `get_tensor`."""
        for name in names:
            if name not in self._tensors:
                raise errors.NotFoundError(None, None, f"Key {name} not found in checkpoint")
        try:
            if self._bundle is not None:
                return self._bundle.tensors(names)
            with zipfile.ZipFile(self._data_path) as archive:
                return [self._read_tensor(archive, name) for name in names]
        except errors.OpError:
            raise
        except (OSError, ValueError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile) as error:
            raise _data_loss(f"Unable to read the checkpoint data {self._data_path}: {error}") from None

    def _read_tensor(self, archive: zipfile.ZipFile, name: str) -> Any:
        dtype, shape, crc = self._tensors[name]
        is_text = dtype.name == "string"
        stored = archive.getinfo(f"{name}.bin" if is_text else f"{name}.npy").CRC
        if stored != crc:
            raise _data_loss(
                f"Checksum does not match for tensor {name} in {self._data_path}: stored {crc} vs. found {stored}; "
                "data and index are of different checkpoints"
            )
        with archive.open(f"{name}.npy") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
            file.read()  # to the end, where the checksum is verified
        if is_text:
            array = _strings(array, archive.read(f"{name}.bin"))
        if list(array.shape) != shape or (not is_text and array.dtype != dtype.numpy):
            raise _data_loss(f"Tensor {name} in {self._data_path} is not what the index says")
        return array


def _strings(lengths: Any, content: bytes) -> Any:
    ends = np.cumsum(lengths.ravel())
    result = np.empty(lengths.size, object)
    result[:] = [content[end - size : end] for size, end in zip(lengths.ravel(), ends, strict=True)]
    return result.reshape(lengths.shape)


def _data_loss(message: str) -> errors.DataLossError:
    return errors.DataLossError(None, None, message)
