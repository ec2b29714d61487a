"""Data sets of files: lines of text, records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from graphmagic import errors
from graphmagic.compression import checked_compression, reading, unpacked
from graphmagic.data.dataset import Dataset
from graphmagic.data.sources import generator_op
from graphmagic.dtypes import string
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Tensor
from graphmagic.ops.text import byte_strings
from graphmagic.python_io import tf_record_iterator
from graphmagic.shapes import TensorShape

__all__ = ["FixedLengthRecordDataset", "TFRecordDataset", "TextLineDataset"]

Read = Callable[[str], Iterator[bytes]]


class _FileDataset(Dataset):
    """Strings from files, one file after the other."""

    def __init__(self, filenames: Any, read: Read) -> None:
        names = (
            None if isinstance(filenames, Dataset) else convert_to_tensor(filenames, string, name="filenames")
        )

        def elements(found: Any) -> Iterator[tuple[Any, ...]]:
            for name in byte_strings(found):
                try:
                    yield from ((item,) for item in read(name.decode()))
                except FileNotFoundError:
                    raise errors.NotFoundError(
                        None, None, f"{name.decode()}; No such file or directory"
                    ) from None

        def contents(one_or_more: Tensor, **attrs: Any) -> Tensor:
            return apply_op(generator_op, [one_or_more], function=elements, **attrs).outputs[0]

        def build(**attrs: Any) -> Tensor:
            if names is not None:
                return contents(names, **attrs)
            each = filenames.flat_map(lambda name: Dataset(partial(contents, name), string, TensorShape([])))
            return each.variant()  # type: ignore[no-any-return]

        super().__init__(build, string, TensorShape([]))


def _lines(path: str, packed: str) -> Iterator[bytes]:
    with reading(path, packed) as file:
        for line in file:
            yield line.rstrip(b"\n").removesuffix(b"\r")


class TextLineDataset(_FileDataset):
    """The lines of text files, without their ends.

    Args:
        filenames: a path, or several, or a data set of paths.
        compression_type: "GZIP" or "ZLIB", if the files are packed.
        buffer_size: accepted for old programs.
        num_parallel_reads: accepted for old programs.
    """

    def __init__(
        self,
        filenames: Any,
        compression_type: Any = None,
        buffer_size: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        super().__init__(filenames, partial(_lines, packed=checked_compression(compression_type)))


class TFRecordDataset(_FileDataset):
    """The records of TFRecord files.

    Args:
        filenames: a path, or several, or a data set of paths.
        compression_type: "GZIP" or "ZLIB", if the files are packed.
        buffer_size: accepted for old programs.
        num_parallel_reads: accepted for old programs.
    """

    def __init__(
        self,
        filenames: Any,
        compression_type: Any = None,
        buffer_size: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        super().__init__(
            filenames, partial(tf_record_iterator, options=checked_compression(compression_type))
        )


class FixedLengthRecordDataset(_FileDataset):
    """Records of a fixed number of bytes.

    Args:
        filenames: a path, or several, or a data set of paths.
        record_bytes: how long each is.
        header_bytes: how much to skip at the beginning of each file.
        footer_bytes: how much to leave out at the end.
        buffer_size: accepted for old programs.
        compression_type: "GZIP" or "ZLIB", if the files are packed.
        num_parallel_reads: accepted for old programs.
    """

    def __init__(
        self,
        filenames: Any,
        record_bytes: int,
        header_bytes: int | None = None,
        footer_bytes: int | None = None,
        buffer_size: Any = None,
        compression_type: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        packed = checked_compression(compression_type)

        def records(path: str) -> Iterator[bytes]:
            head, foot = header_bytes or 0, footer_bytes or 0
            data = unpacked(Path(path).read_bytes(), packed)
            data = data[head : len(data) - foot]
            if len(data) % record_bytes:
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f'Excluding the header ({head} bytes) and footer ({foot} bytes), input file "{path}" has body length '
                    f"{len(data)} bytes, which is not an exact multiple of the record length ({record_bytes} bytes).",
                )
            for start in range(0, len(data), record_bytes):
                yield data[start : start + record_bytes]

        super().__init__(filenames, records)
