"""A small reader of content for the tests: SQLite by ranges of rowid, CSV as a whole, a hostile kind.

The rules are few and our own, so that what is counted can be told by looking at it.
"""

import csv
import ctypes
import os
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from curtilage.connectors.content.ports import Part, Table, TextColumn
from curtilage.connectors.ports import NoRightsError, UnreadableError
from curtilage.detection.values.rules import read
from curtilage.survey.values.looks import RuleLooks
from curtilage.survey.values.nouns import ValueTools

RULES = r"""
source: chosen
contexts:
  alien: {categories: [alien_number], phrases: {en: [alien number]}}
rules:
  - id: a_number
    title: A-Number
    category: alien_number
    reveals: direct
    shapes: ['A\d{9}']
    cases: {match: [A123456789, "see A123456789"], not: [A1, B123456789]}
  - id: bare_number
    title: The same without its letter
    category: alien_number
    reveals: direct
    shapes: ['\d{9}']
    near: [alien]
    cases: {match: ["alien number 123456789", "Alien Number: 987654321"], not: ["123456789", "alien number 12"]}
  - id: undocumented
    title: Says it
    category: immigration_status
    reveals: direct
    phrases: {en: [undocumented]}
    cases: {match: [undocumented, "is undocumented"], not: [documented, paper]}
"""
STEP = 3


class Rows:
    """A table that is held in memory, read in parts of three rows."""

    def __init__(self, source, address):
        self.source, self.address = source, address
        self.closed = False

    def parts(self, table, *, wanted):
        seen = Path(self.address).stat()
        version = f"{seen.st_size}-{seen.st_mtime_ns}" if "unversioned" not in self.source else ""
        return tuple(
            Part(self.source, table.name, f"rows:{at}-{at + STEP}", min(STEP, table.rows - at), 0, version)
            for at in range(0, table.rows, STEP)
        )

    def sample(self, table, *, rows):
        return self._batch(table.name, 0, rows, when="sample")

    def read(self, part, *, columns=(), distinct=frozenset()):
        _note(self.address, part.key)
        start, end = map(int, part.key.removeprefix("rows:").split("-"))
        yield self._batch(part.table, start, end)

    def told(self):
        return ()

    def close(self):
        self.closed = True


class CsvContent(Rows):
    def tables(self):
        header, *rows = self._rows()
        _misbehave(header, "plan")
        columns = tuple(TextColumn(name, "", True, f"row:1 col:{at}") for at, name in enumerate(header, 1))
        return (Table("", columns, len(rows), Path(self.address).stat().st_size),)

    def extremes(self, table, column):
        header, *rows = self._rows()
        days = sorted(row[header.index(column)] for row in rows)
        return tuple(datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (days[0], days[-1]))

    def _rows(self):
        with Path(self.address).open(newline="") as file:
            return list(csv.reader(file))

    def _batch(self, table, start, end, when="read"):
        header, *rows = self._rows()
        for row in rows[start:end]:
            _misbehave(row, when, self.address)
        columns = [[row[at] or None for row in rows[start:end]] for at in range(len(header))]
        return pa.RecordBatch.from_arrays([pa.array(each, pa.string()) for each in columns], header)


class SqliteContent(Rows):
    def _ask(self, query, *values):
        database = sqlite3.connect(f"file:{self.address}?mode=ro", uri=True)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    def tables(self):
        names = self._ask("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        return tuple(self._table(name) for (name,) in names)

    def _table(self, name):
        columns = tuple(
            TextColumn(f"{name}.{column}", kind, kind != "INTEGER", f"{name}.{column}")
            for column, kind in self._ask("SELECT name, type FROM pragma_table_info(?)", name)
        )
        return Table(name, columns, self._ask(f'SELECT count(*) FROM "{name}"')[0][0], 0)

    def extremes(self, table, column):
        [(oldest, newest)] = self._ask(
            f'SELECT min("{column.rpartition(".")[2]}"), max("{column.rpartition(".")[2]}") FROM "{table.name}"'
        )
        return tuple(
            datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None for day in (oldest, newest)
        )

    def _batch(self, table, start, end, when="read"):
        if table == "secret":
            raise NoRightsError(source=self.source, what="secret may not be read", next_step="Grant SELECT.")
        columns = [column for column in self._table(table).columns if column.textual]
        picked = ", ".join('"{}"'.format(column.name.rpartition(".")[2]) for column in columns)
        rows = self._ask(
            f'SELECT {picked} FROM "{table}" ORDER BY rowid LIMIT ? OFFSET ?', end - start, start
        )
        cells = [[None if row[at] is None else str(row[at]) for row in rows] for at in range(len(columns))]
        return pa.RecordBatch.from_arrays(
            [pa.array(each, pa.large_string()) for each in cells], [column.name for column in columns]
        )


def _note(address, key):
    """Keep which parts were read, beside the file: the tests ask."""
    log = Path(address).parent / "read.log"
    if log.exists():
        with log.open("a") as file:
            file.write(f"{Path(address).name} {key}\n")


def _misbehave(words, when, address=""):
    verbs = {word.partition(":")[2] for word in words if word.startswith(f"{when}:")}
    if "crash" in verbs:
        ctypes.string_at(0)
    elif "crash-once" in verbs and not Path(f"{address}.crashed").exists():
        Path(f"{address}.crashed").touch()
        os._exit(3)
    elif "wait" in verbs:
        Path(f"{address}.waiting").touch()
        time.sleep(3600)
    elif "fail" in verbs:
        raise KeyError("canary-7391")
    elif "unreadable" in verbs:
        raise UnreadableError(source=Path(address).name, what="It is damaged")


def open_content(address, source, _moment):
    if not Path(address).exists():
        raise UnreadableError(source=source, what="It is gone")
    return (CsvContent if address.endswith(".csv") else SqliteContent)(source, address)


def rules():
    return read({"test.yml": RULES})


def tools(_limits):
    return ValueTools(open_content, RuleLooks(rules()))
