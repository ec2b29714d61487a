"""Einstein's summation: products of any number of tensors, written as an equation."""

from __future__ import annotations

import re
from string import ascii_letters
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.bands import eye
from graphmagic.ops.broadcast import broadcast_to, unbroadcast
from graphmagic.ops.checks import invalid
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.stacking import stack
from graphmagic.shapes import TensorShape

einsum_op = OpDef("Einsum", "inputs:N*T -> output:T", types={"T": dtypes.NUMBERS})


@einsum_op.kernel
def einsum_kernel(inputs: Any, *, equation: str) -> Any:
    labels, _ = split_equation(equation)
    sizes: dict[str, int] = {}
    for index, (text, array) in enumerate(zip(labels, inputs, strict=True)):
        if "." in text:
            continue
        if len(text) != array.ndim:
            raise invalid(f"Expected input {index} to have rank {len(text)} but got: {array.ndim}")
        for axis, (label, size) in enumerate(zip(text, array.shape, strict=True)):
            if 1 not in (size, sizes.setdefault(label, size)) and sizes[label] != size:
                raise invalid(
                    f"Expected dimension {sizes[label]} at axis {axis} of the input shaped {shape_text(array)} "
                    f"but got dimension {size}"
                )
    # `optimize` lets NumPy use matrix products; for one input there is nothing to choose and it costs time
    result = np.einsum(equation, *inputs, optimize=len(inputs) > 1)
    return np.array(result) if len(inputs) == 1 else np.asarray(result, inputs[0].dtype)


@einsum_op.shape_rule
def einsum_shape(inputs: list[Tensor], *, equation: str) -> TensorShape:
    labels, result = split_equation(equation)
    sizes: dict[str, int | None] = {}
    for index, (text, tensor) in enumerate(zip(labels, inputs, strict=True)):
        if tensor.shape.ints is None or "." in text:
            continue
        if len(text) != len(tensor.shape.ints):
            raise ValueError(
                f"Shape must be rank {len(text)} but is rank {len(tensor.shape.ints)}\n"
                f"\t for {index}th input and equation: {equation}"
            )
        for label, size in zip(text, tensor.shape.ints, strict=True):
            known = sizes.get(label)
            if size is None or size == known or (size == 1 and known is not None):
                sizes.setdefault(label, size)
            elif known in (None, 1):
                sizes[label] = size
            else:
                raise ValueError(f"Dimensions must be equal, but are {known} and {size}")
    return TensorShape(None) if "." in result else TensorShape([sizes.get(label) for label in result])


@einsum_op.gradient
def einsum_grad(op: Operation, dy: Tensor) -> tuple[Tensor, ...]:
    labels, result = split_equation(op.attrs["equation"])
    return tuple([_operand_grad(op, dy, labels, result, index) for index in range(len(labels))])


def _operand_grad(op: Operation, dy: Tensor, labels: list[str], result: str, index: int) -> Tensor:
    """The gradient of one input: the equation with the input and the result exchanged.

    A label that the input has twice gets another name at its second place, and the identity matrix between the two; a
    label that nothing else has is summed over, so every element along it gets the same.
    """
    x, wanted = op.inputs[index], ""
    terms = [(result, dy)]
    terms += [(t, o) for i, (t, o) in enumerate(zip(labels, op.inputs, strict=True)) if i != index]
    fresh = iter([c for c in ascii_letters if c not in "".join([*labels, result])])
    tokens = re.findall(r"\.\.\.|[a-zA-Z]", labels[index])
    for position, label in enumerate(tokens):
        if label not in wanted:
            wanted += label
            continue
        other = next(fresh)
        wanted += other
        axis = position - len(tokens) if "..." in wanted else position
        terms.append((label + other, eye(shape(x)[axis], dtype=x.dtype.base_dtype)))
    available = {label for text, _ in terms for label in text}
    kept = "".join([label for label in wanted if label in available])
    if "..." in result and "..." not in kept:
        kept = "..." + kept  # the dimensions that this input lacks are summed over below
    total = einsum(",".join([text for text, _ in terms]) + "->" + kept, *[term for _, term in terms])
    if kept.replace("...", "") != wanted.replace("...", ""):
        total = _spread(total, x, wanted, available)
    return unbroadcast(total, x)


