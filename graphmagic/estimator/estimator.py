"""`tf.estimator.Estimator`: trains, evaluates and predicts with a model that a function builds."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from graphmagic import logging, summary
from graphmagic.data import Dataset
from graphmagic.estimator.calling import Start, argument_names, chosen, one_by_one
from graphmagic.estimator.config import RunConfig
from graphmagic.estimator.evaluation import evaluate_spec
from graphmagic.estimator.spec import EstimatorSpec, ModeKeys
from graphmagic.graph.default import add_to_collection, get_collection
from graphmagic.graph.graph import Graph, GraphKeys
from graphmagic.monitored.reporting import LoggingTensorHook
from graphmagic.monitored.scaffold import Scaffold
from graphmagic.monitored.session import ChiefSessionCreator, MonitoredSession
from graphmagic.monitored.stopping import NanTensorHook, StopAtStepHook
from graphmagic.monitored.training import MonitoredTrainingSession
from graphmagic.monitored.writing import CheckpointSaverHook
from graphmagic.ops.random import set_random_seed
from graphmagic.train.checkpoint_state import latest_checkpoint, list_variables, load_variable
from graphmagic.train.global_step import create_global_step
from graphmagic.train.saver import Saver

__all__ = ["Estimator"]


class Estimator:
    """Trains, evaluates and predicts with a model that a function builds; checkpoints hold what it has learned.

    Args:
        model_fn: a function of ``features``, ``labels`` and, if it has arguments of these names, ``mode``, ``params``
            and ``config``, that returns an `EstimatorSpec`.
        model_dir: the folder for checkpoints and summaries; a temporary one if None.
        config: a `RunConfig`.
        params: a dictionary for `model_fn`.
        warm_start_from: must be None.

    Raises:
        ValueError: there is no model function, or it has arguments that nobody gives.

    >>> import graphmagic as tf
    >>> def model_fn(features, labels, mode):
    ...     y = tf.layers.dense(features["x"], 1, name="line")
    ...     if mode == tf.estimator.ModeKeys.PREDICT:
    ...         return tf.estimator.EstimatorSpec(mode, predictions=y)
    ...     loss = tf.losses.mean_squared_error(labels, y)
    ...     step = tf.train.GradientDescentOptimizer(0.3).minimize(loss, tf.train.get_global_step())
    ...     return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=step)
    >>> x = np.linspace(0, 1, 8, dtype=np.float32).reshape(8, 1)
    >>> line = tf.estimator.Estimator(model_fn)
    >>> data = tf.estimator.inputs.numpy_input_fn({"x": x}, 2 * x + 1, num_epochs=None, shuffle=True)
    >>> _ = line.train(data, steps=200)
    >>> print(line.get_variable_value("line/bias").round(2))
    [1.]
    """

    def __init__(
        self,
        model_fn: Callable[..., EstimatorSpec],
        model_dir: str | None = None,
        config: RunConfig | None = None,
        params: Any = None,
        warm_start_from: Any = None,
    ) -> None:
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        if warm_start_from is not None:
            raise ValueError(
                "graphmagic cannot start from another model: train from the checkpoint in model_dir."
            )
        if config is not None and not hasattr(config, "replace"):
            raise ValueError(f"config must be an instance of `RunConfig`, received {config}.")
        self._model_fn, self._params = model_fn, deepcopy(params or {})
        self._check_arguments()
        found = config or RunConfig()
        if model_dir and found.model_dir and os.fspath(model_dir) != found.model_dir:
            raise ValueError(
                "`model_dir` are set both in constructor and `RunConfig`, but with different values. In constructor: "
                f"'{model_dir}', in `RunConfig`: '{found.model_dir}' "
            )
        folder = os.fspath(model_dir) if model_dir else found.model_dir
        if not folder:
            folder = tempfile.mkdtemp()
            logging.warning("Using temporary folder as model directory: %s", folder)
        self._config = found.replace(model_dir=folder)
        logging.info("Using config: %s", vars(self._config))

    def _check_arguments(self) -> None:
        known = {"features", "labels", "mode", "params", "config"}
        names = argument_names(self._model_fn)
        if names is None:
            return
        if "features" not in names:
            raise ValueError(f"model_fn ({self._model_fn}) must include features argument.")
        if self._params and "params" not in names:
            raise ValueError(
                f"model_fn ({self._model_fn}) does not include params argument, but params ({self._params}) is passed "
                "to Estimator."
            )
        if names - known:
            raise ValueError(
                f"model_fn ({self._model_fn}) has following not expected args: {sorted(names - known)}"
            )

    # ----- what it is -----

    @property
    def model_dir(self) -> str:
        """The folder for checkpoints and summaries."""
        return str(self._config.model_dir)

    @property
    def config(self) -> RunConfig:
        """Where and how often it saves."""
        return deepcopy(self._config)

    @property
    def params(self) -> Any:
        """What the model function gets as ``params``."""
        return deepcopy(self._params)

    @property
    def model_fn(self) -> Callable[..., EstimatorSpec]:
        """A function of features, labels, mode and config that builds the model."""
        return lambda features, labels, mode, config: self._call_model_fn(features, labels, mode)

    def latest_checkpoint(self) -> str | None:
        """The path of the newest checkpoint."""
        return latest_checkpoint(self.model_dir)

    def get_variable_names(self) -> list[str]:
        """The names of the variables in the newest checkpoint.

        Raises:
            ValueError: it has not been trained yet.
        """
        self._check_trained()
        return [name for name, _ in list_variables(self.model_dir)]

    def get_variable_value(self, name: str) -> Any:
        """The value of a variable in the newest checkpoint.

        Raises:
            ValueError: it has not been trained yet.
        """
        self._check_trained()
        return load_variable(self.model_dir, name)

    def _check_trained(self) -> None:
        if not self.latest_checkpoint():
            raise ValueError(
                f"Estimator has not been trained yet: there is no checkpoint in {self.model_dir}."
            )

    # ----- what it does -----

    def train(
        self,
        input_fn: Callable[..., Any],
        hooks: Sequence[Any] | None = None,
        steps: int | None = None,
        max_steps: int | None = None,
        saving_listeners: Sequence[Any] | None = None,
    ) -> Estimator:
        """Train from the newest checkpoint on.

        Args:
            input_fn: a function that returns features and labels, as tensors or as a `tf.data.Dataset`.
            hooks: `tf.train.SessionRunHook`s.
            steps: how many steps; until the input ends if None.
            max_steps: the global step to stop at.
            saving_listeners: `tf.train.CheckpointSaverListener`s.

        Returns:
            This estimator.

        Raises:
            ValueError: both numbers of steps are given, or one is not positive.
        """
        if steps is not None and max_steps is not None:
            raise ValueError("Can not provide both steps and max_steps.")
        for name, value in (("steps", steps), ("max_steps", max_steps)):
            if value is not None and value <= 0:
                raise ValueError(f"Must specify {name} > 0, given: {value}")
        if max_steps is not None and self.latest_checkpoint() and self._step() >= max_steps:
            logging.info("Skipping training since max_steps has already saved.")
            return self
        found = [*(hooks or ())]
        if steps is not None or max_steps is not None:
            found.append(StopAtStepHook(steps, max_steps))
        loss = self._train(input_fn, found, list(saving_listeners or ()))
        logging.info("Loss for final step: %s.", loss)
        return self

    def _step(self) -> int:
        return int(np.asarray(load_variable(self.model_dir, GraphKeys.GLOBAL_STEP)))

    def _train(self, input_fn: Callable[..., Any], hooks: list[Any], listeners: list[Any]) -> Any:
        config = self._config
        with Graph().as_default():
            spec, input_hooks = self._build(input_fn, ModeKeys.TRAIN)
            step = get_collection(GraphKeys.GLOBAL_STEP)[0]
            if not any(item.op.name == "loss" for item in get_collection(GraphKeys.SUMMARIES)):
                summary.scalar("loss", spec.loss)
            add_to_collection(GraphKeys.LOSSES, spec.loss)
            scaffold = spec.scaffold or Scaffold()
            self._add_saver(scaffold)
            found = [*hooks, *input_hooks, NanTensorHook(spec.loss)]
            if config.log_step_count_steps:
                shown = {"loss": spec.loss, "step": step}
                found.append(LoggingTensorHook(shown, every_n_iter=config.log_step_count_steps))
            found += [*spec.training_hooks, *spec.training_chief_hooks]
            os.makedirs(self.model_dir, exist_ok=True)
            every = config.save_checkpoints_secs, config.save_checkpoints_steps
            if any(every) and not any(isinstance(hook, CheckpointSaverHook) for hook in found):
                found.append(
                    CheckpointSaverHook(self.model_dir, *every, scaffold=scaffold, listeners=listeners)
                )
            loss = None
            with MonitoredTrainingSession(
                checkpoint_dir=self.model_dir,
                scaffold=scaffold,
                hooks=found,
                save_checkpoint_secs=0,
                save_summaries_steps=config.save_summary_steps,
                config=config.session_config,
                log_step_count_steps=config.log_step_count_steps,
            ) as sess:
                while not sess.should_stop():
                    _, loss = sess.run([spec.train_op, spec.loss])
            return loss

    def _add_saver(self, scaffold: Scaffold) -> None:
        if scaffold.saver is None and not get_collection(GraphKeys.SAVERS):
            saver = Saver(
                sharded=True,
                max_to_keep=self._config.keep_checkpoint_max,
                keep_checkpoint_every_n_hours=self._config.keep_checkpoint_every_n_hours,
                save_relative_paths=True,
            )
            add_to_collection(GraphKeys.SAVERS, saver)

    def evaluate(
        self,
        input_fn: Callable[..., Any],
        steps: int | None = None,
        hooks: Sequence[Any] | None = None,
        checkpoint_path: str | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """Compute the metrics of the model.

        Args:
            input_fn: a function that returns features and labels.
            steps: how many batches; until the input ends if None.
            hooks: `tf.train.SessionRunHook`s.
            checkpoint_path: a checkpoint; the newest one if None.
            name: the end of the name of the folder for summaries.

        Returns:
            The metrics by name, with ``loss`` and ``global_step``.
        """
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        path = self._checkpoint(checkpoint_path, "evaluate")
        folder = os.path.join(self.model_dir, f"eval_{name}" if name else "eval")
        with Graph().as_default():
            spec, input_hooks = self._build(input_fn, ModeKeys.EVAL)
            found = [*(hooks or ()), *input_hooks]
            return evaluate_spec(spec, path, steps, found, self._config.session_config, folder)

    def _checkpoint(self, path: str | None, purpose: str) -> str | None:
        found = path or self.latest_checkpoint()
        if not found:
            logging.info(
                "Could not find trained model in model_dir: %s, running initialization to %s.",
                self.model_dir,
                purpose,
            )
        return found

    def predict(
        self,
        input_fn: Callable[..., Any],
        predict_keys: Any = None,
        hooks: Sequence[Any] | None = None,
        checkpoint_path: str | None = None,
        yield_single_examples: bool = True,
    ) -> Iterator[Any]:
        """Go through the predictions for all input.

        Args:
            input_fn: a function that returns features, perhaps with labels.
            predict_keys: the names of the predictions that are wanted; all if None.
            hooks: `tf.train.SessionRunHook`s.
            checkpoint_path: a checkpoint; the newest one if None.
            yield_single_examples: whether one by one, or as whole batches.

        Yields:
            What the model predicts: an array, or a dictionary of arrays.
        """
        path = self._checkpoint(checkpoint_path, "predict")
        with Graph().as_default():
            spec, input_hooks = self._build(input_fn, ModeKeys.PREDICT)
            wanted = chosen(spec.predictions, predict_keys)
            creator = ChiefSessionCreator(
                spec.scaffold, config=self._config.session_config, checkpoint_filename_with_path=path
            )
            sess = MonitoredSession(creator, [*(hooks or ()), *input_hooks, *spec.prediction_hooks])
        with sess:
            while not sess.should_stop():
                found = sess.run(wanted)
                if yield_single_examples:
                    yield from one_by_one(found)
                else:
                    yield found

    # ----- building the model -----

    def _build(self, input_fn: Callable[..., Any], mode: str) -> tuple[EstimatorSpec, list[Any]]:
        if self._config.tf_random_seed is not None:
            set_random_seed(self._config.tf_random_seed)
        create_global_step()
        given, hooks = self._call_input_fn(input_fn, mode)
        is_pair = isinstance(given, (list, tuple))
        if is_pair and len(given) != 2:
            raise ValueError(
                f"input_fn should return (features, labels) as a len 2 tuple. Received {len(given)}."
            )
        features, labels = given if is_pair else (given, None)
        return self._call_model_fn(features, None if mode == ModeKeys.PREDICT else labels, mode), hooks

    def _call_input_fn(self, input_fn: Callable[..., Any], mode: str) -> tuple[Any, list[Any]]:
        names = argument_names(input_fn) or set()
        offered = {"mode": mode, "params": self.params, "config": self._config}
        result = input_fn(**{name: value for name, value in offered.items() if name in names})
        if isinstance(result, Dataset):
            iterator = result.make_initializable_iterator()
            return iterator.get_next(), [Start(iterator.initializer)]
        return result, []

    def _call_model_fn(self, features: Any, labels: Any, mode: str) -> EstimatorSpec:
        names = argument_names(self._model_fn)
        offered = {"labels": labels, "mode": mode, "params": self.params, "config": self._config}
        if names is not None:
            offered = {name: value for name, value in offered.items() if name in names}
            if "labels" not in names and labels is not None:
                raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        logging.info("Calling model_fn.")
        spec = self._model_fn(features=features, **offered)
        logging.info("Done calling model_fn.")
        if not isinstance(spec, EstimatorSpec):
            raise ValueError("model_fn should return an EstimatorSpec.")
        return spec
