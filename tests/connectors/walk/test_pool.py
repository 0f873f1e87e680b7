"""Which task is blamed when a worker ends, whatever its answers were doing at that moment."""

import os
import time
from pathlib import Path

from curtilage.connectors.pool import FEW_LONG, Failure, Pool, Work
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


def make_fragile(argument):
    """Return what ends its worker at the word ``end``, as often as a file says that it still has to."""
    left = Path(argument)

    def answer(frame):
        if frame == b"end" and (times := int(left.read_text())):
            left.write_text(str(times - 1))
            os._exit(3)
        return answer_of(frame)

    answer_of = make_echo("")
    return answer


def run_long(items, left, *, jobs=1):
    make = "tests.connectors.walk.test_pool:make_fragile"
    pool = Pool(make=make, argument=str(left), memory_bytes=2**30, jobs=jobs, manner=FEW_LONG)
    with pool:
        yield from pool.run((frame, Work(frame, 60.0)) for frame in items)


def test_a_long_task_that_ended_its_first_worker_is_tried_once_more(tmp_path):
    (tmp_path / "left").write_text("1")

    assert list(run_long([b"end"], tmp_path / "left")) == [(b"end", b"end")]


def test_a_long_task_is_given_up_when_it_ends_two_workers(tmp_path):
    (tmp_path / "left").write_text("2")
    given = dict(run_long([b"a", b"end", b"b"], tmp_path / "left"))

    assert given.pop(b"end").reason == "crashed"
    assert given == {b"a": b"a", b"b": b"b"}


def test_long_tasks_are_answered_as_they_are_ready(tmp_path):
    (tmp_path / "left").write_text("0")

    assert next(run_long([b"never", b"a"], tmp_path / "left", jobs=2)) == (b"a", b"a")


@linux
def test_all_workers_start_with_the_first_task_where_many_are_expected():
    others = children_of()
    make = "tests.connectors.walk.test_pool:make_echo"
    with Pool(make=make, argument="", memory_bytes=2**30, jobs=3, manner=FEW_LONG) as pool:
        pool.expect_many()
        assert list(pool.run([("a", Work(b"a", 60))])) == [("a", b"a")]
        assert len(children_of() - others) == 3
        assert list(pool.run([("b", Work(b"b", 60))])) == [("b", b"b")]
