"""Models that train, evaluate and predict (TensorFlow's ``tf.estimator``)."""

from graphmagic.estimator import inputs
from graphmagic.estimator.boosted import BoostedTreesClassifier, BoostedTreesRegressor
from graphmagic.estimator.canned import (
    DNNClassifier,
    DNNLinearCombinedClassifier,
    DNNLinearCombinedRegressor,
    DNNRegressor,
    LinearClassifier,
    LinearRegressor,
)
from graphmagic.estimator.config import RunConfig
from graphmagic.estimator.estimator import Estimator
from graphmagic.estimator.spec import EstimatorSpec, ModeKeys
from graphmagic.estimator.together import EvalSpec, TrainSpec, train_and_evaluate

__all__ = [
    "BoostedTreesClassifier",
    "BoostedTreesRegressor",
    "DNNClassifier",
    "DNNLinearCombinedClassifier",
    "DNNLinearCombinedRegressor",
    "DNNRegressor",
    "Estimator",
    "EstimatorSpec",
    "EvalSpec",
    "LinearClassifier",
    "LinearRegressor",
    "ModeKeys",
    "RunConfig",
    "TrainSpec",
    "inputs",
    "train_and_evaluate",
]


def __getattr__(name: str) -> object:
    raise AttributeError(
        f"graphmagic has no tf.estimator.{name}, only what tutorials used: build the rest with a model function for "
        "tf.estimator.Estimator"
    )
