"""The MNIST digits as TensorFlow 1's tutorials read them (``tensorflow.examples.tutorials.mnist.input_data``).

The files are read where the program wants them, fetched if there is a network, and can be replaced, on request only,
by scikit-learn's handwritten digits, upscaled.
"""

from __future__ import annotations

import gzip
import os
import struct
import sys
import urllib.request
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from graphmagic import dtypes

__all__ = ["DataSet", "Datasets", "extract_images", "extract_labels", "maybe_download", "read_data_sets"]

Array = np.ndarray[Any, Any]

SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"
TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"
_MNIST = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)
_WITHOUT_MNIST = (
    ", with the other three MNIST files, or let scikit-learn's digits, upscaled to 28 x 28 pixels, stand in for them: "
    "python -m graphmagic --digits SCRIPT, or %tensorflow_version 1.x --digits in a notebook"
)

settings = SimpleNamespace(digits=False)  # whether missing files are replaced by scikit-learn's digits


class DataSet:
    """Images and labels that come in batches, shuffled anew for each epoch.

    Args:
        images: shape ``[n, rows, columns, 1]``, or ``[n, k]`` with `reshape` False.
        labels: their labels.
        fake_data: batches of ones, for tests of programs.
        one_hot: whether fake labels are one-hot.
        dtype: `tf.float32` scales the pixels from 0 to 1, `tf.uint8` leaves them.
        reshape: make each image a row.
        seed: of the shuffling; NumPy's global state decides without it, as in TensorFlow.
    """

    def __init__(
        self,
        images: Array,
        labels: Array,
        fake_data: bool = False,
        one_hot: bool = False,
        dtype: Any = dtypes.float32,
        reshape: bool = True,
        seed: int | None = None,
    ) -> None:
        if len(images) != len(labels):
            raise ValueError(f"images.shape: {images.shape} labels.shape: {labels.shape}")
        if reshape:
            images = images.reshape(len(images), -1)
        if dtypes.as_dtype(dtype) is dtypes.float32 and images.dtype == np.uint8:
            images = np.multiply(images.astype(np.float32), 1.0 / 255.0)
        self._images, self._labels = images, labels
        self._fake, self._one_hot = fake_data, one_hot
        self._random: Any = np.random if seed is None else np.random.RandomState(seed)
        self._epochs_completed = 0
        self._index_in_epoch = 0

    @property
    def images(self) -> Array:
        """The images."""
        return self._images

    @property
    def labels(self) -> Array:
        """The labels."""
        return self._labels

    @property
    def num_examples(self) -> int:
        """How many there are."""
        return len(self._images)

    @property
    def epochs_completed(self) -> int:
        """How often all of them have been given out."""
        return self._epochs_completed

    def next_batch(self, batch_size: int, fake_data: bool = False, shuffle: bool = True) -> tuple[Any, Any]:
        """The next images and labels; at the end of an epoch the rest of it and the first ones of the next."""
        if fake_data or self._fake:
            label = [1] + [0] * 9 if self._one_hot else 0
            return [[1.0] * 784 for _ in range(batch_size)], [label for _ in range(batch_size)]
        start, count = self._index_in_epoch, self.num_examples
        if self._epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        if start + batch_size <= count:
            self._index_in_epoch = start + batch_size
            return self._images[start : start + batch_size], self._labels[start : start + batch_size]
        self._epochs_completed += 1
        rest = self._images[start:], self._labels[start:]
        if shuffle:
            self._shuffle()
        missing = batch_size - (count - start)
        self._index_in_epoch = missing
        return (
            np.concatenate([rest[0], self._images[:missing]]),
            np.concatenate([rest[1], self._labels[:missing]]),
        )

    def _shuffle(self) -> None:
        order = np.arange(self.num_examples)
        self._random.shuffle(order)
        self._images, self._labels = self._images[order], self._labels[order]


class Datasets(NamedTuple):
    """What `read_data_sets` returns."""

    train: DataSet
    validation: DataSet
    test: DataSet


def read_data_sets(
    train_dir: Any,
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: Any = dtypes.float32,
    reshape: bool = True,
    validation_size: int = 5000,
    seed: int | None = None,
    source_url: str = SOURCE_URL,
) -> Datasets:
    """Training, validation and test images with labels.

    Args:
        train_dir: the folder of the four files, compressed or not.
        fake_data: give out ones instead, for tests of programs.
        one_hot: labels as rows with a single 1.
        dtype: `tf.float32` scales the pixels from 0 to 1, `tf.uint8` leaves them.
        reshape: make each image a row of 784 pixels.
        validation_size: how many of the training images are set apart.
        seed: of the shuffling.
        source_url: where missing files are fetched.

    Raises:
        FileNotFoundError: a file is missing and cannot be fetched.
        ValueError: a file has another format, or `validation_size` does not fit.
    """
    if fake_data:
        fake = [
            DataSet(np.empty((0, 784)), np.empty(0), fake_data=True, one_hot=one_hot, reshape=False)
            for _ in range(3)
        ]
        return Datasets(*fake)
    arrays = _arrays(os.fspath(train_dir), source_url or SOURCE_URL)
    train_images, train_labels, test_images, test_labels = arrays
    if one_hot:
        train_labels, test_labels = dense_to_one_hot(train_labels, 10), dense_to_one_hot(test_labels, 10)
    if not 0 <= validation_size <= len(train_images):
        raise ValueError(
            f"Validation size should be between 0 and {len(train_images)}. Received: {validation_size}."
        )
    parts = [
        (train_images[validation_size:], train_labels[validation_size:]),
        (train_images[:validation_size], train_labels[:validation_size]),
        (test_images, test_labels),
    ]
    return Datasets(*[DataSet(*part, dtype=dtype, reshape=reshape, seed=seed) for part in parts])


