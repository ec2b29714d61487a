"""A plan laid open: text, and a picture in which what runs is lit."""

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
