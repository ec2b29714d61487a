"""Programs in the style of 2017: queues, readers, data sets, summaries and the alias, end to end."""

import glob
import subprocess
import sys
import threading

import numpy as np
import pytest

import graphmagic as tf
from graphmagic import legacy


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


def test_a_csv_file_through_queues(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("a,b\n" + "".join(f"{i},{2 * i}\n" for i in range(10)))
    names = tf.train.string_input_producer([str(path)], num_epochs=1)
    _, line = tf.TextLineReader(skip_header_lines=1).read(names)
    a, b = tf.decode_csv(line, [[0], [0.0]])
    batch_a, batch_b = tf.train.batch([a, b], 4, allow_smaller_final_batch=True)
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coord)
        seen = []
        with pytest.raises(tf.errors.OutOfRangeError):
            while not coord.should_stop():
                rows, doubled = sess.run([batch_a, batch_b])
                np.testing.assert_array_equal(doubled, 2.0 * rows)
                seen += rows.tolist()
        coord.request_stop()
        coord.join(threads, stop_grace_period_secs=10)
    assert seen == list(range(10))


def test_a_queue_runner_that_fails_surfaces_its_error():
    queue = tf.FIFOQueue(2, [tf.float32], shapes=[[]])
    bad = queue.enqueue(tf.py_func(lambda: 1 / 0, [], tf.float32))
    value = queue.dequeue()
    with tf.Session() as sess:
        coord = tf.train.Coordinator()
        threads = tf.train.QueueRunner(queue, [bad]).create_threads(sess, coord, daemon=True, start=True)
        with pytest.raises(tf.errors.OutOfRangeError):
            sess.run(value)
        with pytest.raises(tf.errors.UnknownError, match="ZeroDivisionError"):
            coord.join(threads, stop_grace_period_secs=10)


def test_closing_the_session_wakes_a_thread_that_waits():
    queue = tf.FIFOQueue(2, [tf.float32], shapes=[[]])
    value, found = queue.dequeue(), []
    sess = tf.Session()

    def wait():
        try:
            sess.run(value)
        except Exception as error:
            found.append(type(error))

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    while not sess._state._resources:
        pass
    sess.close()
    thread.join(10)
    assert found == [tf.errors.CancelledError]


def test_records_of_examples(tmp_path):
    path = str(tmp_path / "data.tfrecord")
    with tf.python_io.TFRecordWriter(path) as writer:
        for i in range(3):
            feature = {
                "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[-i])),
                "raw": tf.train.Feature(bytes_list=tf.train.BytesList(value=[bytes([i, i + 1])])),
            }
            writer.write(tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString())
    spec = {"label": tf.FixedLenFeature([], tf.int64), "raw": tf.FixedLenFeature([], tf.string)}

    def parse(text):
        parsed = tf.parse_single_example(text, spec)
        return tf.decode_raw(parsed["raw"], tf.uint8), parsed["label"]

    pixels, labels = tf.data.TFRecordDataset(path).map(parse).batch(2).make_one_shot_iterator().get_next()
    with tf.Session() as sess:
        first = sess.run([pixels, labels])
        np.testing.assert_array_equal(first[0], [[0, 1], [1, 2]])
        np.testing.assert_array_equal(first[1], [0, -1])


def test_a_model_learns_from_either_data_set():
    x = np.linspace(-1, 1, 40, dtype=np.float32)
    train = tf.data.Dataset.from_tensor_slices((x, 3 * x + 1)).shuffle(40, seed=0).repeat(30).batch(8)
    test = tf.data.Dataset.from_tensor_slices((x[:8], 3 * x[:8] + 1)).batch(8)
    iterator = tf.data.Iterator.from_structure(train.output_types, train.output_shapes)
    start_train, start_test = iterator.make_initializer(train), iterator.make_initializer(test)
    features, wanted = iterator.get_next()
    w, b = tf.Variable(0.0), tf.Variable(0.0)
    loss = tf.reduce_mean(tf.square(w * features + b - wanted))
    step = tf.train.GradientDescentOptimizer(0.3).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(start_train)
        with pytest.raises(tf.errors.OutOfRangeError, match="End of sequence"):
            while True:
                sess.run(step)
        sess.run(start_test)
        assert sess.run(loss) < 1e-4


def test_event_files_open_in_tensorboard(tmp_path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    value = tf.placeholder(tf.float32, [3])
    tf.summary.scalar("total", tf.reduce_sum(value))
    tf.summary.histogram("values", value)
    merged = tf.summary.merge_all()
    with tf.Session() as sess, tf.summary.FileWriter(tmp_path, sess.graph) as writer:
        for step in range(3):
            writer.add_summary(sess.run(merged, {value: [step, 1, 2]}), step)
    found = accumulator.EventAccumulator(str(tmp_path)).Reload()
    assert [(e.step, e.value) for e in found.Scalars("total")] == [(0, 3.0), (1, 4.0), (2, 5.0)]
    assert found.Histograms("values")[0].histogram_value.num == 3
    assert {node.name for node in found.Graph().node} == {op.name for op in value.graph.get_operations()}


def test_the_alias_is_taken_back():
    with legacy.installed():
        import tensorflow as old

        assert old.mul(2.0, 3.0).op.type == "Mul"
        assert old.concat(0, [[1], [2]]).shape == (2,)
        assert old.__version__.startswith("1.")
    assert not glob.fnmatch.filter(sys.modules, "tensorflow*") or not legacy.is_installed()
    assert not hasattr(tf, "mul")


def test_a_script_runs_unmodified_and_is_checked(tmp_path):
    script = tmp_path / "train.py"
    script.write_text(
        "import sys\nimport tensorflow as tf\nprint(sys.argv[1:], tf.Session().run(tf.constant(3)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "graphmagic", str(script), "--steps", "3"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['--steps', '3'] 3\n"
    script.write_text("import tensorflow as tf\ntf.enable_eager_execution()\n")
    done = subprocess.run(
        [sys.executable, "-m", "graphmagic", "--check", str(script)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "tf.enable_eager_execution  line 2: not supported: graphmagic has no" in done.stdout
