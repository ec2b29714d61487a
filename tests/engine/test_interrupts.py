"""A real SIGINT at random moments, anywhere in a run: variables hold whole values, and the session goes on."""

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import random, signal, sys, threading, time
import numpy as np
import graphmagic as tf

seed, size = int(sys.argv[1]), int(sys.argv[2])
dice = random.Random(seed)
x = tf.placeholder(tf.float32, [size])
weights = tf.Variable(tf.zeros([size]))
rows = tf.Variable(tf.zeros([50, size]))
count = tf.Variable(0, trainable=False)
loss = tf.reduce_sum(weights * x) + tf.while_loop(lambda i, t: i < 3, lambda i, t: (i + 1, t + tf.reduce_sum(x)), [0, 0.0])[1]
descend = tf.train.MomentumOptimizer(1.0, 0.0).minimize(loss)
step = tf.group(descend, tf.scatter_add(rows, [3, 3, 7], tf.stack([x, x, x])), tf.assign_add(count, 1))
session = tf.Session()
session.run(tf.global_variables_initializer())
ones = np.ones(size, np.float32)
main = threading.main_thread().ident
stopped = 0
for attempt in range(60):
    timer = threading.Timer(dice.random() * 0.002, signal.pthread_kill, (main, signal.SIGINT))
    try:
        timer.start()
        try:
            while timer.is_alive():
                session.run(step, {x: ones})
            time.sleep(0.01)
        finally:
            timer.join()
    except KeyboardInterrupt:
        stopped += 1
    values = [v.value for v in session.variables()]
    for value in values:
        if value.ndim == 1:
            assert np.all(value == value[0]) and value[0] == round(float(value[0])), "part of an update"
        elif value.ndim == 2:
            assert np.all(value == value[:, :1]), "part of a row"
            assert value[3, 0] == 2 * value[7, 0], "some rows of an update and not others"
before = session.run(count)
session.run(step, {x: ones})
assert session.run(count) == before + 1
print(stopped)
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="this system sends no signals to threads")
@pytest.mark.parametrize(("seed", "size"), [(0, 4), (1, 3000), (2, 400_000)])
def test_variables_hold_whole_values(seed, size):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(seed), str(size)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20
