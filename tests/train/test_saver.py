"""Checkpoints: what is written, what is read back, and what happens when files are damaged."""

import json
import os
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture
def prefix(tmp_path):
    return str(tmp_path / "m")


def session(*assignments):
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    for assignment in assignments:
        sess.run(assignment)
    return sess


def two_variables():
    return tf.Variable([1.0, 2.0], name="v"), tf.Variable(7, name="w")


def values(sess):
    return {v.name: None if v.value is None else np.asarray(v.value).tolist() for v in sess.variables()}


def files(prefix):
    return sorted(os.listdir(os.path.dirname(prefix)))


def contents(prefix):
    return {path.name: path.read_bytes() for path in Path(prefix).parent.iterdir()}


# ----- there and back -----


def test_a_round_trip(prefix):
    two_variables()
    saver = tf.train.Saver()
    with session() as sess:
        assert saver.save(sess, prefix) == prefix
    with tf.Session() as sess:
        saver.restore(sess, prefix)
        assert values(sess) == {"v": [1.0, 2.0], "w": 7}
    assert files(prefix) == ["checkpoint", "m.data-00000-of-00001", "m.index", "m.meta"]


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.array([np.nan, -np.inf, -0.0, 5e-324]),
        np.float16([1.5]),
        np.int8([-128, 127]),
        np.uint8([255]),
        np.int64([2**62]),
        np.bool_([True, False]),
        np.complex64([1 + 2j]),
        np.array([b"text", b"", b"\x00\xff\x00"], object),
        np.zeros([0, 3], np.float32),
        np.float64(3.5),
    ],
    ids=lambda v: f"{v.dtype}-{v.shape}",
)
def test_every_type_comes_back_bit_for_bit(prefix, value):
    v = tf.Variable(tf.constant(value, tf.as_dtype(value.dtype)), name="v")
    saver = tf.train.Saver()
    saver.save(session(), prefix)
    with tf.Session() as sess:
        saver.restore(sess, prefix)
        found = sess.run(v)
    np.testing.assert_array_equal(found, value)
    assert np.asarray(found, value.dtype).tobytes() == value.tobytes() or value.dtype == object


def test_the_data_are_what_numpy_reads(prefix):
    two_variables()
    tf.train.Saver().save(session(), prefix)

    with np.load(f"{prefix}.data-00000-of-00001", allow_pickle=False) as archive:
        assert {name: archive[name].tolist() for name in archive} == {"v": [1.0, 2.0], "w": 7}
    assert json.loads(Path(f"{prefix}.index").read_bytes())["tensors"]["v"]["shape"] == [2]


def test_equal_values_make_equal_files(prefix):
    two_variables()
    saver, sess = tf.train.Saver(), session()
    saver.save(sess, prefix)
    first = contents(prefix)
    saver.save(sess, prefix)
    assert contents(prefix) == first


def test_other_names_in_the_checkpoint(prefix):
    v, w = two_variables()
    tf.train.Saver({"old/v": v, "strange name: é": w}).save(session(), prefix)
    assert tf.train.list_variables(prefix) == [("old/v", [2]), ("strange name: é", [])]

    u = tf.Variable([0.0, 0.0], name="u")
    with tf.Session() as sess:
        tf.train.Saver({"old/v": u}).restore(sess, prefix)
        assert sess.run(u).tolist() == [1.0, 2.0]
        assert not sess.run(tf.is_variable_initialized(v))


def test_a_saver_of_some_variables_leaves_the_others(prefix):
    v, w = two_variables()
    saver = tf.train.Saver([v])
    saver.save(session(), prefix)
    with session(v.assign([0.0, 0.0]), w.assign(1)) as sess:
        saver.restore(sess, prefix)
        assert values(sess) == {"v": [1.0, 2.0], "w": 1}


def test_other_shapes_with_as_many_elements(prefix):
    v, _ = two_variables()
    tf.train.Saver([v]).save(session(), prefix)
    with tf.Graph().as_default(), tf.Session() as sess:
        u = tf.Variable([[0.0], [0.0]], name="v")
        tf.train.Saver(reshape=True).restore(sess, prefix)
        assert sess.run(u).tolist() == [[1.0], [2.0]]


