"""Ready-made estimators with boosted trees, for classes and for numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graphmagic.dtypes import as_dtype, float32, int32
from graphmagic.estimator.boosted.trees import PARTS, Settings, empty_trees, grow, is_complete, predict
from graphmagic.estimator.config import RunConfig
from graphmagic.estimator.estimator import Estimator
from graphmagic.estimator.heads import Head, RegressionHead, classification_head
from graphmagic.feature_column.base import DenseColumn
from graphmagic.feature_column.numeric import BucketizedColumn
from graphmagic.graph.default import control_dependencies, name_scope
from graphmagic.losses import Reduction
from graphmagic.monitored.hook import SessionRunArgs, SessionRunHook
from graphmagic.ops.assigning import assign, assign_add
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.control import group
from graphmagic.ops.one_hot import one_hot
from graphmagic.ops.py_func import py_func
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.variable import Variable
from graphmagic.train.global_step import get_global_step

__all__ = ["BoostedTreesClassifier", "BoostedTreesRegressor", "boosted_model", "is_full_after"]

Matrix = Callable[[Any], Any]


class _StopAfterTrees(SessionRunHook):
    """Ends training when all trees are grown."""

    def __init__(self, complete: Any) -> None:
        self._complete = complete

    def before_run(self, run_context: Any) -> Any:
        """Ask for it in each run."""
        return SessionRunArgs(self._complete)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Stop then."""
        if run_values.results:
            run_context.request_stop()


class _Trees:
    """The trees of a model in its graph, and the examples that the next layer waits for."""

    def __init__(self, logits: int, width: int) -> None:
        start = empty_trees(logits) | {
            "kept_x": np.zeros((0, width), np.float32),
            "kept_y": np.zeros((0, logits), np.float32),
            "kept_batches": np.zeros((), np.int32),
        }
        with name_scope("boosted_trees"):
            self.variables = [
                Variable(array, trainable=False, name=name, validate_shape=False)
                for name, array in start.items()
            ]

    def logits(self, x: Any, width: int) -> Any:
        """What the trees say of examples."""
        found: Any = py_func(
            lambda x, *arrays: predict(x, dict(zip(PARTS, arrays, strict=True))),
            [x, *self.variables[: len(PARTS)]], float32, stateful=False, name="logits",
        )  # fmt: skip
        found.set_shape([x.shape[0], width])
        return found

    def step(
        self, x: Any, labels: Any, settings: Settings, is_full: Any, slopes: Any, bias: Any
    ) -> tuple[Any, Any]:
        """The operation that sees a batch, and whether the trees are complete after it."""

        def seen(x: Any, y: Any, *arrays: Any) -> list[Any]:
            trees = dict(zip(PARTS, arrays, strict=False))
            kept_x, kept_y, batches = arrays[len(PARTS) :]
            kept_x, kept_y = np.concatenate([kept_x, x]), np.concatenate([kept_y, y])
            batches = np.int32(batches + 1)
            if is_full(len(kept_x), batches) and not is_complete(trees, settings):
                if bias is not None and not len(trees["roots"]):
                    trees["bias"] = bias(kept_y)
                trees = grow(kept_x, slopes(kept_y, predict(kept_x, trees)), trees, settings)
                kept_x, kept_y, batches = kept_x[:0], kept_y[:0], np.int32(0)
            done = np.bool_(is_complete(trees, settings))
            return [*[trees[part] for part in PARTS], kept_x, kept_y, batches, done]

        kinds = [as_dtype(v.dtype).base_dtype for v in self.variables]
        *found, done = py_func(seen, [x, labels, *self.variables], [*kinds, "bool"], name="grow")
        done.set_shape([])
        pairs = zip(self.variables, found, strict=True)
        return group(*[assign(v, value, validate_shape=False) for v, value in pairs]), done


def is_full_after(batches: int = 0, examples: int = 0) -> Callable[[int, int], bool]:
    """The function that says whether a layer has seen enough examples, or batches."""
    return lambda seen, batch: batch >= batches and seen >= examples


def boosted_model(
    head: Head, matrix_of: Matrix, settings: Settings, is_full: Any, center_bias: bool = False
) -> Callable[..., Any]:
    """The model function of boosted trees.

    Args:
        head: makes loss and predictions of logits.
        matrix_of: makes a matrix of the features, a row for each example.
        settings: how trees grow.
        is_full: whether a layer has seen enough.
        center_bias: whether logits begin with what is best without trees.
    """
    count = head.dimension
    slopes, bias = _SQUARES if isinstance(head, RegressionHead) else _BINARY if count == 1 else _CLASSES

    def model_fn(features: Any, labels: Any, mode: str) -> Any:
        x = matrix_of(features)
        trees = _Trees(count, int(x.shape[-1].value))
        logits = trees.logits(x, count)
        hooks = []

        def train_op(loss: Any) -> Any:
            given = cast(head.labels(labels), float32)
            wide = given if count == 1 or isinstance(head, RegressionHead) else _one_hot(given, count)
            grown, done = trees.step(x, wide, settings, is_full, slopes, bias if center_bias else None)
            hooks.append(_StopAfterTrees(done))
            with control_dependencies([grown]):
                return assign_add(get_global_step(), 1).op

        spec = head.spec(features, mode, logits, labels, train_op)
        return spec._replace(training_hooks=(*spec.training_hooks, *hooks))

    return model_fn


def _one_hot(labels: Any, count: int) -> Any:
    return one_hot(reshape(cast(labels, int32), [-1]), count)


def _sigmoid(x: Any) -> Any:
    return 0.5 * (np.tanh(0.5 * x) + 1)


