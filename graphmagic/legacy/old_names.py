"""Names and argument orders that TensorFlow 1 deprecated or 1.0 dropped, with its warnings; only the alias has them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import graphmagic as tf
from graphmagic import logging, nn
from graphmagic.graph.node import Tensor
from graphmagic.graph.site import current_site

__all__ = ["OLD_NAMES"]

_warned: set[str] = set()


def _warn(old: str, home: str, when: str, instead: str) -> None:
    """TensorFlow's warning, once for each name."""
    if old in _warned:
        return
    _warned.add(old)
    logging.warning(
        "From %s: %s (from %s) is deprecated and will be removed %s.\nInstructions for updating:\n%s",
        current_site(),
        old,
        home,
        when,
        instead,
    )


def _renamed(
    old: str, new: str, home: str, instead: str = "", when: str = "in a future version"
) -> Callable[[], Any]:
    """Makes the function `new` of graphmagic under an old name."""

    def make() -> Any:
        target: Any = tf
        for part in new.split("."):
            target = getattr(target, part)

        @functools.wraps(target)
        def function(*args: Any, **options: Any) -> Any:
            _warn(old, home, when, instead or f"Use `tf.{new}` instead.")
            return target(*args, **options)

        return function

    return make


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _concat() -> Any:
    def concat(values: Any, axis: Any, name: str = "concat") -> Any:
        """`tf.concat`, which took the dimension first before 1.0."""
        if _is_number(values) and (isinstance(axis, (list, tuple, Tensor))):
            _warn(
                "concat(concat_dim, values)",
                "tensorflow.python.ops.array_ops",
                "in 1.0",
                "Use concat(values, axis).",
            )
            values, axis = axis, values
        return tf.concat(values, axis, name)

    return concat


def _concat_keywords() -> Any:
    plain = _concat()

    @functools.wraps(plain)
    def concat(*args: Any, **options: Any) -> Any:
        if "concat_dim" in options:
            options["axis"] = options.pop("concat_dim")
        return plain(*args, **options)

    return concat


def _split() -> Any:
    def split(*args: Any, **options: Any) -> Any:
        """`tf.split`, which took dimension, number and value in this order before 1.0."""
        is_old = len(args) >= 2 and _is_number(args[0]) and _is_number(args[1])
        if is_old or "split_dim" in options or "num_split" in options:
            _warn(
                "split(split_dim, num_split, value)",
                "tensorflow.python.ops.array_ops",
                "in 1.0",
                "Use split(value, num_or_size_splits, axis).",
            )
            named = dict(zip(("split_dim", "num_split", "value", "name"), args, strict=False)) | options
            return tf.split(
                named["value"], named["num_split"], named["split_dim"], name=named.get("name", "split")
            )
        return tf.split(*args, **options)

    return split


def _old_loss(name: str) -> Callable[[], Any]:
    def make() -> Any:
        target = getattr(nn, name)

        @functools.wraps(target)
        def function(*args: Any, **options: Any) -> Any:
            if args and not (len(args) == 1 and args[0] is None):
                old = dict(zip(("logits", "labels", "name"), args, strict=False))
                _warn(
                    f"{name}(logits, labels)",
                    "tensorflow.python.ops.nn_ops",
                    "in 1.0",
                    "Use named arguments.",
                )
                options = old | options
            return target(**options)

        return function

    return make


def _summary_writer() -> Any:
    return _renamed(
        "SummaryWriter.__init__",
        "summary.FileWriter",
        "tensorflow.python.training.summary_io",
        "Please switch to tf.summary.FileWriter. The interface and behavior is the same; this is just a rename.",
        "after 2016-11-30",
    )()


def _sequences() -> Any:
    return tf.contrib.legacy_seq2seq


def _rnn() -> Any:
    return nn.static_rnn


