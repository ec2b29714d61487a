"""Record graphs that TensorFlow wrote, with what they compute: ``python tests/oracle/record_graphs.py``.

Each function builds a graph and names its inputs and outputs; the frozen graph goes to ``graphs/NAME.pb`` (or
``.pbtxt``), inputs and answers to ``graphs/NAME.npz``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}

sys.path.append(str(Path(__file__).resolve().parents[1] / "interchange"))

import flow_program
import numpy as np
import tensorflow.compat.v1 as tf

FOLDER = Path(__file__).parent / "graphs"
Model = tuple[dict[str, Any], list[Any]]  # what to feed, by names of placeholders; the outputs
STEPS = 5


def mlp() -> Model:
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    h = tf.layers.dense(x, 8, tf.nn.tanh, name="first")
    h = tf.layers.dense(h, 6, tf.nn.relu, name="second")
    probabilities = tf.nn.softmax(tf.layers.dense(h, 3, name="logits"), name="probabilities")
    return {"x:0": rng().normal(size=(5, 4))}, [probabilities, tf.argmax(probabilities, 1, name="best")]


def convnet() -> Model:
    x = tf.placeholder(tf.float32, [None, 10, 9, 2], name="x")
    h = tf.layers.conv2d(x, 4, 3, padding="same", activation=tf.nn.relu, name="conv1")
    h = tf.layers.max_pooling2d(h, 2, 2, name="pool1")
    h = tf.layers.conv2d(h, 5, 2, strides=2, padding="valid", name="conv2")
    h = tf.layers.batch_normalization(h, training=False, name="norm")
    h = tf.nn.leaky_relu(h, name="leaky")
    h = tf.layers.average_pooling2d(h, 2, 1, padding="same", name="pool2")
    h = tf.layers.dropout(tf.layers.flatten(h), 0.5, training=False)
    return {"x:0": rng().normal(size=(3, 10, 9, 2))}, [tf.nn.softmax(tf.layers.dense(h, 4), name="y")]


def depthwise() -> Model:
    x = tf.placeholder(tf.float32, [2, 7, 6, 3], name="x")
    kernel = tf.constant(rng().normal(size=(3, 2, 3, 2)), tf.float32)
    h = tf.nn.depthwise_conv2d(x, kernel, [1, 1, 1, 1], "SAME")
    h = tf.nn.relu6(h * 3.0)
    filters = tf.constant(rng().normal(size=(2, 2, 4, 6)), tf.float32)
    return {"x:0": rng().normal(size=(2, 7, 6, 3))}, [
        tf.nn.conv2d_transpose(h, filters, [2, 14, 12, 4], [1, 2, 2, 1], name="y")
    ]


def arrays() -> Model:
    x = tf.placeholder(tf.float32, [2, 3, 5], name="x")
    k = tf.placeholder(tf.int32, [4], name="k")
    first, second = tf.split(x, [2, 3], axis=2)
    joined = tf.concat([tf.transpose(first, [0, 2, 1]), tf.transpose(second, [0, 2, 1])], 1)
    rows = tf.gather(tf.reshape(x, [5, 6]), k)
    return {"x:0": rng().normal(size=(2, 3, 5)), "k:0": [0, 4, 2, 2]}, [
        joined,
        rows,
        tf.pad(x[:, 1:, ::2], [[0, 0], [1, 0], [0, 2]]),
        tf.stack(tf.unstack(x, axis=1), axis=0),
        tf.one_hot(k, 6, on_value=2.0, off_value=-1.0),
        tf.where(x > 0, x, tf.zeros_like(x)),
        tf.where(rows > 0.5),
        tf.tile(tf.expand_dims(x[0], 0), [2, 1, 1]),
        tf.nn.top_k(x, 2).values,
        tf.cast(tf.shape(x), tf.float32) / 2.0,
        tf.reduce_mean(x, [0, 2], keepdims=True),
        tf.reduce_max(x, 1),
        tf.range(3, 12, 4) // 2 % 3,
        tf.squeeze(tf.reverse(x[:, :1], [2]), [1]),
        tf.batch_matmul(x, tf.ones([2, 5, 4]))
        if hasattr(tf, "batch_matmul")
        else tf.matmul(x, tf.ones([2, 5, 4])),
        tf.clip_by_value(x, -0.5, 0.5),
        tf.exp(x) + tf.log(tf.abs(x)) - tf.rsqrt(tf.square(x)),
        tf.sigmoid(x) * tf.nn.elu(x) / tf.maximum(tf.nn.softplus(x), 0.1),
        tf.add_n([x, x, x]),
        tf.logical_and(x > 0.1, tf.less_equal(x, 1.0)),
    ]


def training() -> Model:
    """A graph with variables, gradients and an optimizer; the answers are the losses of the first steps."""
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = tf.placeholder(tf.float32, [None, 2], name="y")
    w = tf.Variable(np.float32(rng().normal(size=(3, 2))), name="w")
    b = tf.Variable(tf.zeros([2]), name="b")
    h = tf.sigmoid(tf.matmul(x, w) + b)
    loss = tf.reduce_mean(tf.square(tf.tanh(h) - y), name="loss")
    tf.train.MomentumOptimizer(0.5, 0.9).minimize(loss, name="step")
    tf.global_variables_initializer()
    data = rng()
    return {"x:0": data.normal(size=(6, 3)), "y:0": data.uniform(size=(6, 2))}, [loss]


def branches() -> Model:
    """Branches in a row that ask the same, one in another, and one that gives back what it gets."""
    x = tf.placeholder(tf.float32, [4, 3], name="x")
    training = tf.placeholder(tf.bool, [], name="training")
    w = tf.get_variable("w", [3, 3])
    h = tf.layers.batch_normalization(tf.matmul(x, w), training=training)
    h = tf.layers.batch_normalization(tf.tanh(h) + x, training=training)
    positive = tf.reduce_sum(h) > 0
    inner = tf.cond(
        training,
        lambda: tf.cond(positive, lambda: h * 2.0, lambda: h + tf.constant([1.0, 2.0, 3.0])),
        lambda: h,
    )
    low, high = tf.cond(positive, lambda: (inner, tf.exp(h)), lambda: (h, tf.zeros_like(h)))
    case = tf.case(
        [(tf.reduce_max(x) > 1.0, lambda: low), (training, lambda: high)], default=lambda: low - high
    )
    return {"x:0": rng().normal(size=(4, 3)), "training:0": True}, [inner, low, high, case]


def loops() -> Model:
    """A loop in a loop, one with a branch, arrays of arrays, and a recurrent network."""
    x = tf.placeholder(tf.float32, [2, 5, 3], name="x")
    n = tf.placeholder(tf.int32, [], name="n")
    grid = tf.while_loop(
        lambda i, s: i < n,
        lambda i, s: (
            i + 1,
            tf.while_loop(lambda j, t: j < i, lambda j, t: (j + 1, t * 0.5 + x[0]), [0, s])[1],
        ),
        [0, x[1]],
        name="outer",
    )
    odd = tf.while_loop(
        lambda i, s: i < n,
        lambda i, s: (i + 1, tf.cond(tf.equal(i % 2, 0), lambda: s + tf.reduce_sum(x), lambda: s * 0.9)),
        [0, tf.constant(1.0)],
        name="odd",
    )
    squares = tf.map_fn(lambda row: row * row + tf.cast(n, tf.float32), x)
    sums = tf.scan(lambda total, row: total + row, tf.transpose(x, [1, 0, 2]))
    cell = tf.nn.rnn_cell.LSTMCell(4)
    outputs, state = tf.nn.dynamic_rnn(cell, x, sequence_length=[5, 3], dtype=tf.float32)
    return {"x:0": rng().normal(size=(2, 5, 3)), "n:0": 4}, [*grid, *odd, squares, sums, outputs, *state]


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def randomize(session: tf.Session) -> None:
    """Give variables values that are not 0 or 1."""
    session.run(tf.global_variables_initializer())
    numbers = rng()
    for variable in tf.global_variables():
        value = numbers.normal(scale=0.5, size=variable.shape.as_list())
        variable.load(np.abs(value) + 0.5 if "variance" in variable.name else value, session)


def record(name: str, build: Callable[[], Model], suffix: str = "pb") -> None:
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.set_random_seed(1)
        feeds, outputs = build()
        if build is training:
            definition = graph.as_graph_def()
            session.run("init")
            answers = [np.array([session.run(["loss:0", "step"], feeds)[0] for _ in range(STEPS)])]
        else:
            randomize(session)
            names = [t.op.name for t in outputs]
            definition = tf.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), names)
            answers = session.run(outputs, feeds)
    for node in definition.node:
        node.ClearField("experimental_debug_info")
    tf.train.write_graph(definition, str(FOLDER), f"{name}.{suffix}", as_text=suffix == "pbtxt")
    arrays = {
        f"feed {key}": np.asarray(v, graph.get_tensor_by_name(key).dtype.as_numpy_dtype)
        for key, v in feeds.items()
    }
    arrays |= {f"output {i:02} {t.name}": a for i, (t, a) in enumerate(zip(outputs, answers, strict=True))}
    np.savez_compressed(FOLDER / f"{name}.npz", **arrays)


def main() -> None:
    tf.disable_v2_behavior()
    FOLDER.mkdir(exist_ok=True)
    with tf.Graph().as_default() as graph:
        flow_program.build(tf)
    text = ",\n".join(json.dumps(node) for node in flow_program.nodes(graph))
    (FOLDER / "flow_nodes.json").write_text(f"[\n{text}\n]\n")
    for build in (mlp, convnet, depthwise, arrays, branches, loops, training):
        record(build.__name__, build)
    record("mlp_text", mlp, "pbtxt")
    size = sum(path.stat().st_size for path in FOLDER.iterdir())
    sys.stdout.write(f"{size} bytes\n")


if __name__ == "__main__":
    main()
