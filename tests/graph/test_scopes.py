"""What surrounds the creation of an operation: name scopes, control dependencies, devices."""

import pytest

import graphmagic as tf


def names(operations):
    return [op.name for op in operations]


# ----- name scopes -----


def test_scopes_nest_and_are_made_unique():
    with tf.name_scope("a") as outer:
        with tf.name_scope("b") as inner:
            inside = tf.constant(1, name="x")
        beside = tf.constant(1, name="x")
    with tf.name_scope("a") as again:
        later = tf.constant(1, name="x")

    assert (outer, inner, again) == ("a/", "a/b/", "a_1/")
    assert [t.name for t in (inside, beside, later)] == ["a/b/x:0", "a/x:0", "a_1/x:0"]


def test_a_scope_with_a_final_slash_is_entered_again():
    with tf.name_scope("a") as scope:
        pass
    with tf.name_scope("b"), tf.name_scope(scope) as again:
        tensor = tf.constant(1, name="x")

    assert (again, tensor.name) == ("a/", "a/x:0")


@pytest.mark.parametrize("name", [None, ""])
def test_no_name_leaves_all_scopes(name):
    graph = tf.get_default_graph()
    with tf.name_scope("a"):
        with graph.name_scope(name) as scope:
            tensor = tf.constant(1, name="x")
        back = tf.constant(1, name="x")

    assert (scope, tensor.name, back.name) == ("", "x:0", "a/x:0")


def test_a_scope_is_left_when_its_block_fails():
    with pytest.raises(KeyError), tf.name_scope("a"):
        raise KeyError

    assert tf.get_default_graph().get_name_scope() == ""


def test_the_current_scope_has_no_final_slash():
    with tf.name_scope("a"), tf.name_scope("b"):
        assert tf.get_default_graph().get_name_scope() == "a/b"


@pytest.mark.parametrize("name", ["a b", "_a", "<b>", "a\n"])
def test_scopes_that_are_not_valid_at_the_root(name):
    with pytest.raises(ValueError, match=r"is not a valid root scope name"), tf.name_scope(name):
        pass


def test_inner_scopes_may_begin_with_an_underscore():
    with tf.name_scope("a"), tf.name_scope("_b") as scope:
        pass

    assert scope == "a/_b/"
    with (
        pytest.raises(ValueError, match=r"is not a valid scope name"),
        tf.name_scope("a"),
        tf.name_scope("b c"),
    ):
        pass


@pytest.mark.parametrize("arguments", [(3,), (None, 3)])
def test_scope_names_are_strings(arguments):
    with pytest.raises(TypeError, match=r"must be strings"):
        tf.name_scope(*arguments)


def test_the_default_name_of_a_scope():
    with tf.name_scope(None, "layer") as scope:
        pass
    with tf.name_scope("mine", "layer") as other:
        pass

    assert (scope, other) == ("layer/", "mine/")
    with pytest.raises(ValueError, match=r"At least one of name"):
        tf.name_scope(None, values=[tf.constant(1)])


def test_a_scope_enters_the_graph_of_its_values():
    with tf.Graph().as_default():
        tensor = tf.constant(1)
    with tf.name_scope("a", values=[tensor]):
        inside = tf.constant(2, name="x")

    assert inside.graph is tensor.graph
    assert inside.name == "a/x:0"


# ----- control dependencies -----


def test_operations_made_inside_wait():
    first, second = tf.no_op(name="first"), tf.constant(1, name="second")
    with tf.control_dependencies([first, second]):
        inside = tf.no_op()
    outside = tf.no_op()

    assert names(inside.control_inputs) == ["first", "second"]
    assert outside.control_inputs == []


def test_blocks_add_up_and_none_clears_them():
    first, second = tf.no_op(name="first"), tf.no_op(name="second")
    with tf.control_dependencies([first]), tf.control_dependencies([second]):
        both = tf.no_op()
        with tf.control_dependencies(None):
            neither = tf.no_op()
        again = tf.no_op()

    assert names(both.control_inputs) == names(again.control_inputs) == ["first", "second"]
    assert neither.control_inputs == []


def test_what_an_input_waits_for_already_is_left_out():
    first = tf.no_op(name="first")
    with tf.control_dependencies([first]):
        a = tf.constant(1.0, name="a")
        b = tf.square(a)

    assert names(a.op.control_inputs) == ["first"]
    assert b.op.control_inputs == []


def test_an_input_is_not_also_a_control_input():
    a = tf.constant(1.0)
    with tf.control_dependencies([a, tf.no_op(name="other")]):
        b = tf.square(a)

    assert names(b.op.control_inputs) == ["other"]


def test_variables_and_names_can_be_waited_for():
    v = tf.Variable(1.0, name="v")
    with tf.control_dependencies([v, "v/Assign", "v/read:0"]):
        op = tf.no_op()

    assert names(op.control_inputs) == ["v", "v/Assign", "v/read"]


def test_the_parts_of_a_variable_do_not_wait():
    with tf.control_dependencies([tf.no_op()]):
        v = tf.Variable(1.0)

    assert v.initializer.control_inputs == []


@pytest.mark.parametrize("thing", [3, None, object()])
def test_what_cannot_be_waited_for(thing):
    with pytest.raises(TypeError, match=r"Can not convert a .* into a Tensor or Operation"):
        tf.control_dependencies([thing]).__enter__()


def test_a_block_that_fails_is_left():
    with pytest.raises(KeyError), tf.control_dependencies([tf.no_op()]):
        raise KeyError

    assert tf.no_op().control_inputs == []


def test_group_waits_for_all_it_is_given():
    a, b, v = tf.constant(1, name="a"), tf.no_op(name="b"), tf.Variable(1, name="v")

    assert names(tf.group(a, [b, (v.initializer,)]).control_inputs) == ["a", "b", "v/Assign"]
    assert tf.group().control_inputs == []
    assert tf.group(name="mine").name == "mine"
    with pytest.raises(
        TypeError, match=r"\'inputs\' should be zero or more \(nested\) Tensors. Received \'None\'"
    ):
        tf.group(a, None)


def test_tuple_gates_its_tensors():
    a, b = tf.constant(1, name="a"), tf.constant(2, name="b")
    first, nothing, second = tf.tuple([a, None, b])

    assert nothing is None
    assert tf.Session().run([first, second]) == [1, 2]
    assert all(names(t.op.control_inputs) == ["tuple/group_deps"] for t in (first, second))
    with pytest.raises(ValueError, match=r"'tensors' must have at least one Tensor"):
        tf.tuple([None])


# ----- devices -----


def test_devices_are_noted_completed_and_cleared():
    with tf.device("/job:worker/task:2"):
        with tf.device("/gpu:1"):
            inner = tf.constant(1)
            with tf.device(None):
                cleared = tf.constant(1)
            with tf.device("/cpu:0"):
                innermost = tf.constant(1)
        outer = tf.constant(1)

    assert inner.device == "/job:worker/task:2/device:GPU:1"
    assert innermost.device == "/job:worker/task:2/device:CPU:0"
    assert outer.op.device == "/job:worker/task:2"
    assert cleared.device == tf.constant(1).device == ""


def test_a_device_changes_nothing_about_running():
    with tf.device("/cpu:0"):
        total = tf.constant(1) + 2

    assert tf.Session().run(total) == 3
