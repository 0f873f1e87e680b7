"""Worker processes that survive what they read: one hostile file costs one worker, not the run.

* Answers come in the order of the tasks, however many workers there are, so results do not depend
  on the machine.
* A worker that is ended (too slow, out of memory, a crash inside a library) is replaced; the task
  it was at is given back as a :class:`Failure`, the tasks that waited behind it go to another.
* A task that ended a worker which had done others before is tried once more in a fresh one: memory
  that earlier files left behind must not decide what is read. Where tasks are few and long, each is
  tried once more, and answers may come as they are ready.
* The number of tasks under way and the bytes of answers that wait for their turn are bounded.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Generic, TypeVar

from curtilage.connectors.worker import OUT_OF_MEMORY, READY, write_task
from curtilage.foundation.errors import SourceError

Key = TypeVar("Key")

_LARGE_FRAME: Final = 8 * 2**10
_WINDOW: Final = 4096
_WAITING_BYTES: Final = 64 * 2**20
_READ: Final = 2**20
_PATIENCE_SECONDS: Final = 5.0


class WorkerStartError(SourceError):
    """A worker process could not be started at all."""

    code = "connectors.worker-not-started"

    def __init__(self, *, why: str) -> None:
        super().__init__(
            f"A worker process could not start ({why}). Nothing was read. "
            f"Install Curtilage again, or free memory on this machine, and repeat the command."
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that ended its worker.

    Attributes:
        reason: ``too-slow``, ``too-large`` (memory) or ``crashed``.
        detail: One sentence for a person.
    """

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Work:
    """A task for a worker.

    Attributes:
        frame: What the worker's function is given.
        seconds: Wall time that it may take.
    """

    frame: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Manner:
    """How a pool deals with its tasks.

    Attributes:
        prefetch: Tasks that one worker may hold, the one it is at included; at least 1.
        worth_another: With fewer tasks waiting than this no further worker is started.
        always_again: Try each task that ended its worker once more, unless it was too slow.
        in_order: Give answers in the order of the tasks; otherwise as they are ready.
    """

    prefetch: int = 4
    worth_another: int = 12
    always_again: bool = False
    in_order: bool = True


MANY_SMALL: Final = Manner()
"""For tasks that take less than it costs to start a process."""

FEW_LONG: Final = Manner(prefetch=1, worth_another=1, always_again=True, in_order=False)
"""For tasks each of which is worth a process, and whose loss costs minutes."""


@dataclass(slots=True)
class _Task:
    index: int
    work: Work
    tried: bool = False


