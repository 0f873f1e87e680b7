"""Identifiers kept as numbers: looked at where a column's name speaks of them, in every kind of source."""

import json
import sqlite3
from contextlib import closing

import psycopg
import pyarrow as pa
import pyarrow.parquet
import pymysql
import pytest

from tests.cli.running import run

ROWS = [(n, 219_100_001 + 7 * n, 2_065_550_100 + n, 3) for n in range(500)]
CREATE = "CREATE TABLE people (id bigint, ssn bigint, home_phone bigint, rooms integer)"
INSERT = "INSERT INTO people VALUES (%s, %s, %s, %s)"


@pytest.fixture
def parquet_file(tmp_path):
    columns = zip(("id", "ssn", "home_phone", "rooms"), zip(*ROWS, strict=True), strict=True)
    pyarrow.parquet.write_table(
        pa.table({name: list(cells) for name, cells in columns}), tmp_path / "a.parquet"
    )
    return str(tmp_path / "a.parquet")


@pytest.fixture
def sqlite_file(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as db, db:
        db.execute(CREATE)
        db.executemany(INSERT.replace("%s", "?"), ROWS)
    return str(tmp_path / "a.db")


@pytest.fixture
def postgresql_database(postgresql_server):
    with psycopg.connect(host=str(postgresql_server.socket), user="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE numbered")
    with psycopg.connect(
        host=str(postgresql_server.socket), user="postgres", dbname="numbered"
    ) as connection:
        connection.execute(CREATE)
        connection.cursor().executemany(INSERT, ROWS)
    return postgresql_server.url("postgres", "", "numbered")


@pytest.fixture
def mariadb_database(mariadb_server):
    with closing(pymysql.connect(unix_socket=str(mariadb_server.socket), user="root")) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE DATABASE numbered")
        cursor.execute("USE numbered")
        cursor.execute(CREATE)
        cursor.executemany(INSERT, ROWS)
        connection.commit()
    return mariadb_server.url("root", "", "numbered")


@pytest.mark.parametrize(
    "source",
    [
        "parquet_file",
        "sqlite_file",
        pytest.param("postgresql_database", marks=pytest.mark.postgresql),
        pytest.param("mariadb_database", marks=pytest.mark.mariadb),
    ],
)
def test_numbers_are_looked_at_where_a_name_speaks_of_an_identifier(source, request):
    ran = run("scan", request.getfixturevalue(source), "--all", "--format", "jsonl")
    found = {line["name"].rpartition(".")[2]: line for line in map(json.loads, ran.stdout.splitlines())}

    assert found["ssn"]["values_matched"]["ssn"] == len(ROWS)
    assert found["home_phone"]["values_seen"] == len(ROWS)
    assert (found["id"]["values_seen"], found["rooms"]["values_seen"]) == (0, 0)
    assert str(ROWS[0][1]).encode() not in ran.stdout + ran.stderr
