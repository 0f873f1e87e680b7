"""Which task is blamed when a worker ends, whatever its answers were doing at that moment."""

import os
import time
from pathlib import Path

import pytest

from curtilage.connectors.pool import Failure, Pool, Work

linux = pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks Linux for the processes")


def make_echo(_argument):
    """Return what the workers of these tests do: answer with the task itself; late, or never."""

    def answer(frame):
        time.sleep({b"late": 0.2, b"later": 0.2, b"never": 3600}.get(frame, 0))
        return frame

    return answer


def run_pool(items, *, seconds):
    pool = Pool(make="tests.connectors.walk.test_pool:make_echo", argument="", memory_bytes=2**30, jobs=1)
    with pool:
        yield from pool.run((frame, Work(frame, seconds) if frame else None) for frame in items)


def wait_for_the_worker_to_end():
    """Return when no child of this process runs any more; one that has ended is still to be waited for."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    while any(
        Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] != "Z" for child in children
    ):
        time.sleep(0.01)


def test_answers_come_in_the_order_of_the_tasks():
    frames = [b"%d" % number for number in range(50)]

    assert list(run_pool(frames, seconds=60)) == [(frame, frame) for frame in frames]


@linux
def test_an_answer_that_was_given_before_the_worker_ended_counts():
    def items():
        yield from (b"a", b"late", b"later", b"never")
        yield from [b""] * 4092  # the pool takes in no more before it has heard of the first
        wait_for_the_worker_to_end()
        yield b"b"  # nobody is left to take it, and what was said of "later" has not been heard yet

    given = [(key, answer) for key, answer in run_pool(items(), seconds=2.0) if key]
    outcome = {key: answer.reason if isinstance(answer, Failure) else answer for key, answer in given}

    assert outcome == {b"a": b"a", b"late": b"late", b"later": b"later", b"never": "too-slow", b"b": b"b"}
