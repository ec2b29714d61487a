"""Programs with queues and threads end: with their error, and when they are interrupted."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

import graphmagic as tf

FAILING = """
    import tensorflow as tf

    names = tf.train.string_input_producer(["nowhere.csv"])
    _, line = tf.TextLineReader().read(names)
    column, = tf.decode_csv(line, [[0.0]])
    batch = tf.train.batch([column], 4)
    with tf.Session() as sess:
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(coord=coord)
        try:
            sess.run(batch)
        except tf.errors.OutOfRangeError:
            print("no more")
        coord.request_stop()
        coord.join(threads)
    """
# In each the last line waits, for a queue that stays empty or for threads that do not stop.
WAITING = {
    "dequeue": "sess.run(queue.dequeue())",
    "threads": "sess.run(put), tf.train.start_queue_runners(sess, coord), coord.join()",
    "full": "[sess.run(put) for _ in range(9)]",
    "loop": "while True: sess.run([put, queue.dequeue()])",
}


def test_the_error_of_a_queue_runner_ends_the_program(program):
    done = program(FAILING, check=False)
    assert done.returncode == 1
    assert done.stdout == "no more\n"
    last = done.stderr[done.stderr.rindex("NotFoundError") :]
    assert last.startswith("NotFoundError: nowhere.csv; No such file or directory")
    assert "program.py" in last


@pytest.mark.parametrize("what", WAITING)
@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="SIGINT is sent to processes on POSIX only")
def test_ctrl_c_stops_a_program(tmp_path, what):
    source = f"""
        import tensorflow as tf

        queue = tf.FIFOQueue(3, [tf.float32], shapes=[[]])
        put = queue.enqueue(tf.random_uniform([]))
        tf.train.add_queue_runner(tf.train.QueueRunner(queue, [put] * 2))
        coord = tf.train.Coordinator()
        with tf.Session() as sess:
            print("ready", flush=True)
            {WAITING[what]}
        """
    script = tmp_path / "waiting.py"
    script.write_text(textwrap.dedent(source))
    process = subprocess.Popen(
        [sys.executable, "-m", "graphmagic", str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.send_signal(signal.SIGINT)
        _, problems = process.communicate(timeout=30)
    finally:
        process.kill()
    assert "KeyboardInterrupt" in problems
    assert process.returncode != 0


def test_join_gives_up_on_threads_that_do_not_stop():
    queue = tf.FIFOQueue(1, [tf.float32], shapes=[[]])
    with tf.Session() as sess:
        coord = tf.train.Coordinator()
        runner = tf.train.QueueRunner(queue, [queue.enqueue(1.0)], cancel_op=tf.no_op())
        threads = runner.create_threads(sess, coord, daemon=True, start=True)
        while not sess.run(queue.size()):  # a thread that has not begun would see that it need not
            time.sleep(0.01)
        coord.request_stop()
        with pytest.raises(
            RuntimeError, match=r"Coordinator stopped with threads still running: QueueRunnerThread"
        ):
            coord.join(threads, stop_grace_period_secs=0.5)
