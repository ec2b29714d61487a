"""Runs that would take more memory than there is are refused before they start, and say what takes it."""

from typing import Any

import numpy as np
import pytest

import graphmagic as tf


def product() -> tuple[Any, Any]:
    x = tf.placeholder(tf.float32, [None], name="x")
    return x, tf.matmul(x[:, None], x[None], name="product")


def limited(nbytes: int) -> tf.Session:
    return tf.Session(config=tf.ConfigProto(memory_limit_bytes=nbytes))


def test_more_than_the_machine_has() -> None:
    huge = tf.ones([1 << 20, 1 << 20], name="huge")

    with pytest.raises(tf.errors.ResourceExhaustedError) as caught:
        tf.Session().run(tf.matmul(huge, huge))
    assert str(caught.value).startswith(
        "OOM when allocating tensor with shape[1048576,1048576] and type float32: this run needs 8796.1 GB at once, and "
    )
    notes = "\n".join(caught.value.__notes__)
    assert "The largest values at that moment: " in notes
    assert "huge:0 of shape (1048576, 1048576): 4398.0 GB" in notes
    assert "was created at test_memory_limit.py" in notes


def test_shapes_that_only_the_feeds_tell() -> None:
    x, y = product()

    with pytest.raises(tf.errors.ResourceExhaustedError, match=r"shape\[3000000,3000000\]"):
        tf.Session().run(y, {x: np.ones(3_000_000, np.float32)})


def test_the_limit_of_a_session() -> None:
    x, y = product()
    small, large = limited(1_000_000), limited(5_000_000)
    feeds = {x: np.ones(1000, np.float32)}

    for _ in range(3):
        with pytest.raises(
            tf.errors.ResourceExhaustedError, match=r"needs 4\.0 MB at once, and 1\.0 MB may be used"
        ):
            small.run(y, feeds)
        assert small.run(y, {x: [1.0, 2.0]}).tolist() == [[1.0, 2.0], [2.0, 4.0]]
        assert large.run(y, feeds).shape == (1000, 1000)


def test_variables_count() -> None:
    v = tf.Variable(tf.zeros([1000, 200]))
    session = limited(1_000_000)
    session.run(v.initializer)

    with pytest.raises(tf.errors.ResourceExhaustedError, match=r"1\.6 MB at once") as caught:
        session.run(v + 1.0)
    assert "variables: 800.0 kB" in caught.value.__notes__[0]
    assert session.run(tf.reduce_sum(v)) == 0


def test_what_is_not_needed_any_more_does_not_count() -> None:
    x = tf.placeholder(tf.float32, [250_000])
    y = x
    for _ in range(10):
        y = tf.cumsum(y)

    assert limited(2_100_000).run(tf.reduce_sum(y), {x: np.zeros(250_000, np.float32)}) == 0


def test_the_body_of_a_loop_counts() -> None:
    x, y = product()
    total = tf.while_loop(
        lambda i, t: i < 2, lambda i, t: (i + 1, t + tf.reduce_sum(tf.cumsum(y * t))), [0, 1.0]
    )[1]
    feeds = {x: np.ones(1000, np.float32)}

    with pytest.raises(tf.errors.ResourceExhaustedError):
        limited(4_500_000).run(total, feeds)
    assert limited(20_000_000).run(total, feeds) > 1


def test_one_thread_for_each_operation() -> None:
    session = tf.Session(config=tf.ConfigProto(intra_op_parallelism_threads=1))

    assert session._state.threads == 1
    assert tf.Session()._state.threads == 2
