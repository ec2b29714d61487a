"""`tf.train.SecondOrStepTimer`: every so many seconds, or every so many steps."""

from __future__ import annotations

import time

__all__ = ["NeverTriggerTimer", "SecondOrStepTimer", "Timer"]


class Timer:
    """Says when it is time to do something that is not done in every step."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget that it was ever done."""
        self._step: int | None = None
        self._time: float | None = None

    def should_trigger_for_step(self, step: int) -> bool:
        """Whether it is time at this step."""
        return False

    def update_last_triggered_step(self, step: int) -> tuple[float | None, int | None]:
        """Note that it was done at this step.

        Returns:
            The seconds and the steps since the last time; None, None the first time.
        """
        now, former = time.monotonic(), (self._time, self._step)
        self._time, self._step = now, step
        if former[0] is None or former[1] is None:
            return None, None
        return now - former[0], step - former[1]

    def last_triggered_step(self) -> int | None:
        """The step at which it was last done."""
        return self._step


class SecondOrStepTimer(Timer):
    """Says when it is time: every so many seconds, or every so many steps.

    Args:
        every_secs: seconds between two times.
        every_steps: steps between two times.

    Raises:
        ValueError: both are given, or none is.

    >>> timer = SecondOrStepTimer(every_steps=2)
    >>> timer.should_trigger_for_step(1), timer.update_last_triggered_step(1)
    (True, (None, None))
    >>> timer.should_trigger_for_step(2), timer.should_trigger_for_step(3)
    (False, True)
    """

    def __init__(self, every_secs: float | None = None, every_steps: int | None = None) -> None:
        super().__init__()
        if every_secs is None and every_steps is None:
            raise ValueError("Either every_secs or every_steps should be provided.")
        if every_secs is not None and every_steps is not None:
            raise ValueError("Can not provide both every_secs and every_steps.")
        self._secs, self._steps = every_secs, every_steps

    def should_trigger_for_step(self, step: int) -> bool:
        """Whether it is time at this step: always the first time, never twice at the same step."""
        if self._step is None or self._time is None:
            return True
        if step == self._step:
            return False
        if self._secs is not None:
            return time.monotonic() >= self._time + self._secs
        return step >= self._step + int(self._steps or 0)


class NeverTriggerTimer(Timer):
    """Never says that it is time."""
