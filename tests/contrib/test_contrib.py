"""Contributed code as tutorials used it: sequences, layers and their scopes, forests, k-means."""

import numpy as np
import pytest

import graphmagic as tf

contrib = tf.contrib


def translate(model, own_words):
    """The losses before and after training a model to write what it reads."""
    seq2seq = contrib.legacy_seq2seq
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(1)
        read = [tf.placeholder(tf.int32, [None]) for _ in range(4)]
        written = [tf.placeholder(tf.int32, [None]) for _ in range(3)]
        targets = [tf.placeholder(tf.int32, [None]) for _ in range(3)]
        weights = [tf.ones_like(t, tf.float32) for t in targets]
        own = tf.constant(True) if own_words == "tensor" else own_words

        def unrolled(x, y):
            cell = contrib.rnn.GRUCell(8)
            return getattr(seq2seq, model)(x, y, cell, 10, 11, 5, feed_previous=own)

        _, losses = seq2seq.model_with_buckets(read, written, targets, weights, [(2, 2), (4, 3)], unrolled)
        step = tf.train.AdamOptimizer(0.05).minimize(losses[1])
        feed = {x: [1, 2, 3] for x in read + written} | {t: [4, 5, 6] for t in targets}
        sess.run(tf.global_variables_initializer())
        before = sess.run(losses[1], feed)
        for _ in range(30):
            sess.run(step, feed)
        return before, sess.run(losses[1], feed), [v.op.name for v in tf.trainable_variables()]


@pytest.mark.parametrize("own_words", [False, True, "tensor"])
@pytest.mark.parametrize("model", ["embedding_rnn_seq2seq", "embedding_attention_seq2seq"])
def test_sequences_are_learned(model, own_words):
    before, after, names = translate(model, own_words)

    assert before == pytest.approx(np.log(11), abs=0.3)
    assert after < 0.1
    assert f"{model}/rnn/embedding_wrapper/embedding" in names
    assert len(names) == len(set(names)) == (12 if "attention" not in model else 20)


def test_layers_have_the_names_of_version_1():
    layers = contrib.layers
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 8, 8, 3])
        net = layers.conv2d(x, 4, 3, normalizer_fn=layers.batch_norm, scope="first")
        net = layers.max_pool2d(net, 2)
        net = layers.flatten(layers.conv2d(net, 2, [3, 3]))
        y = layers.fully_connected(layers.dropout(net, 0.5), 5, activation_fn=None)

        assert y.shape.as_list() == [None, 5]
        assert y.name == "fully_connected/BiasAdd:0"
        assert [v.op.name for v in tf.global_variables()] == [
            *("first/weights", "first/BatchNorm/beta"),
            *("first/BatchNorm/moving_mean", "first/BatchNorm/moving_variance"),
            *("Conv/weights", "Conv/biases", "fully_connected/weights", "fully_connected/biases"),
        ]
        assert len(tf.get_collection(tf.GraphKeys.UPDATE_OPS)) == 2
        assert len(tf.model_variables()) == 8


def test_a_scope_gives_arguments():
    slim = contrib.slim
    with tf.Graph().as_default():
        x = tf.zeros([1, 8, 8, 3])
        with slim.arg_scope(
            [slim.conv2d, slim.fully_connected], weights_regularizer=slim.l2_regularizer(0.1)
        ):
            with slim.arg_scope([slim.conv2d], padding="VALID") as scope:
                inner = slim.conv2d(x, 2, [3, 3], scope="a")
            outer = slim.conv2d(x, 2, [3, 3], scope="b")
        with slim.arg_scope(scope):
            again = slim.repeat(x, 2, slim.conv2d, 4, [3, 3], scope="c")

        assert [t.shape.as_list()[1] for t in (inner, outer, again)] == [6, 8, 4]
        assert len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)) == 4
        assert "c/c_2/weights" in [v.op.name for v in tf.global_variables()]
        with (
            pytest.raises(ValueError, match="is not decorated with @add_arg_scope"),
            slim.arg_scope([tf.add]),
        ):
            pass


def test_batch_norm_updates_at_once_when_told():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None, 2])
        y = contrib.layers.batch_norm(x, decay=0.5, updates_collections=None)
        sess.run(tf.global_variables_initializer())
        sess.run(y, {x: [[2.0, 4.0], [4.0, 8.0]]})
        mean = next(v for v in tf.global_variables() if "moving_mean" in v.name)

        assert sess.run(mean).tolist() == [1.5, 3.0]
        assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == []


@pytest.mark.parametrize(("metric", "in_batches"), [("squared_euclidean", False), ("cosine", True)])
def test_k_means_finds_groups(metric, in_batches):
    random = np.random.default_rng(0)
    points = np.concatenate([random.normal(c, 0.1, (20, 2)) for c in ([0, 3], [3, 0], [3, 3])]).astype(
        np.float32
    )
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None, 2])
        start = points[[0, 20, 40]]
        kmeans = contrib.factorization.KMeans(x, 3, start, metric, use_mini_batch=in_batches)
        _, numbers, scores, _, _, init, train = kmeans.training_graph()
        sess.run(tf.global_variables_initializer())
        sess.run(init, {x: points})
        first = np.mean(sess.run(scores, {x: points}))
        for _ in range(5):
            sess.run(train, {x: points})
        found = sess.run(numbers[0], {x: points})

        assert [len(set(found[i : i + 20])) for i in (0, 20, 40)] == [1, 1, 1]
        assert len(set(found)) == 3
        assert np.mean(sess.run(scores, {x: points})) < first


def test_a_forest_grows_in_each_session_by_itself():
    from graphmagic.contrib.tensor_forest import tensor_forest

    random = np.random.default_rng(0)
    x = random.uniform(-1, 1, (600, 2)).astype(np.float32)
    y = ((x[:, 0] > 0) ^ (x[:, 1] > 0)).astype(np.int32)
    with tf.Graph().as_default():
        params = tensor_forest.ForestHParams(
            num_trees=10, max_nodes=200, num_classes=2, num_features=2, split_after_samples=40
        )
        forest = tensor_forest.RandomForestGraphs(params.fill())
        train, loss = forest.training_graph(x, y), forest.training_loss(x, y)
        right = tf.reduce_mean(
            tf.to_float(tf.equal(tf.argmax(forest.inference_graph(x)[0], 1), tf.to_int64(y)))
        )
        init = tf.global_variables_initializer()
        with tf.Session() as one, tf.Session() as other:
            one.run(init)
            other.run(init)
            for _ in range(8):
                one.run(train)

            assert one.run(right) > 0.9
            assert one.run(loss) < -10
            assert other.run(loss) == -1


def test_what_is_missing_says_what_to_use():
    with pytest.raises(AttributeError, match="Use TensorFlow itself for eager execution"):
        _ = contrib.eager
    with pytest.raises(AttributeError, match=r"Use tf\.layers or tf\.nn"):
        _ = contrib.layers.bow_encoder