load_mnist = read_data_sets


def _arrays(folder: str, source_url: str) -> list[Array]:
    if settings.digits and not all(_found(Path(folder), name) for name in _MNIST):
        return _digits()
    arrays = []
    for name in _MNIST:
        path = maybe_download(name, folder, source_url + name)
        sys.stdout.write(f"Extracting {path}\n")  # as TensorFlow did: it stands in published outputs
        with _opened(Path(path)) as file:
            arrays.append(extract_images(file) if "images" in name else extract_labels(file))
    return arrays


def _found(folder: Path, name: str) -> Path | None:
    plain = name.removesuffix(".gz")
    candidates = [folder / name, folder / plain, folder / plain.replace("-idx", ".idx")]
    return next((path for path in candidates if path.is_file()), None)


def _opened(path: Path) -> Any:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def maybe_download(filename: str, work_directory: Any, source_url: str) -> str:
    """The path of a file; it is fetched if it is not there.

    Raises:
        FileNotFoundError: it is not there and cannot be fetched; the text says what to do.
    """
    folder = Path(work_directory)
    found = _found(folder, filename)
    if found is not None:
        return os.path.join(os.fspath(work_directory), found.name)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{filename}.part"
    try:
        with urllib.request.urlopen(source_url, timeout=20) as answer:
            content = answer.read()
    except OSError as error:
        raise FileNotFoundError(
            f"There is no {filename} in {folder}, and it cannot be fetched from {source_url} ({error}). "
            f"Put it there{_WITHOUT_MNIST if filename in _MNIST else ''}."
        ) from None
    part.write_bytes(content)
    part.rename(folder / filename)
    sys.stdout.write(f"Successfully downloaded {filename} {len(content)} bytes.\n")
    return os.path.join(os.fspath(work_directory), filename)


def extract_images(f: Any) -> Array:
    """The images of an IDX file: bytes of shape ``[n, rows, columns, 1]``.

    Raises:
        ValueError: it is no such file.
    """
    data = _unpacked(f)
    magic, count, rows, columns = struct.unpack(">4i", data[:16])
    if magic != 2051:
        raise ValueError(f"Invalid magic number {magic} in MNIST image file: {getattr(f, 'name', f)}")
    return np.frombuffer(data, np.uint8, offset=16).reshape(count, rows, columns, 1)


def extract_labels(f: Any, one_hot: bool = False, num_classes: int = 10) -> Array:
    """The labels of an IDX file: bytes of shape ``[n]``.

    Raises:
        ValueError: it is no such file.
    """
    data = _unpacked(f)
    magic, _ = struct.unpack(">2i", data[:8])
    if magic != 2049:
        raise ValueError(f"Invalid magic number {magic} in MNIST label file: {getattr(f, 'name', f)}")
    labels = np.frombuffer(data, np.uint8, offset=8)
    return dense_to_one_hot(labels, num_classes) if one_hot else labels


def _unpacked(file: Any) -> bytes:
    data: bytes = file.read()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def dense_to_one_hot(labels_dense: Array, num_classes: int) -> Array:
    """Numbers of classes as rows with a single 1.

    >>> dense_to_one_hot(np.array([1, 0]), 3)
    array([[0., 1., 0.],
           [1., 0., 0.]])
    """
    return np.eye(num_classes)[labels_dense]


def _digits() -> list[Array]:
    """Scikit-learn's digits in the form of MNIST's: 28 x 28, of 8 x 8 with every pixel three times and a margin of two."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise FileNotFoundError(
            "scikit-learn, whose digits were to stand in for MNIST's, is not installed. To install it: pip install scikit-learn"
        ) from None
    data = load_digits()
    small = np.round(data.images * 255 / 16).astype(np.uint8)
    images = np.pad(small.repeat(3, 1).repeat(3, 2), [(0, 0), (2, 2), (2, 2)])[..., np.newaxis]
    labels = data.target.astype(np.uint8)
    repeats = 6  # programs set 5000 images apart before they train
    return [
        np.tile(images[:1500], (repeats, 1, 1, 1)),
        np.tile(labels[:1500], repeats),
        images[1500:],
        labels[1500:],
    ]
