"""Neural networks: layers' parts, activations and losses (TensorFlow's ``tf.nn``)."""

from graphmagic.names import namespace as _namespace
from graphmagic.nn import chained_ops as _chained_ops  # noqa: F401  # declares kernels of layers for known shapes
from graphmagic.nn import prepared_ops as _prepared_ops  # noqa: F401  # declares kernels for known shapes
from graphmagic.nn import rnn_cell
from graphmagic.nn.accidental_hits import compute_accidental_hits
from graphmagic.nn.activations import relu
from graphmagic.nn.bias import bias_add, relu_layer, xw_plus_b
from graphmagic.nn.candidates import (
    all_candidate_sampler,
    learned_unigram_candidate_sampler,
    log_uniform_candidate_sampler,
    uniform_candidate_sampler,
)
from graphmagic.nn.conv2d import (
    atrous_conv2d,
    atrous_conv2d_transpose,
    conv2d,
    conv2d_backprop_filter,
    conv2d_backprop_input,
    conv2d_transpose,
)
from graphmagic.nn.convolution import (
    conv1d,
    conv1d_transpose,
    conv3d,
    conv3d_backprop_filter_v2,
    conv3d_transpose,
    convolution,
)
from graphmagic.nn.depthwise import (
    depthwise_conv2d,
    depthwise_conv2d_native,
    depthwise_conv2d_native_backprop_filter,
    depthwise_conv2d_native_backprop_input,
    separable_conv2d,
)
from graphmagic.nn.dropout import dropout
from graphmagic.nn.dynamic_rnn import bidirectional_dynamic_rnn, dynamic_rnn
from graphmagic.nn.embedding import embedding_lookup
from graphmagic.nn.embedding_sparse import embedding_lookup_sparse
from graphmagic.nn.fixed_unigram import fixed_unigram_candidate_sampler
from graphmagic.nn.fused_batch_norm import fused_batch_norm
from graphmagic.nn.losses import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
)
from graphmagic.nn.moments import moments, normalize_moments, sufficient_statistics, weighted_moments
from graphmagic.nn.morphology import dilation2d, erosion2d
from graphmagic.nn.normalization import (
    batch_norm_with_global_normalization,
    batch_normalization,
    l2_normalize,
    local_response_normalization,
    lrn,
)
from graphmagic.nn.pointwise_losses import (
    l2_loss,
    log_poisson_loss,
    weighted_cross_entropy_with_logits,
    zero_fraction,
)
from graphmagic.nn.pool import (
    avg_pool,
    avg_pool3d,
    max_pool,
    max_pool2d,
    max_pool3d,
    max_pool_with_argmax,
)
from graphmagic.nn.pool1d import avg_pool1d, max_pool1d, pool
from graphmagic.nn.raw_rnn import raw_rnn
from graphmagic.nn.rectifiers import crelu, elu, leaky_relu, relu6, selu
from graphmagic.nn.sampled import nce_loss, sampled_softmax_loss
from graphmagic.nn.smooth import silu, softplus, softsign, swish
from graphmagic.nn.softmax import log_softmax, softmax
from graphmagic.nn.static_rnn import static_bidirectional_rnn, static_rnn
from graphmagic.nn.top_k import in_top_k, top_k
from graphmagic.ops.elementary import sigmoid
from graphmagic.ops.trigonometric import tanh

__all__ = [
    "dilation2d",
    "erosion2d",
    "fixed_unigram_candidate_sampler",
    "raw_rnn",
    "relu",
    "relu6",
    "leaky_relu",
    "crelu",
    "elu",
    "selu",
    "silu",
    "softplus",
    "softsign",
    "swish",
    "sigmoid",
    "tanh",
    "softmax",
    "log_softmax",
    "softmax_cross_entropy_with_logits",
    "softmax_cross_entropy_with_logits_v2",
    "sparse_softmax_cross_entropy_with_logits",
    "sigmoid_cross_entropy_with_logits",
    "weighted_cross_entropy_with_logits",
    "log_poisson_loss",
    "l2_loss",
    "zero_fraction",
    "dropout",
    "bias_add",
    "xw_plus_b",
    "relu_layer",
    "moments",
    "weighted_moments",
    "sufficient_statistics",
    "normalize_moments",
    "batch_normalization",
    "batch_norm_with_global_normalization",
    "fused_batch_norm",
    "l2_normalize",
    "local_response_normalization",
    "lrn",
    "convolution",
    "conv1d",
    "conv1d_transpose",
    "conv2d",
    "conv2d_backprop_filter",
    "conv2d_backprop_input",
    "conv2d_transpose",
    "atrous_conv2d",
    "atrous_conv2d_transpose",
    "conv3d",
    "conv3d_backprop_filter_v2",
    "conv3d_transpose",
    "depthwise_conv2d",
    "depthwise_conv2d_native",
    "depthwise_conv2d_native_backprop_filter",
    "depthwise_conv2d_native_backprop_input",
    "separable_conv2d",
    "pool",
    "max_pool",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "max_pool_with_argmax",
    "avg_pool",
    "avg_pool1d",
    "avg_pool3d",
    "embedding_lookup",
    "embedding_lookup_sparse",
    "nce_loss",
    "sampled_softmax_loss",
    "uniform_candidate_sampler",
    "log_uniform_candidate_sampler",
    "learned_unigram_candidate_sampler",
    "all_candidate_sampler",
    "compute_accidental_hits",
    "top_k",
    "in_top_k",
    "rnn_cell",
    "dynamic_rnn",
    "bidirectional_dynamic_rnn",
    "static_rnn",
    "static_bidirectional_rnn",
]

_LATER = {
    "ctc_beam_search_decoder": "nn.ctc_decoding",
    "ctc_greedy_decoder": "nn.ctc_decoding",
    "ctc_loss": "nn.ctc",
    "safe_embedding_lookup_sparse": "nn.embedding_safe",
}

__getattr__, __dir__ = _namespace(__name__, _LATER)
