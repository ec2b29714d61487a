"""Who owns an array: what a run returns belongs to the caller, what it was given stays untouched."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphmagic as tf

# Whatever might hand on the memory of its input instead of a new array.
OPERATIONS = {
    "identity": tf.identity,
    "stop_gradient": tf.stop_gradient,
    "reshape": lambda x: tf.reshape(x, [3, 2]),
    "reshape to the same": lambda x: tf.reshape(x, [2, 3]),
    "squeeze": tf.squeeze,
    "expand_dims": lambda x: tf.expand_dims(x, 0),
    "transpose": tf.transpose,
    "transpose in place": lambda x: tf.transpose(x, [0, 1]),
    "cast to the same": lambda x: tf.cast(x, tf.float32),
    "to_float": tf.to_float,
    "slice": lambda x: tf.slice(x, [0, 0], [2, 3]),
    "index": lambda x: x[1],
    "all of it": lambda x: x[:],
    "strides": lambda x: x[:, ::2],
    "split": lambda x: tf.split(x, 2),
    "split in one": lambda x: tf.split(x, 1),
    "split by sizes": lambda x: tf.split(x, [1, 2], axis=1),
    "unstack": tf.unstack,
    "broadcast_to": lambda x: tf.broadcast_to(x, [2, 2, 3]),
    "broadcast to the same": lambda x: tf.broadcast_to(x, [2, 3]),
    "concat of one": lambda x: tf.concat([x], 0),
    "concat with nothing": lambda x: tf.concat([x, tf.zeros([0, 3])], 0),
    "stack": lambda x: tf.stack([x]),
    "tile once": lambda x: tf.tile(x, [1, 1]),
    "add_n of one": lambda x: tf.add_n([x]),
    "sum over nothing": lambda x: tf.reduce_sum(x, axis=[]),
    "max over nothing": lambda x: tf.reduce_max(x, axis=[]),
    "mean over nothing": lambda x: tf.reduce_mean(x, axis=[]),
    "gather": lambda x: tf.gather(x, [0, 1]),
    "boolean_mask": lambda x: tf.boolean_mask(x, [True, True]),
    "where": lambda x: tf.where(tf.equal(x, x), x, x),
    "relu": tf.nn.relu,
    "maximum": lambda x: tf.maximum(x, x),
    "default": lambda x: tf.placeholder_with_default(x, [2, 3]),
    "tuple": lambda x: tf.tuple([x, x]),
    "ones_like": tf.ones_like,
    "shuffle": lambda x: tf.random_shuffle(x[:1]),
    "a step": lambda x: x + 0.0,
    "the thing itself": lambda x: x,
}
START = np.arange(6, dtype=np.float32).reshape(2, 3)

every_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def spoil(results):
    for array in results if isinstance(results, list) else [results]:
        assert array.flags.writeable
        array[...] = -99.0


@every_operation
def test_results_from_variables_belong_to_the_caller(operation):
    v = tf.Variable(START)
    result, sess = operation(v.value()), tf.Session()
    sess.run(v.initializer)
    spoil(sess.run(result))

    assert (sess.run(v) == START).all()
    spoil(sess.run(v))
    assert (sess.run(v) == START).all()


@every_operation
def test_results_from_constants_belong_to_the_caller(operation):
    result, sess = operation(tf.constant(START)), tf.Session()
    before, first = sess.run([result, result])
    spoil(first)

    assert str(sess.run(result)) == str(before)


@every_operation
def test_results_from_feeds_belong_to_the_caller(operation):
    x = tf.placeholder(tf.float32, [2, 3])
    result, fed = operation(x), START.copy()
    results = tf.Session().run(result, {x: fed})
    if result is not x:
        spoil(results)

    assert (fed == START).all()
    assert (results is fed) == (result is x)  # a fed tensor comes back as the very array, as in TensorFlow


@every_operation
def test_variables_keep_nothing_that_the_caller_can_reach(operation):
    x = tf.placeholder(tf.float32, [2, 3])
    results = operation(x)
    result = results[0] if isinstance(results, list) else results
    v = tf.Variable(0.0, validate_shape=False)
    fed, sess = START.copy(), tf.Session()
    given, value = sess.run([tf.assign(v, result, validate_shape=False), result], {x: fed})
    before = np.array(given)
    fed[...] = -99.0
    spoil([given, value])

    assert (sess.run(v) == before).all()


@every_operation
def test_fetches_do_not_share_memory(operation):
    x = tf.placeholder(tf.float32, [2, 3])
    y = x + 1.0
    results = operation(y)
    arrays = tf.Session().run([y, results, y], {x: START})
    flat = [arrays[0], *(arrays[1] if isinstance(arrays[1], list) else [arrays[1]]), arrays[2]]

    for index, array in enumerate(flat):
        assert not any(np.shares_memory(array, other) for other in flat[index + 1 :])


def test_later_runs_do_not_change_results():
    v = tf.Variable(START)
    more, sess = v.assign_add(tf.ones([2, 3])), tf.Session()
    sess.run(v.initializer)
    results = [sess.run(f) for f in (v, more, v.value(), v + 0.0)]
    before = [r.copy() for r in results]
    sess.run([more, v.assign(tf.zeros([2, 3]))])

    assert all((r == b).all() for r, b in zip(results, before, strict=True))


def test_a_value_that_two_variables_keep():
    x = tf.placeholder(tf.float32, [2])
    y = x * 2.0
    one, two = tf.Variable([0.0, 0.0]), tf.Variable([0.0, 0.0])
    sess = tf.Session()
    sess.run([one.assign(y), two.assign(y)], {x: [1.0, 2.0]})
    sess.run(one.assign_add([1.0, 1.0]))

    assert (sess.run(one).tolist(), sess.run(two).tolist()) == ([3.0, 5.0], [2.0, 4.0])


def test_what_is_seen_of_variables_cannot_be_written():
    v = tf.Variable(START)
    sess = tf.Session()
    sess.run(v.initializer)
    seen = sess.variables()[0].value

    with pytest.raises(ValueError, match="read-only"):
        seen[...] = 0.0
    sess.run(v.assign_add(tf.ones([2, 3])))
    assert (seen == START).all()


def test_what_is_loaded_is_copied():
    v = tf.Variable(START)
    sess, mine = tf.Session(), START.copy()
    sess.load("Variable", mine)
    mine[...] = 7.0

    assert (sess.run(v) == START).all()


def test_watched_values_are_copies():
    x = tf.placeholder(tf.float32, [2, 3])
    y = x + 1.0
    sess = tf.Session()
    sess.watch([x, y])
    fed = START.copy()
    spoil(sess.run(y, {x: fed}))
    spoil(fed)

    assert (sess.watched[x] == START).all()
    assert (sess.watched[y] == START + 1.0).all()


@given(st.sampled_from([[], [1], [2, 3]]), st.sampled_from(["float32", "int32", "bool", "string"]))
def test_scalars_are_scalars_and_arrays_are_arrays(shape, kind):
    values = {"float32": 1.5, "int32": 3, "bool": True, "string": "a"}
    with tf.Graph().as_default():
        c = tf.constant(values[kind], shape=shape)
        x = tf.placeholder(c.dtype)
        results = tf.Session().run(
            [c, tf.identity(x), tf.reshape(x, shape)], {x: np.full(shape, values[kind])}
        )

    for result in results:
        assert np.shape(result) == tuple(shape)
        assert isinstance(result, np.ndarray) == bool(shape)
