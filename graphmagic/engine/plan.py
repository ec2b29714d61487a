"""A plan: the compiled form of one (fetches, feeds) pair for one session, and how its failures are explained."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.engine.emit import emit
from graphmagic.engine.passes import improve
from graphmagic.engine.program import Program
from graphmagic.engine.state import State, variable_of
from graphmagic.graph.node import Operation, Tensor

__all__ = ["Plan"]


class Plan:
    """A program compiled for one session; it can run in several threads at once.

    Args:
        program: what to compute.
        state: the session's state.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, name="x")
    >>> plan = Plan(Program((x * 2.0,), (), feeds=(x,)), State())
    >>> plan.run([np.float32(4)])
    ((np.float32(8.0),), ())
    """

    def __init__(self, program: Program, state: State) -> None:
        self.program = improve(program)
        self._emitted = emit(self.program, state)
        self._function = self._emitted.function

    @property
    def source(self) -> str:
        """The Python function that the plan runs."""
        return self._emitted.source

    @property
    def watched(self) -> tuple[Tensor, ...]:
        """The watched tensors whose values a run returns."""
        return self._emitted.watched

    def run(self, feeds: list[Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Run once.

        Args:
            feeds: the values of the fed tensors, in the order of the program.

        Returns:
            The values of the fetches, and those of the watched tensors.

        Raises:
            OpError: an operation failed; what was written before stays written.
        """
        try:
            with np.errstate(all="ignore"):
                return self._function(*feeds)  # type: ignore[no-any-return]
        except Exception as error:
            explained = self._explain(error)
            if explained is None:
                raise
            raise explained from (None if isinstance(error, (errors.OpError, KeyError)) else error)

    def _explain(self, error: Exception) -> errors.OpError | None:
        """The error in TensorFlow's terms: which operation failed, and why."""
        line, arguments = self._failing_line(error.__traceback__)
        if line in self._emitted.reads:
            return _uninitialized(None, variable_of(self._emitted.reads[line]))
        op = self._emitted.line_ops[line] if line else None
        if op is None:
            return None
        if isinstance(error, errors.OpError):
            return _located(type(error), error.message, op)
        if isinstance(error, KeyError) and any(t.dtype.is_ref_dtype for t in op.inputs):
            return _uninitialized(op, variable_of(next(t for t in op.inputs if t.dtype.is_ref_dtype)))
        if isinstance(error, MemoryError):
            return _located(
                errors.ResourceExhaustedError, f"OOM when allocating the result of {op.name}: {error}", op
            )
        if op.opdef.elementwise and (text := _incompatible(op, arguments)):
            return _located(errors.InvalidArgumentError, text, op)
        return _located(errors.InvalidArgumentError, str(error) or type(error).__name__, op)

    def _failing_line(self, traceback: TracebackType | None) -> tuple[int, dict[str, Any]]:
        code = self._function.__code__
        while traceback is not None:
            if traceback.tb_frame.f_code is code:
                return traceback.tb_lineno, self._arrays(traceback.tb_frame.f_locals)
            traceback = traceback.tb_next
        return 0, {}

    def _arrays(self, local_variables: dict[str, Any]) -> dict[str, Any]:
        """The values by tensor name, for those that the failing function still has."""
        space = {**self._function.__globals__, **local_variables}
        return {t.name: space[name] for t, name in self._emitted.names.items() if name in space}


def _shape_text(array: Any) -> str:
    return "[" + ",".join(map(str, np.shape(array))) + "]"


def _incompatible(op: Operation, arrays: dict[str, Any]) -> str | None:
    """The text for operands that do not broadcast, or None if that is not what is wrong."""
    shapes = [arrays[t.name] for t in op.inputs if t.name in arrays]
    if len(shapes) != len(op.inputs) or len(shapes) < 2:
        return None
    try:
        np.broadcast_shapes(*[np.shape(s) for s in shapes])
    except ValueError:
        return "Incompatible shapes: " + " vs. ".join(_shape_text(s) for s in shapes)
    return None


def _located(kind: type[errors.OpError], message: str, op: Operation) -> errors.OpError:
    """An error that names the operation, in TensorFlow's form, and where the user created it."""
    error = kind(op.node_def, op, f"{message}\n\t [[{{{{node {op.name}}}}}]]")  # type: ignore[call-arg,arg-type]
    error.add_note(created_at(op))
    return error


def created_at(op: Operation) -> str:
    """A line that says where an operation was created."""
    source = op.site.line_text
    return f"{op.name} ({op.type}) was created at {op.site}" + (f": {source}" if source else "")


def _uninitialized(op: Operation | None, variable: Operation) -> errors.OpError:
    """The error of reading a variable that has no value in this session."""
    node = op.name if op is not None else f"_retval_{variable.name}_0_0"
    message = f"Attempting to use uninitialized value {variable.name}\n\t [[{{{{node {node}}}}}]]"
    error = errors.FailedPreconditionError(None if op is None else op.node_def, op, message)
    error.add_note(created_at(variable))
    error.add_note(
        "To fix it: run the variable's initializer in this session first, "
        "for instance with sess.run(tf.global_variables_initializer())."
    )
    return error
