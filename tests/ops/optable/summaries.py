"""Summaries: the messages, in which pictures are compared pixel by pixel."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import EDGES, floats, ints, strings

_EMPTY_VALUE = b"\n\x03\n\x01a"
SCALAR = np.array(2.5, np.float32)


def _picture(tf: Any, x: Any, **keywords: Any) -> list[Any]:
    """The tags, and the pixels of the first picture."""
    summary = tf.summary.image("p", x, **keywords)

    def looked_at(text: bytes) -> Any:
        values = tf.Summary.FromString(text).value
        sizes = [f"{v.tag} {v.image.height} {v.image.width} {v.image.colorspace}" for v in values]
        return "; ".join(sizes), values[0].image.encoded_image_string

    tags, encoded = tf.py_func(looked_at, [summary], [tf.string, tf.string])
    return [tags, tf.image.decode_png(encoded)]


def _merged(tf: Any, *tags: str) -> Any:
    return tf.summary.merge([tf.summary.scalar(tag, 1.0) for tag in tags])


def _after(tf: Any, x: Any) -> Any:
    """A histogram in a scope; its tag says so."""
    with tf.name_scope("scope"):
        return tf.summary.histogram("h", x)


CASES = [
    Case("ScalarSummary", "float", lambda tf, x: tf.summary.scalar("loss", x), (SCALAR,)),
    Case("ScalarSummary", "integer", lambda tf, x: tf.summary.scalar("n", x), (ints(),)),
    Case("ScalarSummary", "not_a_number", lambda tf: tf.summary.scalar("nan", float("nan"))),
    Case("ScalarSummary", "infinite", lambda tf: tf.summary.scalar("inf", float("-inf"))),
    Case("ScalarSummary", "tag_with_blank", lambda tf, x: tf.summary.scalar("a b", x), (SCALAR,)),
    Case("HistogramSummary", "matrix", lambda tf, x: tf.summary.histogram("h", x), (floats(3, 4),)),
    Case("HistogramSummary", "scope", _after, (floats(5),)),
    Case("HistogramSummary", "integers", lambda tf, x: tf.summary.histogram("h", x), (ints(7),)),
    Case("HistogramSummary", "scalar", lambda tf, x: tf.summary.histogram("h", x), (SCALAR,)),
    Case("HistogramSummary", "empty", lambda tf, x: tf.summary.histogram("h", x), (floats(0),)),
    Case(
        "HistogramSummary", "extremes", lambda tf, x: tf.summary.histogram("h", x),
        (np.array([0.0, -0.0, 1e-30, -1e30, 3e38, 1e-12, 1.1e-12], np.float32),),
    ),
    Case("ImageSummary", "grey", _picture, (floats(2, 3, 4, 1, low=0, high=1),)),
    Case("ImageSummary", "colour", _picture, (floats(1, 2, 5, 3, low=0, high=1),)),
    Case("ImageSummary", "signed", _picture, (floats(1, 2, 5, 3, low=-1, high=1),)),
    Case("ImageSummary", "transparent", _picture, (floats(1, 2, 5, 4, low=0, high=1),)),
    Case("ImageSummary", "bytes", _picture, (ints(1, 2, 3, 1, low=0, high=255, dtype=np.uint8),)),
    Case("ImageSummary", "one_of_two", lambda tf, x: _picture(tf, x, max_outputs=1), (floats(2, 3, 4, 1),)),
    Case("ImageSummary", "zero", _picture, (np.zeros((1, 2, 3, 1), np.float32),)),
    Case("TensorSummaryV2", "text", lambda tf, x: tf.summary.text("t", x), (strings(b"one", b"two"),)),
    Case("TensorSummaryV2", "text_scalar", lambda tf: tf.summary.text("t", tf.constant("*one*"))),
    Case("MergeSummary", "two", lambda tf: _merged(tf, "a", "b")),
    Case("MergeSummary", "vector", lambda tf, x: tf.summary.merge([x]), (strings(b"", _EMPTY_VALUE),)),
    Case("MergeSummary", "one", lambda tf: _merged(tf, "a")),
]  # fmt: skip

MISTAKES = [
    Mistake("ScalarSummary", "vector", lambda tf, x: tf.summary.scalar("v", x), (floats(3),)),
    Mistake("ScalarSummary", "string", lambda tf: tf.summary.scalar("v", "text")),
    Mistake("HistogramSummary", "not_a_number", lambda tf, x: tf.summary.histogram("h", x), (EDGES,)),
    Mistake("HistogramSummary", "infinite", lambda tf, x: tf.summary.histogram("h", x), (EDGES[5:7],)),
    Mistake("HistogramSummary", "string", lambda tf: tf.summary.histogram("h", ["text"])),
    Mistake("ImageSummary", "rank", lambda tf, x: tf.summary.image("p", x), (floats(2, 3),)),
    Mistake("ImageSummary", "channels", lambda tf, x: tf.summary.image("p", x), (floats(1, 3, 4, 2),)),
    Mistake("ImageSummary", "type", lambda tf, x: tf.summary.image("p", x), (ints(1, 3, 4, 1),)),
    Mistake("TensorSummaryV2", "no_text", lambda tf, x: tf.summary.text("t", x), (floats(2),)),
    Mistake("MergeSummary", "same_tag", lambda tf: tf.summary.merge([_merged(tf, "a")] * 2)),
    Mistake("MergeSummary", "type", lambda tf, x: tf.summary.merge([x]), (floats(),)),
    Mistake("MergeSummary", "damaged", lambda tf, x: tf.summary.merge([x]), (np.array(b"\xff\xff", object),)),
]
