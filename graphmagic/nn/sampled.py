"""Losses over many classes, computed from a sample of them."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.nn.accidental_hits import compute_accidental_hits
from graphmagic.nn.candidates import log_uniform_candidate_sampler
from graphmagic.nn.embedding import embedding_lookup
from graphmagic.nn.losses import sigmoid_cross_entropy_with_logits, softmax_cross_entropy_with_logits_v2
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.elementary import log
from graphmagic.ops.fill import ones
from graphmagic.ops.gather_nd import scatter_nd
from graphmagic.ops.identity import stop_gradient
from graphmagic.ops.like import ones_like, zeros_like
from graphmagic.ops.linalg import matmul
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import expand_dims, reshape
from graphmagic.ops.slicing import slice
from graphmagic.ops.stacking import stack

__all__ = ["nce_loss", "sampled_softmax_loss"]


def _sum_rows(x: Tensor) -> Tensor:
    """The sum of each row of a matrix, as a matrix product."""
    columns = shape(x)[1]
    column = ones(stack([columns, 1]), x.dtype.base_dtype)
    return reshape(matmul(x, column), [-1])


def _sampled_logits(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int,
    sampled_values: Any,
    remove_accidental_hits: bool,
    partition_strategy: str,
    name: str,
    seed: int | None = None,
) -> tuple[Tensor, Tensor]:
    """Logits and labels of the true classes, followed by those of the sampled ones."""
    with get_default_graph().name_scope(name):
        classes = cast(convert_to_tensor(labels, name="labels"), dtypes.int64)
        x: Any = convert_to_tensor(inputs, name="inputs")
        flat = reshape(classes, [-1])
        if sampled_values is None:
            sampled_values = log_uniform_candidate_sampler(
                classes, num_true, num_sampled, True, num_classes, seed=seed
            )
        sampled, true_count, sampled_count = [stop_gradient(convert_to_tensor(v)) for v in sampled_values]
        sampled = cast(sampled, dtypes.int64)
        all_ids = concat([flat, sampled], 0)
        true_w, sampled_w = _split_matrix(_looked_up(weights, all_ids, partition_strategy, x), shape(flat))
        sampled_logits: Any = matmul(x, sampled_w, transpose_b=True)
        true_b, sampled_b = _split_vector(_looked_up(biases, all_ids, partition_strategy, x), shape(flat))
        width = shape(true_w)[1:2]
        dots = multiply(expand_dims(x, 1), reshape(true_w, concat([[-1, num_true], width], 0)))
        sums = _sum_rows(reshape(dots, concat([[-1], width], 0)))
        true_logits: Any = reshape(sums, [-1, num_true])
        true_logits = true_logits + reshape(true_b, [-1, num_true])
        sampled_logits = sampled_logits + sampled_b
        if remove_accidental_hits:
            hits = _ruled_out(classes, sampled, num_true, num_sampled)
            sampled_logits = sampled_logits + cast(hits, x.dtype.base_dtype)
        true_logits = true_logits - log(cast(true_count, x.dtype.base_dtype))
        sampled_logits = sampled_logits - log(cast(sampled_count, x.dtype.base_dtype))
        right: Any = ones_like(true_logits)
        logits = concat([true_logits, sampled_logits], 1)
        return logits, concat([right / num_true, zeros_like(sampled_logits)], 1)


def _looked_up(params: Any, ids: Tensor, strategy: str, like: Tensor) -> Tensor:
    return cast(embedding_lookup(params, ids, partition_strategy=strategy), like.dtype.base_dtype)


def _split_matrix(rows: Tensor, count: Any) -> tuple[Tensor, Tensor]:
    """The first rows and the others."""
    first = count[0]
    return slice(rows, [0, 0], stack([first, -1])), slice(rows, stack([first, 0]), [-1, -1])


def _split_vector(items: Tensor, count: Any) -> tuple[Tensor, Tensor]:
    """The first elements and the others."""
    return slice(items, [0], count), slice(items, count, [-1])


def _ruled_out(classes: Tensor, sampled: Tensor, num_true: int, num_sampled: int) -> Tensor:
    """A matrix to add to the sampled logits, so that true classes among them do not count."""
    rows, places, numbers = compute_accidental_hits(classes, sampled, num_true)
    where = concat(
        [reshape(rows, [-1, 1]), reshape(cast(places, dtypes.int32), [-1, 1])], 1, "sparse_indices"
    )
    sizes = concat([shape(classes)[:1], [num_sampled]], 0)
    return scatter_nd(where, numbers, sizes)


def nce_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = False,
    partition_strategy: str = "mod",
    name: str = "nce_loss",
) -> Tensor:
    """The noise-contrastive estimation loss (Gutmann and Hyvärinen 2010): tell true classes from sampled ones.

    Args:
        weights: a matrix with one row per class, or a list of its parts; see `embedding_lookup`.
        biases: a vector with one number per class.
        labels: the true classes, an int64 matrix of `num_true` columns.
        inputs: the activations, one row per example.
        num_sampled: how many classes to sample per batch.
        num_classes: the number of classes.
        num_true: the number of true classes of each example.
        sampled_values: what a candidate sampler returned; a log-uniform sample if None.
        remove_accidental_hits: whether sampled classes that are true do not count.
        partition_strategy: as in `embedding_lookup`.
        name: the name of the scope of the operations made.

    Returns:
        A vector with one loss per example.

    >>> import graphmagic as tf
    >>> labels = tf.constant([[1], [2]], tf.int64)
    >>> sampled = tf.nn.uniform_candidate_sampler(labels, 1, 2, True, 4, seed=1)
    >>> loss = tf.nn.nce_loss(tf.zeros([4, 3]), tf.zeros([4]), labels, tf.ones([2, 3]), 2, 4, sampled_values=sampled)
    >>> tf.Session().run(loss).round(3)
    array([2.603, 2.603], dtype=float32)
    """
    logits, targets = _sampled_logits(
        weights,
        biases,
        labels,
        inputs,
        num_sampled,
        num_classes,
        num_true,
        sampled_values,
        remove_accidental_hits,
        partition_strategy,
        name,
    )
    losses = sigmoid_cross_entropy_with_logits(labels=targets, logits=logits, name="sampled_losses")
    return _sum_rows(losses)


def sampled_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    partition_strategy: str = "mod",
    name: str = "sampled_softmax_loss",
    seed: int | None = None,
) -> Tensor:
    """The softmax cross entropy among the true classes and the sampled ones (Jean et al. 2014).

    Arguments and result as `nce_loss`, and:

    Args:
        seed: the seed of the sample.

    >>> import graphmagic as tf
    >>> labels = tf.constant([[1], [2]], tf.int64)
    >>> sampled = tf.nn.uniform_candidate_sampler(labels, 1, 4, True, 4, seed=1)
    >>> args = tf.zeros([4, 3]), tf.zeros([4]), labels, tf.ones([2, 3]), 4, 4
    >>> tf.Session().run(tf.nn.sampled_softmax_loss(*args, sampled_values=sampled)).round(3)
    array([1.386, 1.386], dtype=float32)
    """
    logits, targets = _sampled_logits(
        weights,
        biases,
        labels,
        inputs,
        num_sampled,
        num_classes,
        num_true,
        sampled_values,
        remove_accidental_hits,
        partition_strategy,
        name,
        seed,
    )
    fixed = stop_gradient(targets, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=fixed, logits=logits)
