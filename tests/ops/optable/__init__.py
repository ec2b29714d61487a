"""The table of operations: for every type how it is used rightly and wrongly, one module per family.

The lines build with any module that has TensorFlow 1's names, so ``tests/oracle/record.py`` records TensorFlow's
answers to the very lines that the tests here run.
"""

from __future__ import annotations

from optable import (
    activations,
    array,
    bitwise,
    candidates,
    contractions,
    control,
    convolution,
    counting,
    ctc,
    datasets,
    decompositions,
    diagonals,
    elementary,
    equations,
    files,
    fill,
    gather,
    images,
    join,
    linalg,
    logic,
    lookups,
    math,
    neural,
    normalization,
    pooling,
    random,
    rearranging,
    records,
    reduce,
    sampling,
    scattering,
    segments,
    seldom,
    sets,
    slicing,
    sparse,
    sparse_math,
    special,
    state,
    streams,
    summaries,
    text,
    training,
)
from optable.case import Case, Mistake

__all__ = ["CASES", "FAMILIES", "MISTAKES"]

FAMILIES = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        math,
        logic,
        linalg,
        reduce,
        array,
        fill,
        join,
        slicing,
        gather,
        images,
        neural,
        state,
        streams,
        random,
        scattering,
        rearranging,
        activations,
        convolution,
        pooling,
        normalization,
        candidates,
        sampling,
        text,
        elementary,
        special,
        bitwise,
        segments,
        counting,
        diagonals,
        equations,
        decompositions,
        contractions,
        training,
        sparse,
        control,
        sparse_math,
        sets,
        datasets,
        files,
        records,
        summaries,
        seldom,
        lookups,
        ctc,
    )
}
CASES: dict[str, list[Case]] = {name: list(module.CASES) for name, module in FAMILIES.items()}
MISTAKES: dict[str, list[Mistake]] = {name: list(module.MISTAKES) for name, module in FAMILIES.items()}
