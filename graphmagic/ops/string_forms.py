"""Strings measured and changed one by one: length, lower, upper, strip, regular expressions, format."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.broadcast import same_shape
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.printing import format_op
from graphmagic.ops.string_joining import check_unit
from graphmagic.ops.text import as_bytes, each
from graphmagic.shapes import TensorShape

__all__ = ["format", "length", "lower", "regex_full_match", "regex_replace", "strip", "upper"]

length_op = OpDef(
    "StringLength", "input:string -> output:int32", defaults={"unit": "BYTE"}, differentiable=False
)


@length_op.kernel
def length_kernel(x: Any, *, unit: str) -> Any:
    return each(len if unit == "BYTE" else _characters, x, np.int32)


def _characters(text: bytes) -> int:
    return sum(
        1 for byte in text if byte & 0xC0 != 0x80
    )  # each character has one byte that is no continuation


length_op.shape_rule(same_shape)


def length(input: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """The length of each string.

    Args:
        input: a string tensor.
        name: the operation's name.
        unit: what to count: ``"BYTE"`` or ``"UTF8_CHAR"``.

    Returns:
        A `Tensor` of int32.

    >>> import graphmagic as tf
    >>> tf.Session().run([tf.strings.length("é"), tf.strings.length("é", unit="UTF8_CHAR")])
    [np.int32(2), np.int32(1)]
    """
    return apply_op(length_op, input, name=name, unit=check_unit("StringLength", unit)).outputs[0]


# ----- lower, upper, strip -----


def _text_op(name: str, of_bytes: Any, of_text: Any) -> OpDef:
    opdef = OpDef(name, "input:string -> output:string", defaults={"encoding": ""}, differentiable=False)

    def kernel(x: Any, *, encoding: str) -> Any:
        if encoding == "utf-8":
            return each(
                lambda text: of_text(text.decode(errors="surrogateescape")).encode(errors="surrogateescape"),
                x,
            )
        if encoding:
            raise invalid(f"only utf-8 or '' (no encoding) is supported, received {encoding}")
        return each(of_bytes, x)

    opdef.kernel(kernel)
    opdef.shape_rule(same_shape)
    return opdef


lower_op = _text_op("StringLower", bytes.lower, str.lower)
upper_op = _text_op("StringUpper", bytes.upper, str.upper)
strip_op = OpDef("StringStrip", "input:string -> output:string", differentiable=False)
strip_op.shape_rule(same_shape)


@strip_op.kernel
def strip_kernel(x: Any) -> Any:
    return each(bytes.strip, x)


def lower(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """The strings in lower case.

    Args:
        input: a string tensor.
        encoding: ``""`` to change only ASCII letters, or ``"utf-8"``.
        name: the operation's name.

    Returns:
        A `Tensor` of strings.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.strings.lower("ABC"))
    b'abc'
    """
    return apply_op(lower_op, input, name=name, encoding=encoding).outputs[0]


def upper(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """The strings in upper case; arguments as `lower`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.strings.upper("abc"))
    b'ABC'
    """
    return apply_op(upper_op, input, name=name, encoding=encoding).outputs[0]


def strip(input: Any, name: str | None = None) -> Tensor:
    """The strings without white space at their ends.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.strings.strip(" abc "))
    b'abc'
    """
    return apply_op(strip_op, input, name=name).outputs[0]


# ----- regular expressions -----

_POSIX = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "punct": r"!-/:-@\[-`{-~",
    "space": r"\s", "word": r"\w", "xdigit": "0-9A-Fa-f", "blank": r" \t", "cntrl": r"\x00-\x1f\x7f",
}  # fmt: skip


@lru_cache(maxsize=256)
def _compiled(pattern: bytes) -> re.Pattern[str]:
    """A pattern of RE2 for Python: the two differ in the names of classes and of the end of the text."""
    text = pattern.decode(errors="surrogateescape")
    text = re.sub(r"\[:(\w+):\]", lambda m: _POSIX.get(m[1], m[0]), text)
    text = re.sub(r"(?<!\\)((?:\\\\)*)\\z", r"\1\\Z", text)
    try:
        return re.compile(text, re.ASCII)
    except re.error as error:
        raise invalid(f"Invalid pattern: {text}, error: {error}") from None


def _replaced(pattern: bytes, rewrite: bytes, everywhere: bool) -> Any:
    expression = _compiled(pattern)
    template = rewrite.decode(errors="surrogateescape")
    for number in re.findall(r"\\(\d)", template):
        if int(number) > expression.groups:
            raise invalid(
                f"Invalid rewrite: {template}, error: invalid substitution \\{number} from {expression.groups} groups"
            )

    def substitute(match: re.Match[str]) -> str:
        return re.sub(r"\\(.)", lambda m: (match[int(m[1])] or "") if m[1].isdigit() else m[1], template)

    def change(text: bytes) -> bytes:
        decoded = text.decode(errors="surrogateescape")
        return expression.sub(substitute, decoded, 0 if everywhere else 1).encode(errors="surrogateescape")

    return change


regex_replace_op = OpDef(
    "RegexReplace",
    "input:string, pattern:string, rewrite:string -> output:string",
    defaults={"replace_global": True},
    differentiable=False,
)
static_regex_replace_op = OpDef(
    "StaticRegexReplace",
    "input:string -> output:string",
    defaults={"replace_global": True},
    differentiable=False,
)


@regex_replace_op.kernel
def regex_replace_kernel(x: Any, pattern: Any, rewrite: Any, *, replace_global: bool) -> Any:
    for title, value in (("Pattern", pattern), ("Rewrite", rewrite)):
        if np.ndim(value):
            raise invalid(f"{title} must be scalar, but received [{','.join(map(str, np.shape(value)))}]")
    parts = [as_bytes(np.asarray(p, object)[()]) for p in (pattern, rewrite)]
    return each(_replaced(parts[0], parts[1], replace_global), x)


@regex_replace_op.shape_rule
def regex_replace_shape(x: Tensor, pattern: Tensor, rewrite: Tensor) -> TensorShape:
    of_rank(pattern.shape, 0)
    of_rank(rewrite.shape, 0)
    return x.shape


@static_regex_replace_op.kernel
def static_regex_replace_kernel(x: Any, *, pattern: Any, rewrite: Any, replace_global: bool) -> Any:
    return each(_replaced(as_bytes(pattern), as_bytes(rewrite), replace_global), x)


static_regex_replace_op.shape_rule(same_shape)


def regex_replace(
    input: Any, pattern: Any, rewrite: Any, replace_global: bool = True, name: str | None = None
) -> Tensor:
    r"""Replace what a regular expression matches.

    Args:
        input: a string tensor.
        pattern: the expression, a string or a scalar tensor, in the language that Python's `re` and RE2 share.
        rewrite: what to put in its place; ``\\1`` to ``\\9`` stand for groups, ``\\0`` for the match.
        replace_global: replace all matches, not only the first.
        name: the operation's name.

    Returns:
        A `Tensor` of strings.

    Raises:
        InvalidArgumentError: the expression is wrong, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.regex_replace("a1b22", "[0-9]+", "#"))
    b'a#b#'
    """
    if isinstance(pattern, (str, bytes)) and isinstance(rewrite, (str, bytes)):
        return apply_op(
            static_regex_replace_op,
            input,
            name=name,
            pattern=pattern,
            rewrite=rewrite,
            replace_global=replace_global,
        ).outputs[0]
    return apply_op(
        regex_replace_op, input, pattern, rewrite, name=name, replace_global=replace_global
    ).outputs[0]


regex_full_match_op = OpDef(
    "RegexFullMatch", "input:string, pattern:string -> output:bool", differentiable=False
)
static_regex_full_match_op = OpDef(
    "StaticRegexFullMatch", "input:string -> output:bool", differentiable=False
)


def _matches(pattern: bytes) -> Any:
    expression = _compiled(pattern)
    return lambda text: expression.fullmatch(text.decode(errors="surrogateescape")) is not None


@regex_full_match_op.kernel
def regex_full_match_kernel(x: Any, pattern: Any) -> Any:
    if np.ndim(pattern):
        raise invalid(f"Pattern must be scalar, but received [{','.join(map(str, np.shape(pattern)))}]")
    return each(_matches(as_bytes(np.asarray(pattern, object)[()])), x, np.bool_)


@regex_full_match_op.shape_rule
def regex_full_match_shape(x: Tensor, pattern: Tensor) -> TensorShape:
    of_rank(pattern.shape, 0)
    return x.shape


@static_regex_full_match_op.kernel
def static_regex_full_match_kernel(x: Any, *, pattern: Any) -> Any:
    return each(_matches(as_bytes(pattern)), x, np.bool_)


static_regex_full_match_op.shape_rule(same_shape)


def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Tensor:
    """Whether a regular expression matches each string from end to end.

    Args:
        input: a string tensor.
        pattern: the expression, a string or a scalar tensor.
        name: the operation's name.

    Returns:
        A `Tensor` of booleans.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.strings.regex_full_match(["abc", "b"], "a.*"))
    array([ True, False])
    """
    if isinstance(pattern, (str, bytes)):
        return apply_op(static_regex_full_match_op, input, name=name, pattern=pattern).outputs[0]
    return apply_op(regex_full_match_op, convert_to_tensor(input, dtypes.string), pattern, name=name).outputs[
        0
    ]


# ----- format -----


def format(
    template: str, inputs: Any, placeholder: str = "{}", summarize: int = 3, name: str | None = None
) -> Tensor:
    """A text with the values of tensors in it, as `tf.print` writes them.

    Args:
        template: the text.
        inputs: a tensor or a list of them, one for each placeholder.
        placeholder: what stands for a tensor in the text.
        summarize: how many elements to show at both ends of each dimension; all if -1.
        name: the operation's name.

    Returns:
        A scalar string.

    Raises:
        ValueError: there are more or fewer tensors than placeholders.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.strings.format("x = {}", tf.constant([1, 2])))
    b'x = [1 2]'
    """
    tensors = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    wanted = template.count(placeholder)
    if wanted != len(tensors):
        raise ValueError(
            f"The template expects {wanted} tensors, but the inputs only has {len(tensors)}. Please ensure the "
            "number of placeholders in template matches inputs length."
        )
    attrs: dict[str, Any] = {"template": template, "placeholder": placeholder, "summarize": summarize}
    return apply_op(format_op, tensors, name=name, **attrs).outputs[0]
