"""A plan laid open: text, and a picture in which what runs is lit."""

import numpy as np

import graphmagic as tf


def test_a_plan_draws_itself():
    x = tf.placeholder(tf.float32, [None], name="x")
    wanted = tf.tanh(x, name="wanted")
    tf.exp(x, name="other")
    bundle = tf.Session().plan(wanted, [x])._repr_mimebundle_()

    assert bundle["text/plain"].startswith("pass")
    assert "def run(f0)" in bundle["text/plain"]
    assert "wanted" in bundle["image/svg+xml"]
    assert "other" in bundle["image/svg+xml"]


def test_a_plan_of_nothing_is_text():
    tf.constant(1.0)

    assert list(tf.Session().plan([])._repr_mimebundle_()) == ["text/plain"]


def test_each_pass_says_what_it_saved():
    x = tf.placeholder(tf.float32, [None], name="x")
    twice = tf.reduce_sum(tf.tanh(x) + tf.tanh(x) * tf.constant(2.0) * 3.0)
    plan = tf.Session().plan(twice, {x: np.zeros(1000, np.float32)})
    saved = {note.name: note.saved for note in reversed(plan.passes)}

    assert saved["merge_equal"] == 4000
    assert saved["fuse"] == 0
    assert all(note.before >= note.after for note in plan.passes)
    assert "bytes saved" in str(plan).splitlines()[0]


def test_a_chain_of_large_arrays_keeps_nothing_in_between():
    x = tf.placeholder(tf.float32, [None], name="x")
    plan = tf.Session().plan(tf.reduce_sum(tf.sqrt(x * x)), {x: np.zeros(1_000_000, np.float32)})

    assert plan.passes[-1].name == "fuse"
    assert plan.passes[-1].saved == 8_000_000