@dataclass(slots=True, eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    tasks: int
    answers: int
    ready: bool = False
    answered: int = 0
    under_way: deque[_Task] = field(default_factory=deque)
    buffer: bytearray = field(default_factory=bytearray)

    def may_take(self, task: _Task, prefetch: int) -> bool:
        """Return whether a task can be sent without the risk that both sides wait for each other."""
        if not self.under_way:
            return True
        small = max(len(each.work.frame) for each in (task, self.under_way[-1])) <= _LARGE_FRAME
        return small and len(self.under_way) < prefetch


@dataclass(slots=True)
class _Turns(Generic[Key]):
    """Items of one run: those still to come, and the keys of those under way by index, in order."""

    items: Iterator[tuple[int, tuple[Key, Work | None]]]
    keys: dict[int, Key] = field(default_factory=dict)
    exhausted: bool = False

    def first(self) -> int:
        """Return the index of the first item whose answer was not given; -1 where there is none."""
        return next(iter(self.keys), -1)


class Pool(Generic[Key]):
    """Runs one function over many tasks in worker processes.

    Args:
        make: ``MODULE:FUNCTION``, imported in each worker; see :func:`curtilage.connectors.worker.serve`.
        argument: Text that ``make`` is given in each worker.
        memory_bytes: What one worker may allocate.
        jobs: The largest number of workers, at least 1. A few small tasks use one worker only.
        manner: How tasks are dealt with.
    """

    def __init__(
        self, *, make: str, argument: str, memory_bytes: int, jobs: int, manner: Manner = MANY_SMALL
    ) -> None:
        self._manner = manner
        self._command = _command(make, argument, memory_bytes)
        self._memory_bytes = memory_bytes
        self._jobs = max(1, jobs)
        self._workers: list[_Worker] = []
        self._selector = selectors.DefaultSelector()
        self._pending: deque[_Task] = deque()
        self._done: dict[int, bytes | Failure | None] = {}
        self._waiting_bytes = 0
        self._expected = 0

    def __enter__(self) -> Pool[Key]:
        """Return the pool; workers start when there is work."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all workers, whatever they are at."""
        for worker in tuple(self._workers):
            worker.process.kill()
            self._end(worker)
        self._selector.close()

    def expect_many(self) -> None:
        """Have all workers started with the next task: many more will follow, and starting takes a while."""
        self._expected = self._jobs

    def run(self, items: Iterable[tuple[Key, Work | None]]) -> Iterator[tuple[Key, bytes | Failure | None]]:
        """Give the answer to each item, in the order of the items unless the manner says otherwise.

        Args:
            items: A key to know it by, and the task; None for an item that needs no work and only
                keeps its turn. Taken lazily.

        Raises:
            WorkerStartError: No worker can be started.

        Effects:
            Starts and ends processes.
        """
        turns = _Turns(enumerate(items))
        while True:
            self._take_in(turns)
            self._dispatch()
            for index in self._list_ready(turns):
                yield turns.keys.pop(index), self._pop(index)
            if turns.exhausted and not turns.keys:
                return
            if any(worker.under_way for worker in self._workers):
                self._listen()

    def _list_ready(self, turns: _Turns[Key]) -> Iterator[int]:
        if not self._manner.in_order:
            yield from tuple(self._done)
            return
        while (first := turns.first()) in self._done:
            yield first

    def _take_in(self, turns: _Turns[Key]) -> None:
        """Take items up to the window; the first task is sent at once, while the rest is still found."""
        while len(turns.keys) < _WINDOW and self._waiting_bytes < _WAITING_BYTES:
            item = next(turns.items, None)
            if item is None:
                turns.exhausted = True
                return
            index, (key, work) = item
            turns.keys[index] = key
            if work is None:
                self._done[index] = None
                continue
            self._pending.append(_Task(index, work))
            if not self._workers:
                self._dispatch()

    def _pop(self, index: int) -> bytes | Failure | None:
        answer = self._done.pop(index)
        self._waiting_bytes -= len(answer) if isinstance(answer, bytes) else 0
        return answer

    def _dispatch(self) -> None:
        """Send what is pending to workers that may take it; start workers while it is worth it."""
        self._fill()
        while self._pending and len(self._workers) < self._jobs:
            if self._workers and len(self._pending) < self._manner.worth_another:
                break
            self._start()
            self._fill()
        while len(self._workers) < self._expected:
            self._start()
        self._expected = 0

    def _fill(self) -> None:
        for worker in tuple(self._workers):
            while self._pending and worker in self._workers and self._may_take(worker):
                task = self._pending.popleft()
                worker.under_way.append(task)
                try:
                    write_task(worker.tasks, task.work.frame, task.work.seconds)
                except BrokenPipeError:
                    self._hear_out(worker)

    def _may_take(self, worker: _Worker) -> bool:
        return worker.may_take(self._pending[0], self._manner.prefetch)

    def _start(self) -> None:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        except OSError as error:
            raise WorkerStartError(why=os.strerror(error.errno or 0)) from error
        assert process.stdin is not None
        assert process.stdout is not None
        worker = _Worker(process, process.stdin.fileno(), process.stdout.fileno())
        self._workers.append(worker)
        self._selector.register(worker.answers, selectors.EVENT_READ, worker)

    def _listen(self) -> None:
        for key, _ in self._selector.select():
            self._hear(key.data)

    def _hear(self, worker: _Worker) -> bool:
        """Take what a worker has said, waiting until it says something; return whether it may say more."""
        chunk = os.read(worker.answers, _READ)
        if not chunk:
            self._bury(worker)
            return False
        worker.buffer += chunk
        for answer in _take_frames(worker.buffer):
            self._take(worker, answer)
        return True

    def _hear_out(self, worker: _Worker) -> None:
        """Take the last answers of a worker that has ended, so that no task it had done is blamed."""
        while self._hear(worker):
            pass

    def _take(self, worker: _Worker, answer: bytes) -> None:
        if not worker.ready:
            worker.ready = answer == READY
            if not worker.ready:
                raise WorkerStartError(why=answer.decode("utf-8", "replace"))
            return
        worker.answered += 1
        task = worker.under_way.popleft()
        self._done[task.index] = answer
        self._waiting_bytes += len(answer)

    def _bury(self, worker: _Worker) -> None:
        """Deal with a worker that ended: blame the task it was at, give the others back."""
        self._end(worker)
        if not worker.ready:
            raise WorkerStartError(why=f"it ended with status {worker.process.returncode}")
        waiting = tuple(worker.under_way)
        self._pending.extendleft(reversed(waiting[1:]))
        if not waiting:
            return
        failure, task = self._explain(waiting[0], worker.process.returncode), waiting[0]
        worth_it = worker.answered or self._manner.always_again
        if worth_it and not task.tried and failure.reason != "too-slow":
            task.tried = True
            self._pending.appendleft(task)
        else:
            self._done[task.index] = failure

    def _end(self, worker: _Worker) -> None:
        """Wait for a worker that was killed, or whose output has ended, which tells that it is ending."""
        self._workers.remove(worker)
        self._selector.unregister(worker.answers)
        for stream in (worker.process.stdin, worker.process.stdout):
            if stream:
                stream.close()
        try:
            worker.process.wait(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            worker.process.wait()

    def _explain(self, task: _Task, status: int) -> Failure:
        if status == -signal.SIGALRM:
            return Failure("too-slow", f"It took longer than {task.work.seconds:g} seconds.")
        if status in {OUT_OF_MEMORY, -signal.SIGKILL}:
            mebibytes = self._memory_bytes // 2**20
            return Failure("too-large", f"Reading it needs more than {mebibytes:,} MiB of memory.")
        return Failure("crashed", f"A library that reads this format ended unexpectedly (status {status}).")


def _command(make: str, argument: str, memory_bytes: int) -> tuple[str, ...]:
    # -P: a file that is named like a module and lies where somebody scans is never imported.
    module = "curtilage.connectors.worker"
    return (sys.executable, "-s", "-P", "-m", module, make, argument, str(memory_bytes))


def _environment() -> dict[str, str]:
    paths = os.pathsep.join(path or os.getcwd() for path in sys.path)  # noqa: PTH109 - as Python itself does
    return {
        **os.environ,  # noqa: TID251 - handed on to our own process, not read
        "PYTHONPATH": paths,
        # The same order of sets in every worker, so that results do not depend on their number.
        "PYTHONHASHSEED": "0",
        # One thread for each worker: libraries would start one for every core.
        "OMP_NUM_THREADS": "1",
    }


def _take_frames(buffer: bytearray) -> Iterator[bytes]:
    while len(buffer) >= 4:
        end = 4 + int.from_bytes(buffer[:4], "big")
        if len(buffer) < end:
            return
        frame = bytes(buffer[4:end])
        del buffer[:end]
        yield frame
