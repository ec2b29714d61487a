"""Plans for one set of shapes: same results, no new memory, and no surprises."""

import threading

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.engine import blas
from graphmagic.engine.memory import can_recycle
from graphmagic.engine.variants import MAX_SHAPES, Variants

RANDOM = np.random.default_rng(0)


def numbers(*shape):
    return RANDOM.standard_normal(shape).astype(np.float32)


def runs(fetches, feeds, count=4):
    """The values in the first run, which is not specialised, and in a later one, which is."""
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        results = [session.run(fetches, feeds) for _ in range(count)]
    return results[0], results[-1]


def source(fetches, feeds):
    return tf.Session().plan(fetches, feeds).source


@pytest.mark.parametrize(
    "function",
    [
        tf.sigmoid,
        tf.tanh,
        tf.nn.relu,
        lambda x: tf.squared_difference(x, tf.transpose(tf.transpose(x)) * 2.0),
        lambda x: tf.nn.bias_add(x * 2.0, [1.0, 2.0, 3.0]) * 1.0,
        lambda x: tf.nn.bias_add(tf.reshape(x * 2.0, [1, 3, -1]), [1.0, 2.0, 3.0], data_format="NCHW") * 1.0,
        lambda x: tf.reduce_mean(x * 2.0),
        lambda x: tf.reduce_mean(x * 2.0, 0) * 1.0,
        lambda x: tf.reduce_mean(x * 2.0, 1, keepdims=True) * 1.0,
        lambda x: tf.reduce_sum(x * 2.0, 1) * 1.0,
        lambda x: tf.reduce_max(x * 2.0, 0) * 1.0,
        lambda x: tf.cast(x * 3.0, tf.int32) * 2,
        lambda x: tf.add_n([x, x * 2.0, x + 1.0]) * 1.0,
        lambda x: tf.gradients(tf.nn.relu(x * 2.0), x)[0],
        lambda x: tf.matmul(x, x * 2.0, transpose_a=True),
        lambda x: tf.matmul(x, x * 2.0, transpose_b=True) * 1.0,
    ],
)
@pytest.mark.parametrize("rows", [1, 5, 40])
def test_same_values_as_in_the_first_run(function, rows):
    x = tf.placeholder(tf.float32, [None, 3])
    first, later = runs(
        function(x) + 0.0 if function(x).dtype is tf.float32 else function(x), {x: numbers(rows, 3)}
    )
    np.testing.assert_allclose(first, later, rtol=1e-6, atol=1e-6)
    assert first.dtype == later.dtype


