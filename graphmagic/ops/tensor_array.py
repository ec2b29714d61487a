"""`tf.TensorArray`: a list of tensors that a loop can write to and read from."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import DType, as_dtype, int32, int64
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops import tensor_array_ops as ops
from graphmagic.ops.fill import range as range_
from graphmagic.ops.identity import identity
from graphmagic.ops.queries import shape as shape_of
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["TensorArray"]


class TensorArray:
    """A list of tensors, written and read by position.

    Writing returns a new `TensorArray`, to be used from then on.  As a loop variable of `tf.while_loop` it collects
    what the iterations compute.

    Args:
        dtype: the type of the elements.
        size: how many there are, a number or a tensor.
        dynamic_size: whether writing beyond the end makes it longer.
        clear_after_read: accepted for old programs; an element can be read any number of times.
        tensor_array_name: a name for error messages.
        handle: the handle of an existing array, instead of `size`.
        flow: the version of an existing array.
        infer_shape: whether all elements must have one shape.
        element_shape: that shape, if it is known.
        colocate_with_first_write_call: accepted for old programs.
        name: the operation's name.

    Raises:
        ValueError: not exactly one of `size` and `handle` is given.

    >>> import graphmagic as tf
    >>> squares = tf.TensorArray(tf.int32, size=4)
    >>> _, squares = tf.while_loop(lambda i, ta: i < 4, lambda i, ta: (i + 1, ta.write(i, i * i)), [0, squares])
    >>> tf.Session().run(squares.stack())
    array([0, 1, 4, 9], dtype=int32)
    """

    def __init__(
        self,
        dtype: Any,
        size: Any = None,
        dynamic_size: bool | None = None,
        clear_after_read: bool | None = None,
        tensor_array_name: str | None = None,
        handle: Tensor | None = None,
        flow: Tensor | None = None,
        infer_shape: bool = True,
        element_shape: Any = None,
        colocate_with_first_write_call: bool = True,
        name: str | None = None,
    ) -> None:
        if handle is not None and size is not None:
            raise ValueError("Cannot provide both a `handle` and `size` arguments at the same time.")
        if handle is None and size is None:
            raise ValueError("Argument `size` must be provided if handle is not provided.")
        self._dtype = as_dtype(dtype).base_dtype
        self._dynamic_size = bool(dynamic_size)
        self._infer_shape = infer_shape
        self._shape = [as_shape(element_shape)]  # one list for all versions: what a write shows, all know
        self._size = size if not self._dynamic_size else None
        if handle is not None:
            assert flow is not None
            self._handle, self._flow = handle, flow
            return
        with get_default_graph().name_scope(name or "TensorArray") as scope:
            self._handle, self._flow = apply_op(
                ops.tensor_array_op,
                convert_to_tensor(size, int32, name="size") if not isinstance(size, Tensor) else size,
                name=scope,
                dtype=self._dtype,
                element_shape=self._shape[0],
                dynamic_size=self._dynamic_size,
                clear_after_read=clear_after_read is not False,
                identical_element_shapes=infer_shape,
                tensor_array_name=tensor_array_name or "",
            ).outputs

    # ----- what it is -----

    @property
    def flow(self) -> Tensor:
        """The tensor that stands for this version of the array."""
        return self._flow

    @property
    def handle(self) -> Tensor:
        """The tensor that stands for the array as such."""
        return self._handle

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._dtype

    @property
    def element_shape(self) -> TensorShape:
        """What is known of the shape of the elements."""
        return self._shape[0]

    @property
    def dynamic_size(self) -> bool:
        """Whether writing beyond the end makes it longer."""
        return self._dynamic_size

    @property
    def graph(self) -> Any:
        """The graph it belongs to."""
        return self._flow.graph

    @property
    def op(self) -> Operation:
        """The operation that made this version."""
        return self._flow.op

    def with_flow(self, flow: Tensor) -> TensorArray:
        """The array in another version."""
        other = TensorArray.__new__(TensorArray)
        other.__dict__.update(self.__dict__, _flow=flow)
        return other

    def identity(self) -> TensorArray:
        """The array in the same version, under a new name."""
        return self.with_flow(identity(self._flow))

    def size(self, name: str | None = None) -> Tensor:
        """The number of elements."""
        if self._size is not None:
            self.graph.spared += isinstance(self._size, Tensor)  # TensorFlow 1 asks the array
            return convert_to_tensor(self._size, int32, name=name)
        return apply_op(ops.size_op, self._handle, self._flow, name=name).outputs[0]

    def close(self, name: str | None = None) -> Operation:
        """An operation that does nothing; arrays go away with the run."""
        from graphmagic.ops.control import no_op

        return no_op(name=name or "TensorArrayCloseV3")

    # ----- one element -----

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """The element at a position.

        Args:
            index: the position.
            name: the operation's name.
        """
        op = apply_op(ops.read_op, self._handle, index, self._flow, name=name, dtype=self._dtype)
        op.outputs[0].set_shape(self._shape[0])
        return op.outputs[0]

    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """The array with one more element.

        Args:
            index: its position; writing twice to one is an error when the graph runs.
            value: the element.
            name: the scope of what is made.

        Raises:
            ValueError: its shape is not that of the others.
        """
        with get_default_graph().name_scope(name or "TensorArrayWrite") as scope:
            tensor = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
            self._check_type(tensor, "TensorArrayWriteV3")
            self._merge_shape(tensor.shape)
            last = f"{scope}{name.rpartition('/')[2]}" if name else None
            return self.with_flow(
                apply_op(
                    ops.write_op, self._handle, index, tensor, self._flow, name=last and f"{last}/"
                ).outputs[0]
            )

    def _check_type(self, tensor: Tensor, op: str) -> None:
        if tensor.dtype.base_dtype is not self._dtype:
            raise TypeError(
                f"TensorArray dtype is {self._dtype.name} but Op {op} is trying to write dtype "
                f"{tensor.dtype.base_dtype.name}"
            )

    def _merge_shape(self, shape: TensorShape) -> None:
        if not self._infer_shape:
            return
        if not self._shape[0].is_compatible_with(shape):
            raise ValueError(f"Inconsistent shapes: saw {shape} but expected {self._shape[0]} ")
        self._shape[0] = self._shape[0].merge_with(shape)

    # ----- all elements -----

    def stack(self, name: str | None = None) -> Tensor:
        """All elements as the rows of one tensor; where none was written, zeros if the shape is known."""
        with get_default_graph().name_scope(name or "TensorArrayStack"):
            size = self.size()
            result = self.gather(range_(0, size))
            known = static_value(size)
            if self._shape[0].ndims is not None:
                result.set_shape([None if known is None else int(known), *self._shape[0].as_list()])
            return result

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """The elements at some positions as the rows of one tensor.

        Args:
            indices: the positions.
            name: the operation's name.
        """
        op = apply_op(
            ops.gather_op,
            self._handle,
            indices,
            self._flow,
            name=name,
            dtype=self._dtype,
            element_shape=self._shape[0],
        )
        if self._shape[0].ndims is not None:
            op.outputs[0].set_shape([None, *self._shape[0].as_list()])
        return op.outputs[0]

    def concat(self, name: str | None = None) -> Tensor:
        """All elements one after the other along their first dimension."""
        op = apply_op(
            ops.concat_op,
            self._handle,
            self._flow,
            name=name,
            dtype=self._dtype,
            element_shape=self._shape[0],
        )
        if self._shape[0].ndims:
            op.outputs[0].set_shape([None, *self._shape[0].as_list()[1:]])
        return op.outputs[0]

    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """The array with the rows of a tensor as elements.

        Args:
            value: the tensor.
            name: the scope of what is made.
        """
        with get_default_graph().name_scope(name or "TensorArrayUnstack"):
            tensor = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
            return self.scatter(range_(0, shape_of(tensor)[0]), tensor)

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> TensorArray:
        """The array with the rows of a tensor at some positions.

        Args:
            indices: the positions.
            value: the tensor.
            name: the scope of what is made.
        """
        with get_default_graph().name_scope(name or "TensorArrayScatter"):
            tensor = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
            self._check_type(tensor, "TensorArrayScatterV3")
            if tensor.shape.ndims:
                self._merge_shape(tensor.shape[1:])
            return self.with_flow(
                apply_op(ops.scatter_op, self._handle, indices, tensor, self._flow).outputs[0]
            )

    def split(self, value: Any, lengths: Any, name: str | None = None) -> TensorArray:
        """The array with consecutive pieces of a tensor as elements.

        Args:
            value: the tensor.
            lengths: how many rows each piece has.
            name: the scope of what is made.
        """
        with get_default_graph().name_scope(name or "TensorArraySplit"):
            tensor = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
            self._check_type(tensor, "TensorArraySplitV3")
            sizes = convert_to_tensor(lengths, int64, name="lengths")
            return self.with_flow(apply_op(ops.split_op, self._handle, tensor, sizes, self._flow).outputs[0])
