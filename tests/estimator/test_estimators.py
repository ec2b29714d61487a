"""Estimators: training, going on, evaluating, predicting; input from arrays; the ready-made ones."""

import numpy as np
import pytest

import graphmagic as tf

fc, inputs, Mode = tf.feature_column, tf.estimator.inputs, tf.estimator.ModeKeys
X = np.linspace(-1, 1, 32, dtype=np.float32)
Y = 3 * X + 1


def line(features, labels, mode, params):
    x = features["x"] if isinstance(features, dict) else features
    y = tf.reshape(tf.layers.dense(tf.reshape(x, [-1, 1]), 1, name="line"), [-1])
    if mode == Mode.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"y": y, "twice": 2 * y})
    loss = tf.losses.mean_squared_error(labels, y)
    optimizer = tf.train.GradientDescentOptimizer(params.get("rate", 0.2))
    step = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    metrics = {"error": tf.metrics.mean_absolute_error(labels, y)}
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step, eval_metric_ops=metrics)


def data(**options):
    return inputs.numpy_input_fn({"x": X}, Y, batch_size=8, **{"shuffle": False, **options})


def test_an_estimator_learns_goes_on_and_tells(tmp_path):
    model = tf.estimator.Estimator(line, str(tmp_path / "model"), params={"rate": 0.3})

    assert model.train(data(num_epochs=None), steps=30) is model
    first = model.evaluate(data())
    model = tf.estimator.Estimator(line, str(tmp_path / "model"), params={"rate": 0.3})
    second = model.train(data(num_epochs=None), steps=30).evaluate(data())

    assert (first["global_step"], second["global_step"]) == (30, 60)
    assert second["loss"] < first["loss"] < 0.1
    assert set(second) == {"error", "loss", "global_step"}
    assert model.get_variable_names() == ["global_step", "line/bias", "line/kernel"]
    assert model.get_variable_value("line/kernel") == pytest.approx(3, abs=0.1)
    assert model.latest_checkpoint().endswith("model.ckpt-60")
    predictions = list(model.predict(data(), predict_keys=["y"]))
    assert len(predictions) == 32
    assert set(predictions[0]) == {"y"}
    assert [p["y"] for p in predictions] == pytest.approx(list(Y), abs=0.3)


def test_max_steps_counts_what_was_done_before(tmp_path):
    model = tf.estimator.Estimator(line, str(tmp_path))
    model.train(data(num_epochs=None), max_steps=5)
    model.train(data(num_epochs=None), max_steps=5)

    assert model.get_variable_value("global_step") == 5


def test_training_ends_with_the_data(tmp_path):
    model = tf.estimator.Estimator(line, str(tmp_path)).train(data(num_epochs=3))

    assert model.get_variable_value("global_step") == 3 * 32 // 8


def test_what_is_logged(tmp_path, monkeypatch):
    lines = []
    monkeypatch.setattr(tf.logging, "info", lambda text, *args: lines.append(text % args))
    config = tf.estimator.RunConfig(save_checkpoints_steps=8, log_step_count_steps=4)
    model = tf.estimator.Estimator(line, str(tmp_path), config)
    model.train(data(num_epochs=None), steps=10)
    model.evaluate(data(), steps=2)

    for expected in (
        "Calling model_fn.",
        "Create CheckpointSaverHook.",
        "Graph was finalized.",
        f"Saving checkpoints for 0 into {tmp_path}/model.ckpt.",
        f"Saving checkpoints for 8 into {tmp_path}/model.ckpt.",
        f"Saving checkpoints for 10 into {tmp_path}/model.ckpt.",
        "Evaluation [1/2]",
        "Evaluation [2/2]",
    ):
        assert expected in lines
    assert any(text.startswith("loss = ") and text.endswith(", step = 1") for text in lines)
    assert any(text.startswith("Loss for final step: ") for text in lines)
    assert any(text.startswith("Saving dict for global step 10: error = ") for text in lines)


