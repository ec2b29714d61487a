"""Checkpoints that TensorFlow has written."""

from pathlib import Path

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.train import tensor_bundle

FOLDER = Path(__file__).parent / "tensorflow_checkpoint"
PREFIX = str(FOLDER / "m")
FILES = ("m.index", "m.data-00000-of-00001")


def damaged(tmp_path, name, change):
    """A copy of the checkpoint in which `change` was made to a file."""
    for file in FILES:
        content = (FOLDER / file).read_bytes()
        (tmp_path / file).write_bytes(change(content) if file == name else content)
    return str(tmp_path / "m")


def test_all_types_are_read():
    reader = tf.train.NewCheckpointReader(PREFIX)
    assert reader.get_variable_to_shape_map()["layer/kernel"] == [2, 3]
    assert reader.get_variable_to_dtype_map()["words"] is tf.string
    kernel = reader.get_tensor("layer/kernel")
    assert kernel.dtype == np.float32
    np.testing.assert_array_equal(kernel, np.arange(6).reshape(2, 3) / 4)
    np.testing.assert_array_equal(reader.get_tensor("layer/bias"), [1.5, -2.5])
    np.testing.assert_array_equal(reader.get_tensor("large"), np.arange(5000))
    assert reader.get_tensor("global_step").dtype == np.int64
    assert reader.get_tensor("global_step") == 7
    np.testing.assert_array_equal(reader.get_tensor("mask"), [True, False])
    assert reader.get_tensor("words").tolist() == [[b"ab", b""], ["é".encode(), b"x" * 200]]


def test_a_session_goes_on_from_it():
    with tf.Graph().as_default(), tf.Session() as sess:
        kernel = tf.get_variable("layer/kernel", [2, 3])
        step = tf.train.get_or_create_global_step()
        tf.train.Saver().restore(sess, PREFIX)
        assert sess.run([kernel[1, 2], step]) == [1.25, 7]


@pytest.mark.parametrize(
    ("position", "name"), [(5, "global_step"), (300, "large"), (-1, "words"), (-207, "words")]
)
def test_damage_is_found(tmp_path, position, name):
    def change(data):
        at = position % len(data)
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

    reader = tf.train.NewCheckpointReader(damaged(tmp_path, FILES[1], change))
    with pytest.raises(tf.errors.DataLossError, match=f"Checksum does not match for tensor {name}"):
        reader.get_tensor(name)


@pytest.mark.parametrize("position", [3, 40, 150])
def test_damage_of_the_index_is_found(tmp_path, position):
    prefix = damaged(tmp_path, FILES[0], lambda data: data[:position] + b"\x99" + data[position + 1 :])
    with pytest.raises(tf.errors.DataLossError, match="checksum of a block"):
        tf.train.NewCheckpointReader(prefix)


def test_a_file_that_is_cut_off_is_found(tmp_path):
    reader = tf.train.NewCheckpointReader(damaged(tmp_path, FILES[1], lambda data: data[:100]))
    with pytest.raises(tf.errors.DataLossError, match="ends within tensor large"):
        reader.get_tensor("large")


def test_slices_of_a_variable_are_refused():
    with pytest.raises(tf.errors.UnimplementedError, match="v is stored in slices"):
        tensor_bundle._entry("v", b"\x08\x01\x3a\x00")
