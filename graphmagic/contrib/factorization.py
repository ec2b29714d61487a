"""K-means as a graph (``tf.contrib.factorization.KMeans``)."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import float32, int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import control_dependencies, name_scope
from graphmagic.graph.node import Tensor
from graphmagic.names import namespace as _namespace
from graphmagic.nn import l2_normalize
from graphmagic.ops.arithmetic import add_n, maximum
from graphmagic.ops.assigning import assign, assign_add
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.cond import cond
from graphmagic.ops.control import group, no_op
from graphmagic.ops.extremes import argmin, reduce_min
from graphmagic.ops.fill import ones, zeros
from graphmagic.ops.fill import range as range_
from graphmagic.ops.gather import gather, unsorted_segment_sum
from graphmagic.ops.linalg import matmul
from graphmagic.ops.queries import shape
from graphmagic.ops.random import random_shuffle
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.variable import Variable

__all__ = ["COSINE_DISTANCE", "RANDOM_INIT", "SQUARED_EUCLIDEAN_DISTANCE", "KMeans"]

SQUARED_EUCLIDEAN_DISTANCE = "squared_euclidean"
COSINE_DISTANCE = "cosine"
RANDOM_INIT = "random"


class KMeans:
    """Groups vectors around centres (Lloyd 1957; in batches: Sculley 2010).

    Args:
        inputs: a matrix with a vector in each row, or a list of such matrices; the number of columns is known.
        num_clusters: how many groups.
        initial_clusters: ``"random"`` for vectors of the input, or a matrix of centres.
        distance_metric: ``"squared_euclidean"`` or ``"cosine"``.
        use_mini_batch: whether each run sees only some of the vectors.
        mini_batch_steps_per_iteration: accepted for old programs.
        random_seed: the seed of the first centres.
        kmeans_plus_plus_num_retries: accepted for old programs.
        kmc2_chain_length: accepted for old programs.

    Raises:
        ValueError: the metric or the way to start is another.

    >>> import graphmagic as tf
    >>> points = tf.constant([[0.0, 0.0], [0.0, 1.0], [9.0, 9.0], [9.0, 8.0]])
    >>> kmeans = tf.contrib.factorization.KMeans(points, 2, initial_clusters=[[1.0, 1.0], [5.0, 5.0]])
    >>> _, numbers, _, _, _, init, train = kmeans.training_graph()
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(init)
    ...     _ = sess.run(train)
    ...     sess.run(numbers[0]), sess.run(kmeans.cluster_centers).tolist()
    (array([0, 0, 1, 1], dtype=int32), [[0.0, 0.5], [9.0, 8.5]])
    """

    def __init__(
        self,
        inputs: Any,
        num_clusters: int,
        initial_clusters: Any = RANDOM_INIT,
        distance_metric: str = SQUARED_EUCLIDEAN_DISTANCE,
        use_mini_batch: bool = False,
        mini_batch_steps_per_iteration: int = 1,
        random_seed: int = 0,
        kmeans_plus_plus_num_retries: int = 2,
        kmc2_chain_length: int = 200,
    ) -> None:
        if distance_metric not in (SQUARED_EUCLIDEAN_DISTANCE, COSINE_DISTANCE):
            raise ValueError(f"Unsupported distance metric passed to Kmeans {distance_metric}")
        if isinstance(initial_clusters, str) and initial_clusters != RANDOM_INIT:
            raise ValueError(
                f"Unsupported initialization algorithm {initial_clusters!r}: give 'random' or a matrix."
            )
        parts = inputs if isinstance(inputs, (list, tuple)) else [inputs]
        self._inputs: list[Any] = [convert_to_tensor(part, float32) for part in parts]
        self._count, self._start, self._seed = num_clusters, initial_clusters, random_seed
        self._is_cosine, self._in_batches = distance_metric == COSINE_DISTANCE, use_mini_batch
        width = self._inputs[0].shape.ints[-1]
        with name_scope("kmeans"):
            self.cluster_centers = Variable(zeros([num_clusters, width]), trainable=False, name="clusters")
            self._initialized = Variable(False, trainable=False, name="initialized")
            self._counts = Variable(zeros([num_clusters]), trainable=False, name="counts")

    def training_graph(self) -> tuple[Any, ...]:
        """The operations of k-means.

        Returns:
            The distances to all centres, the numbers of the nearest ones, and the distances to these, each a list with
            a tensor for each matrix of the input; whether there are centres; the centres; what makes the first ones; a
            step. So it is since 1.4; before there were no centres among them.
        """
        centers: Any = self.cluster_centers
        if self._is_cosine:
            centers = l2_normalize(centers, 1)
        vectors = [l2_normalize(part, 1) if self._is_cosine else part for part in self._inputs]
        scores = [self._distances(part, centers) for part in vectors]
        numbers = [cast(argmin(score, 1), int32) for score in scores]
        nearest = [reduce_min(score, 1) for score in scores]
        step = self._step(vectors, numbers)
        return scores, numbers, nearest, self._initialized, self.cluster_centers, self._init_op(), step

    def _distances(self, vectors: Any, centers: Any) -> Tensor:
        products: Any = matmul(vectors, centers, transpose_b=True)
        if self._is_cosine:
            return 1.0 - products  # type: ignore[no-any-return]
        squares: Any = reduce_sum(vectors * vectors, 1, keepdims=True)
        return maximum(squares - 2.0 * products + reduce_sum(centers * centers, 1), 0.0)

    def _init_op(self) -> Any:
        def start() -> Any:
            return group(assign(self.cluster_centers, self._first()), assign(self._initialized, True))

        return group(cond(self._initialized, no_op, start))

    def _first(self) -> Any:
        if not isinstance(self._start, str):
            return convert_to_tensor(self._start, float32)
        everything = concat(self._inputs, 0)
        order: Any = random_shuffle(range_(shape(everything)[0]), seed=self._seed)
        return gather(everything, order[: self._count])

    def _step(self, vectors: list[Any], numbers: list[Any]) -> Any:
        sums: Any = add_n(
            [unsorted_segment_sum(v, n, self._count) for v, n in zip(vectors, numbers, strict=True)]
        )
        found: Any = add_n([unsorted_segment_sum(ones([shape(n)[0]]), n, self._count) for n in numbers])
        columns = expand_dims(found, 1)
        centers: Any = self.cluster_centers
        if not self._in_batches:
            kept = cast(columns < 0.5, float32)
            return assign(centers, sums / maximum(columns, 1.0) + kept * centers)
        with control_dependencies([sums, columns]):
            total: Any = assign_add(self._counts, found)
            rate = 1.0 / maximum(expand_dims(total, 1), 1.0)
            return assign_add(centers, (sums - columns * centers) * rate)


__getattr__, __dir__ = _namespace(__name__)
