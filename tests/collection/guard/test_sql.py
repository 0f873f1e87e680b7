"""The SQL that a guard writes keeps identifiers out of real tables, and lets everything else in."""

import sqlite3
from contextlib import closing

import psycopg
import pymysql
import pytest

from curtilage.collection.guard.sql import Column, GuardNotPossibleError, write_sql
from curtilage.collection.guard.text import Guard
from tests.collection.guard.guarded import FINDER, GUARD, RULES

COLUMN = Column("case_notes", 're`mark"s')
HELD = ["ssn 123-45-6789.", "A012345678", "her A\u00a0012-345-678", "x a#012345678"]
FREE = ["555-0100", "A4 paper", "1123-45-67890", "BA012345678", None, "", "A0123456789"]


def sql(dialect, *, strip=False, column=COLUMN):
    return write_sql(column, dialect, GUARD, RULES, strip=strip)


@pytest.fixture
def sqlite():
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute('CREATE TABLE case_notes (id INTEGER PRIMARY KEY, "re`mark""s" TEXT)')
        connection.executescript(sql("sqlite"))
        yield connection


@pytest.mark.parametrize("text", HELD)
def test_sqlite_refuses_an_identifier(sqlite, text):
    with pytest.raises(sqlite3.IntegrityError, match="not to be written") as refused:
        sqlite.execute("INSERT INTO case_notes VALUES (1, ?)", (text,))
    assert text not in str(refused.value)


def test_sqlite_lets_everything_else_in_and_guards_changes_too(sqlite):
    sqlite.executemany('INSERT INTO case_notes ("re`mark""s") VALUES (?)', [(text,) for text in FREE])
    with pytest.raises(sqlite3.IntegrityError):
        sqlite.execute('UPDATE case_notes SET "re`mark""s" = ?', (HELD[0],))


def test_sqlite_is_as_before_when_the_guard_is_taken_away(sqlite):
    undo = sql("sqlite").rpartition("-- To take it away: ")[2]
    sqlite.executescript(undo)
    sqlite.execute("INSERT INTO case_notes VALUES (1, ?)", (HELD[0],))


def test_sqlite_cannot_strip():
    with pytest.raises(GuardNotPossibleError, match="No SQL was written"):
        sql("sqlite", strip=True)


@pytest.fixture
def postgresql(postgresql_server):
    with psycopg.connect(postgresql_server.url(database="postgres"), autocommit=True) as connection:
        connection.execute(
            'DROP TABLE IF EXISTS case_notes; CREATE TABLE case_notes (id int, "re`mark""s" text)'
        )
        yield connection


@pytest.mark.postgresql
def test_postgresql_refuses_identifiers_and_lets_everything_else_in(postgresql):
    postgresql.execute("INSERT INTO case_notes VALUES (0, %s)", (HELD[0],))
    postgresql.execute(sql("postgresql"))
    for text in HELD:
        with pytest.raises(psycopg.errors.CheckViolation):
            postgresql.execute("INSERT INTO case_notes VALUES (1, %s)", (text,))
    for text in FREE:
        postgresql.execute("INSERT INTO case_notes VALUES (1, %s)", (text,))
    postgresql.execute(sql("postgresql").rpartition("-- To take it away: ")[2])
    postgresql.execute("INSERT INTO case_notes VALUES (1, %s)", (HELD[0],))


@pytest.mark.postgresql
def test_postgresql_strips_what_it_would_refuse(postgresql):
    postgresql.execute(sql("postgresql", strip=True))
    for text in (*HELD, "x 555-0100"):
        postgresql.execute("INSERT INTO case_notes VALUES (1, %s)", (text,))
    kept = [row[0] for row in postgresql.execute('SELECT "re`mark""s" FROM case_notes')]
    assert kept == ["ssn [not kept].", "[not kept]", "her [not kept]", "x [not kept]", "x 555-0100"]
    postgresql.execute(sql("postgresql", strip=True).rpartition("-- To take it away: ")[2])


@pytest.fixture
def mariadb(mariadb_server):
    with closing(
        pymysql.connect(unix_socket=str(mariadb_server.socket), user="root", autocommit=True)
    ) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE DATABASE IF NOT EXISTS guarded CHARACTER SET utf8mb4")
        cursor.execute("USE guarded")
        cursor.execute("DROP TABLE IF EXISTS case_notes")
        cursor.execute('CREATE TABLE case_notes (id int, `re``mark"s` text)')
        yield cursor


def run_all(cursor, text):
    """Run statements as MariaDB's own client does: DELIMITER is the client's word, not the server's."""
    delimiter, statement = ";", ""
    for line in text.splitlines():
        if line.startswith("DELIMITER "):
            delimiter = line.partition(" ")[2]
            continue
        statement += line + "\n"
        if line.rstrip().endswith(delimiter):
            cursor.execute(statement.rstrip().removesuffix(delimiter))
            statement = ""


@pytest.mark.mariadb
def test_mariadb_refuses_identifiers_and_lets_everything_else_in(mariadb):
    run_all(mariadb, sql("mariadb"))
    for text in HELD:
        with pytest.raises(pymysql.err.OperationalError, match="not to be written"):
            mariadb.execute("INSERT INTO case_notes VALUES (1, %s)", (text,))
    for text in FREE:
        mariadb.execute("INSERT INTO case_notes VALUES (1, %s)", (text,))


@pytest.mark.mariadb
def test_mariadb_strips_what_it_would_refuse(mariadb):
    run_all(mariadb, sql("mariadb", strip=True))
    for text in (*HELD, "x 555-0100"):
        mariadb.execute("INSERT INTO case_notes VALUES (1, %s)", (text,))
    mariadb.execute('SELECT `re``mark"s` FROM case_notes')
    kept = [row[0] for row in mariadb.fetchall()]
    assert kept == ["ssn [not kept].", "[not kept]", "her [not kept]", "x [not kept]", "x 555-0100"]


def test_the_first_lines_say_what_the_guard_does_not_know():
    assert "account number" in sql("sqlite").splitlines()[2]


@pytest.mark.parametrize(
    ("column", "dialect", "categories"),
    [("notes", "sqlite", None), ("t.c", "oracle", None), ("t.c", "sqlite", {"financial_account"})],
)
def test_what_cannot_be_guarded_is_said(column, dialect, categories):
    guard = Guard(categories and frozenset(categories), FINDER)
    with pytest.raises(GuardNotPossibleError):
        write_sql(Column.parse(column), dialect, guard, RULES)
