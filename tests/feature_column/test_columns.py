"""Feature columns against TensorFlow's recorded answers, and their mistakes."""

import importlib.util
import json
from pathlib import Path

import pytest

import graphmagic as tf

HERE = Path(__file__).parent
ANSWERS = json.loads((HERE.parent / "oracle" / "columns.json").read_text(encoding="utf-8"))
spec = importlib.util.spec_from_file_location("columns", HERE / "columns.py")
columns = importlib.util.module_from_spec(spec)
spec.loader.exec_module(columns)


def test_every_case_was_recorded():
    assert set(ANSWERS) == set(columns.CASES)


@pytest.mark.parametrize("name", columns.CASES)
def test_a_column_is_tensorflows(name):
    found, expected = columns.answer(tf, columns.CASES[name]), ANSWERS[name]

    assert found.pop("values") == pytest.approx(expected.pop("values"), rel=1e-6)
    assert found == expected


fc = tf.feature_column


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: fc.numeric_column("a", shape=(0,)), "shape dimensions must be greater than 0"),
        (lambda: fc.numeric_column("a", dtype=tf.string), "dtype must be convertible to float"),
        (lambda: fc.bucketized_column(fc.numeric_column("a"), [2, 1]), "boundaries must be a sorted list"),
        (lambda: fc.categorical_column_with_identity("a", 0), "num_buckets 0 < 1, column_name a"),
        (lambda: fc.categorical_column_with_vocabulary_list("a", ["x", "x"]), "Duplicate keys"),
        (lambda: fc.crossed_column(["a"], 10), "keys must be a list with length > 1"),
        (lambda: fc.embedding_column(fc.categorical_column_with_identity("a", 3), 0), "Invalid dimension 0"),
        (lambda: fc.input_layer({}, []), "feature_columns must not be empty"),
        (lambda: fc.input_layer({}, [fc.numeric_column("a")]), "Feature a is not in features dictionary"),
        (
            lambda: fc.input_layer({"a": [[1]]}, [fc.categorical_column_with_identity("a", 3)]),
            "must be a _DenseColumn",
        ),
        (
            lambda: fc.input_layer({"a": [[1.0]]}, [fc.numeric_column("a"), fc.numeric_column("a")]),
            "Duplicate feature column name",
        ),
    ],
)
def test_a_mistake_is_said(make, text):
    with tf.Graph().as_default(), pytest.raises(ValueError, match=text):
        make()


def test_columns_share_a_table():
    with tf.Graph().as_default(), tf.Session() as sess:
        words = [fc.categorical_column_with_identity(key, 3) for key in ("one", "two")]
        shared = fc.shared_embedding_columns(words, 2)
        x = fc.input_layer({"one": [[1], [0]], "two": [[1], [2]]}, shared)
        sess.run(tf.global_variables_initializer())
        rows = sess.run(x)

        assert len(tf.trainable_variables()) == 1
        assert rows[0, :2].tolist() == rows[0, 2:].tolist()
        assert rows[1, :2].tolist() != rows[1, 2:].tolist()


def test_a_vocabulary_file_is_a_list_of_its_lines(tmp_path):
    (tmp_path / "words").write_text("a\nb\nc\n")
    column = fc.categorical_column_with_vocabulary_file("w", str(tmp_path / "words"), vocabulary_size=2)

    with tf.Graph().as_default(), tf.Session() as sess:
        assert sess.run(column.ids({"w": [["b"], ["c"]]})[0]).tolist() == [[1], [-1]]
