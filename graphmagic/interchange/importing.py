"""`tf.import_graph_def`: the nodes of a graph definition become operations of the default graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.messages import has_protobuf, message
from graphmagic.graph.node import Tensor
from graphmagic.graph.plain_messages import PLAIN
from graphmagic.graph.undo import unchanged_on_error
from graphmagic.interchange.definition import Definition
from graphmagic.interchange.importer import tensor_name

__all__ = ["import_graph_def", "is_graph_def"]


def import_graph_def(
    graph_def: Any,
    input_map: Mapping[str, Any] | None = None,
    return_elements: Sequence[str] | None = None,
    name: str | None = None,
    op_dict: Any = None,
    producer_op_list: Any = None,
) -> list[Any] | None:
    """Add the nodes of a graph definition to the default graph.

    Args:
        graph_def: a `tf.GraphDef`, made by `Graph.as_graph_def` or read from a file that TensorFlow wrote.
        input_map: tensors to use instead of tensors of `graph_def`: a dictionary from their names there.
        return_elements: names of operations and tensors of `graph_def` to return.
        name: the scope of the new operations; ``"import"`` if None, no scope if empty.
        op_dict: accepted for old programs.
        producer_op_list: accepted for old programs.

    Returns:
        The operations and tensors that `return_elements` names, None without it.

    Raises:
        TypeError: an argument has the wrong kind.
        ValueError: the definition cannot be imported; the graph is as it was.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as one:
    ...     x = tf.placeholder(tf.float32, name="x")
    ...     y = tf.add(x, 1.0, name="y")
    >>> with tf.Graph().as_default() as two:
    ...     [y] = tf.import_graph_def(one.as_graph_def(), {"x:0": tf.constant(4.0)}, ["y:0"], name="copy")
    >>> y.name, tf.Session(graph=two).run(y)
    ('copy/y:0', np.float32(5.0))
    """
    if not is_graph_def(graph_def):
        raise TypeError("Argument `graph_def` must be a GraphDef proto.")
    replaced = _check_input_map(input_map)
    wanted = _check_elements(return_elements)
    graph = get_default_graph()
    with unchanged_on_error(graph):
        with graph.name_scope("import" if name is None else name) as scope:
            tensors = {key: _replacement(key, value, scope) for key, value in replaced.items()}
            definition = Definition(graph, graph_def, tensors, scope)
            definition.add_all()
        unused = [key for key in tensors if key not in definition.used]
        if unused:
            raise ValueError(
                f"Attempted to map inputs that were not found in graph_def: [{', '.join(unused)}]"
            )
        return None if return_elements is None else [definition.element(element) for element in wanted]


def is_graph_def(value: Any) -> bool:
    """Whether a value is a graph definition: a protocol buffer, or its look-alike."""
    if isinstance(value, PLAIN["GraphDef"]) or (has_protobuf() and isinstance(value, message("GraphDef"))):
        return True
    descriptor = getattr(value, "DESCRIPTOR", None)  # TensorFlow has a class of its own for the same messages
    return getattr(descriptor, "name", "") == "GraphDef"


def _check_input_map(input_map: Any) -> dict[str, Any]:
    if input_map is not None and not isinstance(input_map, Mapping):
        raise TypeError(f"Argument `input_map` must be a dictionary. Obtained {type(input_map).__name__}")
    keys = list(input_map or ())
    if not all(isinstance(key, str) for key in keys):
        raise TypeError(f"All keys for argument `input_map` must be strings. Obtained keys: {keys}")
    return {tensor_name(key): value for key, value in (input_map or {}).items()}


def _check_elements(elements: Any) -> list[str]:
    found = list(elements or ())
    if not all(isinstance(element, str) for element in found):
        raise TypeError(f"All elements for argument `return_elements` must be strings. Obtained: {found}")
    return found


def _replacement(key: str, value: Any, scope: str) -> Any:
    if key.startswith("^"):
        return value
    if not scope and not hasattr(value, "graph"):
        raise ValueError(
            "tf.import_graph_def() requires a non-empty `name` if `input_map` contains non-Tensor values. "
            "Try calling tf.convert_to_tensor() on `input_map` values before calling tf.import_graph_def()."
        )
    if isinstance(value, Tensor):
        return value
    with get_default_graph().name_scope("_inputs"):
        return convert_to_tensor(value)
