"""Monitored sessions: start, recovery, hooks and their order, ends of all kinds."""

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture
def count():
    with tf.Graph().as_default():
        yield tf.assign_add(tf.train.get_or_create_global_step(), 1)


class Diary(tf.train.SessionRunHook):
    def __init__(self, name, entries):
        self.name, self.entries = name, entries

    def begin(self):
        self.entries.append(f"{self.name} begin")

    def after_create_session(self, session, coord):
        self.entries.append(f"{self.name} created")

    def before_run(self, run_context):
        self.entries.append(f"{self.name} before")

    def after_run(self, run_context, run_values):
        self.entries.append(f"{self.name} after")

    def end(self, session):
        self.entries.append(f"{self.name} end")


def test_hooks_are_called_in_order(count):
    entries = []

    with tf.train.MonitoredSession(hooks=[Diary("a", entries), Diary("b", entries)]) as sess:
        sess.run(count)

    assert entries == [
        *("a begin", "b begin", "a created", "b created"),
        *("a before", "b before", "a after", "b after", "a end", "b end"),
    ]


def test_an_error_skips_the_end(count):
    entries = []

    with pytest.raises(ZeroDivisionError), tf.train.MonitoredSession(hooks=[Diary("a", entries)]):
        raise ZeroDivisionError

    assert "a end" not in entries


@pytest.mark.parametrize("error", [StopIteration(), tf.errors.OutOfRangeError(None, None, "done")])
def test_the_end_of_the_data_is_an_end(count, error):
    entries = []

    with tf.train.MonitoredSession(hooks=[Diary("a", entries)]):
        raise error

    assert entries[-1] == "a end"


def test_a_hook_fetches_and_feeds(count):
    x = tf.placeholder(tf.float32, name="x")
    twice = x * 2.0
    seen = []

    class Feed(tf.train.SessionRunHook):
        def before_run(self, run_context):
            return tf.train.SessionRunArgs({"twice": twice}, feed_dict={x: 4.0})

        def after_run(self, run_context, run_values):
            seen.append(run_values.results)

    with tf.train.MonitoredSession(hooks=[Feed()]) as sess:
        assert sess.run(count) == 1
        with pytest.raises(RuntimeError, match="Same tensor is fed by two hooks"):
            sess.run(twice, {x: 1.0})

    assert seen == [{"twice": np.float32(8.0)}]


def test_what_hooks_ask_of_a_run_is_joined(count):
    seen = []

    class Asks(tf.train.SessionRunHook):
        def __init__(self, **fields):
            self.options = tf.RunOptions(**fields)

        def before_run(self, run_context):
            return tf.train.SessionRunArgs(None, options=self.options)

        def after_run(self, run_context, run_values):
            seen.append((run_values.options, len(run_values.run_metadata.step_stats.dev_stats)))

    full = tf.RunOptions.FULL_TRACE
    hooks = [Asks(trace_level=full, timeout_in_ms=50), Asks(timeout_in_ms=70, output_partition_graphs=True)]
    mine = tf.RunOptions()
    with tf.train.MonitoredSession(hooks=hooks) as sess:
        assert sess.run(count, options=mine) == 1
        assert sess.run(count) == 2

    assert [devices for _, devices in seen] == [1] * 4
    for options in [mine, *[options for options, _ in seen]]:
        assert (options.trace_level, options.timeout_in_ms) == (full, 70)
        assert options.output_partition_graphs


def test_running_after_a_requested_stop_is_an_error(count):
    with tf.train.MonitoredSession(hooks=[tf.train.StopAtStepHook(num_steps=1)]) as sess:
        sess.run(count)

        assert sess.should_stop()
        with pytest.raises(RuntimeError, match="Run called even after should_stop requested"):
            sess.run(count)

    with pytest.raises(RuntimeError, match="Session is already closed"):
        sess.run(count)


def test_the_graph_is_finalized(count):
    with (
        tf.train.MonitoredSession(),
        pytest.raises(RuntimeError, match="Graph is finalized"),
    ):
        tf.constant(1)


def test_an_aborted_run_goes_on_in_a_new_session(count):
    failures = [tf.errors.AbortedError(None, None, "lost")]

    class Lose(tf.train.SessionRunHook):
        def before_run(self, run_context):
            if failures:
                raise failures.pop()

    with tf.train.MonitoredSession(hooks=[Lose()]) as sess:
        assert sess.run(count) == 1

    failures.append(tf.errors.AbortedError(None, None, "lost"))
    name = count.name
    with (
        pytest.raises(tf.errors.AbortedError),
        tf.train.SingularMonitoredSession([Lose()]) as sess,
    ):
        sess.run(name)


