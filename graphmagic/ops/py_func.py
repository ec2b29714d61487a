"""Python functions as operations: `tf.py_func`."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.dtypes import DType, as_dtype, string
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef

__all__ = ["py_func"]

_tokens = count()
_KINDS: list[tuple[type[Exception], Any]] = [
    (TypeError, errors.InvalidArgumentError),
    (ValueError, errors.InvalidArgumentError),
    (StopIteration, errors.OutOfRangeError),
    (MemoryError, errors.ResourceExhaustedError),
    (NotImplementedError, errors.UnimplementedError),
]
_NAMES = {"float32": "float", "float64": "double", "float16": "half", "object": "string"}


def as_op_error(error: Exception) -> errors.OpError:
    """The error of a run in which a Python function failed.

    >>> type(as_op_error(KeyError("k"))).__name__
    'UnknownError'
    """
    if isinstance(error, errors.OpError):
        return error
    kind = next((found for base, found in _KINDS if isinstance(error, base)), errors.UnknownError)
    text = f"{type(error).__name__}: {error}\n{''.join(traceback.format_exception(error))}\n"
    return kind(None, None, text)


def kernel(inputs: Any, *, token: str, function: Callable[..., Any], Tout: list[DType]) -> Any:  # noqa: N803
    """Call the function with copies of the arrays, which it may do with as it likes."""
    try:
        result = function(*[np.array(x)[()] for x in inputs])
    except errors.OpError:
        raise
    except Exception as error:
        raise as_op_error(error) from error
    values = [] if result is None else list(result) if isinstance(result, (tuple, list)) else [result]
    if len(values) != len(Tout):
        raise errors.InvalidArgumentError(
            None, None, f"{token} returns {len(values)} values, but expects to see {len(Tout)} values."
        )
    return tuple(
        [_checked(i, v, dtype, token) for i, (v, dtype) in enumerate(zip(values, Tout, strict=True))]
    )


def _checked(index: int, value: Any, dtype: DType, token: str) -> Any:
    array = np.array(value)
    if array.dtype.kind in "SU":
        array = np.array(value, object)
    found = string if array.dtype == object else as_dtype(array.dtype)
    if found is not dtype:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"{index}-th value returned by {token} is {_name(found)}, but expects {_name(dtype)}",
        )
    if found is string:
        flat = [v.encode() if isinstance(v, str) else v for v in array.ravel().tolist()]
        encoded = np.empty(len(flat), object)
        encoded[:] = flat
        array = encoded.reshape(array.shape)
    return array


def _name(dtype: DType) -> str:
    return _NAMES.get(dtype.name, dtype.name)


py_func_op = OpDef(
    "PyFunc", "input:[Tin] -> output:[Tout]", kernel=kernel, stateful=True, differentiable=False
)
stateless_op = OpDef("PyFuncStateless", "input:[Tin] -> output:[Tout]", kernel=kernel, differentiable=False)


def py_func(
    func: Callable[..., Any],
    inp: Sequence[Any],
    Tout: Any,  # noqa: N803
    stateful: bool = True,
    name: str | None = None,
) -> Any:
    """What a Python function computes when the graph runs.

    Args:
        func: takes NumPy arrays, returns an array or a list of arrays.
        inp: the tensors whose values it gets.
        Tout: the type of what it returns, or a list of types.
        stateful: False says that it returns the same for the same inputs.
        name: the operation's name.

    Returns:
        A `Tensor`, a list of them if `Tout` is a list, or the `Operation` if there is nothing to return.  No gradient
        flows through it.

    Raises:
        ValueError: `func` is not callable.

    >>> import graphmagic as tf, math
    >>> tf.Session().run(tf.py_func(lambda n: np.int64(math.factorial(n)), [5], tf.int64))
    np.int64(120)
    """
    if not callable(func):
        raise ValueError(f"Expected func to be callable. Received func={func} of type {type(func)}.")
    is_list = isinstance(Tout, (list, tuple))
    kinds = [as_dtype(t).base_dtype for t in (Tout if is_list else [Tout])]
    op = apply_op(
        py_func_op if stateful else stateless_op,
        list(inp),
        name=name,
        token=f"pyfunc_{next(_tokens)}",
        function=func,
        Tout=kinds,
    )
    outputs: list[Tensor] = list(op.outputs)
    return op if not outputs else outputs if is_list else outputs[0]


class HostValue(np.ndarray):
    """An array that also answers to ``numpy()``, as the values do that `tf.py_function` gives to its function."""

    def numpy(self) -> Any:
        """The plain array."""
        return np.array(self)[()]


def py_function(
    func: Callable[..., Any] | None = None,
    inp: Sequence[Any] | None = None,
    Tout: Any = None,  # noqa: N803
    name: str | None = None,
) -> Any:
    """As `tf.py_func`, but the function gets arrays that have a method ``numpy()``; no gradient flows through it.

    Args:
        func: takes these arrays, returns an array or a list of arrays.
        inp: the tensors whose values it gets.
        Tout: the type of what it returns, or a list of types.
        name: the operation's name.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.py_function(lambda x: x.numpy() * 2, [3.0], tf.float32))
    np.float32(6.0)
    """
    if not callable(func):
        raise ValueError(f"Expected func to be callable. Received func={func} of type {type(func)}.")

    def with_values(*arrays: Any) -> Any:
        result = func(*[np.asarray(a).view(HostValue) for a in arrays])
        several = isinstance(result, (list, tuple))
        plain = [np.asarray(r) if isinstance(r, HostValue) else r for r in (result if several else [result])]
        return plain if several else plain[0]

    return py_func(with_values, inp or [], Tout, name=name)


def numpy_function(
    func: Callable[..., Any] | None = None,
    inp: Sequence[Any] | None = None,
    Tout: Any = None,  # noqa: N803
    stateful: bool = True,
    name: str | None = None,
) -> Any:
    """The newer spelling of `tf.py_func`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.numpy_function(np.sinh, [0.0], tf.float32))
    np.float32(0.0)
    """
    if func is None:
        raise ValueError("Expected func to be callable. Received func=None of type <class 'NoneType'>.")
    return py_func(func, inp or [], Tout, stateful, name)
