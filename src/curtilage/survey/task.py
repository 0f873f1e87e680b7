"""What one worker does with one file or database: open, recognise, classify. Nothing is kept.

The answer is a plain value that travels between processes as MessagePack, so a worker that read a
hostile file can send nothing that runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from curtilage.connectors.packed import is_packed, unpack
from curtilage.connectors.ports import Document, LimitReachedError, Limits, Reader, UnreadableError
from curtilage.connectors.recognise import SQLITE, explain, open_file, recognise
from curtilage.detection.nouns import Verdict
from curtilage.foundation.errors import SourceError, UsageError
from curtilage.foundation.place import PassedOver, Place


class Classifies(Protocol):
    """Says what a place asks for or holds; detection's ``Classifier`` does."""

    def classify(self, place: Place, /) -> Verdict:
        """Return what ``place`` collects."""
        ...


DATABASE: Final = "database"
"""What an answer calls the reader of databases."""

OpenDatabase = Callable[[str, Limits], Sequence[Place]]
"""Gives the columns of the database at a URL (or of the SQLite file at a path), without a value."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker works with; a door puts it together in each worker by a function of its own.

    Attributes:
        readers: Of files, in no particular order.
        classifier: What recognises.
        open_database: What reads the columns of a database.
    """

    readers: Sequence[Reader]
    classifier: Classifies
    open_database: OpenDatabase


@dataclass(frozen=True, slots=True)
class Task:
    """One thing for a worker to look at.

    Attributes:
        source: How it is named in results.
        path: A file's path, as bytes because names need not be text; empty for standard input.
        url: A database's URL; empty for files.
        content: What standard input gave.
        every_place: Give also the places in which nothing was recognised.
        every_column: Give them of databases: their cells are looked into, and need their names.
    """

    source: str
    path: bytes = b""
    url: str = field(default="", repr=False)
    content: bytes | None = field(default=None, repr=False)
    every_place: bool = False
    every_column: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a task.

    Attributes:
        seen: Places and what they collect, in the order of the source.
        places: How many places there were, those that are not given included.
        reader: Name of the reader, ``database`` for databases, empty where none read it.
        files: Files that a reader read: 1, or as many as an archive held; 0 for databases.
        tables: Tables of a database.
        passed_over: Why there is nothing to give.
    """

    seen: tuple[tuple[Place, Verdict], ...] = ()
    places: int = 0
    reader: str = ""
    files: int = 0
    tables: int = 0
    passed_over: tuple[PassedOver, ...] = ()


def look(task: Task, tools: Tools, limits: Limits) -> Answer:
    """Look at one file, database or standard input.

    Raises:
        MemoryError: The memory of the worker did not suffice; the worker is then replaced.
    """
    if task.url:
        return _look_at_database(task, task.url, tools, limits)
    document = _open(task, tools, limits)
    if isinstance(document, PassedOver):
        return Answer(passed_over=(document,))
    if document.content.startswith(SQLITE) and task.path:
        return _look_at_database(task, task.path.decode("utf-8", "surrogateescape"), tools, limits)
    if is_packed(document):
        return _look_inside(task, document, tools)
    return _look_at_document(task, document, tools)


def _open(task: Task, tools: Tools, limits: Limits) -> Document | PassedOver:
    if task.content is not None:
        return Document(task.source, task.content, limits)
    return open_file(task.path.decode("utf-8", "surrogateescape"), task.source, limits, tools.readers)


def _look_at_document(task: Task, document: Document, tools: Tools) -> Answer:
    reading = recognise(document, tools.readers)
    if reading.passed_over:
        return Answer(passed_over=(reading.passed_over,))
    return _classify(task, reading.places, tools, reader=reading.reader)


def _look_inside(task: Task, packed: Document, tools: Tools) -> Answer:
    answers: list[Answer] = []
    try:
        for item in unpack(packed):
            if isinstance(item, PassedOver):
                answers.append(Answer(passed_over=(item,)))
            else:
                answers.append(_look_at_document(task, item, tools))
    except (LimitReachedError, UnreadableError) as error:
        return Answer(passed_over=(explain(error, packed.source),))
    return Answer(
        seen=tuple(pair for answer in answers for pair in answer.seen),
        places=sum(answer.places for answer in answers),
        reader=next((answer.reader for answer in answers if answer.reader), ""),
        files=sum(answer.files for answer in answers),
        passed_over=tuple(told for answer in answers for told in answer.passed_over),
    )


def _classify(task: Task, places: Sequence[Place], tools: Tools, *, reader: str, tables: int = 0) -> Answer:
    seen = ((place, tools.classifier.classify(place)) for place in places)
    everything = task.every_place or (task.every_column and reader == DATABASE)
    kept = tuple(pair for pair in seen if everything or pair[1].matches)
    files = 0 if reader == DATABASE else 1
    return Answer(seen=kept, places=len(places), reader=reader, files=files, tables=tables)


def _look_at_database(task: Task, address: str, tools: Tools, limits: Limits) -> Answer:
    try:
        given = tools.open_database(address, limits)
    except (SourceError, UsageError) as error:
        reason = error.code.rpartition(".")[2]
        return Answer(passed_over=(PassedOver(task.source, reason, _without_source(error, task.source)),))
    places = [place if place.source == task.source else replace(place, source=task.source) for place in given]
    tables = len({place.name.rpartition(".")[0] for place in places})
    return _classify(task, places, tools, reader=DATABASE, tables=tables)


def _without_source(error: SourceError | UsageError, source: str) -> str:
    said = str(error).removeprefix(f"{source}: ")
    return said[:1].upper() + said[1:]