def test_variables_of_any_shape(prefix):
    x = tf.placeholder(tf.float32)
    v = tf.Variable(x, validate_shape=False, name="v")
    saver, sess = tf.train.Saver(), tf.Session()
    sess.run(v.initializer, {x: [[1.0, 2.0]]})
    saver.save(sess, prefix)
    sess.run(v.initializer, {x: 3.0})
    saver.restore(sess, prefix)

    assert sess.run(v).tolist() == [[1.0, 2.0]]


def test_the_operations_have_tensorflows_names():
    two_variables()
    before = len(tf.get_default_graph().get_operations())
    tf.train.Saver()
    names = [op.name for op in tf.get_default_graph().get_operations()[before:]]

    assert names == [
        *("save/filename/input", "save/filename", "save/Const"),
        *(
            "save/SaveV2/tensor_names",
            "save/SaveV2/shape_and_slices",
            "save/SaveV2",
            "save/control_dependency",
        ),
        *("save/RestoreV2/tensor_names", "save/RestoreV2/shape_and_slices", "save/RestoreV2"),
        *("save/Assign", "save/Assign_1", "save/restore_all"),
    ]


# ----- which checkpoints there are -----


def test_old_checkpoints_are_deleted(prefix):
    two_variables()
    saver, sess = tf.train.Saver(max_to_keep=2), session()
    for step in range(4):
        saver.save(sess, prefix, global_step=step, write_meta_graph=False)
    state = tf.train.get_checkpoint_state(os.path.dirname(prefix))

    assert [name for name in files(prefix) if name.endswith("index")] == ["m-2.index", "m-3.index"]
    assert saver.last_checkpoints == state.all_model_checkpoint_paths == [f"{prefix}-2", f"{prefix}-3"]
    assert tf.train.latest_checkpoint(os.path.dirname(prefix)) == state.model_checkpoint_path == f"{prefix}-3"


@pytest.mark.parametrize("keep", [None, 0])
def test_all_checkpoints_are_kept(prefix, keep):
    two_variables()
    saver, sess = tf.train.Saver(max_to_keep=keep), session()
    for step in range(7):
        saver.save(sess, prefix, global_step=step, write_meta_graph=False)

    assert len([name for name in files(prefix) if name.endswith("index")]) == 7
    assert saver.last_checkpoints == []


def test_one_checkpoint_in_a_while_is_kept(prefix):
    two_variables()
    saver, sess = tf.train.Saver(max_to_keep=1, keep_checkpoint_every_n_hours=1e-12), session()
    for step in range(3):
        saver.save(sess, prefix, global_step=step, write_meta_graph=False)

    assert [name for name in files(prefix) if name.endswith("index")] == [
        "m-0.index",
        "m-1.index",
        "m-2.index",
    ]


def test_saving_twice_under_one_name_counts_once(prefix):
    two_variables()
    saver, sess = tf.train.Saver(), session()
    for _ in range(3):
        saver.save(sess, prefix)
    assert saver.last_checkpoints == [prefix]


def test_the_number_of_steps_in_the_name(prefix):
    step = tf.train.create_global_step()
    sess = session(step.assign(12))

    assert tf.train.Saver().save(sess, prefix, global_step=step) == f"{prefix}-12"
    assert tf.train.Saver(pad_step_number=True).save(sess, prefix, global_step=3) == f"{prefix}-00000003"


def test_a_directory_that_moves(tmp_path):
    two_variables()
    (tmp_path / "one").mkdir()
    saver = tf.train.Saver(save_relative_paths=True)
    saver.save(session(), str(tmp_path / "one" / "m"))
    os.rename(tmp_path / "one", tmp_path / "two")

    assert tf.train.latest_checkpoint(str(tmp_path / "two")) == str(tmp_path / "two" / "m")


def test_relative_paths(tmp_path, monkeypatch):
    two_variables()
    monkeypatch.chdir(tmp_path)
    saver, sess = tf.train.Saver(), session()
    path = saver.save(sess, "m")
    saver.restore(sess, path)

    assert path == "m"
    assert tf.train.latest_checkpoint(".") == "./m"


