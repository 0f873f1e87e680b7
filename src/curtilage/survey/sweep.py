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

from curtilage.connectors.pool import Failure, Pool, Work
from curtilage.connectors.ports import Limits
from curtilage.connectors.url import is_store, redact_url, show_store
from curtilage.connectors.walk import (
    STANDARD_INPUT,
    Found,
    expand_target,
    is_address,
    name_source,
    walk,
)
from curtilage.detection.nouns import Verdict
from curtilage.foundation.errors import SourceError, UsageError
from curtilage.foundation.place import EXPECTED, PassedOver, Place
from curtilage.foundation.progress import Progress, Quiet
from curtilage.inventory.columns import name_column
from curtilage.survey._wire import (
    decode_answer,
    decode_limits,
    decode_task,
    encode_answer,
    encode_limits,
    encode_task,
)
from curtilage.survey.nouns import Observed, Tally
from curtilage.survey.task import DATABASE, Answer, Task, Tools, look
from curtilage.survey.values.nouns import Named, Where
from curtilage.survey.values.run import Look

_MOST_TOLD: Final = 10_000
_AT_THE_END: Final = 2**62
"""Place of what no reader of names gives places of."""
_DATABASE_PATIENCE: Final = 10
"""How much longer than a file a whole database may take; its driver bounds each question."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that somebody wants looked at.

    Attributes:
        what: A path, a pattern, a database's URL, or ``-``.
        base: Folder that ``what`` is relative to; results name it without that folder. Empty for
            what somebody typed.
        system: Id of the declared system that it is; empty for forms and loose files.
        content: What standard input gave, for ``-``.
        name: How ``-`` is called in results; its suffix helps to choose the reader.
    """

    what: str = field(repr=False)
    base: str = ""
    system: str = ""
    content: bytes | None = field(default=None, repr=False)
    name: str = ""

    @property
    def shown(self) -> str:
        """Return it as it may be shown: a URL without its secrets."""
        if self.is_stored:
            return show_store(self.what)
        return redact_url(self.what) if is_address(self.what) else name_source(self.what)

    @property
    def is_stored(self) -> bool:
        """Return whether it is an address of files in a store. Pages of the web are not fetched."""
        return is_store(self.what) and not self.what.lower().startswith(("http:", "https:", "file:"))

    def expand(self) -> list[tuple[str, str]]:
        """Return each path or URL that is meant, and how it is called in results.

        Raises:
            UsageError: There is nothing of that name.
        """
        if self.is_stored:
            return [(self.what, "")]
        if not self.base:
            return [(path, "") for path in expand_target(self.what)]
        inside = f"{self.base}/" if not self.what.startswith("/") else ""
        return [(path, path.removeprefix(inside)) for path in expand_target(inside + self.what)]


