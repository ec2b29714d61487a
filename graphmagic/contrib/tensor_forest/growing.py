"""How a tree of a random forest grows from batches of examples (Saffari et al., 2009: on-line random forests)."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["PARTS", "empty_forest", "grow", "predict"]

Array = Any
# The arrays that hold a forest: sizes; of each node its test, the first of its two children (-1 for a leaf) and how
# many examples of each class it has seen; of each leaf the tests that it tries, and what would go to the left.
PARTS = ("sizes", "feature", "threshold", "child", "seen", "try_feature", "try_threshold", "try_left")


def empty_forest(trees: int, nodes: int, classes: int, tries: int) -> dict[str, Array]:
    """A forest of trees that are only a leaf.

    >>> empty_forest(2, 9, 3, 5)["sizes"].tolist()
    [1, 1]
    """
    return {
        "sizes": np.ones(trees, np.int32),
        "feature": np.zeros((trees, nodes), np.int32),
        "threshold": np.zeros((trees, nodes), np.float32),
        "child": np.full((trees, nodes), -1, np.int32),
        "seen": np.zeros((trees, nodes, classes), np.float32),
        "try_feature": np.full((trees, nodes, tries), -1, np.int32),
        "try_threshold": np.zeros((trees, nodes, tries), np.float32),
        "try_left": np.zeros((trees, nodes, tries, classes), np.float32),
    }


def _leaves(x: Array, feature: Array, threshold: Array, child: Array) -> Array:
    """The leaf that each example comes to."""
    at, rows = np.zeros(len(x), np.int64), np.arange(len(x))
    while True:
        inner = child[at] >= 0
        if not inner.any():
            return at
        right = x[rows, feature[at]] > threshold[at]
        at = np.where(inner, child[at] + right, at)


def predict(x: Array, forest: dict[str, Array]) -> Array:
    """How probable each class is for each example: the mean over the trees."""
    total = np.zeros((len(x), forest["seen"].shape[-1]), np.float32)
    for feature, threshold, child, seen in zip(
        *[forest[part] for part in ("feature", "threshold", "child", "seen")], strict=True
    ):
        found = seen[_leaves(x, feature, threshold, child)]
        total += (found + 1e-6) / (found + 1e-6).sum(-1, keepdims=True)
    return total / len(forest["sizes"])


def _impurity(counts: Array) -> Array:
    """Gini's impurity, times the number of examples."""
    whole = counts.sum(-1)
    return whole - np.square(counts).sum(-1) / np.maximum(whole, 1e-9)


def grow(x: Array, y: Array, forest: dict[str, Array], split_after: int, random: Any) -> dict[str, Array]:
    """The forest after a batch: leaves count examples, and those that have seen enough are split."""
    found = {name: np.array(array) for name, array in forest.items()}
    for number in range(len(found["sizes"])):
        tree = {name: found[name][number] for name in PARTS[1:]}
        at = _leaves(x, tree["feature"], tree["threshold"], tree["child"])
        _start_tries(x, at, tree, random)
        np.add.at(tree["seen"], (at, y), 1)
        tests = tree["try_feature"][at]
        left = (np.take_along_axis(x, np.maximum(tests, 0), 1) <= tree["try_threshold"][at]) & (tests >= 0)
        rows, columns = np.nonzero(left)
        np.add.at(tree["try_left"], (at[rows], columns, y[rows]), 1)
        for leaf in np.unique(at):
            if tree["seen"][leaf].sum() >= split_after:
                found["sizes"][number] = _split(leaf, int(found["sizes"][number]), tree)
    return found


def _start_tries(x: Array, at: Array, tree: dict[str, Array], random: Any) -> None:
    """Give new leaves tests to try: of random features, at the values of examples."""
    for leaf in np.unique(at):
        free = np.flatnonzero(tree["try_feature"][leaf] < 0)
        if not len(free):
            continue
        here = np.flatnonzero(at == leaf)
        chosen = random.choice(here, min(len(free), len(here)), replace=False)
        features = random.integers(x.shape[1], size=len(chosen))
        tree["try_feature"][leaf, free[: len(chosen)]] = features
        tree["try_threshold"][leaf, free[: len(chosen)]] = x[chosen, features]


def _split(leaf: int, size: int, tree: dict[str, Array]) -> int:
    """Split a leaf by the best of its tests; the number of nodes after that."""
    seen, left = tree["seen"][leaf], tree["try_left"][leaf]
    right = seen - left
    scores = _impurity(left) + _impurity(np.maximum(right, 0))
    useful = (tree["try_feature"][leaf] >= 0) & (left.sum(-1) > 0) & (right.sum(-1) > 0)
    if size + 2 > len(tree["child"]) or not useful.any() or np.count_nonzero(seen) < 2:
        return size
    best = int(np.argmin(np.where(useful, scores, np.inf)))
    tree["feature"][leaf] = tree["try_feature"][leaf, best]
    tree["threshold"][leaf] = tree["try_threshold"][leaf, best]
    tree["child"][leaf] = size
    tree["seen"][size], tree["seen"][size + 1] = left[best], np.maximum(right[best], 0)
    return size + 2