def test_going_on_where_another_saver_stopped(prefix):
    two_variables()
    first, sess = tf.train.Saver(), session()
    for step in range(3):
        first.save(sess, prefix, global_step=step)
    second = tf.train.Saver(max_to_keep=2)
    second.recover_last_checkpoints([*first.last_checkpoints, f"{prefix}-99"])
    assert second.last_checkpoints == first.last_checkpoints
    second.set_last_checkpoints(first.last_checkpoints[1:])
    assert second.last_checkpoints == [f"{prefix}-1", f"{prefix}-2"]


def test_a_damaged_state_file_is_no_state(prefix):
    with open(os.path.join(os.path.dirname(prefix), "checkpoint"), "w") as file:
        file.write("model_checkpoint_path\n")
    with pytest.warns(UserWarning, match="Checkpoint ignored"):
        assert tf.train.get_checkpoint_state(os.path.dirname(prefix)) is None


# ----- what goes wrong -----


def test_mistakes_in_making_a_saver():
    with pytest.raises(ValueError, match="No variables to save"):
        tf.train.Saver()
    assert tf.train.Saver(allow_empty=True).save(tf.Session(), "m") is None
    v, w = two_variables()
    with pytest.raises(TypeError, match="Variable to save is not a Variable: Tensor"):
        tf.train.Saver([v, tf.constant(1.0)])
    with pytest.raises(ValueError, match="The same saveable will be restored with two names: a, b"):
        tf.train.Saver({"a": w, "b": w})
    late = tf.train.Saver(defer_build=True)
    with pytest.raises(RuntimeError, match=r"`build\(\)` should be called before save"):
        late.save(tf.Session(), "m")
    with pytest.raises(ValueError, match="build cannot be deferred"):
        tf.train.Saver([v], defer_build=True)


def test_mistakes_in_saving(prefix):
    two_variables()
    saver, sess = tf.train.Saver(), tf.Session()
    with pytest.raises(tf.errors.FailedPreconditionError, match="Attempting to use uninitialized value v"):
        saver.save(sess, prefix)
    assert files(prefix) == []
    with pytest.raises(ValueError, match=r"Parent directory of .* doesn't exist, can't save."):
        saver.save(session(), f"{prefix}/no/m")
    with pytest.raises(ValueError, match="'latest_filename' collides with 'save_path'"):
        saver.save(session(), f"{prefix}/checkpoint")
    with pytest.raises(TypeError, match="'sess' must be a Session; 3"):
        saver.save(3, prefix)


def test_an_interrupted_save_leaves_the_old_checkpoint(prefix, monkeypatch):
    v, _ = two_variables()
    saver, sess = tf.train.Saver(), session()
    saver.save(sess, prefix)
    before = contents(prefix)
    sess.run(v.assign([8.0, 9.0]))

    def disk_full(file, array, **more):
        file.write(b"half")
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np.lib.format, "write_array", disk_full)
        with pytest.raises(tf.errors.UnknownError, match="No space left on device"):
            saver.save(sess, prefix)
    assert contents(prefix) == before
    saver.restore(sess, prefix)
    assert sess.run(v).tolist() == [1.0, 2.0]


def check_unchanged(saver, prefix, kind, text):
    """Restoring fails with that error and changes nothing."""
    with session(*[v.assign(tf.ones_like(v)) for v in tf.global_variables()]) as sess:
        before = values(sess)
        with pytest.raises(kind, match=text) as caught:
            saver.restore(sess, prefix)
        assert values(sess) == before
    return caught.value


def test_a_checkpoint_without_a_variable(prefix):
    v, _ = two_variables()
    tf.train.Saver([v]).save(session(), prefix)
    error = check_unchanged(
        tf.train.Saver(), prefix, tf.errors.NotFoundError, "Key w not found in checkpoint"
    )

    assert error.message.startswith(
        "Restoring from checkpoint failed. This is most likely due to a Variable name"
    )
    assert "The session is unchanged." in error.__notes__


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: tf.Variable([1.0, 2.0, 3.0], name="v"), r"lhs shape= \[3\] rhs shape= \[2\]"),
        (lambda: tf.Variable([1, 2], name="v"), "expected dtype int32 does not equal original dtype float"),
    ],
)
def test_a_variable_of_another_kind(prefix, make, text):
    two_variables()
    tf.train.Saver().save(session(), prefix)
    with tf.Graph().as_default():
        tf.Variable(0, name="w")  # it comes before v in the file, and must not be restored either
        make()
        check_unchanged(tf.train.Saver(), prefix, tf.errors.InvalidArgumentError, text)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path):
    content = bytearray(path.read_bytes())
    content[content.index(np.float32([1.0, 2.0]).tobytes())] ^= 1
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b"")


