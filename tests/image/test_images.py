"""Images against TensorFlow's recorded answers, their mistakes, chance, and files."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

import graphmagic as tf

HERE = Path(__file__).parent
ANSWERS = json.loads((HERE.parent / "oracle" / "image_uses.json").read_text(encoding="utf-8"))
spec = importlib.util.spec_from_file_location("images", HERE / "images.py")
images = importlib.util.module_from_spec(spec)
spec.loader.exec_module(images)
CASES = {name: (build, array) for name, build, array in images.all_cases()}
# Where TensorFlow 2's recorder knew less of the shape, or ran other operations for the same.
LESS_KNOWN = {"turn", "turn back", "resize keeps form", "resize and pad", "down", "along"}


def test_every_case_was_recorded():
    assert set(ANSWERS) == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_an_image_is_tensorflows(name):
    found, expected = images.answer(tf, *CASES[name]), ANSWERS[name]
    is_bytes = expected["dtype"].startswith("u")

    assert found["values"] == pytest.approx(expected["values"], rel=2e-5, abs=1 if is_bytes else 2e-5)
    assert (found["dtype"], found["shape"]) == (expected["dtype"], expected["shape"])
    if name.partition(",")[0] not in LESS_KNOWN:
        assert found["static"] == expected["static"]
        assert found["name"].partition("/")[0] == expected["name"].partition("/")[0]


IMAGE = images.IMAGE


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: tf.image.resize_images(IMAGE[0], [3, 3]), "'images' must have either 3 or 4 dimensions"),
        (lambda: tf.image.resize_images(IMAGE, [3]), "'size' must be a 1-D Tensor of 2 elements"),
        (lambda: tf.image.resize_images(IMAGE, [3, 3], method=7), "Resize method is not implemented"),
        (lambda: tf.image.central_crop(IMAGE, 0.0), r"central_fraction must be within \(0, 1\]"),
        (lambda: tf.image.crop_to_bounding_box(IMAGE, 3, 0, 3, 2), "height must be >= target"),
        (lambda: tf.image.pad_to_bounding_box(IMAGE, 0, 0, 3, 9), "height must be <= target - offset"),
        (lambda: tf.image.random_brightness(IMAGE, -1), "max_delta must be non-negative"),
        (lambda: tf.image.random_hue(IMAGE, 0.6), "max_delta must be <= 0.5"),
        (lambda: tf.image.random_contrast(IMAGE, 0.5, 0.2), "upper must be > lower"),
        (lambda: tf.image.adjust_gamma(IMAGE, -1), "Gamma should be a non-negative real number"),
        (lambda: tf.image.total_variation(IMAGE[0]), "must be either 3 or 4-dimensional"),
        (lambda: tf.image.grayscale_to_rgb(IMAGE), "should be size 1, but is 3"),
    ],
)
def test_a_mistake_is_said(make, text):
    with tf.Graph().as_default(), pytest.raises(ValueError, match=text):
        make()


def test_chance_is_repeatable_and_flips_half():
    with tf.Graph().as_default(), tf.Session() as sess:
        tf.set_random_seed(5)
        flipped = tf.image.random_flip_left_right(IMAGE, seed=1)
        found = [sess.run(flipped) for _ in range(20)]
    turned = [np.array_equal(image, IMAGE[:, ::-1]) for image in found]

    assert all(t or np.array_equal(image, IMAGE) for t, image in zip(turned, found, strict=True))
    assert 3 < sum(turned) < 17


def test_sizes_that_only_a_run_knows():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None, None, 3])
        made = [tf.image.resize_image_with_crop_or_pad(x, 4, 6), tf.image.central_crop(x, 0.5)]
        found = sess.run(made, {x: IMAGE})
        bad = tf.image.crop_to_bounding_box(x, 3, 0, 3, 2)

        assert made[0].shape.as_list() == [4, 6, 3]
        assert [image.shape for image in found] == [(4, 6, 3), (3, 2, 3)]
        with pytest.raises(tf.errors.InvalidArgumentError, match="height must be >= target"):
            sess.run(bad, {x: IMAGE})


def test_gradients_go_through_resizing():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.constant(IMAGE)
        y = tf.image.resize_images(x, [10, 8])
        grad = sess.run(tf.gradients(tf.reduce_sum(y), x)[0])

    assert grad.sum() == pytest.approx(10 * 8 * 3)


def test_what_is_no_image_is_said():
    with tf.Graph().as_default(), tf.Session() as sess:
        for decode in (tf.image.decode_image, tf.image.decode_jpeg, tf.image.decode_png, tf.image.decode_gif):
            with pytest.raises(tf.errors.InvalidArgumentError, match=r"(?i)image|jpeg|png|gif"):
                sess.run(decode("no image"))


def test_without_pillow_one_message_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with (
        tf.Graph().as_default(),
        tf.Session() as sess,
        pytest.raises(Exception, match=r"needs the package Pillow.*graphmagic\[image\]"),
    ):
        sess.run(tf.image.decode_png("x"))
