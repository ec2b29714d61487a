"""Readers, record by record, as TensorFlow gives them; and files that are packed."""

import gzip
import zlib

import pytest

import graphmagic as tf
from graphmagic.data import Dataset


@pytest.fixture
def path(tmp_path):
    return tmp_path / "records"


def read_all(reader, *paths, more=()):
    """The values, the numbers of the keys, and what `more` is at the end."""
    names = tf.train.string_input_producer([str(path) for path in paths], shuffle=False, num_epochs=1)
    item = reader.read(names)
    found = []
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coordinator)
        with pytest.raises(tf.errors.OutOfRangeError):
            while True:
                found.append(sess.run(item))
        coordinator.request_stop()
        coordinator.join(threads)
        extra = sess.run(list(more))
    keys = [int(key.rpartition(b":")[2]) for key, _ in found]
    return [value for _, value in found], keys, extra


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"record_bytes": 3, "header_bytes": 3, "footer_bytes": 1}, [b"abc", b"def", b"ghi"]),
        ({"record_bytes": 5, "header_bytes": 3, "footer_bytes": 1}, [b"abcde", b"fghij"]),
        (
            {"record_bytes": 4, "header_bytes": 3, "footer_bytes": 1, "hop_bytes": 2},
            [b"abcd", b"cdef", b"efgh", b"ghij"],
        ),
        ({"record_bytes": 7}, [b"HDRabcd", b"efghijT"]),
        ({"record_bytes": 2, "hop_bytes": 5}, [b"HD", b"cd", b"hi"]),
        ({"record_bytes": 20}, []),
    ],
)
def test_records_of_a_fixed_length(path, arguments, expected):
    path.write_bytes(b"HDRabcdefghijT")
    reader = tf.FixedLengthRecordReader(**arguments)

    values, keys, counts = read_all(
        reader, path, more=[reader.num_records_produced(), reader.num_work_units_completed()]
    )

    assert values == expected
    assert keys == list(range(len(expected)))
    assert counts == [len(expected), 1]


@pytest.mark.parametrize("name", ["header_bytes", "footer_bytes", "hop_bytes"])
def test_negative_lengths_are_refused(path, name):
    path.write_bytes(b"abc")
    reader = tf.FixedLengthRecordReader(1, **{name: -1})

    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError) as caught:
        sess.run(reader.reader_ref.op)

    assert caught.value.message.startswith(f"{name} must be >= 0 not -1")


def test_records_need_a_length():
    with (
        tf.Session() as sess,
        pytest.raises(tf.errors.InvalidArgumentError, match="record_bytes must be >= 0"),
    ):
        sess.run(tf.FixedLengthRecordReader(0).reader_ref.op)


def test_a_header_longer_than_the_file_ends_the_run(path):
    path.write_bytes(b"abc")

    assert read_all(tf.FixedLengthRecordReader(2, header_bytes=5), path) == ([], [], [])


def test_packed_files_of_fixed_records(path):
    path.write_bytes(gzip.compress(b"abcdef"))

    assert read_all(tf.FixedLengthRecordReader(3, encoding="GZIP"), path)[0] == [b"abc", b"def"]


def test_a_reader_counts_and_begins_anew(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"l1\nl2\nl3\n")
    second.write_bytes(b"m1\nm2\n")
    reader = tf.TextLineReader(skip_header_lines=1)
    names = tf.FIFOQueue(9, tf.string)
    more = names.enqueue_many([[str(first), str(second)]])
    _, line = reader.read(names)
    counts = [reader.num_records_produced(), reader.num_work_units_completed()]

    with tf.Session() as sess:
        sess.run(more)
        seen = [(sess.run(line), *sess.run(counts)) for _ in range(3)]
        assert seen == [(b"l2", 1, 0), (b"l3", 2, 0), (b"m2", 3, 1)]
        sess.run(more)
        sess.run(reader.reset())
        assert sess.run(counts) == [0, 0]
        assert sess.run(line) == b"l2"


