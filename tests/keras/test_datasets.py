"""Data sets in files: they are read where Keras keeps them, and a missing one says where to put it."""

import gzip
import json
import pickle

import numpy as np
import pytest

import graphmagic as tf

datasets = tf.keras.datasets
rng = np.random.default_rng(0)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where Keras keeps them."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    place = tmp_path / ".keras" / "datasets"
    place.mkdir(parents=True)
    return place


def lists(*rows):
    found = np.empty(len(rows), object)
    found[:] = [list(row) for row in rows]
    return found


@pytest.mark.parametrize("name", datasets.__all__)
def test_a_missing_file_says_where_to_put_it(name, folder):
    with pytest.raises(
        FileNotFoundError, match=r"here nor in ~/\.keras/datasets, and graphmagic fetches nothing"
    ):
        getattr(datasets, name).load_data()


def test_prices_of_houses_are_in_the_order_of_keras(folder):
    x = np.arange(30.0).reshape(10, 3)
    np.savez(folder / "boston_housing.npz", x=x, y=x[:, 0])

    (x_train, y_train), (x_test, y_test) = datasets.boston_housing.load_data()

    order = np.arange(10)
    np.random.RandomState(113).shuffle(order)
    np.testing.assert_array_equal(np.concatenate([x_train, x_test]), x[order])
    np.testing.assert_array_equal(y_test, x_test[:, 0])
    assert (len(y_train), len(y_test)) == (8, 2)


def test_reviews_are_lists_of_numbers_of_words(folder):
    texts = lists([1, 2], [3, 4, 5], [6])
    np.savez(folder / "imdb.npz", x_train=texts, y_train=[0, 1, 0], x_test=texts, y_test=[0, 1, 0])
    (folder / "imdb_word_index.json").write_text(json.dumps({"the": 1}))

    (x_train, y_train), _ = datasets.imdb.load_data(num_words=8)

    assert sorted(x_train.tolist()) == [[1, 2], [1, 4, 5], [1, 6, 7, 2]]
    assert [len(x) == 4 for x in x_train] == [y == 1 for y in y_train]
    assert datasets.imdb.get_word_index() == {"the": 1}


def test_news_are_parted(folder):
    np.savez(folder / "reuters.npz", x=lists([1], [2, 2], [3], [4], [5, 5]), y=[0, 1, 2, 3, 4])

    (x_train, y_train), (x_test, y_test) = datasets.reuters.load_data(
        test_split=0.4, start_char=None, index_from=0
    )

    both = {tuple(x): y for x, y in zip([*x_train, *x_test], [*y_train, *y_test], strict=True)}
    assert both == {(1,): 0, (2, 2): 1, (3,): 2, (4,): 3, (5, 5): 4}
    assert (len(y_train), len(y_test)) == (3, 2)


def test_small_pictures(folder):
    place = folder / "cifar-10-batches-py"
    place.mkdir()
    data = rng.integers(0, 256, (4, 3072), dtype=np.uint8)
    for name in (*[f"data_batch_{i}" for i in range(1, 6)], "test_batch"):
        (place / name).write_bytes(pickle.dumps({b"data": data, b"labels": [1, 2, 3, 4]}))

    (x_train, y_train), (x_test, _) = datasets.cifar10.load_data()

    assert (x_train.shape, y_train.shape, x_test.shape) == ((20, 32, 32, 3), (20, 1), (4, 32, 32, 3))
    assert x_test[2, 5, 7, 1] == data[2, 1024 + 5 * 32 + 7]


def test_clothes(folder):
    place = folder / "fashion-mnist"
    place.mkdir()
    pictures = rng.integers(0, 256, (3, 28, 28), dtype=np.uint8)
    for kind in ("train", "t10k"):
        (place / f"{kind}-images-idx3-ubyte.gz").write_bytes(gzip.compress(bytes(16) + pictures.tobytes()))
        (place / f"{kind}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(bytes(8) + bytes([1, 2, 3])))

    (x_train, y_train), _ = datasets.fashion_mnist.load_data()

    np.testing.assert_array_equal(x_train, pictures)
    assert y_train.tolist() == [1, 2, 3]


def test_code_in_a_file_is_not_run(folder):
    class Evil:
        def __reduce__(self):
            return print, ("run",)

    found = np.empty(1, object)
    found[0] = Evil()
    np.savez(folder / "imdb.npz", x_train=found, y_train=[0], x_test=found, y_test=[0])

    with pytest.raises(ValueError, match=r"asks for builtins\.print"):
        datasets.imdb.load_data()
