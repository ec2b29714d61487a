"""`tf.train.MonitoredTrainingSession`: a monitored session with the usual hooks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from graphmagic.monitored.hook import SessionRunHook
from graphmagic.monitored.reporting import StepCounterHook
from graphmagic.monitored.scaffold import Scaffold
from graphmagic.monitored.session import ChiefSessionCreator, MonitoredSession
from graphmagic.monitored.writing import CheckpointSaverHook, SummarySaverHook
from graphmagic.train.global_step import get_or_create_global_step

__all__ = ["MonitoredTrainingSession"]


class _Usual:
    """Stands for "as usual" among the arguments."""

    def __repr__(self) -> str:
        return "USE_DEFAULT"


USE_DEFAULT: Any = _Usual()


def MonitoredTrainingSession(  # noqa: N802 - TensorFlow's name
    master: str = "",
    is_chief: bool = True,
    checkpoint_dir: str | None = None,
    scaffold: Scaffold | None = None,
    hooks: Sequence[SessionRunHook] | None = None,
    chief_only_hooks: Sequence[SessionRunHook] | None = None,
    save_checkpoint_secs: Any = USE_DEFAULT,
    save_summaries_steps: Any = USE_DEFAULT,
    save_summaries_secs: Any = USE_DEFAULT,
    config: Any = None,
    stop_grace_period_secs: float = 120,
    log_step_count_steps: int | None = 100,
    max_wait_secs: float = 7200,
    save_checkpoint_steps: Any = USE_DEFAULT,
    summary_dir: str | None = None,
    save_graph_def: bool = True,
) -> MonitoredSession:
    """A `tf.train.MonitoredSession` that keeps checkpoints and summaries in a folder, and goes on from them.

    Args:
        master: empty.
        is_chief: accepted for old programs; there is only one process.
        checkpoint_dir: the folder; without it nothing is saved.
        scaffold: what to start with.
        hooks: each a `SessionRunHook`.
        chief_only_hooks: more of them.
        save_checkpoint_secs: how many seconds from one checkpoint to the next; 600 if nothing is said.
        save_summaries_steps: how many steps from one summary to the next; 100 if nothing is said.
        save_summaries_secs: how many seconds.
        config: the session's settings.
        stop_grace_period_secs: how long threads get to end.
        log_step_count_steps: how many steps from one message about the speed to the next.
        max_wait_secs: accepted for old programs.
        save_checkpoint_steps: how many steps from one checkpoint to the next.
        summary_dir: another folder for summaries.
        save_graph_def: whether to write the graph.

    Returns:
        The session.

    >>> import graphmagic as tf, tempfile
    >>> count = tf.assign_add(tf.train.get_or_create_global_step(), 1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for _ in range(2):
    ...         with tf.Graph().as_default():
    ...             count = tf.assign_add(tf.train.get_or_create_global_step(), 1)
    ...             with tf.train.MonitoredTrainingSession(checkpoint_dir=folder) as sess:
    ...                 print(sess.run(count))
    1
    2
    """
    if save_summaries_steps is USE_DEFAULT and save_summaries_secs is USE_DEFAULT:
        save_summaries_steps = 100
    if save_checkpoint_secs is USE_DEFAULT and save_checkpoint_steps is USE_DEFAULT:
        save_checkpoint_secs = 600
    every = {
        "save_steps": save_summaries_steps,
        "save_secs": save_summaries_secs,
        "checkpoint_steps": save_checkpoint_steps,
        "checkpoint_secs": save_checkpoint_secs,
    }
    every = {name: None if value is USE_DEFAULT or not value else value for name, value in every.items()}
    scaffold = scaffold or Scaffold()
    folder = None if checkpoint_dir is None else os.fspath(checkpoint_dir)
    summaries = summary_dir or folder
    found: list[SessionRunHook] = []
    if summaries:
        get_or_create_global_step()
        if log_step_count_steps:
            found.append(StepCounterHook(log_step_count_steps, output_dir=summaries))
        if every["save_steps"] or every["save_secs"]:
            found.append(
                SummarySaverHook(every["save_steps"], every["save_secs"], summaries, scaffold=scaffold)
            )
    if folder and (every["checkpoint_secs"] or every["checkpoint_steps"]):
        os.makedirs(folder, exist_ok=True)
        found.append(
            CheckpointSaverHook(
                folder,
                every["checkpoint_secs"],
                every["checkpoint_steps"],
                scaffold=scaffold,
                save_graph_def=save_graph_def,
            )
        )
    creator = ChiefSessionCreator(scaffold, master, config, folder)
    everything = [*(hooks or ()), *(chief_only_hooks or ()), *found]
    return MonitoredSession(creator, everything, stop_grace_period_secs)
