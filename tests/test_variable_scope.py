"""get_variable and variable scopes: names, sharing, defaults."""

import threading

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.graph.undo import unchanged_on_error


def names():
    return [v.name for v in tf.global_variables()]


def get(name="w", **more):
    return tf.get_variable(name, [1], **more)


def value_of(variable):
    with tf.Session() as sess:
        sess.run(variable.initializer)
        return sess.run(variable)


# ----- names -----


def test_name_scopes_do_not_count():
    with tf.name_scope("n"):
        assert get().name == "w:0"
        with tf.variable_scope("v"):
            assert get().name == "v/w:0"
            assert tf.constant(1.0).name == "n/v/Const:0"


def test_scopes_in_scopes():
    with tf.variable_scope("a"), tf.variable_scope("b") as inner:
        assert get().name == "a/b/w:0"
        assert (inner.name, inner.original_name_scope, tf.get_variable_scope()) == ("a/b", "a/b/", inner)
    assert tf.get_variable_scope().name == ""


def test_default_names_are_made_unique_inside_their_scope():
    found = []
    for _ in range(2):
        with tf.variable_scope("a"):
            for _ in range(2):
                with tf.variable_scope(None, "layer") as scope:
                    found.append(scope.name)
    assert found == ["a/layer", "a/layer_1"] * 2
    with tf.variable_scope(None, "layer") as one, tf.variable_scope(None, "layer") as two:
        assert (one.name, two.name) == ("layer", "layer/layer")


def test_a_scope_opened_again():
    with tf.variable_scope("a") as scope:
        get()
    with tf.variable_scope("other"), tf.variable_scope(scope, reuse=True):
        assert get().name == "a/w:0"
        assert tf.constant(1.0).name == "other/a/Const:0"
    with tf.variable_scope(scope, auxiliary_name_scope=False) as again:
        assert tf.constant(1.0).name == "Const:0"
        with tf.name_scope(again.original_name_scope):
            assert tf.constant(1.0).name == "a/Const:0"


def test_the_old_spelling():
    with tf.variable_op_scope([tf.constant(1.0)], None, "layer") as scope:
        assert scope.name == "layer"


def test_each_thread_has_its_own_scope():
    graph, seen = tf.get_default_graph(), []

    def work():
        with graph.as_default():
            seen.append(tf.get_variable_scope().name)
            with tf.variable_scope("inner"):
                seen.append(get().name)

    with tf.variable_scope("outer"):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert seen == ["", "inner/w:0"]


def test_a_failed_cell_leaves_no_trace():
    def failing_cell():
        with unchanged_on_error(tf.get_default_graph()), tf.variable_scope(None, "layer"):
            get()
            raise KeyError

    with pytest.raises(KeyError):
        failing_cell()
    with tf.variable_scope(None, "layer") as scope:
        assert get().name == "layer/w:0"
    assert scope.name == "layer"


# ----- sharing -----


def test_sharing_is_asked_for():
    with tf.variable_scope("a"):
        w = get()
    with tf.variable_scope("a", reuse=True):
        assert get() is w
        with (
            tf.variable_scope("b"),
            pytest.raises(ValueError, match=r"Variable a/b/x does not exist, or was not"),
        ):
            get("x")
    with tf.variable_scope("a", reuse=tf.AUTO_REUSE) as scope:
        assert get() is w
        assert get("new").name == "a/new:0"
        assert scope.reuse is tf.AUTO_REUSE
    with tf.variable_scope("a") as scope:
        scope.reuse_variables()
        assert get() is w
    assert names() == ["a/w:0", "a/new:0"]


def test_variables_made_without_get_variable_are_not_shared():
    tf.Variable(1.0, name="w")
    with (
        tf.variable_scope("", reuse=True),
        pytest.raises(ValueError, match=r"was not created with tf\.get_variable"),
    ):
        get()
    assert get().name == "w_1:0"


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        (
            get,
            r"Variable w already exists, disallowed. Did you mean to set reuse=True or reuse=tf.AUTO_REUSE",
        ),
        (
            lambda: tf.get_variable("new"),
            "did not get an initializer, so its `shape` argument must be specified",
        ),
        (
            lambda: tf.get_variable("new", [2], initializer=[1.0, 2.0]),
            "If initializer is a constant, do not specify",
        ),
        (
            lambda: tf.get_variable("new", initializer=1.0, dtype=tf.int32),
            "Initializer type 'tf.float32' and explicit",
        ),
        (lambda: tf.get_variable("new", [None]), "The initializer passed is not valid."),
        (
            lambda: tf.get_variable("new", [1], tf.complex64),
            "An initializer for variable new of tf.complex64 is required",
        ),
        (lambda: tf.get_variable("new", [1], constraint=3), "The `constraint` argument must be a callable."),
        (lambda: tf.variable_scope("a", reuse=3), "The reuse parameter must be True or False or None."),
        (lambda: tf.variable_scope(None, "a", reuse=True).__enter__(), "reuse=True cannot be used without"),
    ],
)
def test_mistakes(ask, text):
    get()
    with pytest.raises(ValueError, match=text):
        ask()
    assert names() == ["w:0"]
    assert tf.get_variable_scope().name == ""


