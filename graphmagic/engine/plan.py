"""A plan: the compiled form of one (fetches, feeds) pair for one session, and how its failures are explained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any

import numpy as np

from graphmagic import denormals, errors
from graphmagic.engine import blas, quiet
from graphmagic.engine.complaints import complaint, has_reason
from graphmagic.engine.emit import Emitted, emit
from graphmagic.engine.passes import improve
from graphmagic.engine.program import Program
from graphmagic.engine.simplify import RENAMES
from graphmagic.engine.specialised import RULES, Specialised
from graphmagic.engine.state import State, variable_of
from graphmagic.engine.variants import Variants
from graphmagic.graph.explain import created_at, python_name, with_notes
from graphmagic.graph.node import Operation, Tensor
from graphmagic.shapes import TensorShape

__all__ = ["Plan", "explained", "uninitialized"]


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

    def __init__(self, program: Program, state: State, rules: frozenset[str] = RULES) -> None:
        self.program = improve(program)
        self._emitted = emit(self.program, state)
        self._flushes = any(map(_computes_fractions, self.program.steps))
        self._computes = any(op.type not in ("NoOp", "VariableV2") for op in self.program.steps)
        self._variants = Variants(self.program, state, self._emitted, rules)

    @property
    def source(self) -> str:
        """The Python function that runs whatever shapes are fed."""
        return self._emitted.source

    @property
    def watched(self) -> tuple[Tensor, ...]:
        """The watched tensors whose values a run returns."""
        return self._emitted.watched

    def specialised(self, shapes: Iterable[tuple[int, ...]]) -> Specialised:
        """The function for feeds of these shapes, to look at."""
        return self._variants.specialised(tuple(shapes))

    def run(
        self, feeds: Sequence[Any], shapes: tuple[tuple[int, ...], ...] | None = None
    ) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Run once.

        Args:
            feeds: the values of the fed tensors, in the order of the program.
            shapes: their shapes, if the caller knows them already.

        Returns:
            The values of the fetches, and those of the watched tensors.

        Raises:
            OpError: an operation failed; what was written before stays written.
        """
        if shapes is None:
            shapes = tuple([f.shape for f in feeds])
        emitted = self._variants.borrow(shapes)
        token = quiet.enter() if self._computes else None
        try:
            if emitted.holds_blas:
                blas.hold(emitted)
            if self._flushes:
                denormals.flush()
            return emitted.function(*feeds)  # type: ignore[no-any-return]
        except Exception as error:
            explained = self._explain(error, emitted)
            if explained is None:
                raise
            raise explained from (None if isinstance(error, (errors.OpError, KeyError)) else error)
        finally:
            if emitted.holds_blas:
                blas.release(emitted)
            if self._flushes:
                denormals.keep()
            if token is not None:
                quiet.leave(token)
            self._variants.give_back(shapes, emitted)

    def _explain(self, error: Exception, emitted: Emitted) -> errors.OpError | None:
        """The error in TensorFlow's terms: which operation failed, and why."""
        emitted, line, arguments = _failing_line(emitted, error.__traceback__)
        if line in emitted.reads:
            return uninitialized(None, variable_of(emitted.reads[line]))
        op = emitted.line_ops[line] if line else None
        return None if op is None else explained(error, op, arguments)


def explained(error: Exception, op: Operation, arguments: dict[str, Any]) -> errors.OpError:
    """The error of an operation in TensorFlow's terms.

    Args:
        error: what its kernel raised.
        op: the operation.
        arguments: the values of its inputs, by name, as far as they are known.
    """
    if op.type == "Placeholder":
        return _unfed(op, error)
    if isinstance(error, errors.OpError):
        return _with_shapes(_located(type(error), error.message, op), op, arguments)
    if isinstance(error, KeyError) and (missing := _missing_variable(op, error)) is not None:
        return uninitialized(op, missing)
    if isinstance(error, MemoryError):
        return _located(
            errors.ResourceExhaustedError, f"OOM when allocating the result of {op.name}: {error}", op
        )
    if op.opdef.elementwise and (text := _incompatible(op, arguments)):
        return _with_shapes(_located(errors.InvalidArgumentError, text, op), op, arguments)
    text = str(error) if has_reason(error) and str(error) else complaint(op, arguments)
    return _with_shapes(_located(errors.InvalidArgumentError, text, op), op, arguments)


