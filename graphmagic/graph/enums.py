"""Named choices that functions accept."""

from __future__ import annotations

from enum import Enum, StrEnum

__all__ = ["AggregationMethod", "UnconnectedGradients", "VariableAggregation", "VariableSynchronization"]


class AggregationMethod:
    """How gradients may be added up; `tf.gradients` accepts all and always adds them at once.

    >>> AggregationMethod.DEFAULT == AggregationMethod.ADD_N
    True
    """

    ADD_N = DEFAULT = 0
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


class UnconnectedGradients(StrEnum):
    """What `tf.gradients` returns for an x that no y depends on.

    >>> UnconnectedGradients.ZERO.value
    'zero'
    """

    NONE = "none"
    ZERO = "zero"


class VariableSynchronization(Enum):
    """When copies of a variable on several machines agree; there are none in graphmagic.

    >>> VariableSynchronization.AUTO.value
    0
    """

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


class VariableAggregation(Enum):
    """How writes of several machines to a variable are combined; there are none in graphmagic.

    >>> VariableAggregation.MEAN.value
    2
    """

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3
    ONLY_FIRST_TOWER = 3  # noqa: PIE796 - its name before 1.14
