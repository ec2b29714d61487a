"""What is left of ``tf.contrib.learn``: names that became `tf.estimator`'s, and texts as numbers."""

from __future__ import annotations

from typing import Any as _Any

from graphmagic.contrib import preprocessing
from graphmagic.contrib.learn.estimators import (
    DNNClassifier,
    DNNRegressor,
    Estimator,
    LinearClassifier,
    LinearRegressor,
    ModelFnOps,
    infer_real_valued_columns_from_input,
)
from graphmagic.estimator import RunConfig as _RunConfig
from graphmagic.names import namespace as _namespace

__all__ = [
    "DNNClassifier",
    "DNNRegressor",
    "Estimator",
    "LinearClassifier",
    "LinearRegressor",
    "ModeKeys",
    "ModelFnOps",
    "RunConfig",
    "infer_real_valued_columns_from_input",
    "preprocessing",
]


class ModeKeys:
    """What a model function is called for."""

    TRAIN = "train"
    EVAL = "eval"
    INFER = "infer"


class RunConfig(_RunConfig):
    """`tf.estimator.RunConfig`, with what it was told in old programs.

    Args:
        master: must be empty: graphmagic runs on one machine.
        num_cores: accepted for old programs.
        log_device_placement: accepted for old programs.
        gpu_memory_fraction: accepted for old programs.
        **settings: those of `tf.estimator.RunConfig`.

    Raises:
        ValueError: there is a master.

    >>> RunConfig(save_checkpoints_secs=300).save_checkpoints_secs
    300
    """

    def __init__(
        self, master: str | None = None, num_cores: int = 0, log_device_placement: bool = False,
        gpu_memory_fraction: float = 1, **settings: _Any,
    ) -> None:  # fmt: skip
        if master:
            raise ValueError(
                f"graphmagic runs on one machine, without a cluster: leave out master={master!r}."
            )
        super().__init__(**settings)


__getattr__, __dir__ = _namespace(__name__)
