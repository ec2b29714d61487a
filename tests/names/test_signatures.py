"""Functions and methods take the parameters that TensorFlow's take: the same names, order and defaults."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from functools import cache

import pytest
from signatures import FILE, all_signatures

import graphmagic as tf

RECORDED = json.loads(FILE.read_text())

# Parameters that came after version 1.15, by the names of functions.
LATER = {
    "*": "bad_indices_policy layout alg sparse_gradient use_own_namescope_for_non_slot_vars allow_fast_lookup align "
    "skip_gradients_aggregation use_pybind11_proto hash_table_shared_name",
    "*matmul": "output_type grad_a grad_b",
    "l*space": "axis",
    "linalg.linspace": "axis",
    "train.FtrlOptimizer": "beta",
    "data.*": "name deterministic synchronous use_unbounded_threadpool output_signature datasets",
    "data.Dataset.batch": "num_parallel_calls",
    "*matrix_*diag*": "k num_rows num_cols padding_value",
    "linalg.*diag*": "k num_rows num_cols padding_value",
}
# What remains different, and why.
DIFFERENT = {
    "Tensor": "operations make tensors, programs do not",
    "DType": "there is one object per type, programs do not make any",
    "*QueueBase": "its constructor is for the kinds of queue",
    "data.Dataset": "programs call its static methods",
    "data.Iterator": "data sets make iterators",
    "VariableScope.get_variable": "`tf.get_variable` calls it; the store of variables is the graph's",
    "Graph.create_op": "functions call it; programs call the functions",
    "convert_to_tensor": "one more parameter, by keyword only",
    "train.update_checkpoint_state": "one more parameter, by keyword only",
    "group": "the same two parameters, named",
    "nest.map_structure": "the same parameters, named",
    "shape": "None means int32, here written down",
    "size": "None means int32, here written down",
    "nn.*_cross_entropy_with_logits": "version 1 had a first parameter that keeps the others named",
    "*sparse*split": "an object stands for nothing given",
    "layers.Conv?D": "1 stands for one number per direction",
    "layers.Flatten": "as in version 1.15",
    "layers.Layer": "what tf.layers passes is named",
    "nn.rnn_cell.RNNCell": "what tf.layers passes is named",
    "*matrix_*diag*": "version 1.15 leaves the name to the operation",
    "linalg.*diag*": "version 1.15 leaves the name to the operation",
    "*.add_variable": "the parameters of add_weight, named",
    "nn.rnn_cell.*.build": "the first parameter is called self",
    "nn.rnn_cell.*.call": "cells take a state",
    "layers.*.apply": "the first argument is named",
    "data.Dataset.*": "as in version 1.15, which chose numbers of its own",
    "train.MonitoredTrainingSession": "an object stands for nothing given",
    "train.Supervisor": "an object stands for nothing given, 0 in TensorFlow",
}


def comparable(name: str, signature: str) -> list[str]:
    """The parameters without those that came later and without what takes any others."""
    later = {p for pattern, names in LATER.items() if fnmatch(name, pattern) for p in names.split()}
    parameters = signature.replace(", ", "\n").split("\n")
    return [p for p in parameters if p not in ("*", "**") and p.partition("=")[0] not in later]


@cache
def different() -> dict[str, list[list[str]]]:
    """Our parameters and TensorFlow's, where they differ; it loads all of graphmagic."""
    for name in RECORDED:
        getattr(tf, name.partition(".")[0], None)  # what is loaded when first used
    ours = all_signatures(tf)
    pairs = {
        name: [comparable(name, ours[name]), comparable(name, RECORDED[name])]
        for name in sorted(RECORDED.keys() & ours.keys())
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def test_parameters() -> None:
    unexpected = {
        name: pair
        for name, pair in different().items()
        if not any(fnmatch(name, pattern) for pattern in DIFFERENT)
    }

    assert unexpected == {}


@pytest.mark.parametrize("pattern", DIFFERENT)
def test_what_is_listed_as_different_is_different(pattern: str) -> None:
    assert [name for name in different() if fnmatch(name, pattern)]
