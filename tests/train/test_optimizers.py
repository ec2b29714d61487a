"""What optimizers share: slots, constraints, the global step, subclasses; and clipping."""

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture
def sess():
    return tf.Session()


def names(variables):
    return [v.name for v in variables]


def initialized(sess):
    sess.run(tf.global_variables_initializer())


def test_slots():
    v = tf.Variable([2.0], name="v")
    optimizer = tf.train.AdamOptimizer()
    step = optimizer.minimize(tf.reduce_sum(v * v))

    assert names(tf.global_variables()) == ["v:0", "beta1_power:0", "beta2_power:0", "v/Adam:0", "v/Adam_1:0"]
    assert names(tf.trainable_variables()) == ["v:0"]
    assert names(optimizer.variables()) == ["beta1_power:0", "beta2_power:0", "v/Adam:0", "v/Adam_1:0"]
    assert optimizer.get_slot_names() == ["m", "v"]
    assert optimizer.get_slot(v, "m").name == "v/Adam:0"
    assert optimizer.get_slot(v, "none") is optimizer.get_slot(tf.Variable(1.0), "m") is None
    assert step.name == "Adam"


def test_an_optimizer_used_twice_keeps_its_slots():
    v = tf.Variable([2.0], name="v")
    optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
    optimizer.minimize(v * 1.0)
    optimizer.minimize(v * 2.0)
    tf.train.MomentumOptimizer(0.1, 0.9).minimize(v * 1.0)

    assert names(tf.global_variables()) == ["v:0", "v/Momentum:0", "v/Momentum_1:0"]


def test_the_variables_may_be_the_values_of_a_dictionary():
    variables = {"a": tf.Variable(1.0, name="a"), "b": tf.Variable(2.0, name="b")}
    pairs = tf.train.GradientDescentOptimizer(0.1).compute_gradients(
        variables["a"] * variables["b"], var_list=variables.values()
    )
    assert names([variable for _, variable in pairs]) == ["a:0", "b:0"]


def test_one_optimizer_for_several_graphs():
    optimizer = tf.train.AdamOptimizer(0.5)
    for _ in range(2):
        with tf.Graph().as_default(), tf.Session() as sess:
            v = tf.Variable(1.0)
            step = optimizer.minimize(v * 1.0)
            initialized(sess)
            sess.run(step)
            assert sess.run(v) == pytest.approx(0.5)
            assert len(optimizer.variables()) == 4


def test_slots_of_variables_without_a_shape(sess):
    x = tf.placeholder(tf.float32)
    v = tf.Variable(x, validate_shape=False, name="v")
    optimizer = tf.train.MomentumOptimizer(1.0, 0.5)
    step = optimizer.minimize(tf.reduce_sum(v))
    sess.run(v.initializer, {x: [[1.0, 2.0]]})
    sess.run(optimizer.get_slot(v, "momentum").initializer, {x: [[1.0, 2.0]]})
    sess.run(step)

    assert sess.run(v).tolist() == [[0.0, 1.0]]


def test_constraints_are_applied_after_each_step(sess):
    v = tf.get_variable("v", [2], initializer=tf.ones_initializer(), constraint=lambda x: tf.maximum(x, 0.0))
    step = tf.train.GradientDescentOptimizer(1.0).minimize(v * [3.0, 0.25])
    initialized(sess)
    sess.run(step)
    assert sess.run(v).tolist() == [0.0, 0.75]

    with pytest.raises(RuntimeError, match=r"Cannot use a constraint function on a sparse variable."):
        tf.train.GradientDescentOptimizer(1.0).minimize(tf.gather(v, [0]))


def test_settings_may_be_functions_or_tensors(sess):
    v, rate = tf.Variable(1.0), tf.placeholder(tf.float32, [])
    step = tf.train.MomentumOptimizer(rate, lambda: 0.5).minimize(v * 1.0)
    initialized(sess)
    sess.run(step, {rate: 0.5})
    sess.run(step, {rate: 0.25})

    assert sess.run(v) == pytest.approx(1.0 - 0.5 - 0.25 * 1.5)


