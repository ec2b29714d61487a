"""Recurrent networks: names, values, lengths, mistakes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphmagic as tf

cells = tf.nn.rnn_cell
BATCH = np.random.default_rng(0).normal(size=(3, 5, 2)).astype(np.float32)


@pytest.fixture(autouse=True)
def graph() -> Any:
    with tf.Graph().as_default() as graph:
        yield graph


def session() -> Any:
    """A session with variables that are not symmetric."""
    result = tf.Session()
    rng = np.random.default_rng(1)
    for v in tf.global_variables():
        v.load(rng.normal(size=v.shape.as_list()).astype(np.float32) / 2, result)
    return result


def names() -> list[tuple[str, list[int]]]:
    return [(v.name, v.shape.as_list()) for v in tf.global_variables()]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def basic(x: Any, h: Any, w: Any, b: Any) -> Any:
    return np.tanh(np.concatenate([x, h], 1) @ w + b)


KINDS: dict[str, Callable[[], Any]] = {
    "basic": lambda: cells.BasicRNNCell(3),
    "gru": lambda: cells.GRUCell(3),
    "basic lstm": lambda: cells.BasicLSTMCell(3),
    "basic lstm, one state": lambda: cells.BasicLSTMCell(3, state_is_tuple=False),
    "lstm": lambda: cells.LSTMCell(3, use_peepholes=True, num_proj=2, cell_clip=0.5, proj_clip=0.4),
    "lstm, one state": lambda: cells.LSTMCell(3, state_is_tuple=False),
    "two": lambda: cells.MultiRNNCell([cells.BasicLSTMCell(3), cells.GRUCell(2)]),
    "two, one state": lambda: cells.MultiRNNCell([cells.GRUCell(3), cells.GRUCell(2)], state_is_tuple=False),
    "residual": lambda: cells.ResidualWrapper(cells.GRUCell(2)),
}
every_kind = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


@every_kind
@pytest.mark.parametrize("lengths", [None, [1, 4, 3]])
def test_loop_and_steps_agree(make: Callable[[], Any], lengths: Any) -> None:
    x = tf.placeholder(tf.float32, [None, 5, 2])
    with tf.variable_scope("net"):
        outputs, state = tf.nn.dynamic_rnn(make(), x, lengths, dtype=tf.float32, scope="rnn")
    with tf.variable_scope("net", reuse=True):
        steps, last = tf.nn.static_rnn(
            make(), tf.unstack(x, axis=1), dtype=tf.float32, sequence_length=lengths, scope="rnn"
        )
    loss = [tf.reduce_sum(tf.square(t)) for t in (outputs, tf.stack(steps, 1))]
    weights = tf.global_variables()
    values = session().run(
        [[outputs, state], [tf.stack(steps, 1), last], [tf.gradients(y, weights) for y in loss]], {x: BATCH}
    )
    for a, b in zip(tf.nest.flatten(values[0]), tf.nest.flatten(values[1]), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    for a, b in zip(*values[2], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    if lengths is not None:
        assert not values[0][0][0, 1:].any()


def test_basic_cell_by_hand() -> None:
    outputs, state = tf.nn.dynamic_rnn(cells.BasicRNNCell(4), tf.constant(BATCH), dtype=tf.float32)
    sess = session()
    w, b = sess.run(tf.global_variables())
    h = np.zeros([3, 4])
    for t in range(5):
        h = basic(BATCH[:, t], h, w, b)
    np.testing.assert_allclose(sess.run(state), h, rtol=1e-4)
    np.testing.assert_allclose(sess.run(outputs)[:, -1], h, rtol=1e-4)


def test_gru_by_hand() -> None:
    cell = cells.GRUCell(4)
    h = np.random.default_rng(2).normal(size=(3, 4)).astype(np.float32)
    output, _ = cell(tf.constant(BATCH[:, 0]), tf.constant(h))
    sess = session()
    gates_w, gates_b, new_w, new_b = sess.run(cell.weights)
    r, u = np.split(sigmoid(np.concatenate([BATCH[:, 0], h], 1) @ gates_w + gates_b), 2, 1)
    new = np.tanh(np.concatenate([BATCH[:, 0], r * h], 1) @ new_w + new_b)
    np.testing.assert_allclose(sess.run(output), u * h + (1 - u) * new, rtol=1e-4)


def test_lstm_by_hand() -> None:
    cell = cells.BasicLSTMCell(4, forget_bias=0.5)
    c, h = np.random.default_rng(2).normal(size=(2, 3, 4)).astype(np.float32)
    output, state = cell(tf.constant(BATCH[:, 0]), cells.LSTMStateTuple(tf.constant(c), tf.constant(h)))
    sess = session()
    w, b = sess.run(cell.weights)
    i, j, f, o = np.split(np.concatenate([BATCH[:, 0], h], 1) @ w + b, 4, 1)
    new_c = c * sigmoid(f + 0.5) + sigmoid(i) * np.tanh(j)
    np.testing.assert_allclose(sess.run(state.c), new_c, rtol=1e-4)
    np.testing.assert_allclose(sess.run(output), np.tanh(new_c) * sigmoid(o), rtol=1e-4)


def test_names_of_variables() -> None:
    x = tf.constant(BATCH)
    tf.nn.dynamic_rnn(KINDS["two"](), x, dtype=tf.float32)
    assert names() == [
        ("rnn/multi_rnn_cell/cell_0/basic_lstm_cell/kernel:0", [5, 12]),
        ("rnn/multi_rnn_cell/cell_0/basic_lstm_cell/bias:0", [12]),
        ("rnn/multi_rnn_cell/cell_1/gru_cell/gates/kernel:0", [5, 4]),
        ("rnn/multi_rnn_cell/cell_1/gru_cell/gates/bias:0", [4]),
        ("rnn/multi_rnn_cell/cell_1/gru_cell/candidate/kernel:0", [5, 2]),
        ("rnn/multi_rnn_cell/cell_1/gru_cell/candidate/bias:0", [2]),
    ]


def test_names_in_both_directions() -> None:
    outputs, _ = tf.nn.bidirectional_dynamic_rnn(
        cells.BasicRNNCell(3), cells.BasicRNNCell(4), tf.constant(BATCH), dtype=tf.float32
    )
    assert [name for name, _ in names()] == [
        f"bidirectional_rnn/{way}/basic_rnn_cell/{part}:0"
        for way in ("fw", "bw")
        for part in ("kernel", "bias")
    ]
    assert [o.shape.as_list() for o in outputs] == [[3, 5, 3], [3, 5, 4]]


@pytest.mark.parametrize("lengths", [None, [2, 5, 3]])
def test_backwards_is_forwards_of_the_reverse(lengths: Any) -> None:
    x = tf.constant(BATCH)
    ends = [5, 5, 5] if lengths is None else lengths
    with tf.variable_scope("net"):
        (_, backward), (_, state) = tf.nn.bidirectional_dynamic_rnn(
            cells.GRUCell(3), cells.GRUCell(3), x, lengths, dtype=tf.float32
        )
    with tf.variable_scope("net/bidirectional_rnn/bw", reuse=True):
        mirrored = tf.reverse_sequence(x, ends, seq_axis=1, batch_axis=0)
        forward, same = tf.nn.dynamic_rnn(
            cells.GRUCell(3), mirrored, lengths, dtype=tf.float32, scope=tf.get_variable_scope()
        )
        forward = tf.reverse_sequence(forward, ends, seq_axis=1, batch_axis=0)
    a, b, c, d = session().run([backward, forward, state, same])
    np.testing.assert_allclose(a, b, rtol=1e-5)
    np.testing.assert_allclose(c, d, rtol=1e-5)


def test_cell_called_by_hand_shares_its_variables() -> None:
    cell = cells.BasicLSTMCell(3)
    state = cell.zero_state(3, tf.float32)
    with tf.variable_scope("steps"):
        for t in range(3):
            if t:
                tf.get_variable_scope().reuse_variables()
            output, state = cell(tf.constant(BATCH[:, t]), state)
    assert [name for name, _ in names()] == ["steps/basic_lstm_cell/kernel:0", "steps/basic_lstm_cell/bias:0"]
    assert [v.name for v in cell.trainable_variables] == [name for name, _ in names()]
    assert output.shape.as_list() == [3, 3]


def test_time_first() -> None:
    x = tf.constant(BATCH)
    with tf.variable_scope("net"):
        usual, _ = tf.nn.dynamic_rnn(cells.GRUCell(3), x, dtype=tf.float32)
    with tf.variable_scope("net", reuse=True):
        turned, _ = tf.nn.dynamic_rnn(
            cells.GRUCell(3), tf.transpose(x, [1, 0, 2]), dtype=tf.float32, time_major=True
        )
    a, b = session().run([usual, turned])
    np.testing.assert_allclose(a, b.transpose(1, 0, 2), rtol=1e-6)


def test_dropout() -> None:
    tf.set_random_seed(0)
    cell = cells.DropoutWrapper(cells.BasicRNNCell(40), output_keep_prob=0.5, state_keep_prob=0.9, seed=3)
    outputs, _ = tf.nn.dynamic_rnn(cell, tf.constant(BATCH), dtype=tf.float32)
    values = session().run(outputs)
    assert 0.35 < (values == 0).mean() < 0.65
    assert len({tuple(row) for row in (values[0] == 0).tolist()}) == 5  # another choice in each step


def test_variational_dropout_drops_the_same_in_every_step() -> None:
    cell = cells.DropoutWrapper(
        cells.BasicRNNCell(40), output_keep_prob=0.5, variational_recurrent=True, dtype=tf.float32
    )
    outputs, _ = tf.nn.dynamic_rnn(cell, tf.constant(BATCH), dtype=tf.float32)
    zero = session().run(outputs) == 0
    assert (zero == zero[:1, :1]).all()
    assert 0 < zero.mean() < 1


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: tf.nn.dynamic_rnn(cells.GRUCell(2), BATCH),
            ValueError,
            "argument `dtype` must be specified",
        ),
        (lambda: tf.nn.dynamic_rnn(3, BATCH), TypeError, "is not an RNNCell"),
        (lambda: tf.nn.static_rnn(cells.GRUCell(2), []), ValueError, "Argument `inputs` must not be empty"),
        (
            lambda: tf.nn.static_rnn(cells.GRUCell(2), tf.zeros([2])),
            TypeError,
            "Argument `inputs` must be a sequence",
        ),
        (
            lambda: tf.nn.dynamic_rnn(
                cells.GRUCell(2), tf.placeholder(tf.float32, [None, 5, None]), dtype=tf.float32
            ),
            ValueError,
            "must be accessible via shape inference",
        ),
        (
            lambda: cells.GRUCell(2)(tf.zeros([2, 2], tf.int32), tf.zeros([2, 2])),
            ValueError,
            "RNN cell only supports floating point inputs",
        ),
        (lambda: cells.MultiRNNCell([]), ValueError, "Must specify at least one cell"),
        (
            lambda: cells.MultiRNNCell([cells.BasicLSTMCell(2)], False),
            ValueError,
            "state_is_tuple is not set",
        ),
        (lambda: cells.DropoutWrapper(cells.GRUCell(2), 2.0), ValueError, "must be between 0 and 1"),
        (lambda: cells.GRUCell(2, activation="rule"), ValueError, "Unknown activation function: 'rule'"),
    ],
)
def test_mistakes(make: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        make()


def test_lengths_must_fit_the_batch() -> None:
    x = tf.placeholder_with_default(BATCH, [None, 5, 2])
    outputs, _ = tf.nn.dynamic_rnn(cells.GRUCell(2), x, [1, 2], dtype=tf.float32)
    with pytest.raises(
        tf.errors.InvalidArgumentError, match="Expected shape for Tensor rnn/sequence_length:0 is"
    ):
        session().run(outputs)


def test_a_cell_of_ones_own() -> None:
    class Adder(cells.RNNCell):
        state_size = output_size = 2

        def call(self, inputs: Any, state: Any) -> Any:
            weight = tf.get_variable("weight", [2], initializer=tf.constant_initializer(2.0))
            return state + inputs * weight, state + inputs * weight

    _, state = tf.nn.dynamic_rnn(Adder(), tf.constant(BATCH), dtype=tf.float32)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        np.testing.assert_allclose(sess.run(state), 2 * BATCH.sum(1), rtol=1e-5)
    assert names() == [("rnn/adder/weight:0", [2])]


def first_output(make):
    """The first row that a cell of five units makes of [0, 1, 2], seeded as TensorFlow 1.15's published outputs."""
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(42)
        output, feed = make(tf.nn.rnn_cell.BasicRNNCell(num_units=5))
        sess.run(tf.global_variables_initializer())
        return sess.run(output, feed).ravel()[:5]


