"""Programs of our own in the style of tutorials, one for each namespace that the other files here leave out."""

import textwrap

import numpy as np
import pytest

from graphmagic import legacy


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the text of a program in a folder of its own, and gives its names."""
    monkeypatch.chdir(tmp_path)

    def execute(source):
        names = {}
        with legacy.installed():
            exec(compile(textwrap.dedent(source), "program.py", "exec"), names)
        return names

    return execute


TWO_CLOUDS = """
    import numpy as np
    import tensorflow as tf

    random = np.random.RandomState(0)
    labels = random.randint(0, 2, 200)
    points = (random.randn(200, 2) + 3 * labels[:, None]).astype(np.float32)
"""


def test_keras(run):
    names = run(
        TWO_CLOUDS
        + """
    tf.set_random_seed(0)
    model = tf.keras.models.Sequential()
    model.add(tf.keras.layers.Dense(8, activation="relu", input_dim=2))
    model.add(tf.keras.layers.Dropout(0.1))
    model.add(tf.keras.layers.Dense(2, activation="softmax"))
    model.compile(optimizer=tf.keras.optimizers.Adam(0.05), loss="categorical_crossentropy", metrics=["accuracy"])
    targets = tf.keras.utils.to_categorical(labels, 2)
    history = model.fit(points, targets, epochs=15, batch_size=20, verbose=0, validation_split=0.2)
    loss, accuracy = model.evaluate(points, targets, verbose=0)
    lines = []
    model.summary(print_fn=lines.append)
    """
    )
    assert names["accuracy"] > 0.95
    assert names["history"].history["val_loss"][-1] < names["history"].history["val_loss"][0] / 2
    assert names["lines"][0] == 'Model: "sequential"'
    assert names["lines"][-4] == "Total params: 42"


def test_estimators(run):
    names = run(
        TWO_CLOUDS
        + """
    tf.logging.set_verbosity(tf.logging.ERROR)
    columns = [tf.feature_column.numeric_column("x", shape=[2])]
    classifier = tf.estimator.DNNClassifier([10], columns, model_dir="model", n_classes=2)
    train = tf.estimator.inputs.numpy_input_fn({"x": points}, labels, batch_size=20, num_epochs=None, shuffle=True)
    classifier.train(train, steps=100)
    test = tf.estimator.inputs.numpy_input_fn({"x": points}, labels, num_epochs=1, shuffle=False)
    measured = classifier.evaluate(test)
    found = [int(p["class_ids"][0]) for p in classifier.predict(test)]
    saved = tf.train.latest_checkpoint("model")
    """
    )
    assert names["measured"]["accuracy"] > 0.9
    assert names["measured"]["global_step"] == 100
    assert np.mean(names["found"] == names["labels"]) == pytest.approx(
        names["measured"]["accuracy"], abs=0.01
    )
    assert names["saved"].endswith("model.ckpt-100")


def test_images(run):
    names = run(
        """
    import numpy as np
    import tensorflow as tf

    picture = np.zeros([6, 4, 3], np.uint8)
    picture[:, :2] = [200, 100, 0]
    with tf.Session() as sess:
        tf.gfile.FastGFile("a.png", "wb").write(sess.run(tf.image.encode_png(picture)))
        decoded = tf.image.decode_png(tf.read_file("a.png"), channels=3)
        same, flipped, grey, small, bright = sess.run([
            decoded,
            tf.image.flip_left_right(decoded),
            tf.image.rgb_to_grayscale(decoded),
            tf.image.resize_images(decoded, [3, 2], method=tf.image.ResizeMethod.NEAREST_NEIGHBOR),
            tf.image.adjust_brightness(tf.image.convert_image_dtype(decoded, tf.float32), 0.1),
        ])
    """
    )
    picture = names["picture"]
    np.testing.assert_array_equal(names["same"], picture)
    np.testing.assert_array_equal(names["flipped"], picture[:, ::-1])
    assert names["grey"].shape == (6, 4, 1)
    assert int(names["grey"][0, 0, 0]) == pytest.approx(0.2989 * 200 + 0.587 * 100, abs=1)
    np.testing.assert_array_equal(names["small"], picture[::2, ::2])
    np.testing.assert_allclose(names["bright"], picture / 255 + 0.1, rtol=1e-5)


def test_contributed_cells_layers_and_sequences(run):
    names = run(
        """
    import numpy as np
    import tensorflow as tf
    from tensorflow.contrib import layers, legacy_seq2seq, rnn

    tf.set_random_seed(1)
    words, steps, batch = 6, 4, 8
    given = [tf.placeholder(tf.int32, [None]) for _ in range(steps)]
    wanted = [tf.placeholder(tf.int32, [None]) for _ in range(steps)]
    start = [tf.zeros_like(given[0])] + wanted[:-1]
    outputs, _ = legacy_seq2seq.embedding_rnn_seq2seq(given, start, rnn.BasicLSTMCell(24), words, words, 8)
    loss = legacy_seq2seq.sequence_loss(outputs, wanted, [tf.ones([batch])] * steps)
    features = layers.fully_connected(outputs[0], 3, weights_regularizer=layers.l2_regularizer(0.01))
    regular = tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
    step = tf.train.AdamOptimizer(0.03).minimize(loss + regular)
    random, losses = np.random.RandomState(0), []
    with tf.Session() as sess:
        sess.run(tf.initialize_all_variables())
        for _ in range(150):
            x = random.randint(1, words, (steps, batch))
            feeds = dict(zip(given + wanted, np.concatenate([x, x[::-1]])))
            losses.append(sess.run([loss, step], feeds)[0])
    """
    )
    assert names["losses"][0] > 1.6
    assert np.mean(names["losses"][-5:]) < 1.0


def test_training_sessions_averages_and_schedules(run):
    names = run(
        """
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    with tf.Graph().as_default():
        step = tf.train.get_or_create_global_step()
        rate = tf.train.exponential_decay(0.4, step, 10, 0.5, staircase=True)
        w = tf.get_variable("w", initializer=5.0)
        train = tf.train.GradientDescentOptimizer(rate).minimize(tf.square(w - 3.0), global_step=step)
        average = tf.train.ExponentialMovingAverage(0.5)
        with tf.control_dependencies([train]):
            follow = average.apply([w])
        hooks = [tf.train.StopAtStepHook(last_step=25)]
        config = tf.ConfigProto(allow_soft_placement=True)
        rates, saver, followed = [], tf.train.Saver(), average.average(w)
        with tf.train.MonitoredTrainingSession(checkpoint_dir="logs", hooks=hooks, config=config) as sess:
            while not sess.should_stop():
                rates.append(float(sess.run([rate, follow])[0]))
        found = tf.train.latest_checkpoint("logs")
        with tf.Session() as sess:
            saver.restore(sess, found)
            last, number, followed = sess.run([w, step, followed])
    """
    )
    assert names["found"].endswith("model.ckpt-25")
    assert names["number"] == 25
    assert names["last"] == pytest.approx(3.0, abs=1e-3)
    assert names["followed"] == pytest.approx(3.0, abs=1e-3)
    assert [names["rates"][n] for n in (0, 12, 24)] == pytest.approx([0.4, 0.2, 0.1])
