"""SQLite files: what is told of them, that they are left as they were, and that hostile ones end."""

import hashlib
import sqlite3
from contextlib import closing

import pytest

from curtilage.cli.assembly import connect, open_database
from curtilage.connectors.ports import Limits, NoAnswerError, NoRightsError, UnreadableError
from tests.rights import without_rights

CANARY = "CANARY-55aa-resident"
CITY = f"""
-- People who asked for housing
CREATE TABLE applicants ( -- kept six years
    id INTEGER PRIMARY KEY,
    ssn TEXT DEFAULT '{CANARY}', -- Social Security number
    status TEXT NOT NULL CHECK (status IN ('citizen', 'lpr')),
    upper_ssn TEXT AS (upper(ssn)) VIRTUAL
);
CREATE VIEW recent AS SELECT id, ssn AS social FROM applicants;
CREATE VIEW orphan AS SELECT x FROM gone;
CREATE VIRTUAL TABLE notes USING fts5(body);
INSERT INTO applicants (ssn, status) VALUES ('{CANARY}', 'lpr');
ANALYZE;
"""


@pytest.fixture
def city(tmp_path):
    path = tmp_path / "city.db"
    connection = sqlite3.connect(path)
    connection.executescript(CITY)
    connection.close()
    return path


def read(path):
    return {place.locator: place for place in open_database(str(path), Limits())}


def test_columns_are_told_with_the_comments_that_sqlite_keeps(city):
    ssn = read(city)["applicants.ssn"]
    assert (ssn.source, ssn.text, ssn.type) == (str(city), "Social Security number", "TEXT")


def test_a_check_gives_the_options_and_facts_are_told(city):
    places = read(city)
    assert places["applicants.status"].options == ("citizen", "lpr")
    assert places["applicants.status"].facts == ("required",)
    assert places["applicants.upper_ssn"].facts == ("computed",)
    assert places["recent.social"].facts == ("view",)


def test_a_view_on_a_table_that_is_gone_costs_only_itself(city):
    places = read(city)
    assert "recent.social" in places
    assert not [locator for locator in places if locator.startswith("orphan")]


def test_tables_that_sqlite_made_for_itself_are_left_out(city):
    with closing(connect(str(city))) as database:
        tables = database.list_tables()
    assert [table.name for table in tables] == ["applicants", "notes", "orphan", "recent"]
    assert tables[0].rows == 1


def test_the_file_and_its_folder_are_left_as_they_were(city):
    before = hashlib.sha256(city.read_bytes()).hexdigest(), sorted(city.parent.iterdir())
    read(city)
    assert (hashlib.sha256(city.read_bytes()).hexdigest(), sorted(city.parent.iterdir())) == before


def test_nothing_can_be_written_over_the_connection(city):
    database = connect(f"sqlite:///{city}")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        database._connection.execute("DELETE FROM applicants")
    database.close()


def test_a_file_in_write_ahead_mode_is_read_without_leaving_files_beside_it(city):
    connection = sqlite3.connect(city)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    before = sorted(city.parent.iterdir())
    assert "applicants.ssn" in read(city)
    assert sorted(city.parent.iterdir()) == before


def test_what_another_program_wrote_ahead_is_seen(city):
    writer = sqlite3.connect(city)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE visas (number TEXT)")
    writer.commit()
    assert "visas.number" in read(city)
    writer.close()


def test_a_locked_file_ends_in_a_clear_line(city):
    writer = sqlite3.connect(city)
    writer.execute("BEGIN EXCLUSIVE")
    with pytest.raises(NoAnswerError, match="Close the program that holds it"):
        read(city)
    writer.close()


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(NoAnswerError, match="no such file"):
        connect(f"sqlite:///{tmp_path}/none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_somebody_else_is_told(city):
    city.chmod(0)
    with without_rights(), pytest.raises(NoRightsError, match="Ask its owner"):
        read(city)


def test_damage_ends_in_a_clear_line(city):
    content = bytearray(city.read_bytes())
    content[100:3000] = b"\xff" * 2900
    city.write_bytes(content)
    with pytest.raises((UnreadableError, NoAnswerError)):
        read(city)


def test_another_kind_of_file_is_told(tmp_path):
    path = tmp_path / "notes.db"
    path.write_text(f"just text {CANARY}")
    with pytest.raises(UnreadableError, match="no SQLite database") as error:
        read(path)
    assert CANARY not in str(error.value)


def test_no_row_reaches_a_place(city):
    with closing(connect(str(city))) as database:
        assert CANARY not in repr(read(city)) + repr(database.list_tables())
