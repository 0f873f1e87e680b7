"""One small library, made alike in SQLite, PostgreSQL and MariaDB, and what a release reads of it."""

import pytest

from curtilage.cli.assembly import open_retriever
from curtilage.connectors.retrieval.nouns import Wanted
from curtilage.foundation.guarded import Guarded
from tests.connectors.disposal.worlds import MariaWorld, PostgresWorld, SqliteWorld

LOANS = """
    CREATE TABLE loans (
        id integer PRIMARY KEY, card varchar(20), member integer, lent_on date, title varchar(80),
        note varchar(80), share varchar(10), noted_on varchar(30)
    )
"""
ROWS = (
    (1, "A-1", 1, "2016-02-03", "Wayfinding", "CANARY-1", "yes", "2016-02-03"),
    (2, "A-1", 1, "2017-02-03", "Knots", None, "no", "03/02/2017"),
    (3, "A-1", 1, None, "Maps", "CANARY-3", None, "2016-05-05T10:00:00"),
    (4, "a-1", 2, "2016-02-03", "Bees", "CANARY-4", "yes", "2016-02-03"),
    (5, "B-7", 3, "2016-12-31", "Rivers", "CANARY-5", "yes", None),
    (6, None, None, "2016-02-03", "Nobody", "CANARY-6", "yes", "2016-02-03"),
)


def wanted(*people, fields=("title",), subject="card", table="loans", **more):
    """Return what is wanted of some people."""
    return Wanted(table, fields, subject, tuple(map(Guarded, people or ("A-1",))), **more)


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def library(request, tmp_path):
    """A database with six loans of three cards; gone when the test ends."""
    if request.param == "sqlite":
        made = SqliteWorld(tmp_path / "library.db")
    elif request.param == "postgresql":
        made = PostgresWorld(request.getfixturevalue("postgresql_server"))
    else:
        made = MariaWorld(request.getfixturevalue("mariadb_server"))
    made.run(LOANS)
    for row in ROWS:
        made.run(f"INSERT INTO loans VALUES ({', '.join([made.mark] * len(row))})", *row)
    yield made
    made.close()


@pytest.fixture
def reader(library):
    """A retriever of the library."""
    made = open_retriever(library.address, system="library")
    yield made
    made.close()