class SignDescent(tf.train.Optimizer):
    """A user's optimizer, written as for TensorFlow 1."""

    def __init__(self, rate, name="Sign"):
        super().__init__(False, name)
        self.rate = rate

    def _prepare(self):
        self.rate_t = tf.convert_to_tensor(self.rate, name="rate")

    def _create_slots(self, var_list):
        for v in var_list:
            self._zeros_slot(v, "count", self._name)

    def _apply_dense(self, grad, var):
        counted = tf.assign_add(self.get_slot(var, "count"), tf.ones_like(grad))
        return tf.group(tf.assign_sub(var, self.rate_t * tf.sign(grad)), counted)

    def _apply_sparse(self, grad, var):
        return tf.scatter_sub(var, grad.indices, self.rate_t * tf.sign(grad.values)).op


def test_an_optimizer_of_the_users_own(sess):
    v, table = tf.Variable([1.0, 1.0], name="v"), tf.Variable(tf.ones([3, 1]), name="table")
    loss = tf.reduce_sum(v * [3.0, -4.0]) + tf.reduce_sum(tf.gather(table, [2, 2]))
    optimizer = SignDescent(0.5)
    step = optimizer.minimize(loss)
    initialized(sess)
    sess.run(step)

    assert sess.run(v).tolist() == [0.5, 1.5]
    assert sess.run(table).ravel().tolist() == [1.0, 1.0, 0.5]
    assert sess.run(optimizer.get_slot(v, "count")).tolist() == [1.0, 1.0]
    assert optimizer.get_slot(v, "count").name == "v/Sign:0"


def test_gradients_that_are_none():
    with pytest.raises(TypeError, match="Gradient must be convertible to a Tensor or IndexedSlices, or None"):
        SignDescent(0.1).apply_gradients([(object(), tf.Variable(1.0))])
    with pytest.raises(ValueError, match="gate_gradients must be one of"):
        SignDescent(0.1).minimize(tf.Variable(1.0) * 1.0, gate_gradients=7)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: tf.train.AdagradOptimizer(0.1, 0.0), "initial_accumulator_value must be positive: 0.0"),
        (
            lambda: tf.train.ProximalAdagradOptimizer(0.1, -1.0),
            "initial_accumulator_value must be positive: -1.0",
        ),
        (
            lambda: tf.train.AdagradDAOptimizer(0.1, None, 0.0),
            "initial_gradient_squared_accumulator_value must be",
        ),
        (lambda: tf.train.FtrlOptimizer(0.1, 0.5), "learning_rate_power 0.5 needs to be negative or zero"),
        (
            lambda: tf.train.FtrlOptimizer(0.1, l1_regularization_strength=-1.0),
            "l1_regularization_strength -1.0 needs",
        ),
    ],
)
def test_settings_that_cannot_be(make, text):
    with pytest.raises(ValueError, match=text):
        make()


# ----- the global step -----


def test_the_global_step(sess):
    assert tf.train.get_global_step() is None
    step = tf.train.get_or_create_global_step()
    v = tf.Variable(1.0)
    train = tf.train.GradientDescentOptimizer(0.1).minimize(v * 1.0, step)
    initialized(sess)
    sess.run(train)

    assert tf.train.get_or_create_global_step() is tf.train.get_global_step() is step
    assert (step.name, step.dtype.base_dtype, step.trainable) == ("global_step:0", tf.int64, False)
    assert tf.train.global_step(sess, step) == 1
    with pytest.raises(ValueError, match=r'"global_step" already exists.'):
        tf.train.create_global_step()


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "does not have integer type"), ([1, 2], r"is not scalar: \(2,\)")]
)
def test_what_is_no_global_step(value, text):
    tf.Variable(value, name="global_step")
    with pytest.raises(TypeError, match=text):
        tf.train.get_global_step()


# ----- schedules and averages -----


@pytest.mark.parametrize("name", ["exponential_decay", "natural_exp_decay", "inverse_time_decay"])
def test_schedules_need_a_step(name):
    with pytest.raises(ValueError, match=f"global_step is required for {name}."):
        getattr(tf.train, name)(0.1, None, 10, 0.5)


