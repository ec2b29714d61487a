"""Arithmetic, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.broadcast import broadcast_shape, same_shape
from graphmagic.shapes import TensorShape

Grads = tuple[Tensor | None, ...]


def declare_binary(name: str, kernel: Any, types: Any = dtypes.NUMBERS, **flags: Any) -> OpDef:
    """Declare an element-wise operation on two tensors of one type."""
    opdef = OpDef(
        name, "x:T, y:T -> z:T", kernel=kernel, types={"T": types}, elementwise=True, broadcasts=True, **flags
    )
    opdef.shape_rule(broadcast_shape)
    return opdef


def declare_unary(name: str, kernel: Any, types: Any = dtypes.FLOATS, **flags: Any) -> OpDef:
    """Declare an element-wise operation on one tensor."""
    opdef = OpDef(name, "x:T -> y:T", kernel=kernel, types={"T": types}, elementwise=True, **flags)
    opdef.shape_rule(same_shape)
    return opdef


# ----- sums and products -----


add_op = declare_binary("Add", np.add, (*dtypes.NUMBERS, dtypes.string))


@add_op.gradient
def add_grad(op: Operation, dy: Tensor) -> Grads:
    return dy, dy


def add(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x + y``, element by element, with broadcasting; strings are joined.

    Args:
        x: a tensor of numbers or strings.
        y: a tensor of the same type.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        TypeError: the types differ.
        ValueError: the shapes do not broadcast.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.add([1, 2], [[10], [20]]))
    array([[11, 12],
           [21, 22]], dtype=int32)
    """
    return apply_op(add_op, x, y, name=name).outputs[0]


sub_op = declare_binary("Sub", np.subtract)


@sub_op.gradient
def sub_grad(op: Operation, dy: Tensor) -> Grads:
    return dy, negative(dy)


def subtract(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x - y``, element by element, with broadcasting; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.subtract(5, 3))
    np.int32(2)
    """
    return apply_op(sub_op, x, y, name=name).outputs[0]


mul_op = declare_binary("Mul", np.multiply)


@mul_op.gradient
def mul_grad(op: Operation, dy: Tensor) -> Grads:
    x, y = op.inputs
    return multiply(dy, y), multiply(x, dy)


def multiply(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x * y``, element by element, with broadcasting; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.multiply([1.0, 2.0], 3.0))
    array([3., 6.], dtype=float32)
    """
    return apply_op(mul_op, x, y, name=name).outputs[0]


# ----- division -----


def _checked_for_zero(divide: Any) -> Any:
    """Integer division by zero is an error in TensorFlow; NumPy would answer 0."""

    def kernel(x: Any, y: Any) -> Any:
        if y.dtype.kind in "iu" and not np.all(y):
            raise errors.InvalidArgumentError(None, None, "Integer division by zero")
        return divide(x, y)

    return kernel


real_div_op = declare_binary("RealDiv", np.true_divide, dtypes.FLOATS)


@real_div_op.gradient
def real_div_grad(op: Operation, dy: Tensor) -> Grads:
    x, y = op.inputs
    return real_div(dy, y), multiply(dy, real_div(real_div(negative(x), y), y))


def real_div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x / y`` of floats."""
    return apply_op(real_div_op, x, y, name=name).outputs[0]


floor_div_op = declare_binary(
    "FloorDiv", _checked_for_zero(np.floor_divide), dtypes.REALS, differentiable=False
)


def floor_div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x // y``: the quotient rounded towards minus infinity; arguments and errors as `add`.

    Raises:
        InvalidArgumentError: integers are divided by zero, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.floor_div([-7, 7], 2))
    array([-4,  3], dtype=int32)
    """
    return apply_op(floor_div_op, x, y, name=name).outputs[0]


def floordiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x // y``, named ``floordiv``; see `floor_div`."""
    with get_default_graph().name_scope(name or "floordiv") as scope:
        return floor_div(x, y, name=scope)


floor_mod_op = declare_binary("FloorMod", _checked_for_zero(np.mod), dtypes.REALS)


@floor_mod_op.gradient
def floor_mod_grad(op: Operation, dy: Tensor) -> Grads:
    x, y = op.inputs
    return dy, negative(multiply(dy, floor_div(x, y)))


