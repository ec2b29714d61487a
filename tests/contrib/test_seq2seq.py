"""Sequences to sequences: a model that learns, beam search against all sequences, what each part refuses."""

from itertools import product

import numpy as np
import pytest

import graphmagic as tf

seq2seq = tf.contrib.seq2seq
rng = np.random.default_rng(0)
WORDS, END = 6, 1


def model(mechanism, beams=0, layer=8):
    """Encoder and decoder that write what they read, backwards; the loss, and what they write by themselves."""
    read = tf.placeholder(tf.int32, [None, 4])
    written = tf.placeholder(tf.int32, [None, 5])
    table = tf.get_variable("words", [WORDS, 5])
    lengths = tf.fill([tf.shape(read)[0]], 4)
    memory, state = tf.nn.dynamic_rnn(
        tf.nn.rnn_cell.GRUCell(12), tf.nn.embedding_lookup(table, read), lengths, dtype=tf.float32
    )

    def decode(helper_of, many=1):
        with tf.variable_scope("decoding", reuse=tf.AUTO_REUSE):
            tiled = [seq2seq.tile_batch(t, many) if many > 1 else t for t in (memory, lengths, state)]
            attention = mechanism(12, tiled[0], memory_sequence_length=tiled[1])
            cell = seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(12), attention, attention_layer_size=layer)
            first = cell.zero_state(tf.shape(tiled[1])[0], tf.float32).clone(cell_state=tiled[2])
            top = tf.layers.Dense(WORDS, name="top")
            return seq2seq.dynamic_decode(helper_of(cell, first, top), maximum_iterations=5)

    start = tf.zeros([tf.shape(read)[0]], tf.int32)
    shifted = tf.concat([start[:, None], written[:, :-1]], 1)
    true = seq2seq.TrainingHelper(tf.nn.embedding_lookup(table, shifted), lengths + 1)
    outputs, _, found = decode(lambda cell, first, top: seq2seq.BasicDecoder(cell, true, first, top))
    loss = seq2seq.sequence_loss(outputs.rnn_output, written, tf.ones_like(written, tf.float32))
    if beams:
        own, _, _ = decode(
            lambda cell, first, top: seq2seq.BeamSearchDecoder(cell, table, start, END, first, beams, top),
            beams,
        )
        words = own.predicted_ids[:, :, 0]
    else:
        greedy = seq2seq.GreedyEmbeddingHelper(table, start, END)
        own, _, _ = decode(lambda cell, first, top: seq2seq.BasicDecoder(cell, greedy, first, top))
        words = own.sample_id
    return read, written, loss, words, found


@pytest.mark.parametrize("beams", [0, 3])
@pytest.mark.parametrize("mechanism", [seq2seq.LuongAttention, seq2seq.BahdanauAttention])
def test_words_are_written_backwards_after_training(mechanism, beams):
    x = rng.integers(2, WORDS, (16, 4))
    y = np.concatenate([x[:, ::-1], np.full((16, 1), END)], 1)
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(1)
        read, written, loss, words, lengths = model(mechanism, beams)
        step = tf.train.AdamOptimizer(0.03).minimize(loss)
        sess.run(tf.global_variables_initializer())
        before, found = sess.run([loss, lengths], {read: x, written: y})
        for _ in range(150):
            sess.run(step, {read: x, written: y})

        assert before == pytest.approx(np.log(WORDS), abs=0.3)
        assert found.tolist() == [5] * 16
        assert sess.run(loss, {read: x, written: y}) < 0.05
        assert sess.run(words, {read: x})[:, :5].tolist() == y.tolist()
        assert len(tf.trainable_variables()) == (15 if mechanism is seq2seq.BahdanauAttention else 13)


def test_variables_have_the_names_of_version_1():
    with tf.Graph().as_default():
        attention = seq2seq.BahdanauAttention(3, tf.ones([2, 5, 4]), normalize=True)
        cell = seq2seq.AttentionWrapper(tf.nn.rnn_cell.BasicLSTMCell(6), attention, attention_layer_size=7)
        helper = seq2seq.TrainingHelper(tf.ones([2, 3, 8]), [3, 2])
        decoder = seq2seq.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32), tf.layers.Dense(9))
        outputs, state, lengths = seq2seq.dynamic_decode(decoder)

        assert [v.op.name for v in tf.global_variables()] == [
            "memory_layer/kernel",
            "decoder/attention_wrapper/basic_lstm_cell/kernel",
            "decoder/attention_wrapper/basic_lstm_cell/bias",
            "decoder/attention_wrapper/bahdanau_attention/query_layer/kernel",
            "decoder/attention_wrapper/bahdanau_attention/attention_v",
            "decoder/attention_wrapper/bahdanau_attention/attention_g",
            "decoder/attention_wrapper/bahdanau_attention/attention_b",
            "decoder/attention_wrapper/attention_layer/kernel",
            "decoder/dense/kernel",
            "decoder/dense/bias",
        ]
        assert outputs.rnn_output.shape.as_list() == [2, None, 9]
        assert outputs.sample_id.dtype == tf.int32
        assert state.cell_state.h.shape.as_list() == [2, 6]
        assert lengths.shape.as_list() == [2]


