"""What Keras keeps between models: its session, and whether it is training (``tf.keras.backend``)."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import bool as bool_
from graphmagic.graph.graph import get_default_graph, reset_default_graph
from graphmagic.ops.assigning import assign_add
from graphmagic.ops.placeholder import placeholder_with_default
from graphmagic.ops.variable import Variable
from graphmagic.session import Session
from graphmagic.session_values import get_default_session

__all__ = ["clear_session", "floatx", "get_session", "image_data_format", "learning_phase", "set_session"]

_kept: dict[str, Any] = {"session": None}


def get_session() -> Any:
    """The session that models are trained in: the default one, else one of Keras's own.

    >>> import graphmagic as tf
    >>> tf.keras.backend.get_session().run(tf.constant(3))
    np.int32(3)
    """
    found = get_default_session()
    if found is not None:
        return found
    kept = _kept["session"]
    if kept is None or kept.closed or kept.graph is not get_default_graph():
        _kept["session"] = kept = Session()
    return kept


def set_session(session: Any) -> None:
    """Train models in this session from now on."""
    _kept["session"] = session


def clear_session() -> None:
    """Forget all models: a new default graph, and a new session."""
    if _kept["session"] is not None:
        _kept["session"].close()
    _kept["session"] = None
    reset_default_graph()


def learning_phase() -> Any:
    """The tensor that says whether a model is being trained."""
    kept = get_default_graph().scoping.setdefault("keras", {})
    if "phase" not in kept:
        with get_default_graph().name_scope(None):
            kept["phase"] = placeholder_with_default(False, [], name="keras_learning_phase")
    assert kept["phase"].dtype is bool_
    return kept["phase"]


def iterations() -> Any:
    """How many steps the models of the default graph have been trained: a variable."""
    kept = get_default_graph().scoping.setdefault("keras", {})
    if "iterations" not in kept:
        with get_default_graph().name_scope(None):
            kept["iterations"] = Variable(0.0, trainable=False, name="training/iterations")
    return kept["iterations"]


def count_step() -> list[Any]:
    """What adds one to `iterations`, if an optimizer asks for them."""
    kept = get_default_graph().scoping.get("keras", {})
    return [assign_add(kept["iterations"], 1.0)] if "iterations" in kept else []


def floatx() -> str:
    """The usual type of numbers."""
    return "float32"


def image_data_format() -> str:
    """Where the channels of images are."""
    return "channels_last"
