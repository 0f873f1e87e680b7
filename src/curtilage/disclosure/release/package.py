"""The package that leaves: a ZIP of tables with a manifest, made as a stream and encrypted before it meets a disk.

Rules of this file:

* What is in it is what the plan says, to the record: a count that differs ends it, and what was written is no
  package.
* Every value stands in it as the system has it, as text. Nothing (NULL) is an empty cell, an empty text is ``""``.
* The manifest stands inside, so that nobody but the recipient reads which fields there are, and what stayed and why.
* Names of files are names of places; the time in the archive is the plan's day, so that it tells no hour.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from curtilage.connectors.retrieval.nouns import CONTENT, Cell
from curtilage.connectors.retrieval.ports import Retriever
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.release.nouns import REASONS, PlanLine, ReleasePlan
from curtilage.disclosure.release.reach import Draft
from curtilage.foundation.errors import EvidenceError

MANIFEST: Final = "manifest.json"
READ_ME: Final = "READ-ME.txt"
NUMBER: Final = "no."
"""First column of each table: a record of which all that was asked for holds nothing would else be an empty line."""

_FORMAT: Final = "curtilage-release/1"
_BLOCK: Final = 500
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")
_ENDING: Final = re.compile(r"\.[a-z0-9]{1,5}")


class PlanMissedError(EvidenceError):
    """What a system gives is not what the plan says."""

    code = "disclosure.plan-missed"

    def __init__(self, *, place: str, planned: int, found: int) -> None:
        self.place, self.planned, self.found = place, planned, found
        super().__init__(
            f"{place} gives {found:,} records, and the plan that was approved says {planned:,}. Nothing left, and "
            "what was written of the package is destroyed. Look at the place, and plan the release again."
        )


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of the package.

    Attributes:
        name: Name of its file within.
        place: ``SYSTEM.TABLE``.
        columns: In order.
        rows: How many records.
        digest: SHA-256 of the file, 64 hex digits. It stands in the manifest alone: what it is of could be guessed.
    """

    name: str
    place: str
    columns: tuple[str, ...]
    rows: int
    digest: str


def make_package(
    plan: ReleasePlan, drafts: Sequence[Draft], systems: Mapping[str, Retriever]
) -> Iterator[bytes]:
    """Give the bytes of the package, piece by piece; the systems are read while it is made.

    Args:
        plan: What leaves.
        drafts: The lines of its scope, in the plan's order.
        systems: The open systems.

    Raises:
        PlanMissedError: A system gives another number of records than the plan.
        SourceError: A system does not answer.
    """
    drain = _Drain()
    stamp = (max(1980, plan.day.year), plan.day.month, plan.day.day, 0, 0, 0)
    packed: list[Packed] = []
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED) as archive:
        yield from _write(archive, drain, READ_ME, stamp, iter([_read_me(plan).encode()]))
        for number, (line, draft) in enumerate(zip(plan.lines, drafts, strict=True), 1):
            if draft.wanted is not None and line.rows:
                system = systems[draft.line.system]
                table = _Table(line, number, is_of_documents=system.is_of_documents(draft.wanted.table))
                with closing(system.read(draft.wanted)) as rows:  # type: ignore[type-var] # they are generators
                    yield from _write(archive, drain, table.name, stamp, table.lines(rows))
                packed.append(table.packed())
                for name, source in table.documents:
                    document = _Counted(system.open_document(source))
                    yield from _write(archive, drain, name, stamp, document)
                    packed.append(Packed(name, line.place, (CONTENT,), 1, document.digest.hexdigest()))
        said = json.dumps(to_manifest(plan, packed), ensure_ascii=False, indent=2)
        yield from _write(archive, drain, MANIFEST, stamp, iter([said.encode()]))
    yield drain.take()


def to_manifest(plan: ReleasePlan, packed: Sequence[Packed]) -> dict[str, Any]:
    """Return what the manifest says: what is inside, on what it rests, and what stayed."""
    return {
        "format": _FORMAT,
        "case": plan.case,
        "plan": plan.id,
        "instrument": plan.instrument,
        "basis": plan.basis,
        "policies": list(plan.policies),
        "policy_set": plan.policy_hash,
        "day": plan.day.isoformat(),
        "period": {end: day.isoformat() if (day := getattr(plan, end)) else None for end in ("since", "until")},
        "files": [
            {"name": each.name, "place": each.place, "columns": list(each.columns), "records": each.rows, "sha256": each.digest}
            for each in packed
        ],
        "searched": {line.place: line.rows for line in plan.lines},
        "left_out": [
            {"place": line.place, "fields": dict(line.kept_fields), "records": _records_left(line)}
            for line in plan.lines
        ],
        "reasons": {reason: text for reason, text in REASONS.items() if reason != "outside"},
    }  # fmt: skip


