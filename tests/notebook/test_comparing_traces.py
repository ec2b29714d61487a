"""Notebooks that show traces can be compared: times differ from run to run, all else is the same."""

import re
from dataclasses import replace

import graphmagic as tf
from graphmagic.notebook.testing import TIMES


def compared(text):
    for pattern, replacement in TIMES.items():
        text = re.sub(pattern, replacement, text)
    return text


def test_traces_differ_in_times_only():
    x = tf.placeholder(tf.float32, [2], name="x")
    trace = tf.Session().trace(tf.exp(x, name="y"), {x: [1.0, 2.0]})
    slow = replace(
        trace, seconds=1.5, steps=[replace(step, seconds=step.seconds * 10_000) for step in trace.steps]
    )
    other = tf.Session().trace("y:0", {x: [1.0, 3.0]})

    assert repr(trace) != repr(slow)
    assert compared(repr(trace)) == compared(repr(slow))
    assert compared(repr(trace)) != compared(repr(other))
    assert compared(trace.html()) == "a player"
