"""The modules of the alias: namespaces that look their names up in graphmagic."""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType
from typing import Any

import graphmagic
from graphmagic.legacy.old_names import OLD_NAMES

__all__ = ["Namespace", "namespace", "namespaces", "resolve"]

VERSION = "1.15.0"  # the last of the 1.x series whose API graphmagic follows

# Modules below `tensorflow` that are no part of its public API, and which parts of graphmagic answer for them.
_DEEP = {
    "python": ("",),
    "python.client": ("",),
    "python.client.device_lib": ("legacy.device_lib",),
    "python.client.timeline": ("timeline",),
    "python.client.session": ("",),
    "python.framework": ("",),
    "python.framework.constant_op": ("",),
    "python.framework.dtypes": ("",),
    "python.framework.errors": ("errors",),
    "python.framework.errors_impl": ("errors",),
    "python.framework.function": ("",),
    "python.framework.graph_util": ("graph_util",),
    "python.framework.ops": ("",),
    "python.framework.random_seed": ("",),
    "python.framework.sparse_tensor": ("",),
    "python.framework.tensor_shape": ("",),
    "python.framework.tensor_util": ("",),
    "python.layers": ("layers",),
    "python.layers.base": ("layers",),
    "python.layers.convolutional": ("layers",),
    "python.layers.core": ("layers",),
    "python.layers.layers": ("layers",),
    "python.layers.normalization": ("layers",),
    "python.layers.pooling": ("layers",),
    "python.lib": ("",),
    "python.lib.io": ("",),
    "python.lib.io.file_io": ("gfile",),
    "python.lib.io.python_io": ("python_io",),
    "python.lib.io.tf_record": ("python_io",),
    "python.ops": (
        "",
        "nn",
    ),
    "python.ops.array_ops": ("",),
    "python.ops.candidate_sampling_ops": ("nn",),
    "python.ops.check_ops": ("",),
    "python.ops.clip_ops": ("",),
    "python.ops.control_flow_ops": ("",),
    "python.ops.control_flow_util": ("",),
    "python.ops.ctc_ops": ("nn",),
    "python.ops.data_flow_ops": ("",),
    "python.ops.embedding_ops": ("nn",),
    "python.ops.functional_ops": ("",),
    "python.ops.gen_array_ops": ("",),
    "python.ops.gen_math_ops": ("",),
    "python.ops.gen_nn_ops": ("nn",),
    "python.ops.gen_state_ops": ("",),
    "python.ops.gradients": ("",),
    "python.ops.gradients_impl": ("",),
    "python.ops.init_ops": (
        "",
        "initializers",
    ),
    "python.ops.io_ops": ("",),
    "python.ops.linalg_ops": ("",),
    "python.ops.logging_ops": (
        "",
        "summary",
    ),
    "python.ops.lookup_ops": ("contrib.lookup", ""),
    "python.ops.losses": ("losses",),
    "python.ops.losses.losses": ("losses",),
    "python.ops.math_ops": ("",),
    "python.ops.metrics": ("metrics",),
    "python.ops.nn": ("nn",),
    "python.ops.nn_impl": ("nn",),
    "python.ops.nn_ops": ("nn",),
    "python.ops.parsing_ops": ("",),
    "python.ops.partitioned_variables": ("",),
    "python.ops.random_ops": ("",),
    "python.ops.resources": ("ops.resources",),
    "python.ops.resource_variable_ops": ("",),
    "python.ops.rnn": ("nn",),
    "python.ops.rnn_cell": ("nn.rnn_cell",),
    "python.ops.rnn_cell_impl": ("nn.rnn_cell",),
    "python.ops.script_ops": ("",),
    "python.ops.sparse_ops": ("",),
    "python.ops.state_ops": ("",),
    "python.ops.string_ops": ("",),
    "python.ops.template": ("",),
    "python.ops.tensor_array_ops": ("",),
    "python.ops.variable_scope": ("",),
    "python.ops.variables": ("",),
    "python.platform": ("",),
    "python.platform.app": ("app",),
    "python.platform.flags": ("flags",),
    "python.platform.gfile": ("gfile",),
    "python.platform.test": ("test",),
    "python.platform.tf_logging": ("logging",),
    "python.summary": ("summary",),
    "python.summary.summary": ("summary",),
    "python.training": ("train",),
    "python.training.adagrad": ("train",),
    "python.training.adam": ("train",),
    "python.training.basic_session_run_hooks": ("train",),
    "python.training.checkpoint_management": ("train",),
    "python.training.checkpoint_utils": ("train",),
    "python.training.coordinator": ("train",),
    "python.training.gradient_descent": ("train",),
    "python.training.input": ("train",),
    "python.training.learning_rate_decay": ("train",),
    "python.training.momentum": ("train",),
    "python.training.monitored_session": ("train",),
    "python.training.moving_averages": ("train",),
    "python.training.optimizer": ("train",),
    "python.training.queue_runner": ("train",),
    "python.training.queue_runner_impl": ("train",),
    "python.training.rmsprop": ("train",),
    "python.training.saver": ("train",),
    "python.training.session_run_hook": ("train",),
    "python.training.summary_io": ("train",),
    "python.training.training": ("train",),
    "python.training.training_util": ("train",),
    "python.util": ("",),
    "python.util.compat": ("compat",),
    "python.util.nest": ("nest",),
    "contrib.learn.python.learn.datasets.base": ("legacy.input_data",),
    "contrib.learn.python.learn.datasets.mnist": ("legacy.input_data",),
    "contrib.rnn.python": ("",),
    "contrib.keras.python": ("contrib",),
    "contrib.framework.python": ("contrib.framework",),
    "contrib.framework.python.ops": ("contrib.framework",),
    "contrib.framework.python.ops.variables": ("contrib.slim", "contrib.framework"),
    "contrib.layers.python": ("contrib.layers",),
    "contrib.layers.python.layers": ("contrib.layers",),
    "contrib.layers.python.layers.layers": ("contrib.layers",),
    "contrib.learn.python": ("contrib.learn",),
    "contrib.learn.python.learn": ("contrib.learn",),
    "contrib.learn.python.learn.estimators": ("contrib.learn",),
    "contrib.learn.python.learn.estimators.model_fn": ("contrib.learn",),
    "contrib.learn.python.learn.datasets": ("legacy.input_data",),
    "contrib.legacy_seq2seq.python": ("contrib.legacy_seq2seq",),
    "contrib.legacy_seq2seq.python.ops": ("contrib.legacy_seq2seq",),
    "contrib.legacy_seq2seq.python.ops.seq2seq": ("contrib.legacy_seq2seq",),
    "contrib.seq2seq.python": ("contrib.seq2seq",),
    "contrib.seq2seq.python.ops": ("contrib.seq2seq",),
    "contrib.seq2seq.python.ops.attention_wrapper": ("contrib.seq2seq",),
    "contrib.seq2seq.python.ops.basic_decoder": ("contrib.seq2seq",),
    "contrib.seq2seq.python.ops.beam_search_decoder": ("contrib.seq2seq",),
    "contrib.seq2seq.python.ops.decoder": ("contrib.seq2seq",),
    "contrib.seq2seq.python.ops.helper": ("contrib.seq2seq",),
    "contrib.seq2seq.python.ops.loss": ("contrib.seq2seq",),
    "contrib.crf.python": ("contrib.crf",),
    "contrib.crf.python.ops": ("contrib.crf",),
    "contrib.crf.python.ops.crf": ("contrib.crf",),
    "contrib.slim.python": ("contrib.slim",),
    "contrib.slim.python.slim": ("contrib.slim",),
    "python.data": ("data",),
    "python.data.ops": ("data",),
    "python.data.ops.dataset_ops": ("data",),
    "python.data.ops.iterator_ops": ("data",),
    "python.data.ops.readers": ("data",),
    "python.estimator": ("estimator",),
    "python.estimator.estimator": ("estimator",),
    "python.estimator.model_fn": ("estimator",),
    "python.estimator.inputs": ("estimator.inputs",),
    "python.estimator.run_config": ("estimator",),
    "python.feature_column": ("feature_column",),
    "python.feature_column.feature_column": ("feature_column",),
    "contrib.tensor_forest.python": ("contrib.tensor_forest",),
    "contrib.rnn.python.ops": ("contrib.rnn",),
    "contrib.rnn.python.ops.core_rnn_cell": ("nn.rnn_cell",),
    "examples": ("",),
    "examples.tutorials": ("",),
    "examples.tutorials.mnist": ("",),
    "examples.tutorials.mnist.input_data": ("legacy.input_data",),
    "models": ("",),
    "models.rnn": ("nn",),
    "models.rnn.rnn": ("nn",),
    "models.rnn.rnn_cell": ("nn.rnn_cell",),
}
# Modules that hold only what stands below them here, no names of their sources.
_HOLLOW = {"python", "python.client", "models", "examples", "examples.tutorials", "examples.tutorials.mnist"}
_ABOVE = {path.rsplit(".", n)[0] for path in _DEEP for n in range(1, path.count(".") + 1)}


