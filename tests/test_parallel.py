"""The helper: both jobs are done, errors and interrupts arrive, and nothing runs on afterwards."""

import os
import threading
import time
import warnings

import numpy as np
import pytest

from graphmagic.parallel import Contest, both


def test_both_results_come_from_two_threads():
    one, other = both(threading.get_ident, threading.get_ident)
    assert one == threading.get_ident() != other


def test_a_job_inside_a_job_runs_in_the_same_thread():
    (first, second), _ = both(lambda: both(threading.get_ident, threading.get_ident), lambda: None)
    assert first == second == threading.get_ident()


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("place", [0, 1])
def test_an_error_arrives_when_the_other_job_is_done(kind, place):
    done = []

    def fail():
        raise kind("no")

    def work():
        time.sleep(0.01)
        done.append(1)

    jobs = [work, work]
    jobs[place] = fail
    with pytest.raises(kind):
        both(*jobs)
    assert done == [1]
    assert both(lambda: 1, lambda: 2) == (1, 2)


def test_the_helper_does_not_warn():
    with np.errstate(all="ignore"):
        assert both(lambda: 0, lambda: np.exp(np.full(3, 1000.0)))[1][0] == np.inf


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_gets_a_helper_of_its_own():
    both(lambda: 1, lambda: 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os._exit(0 if both(lambda: 1, lambda: 2) == (1, 2) else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_a_contest_keeps_to_the_faster_way():
    calls = []
    slow, fast = (lambda: (calls.append("slow"), time.sleep(0.002))), lambda: calls.append("fast")
    contest = Contest(slow, fast)
    for _ in range(40):
        contest()
    assert contest.splits
    assert calls.count("slow") < 5
