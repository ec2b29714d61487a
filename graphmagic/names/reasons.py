"""Why graphmagic does not have a name of TensorFlow, and what to use instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["OLD_NAMES", "Reason", "reason_for"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a name is missing.

    Args:
        pattern: a regular expression for whole names, without ``tf.``.
        why: a clause that says why it is missing.
        instead: a sentence that says what to use instead; empty if there is nothing.
        planned: whether graphmagic is to have it.
    """

    pattern: str
    why: str
    instead: str = ""
    planned: bool = False


# The first one that matches counts.
REASONS = (
    Reason(r"contrib(\..*)?", "tf.contrib went away with version 1"),
    Reason(r"feature_column\.sequence_\w+", "nobody has written it yet", "", True),
    Reason(
        r"keras(\..*)?",
        "it is a library on top of TensorFlow",
        "Build the graph with tf.layers and tf.nn, and run it in a tf.Session.",
    ),
    Reason(
        r"distribute(\..*)?|tpu(\..*)?|train\.(Server|ClusterSpec|ClusterDef|JobDef|ServerDef|replica_device_setter|"
        r"SyncReplicas\w+|WorkerSessionCreator|ChiefSessionCreator)|device_(c|s)\w*|xla(\..*)?|"
        r"config\.experimental_connect\w*|nn\.RNNCellDeviceWrapper|.*[Cc]onditionalAccumulator\w*|DeviceSpec",
        "graphmagic runs on one machine, without a cluster",
        "One tf.Session does all the work.",
    ),
    Reason(
        r"config(\..*)?|GPUOptions|sysconfig(\..*)?|mixed_precision(\..*)?|.*quantiz\w*.*|quantization(\..*)?|fake_quant\w*|"
        r"test\.(is_gpu|is_built|gpu).*|train\..*(MixedPrecision|mixed_precision)\w*|lite(\..*)?|mlir(\..*)?|"
        r"experimental\.tensorrt|bfloat16|dtypes\.bfloat16|q?u?int(4|8|16|32)|dtypes\.q?u?int\d+",
        "it configures hardware, compilers or number formats that graphmagic does without",
    ),
    Reason(
        r"GradientTape|function|enable_eager_execution|executing_eagerly\w*|init_scope|autograph(\..*)?|"
        r".*v2_(behavior|tensorshape).*|.*(enable|disable)_\w+|wrap_function|"
        r"experimental\..*|Module|variable_creator_scope|autodiff|vectorized_map|recompute_grad|.*_enabled",
        "graphmagic has graphs and sessions only, no eager execution",
        "Build a graph and run it in a tf.Session.",
    ),
    Reason(
        r"ragged(\..*)?|RaggedTensor\w*|.*[rR]agged.*|.*Spec|type_spec_from_value|types(\..*)?|"
        r"Optional\w*",
        "it is for values of types that graphmagic does not have",
        "Pad to a common length, and mask with tf.sequence_mask.",
    ),
    Reason(
        r"(math\.)?(complex|conj|imag|real|angle|polar)|(math\.)?complex_abs|signal(\..*)?|spectral(\..*)?|"
        r"(linalg\.)?(i?r?fft\w*|adjoint|eig|eigvals)|[ir]*fft[23]?d?|complex(64|128)|audio(\..*)?",
        "graphmagic computes with real numbers",
        "Keep the real and the imaginary part as two tensors.",
    ),
    Reason(
        r"saved_model(\..*)?|SavedModel\w*|resource_loader(\..*)?|user_ops(\..*)?|load_(file_system|op)_library|"
        r"load_library|LMDBReader|CriticalSection|profiler(\..*)?|raw_ops(\..*)?|experimental|"
        r"dtensor|tools|security|optimizers|"
        r"inside_function|get_current_name_scope",
        "it belongs to how TensorFlow itself is built or deployed",
        "tf.train.Saver keeps variables, tf.train.write_graph writes a graph for TensorFlow.",
    ),
    Reason(
        r"data\.experimental\.service(\..*)?|data\.experimental\.(dispatch|\w*[dD]istribut\w*|from_variant|to_variant|"
        r"\w*_device|ThreadingOptions|AutotuneOptions|\w*Policy\w*|\w*snapshot\w*|save|load|table_from_dataset|"
        r"index_table_from_dataset|at|pad_to_cardinality|assert_cardinality|cardinality|\w*_CARDINALITY)",
        "it came after version 1.15, or for version 2",
    ),
    Reason(
        r"data\.experimental\..*",
        "nobody has written it",
        "Use tf.data.Dataset.from_generator with a generator of your own.",
        True,
    ),
    Reason(r"distributions\..*", "nobody has written it yet", "Use SciPy's distributions.", True),
    Reason(
        r"(.*\.)?experimental(\..*)?|math\.special\..*|random\.(Generator|Algorithm|\w*global_generator|create_rng_state|"
        r"split|fold_in|stateless_(binomial|gamma|poisson|param)\w*)|.*approx_\w+|random_index_shuffle|"
        r"initializers\.\w*keras\w*|CXX\w*|MONOLITHIC_BUILD|switch_case|repeat|nondifferentiable\w*|.*_nd_(max|min)|"
        r"test\.(with_eager\w*|benchmark_config)|where_v2|.*_v2|train\.(CheckpointOptions|\w+Loss\w*Scale|.*Shard\w+)|"
        r"io\.(decode_jxl|decode_webp)|linalg\.(banded\w*|tridiagonal\w*|eigh_tri\w*|sqrtm|logm|lu_\w+|matrix_rank)|"
        r"is_symbolic_tensor|fingerprint|math\.(cumulative_logsumexp|erfc?inv|ndtri|reciprocal_no_nan|sobol_sample|xlog1py|special)|conv|"
        r"sparse\.bincount|train\.summary_iterator_v2|data\.(AUTOTUNE|\w*_CARDINALITY|NumpyIterator|ThreadingOptions)",
        "it came after version 1.15, or for version 2",
    ),
    Reason(
        r"flags\..*",
        "graphmagic has the flags that programs define, not all of the library behind them",
        "Use the absl-py package, which is that library.",
    ),
    Reason(
        r"linalg\.LinearOperator\w*",
        "it is a library on top of TensorFlow",
        "Use tf.matmul, tf.linalg.solve.",
    ),
    Reason(r"io\.gfile(\..*)?", "it has the names of version 2", "Use tf.gfile."),
    Reason(r".*", "nobody has written it yet", "", True),
)

# What TensorFlow before 1.0 called things.
OLD_NAMES = {
    "audio_summary": "summary.audio",
    "batch_matmul": "matmul",
    "batch_matrix_determinant": "matrix_determinant",
    "batch_matrix_inverse": "matrix_inverse",
    "complex_abs": "abs",
    "concat_v2": "concat",
    "histogram_summary": "summary.histogram",
    "image_summary": "summary.image",
    "inv": "reciprocal",
    "listdiff": "setdiff1d",
    "merge_all_summaries": "summary.merge_all",
    "merge_summary": "summary.merge",
    "mul": "multiply",
    "neg": "negative",
    "pack": "stack",
    "scalar_summary": "summary.scalar",
    "select": "where",
    "sub": "subtract",
    "train.SummaryWriter": "summary.FileWriter",
    "unpack": "unstack",
}


def reason_for(name: str) -> Reason:
    """Why graphmagic does not have a name of TensorFlow.

    >>> reason_for("keras.layers").why
    'it is a library on top of TensorFlow'
    """
    return next(reason for reason in REASONS if re.fullmatch(reason.pattern, name))