def _computes_fractions(op: Operation) -> bool:
    """Whether an operation may make very small numbers, more than it is given."""
    if op.type in RENAMES or op.opdef.view or op.type in ("Placeholder", "VariableV2"):
        return False
    return any(t.dtype.base_dtype.is_floating for t in op.outputs)


def _failing_line(outermost: Emitted, traceback: TracebackType | None) -> tuple[Emitted, int, dict[str, Any]]:
    """The innermost function of a plan that failed, at which of its lines, and its values."""
    functions = {}
    stack = [outermost]
    while stack:
        emitted = stack.pop()
        functions[id(emitted.function.__code__)] = emitted
        stack += emitted.inner
    found: tuple[Emitted, int, dict[str, Any]] = outermost, 0, {}
    while traceback is not None:
        emitted_here = functions.get(id(traceback.tb_frame.f_code))
        if emitted_here is not None:
            found = emitted_here, traceback.tb_lineno, _arrays(emitted_here, traceback.tb_frame.f_locals)
        traceback = traceback.tb_next
    return found


def _arrays(emitted: Emitted, local_variables: dict[str, Any]) -> dict[str, Any]:
    """The values by tensor name, for those that the failing function still has."""
    space = {**emitted.function.__globals__, **local_variables}
    return {t.name: space[name] for t, name in emitted.names.items() if name in space}


def _incompatible(op: Operation, arrays: dict[str, Any]) -> str | None:
    """The text for operands that do not broadcast, or None if that is not what is wrong."""
    shapes = [arrays[t.name] for t in op.inputs if t.name in arrays]
    if len(shapes) != len(op.inputs) or len(shapes) < 2:
        return None
    try:
        np.broadcast_shapes(*[np.shape(s) for s in shapes])
    except ValueError:
        return "Incompatible shapes: " + " vs. ".join(TensorShape(np.shape(s)).bracketed() for s in shapes)
    return None


def _located(kind: type[errors.OpError], message: str, op: Operation) -> errors.OpError:
    """An error that names the operation, in TensorFlow's form, and where the user created it."""
    error = kind(op.node_def, op, f"{message}\n\t [[{{{{node {op.name}}}}}]]")  # type: ignore[call-arg]
    return with_notes(error, created_at(op))


def _with_shapes(error: errors.OpError, op: Operation, arrays: dict[str, Any]) -> errors.OpError:
    shapes = [f"{t.name} of shape {np.shape(arrays[t.name])}" for t in op.inputs if t.name in arrays]
    return with_notes(error, f"Its inputs in this run: {', '.join(shapes)}" if shapes else "")


def _unfed(placeholder: Operation, error: Exception) -> errors.OpError:
    """The error of running a placeholder that no value was given for."""
    name = python_name(placeholder.outputs[0])
    return with_notes(
        _located(errors.InvalidArgumentError, str(error), placeholder),
        f"To fix it: feed it: sess.run(..., feed_dict={{{name}: value}})",
    )


def _missing_variable(op: Operation, error: KeyError) -> Operation | None:
    """The variable that an operation found no value of, if that is what went wrong."""
    variables = [variable_of(t) for t in op.inputs if t.dtype.is_ref_dtype]
    return next((v for v in variables if error.args == (v.id,)), None)


def uninitialized(op: Operation | None, variable: Operation) -> errors.OpError:
    """The error of reading a variable that has no value in this session."""
    node = op.name if op is not None else f"_retval_{variable.name}_0_0"
    message = f"Attempting to use uninitialized value {variable.name}\n\t [[{{{{node {node}}}}}]]"
    return with_notes(
        errors.FailedPreconditionError(None if op is None else op.node_def, op, message),
        created_at(variable),
        "To fix it: run the variable's initializer in this session first, "
        "for instance with sess.run(tf.global_variables_initializer()).",
    )