def test_several_records_at_once_are_of_one_file(path):
    path.write_bytes(b"1\n2\n3\n")
    names = tf.FIFOQueue(9, tf.string)
    _, lines = tf.TextLineReader().read_up_to(names, 2)

    with tf.Session() as sess:
        sess.run(names.enqueue_many([[str(path), str(path)]]))
        assert [sess.run(lines).tolist() for _ in range(3)] == [[b"1", b"2"], [b"3"], [b"1", b"2"]]


def test_which_readers_tensorflow_can_save():
    readers = [tf.WholeFileReader(), tf.IdentityReader(), tf.TextLineReader(), tf.TFRecordReader()]

    assert [reader.supports_serialize for reader in readers] == [True, True, False, False]


@pytest.mark.parametrize("kind", ["GZIP", "ZLIB"])
def test_packed_records(path, kind):
    options = tf.python_io.TFRecordOptions(getattr(tf.python_io.TFRecordCompressionType, kind))
    with tf.python_io.TFRecordWriter(str(path), options) as writer:
        writer.write(b"one")
        writer.flush()
        writer.write(b"two")

    assert path.read_bytes()[:2] == {"GZIP": b"\x1f\x8b", "ZLIB": b"x\x9c"}[kind]
    assert list(tf.python_io.tf_record_iterator(str(path), options)) == [b"one", b"two"]
    assert read_all(tf.TFRecordReader(options=options), path)[0] == [b"one", b"two"]
    following = tf.data.TFRecordDataset(str(path), kind).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        assert [sess.run(following), sess.run(following)] == [b"one", b"two"]
    with pytest.raises(tf.errors.DataLossError, match="record at 0"):
        list(tf.python_io.tf_record_iterator(str(path)))


def test_packed_lines_and_pieces(path):
    path.write_bytes(zlib.compress(b"ab\ncd\n"))
    lines = tf.data.TextLineDataset(str(path), "ZLIB").make_one_shot_iterator().get_next()
    pieces = tf.data.FixedLengthRecordDataset(str(path), 3, compression_type="ZLIB")
    piece = pieces.make_one_shot_iterator().get_next()

    with tf.Session() as sess:
        assert sess.run([lines, piece]) == [b"ab", b"ab\n"]


def test_what_is_not_packed_is_refused(path):
    path.write_bytes(b"abc")

    with pytest.raises(tf.errors.DataLossError, match="incorrect header check"):
        list(tf.python_io.tf_record_iterator(str(path), "GZIP"))
    path.write_bytes(zlib.compress(b"abc" * 99)[:-5])
    with pytest.raises(tf.errors.DataLossError, match="truncated"):
        list(tf.python_io.tf_record_iterator(str(path), "ZLIB"))


def test_unknown_compressions_are_refused():
    with pytest.raises(ValueError, match='Not a valid compression_type: "x"'):
        tf.python_io.TFRecordOptions("x")
    with pytest.raises(ValueError, match="must be one of 'GZIP', 'ZLIB'"):
        tf.data.TextLineDataset("none", "x")


def test_packed_strings():
    with tf.Session() as sess:
        assert sess.run(tf.decode_compressed([b"abc", b""])).tolist() == [b"abc", b""]
        assert sess.run(tf.decode_compressed([zlib.compress(b"hi")], "ZLIB")).tolist() == [b"hi"]
        assert sess.run(tf.decode_compressed(gzip.compress(b"hi"), "GZIP")) == b"hi"
        with pytest.raises(tf.errors.DataLossError, match="failed with error -3: incorrect header check"):
            sess.run(tf.decode_compressed(b"abc", "GZIP"))
        with pytest.raises(tf.errors.InvalidArgumentError, match="supported compressions"):
            sess.run(tf.decode_compressed(b"abc", "FOO"))


def test_a_packed_data_set_of_data_sets(path):
    path.write_bytes(gzip.compress(b"x\ny\n"))
    lines = tf.data.TextLineDataset(Dataset.from_tensors(str(path)), "GZIP")
    line = lines.make_one_shot_iterator().get_next()

    with tf.Session() as sess:
        assert [sess.run(line), sess.run(line)] == [b"x", b"y"]
