"""Windows, groups, folds and other ways to change data sets; the answers are TensorFlow's."""

import numpy as np
import pytest

import graphmagic as tf

ways = tf.data.experimental
numbers = tf.data.Dataset.range


def drain(dataset, most=30):
    """The elements of a data set as lists."""
    found = []
    with tf.Session() as sess:
        iterator = dataset.make_initializable_iterator()
        following = iterator.get_next()
        sess.run([tf.tables_initializer(), iterator.initializer])
        try:
            for _ in range(most):
                found.append(sess.run(following))
        except tf.errors.OutOfRangeError:
            pass
    return [tf.nest.map_structure(lambda a: a.tolist() if hasattr(a, "tolist") else a, e) for e in found]


def sequences():
    for length in [1, 5, 2, 7, 3, 3, 8, 1]:
        yield list(range(length))


def batches(size):
    return lambda window: window.batch(size)


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ((3, 2, 2), [[0, 2, 4], [2, 4, 6], [4, 6], [6]]),
        ((3, 1, 1, True), [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 6]]),
        ((3,), [[0, 1, 2], [3, 4, 5], [6]]),
        ((2, 5), [[0, 1], [5, 6]]),
    ],
)
def test_windows(arguments, wanted):
    assert drain(numbers(7).window(*arguments).flat_map(batches(3))) == wanted


def test_windows_have_a_data_set_for_each_part():
    pairs = tf.data.Dataset.zip((numbers(4), numbers(10, 14))).window(2)
    both = pairs.flat_map(lambda a, b: tf.data.Dataset.zip((a.batch(2), b)))
    named = numbers(4).map(lambda x: {"a": x, "b": x * 2}).window(2)

    assert drain(both) == [([0, 1], 10), ([2, 3], 12)]
    assert drain(named.flat_map(lambda w: tf.data.Dataset.zip((w["a"], w["b"])))) == [
        (0, 0), (1, 2), (2, 4), (3, 6)
    ]  # fmt: skip
    assert drain(numbers(7).window(3, 1).skip(4).flat_map(batches(3))) == [[4, 5, 6], [5, 6], [6]]


def test_a_fold_keeps_the_structure_of_its_state():
    first = np.int64(0), np.float32(1)
    total = numbers(6).reduce(first, lambda state, x: (state[0] + x, state[1] * 2))

    assert tf.Session().run(total) == (15, 64)
    assert tf.Session().run(numbers(7).window(3).reduce(np.int64(0), lambda count, window: count + 1)) == 3
    with pytest.raises(TypeError) as caught:
        numbers(5).reduce(np.int32(0), lambda state, x: tf.cast(x, tf.float32))
    assert str(caught.value) == (
        "The element types for the new state must match the initial state. Expected <dtype: 'int32'> but got "
        "<dtype: 'float32'>."
    )


def test_groups():
    by_three = ways.group_by_window(lambda x: x % 3, lambda key, group: group.batch(2), window_size=2)
    by_two = ways.group_by_window(
        lambda x: x % 2,
        lambda key, group: group.map(lambda v: (key, v)),
        window_size_func=lambda key: key + 2,
    )

    assert drain(numbers(10).apply(by_three)) == [[0, 3], [1, 4], [2, 5], [6, 9], [7], [8]]
    assert drain(numbers(6).apply(by_two)) == [(0, 0), (0, 2), (1, 1), (1, 3), (1, 5), (0, 4)]
    with pytest.raises(ValueError, match="Must pass either"):
        ways.group_by_window(lambda x: x, lambda key, group: group)
    with pytest.raises(TypeError, match="must return a `Dataset` object"):
        numbers(3).apply(ways.group_by_window(lambda x: x, lambda key, group: key, 2))


def test_sequences_of_about_the_same_length():
    short = tf.data.Dataset.from_generator(sequences, tf.int32, [None]).filter(lambda x: tf.shape(x)[0] < 6)
    length = lambda x: tf.shape(x)[0]  # noqa: E731

    plain = short.apply(ways.bucket_by_sequence_length(length, [3, 6], [2, 2, 2]))
    filled = short.apply(
        ways.bucket_by_sequence_length(length, [3, 6], [2, 2, 2], pad_to_bucket_boundary=True)
    )

    assert drain(plain) == [[[0, 0], [0, 1]], [[0, 1, 2, 3, 4], [0, 1, 2, 0, 0]], [[0]], [[0, 1, 2]]]
    assert drain(filled)[2:] == [[[0, 0]], [[0, 1, 2, 0, 0]]]
    assert plain.output_shapes.as_list() == [None, None]
    with pytest.raises(ValueError, match="must equal"):
        ways.bucket_by_sequence_length(length, [3], [2])


