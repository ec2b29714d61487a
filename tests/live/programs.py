"""Random expression programs as plain data, and what becomes of one with any module like TensorFlow 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from optable.running import plain_config

__all__ = ["BINARY", "CATALOGUE", "Program", "outcome"]

Program = dict[str, Any]
UNARY = (
    "abs negative square sign floor ceil round tanh sigmoid exp log1p sin cos identity zeros_like ones_like rint "
    "logical_not is_nan nn.relu nn.softplus nn.elu nn.softsign nn.softmax nn.log_softmax shape size rank"
)
BINARY = (
    "add subtract multiply maximum minimum squared_difference divide floordiv mod less less_equal greater equal "
    "not_equal logical_and logical_or atan2 matmul"
)
REDUCTIONS = "reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_all reduce_any reduce_logsumexp"


def _function(tf: Any, name: str) -> Any:
    for part in name.split("."):
        tf = getattr(tf, part)
    return tf


def _catalogue() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in (UNARY + " " + BINARY).split():
        found[name] = lambda tf, xs, a, n=name: _function(tf, n)(*xs)
    for name in REDUCTIONS.split():
        found[name] = lambda tf, xs, a, n=name: _function(tf, n)(xs[0], axis=a["axes"], keepdims=a["flag"])
    for name in ("argmax", "argmin", "expand_dims"):
        found[name] = lambda tf, xs, a, n=name: _function(tf, n)(_numeric(tf, xs[0]), a["axis"])
    return found | {
        "cumsum": lambda tf, xs, a: tf.cumsum(xs[0], a["axis"], exclusive=a["flag"]),
        "reciprocal": lambda tf, xs, a: tf.reciprocal(tf.cast(xs[0], tf.float32)),
        "div_no_nan": lambda tf, xs, a: tf.div_no_nan(*[tf.cast(x, tf.float32) for x in xs]),
        "concat": lambda tf, xs, a: tf.concat(list(xs), a["axis"]),
        "stack": lambda tf, xs, a: tf.stack(list(xs), a["axis"]),
        "where": lambda tf, xs, a: tf.where(tf.greater(xs[0], 0), xs[0], xs[1]),
        "cast": lambda tf, xs, a: tf.cast(xs[0], a["dtype"]),
        "reshape": lambda tf, xs, a: tf.reshape(xs[0], a["shape"]),
        "tile": lambda tf, xs, a: tf.tile(xs[0], [abs(n) for n in a["shape"]]),
        "transpose": lambda tf, xs, a: tf.transpose(xs[0], a["order"]),
        "squeeze": lambda tf, xs, a: tf.squeeze(xs[0], a["axes"]),
        "slice": lambda tf, xs, a: xs[0][_index(tf, a)],
        "gather": lambda tf, xs, a: tf.gather(xs[0], [abs(n) for n in a["shape"]], axis=a["axis"]),
        "pad": lambda tf, xs, a: tf.pad(xs[0], [[abs(n), 1] for n in a["shape"]]),
        "split": lambda tf, xs, a: tf.split(xs[0], 2, a["axis"])[1],
        "reverse": lambda tf, xs, a: tf.reverse(xs[0], [a["axis"]]),
        "one_hot": lambda tf, xs, a: tf.one_hot(tf.cast(xs[0], tf.int32), 3, axis=-1 if a["flag"] else 0),
        "number_left": lambda tf, xs, a: a["number"] - _numeric(tf, xs[0]),
        "number_right": lambda tf, xs, a: _numeric(tf, xs[0]) * a["number"],
        "matmul_turned": lambda tf, xs, a: tf.matmul(xs[0], xs[1], transpose_b=True),
        "unstack": lambda tf, xs, a: tf.unstack(xs[0], axis=a["axis"])[-1],
        "boolean_mask": lambda tf, xs, a: tf.boolean_mask(xs[0], tf.greater(xs[0], 0)),
        "clip": lambda tf, xs, a: tf.clip_by_value(xs[0], -1, 2),
        "top_k": lambda tf, xs, a: tf.nn.top_k(xs[0], 2)[0],
    }


def _numeric(tf: Any, x: Any) -> Any:
    """Numbers for booleans, where versions 1 and 2 differ in what they make of those."""
    return tf.cast(x, tf.int32) if x.dtype.base_dtype == tf.bool else x


def _index(tf: Any, attributes: dict[str, Any]) -> Any:
    items = []
    for kind, a, b, step in attributes["index"]:
        items.append(
            {"slice": slice(a, b, step), "number": a, "new": tf.newaxis, "rest": Ellipsis}[kind]
            if kind != "number"
            else (a or 0)
        )
    return tuple(items)


CATALOGUE = _catalogue()


def outcome(tf: Any, program: Program) -> dict[str, Any]:
    """What is known while building, step by step; every value, and the gradients of their sum."""
    with tf.Graph().as_default(), tf.Session(config=plain_config(tf)) as session:
        inputs, feeds = [], {}
        for item in program["inputs"]:
            value = np.array(item["values"], item["dtype"]).reshape(item["shape"])
            inputs.append(tf.placeholder(item["dtype"], item["known"]))
            feeds[inputs[-1]] = value
        tensors, steps = list(inputs), []
        for name, places, attributes in program["steps"]:
            arguments = [tensors[p % len(tensors)] for p in places]
            try:
                result = CATALOGUE[name](tf, arguments, attributes)
            except Exception as error:
                steps.append(["error", type(error).__name__, str(error)])
                continue
            tensors.append(result)
            shape = result.shape
            steps.append(["tensor", result.dtype.name, None if shape.ndims is None else shape.as_list()])
        values = [_run(session, t, feeds) for t in tensors[len(inputs) :]]
        return {
            "steps": steps,
            "values": values,
            "gradients": _gradients(tf, session, inputs, tensors, feeds),
        }


def _run(session: Any, tensor: Any, feeds: Any) -> Any:
    try:
        value = np.asarray(session.run(tensor, feeds))
    except Exception as error:
        return ["error", type(error).__name__]
    return ["value", value.dtype.name, list(value.shape), value.astype(np.float64).ravel().tolist()]


def _gradients(tf: Any, session: Any, inputs: Any, tensors: Any, feeds: Any) -> Any:
    floats = [t for t in inputs if t.dtype.is_floating]
    ys = [t for t in tensors[len(inputs) :] if t.dtype.is_floating and _run(session, t, feeds)[0] == "value"]
    if not floats or not ys:
        return None
    try:
        found = tf.gradients(ys, floats)
    except Exception as error:
        return ["error", type(error).__name__]
    return [None if g is None else _run(session, tf.convert_to_tensor(g), feeds) for g in found]
