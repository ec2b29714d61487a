"""`tf.import_graph_def`: names, replaced inputs, returned elements, and what it refuses."""

import pytest

import graphmagic as tf


@pytest.fixture
def graph_def():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 2], name="x")
        y = tf.add(x, 1.0, name="y")
        with tf.control_dependencies([tf.no_op(name="first")]):
            tf.identity(y, name="z")
    return graph.as_graph_def()


def names(graph=None):
    return [op.name for op in (graph or tf.get_default_graph()).get_operations()]


def test_names_go_below_a_scope_of_their_own(graph_def):
    tf.import_graph_def(graph_def)
    tf.import_graph_def(graph_def)
    with tf.name_scope("s"):
        tf.import_graph_def(graph_def, name="mine")

    assert names()[:4] == ["import/x", "import/y/y", "import/y", "import/first"]
    assert [n for n in names() if n.endswith("x")] == ["import/x", "import_1/x", "s/mine/x"]


def test_without_a_scope_names_stay_unique(graph_def):
    tf.import_graph_def(graph_def, name="")
    tf.import_graph_def(graph_def, name="")

    assert names() == ["x", "y/y", "y", "first", "z", "x_1", "y/y_1", "y_1", "first_1", "z_1"]


def test_structure_is_kept(graph_def):
    x, y, z, first = tf.import_graph_def(graph_def, return_elements=["x:0", "y", "z", "first"], name="")

    assert (x.name, x.dtype, x.shape.as_list()) == ("x:0", tf.float32, [None, 2])
    assert (y.type, y.inputs[0], y.outputs[0].shape.as_list()) == ("Add", x, [None, 2])
    assert z.control_inputs == [first]


def test_inputs_can_be_replaced(graph_def):
    [z] = tf.import_graph_def(graph_def, {"x": [[1.0, 2.0]]}, ["z:0"])
    [cut] = tf.import_graph_def(graph_def, {"y:0": tf.constant([[7.0]])}, ["z:0"])

    assert z.shape.as_list() == [1, 2]
    assert tf.Session().run([z, cut])[0].tolist() == [[2.0, 3.0]]
    assert tf.Session().run(cut).tolist() == [[7.0]]


def test_nodes_may_come_in_any_order(graph_def):
    shuffled = tf.GraphDef()
    shuffled.node.extend(reversed(list(graph_def.node)))
    [z] = tf.import_graph_def(shuffled, {"x": [[1.0, 2.0]]}, ["z:0"])

    assert tf.Session().run(z).tolist() == [[2.0, 3.0]]


def test_older_and_newer_names_of_operations(graph_def):
    assert graph_def.node[2].op == "Add"
    graph_def.node[2].op = "AddV2"
    [y] = tf.import_graph_def(graph_def, return_elements=["y"])

    assert y.type == "Add"


def test_devices_and_colocation_are_kept():
    with tf.Graph().as_default() as graph, tf.device("/cpu:0"):
        tf.constant(1.0, name="c")
    graph_def = graph.as_graph_def()
    graph_def.node[0].attr["_class"].list.s.append(b"loc:@c")
    [c] = tf.import_graph_def(graph_def, return_elements=["c"], name="m")

    assert (c.device, c.get_attr("_class")) == ("/device:CPU:0", [b"loc:@m/c"])


@pytest.mark.parametrize(
    ("arguments", "kind", "text"),
    [
        ({"graph_def": 3}, TypeError, "Argument `graph_def` must be a GraphDef proto."),
        ({"input_map": 3}, TypeError, "Argument `input_map` must be a dictionary. Obtained int"),
        ({"input_map": {3: 4}}, TypeError, r"All keys for argument `input_map` must be strings. "),
        ({"input_map": {"q:0": 1.0}}, ValueError, "Attempted to map inputs that were not found in graph_def"),
        ({"input_map": {"x:0": 3}, "name": ""}, ValueError, "requires a non-empty `name` if `input_map` cont"),
        ({"return_elements": ["nope"]}, ValueError, "Requested return node 'nope' not found in graph def"),
        ({"return_elements": ["y:3"]}, ValueError, r"Invalid return output 3 of node 'y', which has 1 output\(s\)"),
        ({"return_elements": ["y:a"]}, ValueError, "Second component of the name following the `:` should be an int"),
        ({"return_elements": [3]}, TypeError, "All elements for argument `return_elements` must be strings"),
        ({"name": "bad name"}, ValueError, "'bad name' is not a valid root scope name"),
        ({"input_map": {"x:0": [1, 2]}}, ValueError, "was passed int32 from import/_inputs/Const:0"),
    ],
)  # fmt: skip
def test_wrong_arguments(graph_def, arguments, kind, text):
    with pytest.raises(kind, match=text):
        tf.import_graph_def(**{"graph_def": graph_def, **arguments})
    assert names() == []


def unknown_type(graph_def):
    graph_def.node[2].op, graph_def.node[4].op = "Frobnicate", "Quux"


