"""The nodes of a graph: operations, and the tensors that run between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from graphmagic.dtypes import DType
from graphmagic.graph.dialect import attr_names
from graphmagic.graph.merging import merged_shape
from graphmagic.graph.nodedef import attr_reading, node_def, node_text
from graphmagic.graph.operators import Operators
from graphmagic.graph.stack import default_sessions
from graphmagic.shapes import TensorShape, as_shape

if TYPE_CHECKING:
    from graphmagic.graph.block import Block
    from graphmagic.graph.graph import Graph
    from graphmagic.graph.opdef import OpDef
    from graphmagic.graph.site import Site

__all__ = ["Operation", "Tensor"]

E = TypeVar("E", bound=Exception)
_UNKNOWN = TensorShape(None)


class Operation:
    """One step of a computation: takes tensors, gives tensors.

    Operations are made by functions such as `tf.add`, never directly, and do not change afterwards.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     total = tf.add(1.0, 2.0, name="total")
    >>> total.op.name, total.op.type, [t.name for t in total.op.inputs]
    ('total', 'Add', ['total/x:0', 'total/y:0'])
    """

    __slots__ = (
        "__weakref__",
        "_control_inputs",
        "_name",
        "attrs",
        "block",
        "device",
        "graph",
        "id",
        "inputs",
        "opdef",
        "outputs",
        "site",
    )

    def __init__(
        self,
        graph: Graph,
        opdef: OpDef,
        name: str,
        inputs: tuple[Tensor, ...],
        output_types: Sequence[DType],
        control_inputs: tuple[Operation, ...],
        attrs: dict[str, Any],
        device: str,
        site: Site,
        id: int,
        block: Block | None = None,
    ) -> None:
        self.graph = graph
        self.opdef = opdef
        self._name = name
        self.inputs = inputs
        self._control_inputs = control_inputs
        self.attrs = attrs
        self.device = device
        self.site = site
        self.id = id
        self.block = block
        self.outputs = [Tensor(self, index, dtype) for index, dtype in enumerate(output_types)]

    @property
    def name(self) -> str:
        """The full name, scopes included."""
        return self._name

    @property
    def type(self) -> str:
        """The kind of operation, such as ``MatMul``."""
        return self.opdef.name

    @property
    def control_inputs(self) -> list[Operation]:
        """The operations that must run before this one although no value flows between them."""
        return list(self._control_inputs)

    @property
    def node_def(self) -> Any:
        """The definition of this node: a `tf.NodeDef`."""
        return node_def(self)

    @property
    def traceback(self) -> list[str]:
        """Where the operation was created."""
        return [str(self.site)]

    def get_attr(self, name: str) -> Any:
        """The value of an attribute; strings come as bytes, arrays and shapes as messages.

        Raises:
            ValueError: there is no attribute of that name.
        """
        written = dict(attr_names(self))
        if name not in written:
            raise ValueError(f"Operation '{self.name}' has no attr named '{name}'.")
        return attr_reading(written[name])

    def colocation_groups(self) -> list[bytes]:
        """The operations whose devices this one shares, as ``loc:@name``: itself if there is no other."""
        groups: list[bytes] = dict(attr_names(self)).get("_class") or [f"loc:@{self.name}".encode()]
        return groups

    def values(self) -> tuple[Tensor, ...]:
        """The outputs."""
        return tuple(self.outputs)

    def run(self, feed_dict: Any = None, session: Any = None) -> None:
        """Run this operation in a session.

        Args:
            feed_dict: values for tensors, as in `Session.run`.
            session: the session; without one the default session is used.

        Raises:
            ValueError: there is no default session, or it holds another graph.
        """
        _session_for(self, session, "execute operation", "run").run(self, feed_dict)

    def __repr__(self) -> str:
        return f"<tf.Operation {self.name!r} type={self.type}>"

    def __str__(self) -> str:
        return node_text(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from graphmagic import draw

        return draw.picture_around(self)._repr_mimebundle_(include, exclude)


class Tensor(Operators):
    """An output of an operation: it has a type and perhaps a shape, but no value until a session runs it.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     tf.placeholder(tf.float32, [None, 3], name="x")
    <tf.Tensor 'x:0' shape=(?, 3) dtype=float32>
    """

    __slots__ = ("__weakref__", "_shape", "dtype", "op", "value_index")
    __array_priority__ = 100  # so that ndarray + tensor asks the tensor

    def __init__(self, op: Operation, value_index: int, dtype: DType) -> None:
        self.op = op
        self.value_index = value_index
        self.dtype = dtype
        self._shape = _UNKNOWN

    @property
    def graph(self) -> Graph:
        """The graph this tensor belongs to."""
        return self.op.graph

    @property
    def name(self) -> str:
        """``<operation name>:<output index>``."""
        return f"{self.op.name}:{self.value_index}"

    @property
    def device(self) -> str:
        """The device string given for the operation."""
        return self.op.device

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape before running."""
        return self._shape

    def get_shape(self) -> TensorShape:
        """What is known of the shape before running."""
        return self._shape

    def set_shape(self, shape: Any) -> None:
        """Add knowledge about the shape; what is known already stays.

        Raises:
            ValueError: it contradicts what is known.
        """
        self._shape = merged_shape(self._shape, as_shape(shape))

    def consumers(self) -> list[Operation]:
        """The operations that take this tensor as an input, in creation order."""
        return self.graph.consumers(self)

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """Compute this tensor in a session.

        Args:
            feed_dict: values for tensors, as in `Session.run`.
            session: the session; without one the default session is used.

        Returns:
            The value as a NumPy array or scalar.

        Raises:
            ValueError: there is no default session, or it holds another graph.
        """
        return _session_for(self, session, "evaluate tensor", "eval").run(self, feed_dict)

    def __iter__(self) -> Iterator[Any]:
        text = "Tensor objects are only iterable when eager execution is enabled. To iterate over this tensor use tf.map_fn."
        raise _explained(
            self, TypeError(text), "compute it first, with sess.run, or take it apart with tf.unstack."
        )

    def __setitem__(self, key: Any, value: Any) -> None:
        advice = "a tensor has no value to change; make another one, with tf.where or tf.concat, or use a tf.Variable."
        raise _explained(self, TypeError("'Tensor' object does not support item assignment"), advice)

    def __len__(self) -> int:
        raise TypeError(
            f"len is not well defined for a symbolic Tensor ({self.name}). "
            "Please call `x.shape` rather than `len(x)` for shape information."
        )

    def __bool__(self) -> bool:
        text = (
            "Using a `tf.Tensor` as a Python `bool` is not allowed. Use `if t is not None:` instead of `if t:` to test "
            "if a tensor is defined, and use TensorFlow ops such as tf.cond to execute subgraphs conditioned on the value "
            "of a tensor."
        )
        raise _explained(
            self, TypeError(text), "let the graph decide, with tf.cond, or compute it first, with sess.run."
        )

    __nonzero__ = __bool__

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        text = (
            f"Cannot convert a symbolic tf.Tensor ({self.name}) to a numpy array. This error may indicate that you're "
            "trying to pass a Tensor to a NumPy call, which is not supported."
        )
        advice = "use the function of tf instead of NumPy's, or compute the tensor first, with sess.run."
        raise _explained(self, NotImplementedError(text), advice)

    # Plans are made with many dictionaries of tensors; this hash is 5 times as fast as a method.
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        return f"<tf.Tensor '{self.name}' shape={self._shape} dtype={self.dtype.name}>"

    def __str__(self) -> str:
        shape = "" if self._shape.ndims is None else f", shape={self._shape}"
        return f'Tensor("{self.name}"{shape}, dtype={self.dtype.name})'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from graphmagic import draw

        return draw.picture_around(self)._repr_mimebundle_(include, exclude)