def _spread(total: Tensor, x: Tensor, wanted: str, available: set[str]) -> Tensor:
    """Repeat a gradient along the dimensions of `x` that only `x` has."""
    if "..." in wanted:
        raise LookupError("The gradient of an equation with '...' and sums over one input needs known ranks.")
    sizes = shape(x)
    ones = [sizes[i] if label in available else 1 for i, label in enumerate(wanted)]
    return broadcast_to(reshape(total, stack(ones)), sizes)


def split_equation(equation: str) -> tuple[list[str], str]:
    """The labels of the inputs, and those of the result.

    >>> split_equation("ij,jk->ik")
    (['ij', 'jk'], 'ik')
    """
    left, _, right = equation.partition("->")
    return left.split(","), right


def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Tensor:
    """Multiply tensors and sum over dimensions, as an equation says.

    Args:
        equation: for each input a letter per dimension, separated by commas, then ``->`` and the letters of the result.
            Letters that the result lacks are summed over.  Without ``->`` the result has the letters that occur
            once, in alphabetical order.  ``...`` stands for any further dimensions.
        *inputs: as many tensors, of one type.
        **kwargs: ``name``, the scope of the operations made; ``optimize`` and ``greedy`` are accepted and not used.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: the equation cannot be read, or does not fit the tensors.
        TypeError: there is an unknown keyword.

    >>> import graphmagic as tf
    >>> a, b = tf.constant([[1, 2], [3, 4]]), tf.constant([[5, 6], [7, 8]])
    >>> tf.Session().run(tf.einsum("ij,jk->ik", a, b))
    array([[19, 22],
           [43, 50]], dtype=int32)
    """
    name = kwargs.pop("name", None)
    kwargs.pop("optimize", None)
    kwargs.pop("greedy", None)
    if kwargs:
        raise TypeError(
            f"Invalid keyword arguments for einsum: {', '.join(kwargs)}. Valid arguments: name, optimize, greedy."
        )
    with get_default_graph().name_scope(name or "einsum"):
        tensors = [convert_to_tensor(x) for x in inputs]
        labels, result = _explicit(equation.replace(" ", ""), tensors)
        return apply_op(einsum_op, tensors, equation=",".join(labels) + "->" + result).outputs[0]


def _explicit(equation: str, tensors: list[Tensor]) -> tuple[list[str], str]:
    """The labels of inputs and result, with a result, and with letters instead of ``...`` where ranks are known."""
    if not re.fullmatch(r"[a-zA-Z.,]*(->[a-zA-Z.]*)?", equation):
        raise ValueError(f"Subscripts have incorrect format: {equation}")
    labels, result = split_equation(equation)
    if len(labels) != len(tensors):
        raise ValueError(f'Got {len(tensors)} inputs for equation "{equation}", expecting {len(labels)}')
    if "->" not in equation:
        letters = "".join(labels).replace(".", "")
        result = ("..." if "." in equation else "") + "".join(
            sorted(c for c in letters if letters.count(c) == 1)
        )
    own = result.replace(".", "")
    unknown = sorted(set(own) - set("".join(labels)))
    if unknown:
        raise ValueError(
            f"Output subscripts contain the label {unknown[0]} not present in the input subscripts."
        )
    if len(set(own)) != len(own):
        raise ValueError(f"Subscripts not supported: output subscripts {result} contain a label twice.")
    known = all(t.shape.ndims is not None for text, t in zip(labels, tensors, strict=True) if "." in text)
    return _without_ellipsis(labels, result, tensors) if known and "." in equation else (labels, result)


def _without_ellipsis(labels: list[str], result: str, tensors: list[Tensor]) -> tuple[list[str], str]:
    counts = [
        len(tensor.shape) - len(text.replace("...", "")) if "..." in text else 0
        for text, tensor in zip(labels, tensors, strict=True)
    ]
    fresh = "".join([c for c in ascii_letters if c not in "".join(labels)])[: max([*counts, 0])]
    named = [
        text.replace("...", fresh[len(fresh) - count :]) for text, count in zip(labels, counts, strict=True)
    ]
    return named, result.replace("...", fresh)
