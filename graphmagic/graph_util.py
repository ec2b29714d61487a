"""Changing graph definitions (TensorFlow's ``tf.graph_util``): cutting out, freezing, simplifying."""

from __future__ import annotations

from collections.abc import Iterable as _Iterable
from typing import Any as _Any

import numpy as _np

from graphmagic.graph.nodedef import set_attr as _set_attr
from graphmagic.interchange.importing import import_graph_def
from graphmagic.interchange.importing import is_graph_def as _is_graph_def
from graphmagic.names import namespace as _namespace

__all__ = [
    "convert_variables_to_constants",
    "extract_sub_graph",
    "import_graph_def",
    "remove_training_nodes",
    "tensor_shape_from_node_def_name",
]

_VARIABLES = ("Variable", "VariableV2", "VarHandleOp")


def extract_sub_graph(graph_def: _Any, dest_nodes: _Iterable[str]) -> _Any:
    """The part of a graph definition that some nodes need.

    Args:
        graph_def: a `tf.GraphDef`.
        dest_nodes: the names of the nodes.

    Returns:
        A new `tf.GraphDef`.

    Raises:
        TypeError: an argument has the wrong kind.
        AssertionError: a node is not in the graph.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph:
    ...     a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    >>> [node.name for node in tf.graph_util.extract_sub_graph(graph.as_graph_def(), ["b"]).node]
    ['b']
    """
    if not _is_graph_def(graph_def):
        raise TypeError(f"graph_def must be a graph_pb2.GraphDef proto, but got type {type(graph_def)}.")
    if isinstance(dest_nodes, str):
        raise TypeError(f"dest_nodes must be an iterable of strings, but got type {type(dest_nodes)}.")
    nodes = {node.name: node for node in graph_def.node}
    waiting = list(dest_nodes)
    for name in waiting:
        if name not in nodes:
            raise AssertionError(f"{name} is not in graph")
    needed: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [_source(text) for text in nodes[name].input]
    return _with_nodes(graph_def, [node for node in graph_def.node if node.name in needed])


def _source(text: str) -> str:
    """The name of the node that an input is from."""
    return text.removeprefix("^").partition(":")[0]


def _with_nodes(graph_def: _Any, nodes: list[_Any]) -> _Any:
    result = type(graph_def)()
    result.node.extend(nodes)
    result.versions.CopyFrom(graph_def.versions)
    if hasattr(graph_def, "library"):
        result.library.CopyFrom(graph_def.library)
    return result


def convert_variables_to_constants(
    sess: _Any,
    input_graph_def: _Any,
    output_node_names: _Iterable[str],
    variable_names_whitelist: _Iterable[str] | None = None,
    variable_names_blacklist: _Iterable[str] | None = None,
) -> _Any:
    """Freeze a graph: the variables that some nodes need become constants with their values in a session.

    Args:
        sess: the session.
        input_graph_def: the definition of its graph.
        output_node_names: the names of the nodes; what they do not need is left out.
        variable_names_whitelist: freeze these variables only.
        variable_names_blacklist: do not freeze these.

    Returns:
        A new `tf.GraphDef`.

    Raises:
        FailedPreconditionError: a variable has no value.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph, tf.Session() as sess:
    ...     v = tf.Variable(3.0, name="v")
    ...     y = tf.multiply(v, 2.0, name="y")
    ...     sess.run(v.initializer)
    ...     frozen = tf.graph_util.convert_variables_to_constants(sess, graph.as_graph_def(), ["y"])
    >>> [(node.name, node.op) for node in frozen.node]
    [('v', 'Const'), ('v/read', 'Identity'), ('y/y', 'Const'), ('y', 'Mul')]
    """
    part = extract_sub_graph(input_graph_def, output_node_names)
    wanted = None if variable_names_whitelist is None else set(variable_names_whitelist)
    spared = set(variable_names_blacklist or ())
    names = [
        node.name
        for node in part.node
        if node.op in _VARIABLES and (wanted is None or node.name in wanted) and node.name not in spared
    ]
    values = dict(zip(names, sess.run([f"{name}:0" for name in names]) if names else [], strict=True))
    return _with_nodes(part, [_constant(n, values[n.name]) if n.name in values else n for n in part.node])


def _constant(node: _Any, value: _Any) -> _Any:
    result = type(node)(name=node.name, op="Const", device=node.device)
    result.attr["dtype"].CopyFrom(node.attr["dtype"])
    _set_attr(result.attr["value"], _np.asarray(value, object if isinstance(value, bytes) else None))
    return result


def remove_training_nodes(input_graph: _Any, protected_nodes: _Iterable[str] | None = None) -> _Any:
    """Leave out the nodes that only training needs: identities, and checks of numbers.

    Args:
        input_graph: a `tf.GraphDef`.
        protected_nodes: names of nodes to keep.

    Returns:
        A new `tf.GraphDef`.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph:
    ...     y = tf.negative(tf.identity(tf.constant(1.0, name="x")), name="y")
    >>> [(node.name, *node.input) for node in tf.graph_util.remove_training_nodes(graph.as_graph_def()).node]
    [('x',), ('y', 'x')]
    """
    protected = set(protected_nodes or ())
    waited_for = {text[1:] for node in input_graph.node for text in node.input if text.startswith("^")}
    replaced: dict[str, str] = {}
    kept = []
    for node in _without_checks(input_graph, protected | waited_for, replaced):
        copy = type(node)()
        copy.CopyFrom(node)
        sources = [_through(text, replaced) for text in node.input]
        del copy.input[:]
        copy.input.extend(sources)
        kept.append(copy)
    return _with_nodes(input_graph, kept)


def _without_checks(graph_def: _Any, protected: set[str], replaced: dict[str, str]) -> list[_Any]:
    """The nodes to keep; what to take instead of the others goes to `replaced`."""
    kept = []
    for node in graph_def.node:
        passes = node.op in ("Identity", "CheckNumerics") and len(node.input) == 1
        if passes and node.name not in protected and not node.input[0].startswith("^"):
            replaced[node.name] = node.input[0]
        else:
            kept.append(node)
    return kept


def _through(text: str, replaced: dict[str, str]) -> str:
    while text.removesuffix(":0") in replaced:
        text = replaced[text.removesuffix(":0")]
    return text


def tensor_shape_from_node_def_name(graph: _Any, input_name: str) -> _Any:
    """The static shape of the tensor that an input of a node definition names.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph:
    ...     x = tf.zeros([2, 3], name="x")
    >>> tf.graph_util.tensor_shape_from_node_def_name(graph, "x").as_list()
    [2, 3]
    """
    name = input_name if ":" in input_name else f"{input_name}:0"
    return graph.get_tensor_by_name(name).get_shape()


__getattr__, __dir__ = _namespace(__name__)