class Table(tf.nn.rnn_cell.RNNCell):
    """A cell whose logits depend on the last word only; its state counts steps."""

    def __init__(self, logits):
        super().__init__()
        self.logits = tf.constant(logits)
        self.state_size, self.output_size = 1, logits.shape[1]

    state_size = output_size = None

    def call(self, inputs, state):
        return tf.matmul(inputs, self.logits), state + 1


@pytest.mark.parametrize("penalty", [0.0, 1.0])
def test_a_wide_beam_finds_the_best_of_all_sequences(penalty):
    logits = rng.normal(size=(4, 4)).astype("f")
    logs = logits - np.log(np.exp(logits).sum(1, keepdims=True))

    def score_of(words):
        total = sum(logs[a, b] for a, b in zip([0, *words], words, strict=False))
        counted = len(words) - (len(words) == 3 and words[-1] == END)  # an end counts from the next step on
        return total / ((5 + counted) / 6) ** penalty

    ways = [
        w for n in (1, 2, 3) for w in product(range(4), repeat=n)
        if END not in w[:-1] and (w[-1] == END or n == 3)
    ]  # fmt: skip
    best = sorted(ways, key=score_of, reverse=True)
    with tf.Graph().as_default(), tf.Session() as sess:
        cell = Table(logits)
        state = seq2seq.tile_batch(cell.zero_state(2, tf.float32), 40)
        decoder = seq2seq.BeamSearchDecoder(
            cell, np.eye(4, dtype="f"), [0, 0], END, state, 40, length_penalty_weight=penalty
        )
        outputs, _, lengths = seq2seq.dynamic_decode(decoder, maximum_iterations=3)
        words, scores, sizes = sess.run(
            [outputs.predicted_ids, outputs.beam_search_decoder_output.scores, lengths]
        )

    for row in (0, 1):
        for beam in range(5):
            way = best[beam]
            assert tuple(words[row, : len(way), beam]) == way
            assert (words[row, len(way) :, beam] == END).all()
            assert scores[row, -1, beam] == pytest.approx(score_of(way), rel=1e-5)
            assert sizes[row, beam] == len(way)


def test_history_is_put_in_the_order_of_the_words():
    with tf.Graph().as_default(), tf.Session() as sess:
        history = tf.constant(np.arange(2 * 1 * 3, dtype="f").reshape(2, 3, 1))
        parents = tf.constant([[[0, 0, 0]], [[2, 0, 1]]])
        found = seq2seq.gather_tree_from_array(history, parents, tf.constant([[2, 2, 2]]))

        assert sess.run(found)[..., 0].tolist() == [[2, 0, 1], [3, 4, 5]]


def test_outputs_after_the_end_are_zeros_on_request():
    with tf.Graph().as_default(), tf.Session() as sess:
        cell = tf.nn.rnn_cell.BasicRNNCell(3)
        helper = seq2seq.TrainingHelper(tf.ones([2, 4, 2]), [4, 1])
        decoder = seq2seq.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32))
        outputs, state, _ = seq2seq.dynamic_decode(decoder, impute_finished=True, output_time_major=True)
        sess.run(tf.global_variables_initializer())
        found, last = sess.run([outputs.rnn_output, state])

    assert found.shape == (4, 2, 3)
    assert not found[1:, 1].any()
    np.testing.assert_array_equal(last[1], found[0, 1])


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_scheduled_helpers_choose_between_true_and_own_words(chance):
    x = rng.normal(size=(3, 4, 5)).astype("f")
    with tf.Graph().as_default(), tf.Session() as sess:
        cell = tf.nn.rnn_cell.BasicRNNCell(5)
        first = cell.zero_state(3, tf.float32)
        fed = tf.placeholder(tf.float32, [3, 4, 5])
        table = np.eye(5, dtype="f")
        outputs = [
            seq2seq.dynamic_decode(seq2seq.BasicDecoder(cell, helper, first))[0]
            for helper in (
                seq2seq.TrainingHelper(fed, [4, 4, 4]),
                seq2seq.ScheduledEmbeddingTrainingHelper(fed, [4, 4, 4], table, chance, seed=1),
                seq2seq.ScheduledOutputTrainingHelper(fed, [4, 4, 4], chance, seed=1),
            )
        ]
        sess.run(tf.global_variables_initializer())
        true, embedded, fed_back = sess.run([o.rnn_output for o in outputs], {fed: x})
        words = sess.run(outputs[1].sample_id, {fed: x})

    np.testing.assert_array_equal(embedded[:, 0], true[:, 0])
    assert np.array_equal(embedded, true) == np.array_equal(fed_back, true) == (chance == 0)
    assert (words == -1).all() == (chance == 0)