def _summary(kind: str) -> Callable[[], Any]:
    def make() -> Any:
        target = getattr(tf.summary, kind)

        def function(tags: Any, values: Any, *args: Any, **options: Any) -> Any:
            """A summary, as it was made before 1.0: its tag is what it says, in no scope."""
            _warn(
                f"{kind}_summary",
                "tensorflow.python.ops.logging_ops",
                "after 2016-11-30",
                f"Please switch to tf.summary.{kind}. Note that tf.summary.{kind} uses the node name instead of the "
                "tag. This means that TensorFlow will automatically de-duplicate summary names based on the scope they "
                "are created in.",
            )
            return target(str(tags), values, *args, **options)

        return function

    return make


_INIT = "tensorflow.python.ops.variables"
_MATH = "tensorflow.python.ops.math_ops"
_AFTER_INIT = "after 2017-03-02"

OLD_NAMES: dict[str, Callable[[], Any]] = {
    "initialize_all_variables": _renamed(
        "initialize_all_variables", "global_variables_initializer", _INIT, when=_AFTER_INIT
    ),
    "initialize_local_variables": _renamed(
        "initialize_local_variables", "local_variables_initializer", _INIT, when=_AFTER_INIT
    ),
    "initialize_variables": _renamed(
        "initialize_variables", "variables_initializer", _INIT, when=_AFTER_INIT
    ),
    "all_variables": _renamed(
        "all_variables", "global_variables", _INIT, "Please use tf.global_variables instead.", _AFTER_INIT
    ),
    "mul": _renamed(
        "mul", "multiply", _MATH, "`tf.mul(x, y)` is deprecated, please use `tf.multiply(x, y)` or `x * y`"
    ),
    "sub": _renamed(
        "sub", "subtract", _MATH, "`tf.sub(x, y)` is deprecated, please use `tf.subtract(x, y)` or `x - y`"
    ),
    "neg": _renamed(
        "neg", "negative", _MATH, "`tf.neg(x)` is deprecated, please use `tf.negative(x)` or `-x`"
    ),
    "inv": _renamed("inv", "reciprocal", _MATH),
    "complex_abs": _renamed("complex_abs", "abs", _MATH),
    "batch_matmul": _renamed("batch_matmul", "matmul", _MATH),
    "select": _renamed("select", "where", _MATH),
    "pack": _renamed("pack", "stack", "tensorflow.python.ops.array_ops", when="after 2016-12-14"),
    "unpack": _renamed("unpack", "unstack", "tensorflow.python.ops.array_ops", when="after 2016-12-14"),
    "listdiff": _renamed("listdiff", "setdiff1d", "tensorflow.python.ops.array_ops", when="after 2016-11-30"),
    "arg_max": _renamed("arg_max", "argmax", "tensorflow.python.ops.gen_math_ops"),
    "arg_min": _renamed("arg_min", "argmin", "tensorflow.python.ops.gen_math_ops"),
    "concat": _concat_keywords,
    "concat_v2": lambda: tf.concat,
    "split": _split,
    "merge_summary": _renamed("merge_summary", "summary.merge", "tensorflow.python.ops.logging_ops"),
    "merge_all_summaries": _renamed(
        "merge_all_summaries", "summary.merge_all", "tensorflow.python.ops.logging_ops"
    ),
    "scalar_summary": _summary("scalar"),
    "histogram_summary": _summary("histogram"),
    "image_summary": _summary("image"),
    "audio_summary": _summary("audio"),
    "train.SummaryWriter": _summary_writer,
    "nn.rnn": _rnn,
    "nn.seq2seq": _sequences,
    "python.ops.seq2seq": _sequences,
    "nn.softmax_cross_entropy_with_logits": _old_loss("softmax_cross_entropy_with_logits"),
    "nn.sparse_softmax_cross_entropy_with_logits": _old_loss("sparse_softmax_cross_entropy_with_logits"),
    "nn.sigmoid_cross_entropy_with_logits": _old_loss("sigmoid_cross_entropy_with_logits"),
}
