"""Every case of the table with one input spoilt: its rank, size, type or values; and what comes of it."""

from __future__ import annotations

import dis
from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any

import numpy as np

from optable.case import Case
from optable.running import Built

__all__ = ["is_bare", "outcome", "outcome_of_a_stranger", "spoilt"]

Array = np.ndarray[Any, Any]


_OTHER = {"f": np.int32, "b": np.int32, "i": np.float32, "u": np.float32}


def spoilt(case: Case) -> Iterator[tuple[str, tuple[Array, ...]]]:
    """What is wrong, and the inputs; some of it is right for some operations."""
    for index, array in enumerate(case.inputs):
        for what, changed in _changes(array):
            yield f"{index}-{what}", (*case.inputs[:index], changed, *case.inputs[index + 1 :])


def _changes(array: Array) -> Iterator[tuple[str, Array]]:
    yield "more_dimensions", array[None]
    yield "more_at_the_end", array[..., None]
    if array.ndim:
        yield "empty", array[:0]
        yield "nothing_at_the_end", array[..., :0]
        yield "longer", np.concatenate([array, array[:1]])
        yield "scalar", array.ravel()[:1].reshape(()) if array.size else np.zeros((), array.dtype)
    if array.ndim > 1:
        yield "turned", array.T
        yield "fewer_dimensions", array[0] if len(array) else np.zeros(array.shape[1:], array.dtype)
    if array.dtype != object and array.dtype.kind != "c":
        yield "other_type", np.asarray(np.clip(np.nan_to_num(array), -9, 9)).astype(_OTHER[array.dtype.kind])
    yield "string", np.full(array.shape, b"x", object)
    if array.dtype.kind == "i":
        yield "large", np.asarray(array + array.dtype.type(1 << 6))
        yield "negative", np.asarray(-array - array.dtype.type(1 << 6))


def outcome(tf: Any, case: Case, inputs: tuple[Array, ...], mode: str) -> Exception | None:
    """The error of building and running, if there is one; what cannot be run for lack of a value is not run."""
    try:
        with tf.Graph().as_default():
            Built(tf, replace(case, inputs=inputs), mode, inputs).run(1)
    except Exception as error:
        return error
    return None


def outcome_of_a_stranger(tf: Any, case: Case, index: int) -> Exception | None:
    """The error of building when one input is a tensor of another graph."""
    with tf.Graph().as_default():
        stranger = tf.placeholder(tf.as_dtype(case.inputs[index].dtype), name="stranger")
    try:
        with tf.Graph().as_default():
            own = [tf.placeholder(tf.as_dtype(a.dtype), a.shape) for a in case.inputs]
            case.build(tf, *own[:index], stranger, *own[index + 1 :])
    except Exception as error:
        return error
    return None


def is_bare(error: BaseException) -> bool:
    """Whether what an error says is Python's or NumPy's own text, not one that graphmagic or TensorFlow would say."""
    cause = error if error.__cause__ is None else error.__cause__
    last = _last(cause.__traceback__)
    if last is None or not str(error).startswith(str(cause)):
        return False
    return "graphmagic" not in last.tb_frame.f_globals["__name__"] or not _is_raise(last)


def _last(traceback: TracebackType | None) -> TracebackType | None:
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback


def _is_raise(place: TracebackType) -> bool:
    """Whether the place in a traceback is a ``raise`` statement."""
    instructions = {i.offset: i.opname for i in dis.get_instructions(place.tb_frame.f_code)}
    return instructions.get(place.tb_lasti) in ("RAISE_VARARGS", "RERAISE")
