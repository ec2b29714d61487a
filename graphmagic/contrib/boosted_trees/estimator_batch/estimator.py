"""Estimators with gradient boosted decision trees, under their old names and with their old methods."""

from __future__ import annotations

from typing import Any

from graphmagic.contrib.boosted_trees.proto.learner_pb2 import LearnerConfig
from graphmagic.contrib.learn.estimators import OldMethods
from graphmagic.dtypes import float32
from graphmagic.estimator.boosted.models import boosted_model, is_full_after
from graphmagic.estimator.boosted.trees import Settings
from graphmagic.estimator.heads import Head, RegressionHead, classification_head
from graphmagic.feature_column import input_layer
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.losses import Reduction
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.reshaping import reshape

__all__ = ["GradientBoostedDecisionTreeClassifier", "GradientBoostedDecisionTreeRegressor"]


class _OldEstimator(OldMethods):
    """An estimator with the methods of ``tf.contrib.learn``.

    Args:
        head: makes loss and predictions of logits.
        learner_config: how the trees learn.
        examples_per_layer: how many examples each layer of a tree sees.
        num_trees: how many trees.
        feature_columns: columns; all features that are floats if None.
        center_bias: whether logits begin with what is best without trees.
        model_dir: the folder for checkpoints; a temporary one if None.
        config: a `tf.contrib.learn.RunConfig`.
    """

    def __init__(
        self, head: Head, learner_config: LearnerConfig, examples_per_layer: int, num_trees: int | None,
        feature_columns: Any, center_bias: bool, model_dir: str | None, config: Any,
    ) -> None:  # fmt: skip
        if learner_config.multi_class_strategy == LearnerConfig.FULL_HESSIAN:
            raise ValueError("graphmagic's boosted trees have no full Hessians: use DIAGONAL_HESSIAN.")
        rate = learner_config.learning_rate_tuner.fixed.learning_rate
        settings = Settings(
            num_trees or 1,
            learner_config.constraints.max_tree_depth or 6,
            rate or 0.1,
            learner_config.regularization.l1,
            learner_config.regularization.l2,
            learner_config.regularization.tree_complexity,
            learner_config.constraints.min_node_weight,
        )

        def matrix(features: Any) -> Any:
            return input_layer(features, feature_columns) if feature_columns else _all_floats(features)

        model_fn = boosted_model(
            head, matrix, settings, is_full_after(examples=examples_per_layer), center_bias
        )
        super().__init__(model_fn, model_dir, config)


def _all_floats(features: Any) -> Any:
    """All features that are floats, side by side, by name."""
    named = features if isinstance(features, dict) else {"": features}
    tensors = [convert_to_tensor(named[name]) for name in sorted(named)]
    parts = [
        reshape(cast(t, float32), [-1, t.shape[1:].num_elements() or 1])
        for t in tensors
        if t.dtype.is_floating
    ]
    if not parts:
        raise ValueError(f"No dense float features for boosted trees among {sorted(named)}.")
    return concat(parts, 1) if len(parts) > 1 else parts[0]


class GradientBoostedDecisionTreeClassifier(_OldEstimator):
    """Classes by gradient boosted decision trees.

    Args:
        learner_config: a `LearnerConfig`.
        examples_per_layer: how many examples each layer of a tree sees.
        n_classes: how many classes.
        num_trees: how many trees; training ends when they are grown.
        feature_columns: columns; all features that are floats if None.
        weight_column_name: the name of the feature with the weights of the examples.
        model_dir: the folder for checkpoints; a temporary one if None.
        config: a `tf.contrib.learn.RunConfig`.
        label_keys: the labels, if they are strings.
        center_bias: whether logits begin with what is best without trees.
    """

    def __init__(
        self, learner_config: LearnerConfig, examples_per_layer: int, n_classes: int = 2, num_trees: int | None = None,
        feature_columns: Any = None, weight_column_name: str | None = None, model_dir: str | None = None,
        config: Any = None, label_keys: Any = None, center_bias: bool = True,
    ) -> None:  # fmt: skip
        reduction = Reduction.SUM_OVER_BATCH_SIZE
        head = classification_head(n_classes, weight_column_name, label_keys, reduction)
        super().__init__(
            head,
            learner_config,
            examples_per_layer,
            num_trees,
            feature_columns,
            center_bias,
            model_dir,
            config,
        )


class GradientBoostedDecisionTreeRegressor(_OldEstimator):
    """Numbers by gradient boosted decision trees; arguments as for classes, but `label_dimension` numbers."""

    def __init__(
        self, learner_config: LearnerConfig, examples_per_layer: int, label_dimension: int = 1,
        num_trees: int | None = None, feature_columns: Any = None, weight_column_name: str | None = None,
        model_dir: str | None = None, config: Any = None, center_bias: bool = True,
    ) -> None:  # fmt: skip
        head = RegressionHead(label_dimension, weight_column_name, Reduction.SUM_OVER_BATCH_SIZE)
        super().__init__(
            head,
            learner_config,
            examples_per_layer,
            num_trees,
            feature_columns,
            center_bias,
            model_dir,
            config,
        )
