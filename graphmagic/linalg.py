"""Linear algebra, of the last two dimensions of tensors."""

from __future__ import annotations

from graphmagic.names import namespace as _namespace
from graphmagic.nn.norm_clipping import global_norm
from graphmagic.nn.normalization import l2_normalize
from graphmagic.ops.bands import eye
from graphmagic.ops.bands import matrix_band_part as band_part
from graphmagic.ops.contraction import cross, matvec, tensordot
from graphmagic.ops.decompositions import cholesky, qr
from graphmagic.ops.decompositions import self_adjoint_eig as eigh
from graphmagic.ops.decompositions import self_adjoint_eigvals as eigvalsh
from graphmagic.ops.determinants import log_matrix_determinant as slogdet
from graphmagic.ops.determinants import logdet
from graphmagic.ops.determinants import matrix_determinant as det
from graphmagic.ops.diagonals import diag as tensor_diag
from graphmagic.ops.diagonals import diag_part as tensor_diag_part
from graphmagic.ops.diagonals import matrix_diag as diag
from graphmagic.ops.diagonals import matrix_diag_part as diag_part
from graphmagic.ops.diagonals import matrix_set_diag as set_diag
from graphmagic.ops.diagonals import trace
from graphmagic.ops.einsum import einsum
from graphmagic.ops.exponential import matrix_exponential as expm
from graphmagic.ops.least_squares import matrix_solve_ls as lstsq
from graphmagic.ops.linalg import matmul
from graphmagic.ops.lu import lu, pinv
from graphmagic.ops.matrices import adjoint, matrix_transpose
from graphmagic.ops.matrices import matrix_transpose as transpose
from graphmagic.ops.norms import norm, normalize
from graphmagic.ops.singular_values import svd
from graphmagic.ops.solving import cholesky_solve
from graphmagic.ops.solving import matrix_inverse as inv
from graphmagic.ops.solving import matrix_solve as solve
from graphmagic.ops.solving import matrix_triangular_solve as triangular_solve

__all__ = [
    "lu",
    "pinv",
    "adjoint",
    "band_part",
    "cholesky",
    "cholesky_solve",
    "cross",
    "det",
    "diag",
    "diag_part",
    "eigh",
    "eigvalsh",
    "einsum",
    "expm",
    "eye",
    "global_norm",
    "inv",
    "l2_normalize",
    "logdet",
    "lstsq",
    "matmul",
    "matrix_transpose",
    "matvec",
    "norm",
    "normalize",
    "qr",
    "set_diag",
    "slogdet",
    "solve",
    "svd",
    "tensor_diag",
    "tensor_diag_part",
    "tensordot",
    "trace",
    "transpose",
    "triangular_solve",
]

__getattr__, __dir__ = _namespace(__name__)
