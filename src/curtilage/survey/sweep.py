"""Look at many files and databases with several processes; give what is seen in a stable order.

* The order is that of the targets as given, then of the walk, then of each source: the same for any
  number of workers.
* Memory is bounded by the window of the pool; what was seen is given on at once, not gathered.
* What is only counted (hidden, vendored, binary, no reader) is told apart from what a person may
  want to know of (unreadable, too large, not allowed).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from curtilage.connectors.pool import Failure, Pool
from curtilage.connectors.ports import Limits
from curtilage.connectors.walk import STANDARD_INPUT, Found, expand_target, walk
from curtilage.foundation.place import PassedOver
from curtilage.foundation.progress import Progress, Quiet
from curtilage.survey._wire import (
    decode_answer,
    decode_limits,
    decode_task,
    encode_answer,
    encode_limits,
    encode_task,
)
from curtilage.survey.nouns import Observed, Tally
from curtilage.survey.task import Answer, Task, Tools, look

#: Reasons that say that all is in order: nothing there was meant to be read. They are counted only.
EXPECTED: Final = frozenset(
    {"hidden", "vendored", "generated", "ignored", "binary", "link", "special", "empty", "no-reader"}
)
_MOST_TOLD: Final = 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that somebody wants looked at.

    Attributes:
        what: A path, a pattern, a database's URL, or ``-``.
        system: Id of the declared system that it is; empty for forms and loose files.
        content: What standard input gave, for ``-``.
        name: How ``-`` is called in results; its suffix helps to choose the reader.
        url: The database's URL with its secrets, where ``what`` is only its name.
    """

    what: str
    system: str = ""
    content: bytes | None = field(default=None, repr=False)
    name: str = ""
    url: str = field(default="", repr=False)


@dataclass(slots=True)
class Sweep:
    """One look at some targets: iterate over it for what is seen; then the rest is known too.

    Attributes:
        targets: What to look at, in this order; one that is named twice is looked at once.
        tools: ``MODULE:FUNCTION`` that returns the :class:`~curtilage.survey.task.Tools`; called in
            each worker.
        limits: Bounds for each file and worker.
        jobs: Worker processes at most; 0 for as many as there are cores to use.
        every_place: Give also the places in which nothing was recognised.
        everything: Look also at what is hidden, vendored, generated or ignored.
        progress: Told of each file.
        told: What was not read and a person may want to know of, in order; complete after iterating.
        answered: Sources that were read, by system; complete after iterating.
    """

    targets: tuple[Target, ...]
    tools: str
    limits: Limits = field(default_factory=Limits)
    jobs: int = 0
    every_place: bool = False
    everything: bool = False
    progress: Progress = field(default_factory=Quiet)
    told: list[PassedOver] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)
    _passed_over: Counter[str] = field(default_factory=Counter)
    _counts: Counter[str] = field(default_factory=Counter)

    @property
    def tally(self) -> Tally:
        """Return how much has been looked at so far."""
        return Tally(
            files=self._counts["files"],
            tables=self._counts["tables"],
            places=self._counts["places"],
            passed_over=tuple(sorted(self._passed_over.items())),
        )

    def __iter__(self) -> Iterator[Observed]:
        """Give each place in which something was recognised, or every place.

        Raises:
            TargetMissingError: A target does not exist. Raised before anything is read.
            WorkerStartError: No worker process can be started.

        Effects:
            Starts processes that read the targets.
        """
        expanded = _expand(self.targets)
        jobs = self.jobs or count_cores()
        argument = f"{self.tools} {encode_limits(self.limits)}"
        self.progress.start("Looking", None)
        pool = Pool[tuple[str, Found | PassedOver]](
            make="curtilage.survey.sweep:make_handler", argument=argument, limits=self.limits, jobs=jobs
        )
        try:
            with pool:
                for (system, item), frame in pool.run(self._items(expanded)):
                    yield from self._give(system, item, frame)
        finally:
            self.progress.finish()

    def _items(
        self, targets: Iterable[tuple[Target, str]]
    ) -> Iterator[tuple[tuple[str, Found | PassedOver], bytes | None]]:
        for target, path in targets:
            for item in self._found(target, path):
                frame = None if isinstance(item, PassedOver) else encode_task(self._task(item))
                yield (target.system, item), frame

    def _found(self, target: Target, path: str) -> Iterator[Found | PassedOver]:
        if target.what == STANDARD_INPUT:
            return iter((Found(source=target.name or STANDARD_INPUT, content=target.content or b""),))
        if target.url:
            return iter((Found(source=target.what, path=target.url, is_database=True),))
        return walk(path, everything=self.everything)

    def _task(self, found: Found) -> Task:
        return Task(
            source=found.source,
            path=b"" if found.is_database else os.fsencode(found.path),
            url=found.path if found.is_database else "",
            content=found.content,
            every_place=self.every_place,
        )

    def _give(
        self, system: str, item: Found | PassedOver, frame: bytes | Failure | None
    ) -> Iterator[Observed]:
        self.progress.step(detail=item.source)
        answer = _answer(item, frame)
        for passed in answer.passed_over:
            self._tell(passed)
        if answer.reader:
            self.answered[system] += 1
            self._counts.update(files=answer.reader != "database", tables=answer.tables, places=answer.places)
        for place, verdict in answer.seen:
            yield Observed(place, verdict, system)

    def _tell(self, passed: PassedOver) -> None:
        self._passed_over[passed.reason] += 1
        if passed.reason not in EXPECTED and len(self.told) < _MOST_TOLD:
            self.told.append(passed)


def count_cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def make_handler(argument: str) -> Callable[[bytes], bytes]:
    """Return what a worker does with each task; called in the worker, by name.

    Args:
        argument: Name of the function that returns the tools, a space, the limits as JSON.
    """
    import importlib

    name, _, encoded = argument.partition(" ")
    module, _, attribute = name.partition(":")
    tools: Tools = getattr(importlib.import_module(module), attribute)()
    limits = decode_limits(encoded)

    def handle(frame: bytes) -> bytes:
        task = decode_task(frame)
        answer = encode_answer(look(task, tools, limits))
        if len(answer) <= limits.expanded_bytes:
            return answer
        told = PassedOver(
            task.source, "too-large", "What it says about its fields is larger than may be kept."
        )
        return encode_answer(Answer(passed_over=(told,)))

    return handle


def _answer(item: Found | PassedOver, frame: bytes | Failure | None) -> Answer:
    if isinstance(item, PassedOver):
        return Answer(passed_over=(item,))
    if isinstance(frame, Failure):
        return Answer(passed_over=(PassedOver(item.source, frame.reason, frame.detail),))
    assert frame is not None
    return decode_answer(frame)


def _expand(targets: Iterable[Target]) -> list[tuple[Target, str]]:
    """Check that each target exists before anything is read, and drop what is named twice."""
    expanded: dict[tuple[str, str], tuple[Target, str]] = {}
    for target in targets:
        for path in (target.what,) if target.url else expand_target(target.what):
            # Two names of one folder are one folder; a system's name keeps its own.
            same = path if target.url or "://" in path or path == STANDARD_INPUT else os.path.realpath(path)
            expanded.setdefault((target.system, same), (target, path))
    return list(expanded.values())