@dataclass(slots=True)
class Sweep:
    """One look at some targets: iterate over it for what is seen; then the rest is known too.

    Attributes:
        targets: What to look at, in this order; what lies in two of them is looked at once.
        tools: ``MODULE:FUNCTION`` that returns the :class:`~curtilage.survey.task.Tools`; called in
            each worker.
        limits: Bounds for each file and worker.
        jobs: Worker processes at most; 0 for as many as there are cores to use.
        every_place: Give also the places in which nothing was recognised.
        everything: Look also at what is hidden, vendored, generated or ignored.
        progress: Told of each file.
        holds: Tells by a file's name whether its content can be looked into. Databases and such files
            are noted in ``looks``, and all their places are given, recognised or not; None notes nothing.
        triggers: ``SYSTEM.TABLE.COLUMN`` of the columns whose oldest and newest day are wanted, in lower case.
        list_stored: Gives the files below an address of a store; None where only names are looked at,
            which stores have none of.
        looks: What can be looked into, in order: noted before the places of that source are given.
        told: What was not read and a person may want to know of, in order; complete after iterating.
        answered: Sources that were read, by system; complete after iterating.
        silence: Why something of a system was not read, by system; complete after iterating.
    """

    targets: tuple[Target, ...]
    tools: str
    limits: Limits = field(default_factory=Limits)
    jobs: int = 0
    every_place: bool = False
    everything: bool = False
    progress: Progress = field(default_factory=Quiet)
    holds: Callable[[str], bool] | None = None
    list_stored: Callable[[str], Iterable[Found | PassedOver]] | None = None
    triggers: frozenset[str] = frozenset()
    looks: list[Look] = field(default_factory=list)
    told: list[PassedOver] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)
    silence: dict[str, str] = field(default_factory=dict)
    _passed_over: Counter[str] = field(default_factory=Counter)
    _counts: Counter[str] = field(default_factory=Counter)
    _given: int = 0

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
            make="curtilage.survey.sweep:make_handler",
            argument=argument,
            memory_bytes=self.limits.memory_bytes,
            jobs=jobs,
        )
        try:
            with pool:
                for (system, item), frame in pool.run(self._items(expanded)):
                    yield from self._give(system, item, frame)
        finally:
            self.progress.finish()

    def _items(
        self, targets: Iterable[tuple[Target, str, str]]
    ) -> Iterator[tuple[tuple[str, Found | PassedOver], Work | None]]:
        given: set[tuple[str, str]] = set()
        for target, path, source in targets:
            if target.is_stored:
                yield from (((target.system, told), None) for told in self._note_stored(target))
                continue
            for item in self._found(target, path, source):
                # A file that lies in two targets (a folder, and a pattern in it) is looked at once.
                if target.content is None and (target.system, item.source) in given:
                    continue
                given.add((target.system, item.source))
                yield (target.system, item), None if isinstance(item, PassedOver) else self._work(item)

    def _note_stored(self, target: Target) -> Iterator[PassedOver]:
        """Note the files of a store as what can be looked into; give what is passed over."""
        if self.list_stored is None or self.holds is None:
            yield PassedOver(target.shown, "no-reader")
            return
        try:
            for found in self.list_stored(target.what):
                if isinstance(found, PassedOver):
                    yield found
                elif self.holds(found.source):
                    where = Where(found.source, url=found.path, system=target.system)
                    self.looks.append(Look(where, place=_AT_THE_END, is_named=False))
                    self._counts["files"] += 1
                else:
                    yield PassedOver(found.source, "no-reader")
        except (SourceError, UsageError) as error:
            said = str(error).removeprefix(f"{target.shown}: ")
            yield PassedOver(target.shown, error.code.rpartition(".")[2], said[:1].upper() + said[1:])

    def _found(self, target: Target, path: str, source: str) -> Iterator[Found | PassedOver]:
        if target.what == STANDARD_INPUT:
            return iter((Found(source=target.name or STANDARD_INPUT, content=target.content or b""),))
        return walk(path, source=source, everything=self.everything)

    def _work(self, found: Found) -> Work:
        seconds = self.limits.seconds * (_DATABASE_PATIENCE if found.is_database else 1)
        return Work(encode_task(self._task(found)), seconds)

    def _task(self, found: Found) -> Task:
        return Task(
            source=found.source,
            path=b"" if found.is_database else os.fsencode(found.path),
            url=found.path if found.is_database else "",
            content=found.content,
            every_place=self.every_place or self._may_hold(found),
            every_column=self.holds is not None,
        )

    def _may_hold(self, found: Found) -> bool:
        """Return whether a source may hold cells, by its name: a file of SQLite shows only when it is read."""
        if self.holds is None or found.content is not None:
            return False
        return found.is_database or self.holds(found.path)

    def _give(
        self, system: str, item: Found | PassedOver, frame: bytes | Failure | None
    ) -> Iterator[Observed]:
        self.progress.step(detail=item.source)
        answer = _answer(item, frame)
        for passed in answer.passed_over:
            self._tell(passed, system)
        if answer.reader:
            self.answered[system] += 1
            self._counts.update(files=answer.files, tables=answer.tables, places=answer.places)
        self._given += len(answer.seen)
        if isinstance(item, Found) and self._is_content(item, answer):
            self.looks.append(self._look(system, item, answer))
        for place, verdict in answer.seen:
            yield Observed(place, verdict, system)

    def _is_content(self, found: Found, answer: Answer) -> bool:
        """Return whether a source holds cells; what asks something is a form, and its words are no content."""
        if self.holds is None or found.content is not None:
            return False
        if answer.reader == DATABASE:
            return True
        asks = any(place.kind == "question" and place.source == found.source for place, _ in answer.seen)
        return not found.is_database and self._may_hold(found) and not asks

    def _look(self, system: str, found: Found, answer: Answer) -> Look:
        where = Where(
            found.source,
            path=b"" if found.is_database else os.fsencode(found.path),
            url=found.path if found.is_database else "",
            system=system,
        )
        named = tuple(self._named(system, *pair) for pair in answer.seen)
        asking = {place.source for place, _ in answer.seen if place.kind == "question"}
        forms = tuple(sorted(source.removeprefix(f"{found.source}!") for source in asking))
        return Look(where, named, self._given, is_named=bool(named), forms=forms)

    def _named(self, system: str, place: Place, verdict: Verdict) -> Named:
        # Most places are no trigger, and most surveys know none: the name is taken apart only then.
        is_trigger = bool(self.triggers) and ".".join((system, *name_column(place))).lower() in self.triggers
        return Named(place.locator, place.name, verdict.categories, is_trigger)

    def _tell(self, passed: PassedOver, system: str) -> None:
        self._passed_over[passed.reason] += 1
        if passed.detail:
            self.silence.setdefault(system, passed.detail)
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


def _expand(targets: Iterable[Target]) -> list[tuple[Target, str, str]]:
    """Check that each target exists before anything is read, and drop what is named twice."""
    expanded: dict[tuple[str, str], tuple[Target, str, str]] = {}
    for target in targets:
        for path, source in target.expand():
            # Two names of one folder are one folder, unless it is two systems.
            plain = path == STANDARD_INPUT or is_address(path)
            same = path if plain else os.path.realpath(path)
            expanded.setdefault((target.system, same), (target, path, source))
    return list(expanded.values())
