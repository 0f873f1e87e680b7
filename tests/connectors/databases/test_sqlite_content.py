"""The cells of SQLite files: all of them once, the file left as it was, and none in a message."""

import hashlib
import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest

from curtilage.cli.assembly import open_content, open_database, open_database_content
from curtilage.connectors.content.ports import ContentLimits, StoppedError
from curtilage.connectors.ports import Limits, NoAnswerError, UnreadableError

CANARY = "CANARY-8d1f-resident"
CELLS = f"""
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, born DATE, amount DECIMAL(9,2), photo BLOB, phone,
                     loud TEXT AS (upper(name)) VIRTUAL, kind STRING);
INSERT INTO people (name, born, amount, photo, phone, kind)
VALUES ('Ana "A" O''Neil', '1980-02-29', 1.5, x'ff00', '919-555-0100', 'a'), (NULL, '0001', NULL, NULL, 9195550101, NULL),
       ('{CANARY}', '2018-02-30', NULL, 'text in bytes', x'32', x'fe');
CREATE TABLE "Fälle ""x"".y" ("Über.name" TEXT, "a b" varchar(9), rowid TEXT);
INSERT INTO "Fälle ""x"".y" VALUES ('ü', 'b', 'mine');
CREATE TABLE empty (note TEXT);
CREATE TABLE many (i INTEGER PRIMARY KEY, note TEXT, pad TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
INSERT INTO many SELECT i * 3, 'note ' || i, printf('%0300d', 0) FROM n;
CREATE TABLE late (note TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
INSERT INTO late SELECT CASE WHEN i > 39990 THEN 'said late' END FROM n;
CREATE TABLE worded (word TEXT PRIMARY KEY, note TEXT) WITHOUT ROWID;
INSERT INTO worded VALUES ('a', 'A'), ('b', 'B');
CREATE VIEW recent AS SELECT name FROM people;
CREATE VIRTUAL TABLE notes USING fts5(body);
INSERT INTO notes VALUES ('no tiene papeles');
CREATE TABLE long (note TEXT);
INSERT INTO long VALUES (printf('%.*c', 150000, 'e') || 'END'), ('short');
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("cells") / "city.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(CELLS)
    return path.read_bytes()


@pytest.fixture
def city(made, tmp_path):
    path = tmp_path / "city.db"
    path.write_bytes(made)
    return path


@pytest.fixture(params=["with ADBC", "without"])
def way(request, monkeypatch):
    if request.param == "without":
        monkeypatch.setitem(sys.modules, "adbc_driver_sqlite.dbapi", None)


@pytest.fixture
def content(city, way):
    with closing(open_database_content(str(city), ContentLimits())) as content:
        yield content


def table(content, name):
    return next(each for each in content.tables() if each.name == name)


def read(content, name, columns=(), wanted=1):
    found = []
    for part in content.parts(table(content, name), wanted=wanted):
        for batch in content.read(part, columns=columns):
            found += batch.to_pylist()
    return found


def test_every_cell_comes_as_text_and_bytes_that_are_none_as_bytes(content):
    rows = read(content, "people")
    assert list(rows[0]) == [f"people.{name}" for name in "name photo phone loud kind".split()]
    assert [row["people.name"] for row in rows] == ['Ana "A" O\'Neil', None, CANARY]
    assert [row["people.phone"] for row in rows] == ["919-555-0100", "9195550101", "2"]
    assert [row["people.photo"] for row in rows] == [b"\xff\0", None, b"text in bytes"]
    assert [row["people.kind"] for row in rows] == [b"a", None, b"\xfe"]


def test_numbers_and_dates_are_read_where_they_are_named(content):
    rows = read(content, "people", ("people.id", "people.born", "people.amount"))
    assert rows[0] == {"people.id": "1", "people.born": "1980-02-29", "people.amount": "1.5"}


def test_names_are_those_that_the_shape_gives(city, content):
    known = {(place.name, place.locator) for place in open_database(str(city), Limits())}
    assert {(column.name, column.locator) for each in content.tables() for column in each.columns} <= known
    name = 'Fälle "x".y'
    assert read(content, name) == [{f"{name}.Über.name": "ü", f"{name}.a b": "b", f"{name}.rowid": "mine"}]


def test_tables_are_read_and_views_of_them_are_not(content):
    names = [each.name for each in content.tables()]
    assert names == ['Fälle "x".y', "empty", "late", "long", "many", "notes", "people", "worded"]


def test_virtual_tables_and_those_without_row_numbers_are_read(content):
    assert read(content, "notes", wanted=4) == [{"notes.body": "no tiene papeles"}]
    assert read(content, "worded", wanted=4) == [
        {"worded.word": "a", "worded.note": "A"},
        {"worded.word": "b", "worded.note": "B"},
    ]


def test_an_empty_table_gives_nothing(content):
    assert read(content, "empty") == []
    assert content.sample(table(content, "empty"), rows=10).num_rows == 0


def test_a_column_that_is_empty_for_long_is_read_to_its_end(content):
    assert [row["late.note"] for row in read(content, "late")].count("said late") == 10


@pytest.mark.parametrize("wanted", [1, 2, 50])
def test_all_ranges_of_rows_together_are_the_table(content, wanted):
    rows = read(content, "many", wanted=wanted)
    assert len(rows) == len({row["many.note"] for row in rows}) == 60_000
    assert len(content.parts(table(content, "many"), wanted=wanted)) == min(wanted, 2)


def test_a_sample_comes_from_all_over_the_table(content):
    batch = content.sample(table(content, "many"), rows=1000)
    numbers = sorted(int(note.removeprefix("note ")) for note in batch["many.note"].to_pylist())
    assert (batch.num_rows, numbers[0]) == (1000, 1)
    assert numbers[-1] > 55_000


def test_oldest_and_newest_are_days_of_the_calendar(content):
    people = table(content, "people")
    assert content.extremes(people, "people.born") == (
        datetime(1980, 2, 29, tzinfo=UTC),
        datetime(2018, 2, 28, tzinfo=UTC),
    )
    assert content.extremes(people, "people.name") == (None, None)


def test_long_cells_are_read_in_pieces_that_overlap_and_are_told(city, way):
    with closing(open_database_content(str(city), ContentLimits(row_bytes=1))) as content:
        notes = [row["long.note"] for row in read(content, "long")]
        told = [told.reason for told in content.told()]
    assert [len(note) for note in notes] == [65_536, 5, 65_536, 20_979]
    assert notes[0] + notes[2][1024:] + notes[3][1024:] == "e" * 150_000 + "END"
    assert told == ["cut"]


def version(path):
    with closing(open_database_content(str(path), ContentLimits())) as content:
        return content.parts(table(content, "empty"), wanted=1)[0].version


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_version_changes_with_every_change_of_the_file_and_only_then(city, mode):
    with closing(sqlite3.connect(city)) as writer:
        writer.execute(f"PRAGMA journal_mode = {mode}")
        seen = [version(city), version(city)]
        for _ in range(2):
            writer.execute("INSERT INTO empty VALUES ('one')")
            writer.commit()
            seen.append(version(city))
    assert seen[0] == seen[1]
    assert len(set(seen)) == 3
    assert all(seen)


def test_the_file_and_its_folder_are_left_as_they_were(city, content):
    before = hashlib.sha256(city.read_bytes()).hexdigest(), sorted(city.parent.iterdir())
    for each in content.tables():
        content.sample(each, rows=10)
        read(content, each.name)
    assert (hashlib.sha256(city.read_bytes()).hexdigest(), sorted(city.parent.iterdir())) == before


def test_whoever_writes_need_not_wait_between_two_parts(city, content):
    parts = content.parts(table(content, "many"), wanted=2)
    assert sum(batch.num_rows for batch in content.read(parts[0]))
    with closing(sqlite3.connect(city, timeout=0)) as writer:
        writer.execute("INSERT INTO empty VALUES ('now')")
        writer.commit()
    assert sum(batch.num_rows for batch in content.read(parts[1]))


def test_reading_can_be_stopped_and_left(city, way):
    asked = []
    limits = ContentLimits(stopped=lambda: len(asked) > 3, batch_rows=100)
    with closing(open_database_content(str(city), limits)) as content:
        part = content.parts(table(content, "many"), wanted=1)[0]
        with pytest.raises(StoppedError):
            asked.extend(content.read(part))
    assert len(asked) == 4


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_locked_file_ends_in_a_clear_line(city, way):
    with closing(open_database_content(str(city), ContentLimits())) as content:
        part = content.parts(table(content, "many"), wanted=1)[0]
        # Another process, because locks of one process do not keep itself out.
        command = [sys.executable, "-c", HOLD, str(city)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            holder.stdout.readline()
            with pytest.raises(NoAnswerError, match="Close the program that holds it"):
                list(content.read(part))
            holder.communicate()


def read_all(path):
    with closing(open_database_content(str(path), ContentLimits())) as content:
        return sum(len(read(content, each.name)) for each in content.tables())


@pytest.mark.parametrize("page", [1, 2, 700, 3000])
def test_damage_ends_in_a_clear_line_that_quotes_nothing(city, way, caplog, page):
    caplog.set_level(logging.DEBUG)
    whole = city.read_bytes()
    broken = (CANARY * 4096).encode()[:40_960]
    city.write_bytes(whole[: page * 4096] + broken + whole[page * 4096 + len(broken) :])
    with pytest.raises((UnreadableError, NoAnswerError)) as failed:
        read_all(city)
    assert CANARY not in str(failed.value) + repr(failed.value.__cause__) + caplog.text


def test_a_file_is_opened_by_its_path_like_any_other(city):
    with closing(open_content(str(city), "data/city.db", ContentLimits())) as content:
        assert content.source == "data/city.db"
        assert len(read(content, "worded")) == 2