def write_row(cells: Sequence[Cell]) -> bytes:
    r"""Return a record as a line of CSV (RFC 4180): nothing is an empty cell, an empty text two quotation marks.

    >>> write_row(["a", None, "b,c"])
    b'"a",,"b,c"\r\n'
    """
    said = ("" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in cells)
    return (",".join(said) + "\r\n").encode("utf-8", "surrogateescape")


class _Table:
    """One table while it is written.

    Attributes:
        name: Of its file.
        documents: Documents that its rows name: how each is called in the package, and in its system.
    """

    def __init__(self, line: PlanLine, number: int, *, is_of_documents: bool) -> None:
        self.name = f"records/{number:02d}-{_NO_NAME.sub('_', line.place).strip('._') or 'table'}.csv"
        self.documents: list[tuple[str, str]] = []
        self._line, self._rows, self._digest = line, 0, hashlib.sha256()
        self._number, self._names = number, is_of_documents and CONTENT in line.fields

    def lines(self, rows: Iterator[tuple[Cell, ...]]) -> Iterator[bytes]:
        """Give the lines of the file; a record too many or too few ends it."""
        block = [write_row((NUMBER, *self._line.fields))]
        for row in rows:
            self._rows += 1
            if self._rows > self._line.rows:
                break
            cells = self._name_document(row) if self._names else row
            block.append(write_row((str(self._rows), *cells)))
            if len(block) >= _BLOCK:
                yield self._count(block)
                block = []
        yield self._count(block)
        if self._rows != self._line.rows:
            raise PlanMissedError(place=self._line.place, planned=self._line.rows, found=self._rows)

    def _name_document(self, row: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """Return a row whose ``content`` says how the document is called in the package: its own name may name people."""
        at = self._line.fields.index(CONTENT)
        source = row[at] or ""
        ending = PurePosixPath(source).suffix.lower()
        name = f"documents/{self._number:02d}-{self._rows:05d}{ending if _ENDING.fullmatch(ending) else ''}"
        self.documents.append((name, source))
        return (*row[:at], name, *row[at + 1 :])

    def packed(self) -> Packed:
        """Return what was written."""
        return Packed(self.name, self._line.place, self._line.fields, self._rows, self._digest.hexdigest())

    def _count(self, block: Sequence[bytes]) -> bytes:
        joined = b"".join(block)
        self._digest.update(joined)
        return joined


def _write(
    archive: zipfile.ZipFile,
    drain: _Drain,
    name: str,
    stamp: tuple[int, int, int, int, int, int],
    content: Iterable[bytes],
) -> Iterator[bytes]:
    """Write a file of the archive, giving on what comes out of it."""
    info = zipfile.ZipInfo(name, date_time=stamp)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as file:
        for piece in content:
            file.write(piece)
            yield drain.take()
    yield drain.take()


class _Counted:
    """Bytes of a document while they go through, hashed."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self.digest = pieces, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.digest.update(piece)
            yield piece


class _Drain(io.RawIOBase):
    """Takes what an archive writes, in memory, until it is asked for it."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, content: Any) -> int:
        """Take bytes; return how many."""
        taken = bytes(content)
        self._pieces.append(taken)
        return len(taken)

    def take(self) -> bytes:
        """Return what came since this was asked last."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def _records_left(line: PlanLine) -> dict[str, int]:
    # What lies outside of the period is not what was asked for: to say that it is there would be an answer.
    counts = {reason: getattr(line, reason) for reason in ("undated", "unshared", "unreadable")}
    return {reason: count for reason, count in counts.items() if count}


def _read_me(plan: ReleasePlan) -> str:
    instrument = load_instruments().get(plan.instrument)
    name = dict(instrument.name).get("en", plan.instrument) if instrument else plan.instrument
    return f"""\
What this is
============
Records that a city releases in answer to one request, and no more than it names.

Case:    {plan.case}
Rests on: {name}
Plan:    {plan.id}
Made on: {plan.day}

records/      one file for each place; the first line names the columns, the first column counts the records.
              Text in UTF-8, cells by commas.
              An empty cell holds nothing; "" is an empty text. Every value is as the city's system has it:
              a cell that begins with =, +, - or @ is text, so import the files, do not double-click them.
documents/    documents, where some were asked for; the column `{CONTENT}` names each.
{MANIFEST}  what is inside, its checksums, and what stayed and why.

What the request does not reach was not read. If a record seems to be missing, ask the city, and name the case.
"""
