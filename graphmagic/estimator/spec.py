"""What model functions are called for, and what they return: `ModeKeys` and `EstimatorSpec`."""

from __future__ import annotations

from typing import Any, NamedTuple

from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.variable import Variable

__all__ = ["EstimatorSpec", "ModeKeys"]


class ModeKeys:
    """What a model function is called for.

    >>> ModeKeys.TRAIN, ModeKeys.EVAL, ModeKeys.PREDICT
    ('train', 'eval', 'infer')
    """

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"


class _Spec(NamedTuple):
    mode: str
    predictions: Any
    loss: Any
    train_op: Any
    eval_metric_ops: dict[str, Any]
    export_outputs: Any
    training_chief_hooks: tuple[Any, ...]
    training_hooks: tuple[Any, ...]
    scaffold: Any
    evaluation_hooks: tuple[Any, ...]
    prediction_hooks: tuple[Any, ...]


class EstimatorSpec(_Spec):
    """What a model function returns: the tensors and operations of a model.

    Args:
        mode: one of `ModeKeys`.
        predictions: a tensor or a dictionary of tensors; needed to predict.
        loss: a tensor with one number; needed to train and to evaluate.
        train_op: the operation of a step; needed to train.
        eval_metric_ops: a dictionary of metrics, each the two tensors of a function of `tf.metrics`.
        export_outputs: accepted for old programs.
        training_chief_hooks: hooks while training.
        training_hooks: more of them.
        scaffold: what to start sessions with.
        evaluation_hooks: hooks while evaluating.
        prediction_hooks: hooks while predicting.

    Raises:
        ValueError: something that the mode needs is missing, or the loss is more than a number.
        TypeError: something is of the wrong type.

    >>> import graphmagic as tf
    >>> tf.estimator.EstimatorSpec(tf.estimator.ModeKeys.TRAIN, loss=tf.constant(1.0))
    Traceback (most recent call last):
    ValueError: Missing train_op.
    """

    __slots__ = ()

    def __new__(
        cls,
        mode: str,
        predictions: Any = None,
        loss: Any = None,
        train_op: Any = None,
        eval_metric_ops: dict[str, Any] | None = None,
        export_outputs: Any = None,
        training_chief_hooks: Any = None,
        training_hooks: Any = None,
        scaffold: Any = None,
        evaluation_hooks: Any = None,
        prediction_hooks: Any = None,
    ) -> EstimatorSpec:
        """Check that the mode has what it needs."""
        if train_op is None and mode == ModeKeys.TRAIN:
            raise ValueError("Missing train_op.")
        _check_kind("train_op", train_op)
        if loss is None and mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            raise ValueError("Missing loss.")
        if predictions is None and mode == ModeKeys.PREDICT:
            raise ValueError("Missing predictions.")
        for key, value in (eval_metric_ops or {}).items():
            if not isinstance(value, tuple) or len(value) != 2:
                raise TypeError(
                    f"Values of eval_metric_ops must be (metric_value, update_op) tuples, given: {value} for key: {key}"
                )
        hooks = [training_chief_hooks, training_hooks, evaluation_hooks, prediction_hooks]
        chief, training, evaluation, prediction = [tuple(found or ()) for found in hooks]
        return super().__new__(
            cls,
            mode,
            {} if predictions is None else predictions,
            None if loss is None else _one_number(loss),
            train_op,
            dict(eval_metric_ops or {}),
            export_outputs,
            chief,
            training,
            scaffold,
            evaluation,
            prediction,
        )


def _check_kind(name: str, value: Any) -> None:
    if value is not None and not isinstance(value, (Tensor, Operation, Variable)):
        raise TypeError(f"{name} must be Operation or Tensor, given: {value}")


def _one_number(loss: Any) -> Any:
    if not isinstance(loss, (Tensor, Variable)):
        raise TypeError(f"loss must be Tensor, given: {loss}")
    size = loss.shape.num_elements()
    if size not in (None, 1):
        raise ValueError(f"Loss must be scalar, given: {loss}")
    return loss if loss.shape.ndims == 0 else reshape(loss, [])
