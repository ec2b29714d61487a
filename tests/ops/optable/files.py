"""Files and readers: the files are in a folder that exists as long as the process."""

from __future__ import annotations

import atexit
import gzip
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from optable.case import Build, Case, Mistake
from optable.data import floats, strings

FOLDER = TemporaryDirectory(prefix="optable")
atexit.register(FOLDER.cleanup)
# two records, b"one" and b"", as TensorFlow writes them
RECORDS = bytes.fromhex("0300000000000000b099490e6f6e6501405508000000000000000029039807d8ea82a2")
DAMAGED = RECORDS[:13] + b"!" + RECORDS[14:]
MISSING = "no/such/file"


def file(name: str, content: bytes = b"") -> str:
    """The path of a file with this content."""
    place = Path(FOLDER.name) / name
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(content)
    return str(place)


def _then(tf: Any, ops: list[Any], make: Any) -> Any:
    with tf.control_dependencies(ops):
        return make()


def _read(tf: Any, content: bytes) -> Any:
    return tf.read_file(file("read", content))


def _written(tf: Any, content: Any) -> Any:
    place = str(Path(FOLDER.name) / "written")
    return _then(tf, [tf.write_file(place, content)], lambda: tf.read_file(place))


def _found(tf: Any, *patterns: str) -> Any:
    """The names of the files that fit, without their folder."""
    for name in ("b1", "a1", "a2"):
        file(f"many/{name}")
    places = [str(Path(FOLDER.name) / "many" / pattern) for pattern in patterns]
    found = tf.matching_files(places if len(places) > 1 else places[0])
    return tf.regex_replace(found, r".*[/\\]", "")


def unpacked(kind: str) -> Build:
    """Strings that are packed one way or another, as they were."""
    return lambda tf, texts: tf.decode_compressed(texts, kind)


TEXT = b"the same text again, the same text again"
FILE_CASES = [
    Case("ReadFile", "bytes", lambda tf: _read(tf, b"some\r\nbytes\x00\xff")),
    Case("ReadFile", "empty", lambda tf: _read(tf, b"")),
    Case("WriteFile", "and_read", lambda tf: _written(tf, b"a\nb\x00")),
    Case("WriteFile", "empty", lambda tf: _written(tf, "")),
    Case("WriteFile", "operation", lambda tf: tf.write_file(file("w"), "text")),
    Case("DecodeCompressed", "plain", unpacked(""), (strings(b"abc", b""),)),
    Case("DecodeCompressed", "zlib", unpacked("ZLIB"), (strings(zlib.compress(TEXT), zlib.compress(b"")),)),
    Case("DecodeCompressed", "gzip", unpacked("GZIP"), (strings(gzip.compress(TEXT, mtime=0)),)),
    Case("MatchingFiles", "star", lambda tf: _found(tf, "a*")),
    Case("MatchingFiles", "question_mark", lambda tf: _found(tf, "?1")),
    Case("MatchingFiles", "set", lambda tf: _found(tf, "a[12]")),
    Case("MatchingFiles", "none", lambda tf: _found(tf, "c*")),
    Case("MatchingFiles", "two_patterns", lambda tf: _found(tf, "b*", "a2")),
]
FILE_MISTAKES = [
    Mistake("ReadFile", "missing", lambda tf: tf.read_file(MISSING)),
    Mistake("ReadFile", "vector", lambda tf, name: tf.read_file(name), (strings(b"a", b"b"),)),
    Mistake("ReadFile", "type", lambda tf: tf.read_file(3)),
    Mistake("WriteFile", "vector", lambda tf, text: tf.write_file(file("x"), text), (strings(b"a", b"b"),)),
    Mistake("WriteFile", "name", lambda tf, name: tf.write_file(name, "text"), (strings(b"a", b"b"),)),
    Mistake("WriteFile", "type", lambda tf, x: tf.write_file(file("x"), x), (floats(),)),
    Mistake("DecodeCompressed", "kind", unpacked("ZIP"), (strings(b"abc"),)),
    Mistake("DecodeCompressed", "damaged", unpacked("ZLIB"), (strings(b"abc"),)),
    Mistake("DecodeCompressed", "type", unpacked("ZLIB"), (floats(2),)),
    Mistake("MatchingFiles", "matrix", lambda tf: tf.matching_files([["a"]])),
    Mistake("MatchingFiles", "type", lambda tf: tf.matching_files(3)),
]

# ----- readers -----


def _queue(tf: Any, *names: str) -> Any:
    """A closed queue of paths, and what has filled it."""
    queue = tf.FIFOQueue(9, [tf.string], [[]])
    filled = queue.enqueue_many([tf.constant(list(names), tf.string)])
    return queue, _then(tf, [filled], queue.close)


def _items(tf: Any, reader: Any, count: int, *names: str) -> list[Any]:
    """The next keys, without their folder, and values."""
    queue, filled = _queue(tf, *names)
    found, before = [], [filled]
    for _ in range(count):
        key, value = _then(tf, before, lambda: reader.read(queue))
        found += [tf.regex_replace(key, r".*[/\\]", ""), value]
        before = [value.op]
    return found


def _many(tf: Any, reader: Any, count: int, *names: str) -> list[Any]:
    queue, filled = _queue(tf, *names)
    keys, values = _then(tf, [filled], lambda: reader.read_up_to(queue, count))
    return [tf.regex_replace(keys, r".*[/\\]", ""), values]


