"""A program with branches and loops in each other, for graphmagic and for TensorFlow."""


def build(tf, variable=False):
    """Build it, with a constant or with a variable that a branch changes; the results are worth knowing."""
    x = tf.placeholder(tf.float32, [2], name="x")
    p = tf.placeholder(tf.bool, [], name="p")
    n = tf.placeholder(tf.int32, [], name="n")
    v = (tf.Variable if variable else tf.constant)([1.0, 2.0], name="v")

    def inner():
        return tf.cond(x[0] > 0, lambda: x * 2.0 * v, lambda: x + tf.constant([1.0, 2.0]))

    y = tf.cond(p, inner, lambda: x, name="cond")
    total = tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s * v + y), [0, tf.zeros([2])])[1]
    squares = tf.map_fn(lambda q: q * q + 1.0, x, name="map")

    def step(i, s):
        even = tf.equal(i % 2, 0)
        loop = lambda: tf.while_loop(lambda j, t: j < i, lambda j, t: (j + 1, t * v), [0, s])[1]  # noqa: E731
        return i + 1, tf.cond(even, lambda: s + x, loop)

    nested = tf.while_loop(lambda i, s: i < n, step, [0, x], name="outer")[1]
    if not variable:
        return [y, total, squares, nested]
    changed = tf.cond(p, lambda: tf.assign_add(v, [1.0, 1.0]), lambda: tf.identity(v), name="change")
    with tf.control_dependencies([changed]):
        after = tf.multiply(v, 1.0, name="after")
    return [y, total, squares, nested, after]


def nodes(graph):
    """Names, types and inputs of the nodes."""
    return sorted([n.name, n.op.replace("AddV2", "Add"), sorted(n.input)] for n in graph.as_graph_def().node)