class Namespace(ModuleType):
    """A module of the alias.

    Args:
        name: its full name, such as ``tensorflow.python.framework.ops``.
        sources: the modules of graphmagic that its names are looked up in.
    """

    def __init__(self, name: str, sources: tuple[Any, ...]) -> None:
        super().__init__(name, "TensorFlow 1's names, by graphmagic.")
        self.__path__: list[str] = []
        self._sources = sources
        self._below = name.removeprefix("tensorflow").removeprefix(".")

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return dir(self)  # what `from ... import *` takes
        if name.startswith("__") and name not in ("__version__", "__git_version__", "__compiler_version__"):
            raise AttributeError(name)
        value = self._found(name)
        self.__dict__[name] = value
        return value

    def _found(self, name: str) -> Any:
        path = f"{self._below}.{name}" if self._below else name
        if path in _SPECIAL:
            return _SPECIAL[path]()
        if path in OLD_NAMES:
            return OLD_NAMES[path]()
        if path in _DEEP or path in _HOLLOW:
            return namespace(f"tensorflow.{path}")
        first: AttributeError | None = None
        for source in () if self._below in _HOLLOW else self._sources:
            try:
                value = getattr(source, name)
            except AttributeError as error:
                first = first or error
                continue
            is_part = isinstance(value, ModuleType) and value.__name__.startswith("graphmagic")
            return _wrapped(f"tensorflow.{path}", value) if is_part else value
        if path in _ABOVE:
            return Namespace(f"tensorflow.{path}", ())
        raise first or AttributeError(f"graphmagic has no 'tf.{path}'")

    def __dir__(self) -> list[str]:
        names = {name for source in self._sources for name in dir(source) if not name.startswith("_")}
        return sorted(names)

    def __repr__(self) -> str:
        return f"<module '{self.__name__}', by graphmagic>"


