"""Data sets: elements, static shapes and errors, all recorded from TensorFlow."""

import numpy as np
import pytest

import graphmagic as tf

Dataset = tf.data.Dataset


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        tf.set_random_seed(3)
        yield


def elements(dataset, limit=60):
    """All elements, as lists."""
    iterator = dataset.make_initializable_iterator()
    following = iterator.get_next()
    found = []
    with tf.Session() as sess:
        sess.run(iterator.initializer)
        with pytest.raises(tf.errors.OutOfRangeError, match="End of sequence"):
            for _ in range(limit):
                found.append(tf.contrib.framework.pack_sequence_as(following, plain(sess.run(following))))
    return found


def plain(element):
    return [np.asarray(part).tolist() for part in tf.contrib.framework.flatten(element)]


def runs():
    """1, then 2 2, then 3 3 3 ... , of unknown length."""
    return Dataset.range(1, 4).map(lambda x: tf.fill([x], x))


def repeated(x):
    return Dataset.from_tensors(x).repeat(x)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: runs().padded_batch(2, [None]), [[[1, 0], [2, 2]], [[3, 3, 3]]]),
        (lambda: runs().padded_batch(2, [-1]), [[[1, 0], [2, 2]], [[3, 3, 3]]]),
        (
            lambda: runs().padded_batch(2, [4], padding_values=tf.constant(-1, tf.int64)),
            [[[1, -1, -1, -1], [2, 2, -1, -1]], [[3, 3, 3, -1]]],
        ),
        (lambda: runs().padded_batch(2, [None], drop_remainder=True), [[[1, 0], [2, 2]]]),
        (
            lambda: (
                Dataset.from_tensor_slices([1, 2]).map(lambda n: tf.fill([n], "q")).padded_batch(2, [None])
            ),
            [[[b"q", b""], [b"q", b"q"]]],
        ),
        (
            lambda: Dataset.range(1, 6).interleave(repeated, cycle_length=3, block_length=1),
            [1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 4, 5, 5, 5],
        ),
        (
            lambda: Dataset.range(1, 6).interleave(repeated, cycle_length=3, block_length=2),
            [1, 2, 2, 3, 3, 4, 4, 3, 4, 4, 5, 5, 5, 5, 5],
        ),
        (
            lambda: Dataset.from_tensor_slices([[1, 2], [3, 4]]).flat_map(Dataset.from_tensor_slices),
            [1, 2, 3, 4],
        ),
        (lambda: Dataset.range(10).filter(lambda x: tf.equal(x % 3, 1)), [1, 4, 7]),
        (
            lambda: Dataset.zip((Dataset.range(3), Dataset.range(5).batch(2))),
            [(0, [0, 1]), (1, [2, 3]), (2, [4])],
        ),
        (lambda: Dataset.range(10).shard(3, 1), [1, 4, 7]),
        (lambda: Dataset.range(2).concatenate(Dataset.range(5, 7)), [0, 1, 5, 6]),
        (lambda: Dataset.range(5).skip(3), [3, 4]),
        (lambda: Dataset.range(5).skip(-1), []),
        (lambda: Dataset.range(3).take(-1), [0, 1, 2]),
        (lambda: Dataset.range(3).repeat(0), []),
        (lambda: Dataset.range(5, 0, -2), [5, 3, 1]),
        (lambda: Dataset.range(3).cache().repeat(2), [0, 1, 2, 0, 1, 2]),
        (lambda: Dataset.range(3).map(lambda x: tf.cond(x > 1, lambda: x, lambda: -x)), [0, -1, 2]),
        (lambda: Dataset.range(3).map(lambda x: tf.py_func(lambda v: v * 2, [x], tf.int64)), [0, 2, 4]),
        (lambda: Dataset.from_generator(lambda: iter(["a", "bc"]), tf.string, []), [b"a", b"bc"]),
        (
            lambda: Dataset.from_generator(
                lambda: iter([{"a": 1, "b": [2]}]), {"a": tf.int32, "b": tf.int32}
            ),
            [{"a": 1, "b": [2]}],
        ),
    ],
)
def test_elements(make, expected):
    assert elements(make()) == expected


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: Dataset.range(10).shuffle(4, seed=7), [2, 0, 3, 1, 6, 8, 4, 9, 7, 5]),
        # five operations before it: three numbers, the range, the size of the buffer
        (lambda: Dataset.range(10).shuffle(10), [0, 2, 7, 9, 1, 6, 4, 3, 8, 5]),
        (lambda: Dataset.range(5).shuffle(5, seed=1).repeat(2), [2, 1, 4, 0, 3, 3, 0, 2, 4, 1]),
        (
            lambda: Dataset.range(5).shuffle(5, seed=1, reshuffle_each_iteration=False).repeat(2),
            [4, 0, 1, 2, 3, 4, 0, 1, 2, 3],
        ),
        (lambda: Dataset.range(7).shuffle(3, seed=1).batch(3), [[1, 2, 4], [0, 5, 6], [3]]),
    ],
)
def test_seeded_orders_are_those_of_tensorflow(make, expected):
    assert elements(make()) == expected