def test_losses_can_be_kept_apart():
    logits, targets = rng.normal(size=(2, 3, 4)).astype("f"), rng.integers(0, 4, (2, 3))
    weights = np.array([[1, 1, 0], [0.5, 0, 0]], "f")
    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    each = -np.take_along_axis(logs, targets[..., None], -1)[..., 0] * weights
    loss = seq2seq.sequence_loss
    with tf.Session() as sess:
        found = sess.run(
            [
                loss(logits, targets, weights),
                loss(logits, targets, weights, average_across_batch=False),
                loss(logits, targets, weights, average_across_timesteps=False),
                loss(logits, targets, weights, False, False),
                loss(logits, targets, weights, False, False, True, True),
            ]
        )

    wanted = [
        each.sum() / weights.sum(),
        each.sum(1) / weights.sum(1),
        np.array([*(each.sum(0)[:2] / weights.sum(0)[:2]), 0]),
        each,
        each.sum() / 3,
    ]
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)


def test_mistakes_are_explained():
    cell = tf.nn.rnn_cell.GRUCell(3)
    state = cell.zero_state(2, tf.float32)
    helper = seq2seq.TrainingHelper(tf.ones([2, 4, 3]), [4, 1])
    for kind, text, call in (
        (TypeError, "Expected decoder to be type Decoder, but saw: <class 'int'>", lambda: seq2seq.dynamic_decode(3)),
        (TypeError, "helper must be a Helper, received: <class 'int'>", lambda: seq2seq.BasicDecoder(cell, 3, state)),
        (ValueError, "start_tokens must be a vector", lambda: seq2seq.GreedyEmbeddingHelper(tf.ones([2, 2]), 0, 1)),
        (ValueError, "end_token must be a scalar", lambda: seq2seq.GreedyEmbeddingHelper(tf.ones([2, 2]), [0], [1])),
        (
            ValueError,
            "Logits must be a [batch_size x sequence_length x logits] tensor",
            lambda: seq2seq.sequence_loss(tf.ones([2, 3]), tf.ones([2, 3]), tf.ones([2, 3])),
        ),
        (
            ValueError,
            "maximum_iterations must be a scalar",
            lambda: seq2seq.dynamic_decode(seq2seq.BasicDecoder(cell, helper, state), maximum_iterations=[3]),
        ),
        (
            TypeError,
            "Expected state to be instance of AttentionWrapperState. Received type "
            "<class 'tensorflow.python.framework.ops.Tensor'> instead.",
            lambda: seq2seq.AttentionWrapper(cell, seq2seq.LuongAttention(3, tf.ones([2, 4, 3])))(
                tf.ones([2, 3]), state
            ),
        ),
    ):  # fmt: skip
        with pytest.raises(kind) as caught:
            call()
        assert (
            str(caught.value).replace(
                "graphmagic.graph.node.Tensor", "tensorflow.python.framework.ops.Tensor"
            )
            == text
        )


def test_a_batch_that_was_not_tiled_says_so():
    with tf.Graph().as_default():
        attention = seq2seq.LuongAttention(3, tf.ones([2, 4, 3]))
        cell = seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(3), attention)
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=r"tile your encoder output via the tf\.contrib"
        ):
            cell.zero_state(6, tf.float32)


def test_trees_say_which_parent_is_wrong():
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError) as caught:
        sess.run(seq2seq.gather_tree([[[1, 2]], [[3, 4]]], [[[0, 0]], [[5, 0]]], [2], 9))

    assert "Saw invalid parent id 5 at (batch, time, beam) == (0, 0, 0)" in str(caught.value)