def replace_by_text(path):
    path.write_text("not a checkpoint")


@pytest.mark.parametrize("damage", [cut, flip, empty, replace_by_text, Path.unlink])
def test_damaged_data(prefix, damage):
    two_variables()
    saver = tf.train.Saver()
    saver.save(session(), prefix)
    damage(Path(f"{prefix}.data-00000-of-00001"))

    check_unchanged(saver, prefix, tf.errors.DataLossError, r"Unable to read the checkpoint data .*m\.data")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": "other"}',
        b'{"format": "graphmagic checkpoint", "version": 2, "tensors": {}}',
        b"\xff",
    ],
)
def test_a_damaged_index(prefix, content):
    two_variables()
    saver = tf.train.Saver()
    saver.save(session(), prefix)
    Path(f"{prefix}.index").write_bytes(content)

    check_unchanged(saver, prefix, tf.errors.DataLossError, "Unable to read the checkpoint index")


def test_data_and_index_of_different_checkpoints(prefix):
    v, _ = two_variables()
    saver, sess = tf.train.Saver(), session()
    saver.save(sess, prefix)
    sess.run(v.assign([5.0, 6.0]))
    saver.save(sess, f"{prefix}2")
    os.replace(f"{prefix}2.data-00000-of-00001", f"{prefix}.data-00000-of-00001")

    check_unchanged(saver, prefix, tf.errors.DataLossError, "Checksum does not match for tensor v")


def test_nothing_is_unpickled(prefix):
    v = tf.Variable("text", name="v")
    saver = tf.train.Saver([v])
    saver.save(session(), prefix)
    with zipfile.ZipFile(f"{prefix}.data-00000-of-00001", "w") as archive, archive.open("v.npy", "w") as file:
        np.lib.format.write_array(file, np.array([print], object), allow_pickle=True)
    with pytest.raises(tf.errors.DataLossError):
        saver.restore(tf.Session(), prefix)


def test_what_is_no_checkpoint(prefix):
    two_variables()
    saver = tf.train.Saver()
    with pytest.raises(ValueError, match=r"The passed save_path is not a valid checkpoint: .*m"):
        saver.restore(tf.Session(), prefix)
    with pytest.raises(ValueError, match=r"Can't load save_path when it is None."):
        saver.restore(tf.Session(), None)
    with pytest.raises(tf.errors.NotFoundError, match="Failed to find any matching files"):
        tf.train.load_checkpoint(prefix)
    with pytest.raises(ValueError, match="Couldn't find 'checkpoint' file or checkpoints in given directory"):
        tf.train.load_checkpoint(os.path.dirname(prefix))
    assert tf.train.latest_checkpoint(os.path.dirname(prefix)) is None


def test_saving_while_training(prefix):
    """A checkpoint holds values of one moment, whatever another thread does meanwhile."""
    a, b = tf.Variable(np.zeros(1000), name="a"), tf.Variable(np.zeros(1000), name="b")
    with tf.control_dependencies([a.assign_add(np.ones(1000))]):
        both = tf.group(b.assign_add(np.ones(1000)))
    saver, sess = tf.train.Saver(), session()
    stop = threading.Event()

    def train():
        while not stop.is_set():
            sess.run(both)

    thread = threading.Thread(target=train)
    thread.start()
    try:
        for step in range(5):
            path = saver.save(sess, prefix, global_step=step, write_meta_graph=False)
            reader = tf.train.load_checkpoint(path)
            assert {len(set(reader.get_tensor(name).tolist())) for name in "ab"} == {1}
    finally:
        stop.set()
        thread.join()
