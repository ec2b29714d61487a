"""Settings of sessions and runs."""

import pytest

import graphmagic as tf


def test_fields_have_defaults_and_can_be_set():
    config = tf.ConfigProto(device_count={"CPU": 2}, gpu_options={"per_process_gpu_memory_fraction": 0.5})
    config.gpu_options.allow_growth = True
    config.intra_op_parallelism_threads = 4
    config.graph_options.optimizer_options.opt_level = tf.OptimizerOptions.L0

    assert config.allow_soft_placement is False
    assert str(config).splitlines()[:4] == ["device_count {", '  key: "CPU"', "  value: 2", "}"]
    assert config.gpu_options == tf.GPUOptions(allow_growth=True, per_process_gpu_memory_fraction=0.5)
    assert config.HasField("gpu_options")
    assert not tf.ConfigProto().HasField("gpu_options")
    assert str(tf.ConfigProto()) == ""
    with tf.Session(config=config) as sess:
        assert sess.run(tf.constant(1)) == 1


def test_asking_sets_nothing():
    config = tf.ConfigProto()
    assert config.gpu_options.allow_growth is False
    assert config == tf.ConfigProto()


@pytest.mark.parametrize(
    ("use", "kind", "text"),
    [
        (lambda c: tf.ConfigProto(foo=3), ValueError, 'Protocol message ConfigProto has no "foo" field.'),
        (lambda c: setattr(c, "foo", 3), AttributeError, 'Protocol message ConfigProto has no "foo" field.'),
        (lambda c: c.foo, AttributeError, "foo"),
        (
            lambda c: setattr(c, "gpu_options", tf.GPUOptions()),
            AttributeError,
            "Assignment not allowed to message field",
        ),
        (
            lambda c: tf.ConfigProto(allow_soft_placement="x"),
            TypeError,
            "'str' object cannot be interpreted as an integer",
        ),
        (
            lambda c: tf.ConfigProto(gpu_options=3),
            TypeError,
            "Parameter to initialize message field must be dict or",
        ),
        (lambda c: c.HasField("foo"), ValueError, 'has no "foo" field'),
    ],
)
def test_mistakes(use, kind, text):
    with pytest.raises(kind, match=text):
        use(tf.ConfigProto())


def test_near_names_are_suggested():
    with pytest.raises(ValueError, match="allow_soft_placment") as caught:
        tf.ConfigProto(allow_soft_placment=True)
    assert caught.value.__notes__ == ["Did you mean 'allow_soft_placement'?"]


@pytest.mark.parametrize("kind", [tf.Session, tf.InteractiveSession])
def test_a_session_takes_nothing_else(kind):
    with pytest.raises(TypeError, match=r'Argument `config` must be a tf.ConfigProto, but got "int"'):
        kind(config=3)


def test_there_are_no_servers():
    with pytest.raises(
        tf.errors.NotFoundError, match=r'No session factory registered .*target: "grpc://host:1"'
    ):
        tf.Session("grpc://host:1")


def test_a_device_that_is_not_there():
    with tf.device("/gpu:0"):
        b = tf.constant(1, name="b")
    near = b + 1
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        tf.Session().run(near)

    assert caught.value.op is b.op
    assert caught.value.message == (
        "Cannot assign a device for operation b: {{node b}} was explicitly assigned to /device:GPU:0 but available "
        "devices are [ /job:localhost/replica:0/task:0/device:CPU:0 ]. Make sure the device specification refers to a "
        "valid device. The requested device appears to be a GPU, but CUDA is not enabled.\n\t [[b]]"
    )
    assert caught.value.__notes__[-1].startswith("To fix it: run it on the CPU")
    assert tf.Session(config=tf.ConfigProto(allow_soft_placement=True)).run(near) == 2
    assert tf.Session().run(near, {b: 5}) == 6  # what is fed is not run


@pytest.mark.parametrize(
    "device", ["/cpu:0", "/job:localhost/cpu:0", "/device:CPU:*", "/task:0/device:CPU:0"]
)
def test_names_of_the_cpu(device):
    with tf.device(device):
        x = tf.constant(1)
    assert tf.Session().run(x) == 1


@pytest.mark.parametrize("device", ["/cpu:1", "/job:worker/cpu:0", "/device:TPU:0"])
def test_names_of_other_devices(device):
    with tf.device(device):
        x = tf.constant(1)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Cannot assign a device for operation Const"):
        tf.Session().run(x)


def test_more_cpus():
    with tf.device("/cpu:1"):
        x = tf.constant(1)
    assert tf.Session(config=tf.ConfigProto(device_count={"CPU": 2})).run(x) == 1


def test_what_a_run_reports():
    total = tf.reduce_sum(tf.placeholder(tf.float32, [2], name="x") * 3.0, name="total")
    report, quiet = tf.RunMetadata(), tf.RunMetadata()
    with tf.Session() as sess:
        sess.run(total, {"x:0": [1, 2]}, tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), report)
        sess.run(total, {"x:0": [1, 2]}, run_metadata=quiet)
    [device] = report.step_stats.dev_stats

    assert device.device == "/job:localhost/replica:0/task:0/device:CPU:0"
    assert device.node_stats[-1].node_name == "total"
    assert device.node_stats[-1].timeline_label == "total = Sum(mul, Const)"
    assert not quiet.HasField("step_stats")
