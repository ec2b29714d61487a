"""What `tf.contrib.learn` had: estimators with fit, columns under old names, texts as vectors."""

import numpy as np
import pytest

import graphmagic as tf

learn, layers = tf.contrib.learn, tf.contrib.layers
rng = np.random.default_rng(0)
X = rng.normal(size=(100, 2))
LINE = (X @ [2.0, -1.0] + 0.5).astype("f")


def test_classes_by_layers_from_arrays():
    y = (X[:, 0] > 0).astype(int)
    columns = learn.infer_real_valued_columns_from_input(X)
    model = learn.DNNClassifier(hidden_units=[8], feature_columns=columns, n_classes=2)

    model.fit(X, y, steps=150, batch_size=50)

    assert model.evaluate(X, y)["accuracy"] > 0.9
    found = model.predict(X, as_iterable=False)
    assert np.mean(np.array(found) == y) > 0.9
    assert next(iter(model.predict_proba(X))).sum() == pytest.approx(1)


def test_numbers_by_weighted_sums_from_an_input_function():
    columns = [layers.real_valued_column("a"), layers.real_valued_column("b")]
    data = tf.estimator.inputs.numpy_input_fn(
        {"a": X[:, 0].astype("f"), "b": X[:, 1].astype("f")}, LINE, num_epochs=None, shuffle=False
    )
    model = learn.LinearRegressor(columns, optimizer=tf.train.AdamOptimizer(0.1))

    model.fit(input_fn=data, steps=150)

    assert model.evaluate(input_fn=data, steps=1)["average_loss"] < 0.05


@pytest.mark.parametrize("packed", [True, False])
def test_a_model_of_ones_own(packed):
    def model_fn(features, targets, mode):
        weights = tf.get_variable("W", [2], tf.float32)
        found = tf.reduce_sum(features * weights, 1) + tf.get_variable("b", [], tf.float32)
        loss = tf.reduce_sum(tf.square(found - targets)) if targets is not None else None
        step = None
        if mode == learn.ModeKeys.TRAIN:
            step = tf.train.GradientDescentOptimizer(0.005).minimize(
                loss, tf.contrib.framework.get_global_step()
            )
        if packed:
            return learn.ModelFnOps(mode, predictions={"y": found}, loss=loss, train_op=step)
        return {"y": found}, loss, step

    model = learn.Estimator(model_fn=model_fn)
    model.fit(X, LINE, steps=50)

    assert model.evaluate(X, LINE, steps=1)["loss"] < 0.1
    found = [row["y"] for row in model.predict(X)]
    np.testing.assert_allclose(found, LINE, atol=0.1)
    with pytest.raises(ValueError, match="Pass either `input_fn` or `x` and `y`"):
        model.fit()


def test_columns_have_their_old_names():
    sparse = layers.sparse_column_with_keys("word", ["good", "bad"])
    columns = [
        layers.one_hot_column(sparse),
        layers.embedding_column(layers.sparse_column_with_hash_bucket("other", 5), 3),
        layers.bucketized_column(layers.real_valued_column("age"), [10, 20]),
        layers.one_hot_column(layers.sparse_column_with_integerized_feature("number", 4)),
    ]
    features = {"word": [["bad"]], "other": [["x"]], "age": [[15.0]], "number": [[2]]}
    with tf.Graph().as_default():
        joined = tf.feature_column.input_layer({k: tf.constant(v) for k, v in features.items()}, columns)

    assert joined.shape.as_list() == [1, 2 + 3 + 3 + 4]
    assert set(layers.create_feature_spec_for_parsing(columns)) == {"word", "other", "age", "number"}


def test_data_sets_have_their_old_name():
    data = tf.contrib.data
    batch = data.Dataset.range(5).apply(data.batch_and_drop_remainder(2))
    padded = data.Dataset.range(1, 4).map(tf.range).apply(data.padded_batch_and_drop_remainder(2, [None]))

    assert batch.output_shapes.as_list() == [2]
    assert tf.Session().run(padded.make_one_shot_iterator().get_next()).tolist() == [[0, 0], [0, 1]]


def test_deep_imports_find_them():
    with tf.legacy.installed():
        from tensorflow.contrib.crf.python.ops.crf import viterbi_decode
        from tensorflow.contrib.keras.python.keras.models import Sequential
        from tensorflow.contrib.learn.python.learn.estimators.model_fn import ModelFnOps
        from tensorflow.contrib.seq2seq.python.ops.attention_wrapper import AttentionWrapper
        from tensorflow.python.data.ops.dataset_ops import Dataset
        from tensorflow.python.estimator.model_fn import EstimatorSpec
        from tensorflow.python.ops.lookup_ops import index_to_string_table_from_file

        with pytest.raises(ModuleNotFoundError, match=r"Use tf\.estimator\.train_and_evaluate"):
            from tensorflow.contrib.learn.python.learn import learn_runner  # noqa: F401

    assert ModelFnOps is learn.ModelFnOps
    assert viterbi_decode is tf.contrib.crf.viterbi_decode
    assert AttentionWrapper is tf.contrib.seq2seq.AttentionWrapper
    assert (Dataset, EstimatorSpec) == (tf.data.Dataset, tf.estimator.EstimatorSpec)
    assert Sequential is tf.keras.models.Sequential
    assert index_to_string_table_from_file is tf.contrib.lookup.index_to_string_table_from_file
