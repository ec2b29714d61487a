"""Programs in the style of the published collections, run unmodified from a folder, with what they must reach."""

import re

import numpy as np
import pytest

pytest.importorskip("tensorboard")
accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")


def numbers(done):
    """The numbers that a program has printed, one a line."""
    return [float(line) for line in done.stdout.splitlines() if re.fullmatch(r"-?[\d.e+-]+|nan", line)]


def test_linear_regression_with_feeds_summaries_and_a_saver(program, tmp_path):
    source = """
        from __future__ import print_function
        import numpy as np
        import tensorflow as tf

        rng = np.random
        rng.seed(0)
        train_x = rng.uniform(-1, 1, 50).astype(np.float)
        train_y = 2 * train_x + 0.5
        X, Y = tf.placeholder("float"), tf.placeholder("float")
        W = tf.Variable(rng.randn(), name="weight")
        b = tf.Variable(rng.randn(), name="bias")
        pred = tf.add(tf.mul(X, W), b)
        cost = tf.reduce_sum(tf.pow(pred - Y, 2)) / (2 * 50)
        tf.scalar_summary("cost", cost)
        optimizer = tf.train.GradientDescentOptimizer(2.0).minimize(cost)
        summaries = tf.merge_all_summaries()
        saver = tf.train.Saver()
        with tf.Session() as sess:
            sess.run(tf.initialize_all_variables())
            writer = tf.train.SummaryWriter("logs", graph=tf.get_default_graph())
            for epoch in range(10):
                for x, y in zip(train_x, train_y):
                    sess.run(optimizer, feed_dict={X: x, Y: y})
                text, loss = sess.run([summaries, cost], feed_dict={X: train_x, Y: train_y})
                writer.add_summary(text, epoch)
                print(loss)
            saver.save(sess, "./model.ckpt", global_step=epoch)
        with tf.Session() as sess:
            saver.restore(sess, tf.train.latest_checkpoint("."))
            print(sess.run(W))
            print(sess.run(b))
        """
    done = program(source)
    *losses, weight, bias = numbers(done)
    assert len(losses) == 10
    assert losses[-1] < losses[0] / 20
    np.testing.assert_allclose([weight, bias], [2, 0.5], atol=0.05)
    assert "tf.initialize_all_variables" not in done.stdout
    assert "initialize_all_variables (from tensorflow.python.ops.variables) is deprecated" in done.stderr
    found = accumulator.EventAccumulator(str(tmp_path / "logs")).Reload()
    np.testing.assert_allclose([event.value for event in found.Scalars("cost")], losses, rtol=1e-5)
    assert "weight" in {node.name for node in found.Graph().node}


def test_a_convolutional_network_on_mnist_files(program, mnist_folder):
    source = """
        import sys
        import tensorflow as tf
        from tensorflow.examples.tutorials.mnist import input_data

        mnist = input_data.read_data_sets(sys.argv[1], one_hot=True)
        x = tf.placeholder(tf.float32, [None, 784])
        y = tf.placeholder(tf.float32, [None, 10])
        keep = tf.placeholder(tf.float32)
        image = tf.reshape(x, [-1, 28, 28, 1])
        net = tf.layers.conv2d(image, 4, 5, strides=2, activation=tf.nn.relu, padding="same")
        net = tf.layers.max_pooling2d(net, 2, 2)
        net = tf.nn.dropout(tf.contrib.layers.flatten(net), keep)
        logits = tf.layers.dense(net, 10)
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=y))
        step = tf.train.AdamOptimizer(1e-2).minimize(loss)
        correct = tf.equal(tf.argmax(logits, 1), tf.argmax(y, 1))
        accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
        tf.set_random_seed(0)
        with tf.Session(config=tf.ConfigProto(log_device_placement=False)) as sess:
            sess.run(tf.global_variables_initializer())
            for i in range(40):
                xs, ys = mnist.train.next_batch(50)
                sess.run(step, feed_dict={x: xs, y: ys, keep: 0.9})
            print(accuracy.eval({x: mnist.test.images, y: mnist.test.labels, keep: 1.0}))
        """
    done = program(source, str(mnist_folder))
    assert numbers(done)[-1] > 0.95
    assert done.stdout.startswith(f"Extracting {mnist_folder}/train-images-idx3-ubyte.gz\n")


def test_recurrent_networks(program):
    source = """
        import numpy as np
        import tensorflow as tf
        from tensorflow.contrib import rnn

        tf.set_random_seed(1)
        np.random.seed(1)
        x = tf.placeholder(tf.float32, [None, 6, 1])
        y = tf.placeholder(tf.float32, [None, 1])
        steps = tf.unstack(x, 6, 1)
        with tf.variable_scope("static"):
            outputs, _ = rnn.static_rnn(rnn.BasicLSTMCell(8, forget_bias=1.0), steps, dtype=tf.float32)
        with tf.variable_scope("dynamic"):
            cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(8) for _ in range(2)])
            rows, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
        for last in (outputs[-1], rows[:, -1]):
            loss = tf.losses.mean_squared_error(y, tf.layers.dense(last, 1))
            step = tf.train.AdamOptimizer(0.03).minimize(loss)
            with tf.Session() as sess:
                sess.run(tf.global_variables_initializer())
                for i in range(120):
                    batch = np.random.uniform(-1, 1, [32, 6, 1])
                    feed = {x: batch, y: batch.mean(axis=1)}
                    value, _ = sess.run([loss, step], feed)
                print(value)
        """
    assert max(numbers(program(source))) < 0.01


