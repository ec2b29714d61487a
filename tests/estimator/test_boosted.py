"""Boosted trees: one split against all splits, models that learn, save, go on and end by themselves."""

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.estimator.boosted.trees import Settings, empty_trees, grow, predict, thresholds

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 3)).astype("f")


def loss_of(g, h, l2):
    return -(g.sum() ** 2) / (h.sum() + l2)


def test_a_split_is_the_best_of_all():
    g, h = rng.normal(size=(60, 1)), rng.uniform(0.5, 1, (60, 1))
    settings = Settings(learning_rate=0.3, l2=0.1)

    trees = grow(X, (g, h), empty_trees(1), settings)

    found = {}
    for feature in range(3):
        for value in thresholds(X)[:, feature]:
            left = X[:, feature] <= value
            if left.all():
                continue
            sides = [loss_of(g[s] / 60, h[s] / 60, 0.1) for s in (left, ~left)]
            found[sum(sides)] = feature, value, left
    feature, value, left = found[min(found)]
    assert trees["feature"][0] == feature
    assert trees["threshold"][0] == value
    wanted = -0.3 * (g[left].sum() / 60) / (h[left].sum() / 60 + 0.1)
    np.testing.assert_allclose(predict(X, trees)[left], wanted, rtol=1e-5)


def test_a_split_that_is_not_worth_its_cost_is_not_made():
    g, h = rng.normal(size=(60, 1)), np.ones((60, 1))

    trees = grow(X, (g, h), empty_trees(1), Settings(tree_complexity=10.0))

    assert trees["child"].tolist() == [-1, -1]  # the next tree has begun
    assert not predict(X, trees).any()


def test_features_without_differences_are_left_alone():
    g, h = rng.normal(size=(60, 1)), np.ones((60, 1))
    same = np.ones((60, 3), "f")

    assert grow(same, (g, h), empty_trees(1), Settings())["child"].tolist() == [-1, -1]


def data(x, y, **options):
    return tf.estimator.inputs.numpy_input_fn({"a": x[:, 0], "b": x[:, 1]}, y, **options)


def columns():
    numbers = tf.feature_column
    return [
        numbers.numeric_column("a"),
        numbers.bucketized_column(numbers.numeric_column("b"), [-1.0, -0.5, 0.0, 0.5, 1.0]),
    ]


@pytest.mark.parametrize("classes", [2, 3])
def test_classes_are_learned_and_training_ends_with_the_trees(classes, tmp_path):
    x = rng.normal(size=(300, 2)).astype("f")
    y = (x[:, 0] > 0).astype(int) + (x[:, 1] > 0) * (classes - 2)
    y[x[:, 1] > 0.5] = 0

    def model():
        return tf.estimator.BoostedTreesClassifier(
            columns(), 2, str(tmp_path), classes, n_trees=4, max_depth=3, learning_rate=0.6
        )

    train = data(x, y, batch_size=150, num_epochs=None, shuffle=False)
    model().train(train, max_steps=4)
    assert model().train(train, max_steps=500).latest_checkpoint().endswith("model.ckpt-24")

    found = model().evaluate(data(x, y, shuffle=False))
    assert found["accuracy"] > 0.95
    first = next(model().predict(data(x, None, shuffle=False)))
    assert first["probabilities"].shape == (classes,)
    assert first["class_ids"][0] == first["probabilities"].argmax()


def test_numbers_are_learned_around_their_mean():
    x = rng.normal(size=(90, 2)).astype("f")
    y = (5 + np.sign(x[:, :1]) * 2).astype("f")
    model = tf.estimator.BoostedTreesRegressor(
        columns(), 1, n_trees=10, max_depth=2, learning_rate=0.5, center_bias=True
    )

    model.train(data(x, y, batch_size=90, num_epochs=None, shuffle=False), steps=100)

    assert model.evaluate(data(x, y, shuffle=False))["average_loss"] < 0.01


def test_other_columns_are_refused():
    words = tf.feature_column.categorical_column_with_vocabulary_list("word", ["good", "bad"])

    with pytest.raises(ValueError, match="only bucketized, numeric and indicator columns are supported"):
        tf.estimator.BoostedTreesClassifier([words], 1)


def test_the_old_estimator_takes_its_message():
    boosted = tf.contrib.boosted_trees
    config = boosted.proto.learner_pb2.LearnerConfig()
    config.learning_rate_tuner.fixed.learning_rate = 0.5
    config.constraints.max_tree_depth = 4
    config.growing_mode = config.LAYER_BY_LAYER
    config.multi_class_strategy = config.DIAGONAL_HESSIAN
    model = boosted.estimator_batch.estimator.GradientBoostedDecisionTreeClassifier(
        config, examples_per_layer=100, n_classes=3, num_trees=6, center_bias=False,
        config=tf.contrib.learn.RunConfig(save_checkpoints_secs=300),
    )  # fmt: skip
    x = rng.normal(size=(256, 4)).astype("f")
    y = x[:, :3].argmax(1)
    train = tf.estimator.inputs.numpy_input_fn({"x": x}, y, batch_size=64, num_epochs=None, shuffle=False)
    test = tf.estimator.inputs.numpy_input_fn({"x": x}, y, shuffle=False)

    model.fit(input_fn=train, max_steps=500)

    assert model.evaluate(input_fn=test)["accuracy"] > 0.8
    classes, chances = list(model.predict_classes(test)), list(model.predict_proba(test))
    assert classes == [chance.argmax() for chance in chances]
    with pytest.raises(ValueError, match="Pass either `input_fn` or `x` and `y`"):
        model.fit()
    config.multi_class_strategy = config.FULL_HESSIAN
    with pytest.raises(ValueError, match="use DIAGONAL_HESSIAN"):
        type(model)(config, 100, 3)