def test_pieces_that_do_not_fit():
    step = tf.constant(3)
    with pytest.raises(
        ValueError, match="The length of boundaries should be 1 less than the length of values"
    ):
        tf.train.piecewise_constant(step, [1, 2], [1.0, 2.0])
    with pytest.raises(
        ValueError,
        match=r"Boundaries \(<dtype: 'float32'>\) must have the same dtype as x \(<dtype: 'int32'>\)",
    ):
        tf.train.piecewise_constant(step, [1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="Values must have elements all with the same dtype"):
        tf.train.piecewise_constant(step, [1], [1.0, 2])


def test_averages_are_saved_and_restored_in_place(sess, tmp_path):
    v, w = tf.Variable(1.0, name="v"), tf.Variable(5.0, name="w", trainable=False)
    average = tf.train.ExponentialMovingAverage(0.5)
    update = average.apply([v])
    initialized(sess)
    sess.run(v.assign(3.0))
    sess.run(update)
    path = tf.train.Saver().save(sess, str(tmp_path / "m"))

    assert average.average_name(v) == average.average(v).op.name == "v/ExponentialMovingAverage"
    assert average.average(w) is None
    assert average.average_name(w) == "w/ExponentialMovingAverage"
    assert tf.moving_average_variables() == [v]
    restored = average.variables_to_restore()
    assert {name: x.name for name, x in restored.items() if x in (v, w)} == {
        "v/ExponentialMovingAverage": "v:0",
        "w": "w:0",
    }
    tf.train.Saver({"v/ExponentialMovingAverage": v, "w": w}).restore(sess, path)
    assert sess.run(v) == 2.0
    with pytest.raises(TypeError, match="The variables must be half, float, or double: n:0"):
        average.apply([tf.Variable(1, name="n")])


# ----- clipping -----


def test_clipping(sess):
    a = tf.constant([[3.0, 4.0], [0.0, 0.0]])
    assert sess.run(tf.clip_by_norm(a, 1.0)) == pytest.approx(np.array([[0.6, 0.8], [0.0, 0.0]]))
    assert sess.run(tf.clip_by_norm(a, 10.0)) == pytest.approx(np.array([[3.0, 4.0], [0.0, 0.0]]))
    assert sess.run(tf.clip_by_norm(a, 1.0, axes=[1])) == pytest.approx(np.array([[0.6, 0.8], [0.0, 0.0]]))
    assert sess.run(tf.clip_by_average_norm(a, 0.25)) == pytest.approx(np.array([[0.6, 0.8], [0.0, 0.0]]))
    assert sess.run(tf.gradients(tf.clip_by_norm(a, 1.0), a)[0]) == pytest.approx(
        np.array([[0.032, -0.024], [0.2, 0.2]])
    )


def test_clipping_several(sess):
    a, b = tf.constant([3.0]), tf.IndexedSlices(tf.constant([[4.0]]), tf.constant([1]), tf.constant([3, 1]))
    clipped, norm = tf.clip_by_global_norm([a, None, b], 2.5)

    assert clipped[1] is None
    assert sess.run([clipped[0], clipped[2].values, norm]) == [[1.5], [[2.0]], 5.0]
    assert clipped[2].indices is b.indices
    same, given = tf.clip_by_global_norm([a], 100.0, use_norm=norm)
    assert sess.run([same[0], given]) == [[3.0], 5.0]
    assert tf.clip_by_global_norm([None], 1.0) == ([None], None)
    assert tf.global_norm([None]) is None


def test_clipping_what_is_not_finite(sess):
    clipped, norm = tf.clip_by_global_norm([tf.constant([np.inf, 1.0])], 1.0)
    assert np.isnan(sess.run(clipped[0])).all()
    assert sess.run(norm) == np.inf
    with pytest.raises(TypeError, match="`t_list` should be a sequence of tensors"):
        tf.global_norm(tf.constant([1.0]))