def test_a_data_set_is_input_too(tmp_path):
    def input_fn():
        return tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).batch(8).repeat(2)

    model = tf.estimator.Estimator(line, str(tmp_path)).train(input_fn)

    assert model.get_variable_value("global_step") == 8


def test_predicting_leaves_the_default_graph_alone(tmp_path):
    model = tf.estimator.Estimator(line, str(tmp_path)).train(data(num_epochs=None), steps=1)
    with tf.Graph().as_default() as graph:
        found = model.predict(data(), yield_single_examples=False)
        batch = next(found)

        assert tf.get_default_graph() is graph
        assert batch["twice"] == pytest.approx(2 * batch["y"])
        found.close()


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: tf.estimator.Estimator(None), ValueError, "model_fn must be provided"),
        (lambda: tf.estimator.Estimator(lambda labels: 0), ValueError, "must include features argument"),
        (
            lambda: tf.estimator.Estimator(lambda features, extra: 0),
            ValueError,
            r"not expected args: \['extra'\]",
        ),
        (
            lambda: tf.estimator.Estimator(lambda features: 0, params={"a": 1}),
            ValueError,
            "does not include params argument",
        ),
        (
            lambda: tf.estimator.Estimator(line).train(data(), steps=1, max_steps=2),
            ValueError,
            "both steps and",
        ),
        (
            lambda: tf.estimator.Estimator(line).train(data(), steps=0),
            ValueError,
            "Must specify steps > 0, given: 0",
        ),
        (lambda: tf.estimator.Estimator(lambda features: 3).train(dict), ValueError, "an EstimatorSpec"),
        (lambda: tf.estimator.Estimator(line).get_variable_names(), ValueError, "has not been trained yet"),
        (
            lambda: tf.estimator.RunConfig(save_checkpoints_steps=1, save_checkpoints_secs=1),
            ValueError,
            "both set",
        ),
        (lambda: inputs.numpy_input_fn({"x": X}, Y), ValueError, "shuffle must be provided"),
        (inputs.numpy_input_fn({"x": X}, Y[1:], shuffle=True), ValueError, "x: 32\ny: 31"),
        (inputs.numpy_input_fn({"x": [1]}, shuffle=True), TypeError, "must be an array"),
        (inputs.numpy_input_fn({}, shuffle=True), ValueError, "x cannot be empty dict"),
        (lambda: tf.estimator.EstimatorSpec("eval"), ValueError, "Missing loss."),
        (lambda: tf.estimator.EstimatorSpec("infer"), ValueError, "Missing predictions."),
        (lambda: tf.estimator.EstimatorSpec("eval", loss=tf.zeros([2])), ValueError, "Loss must be scalar"),
        (
            lambda: tf.estimator.DNNClassifier([2], [fc.numeric_column("x")], n_classes=1),
            ValueError,
            "n_classes",
        ),
    ],
)
def test_a_mistake_is_said(make, error, text):
    with tf.Graph().as_default(), pytest.raises(error, match=text):
        make()


def batches(epochs, **options):
    with tf.Graph().as_default(), tf.Session() as sess:
        make = inputs.numpy_input_fn(
            np.arange(5), np.arange(5) * 10, batch_size=3, num_epochs=epochs, **options
        )
        tensors, found = make(), []
        while len(found) < 4:
            try:
                found.append([part.tolist() for part in sess.run(tensors)])
            except tf.errors.OutOfRangeError:
                break
        return found


def test_batches_go_across_epochs():
    assert batches(2, shuffle=False) == [
        [[0, 1, 2], [0, 10, 20]],
        [[3, 4, 0], [30, 40, 0]],
        [[1, 2, 3], [10, 20, 30]],
        [[4], [40]],
    ]
    assert len(batches(None, shuffle=True)) == 4
    x, y = batches(1, shuffle=True)[0]
    assert y == [10 * v for v in x]


