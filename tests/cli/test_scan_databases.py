"""``curtilage scan`` of a server: what the account may read is looked into, the rest is told and its names count."""

import json

import psycopg
import pytest

from tests.cli.running import run

pytestmark = pytest.mark.postgresql

NUMBER = "912-71-0000"
CITY = f"""
CREATE TABLE people (phone text, visits int);
CREATE TABLE secret_notes (note text);
INSERT INTO people SELECT '206-555-01' || lpad((n % 100)::text, 2, '0'), n FROM generate_series(1, 999) n;
INSERT INTO people VALUES ('{NUMBER}', 1);
INSERT INTO secret_notes VALUES ('she is undocumented');
ANALYZE;
CREATE ROLE scanner LOGIN PASSWORD 'scanner-secret';
GRANT SELECT ON people TO scanner;
"""


@pytest.fixture(scope="module")
def address(postgresql_server):
    with psycopg.connect(host=str(postgresql_server.socket), user="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE scanned")
    with psycopg.connect(host=str(postgresql_server.socket), user="postgres", dbname="scanned") as connection:
        connection.execute(CITY)
    return postgresql_server.url("scanner", "scanner-secret", "scanned")


def test_what_the_account_may_read_is_looked_into_and_the_rest_is_told(address):
    ran = run("scan", address, "--all", "--format", "jsonl")
    found = {line["name"]: line for line in map(json.loads, ran.stdout.splitlines())}

    assert found["people.phone"]["values_matched"] == {"itin": 1, "phone": 999}
    assert (found["people.visits"]["values_seen"], found["secret_notes.note"]["values_seen"]) == (0, 0)
    assert b"secret_notes: this account may not read it" in ran.stderr
    for words in (NUMBER.encode(), b"scanner-secret", b"undocumented"):
        assert words not in ran.stdout + ran.stderr


def test_a_sample_of_a_server_is_called_one(address):
    ran = run("scan", address, "--sample", "100", "--format", "jsonl")
    [phone] = [json.loads(line) for line in ran.stdout.splitlines() if b"people.phone" in line]

    assert phone["sampled"]
    assert 0 < phone["values_seen"] <= 1000
