"""Random choices, and random numbers whose seed is an input."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import floats, ints

SEED = np.array([3, -7], np.int64)
FLAT = np.zeros((1, 5), np.float32)


def _seeded(function: str, *args: Any, graph_seed: int | None = None, **keywords: Any) -> Any:
    def build(tf: Any, *inputs: Any) -> Any:
        if graph_seed is not None:
            tf.set_random_seed(graph_seed)
        owner = tf
        for name in function.split("."):
            owner = getattr(owner, name)
        return owner(*inputs, *args, **keywords)

    return build


def _stateless(function: str, *args: Any, **keywords: Any) -> Any:
    return lambda tf, *inputs: getattr(tf.random, function)(*args, *inputs, **keywords)


CASES = [
    Case("Multinomial", "flat", _seeded("multinomial", 7, seed=1), (FLAT,), runs=2),
    Case("Multinomial", "rows", _seeded("multinomial", 6, seed=1), (floats(3, 5),), runs=2),
    Case(
        "Multinomial", "doubles", _seeded("multinomial", 9, seed=5), (floats(2, 4, dtype=np.float64),), runs=2
    ),
    Case(
        "Multinomial", "halves", _seeded("multinomial", 9, seed=5), (floats(2, 4, dtype=np.float16),), runs=2
    ),
    Case(
        "Multinomial",
        "int32",
        _seeded("multinomial", 4, seed=2, output_dtype="int32"),
        (floats(2, 3),),
        runs=2,
    ),
    Case(
        "Multinomial",
        "certain",
        _seeded("multinomial", 8, seed=3),
        (np.array([[-1e9, 0.0, -np.inf]], "f"),),
        runs=2,
    ),
    Case("Multinomial", "categorical", _seeded("random.categorical", 5, seed=4), (floats(2, 6),), runs=2),
    Case(
        "Multinomial",
        "both_seeds",
        _seeded("random.categorical", 5, "int32", seed=4, graph_seed=9),
        (floats(2, 6),),
        runs=2,
    ),
    Case("Multinomial", "nothing", _seeded("multinomial", 0, seed=1), (floats(2, 3),), grad=(0,), order=0),
    Case("Multinomial", "no_rows", _seeded("multinomial", 3, seed=1), (floats(0, 3),)),
    Case(
        "Multinomial",
        "fed",
        lambda tf, x, n: tf.multinomial(x, n, seed=1),
        (floats(2, 3), np.array(4, "i")),
        runs=2,
    ),
    Case("Slice", "crop", _seeded("random_crop", [2, 3], seed=1), (floats(5, 7),), runs=2),
    Case(
        "Slice",
        "crop_channels",
        _seeded("random_crop", [2, 3, 4], seed=9, graph_seed=5),
        (floats(5, 7, 4),),
        runs=2,
    ),
    Case("StatelessRandomUniform", "matrix", _stateless("stateless_uniform", [3, 5]), (SEED,)),
    Case("StatelessRandomUniform", "int32_seed", _stateless("stateless_uniform", [7], [1, 2])),
    Case(
        "StatelessRandomUniform",
        "range",
        _stateless("stateless_uniform", [7], minval=-2.0, maxval=3.0),
        (SEED,),
        ulp=1,
    ),
    Case("StatelessRandomUniform", "double", _stateless("stateless_uniform", [7], dtype="float64"), (SEED,)),
    Case("StatelessRandomUniform", "half", _stateless("stateless_uniform", [7], dtype="float16"), (SEED,)),
    Case(
        "StatelessRandomUniform",
        "fed",
        lambda tf, s, k: tf.random.stateless_uniform(s, k),
        (np.array([2, 3], "i"), SEED),
    ),
    Case("StatelessRandomNormal", "matrix", _stateless("stateless_normal", [3, 5]), (SEED,)),
    Case(
        "StatelessRandomNormal", "scaled", _stateless("stateless_normal", [50], mean=3.0, stddev=2.0), (SEED,)
    ),
    Case("StatelessRandomNormal", "half", _stateless("stateless_normal", [5], dtype="float16"), (SEED,)),
    Case("StatelessTruncatedNormal", "long", _stateless("stateless_truncated_normal", [250]), (SEED,)),
    Case(
        "StatelessTruncatedNormal",
        "scaled",
        _stateless("stateless_truncated_normal", [2, 3], stddev=0.1),
        (SEED,),
    ),
    Case(
        "StatelessRandomUniformInt",
        "int32",
        _stateless("stateless_uniform", [9], minval=-4, maxval=9, dtype="int32"),
        (SEED,),
    ),
    Case(
        "StatelessRandomUniformInt",
        "int64",
        _stateless("stateless_uniform", [9], minval=0, maxval=2**40, dtype="int64"),
        (SEED,),
    ),
    Case(
        "StatelessMultinomial",
        "rows",
        lambda tf, x, k: tf.random.stateless_multinomial(x, 6, k),
        (floats(3, 5), SEED),
    ),
    Case(
        "StatelessMultinomial",
        "categorical",
        lambda tf, x, k: tf.random.stateless_categorical(x, 4, k, "int32"),
        (floats(2, 3), SEED),
        grad=(0,),
        order=0,
    ),
]

ONE_NODE = "in version 1 one node does what two do in version 2"
VERSION_1 = "version 1 said it so"


def _node(kind: str) -> str:
    scope = f"stateless_random_{kind.lower()}"
    return (
        f"'{{{{node {scope}/StatelessRandom{kind}}}}} = StatelessRandom{kind}[T=DT_INT32, Tseed=DT_INT32, dtype=DT_FLOAT]"
        f"({scope}/shape, input0)' with input shapes:"
    )


def _always(*answer: str) -> dict[str, Any]:
    return {"full": answer, "unknown": answer}


MISTAKES = [
    Mistake("Multinomial", "vector", _seeded("multinomial", 3), (floats(3),)),
    Mistake("Multinomial", "no_classes", _seeded("multinomial", 3), (floats(2, 0),)),
    Mistake("Multinomial", "negative", _seeded("multinomial", -1), (floats(2, 3),)),
    Mistake("Multinomial", "samples_vector", _seeded("multinomial", [3]), (floats(2, 3),)),
    Mistake("Multinomial", "type", _seeded("multinomial", 3, output_dtype="int16"), (floats(2, 3),)),
    Mistake("Slice", "crop_large", _seeded("random_crop", [4]), (floats(3),)),
    Mistake(
        "StatelessRandomUniform",
        "seed",
        _stateless("stateless_uniform", [3]),
        (ints(3),),
        says={
            "full": ("build", "ValueError", f"Dimension must be 2 but is 3 for {_node('Uniform')} [1], [3].")
        },
        why=ONE_NODE,
    ),
    Mistake(
        "StatelessRandomUniform",
        "type",
        _stateless("stateless_uniform", [3], dtype="uint8"),
        (SEED,),
        says=_always("build", "ValueError", "Invalid dtype tf.uint8"),
        why=VERSION_1,
    ),
    Mistake(
        "StatelessRandomUniform",
        "no_maximum",
        _stateless("stateless_uniform", [3], dtype="int32"),
        (SEED,),
        says=_always("build", "ValueError", "Must specify maxval for integer dtype tf.int32"),
        why=VERSION_1,
    ),
    Mistake(
        "StatelessRandomNormal",
        "seed",
        _stateless("stateless_normal", [3]),
        (ints(2, 3),),
        says={
            "full": (
                "build",
                "ValueError",
                f"Shape must be rank 1 but is rank 2 for {_node('Normal')} [1], [2,3].",
            )
        },
        why=ONE_NODE,
    ),
    Mistake("StatelessTruncatedNormal", "seed", _stateless("stateless_truncated_normal", [3]), (floats(2),)),
    Mistake(
        "StatelessRandomUniformInt",
        "range",
        _stateless("stateless_uniform", [3], minval=3, maxval=3, dtype="int32"),
        (SEED,),
    ),
    Mistake(
        "StatelessMultinomial",
        "vector",
        lambda tf, x, k: tf.random.stateless_multinomial(x, 6, k),
        (floats(3), SEED),
    ),
]
