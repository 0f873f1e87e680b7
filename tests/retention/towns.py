"""A small town's database as an SQLite file, opened as a carrying out would open it."""

import sqlite3
from contextlib import closing

from curtilage.connectors.drivers.dispose_sqlite import SqliteDisposer
from curtilage.connectors.url import parse_url
from tests.retention.books import HASHER

SCHEMA = """
CREATE TABLE applications (
    id INTEGER PRIMARY KEY, person TEXT, closed_on TEXT, outcome TEXT, district INTEGER, ssn TEXT
);
CREATE TABLE notes (
    id INTEGER PRIMARY KEY, application INTEGER REFERENCES applications (id), made_on TEXT, about TEXT
);
CREATE TABLE visits (id INTEGER PRIMARY KEY, day TEXT);
"""
ROWS = [
    (1, "p-1", "2005-01-01", "approved", 5, "x"),
    (2, "p-2", "2009-06-30", "denied", 4, "x"),
    (3, "p-3", "2011-02-22", "denied", None, None),
    (4, "p-1", "2011-02-23", "approved", 5, "x"),
    (5, "p-4", "2016-12-31", "denied", 4, "x"),
    (6, "p-5", None, "denied", 4, "x"),
    (7, "p-5", "1900-01-01", "approved", 4, "x"),
    (8, None, "2010-01-01", "approved", 4, "x"),
]


def build_town(folder, rows=ROWS, notes=()):
    path = folder / "housing.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(SCHEMA)
        database.executemany("INSERT INTO applications VALUES (?, ?, ?, ?, ?, ?)", rows)
        database.executemany("INSERT INTO notes VALUES (?, ?, ?, ?)", notes)
    return path


def open_town(path):
    return SqliteDisposer(parse_url(str(path)), system="housing", hasher=HASHER)
