"""Sparse tensors (TensorFlow's ``tf.sparse``)."""

from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.names import namespace as _namespace
from graphmagic.ops.sparse_filling import sparse_fill_empty_rows as fill_empty_rows
from graphmagic.ops.sparse_filling import sparse_to_indicator as to_indicator
from graphmagic.ops.sparse_joining import sparse_concat as concat
from graphmagic.ops.sparse_joining import sparse_split as split
from graphmagic.ops.sparse_math import sparse_add as add
from graphmagic.ops.sparse_math import sparse_maximum as maximum
from graphmagic.ops.sparse_math import sparse_minimum as minimum
from graphmagic.ops.sparse_math import sparse_tensor_dense_matmul as sparse_dense_matmul
from graphmagic.ops.sparse_rearranging import sparse_expand_dims as expand_dims
from graphmagic.ops.sparse_rearranging import sparse_mask as mask
from graphmagic.ops.sparse_rearranging import sparse_reorder as reorder
from graphmagic.ops.sparse_rearranging import sparse_reset_shape as reset_shape
from graphmagic.ops.sparse_rearranging import sparse_reshape as reshape
from graphmagic.ops.sparse_rearranging import sparse_retain as retain
from graphmagic.ops.sparse_rearranging import sparse_transpose as transpose
from graphmagic.ops.sparse_reducing import sparse_reduce_max as reduce_max
from graphmagic.ops.sparse_reducing import sparse_reduce_max_sparse as reduce_max_sparse
from graphmagic.ops.sparse_reducing import sparse_reduce_sum as reduce_sum
from graphmagic.ops.sparse_reducing import sparse_reduce_sum_sparse as reduce_sum_sparse
from graphmagic.ops.sparse_reducing import sparse_softmax as softmax
from graphmagic.ops.sparse_slicing import sparse_slice as slice
from graphmagic.ops.sparse_values import from_dense
from graphmagic.ops.sparse_values import sparse_placeholder as placeholder
from graphmagic.ops.sparse_values import sparse_tensor_to_dense as to_dense

__all__ = [
    "SparseTensor",
    "add",
    "concat",
    "expand_dims",
    "fill_empty_rows",
    "from_dense",
    "mask",
    "maximum",
    "minimum",
    "placeholder",
    "reduce_max",
    "reduce_max_sparse",
    "reduce_sum",
    "reduce_sum_sparse",
    "reorder",
    "reset_shape",
    "reshape",
    "retain",
    "slice",
    "softmax",
    "sparse_dense_matmul",
    "split",
    "to_dense",
    "to_indicator",
    "transpose",
]

__getattr__, __dir__ = _namespace(__name__)