@pytest.mark.parametrize("classes", [2, 10, 100])
@pytest.mark.parametrize("fetched", ["loss", "gradient", "both"])
def test_cross_entropy(classes, fetched):
    logits, labels = tf.placeholder(tf.float32, [None, classes]), tf.placeholder(tf.float32, [None, classes])
    loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits)
    results = {"loss": tf.reduce_mean(loss), "gradient": tf.gradients(loss, logits)[0]}
    wanted = list(results.values()) if fetched == "both" else [results[fetched]]
    feeds = {
        logits: numbers(7, classes) * 30,
        labels: np.eye(classes, dtype=np.float32)[[0, 1, 0, 1, 1, 0, 1]],
    }
    for first, later in zip(*runs(wanted, feeds), strict=True):
        np.testing.assert_allclose(first, later, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("tiled", [False, True])
def test_tiled_products(monkeypatch, transposed, tiled):
    monkeypatch.setattr("graphmagic.engine.lower_arrays.pays", lambda: tiled)
    x, w = tf.placeholder(tf.float32, [None, None]), tf.constant(numbers(300, 100))
    value = numbers(300, 64) if transposed else numbers(64, 300)
    for factor in (1.0, None):  # of a buffer, and of a feed
        left = x if factor is None else x * factor
        product = tf.matmul(left, w, transpose_a=transposed) * 1.0
        assert ("reshape" in source(product, {x: value}) or factor is not None) == (
            tiled or factor is not None
        )
        first, later = runs(product, {x: value})
        np.testing.assert_allclose(first, later, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("split", [0, 10**9])
def test_deep_products_are_sums_of_shallow_ones(monkeypatch, transposed, split):
    monkeypatch.setattr("graphmagic.engine.lower_arrays.pays", lambda: True)
    monkeypatch.setattr("graphmagic.engine.lower_arrays.MIN_SPLIT", split)
    x, w = tf.placeholder(tf.float32, [None, None]), tf.constant(numbers(3000, 100))
    value = numbers(3000, 64) if transposed else numbers(64, 3000)
    product = tf.matmul(x, w, transpose_a=transposed) * 1.0
    assert "c0.reshape((15, 200, 100))" in source(product, {x: value})
    first, later = runs(product, {x: value})
    np.testing.assert_allclose(first, later, rtol=1e-3, atol=1e-3)


def test_intermediate_results_need_no_new_memory():
    x = tf.placeholder(tf.float32, [1000])
    y = x
    for _ in range(20):
        y = tf.tanh(y * 0.5)
    report = tf.Session().plan(tf.reduce_sum(y), [x])
    assert report.arena_bytes <= 4096 < report.requested_bytes


def test_a_variable_goes_back_and_forth_between_two_arrays():
    v = tf.Variable(tf.zeros([100, 200]))
    step = v.assign_sub(tf.ones([100, 200])).op
    places = set()
    with tf.Session() as session:
        session.run(v.initializer)
        for _ in range(10):
            session.run(step)
            places.add(session.variables()[0].value.ctypes.data)
        assert session.run(v)[0, 0] == -10
    assert len(places) <= (4 if can_recycle() else 10)


def test_what_a_variable_held_stays():
    v = tf.Variable(tf.zeros([100, 200]))
    step = v.assign_add(tf.ones([100, 200])).op
    with tf.Session() as session:
        session.run(v.initializer)
        held = []
        for _ in range(6):
            session.run(step)
            held.append(session.variables()[0].value)
    assert [float(array[3, 3]) for array in held] == [1, 2, 3, 4, 5, 6]


def test_many_shapes():
    x = tf.placeholder(tf.float32)
    y = tf.reduce_sum(x * 2.0)
    with tf.Session() as session:
        for size in [*range(1, 3 * MAX_SHAPES)] * 3:
            assert session.run(y, {x: np.ones([size, 2], np.float32)}) == 4 * size


def test_a_variable_that_changes_its_shape():
    v = tf.Variable([1.0, 2.0], name="v")
    double = v * 2.0 + 1.0
    with tf.Session() as session:
        session.run(v.initializer)
        for _ in range(3):
            assert session.run(double).tolist() == [3.0, 5.0]
        session.run(tf.assign(v, [5.0, 6.0, 7.0], validate_shape=False))
        for _ in range(3):
            assert session.run(double).tolist() == [11.0, 13.0, 15.0]


def test_errors_name_their_operation_in_every_run():
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    total = tf.add(tf.tanh(x), y, name="total")
    with tf.Session() as session:
        for _ in range(4):
            with pytest.raises(
                tf.errors.InvalidArgumentError, match=r"Incompatible shapes: \[2\] vs. \[3\]"
            ) as info:
                session.run(total, {x: [1, 2], y: [1, 2, 3]})
            assert info.value.op is total.op


def test_an_uninitialized_variable_in_every_run():
    v = tf.Variable(tf.zeros([100, 200]), name="v")
    step = v.assign_add(tf.ones([100, 200]))
    with tf.Session() as session:
        for _ in range(3):
            with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value v"):
                session.run(step)


def test_only_the_shape_of_a_value_is_used_but_its_effects_remain():
    v = tf.Variable(0.0)
    with tf.control_dependencies([v.assign_add(1.0)]):
        x = tf.placeholder_with_default(tf.ones([3]), [None]) * 2.0
    with tf.Session() as session:
        session.run(v.initializer)
        for count in range(1, 5):
            assert session.run(tf.shape(x) * 1).tolist() == [3]
            assert session.run(v) in (count, 0)


def test_two_runs_at_once_have_two_arenas():
    x = tf.placeholder(tf.float32, [3])
    report = tf.Session()
    plan = report._compile((x * 2.0 + 1.0), {x: None}).plan
    variants: Variants = plan._variants
    shapes = ((3,),)
    variants.give_back(shapes, variants.borrow(shapes))
    one, two = variants.borrow(shapes), variants.borrow(shapes)
    variants.give_back(shapes, one)
    assert one is not two
    assert variants.borrow(shapes) is one


def test_blas_threads_are_given_back():
    functions = blas._functions()
    if functions is None:
        pytest.skip("no OpenBLAS")
    before = functions[0]()
    inside = []
    blas.hold("one")
    threads = [
        threading.Thread(
            target=lambda: (blas.hold("two"), inside.append(functions[0]()), blas.release("two"))
        )
    ]
    for thread in threads:
        thread.start()
        thread.join()
    inside.append(functions[0]())
    blas.release("one")
    assert inside == [1, 1]
    assert functions[0]() == before


def test_blas_threads_outlast_an_interrupt():
    """An interrupt in the middle of holding or releasing is made good by the next run of the same holder."""
    functions = blas._functions()
    if functions is None:
        pytest.skip("no OpenBLAS")
    before = functions[0]()
    blas._holders.add("interrupted")
    blas.hold("interrupted")
    blas.hold("interrupted")
    assert functions[0]() == 1
    blas.release("interrupted")
    blas.release("interrupted")
    assert functions[0]() == before


def test_watched_values_come_from_specialised_plans_too():
    x = tf.placeholder(tf.float32, [None])
    watched, size = tf.tanh(x), tf.shape(x)
    with tf.Session() as session:
        session.watch([watched, size])
        for value in ([1.0], [2.0], [3.0], [4.0]):
            session.run(watched + tf.cast(size[0], tf.float32) if value is None else watched, {x: value})
            assert session.watched[watched] == np.tanh(np.float32(value[0]))
