"""Feature columns as programs use them: what the tests run, and what was recorded from TensorFlow."""


def features(tf):
    return {
        "age": tf.constant([[1.0], [20.0], [30.5]]),
        "pair": tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 60.0]]),
        "sex": tf.constant([["m"], ["f"], ["x"]]),
        "city": tf.constant([["Paris"], ["Rome"], ["a rather long name of a city that nobody knows"]]),
        "number": tf.constant([[1], [2], [0]]),
        "words": tf.SparseTensor([[0, 0], [0, 1], [2, 0]], ["b", "a", "c"], [3, 2]),
        "counts": tf.SparseTensor([[0, 0], [0, 1], [2, 0]], [2.0, 3.0, 4.0], [3, 2]),
        "flat": tf.constant([3, 4, 5]),
    }


def columns(tf):
    fc = tf.feature_column
    age = fc.numeric_column("age")
    bucketized = fc.bucketized_column(age, [5.0, 20.0])
    return {
        "age": age,
        "flat": fc.numeric_column("flat", normalizer_fn=lambda x: tf.to_float(x) / 2.0),
        "pair": fc.numeric_column("pair", shape=(2,)),
        "bucketized": bucketized,
        "buckets of a pair": fc.bucketized_column(fc.numeric_column("pair", shape=[2]), [2, 5]),
        "sex": fc.categorical_column_with_vocabulary_list("sex", ["m", "f"]),
        "sex, more": fc.categorical_column_with_vocabulary_list("sex", ["m", "f"], num_oov_buckets=3),
        "city": fc.categorical_column_with_hash_bucket("city", 1000),
        "number": fc.categorical_column_with_identity("number", 3),
        "number, default": fc.categorical_column_with_identity("number", 2, default_value=0),
        "hashed numbers": fc.categorical_column_with_hash_bucket("number", 100, dtype=tf.int32),
        "words": fc.categorical_column_with_vocabulary_list("words", ["a", "b", "c"]),
        "weighted": fc.weighted_categorical_column(
            fc.categorical_column_with_vocabulary_list("words", ["a", "b", "c"]), "counts"
        ),
        "crossed": fc.crossed_column(["sex", "city"], 1000),
        "crossed numbers": fc.crossed_column(["number", "sex"], 1000, hash_key=7),
        "crossed buckets": fc.crossed_column([bucketized, "sex"], 1000),
        "crossed words": fc.crossed_column(["sex", "words"], 1000),
    }


def dense(name):
    def run(tf, sess):
        column = columns(tf)[name]
        return tf.feature_column.input_layer(features(tf), [column])

    return run


def indicator(name):
    def run(tf, sess):
        column = tf.feature_column.indicator_column(columns(tf)[name])
        return tf.feature_column.input_layer(features(tf), [column])

    return run


def embedded(name, combiner):
    def run(tf, sess):
        column = tf.feature_column.embedding_column(
            columns(tf)[name],
            2,
            combiner=combiner,
            initializer=tf.constant_initializer([[1.0, 2.0], [3.0, 5.0], [8, 13]]),
        )
        return tf.feature_column.input_layer(features(tf), [column])

    return run


def linear(*names):
    def run(tf, sess):
        found = [columns(tf)[name] for name in names]
        y = tf.feature_column.linear_model(features(tf), found, units=2)
        loss = tf.reduce_sum(y * [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
        sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        sess.run(step)
        return y

    return run


DENSE = ("age", "flat", "pair", "bucketized", "buckets of a pair")
CATEGORIES = tuple(name for name in (
    "sex", "sex, more", "city", "number", "number, default", "hashed numbers", "words", "weighted", "crossed",
    "crossed numbers", "crossed buckets", "crossed words",
))  # fmt: skip
CASES = {
    **{name: dense(name) for name in DENSE},
    **{f"{name} indicator": indicator(name) for name in CATEGORIES},
    **{f"words {how}": embedded("words", how) for how in ("mean", "sum", "sqrtn")},
    **{f"weighted {how}": embedded("weighted", how) for how in ("mean", "sum", "sqrtn")},
    "linear numbers": linear("age", "pair"),
    "linear categories": linear("bucketized", "sex", "words", "crossed", "age"),
}


def answer(tf, case):
    """Where the result is not zero and its values, and the names and shapes of the variables."""
    with tf.Graph().as_default(), tf.Session() as sess:
        result = case(tf, sess)
        if not case.__qualname__.startswith("linear"):
            sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
        value = sess.run(result)
        places = value.nonzero()
        return {
            "shape": list(value.shape),
            "places": [[int(i) for i in axis] for axis in places],
            "values": [float(v) for v in value[places]],
            "variables": [[v.name, v.shape.as_list()] for v in tf.global_variables()],
        }
