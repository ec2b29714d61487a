"""Every line of the table as a graph definition: TensorFlow declares it so, and it comes back as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from optable.case import load_parts
from optable.lines import CASE_LINES, CaseLine
from optable.running import build

import graphmagic as tf
from graphmagic.graph.opdef import registry
from graphmagic.lazy import load_operations

load_parts()
OPDEFS = json.loads((Path(__file__).parents[1] / "oracle" / "opdefs.json").read_text())
# Types that TensorFlow does not have; the rest of a graph that holds one is still of use to TensorBoard.
OURS_ALONE = {
    "ImageOfPatches",  # of the gradient of extract_image_patches
    "GatherTree",  # of tf.contrib.seq2seq, which brought its own
    "DatasetElement",  # a parameter of a function that `tf.data` maps
    "LoopVariable",  # of while_loop
    "ProdOfOthers",  # of the gradient of reduce_prod
    "ReadVariableOr",  # of initialized_value, a cond in TensorFlow
    "VariantAddN",
    "VariantZerosLike",
    *("TensorArrayEntries", "TensorArrayFromEntries", "TensorArrayFromPieces", "TensorArrayPieces"),
}
LOWERED = {"Unbroadcast"}  # which `as_graph_def` writes as TensorFlow's
# Types whose values are Python objects, or that own branches and loops.
NOT_PORTABLE = {"PyFunc", "PyFuncStateless", "GeneratorDataset", "OneShotIterator", "ParseExample"} | {
    d.name for d in registry.values() if d.owns_blocks
}

every_line = pytest.mark.parametrize("line", CASE_LINES.values(), ids=CASE_LINES)


def test_what_tensorflow_lacks_is_known() -> None:
    load_operations()
    unknown = {name for name in registry if name not in OPDEFS}

    assert unknown <= OURS_ALONE | LOWERED, "run tests/oracle/record_opdefs.py, or say why"
    assert registry.keys() >= OURS_ALONE | LOWERED


def kinds_of(attr: Any) -> str:
    """The kind of an attribute's value in TensorFlow's declarations."""
    field = attr.WhichOneof("value")
    names = {"s": "string", "i": "int", "f": "float", "b": "bool"}
    if field != "list":
        return names.get(field, field)
    filled = [k for k in ("s", "i", "f", "b", "type", "shape", "tensor") if len(getattr(attr.list, k))]
    return f"list({names.get(filled[0], filled[0])})" if filled else "list"


@every_line
def test_nodes_are_as_tensorflow_declares_them(line: CaseLine) -> None:
    with build(tf, line.case, mode_of(line)) as built:
        nodes = built.graph.as_graph_def().node
    for node in nodes:
        if node.op in OPDEFS and node.op not in NOT_PORTABLE and not shows_blocks(nodes):
            declared = OPDEFS[node.op][2]
            given = {key: kinds_of(attr) for key, attr in node.attr.items() if not key.startswith("_")}
            wrong = {
                k: v for k, v in given.items() if not declared.get(k, "").removesuffix("=").startswith(v)
            }
            assert not wrong, node.op
            missing = [key for key, kind in declared.items() if not kind.endswith("=") and key not in given]
            assert not missing, node.op


def shows_blocks(nodes: Any) -> bool:
    return any(node.op in NOT_PORTABLE for node in nodes)


def mode_of(line: CaseLine) -> str:
    return next((mode for mode in ("full", "partial", "unknown") if line.builds(mode)), "full")


@every_line
def test_a_graph_comes_back(line: CaseLine) -> None:
    with build(tf, line.case, mode_of(line)) as built:
        variables = tf.global_variables()
        init = tf.variables_initializer(variables, name="start")
        graph_def = built.graph.as_graph_def()
        kinds = {op.type for op in built.graph.get_operations()}
        if kinds & (NOT_PORTABLE | {"TensorArrayV3"}) or any(is_object(t) for t in built.outputs):
            pytest.skip("it holds Python objects, or branches and loops")
        outputs = [output.name for output in built.outputs]
        feeds = {placeholder.name: value for placeholder, value in built.feeds.items()}
        before = run(built.graph, init.name, outputs, feeds)
    if hasattr(graph_def, "SerializeToString") and type(graph_def).__module__.startswith("tensorboard"):
        graph_def = tf.GraphDef.FromString(graph_def.SerializeToString())
    with tf.Graph().as_default() as copy:
        tf.import_graph_def(graph_def, name="")

    for one, two in zip(before, run(copy, init.name, outputs, feeds), strict=True):
        np.testing.assert_array_equal(two, one)
    if "Unbroadcast" not in kinds:
        assert copy.as_graph_def() == graph_def


def is_object(output: Any) -> bool:
    return hasattr(output, "dtype") and output.dtype.base_dtype in (tf.resource, tf.variant)


def run(graph: Any, init: str, outputs: list[str], feeds: dict[str, Any]) -> list[Any]:
    with tf.Session(graph=graph) as session:
        session.run(init)
        try:
            return [value for value in session.run(outputs, feeds) if value is not None]
        except tf.errors.OpError as error:  # some lines are about failures
            return [error.message]
