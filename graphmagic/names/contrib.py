"""What is said about names of ``tf.contrib`` that graphmagic does not have."""

from __future__ import annotations

import re

__all__ = ["instead_of"]

# Whole names below `tf.contrib`, and what to use instead; the first pattern that matches counts.
_INSTEAD = (
    (r"eager(\..*)?", "graphmagic has graphs and sessions only", "Use TensorFlow itself for eager execution."),
    (
        r"(tpu|distribute|cluster_resolver|all_reduce|nccl|mpi\w*|gdr|verbs|cloud|bigtable|kafka|hadoop|ignite|kinesis)"
        r"(\..*)?",
        "graphmagic runs on one machine, without a cluster",
        "One tf.Session does all the work.",
    ),
    (
        r"(tensorrt|quantize|lite|cudnn_rnn|model_pruning|fused_conv|graph_editor|specs|coder|periodic_resample|"
        r"memory_stats|remote_fused_graph|fpga|opt\.python|tfprof|rpc|saved_model|session_bundle|predictor)(\..*)?",
        "it is about hardware, compilers or how TensorFlow itself is deployed",
        "tf.train.Saver keeps variables, tf.train.write_graph writes a graph for TensorFlow.",
    ),
    (r"summary(\..*)?", "its summaries are for eager execution", "Use tf.summary with a tf.summary.FileWriter."),
    (
        r"estimator(\..*)?|learn\.(DynamicRnn|DNNLinearCombined|SVM|KMeans|GANE|LogisticRegressor|Head|\w*head)\w*|"
        r"linear_optimizer(\..*)?|gan(\..*)?|timeseries(\..*)?",
        "nobody has written it",
        "Write a model function for tf.estimator.Estimator; tf.estimator has ready-made ones.",
    ),
    (
        r"learn\.(Experiment|learn_runner|MetricSpec|ExportStrategy|monitors\w*|utils\w*|TaskType|InputFnOps)(\..*)?|"
        r"learn\.python\.learn\.(learn_runner|utils|estimators\.rnn_common)(\..*)?",
        "tf.estimator took its place in 1.4",
        "Use tf.estimator.train_and_evaluate with a tf.estimator.Estimator.",
    ),
    (r"learn\.datasets(\..*)?", "its data came from the internet", "scikit-learn's data sets come without a network."),
    (r"cudnn_rnn(\..*)?", "it needs a GPU", "Use tf.nn.rnn_cell.LSTMCell with tf.nn.dynamic_rnn."),
    (r"rnn\..*", "nobody has written it", "tf.nn.rnn_cell has the usual cells, and a cell of your own derives from RNNCell."),
    (r"seq2seq\..*Monotonic\w*|seq2seq\.(monotonic_attention|safe_cumprod)", "nobody has written it",
     "Use tf.contrib.seq2seq.LuongAttention or BahdanauAttention."),
    (r"(layers|slim)\..*", "nobody has written it", "Use tf.layers or tf.nn."),
    (r"opt\..*", "nobody has written it", "tf.train has the usual optimizers."),
    (r"distributions\..*|bayesflow(\..*)?", "nobody has written it", "Use tf.distributions, or SciPy's distributions."),
    (r"image\..*", "nobody has written it", "Use tf.image, or SciPy's ndimage through tf.py_func."),
    (r"ffmpeg(\..*)?|framework_ops|audio(\..*)?", "it reads sound and video", "Read files with SciPy, and feed the arrays."),
    (r"(factorization|tensor_forest|constrained_optimization|kernel_methods)(\..*)?", "nobody has written it",
     "Use scikit-learn."),
    (r"(staging|data|input_pipeline|batching)(\..*)?", "nobody has written it", "Use tf.data."),
    (r"signal(\..*)?", "graphmagic computes with real numbers", "Use NumPy's fft through tf.py_func."),
    (r"text(\..*)?|lookup\..*", "nobody has written it", "Use tf.strings, or prepare text in Python."),
    (r"metrics(\..*)?", "nobody has written it", "Use tf.metrics."),
    (r"losses(\..*)?", "nobody has written it", "Use tf.losses."),
    (r"(bayesflow|integrate|solvers|sparsemax|stat_summarizer|tensorboard|testing|training|util|framework|nn)(\..*)?",
     "nobody has written it", "tf and tf.nn have what most programs need."),
)  # fmt: skip


def instead_of(name: str) -> tuple[str, str]:
    """Why graphmagic does not have a name, and what to use instead.

    Args:
        name: the name below ``tf.contrib``.

    >>> instead_of("eager.Iterator")
    ('graphmagic has graphs and sessions only', 'Use TensorFlow itself for eager execution.')
    """
    for pattern, why, instead in _INSTEAD:
        if re.fullmatch(pattern, name):
            return why, instead
    return "tf.contrib went away with version 1", ""
