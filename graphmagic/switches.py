"""TensorFlow's switches between its versions: graphmagic is version 1, whatever a program asks for."""

from __future__ import annotations

__all__ = [
    "disable_eager_execution",
    "disable_resource_variables",
    "disable_v2_behavior",
    "disable_v2_tensorshape",
    "enable_resource_variables",
    "executing_eagerly",
]


def disable_v2_behavior() -> None:
    """Do nothing: there is no other behaviour than TensorFlow 1's."""


def disable_eager_execution() -> None:
    """Do nothing: there is no eager execution."""


def disable_v2_tensorshape() -> None:
    """Do nothing: shapes are TensorFlow 1's."""


def disable_resource_variables() -> None:
    """Do nothing: variables are TensorFlow 1's."""


def enable_resource_variables() -> None:
    """Do nothing: reads and writes of variables have one order in graphmagic."""


def executing_eagerly() -> bool:
    """False: operations are added to graphs and run by sessions."""
    return False
