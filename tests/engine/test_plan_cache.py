"""A session keeps its plans, so many and no more, and tells how that goes."""

import pytest

import graphmagic as tf


@pytest.fixture
def session():
    tf.constant(1.0)
    return tf.Session()


def counts(cache):
    return len(cache), cache.hits, cache.misses, cache.evictions


def test_a_plan_is_made_once(session):
    x = tf.placeholder(tf.float32)
    y = x + 1.0
    for number in range(5):
        session.run(y, {x: number})
    session.run([y], {x: 1.0})

    assert counts(session.plan_cache) == (2, 4, 2, 0)


def test_the_oldest_plans_give_way(session):
    session.plan_cache.limit = 3
    nodes = [tf.constant(float(number)) for number in range(5)]
    values = [session.run(node) for node in nodes * 2]

    assert values == [0.0, 1.0, 2.0, 3.0, 4.0] * 2
    assert counts(session.plan_cache) == (3, 0, 10, 7)


def test_a_limit_of_none_keeps_none(session):
    session.plan_cache.limit = 0
    node = tf.constant(2.0)

    assert session.run(node) == session.run(node) == 2.0
    assert len(session.plan_cache) <= 1


def test_a_smaller_limit_holds_from_the_next_plan_on(session):
    nodes = [tf.constant(float(number)) for number in range(10)]
    for node in nodes[:-1]:
        session.run(node)
    session.plan_cache.limit = 2
    session.run(nodes[-1])

    assert len(session.plan_cache) == 2


def test_clearing_lets_go_of_plans_and_no_values(session):
    v = tf.Variable(3.0)
    session.run(v.initializer)
    session.plan_cache.clear()

    assert session.run(v) == 3.0
    assert repr(session.plan_cache) == "PlanCache(size=1, limit=512, hits=0, misses=2, evictions=0)"


def test_what_cannot_be_run_is_not_kept(session):
    with pytest.raises(TypeError):
        session.run(object())
    with pytest.raises(ValueError, match="graph"):
        session.run("missing:0")

    assert counts(session.plan_cache) == (0, 0, 0, 0)
