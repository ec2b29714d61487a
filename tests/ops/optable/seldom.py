"""Patches and grey-scale morphology of images, decompositions, rare random numbers: what courses use now and then."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, applied, raw
from optable.data import floats, ints

ONES = [1, 1, 1, 1]
IMAGES = floats(2, 5, 7, 3)
CLASSES = np.array([[1], [2], [0]], np.int64)
UNIGRAMS = [3.0, 0.5, 8.0, 0.0, 2.0, 1.0, 1.0]


def _patches(ksizes: Any, strides: Any, rates: Any, padding: str) -> Any:
    return applied(
        "extract_image_patches", ksizes=[1, *ksizes, 1], strides=[1, *strides, 1], rates=[1, *rates, 1],
        padding=padding,
    )  # fmt: skip


def _dilation(
    op: str = "nn.dilation2d", strides: Any = (1, 1), rates: Any = (1, 1), padding: str = "VALID"
) -> Any:
    return applied(op, strides=[1, *strides, 1], rates=[1, *rates, 1], padding=padding)


def _backward(op_type: str) -> Any:
    return lambda tf, x, f, dy: raw(tf, op_type, x, f, dy, strides=ONES, rates=ONES, padding="SAME")


def _unigram(**keywords: Any) -> Any:
    settings = {
        "num_true": 1,
        "num_sampled": 6,
        "unique": False,
        "range_max": 7,
        "unigrams": UNIGRAMS,
        "seed": 4,
    }
    return lambda tf, c: list(tf.nn.fixed_unigram_candidate_sampler(c, **{**settings, **keywords}))


def _matrix(size: int) -> Any:
    return floats(size, size, seed=3) + 3 * np.eye(size, dtype=np.float32)[::-1]


def _image_of(x: Any, patches: Any) -> Any:
    found = np.zeros((2, 5, 7, 3), np.float32)
    for row in range(2):
        for column in range(3):
            window = patches[:, row, column].reshape(2, 3, 2, 3)
            found[:, 2 * row : 2 * row + 3, 2 * column : 2 * column + 2] += window
    return found


def _put_back(tf: Any, x: Any, patches: Any) -> Any:
    cut = _patches((3, 2), (2, 2), (1, 1), "VALID")(tf, x)
    return tf.gradients(cut, x, patches)[0]


CASES = [
    Case("ExtractImagePatches", "valid", _patches((3, 2), (1, 2), (1, 1), "VALID"), (IMAGES,), grad=(0,)),
    Case("ExtractImagePatches", "same", _patches((2, 3), (2, 3), (1, 1), "SAME"), (IMAGES,), grad=(0,)),
    Case("ExtractImagePatches", "rates", _patches((2, 2), (1, 1), (2, 3), "SAME"), (IMAGES,), grad=(0,)),
    Case("ExtractImagePatches", "integers", _patches((2, 2), (2, 1), (1, 1), "VALID"), (ints(2, 3, 4, 1),)),
    Case("ExtractImagePatches", "nothing", _patches((2, 2), (1, 1), (1, 1), "SAME"), (floats(0, 3, 4, 2),)),
    Case(
        "ImageOfPatches",
        "gradient",
        _put_back,
        (IMAGES, floats(2, 2, 3, 18)),
        grad=(1,),
        reference=_image_of,
        square="two rows of patches of two images",
        order=1,
        atol=1e-6,
    ),
    Case("Dilation2D", "valid", _dilation(), (IMAGES, floats(2, 4, 3)), grad=(0, 1), order=1),
    Case(
        "Dilation2D",
        "same",
        _dilation(strides=(2, 3), padding="SAME"),
        (IMAGES, floats(4, 2, 3)),
        grad=(0, 1),
        order=1,
    ),
    Case(
        "Dilation2D",
        "rates",
        _dilation(rates=(2, 1), padding="SAME"),
        (IMAGES, floats(2, 4, 3)),
        grad=(0, 1),
        order=1,
    ),
    Case("Dilation2D", "integers", _dilation(), (ints(2, 3, 4, 1), ints(2, 3, 1))),
    Case("Dilation2D", "erosion", _dilation("nn.erosion2d"), (IMAGES, floats(2, 4, 3)), grad=(0, 1), order=1),
    Case(
        "Dilation2DBackpropInput",
        "raw",
        _backward("Dilation2DBackpropInput"),
        (floats(1, 4, 5, 3), floats(1, 2, 3, seed=2), floats(1, 4, 5, 3, seed=5)),
    ),
    Case(
        "Dilation2DBackpropFilter",
        "raw",
        _backward("Dilation2DBackpropFilter"),
        (floats(1, 4, 5, 3), floats(1, 2, 3, seed=2), floats(1, 4, 5, 3, seed=5)),
        ulp=2,
    ),
    Case("Lu", "matrix", applied("linalg.lu"), (_matrix(4),), square="the matrix", ulp=8, atol=1e-6),
    Case("Lu", "int64", applied("linalg.lu", "int64"), (_matrix(3),), square="the matrix", ulp=8, atol=1e-6),
    Case(
        "Lu",
        "batch",
        applied("linalg.lu"),
        (floats(2, 3, 3, dtype=np.float64),),
        square="the matrices",
        ulp=16,
        atol=1e-14,
    ),
    Case("Svd", "pinv", applied("linalg.pinv"), (floats(3, 4),), ulp=32, atol=1e-6),
    Case(
        "UnravelIndex", "vector", applied("unravel_index"), (np.array([2, 5, 7], "i"), np.array([3, 4], "i"))
    ),
    Case("UnravelIndex", "scalar", applied("unravel_index"), (np.array(9, "q"), np.array([3, 4, 2], "q"))),
    Case("Timestamp", "later", lambda tf: tf.greater(tf.timestamp(), 1e9)),
    Case(
        "RandomGamma",
        "shapes",
        lambda tf, a: tf.random_gamma([5], a, seed=3),
        (np.array([0.3, 1.0, 2.5], "f"),),
        runs=2,
        ulp=4,
    ),
    Case(
        "RandomGamma",
        "beta",
        lambda tf, a, b: tf.random_gamma([2, 3], a, b, seed=1),
        (np.array([[0.7], [4.0]], "f"), np.array([1.0, 2.0, 9.0], "f")),
        ulp=4,
    ),
    Case(
        "RandomGamma",
        "double",
        lambda tf, a: tf.random_gamma([4], a, dtype="float64", seed=9),
        (np.array([0.5, 20.0]),),
        ulp=16,
    ),
    Case(
        "RandomPoissonV2",
        "small",
        applied("random_poisson", [9], seed=3),
        (np.array([0.3, 4.0], "f"),),
        runs=2,
    ),
    Case("RandomPoissonV2", "large", applied("random_poisson", [9], seed=5), (np.array([12.0, 300.0], "f"),)),
    Case(
        "RandomPoissonV2",
        "integers",
        applied("random_poisson", [3, 2], "int32", seed=2),
        (np.array(7.5, "f"),),
    ),
    Case("FixedUnigramCandidateSampler", "list", _unigram(), (CLASSES,), runs=2, ulp=2),
    Case("FixedUnigramCandidateSampler", "unique", _unigram(unique=True, num_sampled=4), (CLASSES,), ulp=4),
    Case("FixedUnigramCandidateSampler", "distorted", _unigram(distortion=0.75), (CLASSES,), ulp=4),
    Case(
        "FixedUnigramCandidateSampler",
        "reserved",
        _unigram(num_reserved_ids=2, range_max=9),
        (CLASSES,),
        ulp=2,
    ),
]

_TOO_FEW: Any = dict.fromkeys(
    ("full", "unknown"), ("build", "ValueError", "Must provide either vocab_file or unigrams, and not both.")
)

_NO_GAMMA: Any = dict.fromkeys(
    ("full", "unknown"),
    (
        "build",
        "TypeError",
        "Value passed to parameter 'alpha' has DataType int32 not in list of allowed values: ...",
    ),
)

MISTAKES = [
    Mistake("ExtractImagePatches", "rank", _patches((2, 2), (1, 1), (1, 1), "SAME"), (floats(3, 4, 2),)),
    Mistake("ExtractImagePatches", "padding", _patches((2, 2), (1, 1), (1, 1), "FULL"), (IMAGES,)),
    Mistake(
        "ExtractImagePatches",
        "string",
        _patches((2, 2), (1, 1), (1, 1), "SAME"),
        (np.full((1, 2, 3, 1), b"a", object),),
    ),
    Mistake("Dilation2D", "depth", _dilation(), (IMAGES, floats(2, 4, 2))),
    Mistake("Dilation2D", "rank", _dilation(), (IMAGES, floats(2, 4))),
    Mistake(
        "Dilation2DBackpropInput",
        "gradient",
        lambda tf, x, f: tf.gradients(tf.gradients(_dilation()(tf, x, f), x), x),
        (IMAGES, floats(2, 4, 3)),
    ),
    Mistake(
        "Dilation2DBackpropFilter",
        "gradient",
        lambda tf, x, f: tf.gradients(tf.gradients(_dilation()(tf, x, f), f), f),
        (IMAGES, floats(2, 4, 3)),
    ),
    Mistake(
        "Dilation2DBackpropInput",
        "type",
        _backward("Dilation2DBackpropInput"),
        (floats(1, 3, 4, 2), ints(2, 3, 2), floats(1, 3, 4, 2)),
    ),
    Mistake(
        "Dilation2DBackpropFilter",
        "type",
        _backward("Dilation2DBackpropFilter"),
        (floats(1, 3, 4, 2), ints(2, 3, 2), floats(1, 3, 4, 2)),
    ),
    Mistake("Lu", "singular", applied("linalg.lu"), (np.zeros((3, 3), "f"),)),
    Mistake("Lu", "rank", applied("linalg.lu"), (floats(3),)),
    Mistake(
        "UnravelIndex", "outside", applied("unravel_index"), (np.array([2, 12], "i"), np.array([3, 4], "i"))
    ),
    Mistake(
        "UnravelIndex", "types", applied("unravel_index"), (np.array([2, 12], "i"), np.array([3, 4], "q"))
    ),
    Mistake(
        "RandomGamma",
        "type",
        lambda tf, a: tf.random_gamma([2], a, dtype="int32"),
        (np.array([1, 2], "i"),),
        says=_NO_GAMMA,
        why="it is said before NumPy is asked for the limits of the type",
    ),
    Mistake("RandomPoissonV2", "string", applied("random_poisson", [2]), (np.array([b"a"], object),)),
    Mistake(
        "FixedUnigramCandidateSampler",
        "none",
        _unigram(unigrams=[]),
        (CLASSES,),
        says=_TOO_FEW,
        why="said where the operation is made",
    ),
    Mistake("FixedUnigramCandidateSampler", "rank", _unigram(), (np.array([1, 2], "q"),)),
]


# ----- beam search -----

STEPS = np.array([[[1, 2, 3]], [[4, 5, 6]], [[7, 8, 9]], [[-1, -1, -1]]], "i")
PARENTS = np.array([[[0, 0, 0]], [[0, 1, 1]], [[2, 1, 2]], [[-1, -1, -1]]], "i")
BEAMS = np.array([[[2, 2, 2]], [[6, 5, 6]], [[7, 8, 9]], [[10, 10, 10]]], "i")
FAR = ("run", "InvalidArgumentError", "Saw invalid parent id 5 at (batch, time, beam) == (0, 1, 0)")


def _tree(tf: Any, *inputs: Any) -> Any:
    return raw(tf, "GatherTree", *inputs)


# TensorFlow 2 does not have the type
CASES.append(
    Case(
        "GatherTree",
        "one",
        _tree,
        (STEPS, PARENTS, np.array([3], "i"), np.array(10, "i")),
        reference=lambda *inputs: BEAMS,
    )
)
MISTAKES.append(
    Mistake(
        "GatherTree",
        "far_parent",
        _tree,
        (STEPS, PARENTS + 3, np.array([3], "i"), np.array(10, "i")),
        says=dict.fromkeys(("full", "unknown"), FAR),
        why="TensorFlow 2 does not have the type",
    )
)
