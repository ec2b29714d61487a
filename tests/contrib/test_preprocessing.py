"""Texts become rows of word numbers, and the vocabulary survives a file."""

import numpy as np
import pytest

import graphmagic as tf

preprocessing = tf.contrib.learn.preprocessing
TEXTS = ["the graph the session", "the graph holds no values", "HTTPServer isn't one"]


def rows(processor, texts):
    return np.array(list(processor.transform(texts))).tolist()


def test_words_are_numbered_as_they_come():
    processor = preprocessing.VocabularyProcessor(5)
    found = np.array(list(processor.fit_transform(iter(TEXTS))))

    assert found.tolist() == [[1, 2, 1, 3, 0], [1, 2, 4, 5, 6], [7, 8, 9, 10, 0]]
    assert found.dtype == np.int64
    assert rows(processor, ["the unseen graph"]) == [[1, 0, 2, 0, 0]]


def test_seldom_words_are_unknown_and_the_most_frequent_come_first():
    processor = preprocessing.VocabularyProcessor(4, min_frequency=1).fit(TEXTS)

    assert len(processor.vocabulary_) == 3
    assert rows(processor, ["graph the session"]) == [[2, 1, 0, 0]]


def test_a_tokenizer_of_ones_own():
    processor = preprocessing.VocabularyProcessor(3, tokenizer_fn=lambda texts: (list(t) for t in texts))

    assert rows(processor.fit(["abc"]), ["cab"]) == [[3, 1, 2]]


def test_what_was_saved_is_restored(tmp_path):
    processor = preprocessing.VocabularyProcessor(4).fit(TEXTS)
    processor.save(tmp_path / "vocabulary")
    found = preprocessing.VocabularyProcessor.restore(tmp_path / "vocabulary")

    assert rows(found, ["no new graph"]) == rows(processor, ["no new graph"])
    assert list(found.reverse([[2, 3]])) == ["graph session"]


@pytest.mark.parametrize("content", [b"\x80\x04pickle", b"{}", b"[1]"])
def test_other_files_are_refused(tmp_path, content):
    (tmp_path / "file").write_bytes(content)

    with pytest.raises(ValueError, match="not written by graphmagic"):
        preprocessing.VocabularyProcessor.restore(tmp_path / "file")


def test_words_that_are_too_frequent_can_be_left_out():
    words = preprocessing.CategoricalVocabulary(support_reverse=False)
    for word in ["a", "a", "a", "b", "b", "c"]:
        words.add(word)
    words.trim(0, max_frequency=3)

    assert [words.get("b"), words.get("c"), len(words)] == [1, 2, 3]
    with pytest.raises(ValueError, match="support_reverse"):
        words.reverse(1)


def test_a_classifier_of_texts_learns():
    """The first steps of the convolutional text classifiers that used it."""
    texts = ["good great fine", "bad awful poor", "great good", "poor bad", "fine good", "awful bad"] * 5
    labels = [1, 0] * 15
    processor = preprocessing.VocabularyProcessor(3)
    x = np.array(list(processor.fit_transform(texts)))
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(1)
        words = tf.Variable(tf.random_uniform([len(processor.vocabulary_), 8], -1.0, 1.0))
        sentence = tf.reduce_mean(tf.nn.embedding_lookup(words, x), 1)
        loss = tf.losses.sparse_softmax_cross_entropy(labels, tf.layers.dense(sentence, 2))
        step = tf.train.AdamOptimizer(0.1).minimize(loss)
        sess.run(tf.global_variables_initializer())
        first = sess.run(loss)
        for _ in range(60):
            sess.run(step)
        assert sess.run(loss) < 0.1 * first
