"""Showing values while the graph runs: `tf.Print` and `tf.print`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from graphmagic import dtypes, nest
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.asserting import element_texts, summarized
from graphmagic.ops.broadcast import same_shape
from graphmagic.shapes import TensorShape

__all__ = ["Print", "print_"]

PLACEHOLDER = "\0"  # stands for a tensor in a template

# ----- Print: an identity that shows something -----

print_op = OpDef(
    "Print",
    "input:T, data:[U] -> output:T",
    defaults={"message": "", "first_n": -1, "summarize": 3},
    stateful=True,
    view=True,
)


@print_op.kernel
def print_kernel(
    x: Any, data: Any, *, op: Operation, state: Any, message: str, first_n: int, summarize: int
) -> Any:
    shown = state.resource(op, lambda: [0])
    if first_n < 0 or shown[0] < first_n:
        shown[0] += 1
        sys.stderr.write(message + "".join(f"[{summarized(item, summarize)}]" for item in data) + "\n")
        sys.stderr.flush()
    return x


@print_op.shape_rule
def print_shape(x: Tensor, data: list[Tensor]) -> TensorShape:
    return same_shape(x)


@print_op.gradient
def print_grad(op: Operation, dy: Tensor) -> list[Tensor | None]:
    return [dy, *[None for _ in op.inputs[1:]]]


def Print(  # noqa: N802
    input_: Any,
    data: Sequence[Any],
    message: str | None = None,
    first_n: int | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> Tensor:
    """The same tensor; whenever it is computed, a line with the values of `data` goes to standard error.

    Args:
        input_: a tensor.
        data: the tensors to show.
        message: a text in front of them.
        first_n: show only that many times; always if None.
        summarize: how many elements of each tensor; three if None, all if negative.
        name: the operation's name.

    >>> import graphmagic as tf
    >>> x = tf.constant([1.0, 2.0])
    >>> tf.Session().run(tf.Print(x, [x], "x: ").name)  # shows "x: [1 2]"
    array([1., 2.], dtype=float32)
    """
    return apply_op(
        print_op,
        input_,
        list(data),
        name=name,
        message=message or "",
        first_n=-1 if first_n is None else first_n,
        summarize=3 if summarize is None else summarize,
    ).outputs[0]


# ----- print: an operation that shows something -----

format_op = OpDef(
    "StringFormat",
    "inputs:[T] -> output:string",
    defaults={"template": "%s", "placeholder": "%s", "summarize": 3},
    differentiable=False,
)
format_op.shape_rule(lambda inputs: TensorShape([]))


@format_op.kernel
def format_kernel(inputs: Any, *, template: str, placeholder: str, summarize: int) -> Any:
    pieces = template.split(placeholder)
    texts = [*[outlined(item, summarize) for item in inputs], ""]
    text = "".join(piece + text for piece, text in zip(pieces, texts, strict=True))
    result = np.empty((), object)
    result[()] = text.encode()
    return result


def outlined(array: Any, limit: int) -> str:
    """An array as `tf.print` writes it: the first and the last elements of every dimension.

    >>> print(outlined(np.arange(24).reshape(8, 3), 2))
    [[0 1 2]
     [3 4 5]
     ...
     [18 19 20]
     [21 22 23]]
    """
    values = np.asarray(array)
    texts = element_texts(values, quoted=True)
    if not values.ndim:
        return texts[0]
    return _outline(np.array(texts, object).reshape(values.shape), values.size if limit < 0 else limit, 1)


def _outline(texts: Any, limit: int, depth: int) -> str:
    rows = len(texts)
    is_short = rows <= 2 * limit
    chosen = list(texts) if is_short else [*texts[:limit], None, *texts[rows - limit :]]
    if texts.ndim == 1:
        return "[" + " ".join("..." if t is None else t for t in chosen) + "]"
    parts = ["..." if t is None else _outline(t, limit, depth + 1) for t in chosen]
    return "[" + f"{chr(10) * (texts.ndim - 1)}{' ' * depth}".join(parts) + "]"


write_op = OpDef(
    "PrintV2",
    "input:string",
    defaults={"output_stream": "stderr", "end": "\n"},
    stateful=True,
    differentiable=False,
)


@write_op.kernel
def write_kernel(text: Any, *, output_stream: str, end: str) -> None:
    line: str = np.asarray(text, object).item().decode("utf-8", "replace") + end
    if output_stream.startswith("file://"):
        with Path(output_stream.removeprefix("file://")).open("a", encoding="utf-8") as file:
            file.write(line)
        return
    stream = sys.stdout if output_stream == "stdout" else sys.stderr
    stream.write(line)
    stream.flush()


def print_(*inputs: Any, **options: Any) -> Operation:
    """An operation that writes a line when it runs.

    Args:
        *inputs: what to write: tensors, nests with tensors in them, and anything else by its ``str``.
        **options: ``output_stream`` (``sys.stderr``, the default, ``sys.stdout``, or ``"file://PATH"`` to add to a
            file), ``summarize`` (how many elements at both ends of each dimension, 3; -1 for all), ``sep``, ``end``
            as in Python, ``name``.

    Returns:
        The `Operation`; make something wait for it with `tf.control_dependencies`, else it does not run.

    Raises:
        ValueError: there is no such option, or no such stream.

    >>> import graphmagic as tf, sys
    >>> tf.Session().run(tf.print("x =", tf.constant([1, 2]), output_stream=sys.stdout))
    x = [1 2]
    """
    stream = _stream_name(options.pop("output_stream", sys.stderr))
    name, summarize = options.pop("name", None), options.pop("summarize", 3)
    sep, end = options.pop("sep", " "), options.pop("end", "\n")
    if options:
        raise ValueError(f"Unrecognized keyword arguments for tf.print: {options}")
    tensors: list[Tensor] = []
    template = sep.join([_template(item, tensors) for item in inputs])
    if len(inputs) == 1 and tensors == [inputs[0]] and _is_text(tensors[0]):
        return apply_op(write_op, tensors[0], name=name, output_stream=stream, end=end)
    text = apply_op(
        format_op, tensors, template=template, placeholder=PLACEHOLDER, summarize=summarize
    ).outputs[0]
    return apply_op(write_op, text, name=name, output_stream=stream, end=end)


def _is_text(tensor: Tensor) -> bool:
    """Whether a tensor is one string, which is written as it is where it stands alone."""
    return tensor.dtype.base_dtype is dtypes.string and tensor.shape.ndims == 0


class _Placeholder:
    def __repr__(self) -> str:
        return PLACEHOLDER


def _template(item: Any, tensors: list[Tensor]) -> str:
    """The text of an argument with a placeholder for each tensor, which is added to `tensors`."""

    def leaf(value: Any) -> Any:
        if isinstance(value, Tensor) or getattr(value, "is_graph_variable", False):
            tensors.append(convert_to_tensor(value))
            return _Placeholder()
        return value

    return str(nest.map_structure(leaf, item))


def _stream_name(stream: Any) -> str:
    if stream is sys.stdout:
        return "stdout"
    if stream is sys.stderr:
        return "stderr"
    if isinstance(stream, str) and stream.startswith("file://"):
        return stream
    raise ValueError(
        f"Unsupported output stream, logging level, or file.{stream}. Supported streams are sys.stdout, sys.stderr, "
        "tf.logging.info, tf.logging.warning, tf.logging.error. File needs to be in the form of 'file://<filepath>'."
    )