def random_points(seed=0):
    x = np.random.default_rng(seed).normal(size=(120, 2)).astype(np.float32)
    return x, (np.arctan2(x[:, 0], x[:, 1]) // (2 * np.pi / 3)).astype(int) + 2


def test_a_deep_classifier(tmp_path):
    x, y = random_points()
    y = y - y.min()
    columns = [fc.numeric_column("x", shape=[2])]
    classes = int(y.max()) + 1
    model = tf.estimator.DNNClassifier([20, 10], columns, str(tmp_path), classes, dropout=0.1)
    model.train(inputs.numpy_input_fn({"x": x}, y, num_epochs=None, shuffle=True), steps=200)
    found = model.evaluate(inputs.numpy_input_fn({"x": x}, y, shuffle=False))

    assert found["accuracy"] > 0.9
    assert found["loss"] == pytest.approx(found["average_loss"] * 120, rel=1e-4)
    names = [name for name in model.get_variable_names() if "Adagrad" not in name]
    assert names == [
        *("dnn/hiddenlayer_0/bias", "dnn/hiddenlayer_0/kernel"),
        *("dnn/hiddenlayer_1/bias", "dnn/hiddenlayer_1/kernel", "dnn/logits/bias", "dnn/logits/kernel"),
        "global_step",
    ]
    one = next(iter(model.predict(inputs.numpy_input_fn({"x": x[:1]}, shuffle=False))))
    assert set(one) == {"logits", "probabilities", "class_ids", "classes"}
    assert one["probabilities"].sum() == pytest.approx(1)
    assert one["classes"].tolist() == [str(one["class_ids"][0]).encode()]


def test_a_binary_classifier_with_a_vocabulary_and_weights(tmp_path):
    x, _ = random_points()
    y = np.where(x[:, 0] > 0, "yes", "no")
    model = tf.estimator.LinearClassifier(
        [fc.numeric_column("x", shape=[2])], str(tmp_path), label_vocabulary=["no", "yes"], weight_column="w"
    )
    features = {"x": x, "w": np.full(120, 2.0, np.float32)}
    model.train(inputs.numpy_input_fn(features, y, num_epochs=50, shuffle=True))
    found = model.evaluate(inputs.numpy_input_fn(features, y, shuffle=False))

    assert found["accuracy"] > 0.95
    assert found["auc"] > 0.98
    assert found["label/mean"] == pytest.approx((y == "yes").mean())
    assert found["loss"] == pytest.approx(found["average_loss"] * 240, rel=1e-4)
    names = [name for name in model.get_variable_names() if "Ftrl" not in name]
    assert names == ["global_step", "linear/linear_model/bias_weights", "linear/linear_model/x/weights"]


def test_wide_and_deep(tmp_path):
    x, _ = random_points()
    sign = np.where(x[:, 1] > 0, "up", "down")
    y = x[:, 0] ** 2 + np.where(sign == "up", 3, 0)
    wide = [fc.categorical_column_with_vocabulary_list("sign", ["up", "down"])]
    deep = [fc.numeric_column("x", shape=[2])]
    model = tf.estimator.DNNLinearCombinedRegressor(
        str(tmp_path), wide, tf.train.FtrlOptimizer(0.1), deep, "Adagrad", [16]
    )
    features = {"x": x, "sign": sign}
    model.train(inputs.numpy_input_fn(features, y, num_epochs=None, shuffle=True), steps=400)
    found = model.evaluate(inputs.numpy_input_fn(features, y, shuffle=False))

    assert found["average_loss"] < 0.2
    assert found["global_step"] == 400


def test_evaluation_on_the_way(tmp_path):
    evaluated = []

    class Count(tf.train.SessionRunHook):
        def end(self, session):
            evaluated.append(int(session.run(tf.train.get_global_step())))

    config = tf.estimator.RunConfig(save_checkpoints_steps=10)
    model = tf.estimator.Estimator(line, str(tmp_path), config)
    train = tf.estimator.TrainSpec(data(num_epochs=None), max_steps=25)
    metrics, _ = tf.estimator.train_and_evaluate(
        model, train, tf.estimator.EvalSpec(data(), throttle_secs=0, hooks=[Count()])
    )

    assert metrics["global_step"] == 25
    assert evaluated == [10, 20, 25, 25]
