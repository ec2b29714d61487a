"""What a computation is: operations, tensors and the graph that holds them; no arrays, no execution."""

from graphmagic.graph.graph import Graph, GraphKeys, get_default_graph, reset_default_graph, set_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef

__all__ = [
    "Graph",
    "GraphKeys",
    "OpDef",
    "Operation",
    "Tensor",
    "get_default_graph",
    "reset_default_graph",
    "set_default_graph",
]