def _explained(node: Operation | Tensor, error: E, advice: str) -> E:
    """An error that says where a node was created, and what to do."""
    from graphmagic.graph.explain import created_at, with_notes

    op = node.op if isinstance(node, Tensor) else node
    return with_notes(error, created_at(op), f"To fix it: {advice}")


def _session_for(node: Operation | Tensor, session: Any, action: str, method: str) -> Any:
    """The session to use for `node`, checked to hold its graph."""
    what = action.split()[1]
    if session is None:
        session = default_sessions.top()
        if session is None:
            block = "`with sess.as_default()`" if method == "eval" else "`with sess.as_default():`"
            text = (
                f"Cannot {action} using `{method}()`: No default session is registered. "
                f"Use {block} or pass an explicit session to `{method}(session=sess)`"
            )
            advice = "a graph holds no values: run it in a session, in a %%session cell or with tf.Session() as sess."
            raise _explained(node, ValueError(text), advice)
        if session.graph is not node.graph:
            mark = "`" if method == "eval" else ""
            raise ValueError(
                f"Cannot use the default session to {action}: the {what}'s graph is different from the session's graph. "
                f"Pass an explicit session to {mark}{method}(session=sess){mark}."
            )
    elif session.graph is not node.graph:
        raise ValueError(
            f"Cannot use the given session to {action}: the {what}'s graph is different from the session's graph."
        )
    return session