def _lines(tf: Any, count: int, skip: int | None = None) -> list[Any]:
    names = (
        file("one.txt", b"head\nfirst\r\n\nlast"),
        file("two.txt", b"head\n"),
        file("three.txt", b"x\ny\n"),
    )
    return _items(tf, tf.TextLineReader(skip), count, *names)


def _pieces(tf: Any, count: int, size: int, **more: int) -> list[Any]:
    return _items(tf, tf.FixedLengthRecordReader(size, **more), count, file("bytes", b"0123456789"))


def _counted(tf: Any, method: str) -> list[Any]:
    """What a reader says of itself before, between and after two records of two files."""
    reader = tf.IdentityReader()
    queue, filled = _queue(tf, "a", "b")
    found, before = [], [filled]
    for _ in range(2):
        found.append(_then(tf, before, getattr(reader, method)))
        _, value = _then(tf, [found[-1]], lambda: reader.read(queue))
        before = [value]
    return [*found, _then(tf, before, getattr(reader, method))]


def _reset(tf: Any) -> Any:
    reader = tf.TextLineReader()
    queue, filled = _queue(tf, file("one.txt", b"1\n2\n"), file("two.txt", b"3\n"))
    _, first = _then(tf, [filled], lambda: reader.read(queue))
    again = _then(tf, [first], reader.reset)
    return _then(tf, [again], lambda: reader.read(queue)[1])


READER_CASES = [
    Case("FixedLengthRecordReaderV2", "pieces", lambda tf: _pieces(tf, 3, 3)),
    Case("FixedLengthRecordReaderV2", "head_and_foot", lambda tf: _pieces(tf, 2, 3, header_bytes=2, footer_bytes=1)),
    Case("FixedLengthRecordReaderV2", "overlapping", lambda tf: _pieces(tf, 3, 4, hop_bytes=2)),
    Case("ReaderNumRecordsProducedV2", "two", lambda tf: _counted(tf, "num_records_produced")),
    Case("ReaderNumWorkUnitsCompletedV2", "two", lambda tf: _counted(tf, "num_work_units_completed")),
    Case("ReaderResetV2", "next_file", _reset),
    Case("TextLineReaderV2", "three_files", lambda tf: _lines(tf, 7)),
    Case("TextLineReaderV2", "without_heads", lambda tf: _lines(tf, 4, skip=1)),
    Case("TFRecordReaderV2", "two", lambda tf: _items(tf, tf.TFRecordReader(), 2, file("r.rec", RECORDS))),
    Case(
        "WholeFileReaderV2", "two",
        lambda tf: _items(tf, tf.WholeFileReader(), 2, file("a", b"all\nof it"), file("b")),
    ),
    Case("IdentityReaderV2", "two", lambda tf: _items(tf, tf.IdentityReader(), 2, "one", "")),
    Case("ReaderReadV2", "static", lambda tf: _items(tf, tf.IdentityReader(), 1, "name")),
    Case("ReaderReadUpToV2", "some", lambda tf: _many(tf, tf.IdentityReader(), 2, "a", "b", "c")),
    Case(
        "ReaderReadUpToV2", "lines",
        lambda tf: _many(tf, tf.TextLineReader(), 3, file("a.txt", b"1\n2\n"), file("b.txt", b"3\n4\n")),
    ),
]  # fmt: skip


def _two_queues(tf: Any) -> Any:
    queue = tf.FIFOQueue(9, [tf.string, tf.string], [[], []])
    return _then(tf, [queue.enqueue(["a", "b"])], lambda: tf.IdentityReader().read(queue)[0])


def _of_numbers(tf: Any) -> Any:
    queue = tf.FIFOQueue(9, [tf.int32], [[]])
    return _then(tf, [queue.enqueue([1])], lambda: tf.IdentityReader().read(queue)[0])


READER_MISTAKES = [
    Mistake("TextLineReaderV2", "missing", lambda tf: _items(tf, tf.TextLineReader(), 1, MISSING)),
    Mistake("TFRecordReaderV2", "missing", lambda tf: _items(tf, tf.TFRecordReader(), 1, MISSING)),
    Mistake("FixedLengthRecordReaderV2", "missing", lambda tf: _items(tf, tf.FixedLengthRecordReader(2), 1, MISSING)),
    Mistake("FixedLengthRecordReaderV2", "negative", lambda tf: _pieces(tf, 1, -1)),
    Mistake("FixedLengthRecordReaderV2", "negative_head", lambda tf: _pieces(tf, 1, 2, header_bytes=-1)),
    Mistake("WholeFileReaderV2", "missing", lambda tf: _items(tf, tf.WholeFileReader(), 1, MISSING)),
    Mistake("IdentityReaderV2", "queue_of_pairs", _two_queues),
    Mistake("ReaderReadV2", "queue_of_numbers", _of_numbers),
    Mistake("ReaderReadUpToV2", "vector", lambda tf: tf.IdentityReader().read_up_to(_queue(tf, "a")[0], [1, 2])),
]  # fmt: skip

CASES = [*FILE_CASES, *READER_CASES]
MISTAKES = [*FILE_MISTAKES, *READER_MISTAKES]
