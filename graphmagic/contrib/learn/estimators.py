"""The estimators of ``tf.contrib.learn``: `tf.estimator`'s, with the methods they had before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from graphmagic import estimator
from graphmagic.estimator.calling import argument_names
from graphmagic.estimator.inputs import numpy_input_fn
from graphmagic.estimator.spec import EstimatorSpec, ModeKeys
from graphmagic.feature_column import numeric_column

__all__ = [
    "DNNClassifier",
    "DNNRegressor",
    "Estimator",
    "LinearClassifier",
    "LinearRegressor",
    "ModelFnOps",
    "OldMethods",
    "infer_real_valued_columns_from_input",
]

KEY = "x"  # what the feature is called that comes as an array


class OldMethods(estimator.Estimator):
    """An estimator with the methods that it had in ``tf.contrib.learn``."""

    takes_dictionaries = True
    answers: tuple[str, ...] = ("class_ids", "predictions")

    def _input(self, x: Any, y: Any, input_fn: Any, batch_size: int | None, epochs: int | None) -> Any:
        if (input_fn is None) == (x is None):
            raise ValueError("Pass either `input_fn` or `x` and `y`, but not both and not none of them.")
        if input_fn is not None:
            return input_fn
        array = np.asarray(x)
        array = array.astype(np.float32) if array.dtype == np.float64 else array
        labels = None if y is None else np.asarray(y)
        features: Any = {KEY: array} if self.takes_dictionaries else array
        return numpy_input_fn(
            features, labels, batch_size=batch_size or len(array), num_epochs=epochs, shuffle=epochs is None
        )

    def fit(
        self, x: Any = None, y: Any = None, input_fn: Callable[..., Any] | None = None, steps: int | None = None,
        batch_size: int | None = None, monitors: Sequence[Any] | None = None, max_steps: int | None = None,
    ) -> Any:  # fmt: skip
        """Train the model.

        Args:
            x: the features of all examples, an array; or None.
            y: their labels.
            input_fn: a function that returns features and labels, instead.
            steps: how many steps; until the input ends if None.
            batch_size: how many examples of `x` a step sees; all if None.
            monitors: hooks.
            max_steps: how many steps, with those of earlier calls.

        Raises:
            ValueError: examples come in both ways, or in none.
        """
        found = self._input(x, y, input_fn, batch_size, None)
        return self.train(found, monitors, steps, max_steps)

    def evaluate(  # type: ignore[override]
        self, x: Any = None, y: Any = None, input_fn: Callable[..., Any] | None = None, batch_size: int | None = None,
        steps: int | None = None, metrics: Any = None, name: str | None = None, **options: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Compute the metrics of the model; arguments as `fit`.

        Raises:
            ValueError: examples come in both ways, or in none, or other metrics are asked for.
        """
        if metrics is not None:
            raise ValueError("graphmagic computes the metrics of the model: leave out `metrics`.")
        if callable(x):
            x, input_fn = None, x
        return super().evaluate(self._input(x, y, input_fn, batch_size, 1), steps, name=name, **options)

    def predict(  # type: ignore[override]
        self, x: Any = None, input_fn: Callable[..., Any] | None = None, batch_size: int | None = None,
        outputs: Any = None, as_iterable: bool = True, **options: Any,
    ) -> Any:  # fmt: skip
        """What the model predicts for each example: classes or numbers; all that it predicts if that is its own.

        Args:
            x: the features of all examples, an array; or None.
            input_fn: a function that returns features, instead.
            batch_size: how many examples of `x` are looked at together.
            outputs: the names of predictions that are wanted instead.
            as_iterable: False for a list.
            **options: those of `tf.estimator.Estimator.predict`.
        """
        if callable(x):
            x, input_fn = None, x
        found = super().predict(self._input(x, None, input_fn, batch_size, 1), outputs, **options)
        answers: Iterator[Any] = map(self._answer, found) if outputs is None else found
        return answers if as_iterable else list(answers)

    def _answer(self, found: Any) -> Any:
        for name in self.answers if isinstance(found, dict) else ():
            if name in found:
                return found[name][0]
        return found

    def predict_classes(self, *args: Any, **options: Any) -> Any:
        """The most probable class of each example; arguments as `predict`."""
        return self.predict(*args, **options)

    predict_scores = predict_classes

    def predict_proba(
        self, x: Any = None, input_fn: Callable[..., Any] | None = None, batch_size: int | None = None
    ) -> Iterator[Any]:
        """How probable the classes are for each example; arguments as `predict`."""
        return (found["probabilities"] for found in self.predict(x, input_fn, batch_size, ["probabilities"]))


class LinearClassifier(OldMethods, estimator.LinearClassifier):
    """`tf.estimator.LinearClassifier` with `fit`."""


class LinearRegressor(OldMethods, estimator.LinearRegressor):
    """`tf.estimator.LinearRegressor` with `fit`."""


class DNNClassifier(OldMethods, estimator.DNNClassifier):
    """`tf.estimator.DNNClassifier` with `fit`."""


class DNNRegressor(OldMethods, estimator.DNNRegressor):
    """`tf.estimator.DNNRegressor` with `fit`."""


class ModelFnOps(NamedTuple):
    """What a model function of ``tf.contrib.learn`` returns."""

    mode: str
    predictions: Any = None
    loss: Any = None
    train_op: Any = None
    eval_metric_ops: Any = None


class Estimator(OldMethods):
    """A model of one's own.

    Args:
        model_fn: takes features, targets and, if it wants them, ``mode``, ``params`` and ``config``; returns
            `ModelFnOps`, or predictions, loss and train_op.
        model_dir: the folder for checkpoints; a temporary one if None.
        config: a `RunConfig`.
        params: what `model_fn` gets.
    """

    takes_dictionaries = False
    answers = ()

    def __init__(
        self,
        model_fn: Callable[..., Any],
        model_dir: str | None = None,
        config: Any = None,
        params: Any = None,
    ) -> None:
        wanted = argument_names(model_fn) or set()

        def adapted(features: Any, labels: Any, mode: str, params: Any, config: Any) -> EstimatorSpec:
            offered = {"mode": mode, "params": params, "config": config}
            found = model_fn(features, labels, **{n: v for n, v in offered.items() if n in wanted})
            if isinstance(found, EstimatorSpec):
                return found
            ops = found if isinstance(found, ModelFnOps) else ModelFnOps(mode, *found)
            step = ops.train_op if mode == ModeKeys.TRAIN else None
            return EstimatorSpec(mode, ops.predictions, ops.loss, step, ops.eval_metric_ops)

        super().__init__(adapted, model_dir, config, params)


def infer_real_valued_columns_from_input(x: Any) -> list[Any]:
    """The column of a matrix of numbers.

    >>> infer_real_valued_columns_from_input(np.ones((5, 3)))[0].shape
    (3,)
    """
    return [numeric_column(KEY, shape=np.shape(x)[1:] or (1,))]
