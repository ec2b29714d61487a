"""Reading what a caller asks of a run: which tensors and operations, and how the answer is put together."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.explain import with_notes
from graphmagic.graph.graph import Graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.structure import flatten, is_nest, rebuild

__all__ = ["Fetches"]


class Fetches:
    """A nest of fetches, resolved to elements of a graph.

    Args:
        graph: the session's graph.
        structure: tensors, operations, variables, names, or a nest of them.

    Raises:
        TypeError: something else is among them.
        ValueError: a name or tensor is not of this graph.

    >>> import graphmagic as tf
    >>> a = tf.constant(1, name="a")
    >>> fetches = Fetches(a.graph, {"tensor": a, "op": a.op})
    >>> fetches.tensors, fetches.assemble([7])
    ((<tf.Tensor 'a:0' shape=() dtype=int32>,), {'tensor': 7, 'op': None})
    """

    def __init__(self, graph: Graph, structure: Any) -> None:
        self._structure = rebuild(structure, lambda leaf: leaf)  # a copy: the caller's lists may change later
        self._leaves = [_resolve(graph, leaf) for leaf in flatten(structure)]
        self._slots: list[Any] = []
        tensors: list[Tensor] = []
        self.targets: tuple[Operation, ...] = tuple(e for e, _ in self._leaves if isinstance(e, Operation))
        for element, _ in self._leaves:
            count = len(element) if isinstance(element, list) else 1
            if isinstance(element, Operation):
                self._slots.append(None)
                continue
            self._slots.append((len(tensors), count))
            tensors += element if isinstance(element, list) else [element]
        self.tensors: tuple[Tensor, ...] = tuple(tensors)
        self._is_single = not is_nest(structure)
        plain = all(slot is not None for slot in self._slots) and all(c is None for _, c in self._leaves)
        self._is_tensor = self._is_single and plain
        self._is_list = type(structure) is list and plain and not any(map(is_nest, structure))

    def assemble(self, values: Any) -> Any:
        """The answer, shaped like the question.

        Args:
            values: the values of `tensors`, in order.
        """
        if self._is_tensor:
            return values[0]
        if self._is_list:
            return list(values)
        leaves = iter([self._leaf_value(i, values) for i in range(len(self._leaves))])
        return next(leaves) if self._is_single else rebuild(self._structure, lambda _: next(leaves))

    def _leaf_value(self, index: int, values: Any) -> Any:
        slot, composite = self._slots[index], self._leaves[index][1]
        if slot is None:
            return None
        first, count = slot
        return (
            values[first] if composite is None else composite.fetch_value(list(values[first : first + count]))
        )


def _resolve(graph: Graph, leaf: Any) -> tuple[Any, Any]:
    """The graph element of a leaf (a list of tensors for a composite), and the composite itself or None."""
    if leaf is None:
        raise with_notes(
            TypeError(f'Argument `fetch` = {leaf} has invalid type "{type(leaf).__name__}". Cannot be None'),
            "Where a None may come from: tf.gradients gives None for what a value does not depend on; "
            "a Python function without `return` gives None; so does sess.run for an operation.",
        )
    if hasattr(leaf, "fetch_parts"):
        return [_element(graph, part) for part in leaf.fetch_parts()], leaf
    return _element(graph, leaf), None


def _element(graph: Graph, leaf: Any) -> Any:
    element = _found(graph, leaf)
    op = element if isinstance(element, Operation) else element.op
    if not graph.is_fetchable(op):
        raise with_notes(
            ValueError(
                f"Operation {op.name} has been marked as not fetchable. Typically this happens when it is defined in "
                "another function or code block. Use return values, explicit Python locals or TensorFlow collections to "
                "access it."
            ),
            "To fix it: return it from the function given to tf.cond or tf.while_loop, and fetch what those return.",
        )
    return element


def _found(graph: Graph, leaf: Any) -> Any:
    try:
        return graph.as_graph_element(leaf, allow_tensor=True, allow_operation=True)
    except TypeError as error:
        raise TypeError(
            f'Argument `fetch` = {leaf} has invalid type "{type(leaf).__name__}" must be a string or Tensor. ({error})'
        ) from None
    except (ValueError, KeyError) as error:
        raise with_notes(
            ValueError(f"Argument `fetch` = {leaf} cannot be interpreted as a Tensor. ({error})"),
            *getattr(error, "__notes__", ()),
        ) from None