@cache
def _wrapped(name: str, module: ModuleType) -> Namespace:
    return Namespace(name, (module,))


@cache
def namespace(name: str) -> Namespace:
    """The module of the alias that has a full name.

    Raises:
        ModuleNotFoundError: graphmagic has nothing for it; the text says what to use.

    >>> namespace("tensorflow.python.framework.ops").Graph is graphmagic.Graph
    True
    """
    path = name.partition(".")[2]
    if not path:
        return Namespace(name, (graphmagic,))
    if path in ("compat.v1", "_api.v1"):
        return namespace("tensorflow")
    if path in _DEEP or path in _HOLLOW:
        return Namespace(name, tuple([_part(source) for source in _DEEP.get(path, ("",))]))
    value: Any = namespace("tensorflow")
    try:
        for part in path.split("."):
            value = getattr(value, part)
    except (AttributeError, ImportError) as error:
        # Without a `name`, since Python's `from ... import` would replace the text of an error that has one.
        raise ModuleNotFoundError(f"No module named {name!r} in graphmagic: {error}") from None
    if not isinstance(value, Namespace):
        raise ModuleNotFoundError(f"{name!r} is no module")
    return value


def _part(path: str) -> Any:
    """A module of graphmagic, by its path below the package."""
    try:
        return importlib.import_module(f"graphmagic.{path}" if path else "graphmagic")
    except ModuleNotFoundError:
        value: Any = graphmagic
        for name in path.split("."):
            value = getattr(value, name)
        return value


_SPECIAL: dict[str, Any] = {
    "__version__": lambda: VERSION,
    "VERSION": lambda: VERSION,
    "GIT_VERSION": lambda: f"v{VERSION}",
    "__git_version__": lambda: f"v{VERSION}",
    "compat.v1": lambda: namespace("tensorflow"),
}


def namespaces() -> tuple[str, ...]:
    """The deep modules that the alias has, below `tensorflow`."""
    return tuple(_DEEP)


def resolve(path: str) -> Any:
    """What a dotted name below `tensorflow` stands for.

    Raises:
        AttributeError: graphmagic does not have it; the text says what to use.

    >>> resolve("nn.relu") is graphmagic.nn.relu
    True
    """
    value: Any = namespace("tensorflow")
    for part in path.split(".") if path else ():
        value = getattr(value, part)
    return value
