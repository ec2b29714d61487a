"""Using the table: build a line with either library, run it, and say what happened in a form to compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import floats

__all__ = [
    "MODES",
    "Built",
    "build",
    "differentiate",
    "failure_of",
    "make_mistake",
    "run",
    "static",
    "weights",
]

MODES = ("full", "partial", "unknown")
Array = np.ndarray[Any, Any]


def known_shape(array: Array, mode: str) -> list[int | None] | None:
    """What the placeholder of an input says about its shape."""
    if mode == "unknown":
        return None
    return [None if mode == "partial" and axis % 2 == 0 else size for axis, size in enumerate(array.shape)]


def read_only(array: Array) -> Array:
    """A view that raises an error if a kernel writes to it."""
    view = array.view()
    view.flags.writeable = False
    return view


class Built:
    """A line of the table in a graph of its own."""

    def __init__(self, tf: Any, line: Case | Mistake, mode: str, inputs: tuple[Array, ...]) -> None:
        self.tf = tf
        self.tensors = [
            tf.placeholder(tf.as_dtype(a.dtype), known_shape(a, mode), name=f"input{i}")
            for i, a in enumerate(inputs)
        ]
        self.feeds = dict(zip(self.tensors, [read_only(a) for a in inputs], strict=True))
        result = line.build(tf, *self.tensors)
        self.outputs = list(result) if isinstance(result, (list, tuple)) else [result]

    @property
    def graph(self) -> Any:
        return self.tf.get_default_graph()

    def static(self) -> list[Any]:
        """``[dtype, shape]`` of each output, None for an operation."""
        return [None if is_operation(t) else [t.dtype.base_dtype.name, shape_list(t)] for t in self.outputs]

    def run(self, count: int) -> list[Any]:
        """The values of the outputs, of every run, followed by those of the variables."""
        with self.session() as session:
            values = [v for _ in range(count) for v in session.run(self.outputs, self.feeds)]
            return [as_array(v) for v in values + session.run(self.tf.global_variables())]

    def session(self, initialize: bool = True) -> Any:
        """A session that optimizes nothing away, with the variables initialized."""
        session = self.tf.Session(config=plain_config(self.tf))
        if initialize and self.tf.global_variables():
            session.run(self.tf.global_variables_initializer())
        return session


def plain_config(tf: Any) -> Any:
    """TensorFlow's optimizer swaps arguments and so changes messages; without it kernels get what was written."""
    if tf.__name__ == "graphmagic":
        return None
    config = tf.ConfigProto(intra_op_parallelism_threads=1)
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    config.graph_options.optimizer_options.opt_level = tf.OptimizerOptions.L0
    return config


@contextmanager
def build(
    tf: Any, line: Case | Mistake, mode: str, inputs: tuple[Array, ...] | None = None
) -> Iterator[Built]:
    """Build a line in a new graph, which stays the default graph inside the ``with`` block."""
    with tf.Graph().as_default():
        yield Built(tf, line, mode, line.inputs if inputs is None else inputs)


def is_operation(output: Any) -> bool:
    return not hasattr(output, "dtype")


def static(tf: Any, case: Case, mode: str) -> Any:
    """``[[dtype, shape], ...]`` of the outputs, or the failure to build."""
    try:
        with build(tf, case, mode) as built:
            return built.static()
    except Exception as error:
        return failure_of("build", error)


def shape_list(tensor: Any) -> list[int | None] | None:
    return None if tensor.shape.ndims is None else tensor.shape.as_list()


def run(tf: Any, case: Case, mode: str) -> list[Any]:
    """The values of the outputs, of every run, followed by those of the variables."""
    with build(tf, case, mode) as built:
        return built.run(case.runs)


def as_array(value: Any) -> Any:
    """A fetched value as an array; a single string would become an array of characters otherwise."""
    return value if value is None else np.asarray(value, object if isinstance(value, bytes) else None)


def weights(value: Any, index: int) -> Array:
    """What a gradient starts from: a different number for each element."""
    return floats(*np.shape(value), low=0.25, high=1.75, seed=3 + index, dtype=np.asarray(value).dtype)


def differentiate(tf: Any, case: Case, mode: str) -> list[Any]:
    """The gradients with respect to the inputs that the case names; None where there is none."""
    with build(tf, case, mode) as built, built.session() as session:
        outputs = [t for t in built.outputs if not is_operation(t) and t.dtype.is_floating]
        values = session.run(outputs, built.feeds)
        starts = [tf.placeholder(t.dtype.base_dtype, t.shape) for t in outputs]
        feeds = built.feeds | {s: weights(v, i) for i, (s, v) in enumerate(zip(starts, values, strict=True))}
        found = tf.gradients(outputs, [built.tensors[i] for i in case.grad], starts) if outputs else None
        if found is None:
            return [None] * len(case.grad)
        present = [tf.convert_to_tensor(g) for g in found if g is not None]
        results = iter([np.asarray(v) for v in session.run(present, feeds)])
        return [None if g is None else next(results) for g in found]


def make_mistake(tf: Any, mistake: Mistake, mode: str) -> list[str]:
    """``[stage, kind, text]`` of the error that a mistake gives; kind "none" if it gives none."""
    stage = "build"
    try:
        with build(tf, mistake, mode) as built:
            stage = "run"
            with built.session(mistake.initialize) as session:
                session.run(built.outputs, built.feeds)
    except Exception as error:
        return failure_of(stage, error)
    return [stage, "none", ""]


def failure_of(stage: str, error: Exception) -> list[str]:
    """``[stage, kind, text]``, the text without the node's name and place, which newer versions wrap around it."""
    text = re.sub(r"(?s)^Graph execution error:\n\n(.*?Node: '[^']*'\n)?", "", str(error))
    text = text.split("\nTraceback (most recent call last):")[0]  # of a Python function
    text = re.sub(r"'_\d+_", "'_0_", text)  # queues are numbered throughout a process
    return [stage, type(error).__name__, text.split("\n\t [[{{node")[0]]
