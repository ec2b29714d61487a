"""`tf.estimator.RunConfig`: where and how often estimators save, and the like."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

__all__ = ["RunConfig"]


class _Usual:
    def __repr__(self) -> str:
        return "USE_DEFAULT"


USUAL: Any = _Usual()


@dataclass(frozen=True)
class RunConfig:
    """Where and how often an estimator saves, and the like.

    Args:
        model_dir: the folder for checkpoints.
        tf_random_seed: the seed of the graphs.
        save_summary_steps: how many steps from one summary to the next.
        save_checkpoints_steps: how many steps from one checkpoint to the next.
        save_checkpoints_secs: how many seconds; 600 if nothing is said about steps either.
        session_config: the sessions' `tf.ConfigProto`.
        keep_checkpoint_max: how many checkpoints are kept.
        keep_checkpoint_every_n_hours: how often one is kept for good.
        log_step_count_steps: how many steps from one message to the next.

    Raises:
        ValueError: both ways to say how often to save are used, or a number makes no sense.

    >>> import graphmagic as tf
    >>> config = tf.estimator.RunConfig(tf_random_seed=7)
    >>> config.tf_random_seed, config.save_checkpoints_secs
    (7, 600)
    >>> config.replace(save_checkpoints_steps=100, save_checkpoints_secs=None).save_checkpoints_steps
    100
    """

    model_dir: str | None = None
    tf_random_seed: int | None = None
    save_summary_steps: int | None = 100
    save_checkpoints_steps: Any = USUAL
    save_checkpoints_secs: Any = USUAL
    session_config: Any = None
    keep_checkpoint_max: int | None = 5
    keep_checkpoint_every_n_hours: float = 10000
    log_step_count_steps: int | None = 100
    train_distribute: Any = None
    device_fn: Any = None
    protocol: Any = None
    eval_distribute: Any = None

    def __post_init__(self) -> None:
        steps, secs = self.save_checkpoints_steps, self.save_checkpoints_secs
        if steps is USUAL and secs is USUAL:
            secs = 600
        steps, secs = (None if value is USUAL else value for value in (steps, secs))
        if steps is not None and secs is not None:
            raise ValueError(
                "`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set. Received: "
                f"{steps} and {secs}"
            )
        for name, value in (("save_checkpoints_steps", steps), ("save_checkpoints_secs", secs)):
            if value is not None and value < 0:
                raise ValueError(f"{name} should be >= 0")
        if self.train_distribute is not None or self.eval_distribute is not None:
            raise ValueError("graphmagic runs on one machine, without a cluster: leave out the strategies.")
        object.__setattr__(self, "save_checkpoints_steps", steps)
        object.__setattr__(self, "save_checkpoints_secs", secs)

    is_chief = True
    master = ""
    num_ps_replicas = 0
    num_worker_replicas = 1
    task_type = "worker"
    task_id = 0

    def replace(self, **changes: Any) -> RunConfig:
        """The same with other values.

        Raises:
            ValueError: there is no such setting.
        """
        known = {field.name for field in fields(self)}
        for name in changes:
            if name not in known:
                raise ValueError(
                    f"Replacing {name} is not supported. Allowed properties are {sorted(known)}."
                )
        if changes.get("save_checkpoints_steps") is not None:
            changes.setdefault("save_checkpoints_secs", None)
        elif changes.get("save_checkpoints_secs") is not None:
            changes.setdefault("save_checkpoints_steps", None)
        return replace(self, **changes)