def test_mistakes_of_type():
    with pytest.raises(TypeError, match="If default_name is None then name_or_scope is required"):
        tf.variable_scope(None)
    with pytest.raises(TypeError, match="name_or_scope must be a string or VariableScope"):
        tf.variable_scope(3).__enter__()
    with pytest.raises(TypeError, match="The auxiliary_name_scope must be `True` or `False`"):
        tf.variable_scope("a", auxiliary_name_scope=3)


def test_what_is_shared_must_fit():
    get()
    with tf.variable_scope("", reuse=True):
        with pytest.raises(ValueError, match=r"specified shape \(2,\) and found shape \(1,\)\."):
            tf.get_variable("w", [2])
        with pytest.raises(ValueError, match=r"specified dtype int32 and found dtype float32_ref\."):
            tf.get_variable("w", [1], tf.int32)
        assert tf.get_variable("w") is get()


# ----- defaults -----


def test_a_scope_hands_down_what_it_has():
    ones, twos = tf.ones_initializer(), tf.constant_initializer(2.0)
    with tf.variable_scope("a", initializer=ones, dtype=tf.float64):
        with tf.variable_scope("b", initializer=twos):
            assert value_of(get()).tolist() == [2.0]
            assert value_of(get("x", initializer=ones)).tolist() == [1.0]
        w = get()
        assert value_of(w).tolist() == [1.0]
        assert w.dtype.base_dtype is tf.float64
        tf.get_variable_scope().set_initializer(twos)
        assert value_of(get("late")).tolist() == [2.0]


def test_regularizers_add_losses():
    with tf.variable_scope("a", regularizer=lambda w: tf.reduce_sum(w * w, name="loss")):
        get(initializer=tf.constant_initializer(3.0))
        get("free", regularizer=tf.no_regularizer)
        with tf.variable_scope(tf.get_variable_scope(), reuse=True):
            get()
    [loss] = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)

    assert loss.name == "a/w/Regularizer/loss:0"
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(loss) == 9.0


def test_custom_getters_wrap_each_other():
    def tagged(tag):
        def getter(getter, name, **more):
            calls.append(tag)
            return getter(name=f"{name}_{tag}", **more)

        return getter

    calls = []
    with (
        tf.variable_scope("a", custom_getter=tagged("outer")),
        tf.variable_scope("b", custom_getter=tagged("inner")),
    ):
        assert get().name == "a/b/w_inner_outer:0"
        assert get("x", custom_getter=tagged("own")).name == "a/b/x_own:0"
    assert calls == ["inner", "outer", "own"]


def test_local_variables():
    local = tf.get_local_variable("count", [], tf.int32, collections=["mine"])

    assert tf.local_variables() == tf.get_collection("mine") == [local]
    assert tf.trainable_variables() == tf.global_variables() == []


def test_collections_of_a_scope():
    get("other")
    with tf.variable_scope("a") as scope:
        w, frozen = get(), get("frozen", trainable=False)
        local = tf.get_local_variable("local", [1])

    assert scope.global_variables() == [w, frozen]
    assert scope.trainable_variables() == [w]
    assert scope.local_variables() == [local]


def test_variables_in_a_branch_belong_to_the_graph():
    x = tf.placeholder(tf.float32, [])
    y = tf.cond(x > 0.0, lambda: x * get(initializer=tf.ones_initializer())[0], lambda: x)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run([y, tf.global_variables()[0]], {x: 3.0})[0] == 3.0


# ----- initializers -----


@pytest.mark.parametrize(
    ("initializer", "low", "high", "stddev"),
    [
        (tf.random_uniform_initializer(-2.0, 2.0), 1.99, 2.0, 2 / 3**0.5),
        (tf.random_normal_initializer(stddev=0.5), 1.0, 4.0, 0.5),
        (tf.truncated_normal_initializer(stddev=0.5), 0.9, 1.0, 0.44),
        (tf.uniform_unit_scaling_initializer(), 0.1, 3**0.5 / 10, 0.1),
        (tf.glorot_uniform_initializer(), 0.12, (6 / 400) ** 0.5, (2 / 400) ** 0.5),
        (tf.glorot_normal_initializer(), 0.12, 0.2, (2 / 400) ** 0.5),
        (tf.initializers.he_normal(), 0.2, 0.4, (2 / 100) ** 0.5),
        (tf.initializers.he_uniform(), 0.2, (6 / 100) ** 0.5, (2 / 100) ** 0.5),
        (tf.initializers.lecun_normal(), 0.15, 0.3, 0.1),
        (tf.initializers.lecun_uniform(), 0.15, 0.3, 0.1),
        (tf.variance_scaling_initializer(2.0, "fan_out", "untruncated_normal"), 0.2, 1.0, (2 / 300) ** 0.5),
    ],
    ids=lambda v: type(v).__name__,
)
def test_random_initializers(initializer, low, high, stddev):
    tf.set_random_seed(1)
    value = value_of(tf.get_variable("w", [100, 300], initializer=initializer))

    assert low < np.abs(value).max() <= high
    assert value.std() == pytest.approx(stddev, rel=0.03)
    assert value.mean() == pytest.approx(0.0, abs=stddev / 30)


