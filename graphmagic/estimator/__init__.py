"""Models that train, evaluate and predict (TensorFlow's ``tf.estimator``)."""

from graphmagic.estimator import inputs
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
from graphmagic.names import namespace as _namespace

__all__ = [
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

__getattr__, __dir__ = _namespace(__name__)