def unknown_input(graph_def):
    graph_def.node[4].input[0] = "zz"


def missing_output(graph_def):
    graph_def.node[4].input[0] = "y:4"


def one_input_too_many(graph_def):
    graph_def.node[4].input.insert(0, "x")


def name_twice(graph_def):
    graph_def.node[4].name = "y"


def circle(graph_def):
    graph_def.node[2].input[0] = "z"


def no_type(graph_def):
    del graph_def.node[0].attr["dtype"]


def other_type(graph_def):
    graph_def.node[0].attr["dtype"].type = tf.int32.as_datatype_enum


def strange_type(graph_def):
    graph_def.node[0].attr["dtype"].type = 14


def bad_name(graph_def):
    graph_def.node[4].name = "bad name"


def function_attribute(graph_def):
    graph_def.node[4].attr["f"].func.name = "g"


def shapes_that_do_not_fit(graph_def):
    graph_def.node[1].attr["value"].tensor.tensor_shape.dim.add(size=5)


@pytest.mark.parametrize(
    ("damage", "text"),
    [
        (
            unknown_type,
            r"graphmagic has no operations of these types: Frobnicate \(node 'y'\), Quux \(node 'z'\)\.",
        ),
        (unknown_input, "Node 'z': Unknown input node 'zz'"),
        (missing_output, "Node 'z': Connecting to invalid output 4 of source node y which has 1 outputs."),
        (one_input_too_many, r"Node 'z' \(Identity\) takes 1 inputs, but the definition gives 2."),
        (name_twice, "Node 'y' is not unique"),
        (circle, "Cannot import a graph whose nodes form a cycle"),
        (no_type, "NodeDef missing attr 'dtype'"),
        (
            other_type,
            "Input 0 of node import/y was passed int32 from import/x:0 incompatible with expected float32.",
        ),
        (strange_type, r"Node 'x' \(Placeholder\), attribute 'dtype': .*14"),
        (bad_name, "is not a valid node name"),
        (function_attribute, r"Node 'z' \(Identity\), attribute 'f': graphmagic cannot read the attribute"),
        (shapes_that_do_not_fit, "Dimensions must be equal, but are 2 and 5"),
    ],
)
def test_damaged_definitions_leave_the_graph_as_it_was(graph_def, damage, text):
    tf.constant(1.0, name="before")
    try:
        damage(graph_def)
    except AttributeError:  # protocol buffers insert nowhere but at the end
        sources = ["x", *graph_def.node[4].input]
        del graph_def.node[4].input[:]
        graph_def.node[4].input.extend(sources)

    with pytest.raises(ValueError, match=text):
        tf.import_graph_def(graph_def)
    assert names() == ["before"]


def control_flow_def(**inputs):
    """A branch as TensorFlow 1 writes it, with some inputs changed."""
    nodes = {
        "p": ("Placeholder", []),
        "x": ("Placeholder", []),
        "Switch": ("Switch", ["x", "p"]),
        "no": ("Neg", ["Switch"]),
        "yes": ("Square", ["Switch:1"]),
        "Merge": ("Merge", ["no", "yes"]),
    }
    result = tf.GraphDef()
    for name, (kind, sources) in nodes.items():
        node = result.node.add(name=name, op=kind)
        node.input.extend(inputs.get(name, sources))
        if kind == "Placeholder":
            node.attr["dtype"].type = (tf.bool if name == "p" else tf.float32).as_datatype_enum
        else:
            node.attr["T"].type = tf.float32.as_datatype_enum
    return result


def test_a_branch_becomes_a_cond():
    p, x, merged = tf.import_graph_def(control_flow_def(), return_elements=["p:0", "x:0", "Merge:0"])

    assert merged.op.inputs[0].op.type == "If"
    assert [tf.Session().run(merged, {p: side, x: 3.0}) for side in (True, False)] == [9.0, -3.0]


def test_the_predicate_of_a_branch_can_be_replaced():
    x, merged = tf.import_graph_def(
        control_flow_def(), {"p:0": tf.constant(False)}, return_elements=["x:0", "Merge:0"]
    )

    assert tf.Session().run(merged, {x: 3.0}) == -3.0


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        ({"Merge": ["no", "x"]}, "Cannot import node 'Merge': it merges what comes from no branch"),
        (
            {"Merge": ["no", "no"]},
            "Cannot import node 'Merge': it takes no value from one side of its branch",
        ),
        (
            {"yes": ["Switch:1", "^no"]},
            "Cannot import node 'yes': it takes values from two branches or loops",
        ),
    ],
)
def test_what_is_no_branch_is_refused(inputs, text):
    with pytest.raises(ValueError, match=text):
        tf.import_graph_def(control_flow_def(**inputs))
    assert names() == []


def test_the_start_of_a_branch_has_no_operation_of_its_own():
    with pytest.raises(ValueError, match="Requested return node 'Switch' not found in graph def"):
        tf.import_graph_def(control_flow_def(), return_elements=["Switch"])
