"""Boosted trees in arrays: predicting, and growing them by one layer (Friedman, 2001; Chen and Guestrin, 2016)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["PARTS", "Settings", "empty_trees", "grow", "predict"]

Array = Any
# The arrays that hold the trees: of each node its test (feature and threshold), the first of its two children (-1 for a
# leaf), its depth and its logits; the roots; what is added to all logits; and for each feature the thresholds to try.
PARTS = ("feature", "threshold", "child", "depth", "value", "roots", "bias", "bounds")


@dataclass(frozen=True)
class Settings:
    """How trees grow.

    Attributes:
        n_trees: how many.
        max_depth: how deep.
        learning_rate: what the logits of a leaf are multiplied by.
        l1: how much is taken from the sum of gradients in each leaf.
        l2: what is added to the sum of second derivatives in each leaf.
        tree_complexity: what each further leaf costs.
        min_node_weight: the least mean second derivative in a leaf.
    """

    n_trees: int = 100
    max_depth: int = 6
    learning_rate: float = 0.1
    l1: float = 0.0
    l2: float = 0.0
    tree_complexity: float = 0.0
    min_node_weight: float = 0.0


def empty_trees(logits: int) -> dict[str, Array]:
    """No trees.

    >>> predict(np.ones((2, 3), np.float32), empty_trees(1)).tolist()
    [[0.0], [0.0]]
    """
    return {
        "feature": np.zeros(0, np.int32),
        "threshold": np.zeros(0, np.float32),
        "child": np.zeros(0, np.int32),
        "depth": np.zeros(0, np.int32),
        "value": np.zeros((0, logits), np.float32),
        "roots": np.zeros(0, np.int32),
        "bias": np.zeros(logits, np.float32),
        "bounds": np.zeros((0, 0), np.float32),
    }


def _leaves(x: Array, trees: dict[str, Array], root: int) -> Array:
    """The leaf of a tree that each example comes to."""
    at, rows, child = np.full(len(x), root, np.int64), np.arange(len(x)), trees["child"]
    while (inner := child[at] >= 0).any():
        right = x[rows, trees["feature"][at]] > trees["threshold"][at]
        at = np.where(inner, child[at] + right, at)
    return at


def predict(x: Array, trees: dict[str, Array]) -> Array:
    """The logits of examples: the sums over all trees."""
    total = np.tile(trees["bias"], (len(x), 1))
    for root in trees["roots"]:
        total += trees["value"][_leaves(x, trees, root)]
    return total


def is_complete(trees: dict[str, Array], settings: Settings) -> bool:
    """Whether there are enough trees, and the last one is grown."""
    return len(trees["roots"]) > settings.n_trees


def thresholds(x: Array) -> Array:
    """For each feature the values to try, which part the examples into groups of about the same size.

    >>> thresholds(np.array([[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]], np.float32)).tolist()
    [[1.5, inf], [3.0, inf]]
    """
    most = int(np.clip(20_000 // x.shape[1], 16, 100))
    found = []
    for column in x.T:
        values = np.unique(column)
        if len(values) > most:
            values = np.unique(np.quantile(column, np.linspace(0, 1, most), method="nearest"))
        found.append((values[1:] + values[:-1]) / 2)
    table = np.full((max(map(len, found)), x.shape[1]), np.inf, np.float32)
    for i, middle in enumerate(found):
        table[: len(middle), i] = middle
    return table


def grow(
    x: Array, slopes: tuple[Array, Array], trees: dict[str, Array], settings: Settings
) -> dict[str, Array]:
    """The trees with one layer more.

    Args:
        x: the examples, a row each.
        slopes: the derivatives of each example's loss by its logits, and the second derivatives.
        trees: the trees.
        settings: how they grow.
    """
    if not trees["bounds"].size:
        trees = trees | {"bounds": thresholds(x)}
    if not len(trees["roots"]):
        trees = _with_root(trees)
    root = trees["roots"][-1]
    at = _leaves(x, trees, root)
    depth = trees["depth"][root:].max()
    bins = np.stack([np.searchsorted(b, c) for b, c in zip(trees["bounds"].T, x.T, strict=True)], 1)
    sums = slopes[0] / len(x), slopes[1] / len(x)
    splits = []
    for leaf in np.unique(at[trees["depth"][at] == depth]):
        rows = np.flatnonzero(at == leaf)
        split = _best_split(bins[rows], sums[0][rows], sums[1][rows], settings) if len(rows) > 1 else None
        if split is not None:
            splits.append((leaf, *split))
    trees = _with_splits(trees, splits, settings)
    return _with_root(trees) if not splits or depth + 1 >= settings.max_depth else trees


def _weight(g: Array, h: Array, settings: Settings) -> Array:
    """The best logits of leaves with these sums."""
    return -np.sign(g) * np.maximum(np.abs(g) - settings.l1, 0) / np.maximum(h + settings.l2, 1e-12)


def _gain(g: Array, h: Array, settings: Settings) -> Array:
    """How much less loss leaves with these sums have, doubled."""
    return (np.maximum(np.abs(g) - settings.l1, 0) ** 2 / np.maximum(h + settings.l2, 1e-12)).sum(0)


def _best_split(bins: Array, g: Array, h: Array, settings: Settings) -> Any:
    """The test that parts the examples of a leaf best, with the logits of both sides; None if it is not worth it."""
    used = np.flatnonzero((bins != bins[0]).any(0))
    if not used.size:
        return None
    bins = bins[:, used]
    count = int(bins.max()) + 1
    places = (bins + np.arange(len(used)) * count).ravel()

    def left_sums(columns: Array) -> Array:
        tables = [
            np.bincount(places, np.repeat(column, len(used)), len(used) * count).reshape(-1, count)
            for column in columns.T
        ]
        return np.cumsum(tables, -1)[..., :-1]

    left_g, left_h = left_sums(g), left_sums(h)
    sum_g, sum_h = g.sum(0)[:, None, None], h.sum(0)[:, None, None]
    gain = _gain(left_g, left_h, settings) + _gain(sum_g - left_g, sum_h - left_h, settings)
    gain -= _gain(sum_g, sum_h, settings)
    lightest = np.minimum(left_h.sum(0), (sum_h - left_h).sum(0))
    gain[lightest <= max(settings.min_node_weight, 1e-12)] = -np.inf
    feature, place = np.unravel_index(gain.argmax(), gain.shape)
    if not gain[feature, place] > max(2 * settings.tree_complexity, 1e-12):
        return None
    left = left_g[:, feature, place], left_h[:, feature, place]
    sides = _weight(*left, settings), _weight(g.sum(0) - left[0], h.sum(0) - left[1], settings)
    return used[feature], place, *sides


def _with_root(trees: dict[str, Array]) -> dict[str, Array]:
    """The trees and a new one, which is only a leaf."""
    size, width = len(trees["child"]), trees["value"].shape[1]
    return _appended(trees, [0], np.zeros((1, width), np.float32)) | {
        "roots": np.append(trees["roots"], np.int32(size))
    }


def _appended(trees: dict[str, Array], depth: Any, value: Array) -> dict[str, Array]:
    """The trees with more leaves."""
    more = len(value)
    return trees | {
        "feature": np.append(trees["feature"], np.zeros(more, np.int32)),
        "threshold": np.append(trees["threshold"], np.zeros(more, np.float32)),
        "child": np.append(trees["child"], np.full(more, -1, np.int32)),
        "depth": np.append(trees["depth"], np.asarray(depth, np.int32)),
        "value": np.concatenate([trees["value"], value.astype(np.float32)]),
    }


def _with_splits(trees: dict[str, Array], splits: list[Any], settings: Settings) -> dict[str, Array]:
    """The trees with two leaves more for each split."""
    if not splits:
        return trees
    feature, threshold, child = (trees[part].copy() for part in ("feature", "threshold", "child"))
    depths, values = [], []
    for number, (leaf, chosen, place, left, right) in enumerate(splits):
        feature[leaf], threshold[leaf] = chosen, trees["bounds"][place, chosen]
        child[leaf] = len(child) + 2 * number
        depths += [trees["depth"][leaf] + 1] * 2
        values += [trees["value"][leaf] + settings.learning_rate * side for side in (left, right)]
    return _appended(
        trees | {"feature": feature, "threshold": threshold, "child": child}, depths, np.array(values)
    )
