"""The errors that graphs and sessions raise, under TensorFlow 1's names.

::

    Exception
    └── OpError                     an operation failed while a session ran it
        ├── CancelledError          1
        ├── UnknownError            2
        ├── InvalidArgumentError    3    a value, shape or feed that an operation cannot take
        ├── DeadlineExceededError   4
        ├── NotFoundError           5
        ├── AlreadyExistsError      6
        ├── PermissionDeniedError   7
        ├── ResourceExhaustedError  8
        ├── FailedPreconditionError 9    reading an uninitialized variable
        ├── AbortedError           10
        ├── OutOfRangeError        11    the end of a queue or a data set
        ├── UnimplementedError     12
        ├── InternalError          13
        ├── UnavailableError       14
        ├── DataLossError          15
        └── UnauthenticatedError   16

Mistakes in building a graph are plain ``ValueError`` and ``TypeError``, as in TensorFlow.  What graphmagic
knows beyond TensorFlow's text (where an operation was created, what to do) travels as PEP 678 notes, so that
``str(error)`` stays exactly what published programs compare with.
"""

from __future__ import annotations

from typing import Any as _Any

from graphmagic.names import namespace as _namespace

OK = 0
CANCELLED = 1
UNKNOWN = 2
INVALID_ARGUMENT = 3
DEADLINE_EXCEEDED = 4
NOT_FOUND = 5
ALREADY_EXISTS = 6
PERMISSION_DENIED = 7
RESOURCE_EXHAUSTED = 8
FAILED_PRECONDITION = 9
ABORTED = 10
OUT_OF_RANGE = 11
UNIMPLEMENTED = 12
INTERNAL = 13
UNAVAILABLE = 14
DATA_LOSS = 15
UNAUTHENTICATED = 16


class OpError(Exception):
    """An operation failed while a session ran it.

    Args:
        node_def: the definition of the operation that failed, or None.
        op: the `Operation` that failed, or None where no node of the graph is to blame.
        message: what went wrong.
        error_code: one of the codes of this module, such as `INVALID_ARGUMENT`.

    >>> error = InvalidArgumentError(None, None, "bad shape")
    >>> str(error), error.message, error.error_code, error.op
    ('bad shape', 'bad shape', 3, None)
    """

    def __init__(self, node_def: _Any, op: _Any, message: str, error_code: int) -> None:
        super().__init__()
        self._node_def = node_def
        self._op = op
        self._message = message
        self._error_code = error_code

    @property
    def message(self) -> str:
        """What went wrong, in TensorFlow's words."""
        return self._message

    @property
    def op(self) -> _Any:
        """The `Operation` that failed, or None."""
        return self._op

    @property
    def error_code(self) -> int:
        """The integer code of this kind of error."""
        return self._error_code

    @property
    def node_def(self) -> _Any:
        """The definition of the operation that failed, or None."""
        return self._node_def

    def __str__(self) -> str:
        return self._message

    def __reduce__(self) -> tuple[_Any, ...]:
        if type(self) is OpError:
            return OpError, (None, None, self._message, self._error_code)
        return type(self), (None, None, self._message)


class CancelledError(OpError):
    """An operation or a step was cancelled."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, CANCELLED)


class UnknownError(OpError):
    """An error whose cause is not known better, such as an exception in a `py_func`."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, UNKNOWN)


class InvalidArgumentError(OpError):
    """An operation received a value it cannot take: a wrong shape, an unfed placeholder, an index out of range."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, INVALID_ARGUMENT)


class DeadlineExceededError(OpError):
    """A deadline passed before an operation completed."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, DEADLINE_EXCEEDED)


class NotFoundError(OpError):
    """A requested entity, such as a file or a checkpoint entry, was not found."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, NOT_FOUND)


class AlreadyExistsError(OpError):
    """An entity that was to be created already exists."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, ALREADY_EXISTS)


class PermissionDeniedError(OpError):
    """The caller may not run an operation, such as reading a protected file."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, PERMISSION_DENIED)


class ResourceExhaustedError(OpError):
    """Some resource, mostly memory, has been used up."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, RESOURCE_EXHAUSTED)


class FailedPreconditionError(OpError):
    """The session is not in the state that an operation needs: mostly an uninitialized variable."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, FAILED_PRECONDITION)


class AbortedError(OpError):
    """An operation was aborted, typically by a concurrent action."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, ABORTED)


class OutOfRangeError(OpError):
    """An operation went past the valid range: the end of a data set, a closed queue."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, OUT_OF_RANGE)


class UnimplementedError(OpError):
    """An operation is not implemented for these types or attributes."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, UNIMPLEMENTED)


class InternalError(OpError):
    """An invariant of the engine was broken: a bug in graphmagic."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, INTERNAL)


class UnavailableError(OpError):
    """The runtime is currently unavailable."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, UNAVAILABLE)


class DataLossError(OpError):
    """Data was lost or is corrupt, as in a damaged file."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, DATA_LOSS)


class UnauthenticatedError(OpError):
    """The request has no valid credentials."""

    def __init__(self, node_def: _Any, op: _Any, message: str) -> None:
        super().__init__(node_def, op, message, UNAUTHENTICATED)


_BY_CODE = {kind(None, None, "").error_code: kind for kind in OpError.__subclasses__()}  # type: ignore[call-arg]


def exception_type_from_error_code(error_code: int) -> type[OpError]:
    """The class of the errors with a code.

    >>> exception_type_from_error_code(INVALID_ARGUMENT).__name__
    'InvalidArgumentError'
    """
    return _BY_CODE[error_code]


def error_code_from_exception_type(cls: type[OpError]) -> int:
    """The code of a class of errors; see `exception_type_from_error_code`."""
    return next((code for code, kind in _BY_CODE.items() if kind is cls), UNKNOWN)


__getattr__, __dir__ = _namespace(__name__)