def floormod(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The remainder that goes with `floor_div`: it has the sign of `y`.

    Raises:
        InvalidArgumentError: integers are divided by zero, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.floormod([-7, 7], 3))
    array([2, 1], dtype=int32)
    """
    return apply_op(floor_mod_op, x, y, name=name).outputs[0]


_DIVISION_TYPES = {
    dtypes.uint8: dtypes.float32,
    dtypes.int8: dtypes.float32,
    dtypes.uint16: dtypes.float32,
    dtypes.int16: dtypes.float32,
    dtypes.int32: dtypes.float64,
    dtypes.int64: dtypes.float64,
    dtypes.uint32: dtypes.float64,
    dtypes.uint64: dtypes.float64,
}


def truediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x / y`` as in Python 3: integers become floats first.

    Args:
        x: a tensor of numbers.
        y: a tensor of the same type.
        name: the operation's name.

    Returns:
        A `Tensor`: float32 for 8 and 16 bit integers, float64 for larger ones, the type itself for floats.

    Raises:
        TypeError: the types differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.truediv(7, 2))
    np.float64(3.5)
    """
    with get_default_graph().name_scope(name or "truediv") as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, dtype_hint=x.dtype.base_dtype, name="y")
        kind = x.dtype.base_dtype
        if kind is not y.dtype.base_dtype:
            raise TypeError(f"x and y must have the same dtype, got {kind!r} != {y.dtype.base_dtype!r}")
        wanted = _DIVISION_TYPES.get(kind)
        if wanted is not None:
            x, y = cast(x, wanted), cast(y, wanted)
        return real_div(x, y, name=scope)


def divide(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Python's ``x / y``; see `truediv`."""
    x = convert_to_tensor(x)
    return truediv(x, y, name=name or "truediv")


def div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Division as in Python 2: integers give the floor of the quotient, floats the quotient.

    >>> import graphmagic as tf
    >>> tf.Session().run([tf.div(7, 2), tf.div(7.0, 2.0)])
    [np.int32(3), np.float32(3.5)]
    """
    with get_default_graph().name_scope(name or "div") as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, dtype=x.dtype.base_dtype, name="y")
        return (floor_div if x.dtype.is_integer else real_div)(x, y, name=scope)


# ----- powers, maxima -----

pow_op = declare_binary("Pow", np.power)


@pow_op.gradient
def pow_grad(op: Operation, dy: Tensor) -> Grads:
    from graphmagic.ops.array import where, zeros_like
    from graphmagic.ops.logic import greater

    x, y = op.inputs
    z = op.outputs[0]
    dx = multiply(multiply(dy, y), pow(x, subtract(y, _ones_like(y))))
    positive = greater(x, zeros_like(x))
    safe_log = where(positive, log(where(positive, x, _ones_like(x))), zeros_like(x))
    return dx, multiply(multiply(dy, z), safe_log)


def _ones_like(x: Tensor) -> Tensor:
    from graphmagic.ops.array import ones_like

    return ones_like(x)


def pow(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x ** y``, element by element; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.pow([2.0, 3.0], 2.0))
    array([4., 9.], dtype=float32)
    """
    with get_default_graph().name_scope(name or "Pow") as scope:
        return apply_op(pow_op, x, y, name=scope).outputs[0]


maximum_op = declare_binary("Maximum", np.maximum, dtypes.REALS)


@maximum_op.gradient
def maximum_grad(op: Operation, dy: Tensor) -> Grads:
    from graphmagic.ops.logic import greater_equal

    return _split_by(greater_equal(*op.inputs), dy)


def maximum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The larger of `x` and `y`, element by element; NaN if either is; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.maximum([1.0, 5.0], 3.0))
    array([3., 5.], dtype=float32)
    """
    return apply_op(maximum_op, x, y, name=name).outputs[0]


minimum_op = declare_binary("Minimum", np.minimum, dtypes.REALS)


@minimum_op.gradient
def minimum_grad(op: Operation, dy: Tensor) -> Grads:
    from graphmagic.ops.logic import less_equal

    return _split_by(less_equal(*op.inputs), dy)


def _split_by(condition: Tensor, dy: Tensor) -> Grads:
    from graphmagic.ops.array import where, zeros_like

    zeros = zeros_like(dy)
    return where(condition, dy, zeros), where(condition, zeros, dy)


def minimum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The smaller of `x` and `y`, element by element; NaN if either is; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.minimum([1.0, 5.0], 3.0))
    array([1., 3.], dtype=float32)
    """
    return apply_op(minimum_op, x, y, name=name).outputs[0]


squared_difference_op = declare_binary("SquaredDifference", lambda x, y: np.square(np.subtract(x, y)))


@squared_difference_op.gradient
def squared_difference_grad(op: Operation, dy: Tensor) -> Grads:
    x, y = op.inputs
    dx = multiply(multiply(dy, 2), subtract(x, y))
    return dx, negative(dx)


