"""What runs the tasks: processes of this machine by default, a cluster by another engine.

An engine only decides where tasks run. What is planned and counted is decided by ``task.py``, so
every engine gives the same counts.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

from curtilage.connectors.content.ports import ContentLimits
from curtilage.connectors.pool import FEW_LONG, Failure, Pool, Work
from curtilage.connectors.worker import allow_time
from curtilage.survey.values._wire import (
    decode_counted,
    decode_limits,
    decode_plan,
    decode_task,
    encode,
    encode_limits,
)
from curtilage.survey.values.nouns import Counted, SourcePlan, Task, ValueTools
from curtilage.survey.values.plan import PART_BYTES
from curtilage.survey.values.task import Bench, count_part, plan_source

PATIENCE_SECONDS: Final = 600.0
"""How long one batch may take. Chosen: far beyond the slowest that is alive."""
_PACED_SECONDS: Final = 5


class Engine(Protocol):
    """Runs tasks somewhere."""

    def plan(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, SourcePlan]]:
        """Give the plan of each source, as it is ready; a source that ended its worker has a problem."""
        ...

    def map(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Counted]]:
        """Give what was counted in each part, as it is ready; one that ended its worker has a problem."""
        ...


class PoolEngine:
    """Runs tasks in processes of this machine.

    Args:
        tools: ``MODULE:FUNCTION`` that is given the limits and returns the
            :class:`~curtilage.survey.values.task.ValueTools`; called in each worker.
        limits: Bounds and pace. The pace is that of all workers together.
        memory_bytes: What one worker may allocate.
        jobs: Worker processes at most; at least 1.
    """

    def __init__(self, tools: str, *, limits: ContentLimits, memory_bytes: int, jobs: int) -> None:
        self._pool = Pool[Task](
            make="curtilage.survey.values.engine:make_handler",
            argument=f"{tools} {encode_limits(share_pace(limits, jobs))}",
            memory_bytes=memory_bytes,
            jobs=jobs,
            manner=FEW_LONG,
        )

    def __enter__(self) -> Self:
        """Return the engine; workers start when there is work."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all workers, whatever they are at."""
        self._pool.__exit__(kind, error, trace)

    def plan(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, SourcePlan]]:
        """Give the plan of each source; see the protocol.

        Raises:
            WorkerStartError: No worker process can be started.

        Effects:
            Starts processes that read the sources.
        """
        for task, frame in self._run(self._look_ahead(tasks)):
            if isinstance(frame, Failure):
                yield task, SourcePlan(problem=(frame.reason, frame.detail))
            else:
                yield task, decode_plan(frame)

    def map(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Counted]]:
        """Give what was counted in each part; see :meth:`plan`."""
        for task, frame in self._run(tasks):
            if isinstance(frame, Failure):
                yield task, Counted(problem=(frame.reason, frame.detail))
            else:
                yield task, decode_counted(frame)

    def _look_ahead(self, tasks: Iterable[Task]) -> Iterator[Task]:
        """Give the tasks; where one tells of much work to come, have workers start while it is planned."""
        for task in tasks:
            if is_large(task):
                self._pool.expect_many()
            yield task

    def _run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, bytes | Failure]]:
        for task, frame in self._pool.run((task, Work(encode(task), PATIENCE_SECONDS)) for task in tasks):
            assert frame is not None
            yield task, frame


def is_large(task: Task) -> bool:
    """Return whether planning a source is likely to give work for several processes."""
    if task.rows or task.where.url:
        return not task.rows
    try:
        return Path(task.where.address).stat().st_size >= PART_BYTES
    except (OSError, ValueError):
        return False


def share_pace(limits: ContentLimits, jobs: int) -> ContentLimits:
    """Return the limits of one of ``jobs`` workers: its share of the pace, and batches short enough for it."""
    rows, size = (
        -(-pace // max(1, jobs)) if pace else 0 for pace in (limits.rows_per_second, limits.bytes_per_second)
    )
    batch = min(limits.batch_rows, rows * _PACED_SECONDS) if rows else limits.batch_rows
    return replace(limits, rows_per_second=rows, bytes_per_second=size, batch_rows=batch)


def make_handler(argument: str) -> Callable[[bytes], bytes]:
    """Return what a worker does with each task; called in the worker, by name.

    Args:
        argument: Name of the function that returns the tools, a space, the limits as JSON.
    """
    return make_handler_that(argument, moved=lambda: allow_time(PATIENCE_SECONDS))


def make_handler_that(argument: str, *, moved: Callable[[], None]) -> Callable[[bytes], bytes]:
    """Return what a worker does with each task, for workers that are not ours to end.

    Args:
        argument: As for :func:`make_handler`.
        moved: Called after each batch.
    """
    name, _, encoded = argument.partition(" ")
    module, _, attribute = name.partition(":")
    tools: ValueTools = getattr(importlib.import_module(module), attribute)(decode_limits(encoded))
    bench = Bench(tools, moved=moved)

    def handle(frame: bytes) -> bytes:
        task = decode_task(frame)
        return encode(plan_source(task, bench) if task.part is None else count_part(task, bench))

    return handle
