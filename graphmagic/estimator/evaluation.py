"""Evaluating: what an estimator computes from the metrics of a model."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np

from graphmagic import logging
from graphmagic.metrics import mean
from graphmagic.monitored.hook import SessionRunArgs, SessionRunContext, SessionRunHook, SessionRunValues
from graphmagic.monitored.session import ChiefSessionCreator, MonitoredSession
from graphmagic.monitored.stopping import FinalOpsHook
from graphmagic.monitored.writing import number_summary, writer_of
from graphmagic.ops.control import group
from graphmagic.train.global_step import get_global_step

__all__ = ["evaluate_spec"]


class _StopAfter(SessionRunHook):
    """Ends evaluation after a number of runs, and says how far it is."""

    def __init__(self, count: int | None) -> None:
        self._count, self._done = count, 0

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs | None:
        """Nothing."""
        return None

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Count."""
        self._done += 1
        if self._count is None:
            return
        if self._done % max(1, self._count // 10) == 0 or self._done == self._count:
            logging.info("Evaluation [%d/%d]", self._done, self._count)
        if self._done >= self._count:
            run_context.request_stop()


def evaluate_spec(
    spec: Any, path: str | None, steps: int | None, hooks: list[Any], config: Any, folder: str
) -> dict[str, Any]:
    """Run the metrics of a model over all input, and write and return their values."""
    metrics = dict(spec.eval_metric_ops)
    metrics.setdefault("loss", mean(spec.loss))
    values: dict[str, Any] = {key: value for key, (value, _) in metrics.items()}
    values["global_step"] = get_global_step()
    updates = group(*[update for _, update in metrics.values()])
    final = FinalOpsHook(values)
    logging.info("Starting evaluation at %s", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    creator = ChiefSessionCreator(spec.scaffold, config=config, checkpoint_filename_with_path=path)
    with MonitoredSession(creator, [*hooks, *spec.evaluation_hooks, _StopAfter(steps), final]) as sess:
        while not sess.should_stop():
            sess.run(updates)
    logging.info("Finished evaluation at %s", time.strftime("%Y-%m-%d-%H:%M:%S", time.gmtime()))
    found: dict[str, Any] = final.final_ops_values
    _write(found, folder)
    return found


def _write(values: dict[str, Any], folder: str) -> None:
    step = int(values["global_step"])
    said = ", ".join(f"{key} = {value}" for key, value in sorted(values.items()))
    logging.info("Saving dict for global step %d: %s", step, said)
    writer = writer_of(os.fspath(folder))
    if writer is None:
        return
    for key, value in values.items():
        if key != "global_step" and np.ndim(value) == 0 and np.asarray(value).dtype.kind in "fiu":
            writer.add_summary(number_summary(key, float(value)), step)
    writer.flush()