def test_files(tmp_path):
    first, second, odd = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    first.write_bytes(b"HEAD" + bytes(range(10)) + b"FT")
    second.write_bytes(b"one\r\ntwo\n\nthree")
    odd.write_bytes(b"HEAD" + bytes(7) + b"FT")
    fixed = tf.data.FixedLengthRecordDataset([str(first)], 5, header_bytes=4, footer_bytes=2)
    assert elements(fixed) == [bytes(range(5)), bytes(range(5, 10))]
    names = Dataset.from_tensor_slices([str(second), str(second)])
    assert elements(tf.data.TextLineDataset(names)) == [b"one", b"two", b"", b"three"] * 2
    with pytest.raises(
        tf.errors.InvalidArgumentError, match="body length 7 bytes, which is not an exact multiple"
    ):
        elements(tf.data.FixedLengthRecordDataset([str(odd)], 5, 4, 2))
    with pytest.raises(tf.errors.NotFoundError, match="No such file or directory"):
        elements(tf.data.TextLineDataset([str(tmp_path / "none")]))
    assert (
        elements(Dataset.list_files(str(tmp_path / "?"), shuffle=False).map(tf.strings.length))
        == [len(str(first))] * 3
    )
    with pytest.raises(tf.errors.InvalidArgumentError, match="No files matched pattern"):
        Dataset.list_files(str(tmp_path / "*.none"))


def test_static_shapes():
    assert runs().padded_batch(2, [None], drop_remainder=True).output_shapes.as_list() == [2, None]
    assert runs().padded_batch(2, [4]).output_shapes.as_list() == [None, 4]
    assert Dataset.range(3).batch(2, drop_remainder=True).output_shapes.as_list() == [2]
    assert Dataset.from_generator(lambda: iter([1]), tf.int64).output_shapes.ndims is None


def failing():
    yield 1
    raise ZeroDivisionError("mine")


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: runs().batch(2), tf.errors.InvalidArgumentError, "different shapes in component 0"),
        (
            lambda: runs().padded_batch(2, [2]),
            tf.errors.DataLossError,
            "pad to a smaller size than the input",
        ),
        (
            lambda: Dataset.range(4).batch(0),
            tf.errors.InvalidArgumentError,
            "Batch size must be greater than zero",
        ),
        (
            lambda: Dataset.from_generator(failing, tf.int64),
            tf.errors.UnknownError,
            "ZeroDivisionError: mine",
        ),
        (
            lambda: Dataset.from_generator(lambda: iter(["a"]), tf.int64),
            tf.errors.InvalidArgumentError,
            "The expected type was int64, but the yielded element was a",
        ),
        (
            lambda: Dataset.from_generator(lambda: iter([[1.0, 2.0]]), tf.float32, [3]),
            tf.errors.InvalidArgumentError,
            r"\(3,\)",
        ),
    ],
)
def test_errors_of_a_run(make, error, text):
    with pytest.raises(error, match=text):
        elements(make())


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (
            lambda: Dataset.range(2).concatenate(Dataset.from_tensor_slices([1.0])),
            TypeError,
            "Incompatible dataset elements",
        ),
        (
            lambda: Dataset.from_tensor_slices(([1, 2], [1, 2, 3])),
            ValueError,
            "Dimensions 2 and 3 are not compatible",
        ),
        (lambda: Dataset.from_tensor_slices(3), ValueError, "rank >= 1"),
        (lambda: Dataset.range(3).flat_map(lambda x: x), TypeError, "must return a `Dataset`"),
        (lambda: Dataset.from_generator([1], tf.int64), TypeError, "must be a Python callable"),
    ],
)
def test_errors_while_building(make, error, text):
    with pytest.raises(error, match=text):
        make()