def test_word_vectors_with_noise_contrastive_estimation(program, tmp_path):
    source = """
        import numpy as np
        import tensorflow as tf
        from tensorflow.contrib.tensorboard.plugins import projector

        words = "one two three four five six seven eight".split()
        tf.set_random_seed(2)
        rng = np.random.RandomState(2)
        centre = tf.placeholder(tf.int32, [20], name="centre")
        target = tf.placeholder(tf.int32, [20, 1], name="target")
        with tf.name_scope("embed"):
            matrix = tf.Variable(tf.random_uniform([8, 4], -1.0, 1.0), name="matrix")
            embed = tf.nn.embedding_lookup(matrix, centre)
        weights = tf.Variable(tf.truncated_normal([8, 4], stddev=0.5))
        loss = tf.reduce_mean(tf.nn.nce_loss(weights, tf.Variable(tf.zeros([8])), target, embed, 3, 8))
        step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for i in range(200):
                a = rng.randint(8, size=20)
                value, _ = sess.run([loss, step], {centre: a, target: ((a + 1) % 8)[:, np.newaxis]})
                if i % 199 == 0:
                    print(value)
            writer = tf.summary.FileWriter("vectors")
            config = projector.ProjectorConfig()
            item = config.embeddings.add()
            item.tensor_name = matrix.name
            item.metadata_path = "words.tsv"
            projector.visualize_embeddings(writer, config)
            tf.train.Saver([matrix]).save(sess, "vectors/model.ckpt", 1)
        """
    first, last = numbers(program(source))
    assert last < first
    assert 'tensor_name: "embed/matrix:0"' in (tmp_path / "vectors" / "projector_config.pbtxt").read_text()


def test_data_sets_with_two_iterators_and_metrics(program):
    source = """
        import numpy as np
        import tensorflow as tf

        rng = np.random.RandomState(0)
        points = rng.randn(200, 2).astype(np.float32)
        labels = (points.sum(axis=1) > 0).astype(np.int64)
        train = tf.data.Dataset.from_tensor_slices((points[:150], labels[:150])).shuffle(150).batch(32)
        test = tf.data.Dataset.from_tensor_slices((points[150:], labels[150:])).batch(32)
        iterator = tf.data.Iterator.from_structure(train.output_types, train.output_shapes)
        x, y = iterator.get_next()
        start = [iterator.make_initializer(d) for d in (train, test)]
        logits = tf.layers.dense(x, 2, name="dense")
        loss = tf.losses.sparse_softmax_cross_entropy(labels=y, logits=logits)
        step = tf.train.AdamOptimizer(0.1).minimize(loss, global_step=tf.train.get_or_create_global_step())
        accuracy, update = tf.metrics.accuracy(y, tf.argmax(logits, 1))
        with tf.Session() as sess:
            sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
            for epoch in range(10):
                sess.run(start[0])
                try:
                    while True:
                        sess.run(step)
                except tf.errors.OutOfRangeError:
                    pass
            sess.run(start[1])
            while True:
                try:
                    sess.run(update)
                except tf.errors.OutOfRangeError:
                    break
            print(sess.run(accuracy))
            print(sess.run(tf.train.get_global_step()))
        """
    accuracy, steps = numbers(program(source))
    assert accuracy > 0.9
    assert steps == 50


def test_records_through_queues(program):
    source = """
        import numpy as np
        import tensorflow as tf

        with tf.python_io.TFRecordWriter("pictures.tfrecord") as writer:
            for i in range(6):
                features = tf.train.Features(feature={
                    "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[i])),
                    "image": tf.train.Feature(
                        bytes_list=tf.train.BytesList(value=[np.full([2, 3], i, np.uint8).tobytes()])),
                })
                writer.write(tf.train.Example(features=features).SerializeToString())
        queue = tf.train.string_input_producer(["pictures.tfrecord"], num_epochs=2)
        _, serialized = tf.TFRecordReader().read(queue)
        features = tf.parse_single_example(serialized, features={
            "label": tf.FixedLenFeature([], tf.int64), "image": tf.FixedLenFeature([], tf.string)})
        image = tf.reshape(tf.decode_raw(features["image"], tf.uint8), [2, 3])
        images, labels = tf.train.shuffle_batch([image, features["label"]], 3, 20, 5, num_threads=2)
        with tf.Session() as sess:
            sess.run(tf.group(tf.global_variables_initializer(), tf.local_variables_initializer()))
            coord = tf.train.Coordinator()
            threads = tf.train.start_queue_runners(coord=coord)
            seen = []
            try:
                while not coord.should_stop():
                    pixels, numbers = sess.run([images, labels])
                    assert (pixels == numbers[:, None, None]).all()
                    seen.extend(numbers)
            except tf.errors.OutOfRangeError:
                print(len(seen))
                print(sum(seen))
            finally:
                coord.request_stop()
                coord.join(threads)
        """
    assert numbers(program(source)) == [12, 30]


def test_a_program_with_flags_and_an_application(program):
    source = """
        import tensorflow as tf

        flags = tf.app.flags
        flags.DEFINE_integer("steps", 3, "how many")
        flags.DEFINE_string("name", "x", "what")
        FLAGS = flags.FLAGS

        def main(_):
            with tf.Graph().as_default(), tf.Session() as sess:
                v = tf.get_variable("v", [], initializer=tf.zeros_initializer())
                add = tf.assign_add(v, 1.0)
                sess.run(v.initializer)
                for _ in range(FLAGS.steps):
                    sess.run(add)
                print(FLAGS.name, v.eval())
            tf.gfile.MakeDirs("out")
            with tf.gfile.GFile("out/note.txt", "w") as f:
                f.write("done")
            print(tf.gfile.Exists("out/note.txt"))

        if __name__ == "__main__":
            tf.app.run()
        """
    assert program(source, "--steps", "5", "--name=y").stdout == "y 5.0\nTrue\n"
