"""Tables: between words and numbers, from lists and files, under the old names; what they refuse."""

import pytest

import graphmagic as tf

lookup = tf.contrib.lookup


@pytest.fixture
def words(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("emerson 10\nlake 20\npalmer 30\n")
    return str(path)


def run(build):
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        found = build()
        sess.run(tf.tables_initializer())
        return sess.run(found), graph


def test_words_have_numbers_and_numbers_words():
    def build():
        table = lookup.index_table_from_tensor(["a", "b"], num_oov_buckets=2)
        back = lookup.index_to_string_table_from_tensor(["a", "b"])
        found = table.lookup(tf.constant(["a", "z", "q", "b"]))
        return found, table.size(), back.lookup(found)

    (numbers, size, again), graph = run(build)

    assert numbers.tolist() == [0, 3, 3, 1]
    assert size == 4
    assert again.tolist() == [b"a", b"UNK", b"UNK", b"b"]
    names = [(op.name, op.type) for op in graph.get_operations()]
    assert ("string_to_index/hash_table/hash_table", "HashTableV2") in names
    assert ("string_to_index/hash_table/table_init/LookupTableImportV2", "LookupTableImportV2") in names
    assert ("hash_table_Lookup/hash_table_Lookup/LookupTableFindV2", "LookupTableFindV2") in names
    assert ("index_to_string/table_init/LookupTableImportV2", "LookupTableImportV2") in names


def test_lines_of_files(words):
    def build():
        table = lookup.index_table_from_file(words, key_column_index=0, delimiter=" ", default_value=7)
        back = lookup.index_to_string_table_from_file(
            words, value_column_index=0, delimiter=" ", vocab_size=2
        )
        ages = lookup.HashTable(
            lookup.TextFileInitializer(words, tf.string, 0, tf.int64, 1, delimiter=" "), -1
        )
        return (
            table.lookup(tf.constant(["lake", "king"])),
            back.lookup(tf.constant([0, 2], tf.int64)),
            ages.lookup(tf.constant("palmer")),
        )

    (numbers, texts, age), graph = run(build)

    assert numbers.tolist() == [1, 7]
    assert texts.tolist() == [b"emerson", b"UNK"]
    assert age == 30
    assert len(graph.get_collection(tf.GraphKeys.ASSET_FILEPATHS)) == 3


def test_sparse_keys_give_sparse_values():
    def build():
        table = lookup.index_table_from_tensor([10, 20, 30], dtype=tf.int64)
        return table.lookup(tf.SparseTensor([[0, 0], [1, 2]], tf.constant([20, 5], tf.int64), [2, 3]))

    found, _ = run(build)

    assert found.values.tolist() == [1, -1]
    assert found.dense_shape.tolist() == [2, 3]


def test_values_may_be_vectors_and_each_session_has_its_own():
    with tf.Graph().as_default():
        table = lookup.MutableHashTable(tf.int64, tf.float32, [0.0, 0.0])
        put = table.insert([3, 4], [[1, 2], [3, 4]])
        found, size = table.lookup(tf.constant([4, 9], tf.int64)), table.size()
        keys, values = table.export()
        with tf.Session() as one, tf.Session() as other:
            one.run(put)

            assert one.run(found).tolist() == [[3, 4], [0, 0]]
            assert one.run(keys).tolist() == [3, 4]
            assert one.run(values).shape == (2, 2)
            assert (one.run(size), other.run(size)) == (2, 0)


def test_a_data_set_can_look_words_up():
    with tf.Graph().as_default(), tf.Session() as sess:
        table = lookup.index_table_from_tensor(["a", "b"])
        data = tf.data.Dataset.from_tensor_slices(["b", "a"]).map(table.lookup)
        iterator = data.make_initializable_iterator()
        following = iterator.get_next()
        sess.run([tf.tables_initializer(), iterator.initializer])

        assert [sess.run(following), sess.run(following)] == [1, 0]


def test_filling_says_what_is_wrong(words, tmp_path):
    def of_file(path, column, **options):
        return lambda: lookup.HashTable(
            lookup.TextFileInitializer(path, tf.string, 0, tf.int64, column, delimiter=" ", **options), -1
        ).size()

    missing = str(tmp_path / "missing.txt")
    for kind, text, build in (
        (tf.errors.NotFoundError, f"{missing}; No such file or directory", of_file(missing, 1)),
        (
            tf.errors.InvalidArgumentError,
            f"Invalid number of columns in {words} line 0 (emerson 10) : expected at least 3 got 2",
            of_file(words, 2),
        ),
        (
            tf.errors.InvalidArgumentError,
            f"Invalid vocab_size in {words}: expected 9 but got 3",
            of_file(words, 1, vocab_size=9),
        ),
    ):
        with pytest.raises(kind) as caught:
            run(build)
        assert text in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "text", "build"),
    [
        (
            TypeError,
            "`dtype` must either be integer or string.",
            lambda: lookup.index_table_from_tensor([1], dtype=tf.float32),
        ),
        (
            ValueError,
            "`num_oov_buckets` must be greater or equal than 0, got -1.",
            lambda: lookup.index_table_from_tensor(["a"], -1),
        ),
        (
            ValueError,
            "Invalid `dtype`: Expected <dtype: 'string'>, got <dtype: 'float32'>.",
            lambda: lookup.index_table_from_tensor([]),
        ),
        (
            ValueError,
            "`vocabulary_file` must be specified and must not be empty.",
            lookup.index_table_from_file,
        ),
        (
            ValueError,
            "`num_oov_buckets` must be > 0; use StaticHashTable. Received: 0",
            lambda: tf.lookup.StaticVocabularyTable(None, 0),
        ),
    ],
)
def test_building_says_what_is_wrong(kind, text, build):
    with pytest.raises(kind) as caught:
        build()
    assert str(caught.value) == text