def test_small_changes():
    inverse = tf.data.Dataset.from_tensor_slices([1.0, 0.0, 2.0]).map(lambda x: tf.check_numerics(1 / x, "e"))
    order = tf.data.Dataset.from_tensor_slices(np.array([0, 1, 1, 1, 0, 0, 0, 0, 1]))

    assert drain(numbers(5).batch(2).apply(ways.unbatch())) == [0, 1, 2, 3, 4]
    assert drain(numbers(5).apply(ways.scan(np.int64(0), lambda s, x: (s + x, s * x)))) == [0, 0, 2, 9, 24]
    assert drain(numbers(10).apply(ways.take_while(lambda x: x < 4))) == [0, 1, 2, 3]
    assert drain(ways.choose_from_datasets([numbers(3), numbers(10, 12)], order)) == [0, 10, 11, 1, 2]
    assert drain(inverse.apply(ways.ignore_errors())) == [1, 0.5]
    assert drain(tf.data.Dataset.from_tensor_slices([1, 2, 1, 3, 2]).apply(ways.unique())) == [1, 2, 3]
    assert drain(numbers(3).apply(ways.enumerate_dataset(5))) == [(5, 0), (6, 1), (7, 2)]
    assert drain(numbers(5).apply(ways.map_and_batch(lambda x: x + 1, 2, drop_remainder=True))) == [
        [1, 2],
        [3, 4],
    ]
    assert sorted(drain(numbers(3).apply(ways.shuffle_and_repeat(3, 2)))) == [0, 0, 1, 1, 2, 2]
    assert drain(ways.Counter(5, 2), 3) == [5, 7, 9]
    assert set(drain(ways.sample_from_datasets([numbers(3), numbers(10, 12)], [0.0, 1.0], seed=1), 2)) == {
        10,
        11,
    }


@pytest.mark.parametrize(
    ("count", "text"), [(0, "Dataset was empty."), (2, "Dataset had more than one element.")]
)
def test_the_only_element(count, text):
    with pytest.raises(tf.errors.InvalidArgumentError, match=text):
        tf.Session().run(ways.get_single_element(numbers(count)))


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,b,c,d\n1,2.5,x,5000000000\n3,,y,1\n4,1e300,z,2\n")
    return str(path)


def test_rows_of_csv_files(table):
    rows = ways.CsvDataset(table, [tf.int32, 0.0, tf.string, tf.int64], header=True)
    some = ways.CsvDataset([table, table], [tf.string, tf.int64], header=True, select_cols=[2, 3])

    assert drain(rows, 2) == [(1, 2.5, b"x", 5000000000), (3, 0.0, b"y", 1)]
    assert rows.output_types == (tf.int32, tf.float32, tf.string, tf.int64)
    assert len(drain(some.batch(2))) == 3
    needed = ways.CsvDataset(table, [tf.int32, tf.float32, tf.string, tf.int64], header=True)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Field 1 is required but missing in record"):
        drain(needed)


def test_batches_of_csv_files_find_out_names_and_types(table):
    data = ways.make_csv_dataset(table, 2, label_name="a", shuffle=False, num_epochs=1)
    features, labels = drain(data)[0]

    assert (features, labels) == ({"b": [2.5, 0.0], "c": [b"x", b"y"], "d": [5000000000, 1]}, [1, 3])
    assert [list(data.output_types[0].values()), data.output_types[1]] == [
        [tf.float64, tf.string, tf.int64], tf.int32
    ]  # fmt: skip
    endless = ways.make_csv_dataset(table, 2, select_columns=["b", 2], shuffle=False)
    assert endless.output_shapes["c"].as_list() == [2]
    assert drain(endless, 2)[1] == {"b": [1e300, 2.5], "c": [b"z", b"x"]}
    for options, text in (
        ({"label_name": "z"}, "must be one of the columns"),
        ({"select_columns": ["z"]}, "is not a valid column"),
        ({"header": False}, "Neither is provided"),
    ):
        with pytest.raises(ValueError, match=text):
            ways.make_csv_dataset(table, 2, **options)
    with pytest.raises(ValueError, match="No files match"):
        ways.make_csv_dataset(f"{table}.missing", 2)


def test_functions_in_place_of_methods():
    data = numbers(3)

    assert tf.data.get_output_types(data) is tf.int64
    assert tf.data.get_output_shapes(data).as_list() == []
    assert tf.data.get_output_classes(data) is tf.Tensor
    assert tf.Session().run(tf.data.make_one_shot_iterator(data).get_next()) == 0


def test_what_is_missing_says_what_to_use():
    with pytest.raises(AttributeError, match=r"Use tf\.data\.Dataset\.from_generator"):
        _ = ways.SqlDataset
