"""How gradient boosted decision trees learn: a message with the fields that programs fill."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["LearnerConfig"]


@dataclass
class _Regularization:
    l1: float = 0.0
    l2: float = 0.0
    tree_complexity: float = 0.0


@dataclass
class _Constraints:
    max_tree_depth: int = 0
    min_node_weight: float = 0.0
    max_number_of_unique_feature_columns: int = 0


@dataclass
class _Fixed:
    learning_rate: float = 0.0


@dataclass
class _Tuner:
    fixed: _Fixed = field(default_factory=_Fixed)


@dataclass
class LearnerConfig:
    """How gradient boosted decision trees learn.

    Attributes:
        num_classes: how many classes there are; the estimator knows it too.
        feature_fraction_per_tree: the share of the features that each tree sees.
        feature_fraction_per_level: the share that each layer sees.
        regularization: ``l1``, ``l2`` and ``tree_complexity``.
        constraints: ``max_tree_depth`` and ``min_node_weight``.
        pruning_mode: accepted for old programs: a split that is not worth its cost is not made.
        growing_mode: accepted for old programs: trees grow layer by layer.
        learning_rate_tuner: ``fixed.learning_rate``.
        multi_class_strategy: must be `DIAGONAL_HESSIAN` or left alone: all trees have a logit for each class.

    >>> config = LearnerConfig()
    >>> config.learning_rate_tuner.fixed.learning_rate = 0.1
    >>> config.constraints.max_tree_depth
    0
    """

    PRUNING_MODE_UNSPECIFIED, PRE_PRUNE, POST_PRUNE = range(3)
    GROWING_MODE_UNSPECIFIED, WHOLE_TREE, LAYER_BY_LAYER = range(3)
    MULTI_CLASS_STRATEGY_UNSPECIFIED, TREE_PER_CLASS, FULL_HESSIAN, DIAGONAL_HESSIAN = range(4)

    num_classes: int = 0
    feature_fraction_per_tree: float = 1.0
    feature_fraction_per_level: float = 1.0
    regularization: _Regularization = field(default_factory=_Regularization)
    constraints: _Constraints = field(default_factory=_Constraints)
    pruning_mode: int = 0
    growing_mode: int = 0
    learning_rate_tuner: _Tuner = field(default_factory=_Tuner)
    multi_class_strategy: int = 0
