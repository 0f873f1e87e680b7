"""Which task is blamed when a worker ends, whatever its answers were doing at that moment."""

import time

from curtilage.connectors.pool import Failure, Pool, Work
from tests.processes import children_of, is_running, linux


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


def test_answers_come_in_the_order_of_the_tasks():
    frames = [b"%d" % number for number in range(50)]

    assert list(run_pool(frames, seconds=60)) == [(frame, frame) for frame in frames]


@linux
def test_an_answer_that_was_given_before_the_worker_ended_counts():
    others = children_of()

    def items():
        yield from (b"a", b"late", b"later", b"never")
        yield from [b""] * 4092  # the pool takes in no more before it has heard of the first
        while any(map(is_running, children_of() - others)):
            time.sleep(0.01)
        yield b"b"  # nobody is left to take it, and what was said of "later" has not been heard yet

    given = [(key, answer) for key, answer in run_pool(items(), seconds=2.0) if key]
    outcome = {key: answer.reason if isinstance(answer, Failure) else answer for key, answer in given}

    assert outcome == {b"a": b"a", b"late": b"late", b"later": b"later", b"never": "too-slow", b"b": b"b"}
