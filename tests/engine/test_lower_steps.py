"""The optimizers' updates in blocks: exactly what their kernels compute, and no new memory in the long run."""

from functools import partial

import numpy as np
import pytest
from fuzzing.stops import stopped_after

import graphmagic as tf
from graphmagic.engine.memory import can_recycle
from graphmagic.engine.plan import Plan
from graphmagic.engine.specialised import RULES

OPTIMIZERS = {
    "descent": lambda: tf.train.GradientDescentOptimizer(0.1),
    "momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9),
    "nesterov": lambda: tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "adam": lambda: tf.train.AdamOptimizer(0.1),
    "rmsprop": lambda: tf.train.RMSPropOptimizer(0.1, momentum=0.3),
    "centered": lambda: tf.train.RMSPropOptimizer(0.1, centered=True),
    "adagrad": lambda: tf.train.AdagradOptimizer(0.1),
    "adadelta": lambda: tf.train.AdadeltaOptimizer(0.1),
    "ftrl": lambda: tf.train.FtrlOptimizer(0.1),
    "proximal": lambda: tf.train.ProximalAdagradOptimizer(0.1, l1_regularization_strength=0.01),
}


def trained(optimizer, shape, steps=6):
    """All variables after some steps."""
    random = np.random.default_rng(0)
    with tf.Graph().as_default():
        v = tf.Variable(random.random(shape, np.float32))
        x = tf.placeholder(tf.float32, shape)
        step = optimizer().minimize(tf.reduce_sum(tf.square(v - x)))
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in range(steps):
                session.run(step, {x: random.random(shape, np.float32)})
            return session.run(tf.global_variables())


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("shape", [(7,), (60, 300)])
@pytest.mark.parametrize("block", [64, 1 << 16])
def test_same_values_as_the_kernel(monkeypatch, name, shape, block):
    monkeypatch.setattr("graphmagic.engine.loops.MIN_BLOCK", 16)
    monkeypatch.setattr("graphmagic.engine.loops.MAX_BLOCK", block)
    monkeypatch.setattr("graphmagic.engine.lower_fused.MIN_SPLIT", 10_000)
    in_blocks = trained(OPTIMIZERS[name], shape)
    monkeypatch.setattr("graphmagic.engine.lowering.lower_step", lambda plan, op: False)
    whole = trained(OPTIMIZERS[name], shape)
    for a, b in zip(in_blocks, whole, strict=True):
        np.testing.assert_array_equal(a, b)


def test_variable_and_slots_go_back_and_forth_between_arrays():
    v = tf.Variable(tf.zeros([100, 200]))
    step = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(v * 2.0))
    places = set()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(10):
            session.run(step)
            places.update(s.value.ctypes.data for s in session.variables() if s.value.size > 1)
    assert len(places) <= (12 if can_recycle() else 30)


def test_what_a_slot_held_stays():
    v = tf.Variable(tf.zeros([100, 200]))
    step = tf.train.MomentumOptimizer(1.0, 1.0).minimize(tf.reduce_sum(v * 1.0))
    held = []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(5):
            session.run(step)
            held.append(session.variables()[1].value)
    assert [float(array[2, 3]) for array in held] == [1, 2, 3, 4, 5]


def attempts_until_torn(monkeypatch, rules, threads, attempts):
    """After how many interrupts of an update some elements of a variable were new and others old; None if never."""
    monkeypatch.setattr("graphmagic.engine.loops.MIN_BLOCK", 16)
    monkeypatch.setattr("graphmagic.engine.loops.MAX_BLOCK", 2000)
    monkeypatch.setattr("graphmagic.engine.lower_fused.MIN_SPLIT", 1000 if threads else 1 << 30)
    monkeypatch.setattr("graphmagic.session.Plan", partial(Plan, rules=rules))
    v = tf.Variable(tf.zeros([300, 200]))
    change = tf.placeholder(tf.float32, [300, 200])
    step = tf.train.MomentumOptimizer(-1.0, 0.5).apply_gradients([(change, v)])
    feeds = {change: np.ones([300, 200], np.float32)}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for attempt in range(attempts):
            for _ in range(2):
                session.run(step, feeds)
            stopped_after(lambda: session.run(step, feeds), 1e-6 + attempt % 50 * 4e-6)
            if any(np.ptp(array) for array in session.run(tf.global_variables())):
                return attempt
    return None


@pytest.mark.skipif(not can_recycle(), reason="variables are not written over")
@pytest.mark.parametrize("threads", [False, True])
def test_an_interrupt_divides_no_update(monkeypatch, threads):
    assert attempts_until_torn(monkeypatch, RULES, threads, 200) is None


@pytest.mark.skipif(not can_recycle(), reason="variables are not written over")
def test_otherwise_it_would(monkeypatch):
    assert attempts_until_torn(monkeypatch, RULES - {"undivided"}, False, 10_000) is not None


def test_a_gradient_of_another_shape_is_an_error_in_every_run():
    v = tf.Variable(tf.zeros([100, 200]), name="v")
    grad = tf.placeholder(tf.float32)
    step = tf.train.MomentumOptimizer(0.1, 0.9).apply_gradients([(grad, v)])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(4):
            with pytest.raises(tf.errors.InvalidArgumentError, match="same shape"):
                session.run(step, {grad: np.zeros([200, 100], np.float32)})
        assert not session.run(v).any()


@pytest.mark.parametrize("transposed", [False, True])
def test_products_in_two_threads(monkeypatch, transposed):
    monkeypatch.setattr("graphmagic.engine.lower_arrays.MIN_SPLIT", 1000)
    random = np.random.default_rng(0)
    x = tf.placeholder(tf.float32, [None, None])
    w = tf.constant(random.integers(-3, 4, (64, 30)).astype(np.float32))
    product = tf.matmul(x, w, transpose_a=transposed)
    value = random.integers(-3, 4, (64, 33) if transposed else (33, 64)).astype(np.float32)
    with tf.Session() as session:
        results = [session.run([product, product * 2.0], {x: value}) for _ in range(8)]
        wanted = (value.T if transposed else value) @ session.run(w)
    for one, two in results:
        np.testing.assert_array_equal(one, wanted)
        np.testing.assert_array_equal(two, wanted * 2)


def test_one_thread_if_the_session_is_told_so():
    x = tf.placeholder(tf.float32, [None, None])
    session = tf.Session(config=tf.ConfigProto(intra_op_parallelism_threads=1))
    assert session._state.threads == 1
    assert session.run(tf.matmul(x, x), {x: np.eye(2)}).tolist() == [[1, 0], [0, 1]]
