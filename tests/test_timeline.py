"""Timelines, and what a traced run writes into TensorFlow's messages."""

import json
import sys

import pytest

import graphmagic as tf
from graphmagic.graph import messages
from graphmagic.timeline import Timeline


@pytest.fixture
def traced():
    """Run a traced step of gradient descent; gives what the run reported."""

    def run():
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        w = tf.Variable(tf.ones([3, 2]), name="w")
        loss = tf.reduce_sum(tf.tanh(tf.matmul(x, w, name="product"), name="y"), name="loss")
        step = tf.train.GradientDescentOptimizer(0.1).minimize(loss, name="step")
        report = tf.RunMetadata()
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            sess.run([loss, step], {x: [[1, 2, 3]] * 4}, options, report)
        return report

    return run


@pytest.fixture(params=["protocol buffers", "without the extra"])
def report(request, traced, monkeypatch):
    if request.param == "without the extra":
        monkeypatch.setattr(messages, "has_protobuf", lambda: False)
        monkeypatch.delitem(vars(tf), "RunMetadata", raising=False)
    yield traced()
    vars(tf).pop("RunMetadata", None)


def nodes_of(report):
    [device] = report.step_stats.dev_stats
    return {node.node_name: node for node in device.node_stats}


def test_the_report_has_the_labels_that_tensorflow_writes(report):
    """Recorded from TensorFlow for the same program, the names of its own kernels and gradients aside."""
    labels = {node.timeline_label for node in nodes_of(report).values()}

    assert {
        "_arg_x_0_0 = _Arg()",
        "w = VariableV2()",
        "w/read = Identity(w)",
        "product = MatMul(_arg_x_0_0, w/read)",
        "y = Tanh(product)",
        "loss = Sum(y, Const)",
        "step/update_w/ApplyGradientDescent = ApplyGradientDescent(w, step/learning_rate, gradients/product_grad/MatMul_1)",
        "step = NoOp(^step/update_w/ApplyGradientDescent)",
    } <= labels


def test_the_report_tells_times_and_outputs(report):
    nodes = nodes_of(report)
    product = nodes["product"]
    [output] = product.output

    assert output.slot == 0
    assert output.tensor_description.dtype == 1
    assert [dim.size for dim in output.tensor_description.shape.dim] == [4, 2]
    assert output.tensor_description.allocation_description.allocated_bytes == 32
    assert product.all_end_rel_micros >= product.op_start_rel_micros >= 0
    assert nodes["loss"].all_start_nanos >= product.all_start_nanos + product.all_end_rel_nanos - 1000
    assert 'node_name: "product"' in str(report)


def test_a_timeline_is_what_chrome_reads(report):
    events = json.loads(Timeline(report.step_stats).generate_chrome_trace_format(show_memory=True))[
        "traceEvents"
    ]
    ran = {event["args"]["name"]: event for event in events if event["ph"] == "X"}

    assert events[0]["args"]["name"] == "/job:localhost/replica:0/task:0/device:CPU:0 Compute"
    assert ran["product"]["args"] == {
        "name": "product",
        "op": "MatMul",
        "input0": "_arg_x_0_0",
        "input1": "w/read",
    }
    assert ran["product"]["dur"] >= 1
    starts = [event for event in events if event["ph"] == "s" and event["name"] == "product"]
    ends = {event["id"]: event for event in events if event["ph"] == "t"}
    assert all(ends[event["id"]]["ts"] >= event["ts"] - 1 for event in starts)
    assert [event["args"]["bytes"] for event in events if event["ph"] == "C"][-1] > 32


def test_nothing_overlaps_in_a_lane(report):
    events = json.loads(Timeline(report.step_stats).generate_chrome_trace_format(show_dataflow=False))[
        "traceEvents"
    ]
    lanes = {}
    for event in events:
        if event["ph"] == "X":
            assert event["ts"] >= lanes.get(event["tid"], 0)
            lanes[event["tid"]] = event["ts"] + event["dur"]


def test_published_programs_find_it(traced):
    from graphmagic.legacy import installed

    before = set(sys.modules)
    with installed():
        from tensorflow.python.client import timeline

        text = timeline.Timeline(traced().step_stats).generate_chrome_trace_format()
    assert json.loads(text)["traceEvents"]
    assert not {name for name in set(sys.modules) - before if name.startswith("tensorflow")}


def test_event_files_hold_it(traced, tmp_path):
    pytest.importorskip("tensorboard")
    report = traced()
    with tf.summary.FileWriter(tmp_path) as writer:
        writer.add_run_metadata(report, "step 1", 1)
        with pytest.raises(ValueError, match="tag was already used"):
            writer.add_run_metadata(report, "step 1", 2)
    [path] = tmp_path.iterdir()
    events = [tf.Event.FromString(record) for record in tf.python_io.tf_record_iterator(str(path))]

    [event] = [event for event in events if event.HasField("tagged_run_metadata")]
    assert (event.step, event.tagged_run_metadata.tag) == (1, "step 1")
    assert type(report).FromString(event.tagged_run_metadata.run_metadata) == report


def test_a_run_without_trace_level_reports_nothing():
    report = tf.RunMetadata()
    report.step_stats.dev_stats.add(device="old")

    tf.Session().run(tf.constant(1.0), options=tf.RunOptions(), run_metadata=report)

    assert not report.HasField("step_stats")
