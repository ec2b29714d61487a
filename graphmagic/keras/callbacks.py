"""What wants to be called while a model is trained (``tf.keras.callbacks``)."""

from __future__ import annotations

from typing import Any

__all__ = ["Callback", "EarlyStopping", "History", "LambdaCallback"]


class Callback:
    """Subclasses define what they need."""

    model: Any = None

    def on_train_begin(self, logs: Any = None) -> None:
        """Called before the first epoch."""

    def on_train_end(self, logs: Any = None) -> None:
        """Called after the last epoch."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Called before each epoch."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Called after each epoch, with the losses and metrics."""

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """Called after each batch."""


class History(Callback):
    """Notes the losses and metrics of all epochs."""

    def on_train_begin(self, logs: Any = None) -> None:
        """Begin anew."""
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {}

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Note them."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class LambdaCallback(Callback):
    """Calls functions: ``on_epoch_end=function`` and so on."""

    def __init__(self, **functions: Any) -> None:
        vars(self).update(functions)


class EarlyStopping(Callback):
    """Ends training when a loss or metric gets no better.

    Args:
        monitor: its name.
        min_delta: what counts as better.
        patience: how many epochs without it are allowed.
        **options: accepted for old programs.
    """

    def __init__(
        self, monitor: str = "val_loss", min_delta: float = 0.0, patience: int = 0, **options: Any
    ) -> None:
        self._monitor, self._delta, self._patience = monitor, abs(min_delta), patience
        self._sign = -1.0 if "acc" in monitor or options.get("mode") == "max" else 1.0

    def on_train_begin(self, logs: Any = None) -> None:
        """Begin anew."""
        self._best, self._waited = float("inf"), 0

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Look at it."""
        value = self._sign * (logs or {}).get(self._monitor, float("inf"))
        if value < self._best - self._delta:
            self._best, self._waited = value, 0
            return
        self._waited += 1
        if self._waited >= self._patience:
            self.model.stop_training = True
