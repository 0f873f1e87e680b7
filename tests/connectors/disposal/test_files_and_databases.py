"""A condition means the same for a file as for a database that holds the same rows."""

import csv
import sqlite3
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.connectors.disposal.conditions import All, Any, Compare, HashIn, IsNull, Not, OneOf
from curtilage.connectors.disposal.hashing import Hasher
from curtilage.connectors.disposal.nouns import Target
from curtilage.connectors.drivers.dispose_files import FileDisposer
from curtilage.connectors.drivers.dispose_sqlite import SqliteDisposer
from curtilage.connectors.url import parse_url

HASHER = Hasher(b"k" * 32)
DAYS = ["2014-03-01", "2016-12-31", "2016-12-31T10:00", "2016-12-31 23:59", "2016-02-30", "12/31/2016"]
DAYS += ["1799-12-31", "9999-12-31", "2016-12-3", "2016-12-310", " ", None]
TEXTS = ["denied", "Denied", "denied ", "approved", "7", None]
ROWS = st.lists(st.tuples(st.sampled_from(DAYS), st.sampled_from(TEXTS)), max_size=12)
LEAVES = (
    st.builds(
        Compare,
        st.just("day"),
        st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]),
        st.dates(date(2014, 1, 1), date(2017, 12, 31)),
    )
    | st.builds(Compare, st.just("text"), st.sampled_from(["=", "<>"]), st.sampled_from(["denied", "7", "x"]))
    | st.builds(
        OneOf,
        st.just("text"),
        st.lists(st.sampled_from(["denied", "approved"]), min_size=1, max_size=2).map(tuple),
    )
    | st.builds(IsNull, st.sampled_from(["day", "text"]))
    | st.builds(HashIn, st.just("text"), st.just(frozenset({HASHER.subject("denied")})))
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


def count(rows, condition):
    """Return how many rows meet a condition: of a file, of a database."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "rows.csv").open("w", newline="") as file:
            csv.writer(file).writerows(
                [("id", "day", "text"), (0, "2015-05-05", "other"), (-1, "2015-05-06", "another")]
            )
            csv.writer(file).writerows(
                (number, day or "", text or "") for number, (day, text) in enumerate(rows, 1)
            )
        with closing(sqlite3.connect(folder / "rows.db")) as database, database:
            database.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, day TEXT, text TEXT)")
            known = [(0, "2015-05-05", "other"), (-1, "2015-05-06", "another")]
            known += [(number, day, text) for number, (day, text) in enumerate(rows, 1)]
            database.executemany("INSERT INTO rows VALUES (?, ?, ?)", known)
        files = FileDisposer(folder, "x", HASHER)
        database = SqliteDisposer(parse_url(str(folder / "rows.db")), system="x", hasher=HASHER)
        try:
            return (
                files.count(Target("x", "rows.csv", condition, ("id",))),
                database.count(Target("x", "rows", condition)),
            )
        finally:
            database.close()


@settings(max_examples=150, deadline=None)
@given(ROWS, CONDITIONS)
def test_a_file_and_a_database_count_the_same(rows, condition):
    in_file, in_database = count(rows, condition)

    assert in_file == in_database