def squared_difference(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``(x - y) ** 2``, element by element; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.squared_difference(5.0, 2.0))
    np.float32(9.0)
    """
    return apply_op(squared_difference_op, x, y, name=name).outputs[0]


# ----- one argument -----

neg_op = declare_unary("Neg", np.negative, dtypes.NUMBERS)


@neg_op.gradient
def neg_grad(op: Operation, dy: Tensor) -> Tensor:
    return negative(dy)


def negative(x: Any, name: str | None = None) -> Tensor:
    """``-x``.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.negative([1, -2]))
    array([-1,  2], dtype=int32)
    """
    return apply_op(neg_op, x, name=name).outputs[0]


abs_op = declare_unary("Abs", np.absolute, dtypes.REALS)


@abs_op.gradient
def abs_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, sign(op.inputs[0]))


def abs(x: Any, name: str | None = None) -> Tensor:
    """The absolute value, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.abs([-1.5, 2.0]))
    array([1.5, 2. ], dtype=float32)
    """
    return apply_op(abs_op, x, name=name or "Abs").outputs[0]


sign_op = declare_unary("Sign", np.sign, dtypes.REALS)


@sign_op.gradient
def sign_grad(op: Operation, dy: Tensor) -> Tensor:
    from graphmagic.ops.array import zeros_like

    return zeros_like(dy)


def sign(x: Any, name: str | None = None) -> Tensor:
    """-1, 0 or 1, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sign([-2.0, 0.0, 3.0]))
    array([-1.,  0.,  1.], dtype=float32)
    """
    return apply_op(sign_op, x, name=name).outputs[0]


exp_op = declare_unary("Exp", np.exp)


@exp_op.gradient
def exp_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, op.outputs[0])


def exp(x: Any, name: str | None = None) -> Tensor:
    """e to the power of x, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.exp([0.0, 1.0])).round(4)
    array([1.    , 2.7183], dtype=float32)
    """
    return apply_op(exp_op, x, name=name).outputs[0]


log_op = declare_unary("Log", np.log)


@log_op.gradient
def log_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, reciprocal(op.inputs[0]))


def log(x: Any, name: str | None = None) -> Tensor:
    """The natural logarithm, element by element; -inf at 0, NaN below.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.log([1.0, 2.0])).round(4)
    array([0.    , 0.6931], dtype=float32)
    """
    return apply_op(log_op, x, name=name).outputs[0]


reciprocal_op = declare_unary("Reciprocal", np.reciprocal)


@reciprocal_op.gradient
def reciprocal_grad(op: Operation, dy: Tensor) -> Tensor:
    y = op.outputs[0]
    return negative(multiply(dy, multiply(y, y)))


def reciprocal(x: Any, name: str | None = None) -> Tensor:
    """``1 / x``, element by element, of floats.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reciprocal([2.0, 4.0]))
    array([0.5 , 0.25], dtype=float32)
    """
    return apply_op(reciprocal_op, x, name=name).outputs[0]


sqrt_op = declare_unary("Sqrt", np.sqrt)


@sqrt_op.gradient
def sqrt_grad(op: Operation, dy: Tensor) -> Tensor:
    return real_div(multiply(dy, 0.5), op.outputs[0])


def sqrt(x: Any, name: str | None = None) -> Tensor:
    """The square root, element by element; NaN below 0.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sqrt([4.0, 9.0]))
    array([2., 3.], dtype=float32)
    """
    return apply_op(sqrt_op, x, name=name).outputs[0]


square_op = declare_unary("Square", np.square, dtypes.NUMBERS)


@square_op.gradient
def square_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, multiply(op.inputs[0], 2.0 if dy.dtype.is_floating else 2))


def square(x: Any, name: str | None = None) -> Tensor:
    """``x * x``, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.square([2, 3]))
    array([4, 9], dtype=int32)
    """
    return apply_op(square_op, x, name=name).outputs[0]


tanh_op = declare_unary("Tanh", np.tanh)


@tanh_op.gradient
def tanh_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, subtract(1.0, square(op.outputs[0])))


def tanh(x: Any, name: str | None = None) -> Tensor:
    """The hyperbolic tangent, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.tanh([0.0, 1.0])).round(4)
    array([0.    , 0.7616], dtype=float32)
    """
    return apply_op(tanh_op, x, name=name).outputs[0]


def _sigmoid_kernel(x: Any) -> Any:
    # 1 + exp(-x) overflows to infinity for very negative x, and then 1/inf = 0 is right.
    return np.reciprocal(np.add(np.exp(np.negative(x)), x.dtype.type(1)))


sigmoid_op = declare_unary("Sigmoid", _sigmoid_kernel)


@sigmoid_op.gradient
def sigmoid_grad(op: Operation, dy: Tensor) -> Tensor:
    y = op.outputs[0]
    return multiply(multiply(dy, y), subtract(1.0, y))


def sigmoid(x: Any, name: str | None = None) -> Tensor:
    """The logistic function ``1 / (1 + exp(-x))``, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sigmoid([0.0, 2.0])).round(4)
    array([0.5   , 0.8808], dtype=float32)
    """
    return apply_op(sigmoid_op, x, name=name).outputs[0]


# ----- types -----

cast_op = OpDef("Cast", "x:SrcT -> y:DstT", elementwise=True)


@cast_op.kernel
def cast_kernel(x: Any, *, dtype: Any) -> Any:
    return x.astype(dtype)


cast_op.shape_rule(same_shape)


@cast_op.gradient
def cast_grad(op: Operation, dy: Tensor) -> Tensor | None:
    source = op.inputs[0].dtype.base_dtype
    return cast(dy, source) if source.is_floating and dy.dtype.is_floating else None


def cast(x: Any, dtype: Any, name: str | None = None) -> Tensor:
    """Convert the elements to another type; floats become integers by dropping the fraction.

    Args:
        x: a tensor.
        dtype: the type to convert to.
        name: the operation's name.

    Returns:
        A `Tensor`; `x` itself if it has that type already.

    Raises:
        TypeError: there is no such conversion.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.cast([1.8, -1.8], tf.int32))
    array([ 1, -1], dtype=int32)
    """
    wanted = as_dtype(dtype).base_dtype
    if isinstance(x, Tensor) and x.dtype.base_dtype is wanted:
        return x
    with get_default_graph().name_scope(name or "Cast") as scope:
        x = convert_to_tensor(x, name="x")
        if x.dtype.base_dtype is wanted:
            return x
        if dtypes.string in (x.dtype.base_dtype, wanted):
            raise TypeError(
                f"Cast {x.dtype.base_dtype.name} to {wanted.name} is not supported; see tf.as_string, tf.string_to_number."
            )
        return apply_op(cast_op, x, name=scope, DstT=wanted).outputs[0]


def to_float(x: Any, name: str = "ToFloat") -> Tensor:
    """Convert to float32; see `cast`."""
    return cast(x, dtypes.float32, name)


def to_double(x: Any, name: str = "ToDouble") -> Tensor:
    """Convert to float64; see `cast`."""
    return cast(x, dtypes.float64, name)


def to_int32(x: Any, name: str = "ToInt32") -> Tensor:
    """Convert to int32; see `cast`."""
    return cast(x, dtypes.int32, name)


def to_int64(x: Any, name: str = "ToInt64") -> Tensor:
    """Convert to int64; see `cast`."""
    return cast(x, dtypes.int64, name)


# ----- sums of many -----

add_n_op = OpDef("AddN", "inputs:N*T -> sum:T", types={"T": dtypes.NUMBERS}, elementwise=True)


@add_n_op.kernel
def add_n_kernel(inputs: Any) -> Any:
    total = inputs[0]
    for item in inputs[1:]:
        total = np.add(total, item)
    return total if len(inputs) > 1 else np.array(total)


@add_n_op.shape_rule
def add_n_shape(inputs: list[Tensor]) -> TensorShape:
    shape = inputs[0].shape
    for tensor in inputs[1:]:
        try:
            shape = shape.merge_with(tensor.shape)
        except ValueError:
            raise ValueError(
                f"Shapes must be equal, but are {shape.bracketed()} and {tensor.shape.bracketed()}"
            ) from None
    return shape


@add_n_op.gradient
def add_n_grad(op: Operation, dy: Tensor) -> Grads:
    return (dy,) * len(op.inputs)


def add_n(inputs: Any, name: str | None = None) -> Tensor:
    """The sum of a list of tensors of one shape and type.

    Args:
        inputs: the tensors, at least one.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: the list is empty, or the shapes differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.add_n([[1, 2], [3, 4], [5, 6]]))
    array([ 9, 12], dtype=int32)
    """
    if not isinstance(inputs, (list, tuple)) or not inputs:
        raise ValueError(
            "inputs must be an iterable of at least one Tensor/IndexedSlices with the same dtype and shape"
        )
    return apply_op(add_n_op, [convert_to_tensor(t) for t in inputs], name=name).outputs[0]