def test_initializers_of_values():
    assert value_of(
        tf.get_variable("a", [2, 3], initializer=tf.constant_initializer([1, 2, 3]))
    ).tolist() == [
        [1, 2, 3],
        [3, 3, 3],
    ]
    assert value_of(tf.get_variable("b", initializer=tf.zeros([2]))).tolist() == [0.0, 0.0]
    assert value_of(tf.get_variable("c", initializer=lambda: tf.fill([2], 5))).tolist() == [5, 5]
    assert value_of(tf.get_variable("d", [2], initializer=tf.ones_initializer)).tolist() == [1.0, 1.0]
    assert value_of(tf.get_variable("e", [1], tf.string)).tolist() == [b""]


@pytest.mark.parametrize("shape", [[2, 3], [3, 2], [2, 2, 3], [5, 5]])
def test_orthogonal_matrices(shape):
    q = value_of(tf.get_variable("w", shape, initializer=tf.orthogonal_initializer(gain=2.0))).reshape(
        -1, shape[-1]
    )
    small = q @ q.T if len(q) < q.shape[1] else q.T @ q

    np.testing.assert_allclose(small, 4.0 * np.eye(len(small)), atol=1e-5)


def test_initializers_describe_themselves():
    initializer = tf.random_normal_initializer(1.0, 2.0, seed=3)
    copy = tf.random_normal_initializer.from_config(initializer.get_config())

    assert initializer.get_config() == {"mean": 1.0, "stddev": 2.0, "seed": 3, "dtype": "float32"}
    assert copy.get_config() == initializer.get_config()
    glorot = tf.glorot_uniform_initializer(seed=5)
    assert type(glorot).from_config(glorot.get_config()).get_config() == {"seed": 5, "dtype": "float32"}


@pytest.mark.parametrize(
    ("make", "kind", "text"),
    [
        (
            lambda: tf.variance_scaling_initializer(0.0),
            ValueError,
            "Argument `scale` must be a positive float",
        ),
        (lambda: tf.variance_scaling_initializer(mode="fan"), ValueError, "Argument `mode` should be one of"),
        (
            lambda: tf.variance_scaling_initializer(distribution="x"),
            ValueError,
            "Argument `distribution` should be",
        ),
        (lambda: tf.random_normal_initializer(dtype=tf.int32), ValueError, "expected to be floating point"),
        (lambda: tf.constant_initializer(object()), TypeError, "Invalid type for initial value"),
        (lambda: tf.orthogonal_initializer()([3]), ValueError, "must be at least two-dimensional"),
    ],
)
def test_initializers_that_cannot_be(make, kind, text):
    with pytest.raises(kind, match=text):
        make()


# ----- templates -----


def test_templates_share_their_own_variables():
    def layer(x, name):
        return x * tf.get_variable(name, [], initializer=tf.constant_initializer(2.0))

    one, two = tf.make_template("t", layer, name="w"), tf.make_template("t", layer, name="w")
    results = [one(1.0), one(3.0), two(5.0)]

    assert names() == ["t/w:0", "t_1/w:0"]
    assert [v.name for v in one.variables] == [v.name for v in one.trainable_variables] == ["t/w:0"]
    assert (one.name, one.variable_scope.name, one.variable_scope_name) == ("t", "t", "t/")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(results) == [2.0, 6.0, 10.0]


def test_a_template_whose_scope_is_opened_at_once():
    with tf.variable_scope("outer"):
        template = tf.make_template("t", get, create_scope_now_=True)
    assert template.variables == []
    assert template().name == "outer/t/w:0"
    assert template() is template.variables[0]


def test_templates_that_make_more_variables():
    template = tf.make_template("t", lambda: tf.Variable(1.0))
    template()
    with pytest.raises(
        ValueError, match="Trainable variable created when calling a template after the first time"
    ) as e:
        template()
    assert e.value.__notes__[0].startswith("The template 't' was made at test_variable_scope.py:")
    with pytest.raises(ValueError, match="name cannot be None"):
        tf.make_template(None, lambda: None)