def _binary_slopes(y: Any, logits: Any) -> tuple[Any, Any]:
    p = _sigmoid(logits)
    return p - y, p * (1 - p)


def _class_slopes(y: Any, logits: Any) -> tuple[Any, Any]:
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    return p - y, p * (1 - p)


def _square_slopes(y: Any, logits: Any) -> tuple[Any, Any]:
    return 2 * (logits - y), np.full_like(y, 2.0)


def _log_odds(y: Any) -> Any:
    p = np.clip(y.mean(0), 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p)).astype(np.float32)


def _log_shares(y: Any) -> Any:
    return np.log(np.maximum(y.mean(0), 1e-6)).astype(np.float32)


# Derivatives of the losses, and the best logits without trees.
_BINARY = _binary_slopes, _log_odds
_CLASSES = _class_slopes, _log_shares
_SQUARES = _square_slopes, lambda y: y.mean(0).astype(np.float32)


def _matrix_of(columns: Any) -> Matrix:
    for column in columns:
        if not isinstance(column, DenseColumn):
            raise ValueError(
                "For now, only bucketized, numeric and indicator columns are supported by boosted trees, "
                f"not {type(column).__name__}: {column}"
            )

    def matrix(features: Any) -> Any:
        ordered = sorted(columns, key=lambda column: column.name)
        parts = [
            cast(c.buckets(features), float32)
            if isinstance(c, BucketizedColumn)
            else c.dense(features, False, [])
            for c in ordered
        ]
        return concat(parts, 1) if len(parts) > 1 else parts[0]

    return matrix


class BoostedTreesClassifier(Estimator):
    """Classes by boosted trees.

    Args:
        feature_columns: bucketized, numeric or indicator columns.
        n_batches_per_layer: how many batches each layer of a tree sees.
        model_dir: the folder for checkpoints; a temporary one if None.
        n_classes: how many classes.
        weight_column: the name or column of the feature with the weights of the examples, for the loss that is shown.
        label_vocabulary: the labels, if they are strings.
        n_trees: how many trees; training ends when they are grown.
        max_depth: how deep each is.
        learning_rate: what each leaf is multiplied by.
        l1_regularization: what is taken from the sum of gradients of a leaf.
        l2_regularization: what is added to the sum of second derivatives of a leaf.
        tree_complexity: what each further leaf costs.
        min_node_weight: the least mean second derivative of a leaf.
        config: a `RunConfig`.
        center_bias: whether logits begin with what is best without trees.
        pruning_mode: accepted for old programs: a split that is not worth `tree_complexity` is not made.
        quantile_sketch_epsilon: accepted for old programs.
        train_in_memory: accepted for old programs.

    >>> import graphmagic as tf, numpy as np
    >>> x = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    >>> y = (x[:, 0] * x[:, 1] > 0).astype(int)
    >>> columns = [tf.feature_column.numeric_column("x", shape=[2])]
    >>> model = tf.estimator.BoostedTreesClassifier(columns, 1, n_trees=5, max_depth=3, learning_rate=0.5)
    >>> data = tf.estimator.inputs.numpy_input_fn({"x": x}, y, batch_size=200, num_epochs=None, shuffle=True)
    >>> test = tf.estimator.inputs.numpy_input_fn({"x": x}, y, shuffle=False)
    >>> print(model.train(data, steps=100).evaluate(test)["accuracy"] > 0.95)
    True
    """

    def __init__(
        self, feature_columns: Any, n_batches_per_layer: int, model_dir: str | None = None, n_classes: int = 2,
        weight_column: Any = None, label_vocabulary: Any = None, n_trees: int = 100, max_depth: int = 6,
        learning_rate: float = 0.1, l1_regularization: float = 0.0, l2_regularization: float = 0.0,
        tree_complexity: float = 0.0, min_node_weight: float = 0.0, config: RunConfig | None = None,
        center_bias: bool = False, pruning_mode: str = "none", quantile_sketch_epsilon: float = 0.01,
        train_in_memory: bool = False,
    ) -> None:  # fmt: skip
        reduction = Reduction.SUM_OVER_BATCH_SIZE
        head = classification_head(n_classes, weight_column, label_vocabulary, reduction)
        settings = Settings(
            n_trees, max_depth, learning_rate, l1_regularization, l2_regularization, tree_complexity, min_node_weight
        )  # fmt: skip
        full = is_full_after(batches=n_batches_per_layer)
        super().__init__(
            boosted_model(head, _matrix_of(feature_columns), settings, full, center_bias), model_dir, config
        )


class BoostedTreesRegressor(Estimator):
    """Numbers by boosted trees; arguments as `BoostedTreesClassifier`, but `label_dimension` numbers for classes."""

    def __init__(
        self, feature_columns: Any, n_batches_per_layer: int, model_dir: str | None = None, label_dimension: int = 1,
        weight_column: Any = None, n_trees: int = 100, max_depth: int = 6, learning_rate: float = 0.1,
        l1_regularization: float = 0.0, l2_regularization: float = 0.0, tree_complexity: float = 0.0,
        min_node_weight: float = 0.0, config: RunConfig | None = None, center_bias: bool = False,
        pruning_mode: str = "none", quantile_sketch_epsilon: float = 0.01, train_in_memory: bool = False,
    ) -> None:  # fmt: skip
        head = RegressionHead(label_dimension, weight_column, Reduction.SUM_OVER_BATCH_SIZE)
        settings = Settings(
            n_trees, max_depth, learning_rate, l1_regularization, l2_regularization, tree_complexity, min_node_weight
        )  # fmt: skip
        full = is_full_after(batches=n_batches_per_layer)
        super().__init__(
            boosted_model(head, _matrix_of(feature_columns), settings, full, center_bias), model_dir, config
        )
