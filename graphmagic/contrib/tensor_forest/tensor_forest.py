"""Random forests as graphs: their settings, and the operations that train and use them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.contrib.tensor_forest.growing import PARTS, empty_forest, grow, predict
from graphmagic.dtypes import as_dtype
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.ops.arithmetic import negative
from graphmagic.ops.assigning import assign
from graphmagic.ops.casting import cast
from graphmagic.ops.control import group
from graphmagic.ops.py_func import py_func
from graphmagic.ops.reduce import reduce_mean
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.variable import Variable

__all__ = ["ForestHParams", "RandomForestGraphs"]


class ForestHParams:
    """The settings of a forest.

    Args:
        num_trees: how many trees.
        max_nodes: how many nodes a tree may have.
        num_classes: how many classes.
        num_features: how many numbers an example has.
        split_after_samples: how many examples a leaf must have seen before it is split.
        num_splits_to_consider: how many tests each leaf tries; a usual number if None.
        **others: accepted for old programs.

    >>> ForestHParams(num_classes=3, num_features=4).fill().num_splits_to_consider
    10
    """

    def __init__(
        self,
        num_trees: int = 100,
        max_nodes: int = 10000,
        num_classes: int = 2,
        num_features: int = 1,
        split_after_samples: int = 250,
        num_splits_to_consider: int | None = None,
        **others: Any,
    ) -> None:
        self.num_trees, self.max_nodes = num_trees, max_nodes
        self.num_classes, self.num_features = num_classes, num_features
        self.split_after_samples, self.num_splits_to_consider = split_after_samples, num_splits_to_consider
        self.regression = bool(others.pop("regression", False))
        vars(self).update(others)

    def fill(self) -> ForestHParams:
        """Choose what was not said.

        Raises:
            ValueError: the forest is for numbers instead of classes.
        """
        if self.regression:
            raise ValueError("graphmagic's forests are for classes: for numbers use scikit-learn's forests.")
        if self.num_splits_to_consider is None:
            self.num_splits_to_consider = max(10, int(np.ceil(np.sqrt(self.num_features))))
        return self


class RandomForestGraphs:
    """A random forest that learns batch by batch; variables hold it, so each session has its own.

    Args:
        params: the settings, from ``ForestHParams(...).fill()``.
        **options: accepted for old programs.

    >>> import graphmagic as tf
    >>> x = np.random.default_rng(0).normal(size=(300, 2)).astype(np.float32)
    >>> y = (x[:, 0] > 0).astype(np.int32)
    >>> params = ForestHParams(num_trees=5, max_nodes=50, num_features=2, split_after_samples=50).fill()
    >>> forest = RandomForestGraphs(params)
    >>> train, (probable, _, _) = forest.training_graph(x, y), forest.inference_graph(x)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     _ = [sess.run(train) for _ in range(3)]
    ...     print((sess.run(probable).argmax(1) == y).mean() > 0.9)
    True
    """

    def __init__(self, params: ForestHParams, **options: Any) -> None:
        self.params = params.fill()
        tries = int(self.params.num_splits_to_consider or 10)
        start = empty_forest(params.num_trees, params.max_nodes, params.num_classes, tries)
        with name_scope("forest"):
            self._variables = {
                name: Variable(array, trainable=False, name=name) for name, array in start.items()
            }
        self._random = np.random.default_rng(getattr(params, "base_random_seed", 0))

    def _values(self) -> list[Any]:
        return [self._variables[name] for name in PARTS]

    def training_graph(self, input_data: Any, input_labels: Any, **options: Any) -> Any:
        """The operation that lets the trees see a batch.

        Args:
            input_data: a matrix with an example in each row.
            input_labels: the numbers of the classes.
            **options: accepted for old programs.
        """

        def step(x: Any, y: Any, *arrays: Any) -> list[Any]:
            forest = dict(zip(PARTS, arrays, strict=True))
            grown = grow(x, y, forest, self.params.split_after_samples, self._random)
            return [grown[name] for name in PARTS]

        x = cast(convert_to_tensor(input_data), dtypes.float32)
        y = reshape(cast(convert_to_tensor(input_labels), dtypes.int32), [-1])
        kinds = [as_dtype(variable.dtype).base_dtype for variable in self._values()]
        grown: Any = py_func(step, [x, y, *self._values()], kinds, name="GrowTrees")
        for value, variable in zip(grown, self._values(), strict=True):
            value.set_shape(variable.shape)
        return group(*[assign(v, value) for v, value in zip(self._values(), grown, strict=True)])

    def training_loss(self, features: Any, labels: Any, name: str = "training_loss") -> Any:
        """What trees have instead of a loss: minus the mean number of their nodes."""
        sizes: Any = self._variables["sizes"]
        return negative(reduce_mean(cast(sizes, dtypes.float32)), name=name)

    def inference_graph(self, input_data: Any, **options: Any) -> tuple[Any, None, None]:
        """How probable each class is.

        Args:
            input_data: a matrix with an example in each row.
            **options: accepted for old programs.

        Returns:
            A matrix with a row for each example; None for the paths, and None for the variances.
        """

        def found(x: Any, *arrays: Any) -> Any:
            return predict(x, dict(zip(PARTS, arrays, strict=True)))

        x = cast(convert_to_tensor(input_data), dtypes.float32)
        result: Any = py_func(
            found, [x, *self._values()], dtypes.float32, stateful=False, name="probabilities"
        )
        result.set_shape([x.shape[0], self.params.num_classes])
        return result, None, None

    def average_size(self) -> Any:
        """The mean number of nodes of a tree."""
        sizes: Any = self._variables["sizes"]
        return reduce_mean(cast(sizes, dtypes.float32))