def test_a_step_function_uses_the_plain_session_too(count):
    entries = []

    def step(step_context):
        before = step_context.session.run(count)
        return before, step_context.run_with_hooks(count)

    def stop(step_context):
        step_context.request_stop()

    with tf.train.MonitoredSession(hooks=[Diary("a", entries)]) as sess:
        assert sess.run_step_fn(step) == (1, 2)
        sess.run_step_fn(stop)

    assert entries.count("a before") == 1


def train(folder, steps, **options):
    with tf.Graph().as_default():
        w = tf.Variable(1.0, name="w")
        loss = tf.square(w - 3.0)
        tf.summary.scalar("loss", loss)
        step = tf.train.get_or_create_global_step()
        minimize = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=step)
        hooks = [tf.train.StopAtStepHook(num_steps=steps)]
        with tf.train.MonitoredTrainingSession(checkpoint_dir=folder, hooks=hooks, **options) as sess:
            while not sess.should_stop():
                _, value = sess.run([minimize, loss])
            return sess.raw_session().run([step, w]) if not sess.should_stop() else value


def test_training_goes_on_from_its_checkpoint(tmp_path):
    first, second = train(tmp_path, 10), train(tmp_path, 10)

    assert second == pytest.approx(first * 0.8**20, rel=1e-4)
    assert tf.train.load_variable(tmp_path, "global_step") == 20
    assert tf.train.load_variable(tmp_path, "w") == pytest.approx(3 - 2 * 0.8**20, rel=1e-5)
    assert (tmp_path / "graph.pbtxt").is_file()


def test_summaries_and_the_speed_are_written(tmp_path):
    pytest.importorskip("tensorboard")
    train(tmp_path, 11, save_summaries_steps=5, log_step_count_steps=5)
    tf.summary.FileWriterCache.clear()

    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

    (path,) = tmp_path.glob("events*")
    tags = [
        (value.tag, event.step)
        for event in EventFileLoader(str(path)).Load()
        for value in event.summary.value
    ]
    assert [step for tag, step in tags if tag == "loss"] == [1, 6, 11]
    assert {tag for tag, _ in tags} >= {"loss", "global_step/sec"}


def test_queues_are_filled_and_their_end_ends_training():
    with tf.Graph().as_default():
        queue = tf.train.range_input_producer(3, num_epochs=1, shuffle=False)
        item, seen = queue.dequeue(), []
        with tf.train.MonitoredSession() as sess:
            while not sess.should_stop():
                seen.append(int(sess.run(item)))

    assert seen == [0, 1, 2]


def test_what_is_not_initialized_is_said():
    with tf.Graph().as_default():
        tf.Variable(1.0, name="forgotten")
        scaffold = tf.train.Scaffold(init_op=tf.no_op())
        with pytest.raises(
            RuntimeError, match=r"Init operations did not make model ready for local_init.*forgotten"
        ):
            tf.train.MonitoredSession(tf.train.ChiefSessionCreator(scaffold))


def test_a_logging_hook_says_what_and_how_long(count, caplog):
    lines = []
    tf.logging.set_verbosity(tf.logging.INFO)
    try:
        hook = tf.train.LoggingTensorHook(["AssignAdd:0"], every_n_iter=2, at_end=False)
        with pytest.MonkeyPatch.context() as patch, tf.train.MonitoredSession(hooks=[hook]) as sess:
            patch.setattr(tf.logging, "info", lambda text, *args: lines.append(text % args))
            for _ in range(3):
                sess.run(count)
    finally:
        tf.logging.set_verbosity(tf.logging.WARN)

    assert lines[0] == "AssignAdd:0 = 1"
    assert lines[1].startswith("AssignAdd:0 = 3 (")


def test_a_supervisor_saves_and_restores(tmp_path):
    for expected in (1, 2):
        with tf.Graph().as_default():
            step = tf.train.get_or_create_global_step()
            count = tf.assign_add(step, 1)
            supervisor = tf.train.Supervisor(logdir=str(tmp_path), save_model_secs=0)
            with supervisor.managed_session() as sess:
                assert sess.run(count) == expected
                supervisor.saver.save(sess, supervisor.save_path, global_step=step)

    assert tf.train.latest_checkpoint(tmp_path).endswith("model.ckpt-2")


def test_an_error_in_a_managed_session_is_raised():
    with tf.Graph().as_default():
        tf.train.get_or_create_global_step()
        with pytest.raises(ZeroDivisionError), tf.train.Supervisor().managed_session():
            raise ZeroDivisionError