def test_static_rnn_draws_the_weights_of_tensorflow_1():
    def make(cell):
        steps = [tf.placeholder(tf.float32, [None, 3]) for _ in range(2)]
        outputs, _ = tf.nn.static_rnn(cell, steps, dtype=tf.float32)
        return outputs[0], {steps[0]: [[0, 1, 2]]}

    np.testing.assert_allclose(
        first_output(make), [0.30741334, -0.32884315, -0.6542847, -0.9385059, 0.52089024], atol=2e-6
    )


def test_dynamic_rnn_draws_the_weights_of_tensorflow_1():
    def make(cell):
        x = tf.placeholder(tf.float32, [None, 2, 3])
        outputs, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
        return outputs, {x: [[[0, 1, 2], [9, 8, 7]]]}

    np.testing.assert_allclose(
        first_output(make), [-0.85115266, 0.87358344, 0.5802911, 0.8954789, -0.0557505], atol=2e-6
    )


def test_lengths_change_the_weights_as_in_tensorflow_1():
    def make(cell):
        x, lengths = tf.placeholder(tf.float32, [None, 2, 3]), tf.placeholder(tf.int32, [None])
        outputs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float32)
        return outputs, {x: [[[0, 1, 2], [9, 8, 7]]], lengths: [2]}

    np.testing.assert_allclose(
        first_output(make), [-0.9123188, 0.16516446, 0.5548655, -0.39159346, 0.20846416], atol=2e-6
    )
