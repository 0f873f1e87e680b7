"""One small housing database, made alike in SQLite, PostgreSQL and MariaDB, and what may be taken out of it."""

import pytest

from tests.connectors.disposal.worlds import MariaWorld, PostgresWorld, SqliteWorld


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def world(request, tmp_path):
    """A database with tables and rows of the test's own; gone when it ends."""
    if request.param == "sqlite":
        made = SqliteWorld(tmp_path / "housing.db")
    elif request.param == "postgresql":
        made = PostgresWorld(request.getfixturevalue("postgresql_server"))
    else:
        made = MariaWorld(request.getfixturevalue("mariadb_server"))
    yield made
    made.close()
