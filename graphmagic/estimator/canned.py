"""Ready-made estimators: layers, weighted sums, and both together, for classes and for numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic.estimator.config import RunConfig
from graphmagic.estimator.estimator import Estimator
from graphmagic.estimator.heads import Head, RegressionHead, classification_head
from graphmagic.estimator.models import DNN_RATE, deep_logits, linear_rate, optimizer_of, wide_logits
from graphmagic.graph.default import control_dependencies
from graphmagic.losses import Reduction
from graphmagic.nn.activations import relu
from graphmagic.ops.arithmetic import add
from graphmagic.ops.assigning import assign_add
from graphmagic.ops.control import group
from graphmagic.ops.variable_lists import trainable_variables
from graphmagic.train.global_step import get_global_step

__all__ = [
    "DNNClassifier",
    "DNNLinearCombinedClassifier",
    "DNNLinearCombinedRegressor",
    "DNNRegressor",
    "LinearClassifier",
    "LinearRegressor",
]


def _check_features(features: Any) -> None:
    if not isinstance(features, dict):
        raise ValueError(f"features should be a dictionary of `Tensor`s. Given type: {type(features)}")


def _deep_model(
    head: Head, hidden: Sequence[int], columns: Any, optimizer: Any, settings: dict[str, Any]
) -> Any:
    if not all(isinstance(size, int) for size in hidden):
        raise ValueError(f"hidden_units must be a list of ints. Given: {hidden}")

    def model_fn(features: Any, labels: Any, mode: str) -> Any:
        _check_features(features)
        logits = deep_logits(features, mode, head.dimension, hidden, columns, settings)

        def train_op(loss: Any) -> Any:
            return optimizer_of(optimizer, DNN_RATE).minimize(loss, global_step=get_global_step())

        return head.spec(features, mode, logits, labels, train_op)

    return model_fn


def _wide_model(head: Head, columns: Any, optimizer: Any, combiner: str) -> Any:
    def model_fn(features: Any, labels: Any, mode: str) -> Any:
        _check_features(features)
        logits = wide_logits(features, head.dimension, columns, combiner)

        def train_op(loss: Any) -> Any:
            found = optimizer_of(optimizer, linear_rate(columns, 0.2))
            return found.minimize(loss, global_step=get_global_step())

        return head.spec(features, mode, logits, labels, train_op)

    return model_fn


def _both_model(
    head: Head,
    wide: Any,
    deep: Any,
    hidden: Any,
    wide_optimizer: Any,
    deep_optimizer: Any,
    settings: dict[str, Any],
) -> Any:
    wide, deep = list(wide or ()), list(deep or ())
    if not wide and not deep:
        raise ValueError("Either linear_feature_columns or dnn_feature_columns must be defined.")
    if deep and not hidden:
        raise ValueError("dnn_hidden_units must be defined when dnn_feature_columns is specified.")

    def model_fn(features: Any, labels: Any, mode: str) -> Any:
        _check_features(features)
        parts = []
        if deep:
            parts.append(deep_logits(features, mode, head.dimension, hidden, deep, settings))
        if wide:
            parts.append(wide_logits(features, head.dimension, wide))
        logits = add(parts[0], parts[1]) if len(parts) == 2 else parts[0]

        def train_op(loss: Any) -> Any:
            steps = []
            if deep:
                chosen = _variables("dnn")
                steps.append(optimizer_of(deep_optimizer, DNN_RATE).minimize(loss, var_list=chosen))
            if wide:
                found = optimizer_of(wide_optimizer, linear_rate(wide, 0.005))
                steps.append(found.minimize(loss, var_list=_variables("linear")))
            with control_dependencies([group(*steps)]):
                return assign_add(get_global_step(), 1).op

        return head.spec(features, mode, logits, labels, train_op)

    return model_fn


def _variables(scope: str) -> list[Any]:
    return [v for v in trainable_variables() if v.name.startswith(f"{scope}/")]


class DNNClassifier(Estimator):
    """Classes by fully connected layers.

    Args:
        hidden_units: how many units each hidden layer has.
        feature_columns: columns of floats.
        model_dir: the folder for checkpoints; a temporary one if None.
        n_classes: how many classes.
        weight_column: the name or column of the feature with the weights of the examples.
        label_vocabulary: the labels, if they are strings.
        optimizer: a name (``Adagrad``, ``Adam``, ``Ftrl``, ``RMSProp``, ``SGD``), an optimizer, or what makes one.
        activation_fn: of the hidden layers.
        dropout: the probability that a hidden unit is dropped while training.
        input_layer_partitioner: accepted for old programs.
        config: a `RunConfig`.
        warm_start_from: must be None.
        loss_reduction: how the losses of a batch become one.
        batch_norm: whether hidden layers are normalized.

    >>> import graphmagic as tf, numpy as np
    >>> x = np.random.default_rng(0).normal(size=(64, 2)).astype(np.float32)
    >>> y = (x[:, 0] * x[:, 1] > 0).astype(int)
    >>> model = tf.estimator.DNNClassifier([16, 8], [tf.feature_column.numeric_column("x", shape=[2])])
    >>> data = tf.estimator.inputs.numpy_input_fn({"x": x}, y, num_epochs=None, shuffle=True)
    >>> test = tf.estimator.inputs.numpy_input_fn({"x": x}, y, shuffle=False)
    >>> print(model.train(data, steps=150).evaluate(test)["accuracy"] > 0.9)
    True
    """

    def __init__(
        self,
        hidden_units: Sequence[int],
        feature_columns: Any,
        model_dir: str | None = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Any = None,
        optimizer: Any = "Adagrad",
        activation_fn: Any = relu,
        dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: RunConfig | None = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
    ) -> None:
        head = classification_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        settings = {"activation_fn": activation_fn, "dropout": dropout, "batch_norm": batch_norm}
        model_fn = _deep_model(head, hidden_units, feature_columns, optimizer, settings)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNRegressor(Estimator):
    """Numbers by fully connected layers; arguments as `DNNClassifier`, but `label_dimension` numbers for classes."""

    def __init__(
        self,
        hidden_units: Sequence[int],
        feature_columns: Any,
        model_dir: str | None = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Adagrad",
        activation_fn: Any = relu,
        dropout: float | None = None,
        input_layer_partitioner: Any = None,
        config: RunConfig | None = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        settings = {"activation_fn": activation_fn, "dropout": dropout, "batch_norm": batch_norm}
        model_fn = _deep_model(head, hidden_units, feature_columns, optimizer, settings)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class LinearClassifier(Estimator):
    """Classes by weighted sums.

    Args:
        feature_columns: columns.
        model_dir: the folder for checkpoints; a temporary one if None.
        n_classes: how many classes.
        weight_column: the name or column of the feature with the weights of the examples.
        label_vocabulary: the labels, if they are strings.
        optimizer: a name, an optimizer, or what makes one.
        config: a `RunConfig`.
        partitioner: accepted for old programs.
        warm_start_from: must be None.
        loss_reduction: how the losses of a batch become one.
        sparse_combiner: ``sum``, ``mean`` or ``sqrtn``: what becomes of several categories of one example.

    >>> import graphmagic as tf, numpy as np
    >>> words = tf.feature_column.categorical_column_with_vocabulary_list("word", ["good", "bad"])
    >>> model = tf.estimator.LinearClassifier([words])
    >>> x, y = {"word": np.array(["good", "bad", "bad"])}, np.array([1, 0, 0])
    >>> data = tf.estimator.inputs.numpy_input_fn(x, y, num_epochs=50, shuffle=True)
    >>> model = model.train(data)
    >>> given = tf.estimator.inputs.numpy_input_fn({"word": np.array(["bad", "good"])}, shuffle=False)
    >>> [int(found["class_ids"][0]) for found in model.predict(given)]
    [0, 1]
    """

    def __init__(
        self,
        feature_columns: Any,
        model_dir: str | None = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Any = None,
        optimizer: Any = "Ftrl",
        config: RunConfig | None = None,
        partitioner: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        sparse_combiner: str = "sum",
    ) -> None:
        head = classification_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        model_fn = _wide_model(head, feature_columns, optimizer, sparse_combiner)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class LinearRegressor(Estimator):
    """Numbers by weighted sums; arguments as `LinearClassifier`, but `label_dimension` numbers for classes."""

    def __init__(
        self,
        feature_columns: Any,
        model_dir: str | None = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Ftrl",
        config: RunConfig | None = None,
        partitioner: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        sparse_combiner: str = "sum",
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        model_fn = _wide_model(head, feature_columns, optimizer, sparse_combiner)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNLinearCombinedClassifier(Estimator):
    """Classes by weighted sums and layers together ("wide and deep"); arguments as of the two separate ones."""

    def __init__(
        self,
        model_dir: str | None = None,
        linear_feature_columns: Any = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Any = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Sequence[int] | None = None,
        dnn_activation_fn: Any = relu,
        dnn_dropout: float | None = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Any = None,
        input_layer_partitioner: Any = None,
        config: RunConfig | None = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
    ) -> None:
        head = classification_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        settings = {"activation_fn": dnn_activation_fn, "dropout": dnn_dropout, "batch_norm": batch_norm}
        columns = linear_feature_columns, dnn_feature_columns, dnn_hidden_units
        model_fn = _both_model(head, *columns, linear_optimizer, dnn_optimizer, settings)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNLinearCombinedRegressor(Estimator):
    """Numbers by weighted sums and layers together; arguments as of the two separate ones."""

    def __init__(
        self,
        model_dir: str | None = None,
        linear_feature_columns: Any = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Any = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Sequence[int] | None = None,
        dnn_activation_fn: Any = relu,
        dnn_dropout: float | None = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        input_layer_partitioner: Any = None,
        config: RunConfig | None = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        settings = {"activation_fn": dnn_activation_fn, "dropout": dnn_dropout, "batch_norm": batch_norm}
        columns = linear_feature_columns, dnn_feature_columns, dnn_hidden_units
        model_fn = _both_model(head, *columns, linear_optimizer, dnn_optimizer, settings)
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)
