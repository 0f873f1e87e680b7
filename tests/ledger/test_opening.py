"""A ledger opens, or says why not and what to do, without a word that is secret."""

import re
import sqlite3
from pathlib import Path

import psycopg
import pytest

from curtilage.foundation.errors import EvidenceError
from curtilage.ledger.errors import DamagedStoreError, ForeignFormatError, StoreError
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.verify import verify_store
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import CLERK, PlainSealer, event, make_database


def reopen(address):
    return open_ledger(str(address), clock=StoppedClock(), sealer=PlainSealer())


def test_what_was_recorded_is_there_when_it_is_opened_again(ledger, address):
    if address == "memory:":  # what is in memory does not last
        assert reopen(address).count() == 0
        return
    entries = ledger.append("retention/a", 0, [event(1, who="Ana")], by=CLERK)
    ledger.close()
    again = reopen(address)
    assert again.read("retention/a") == entries
    assert again.open_body(entries[0].bodies[0]).unsafe_reveal() == "Ana"
    again.close()


def test_closing_twice_does_nothing(ledger):
    ledger.close()
    ledger.close()


def test_a_file_is_named_by_url_too(tmp_path):
    ledger = reopen(f"sqlite:///{tmp_path}/record.db")
    ledger.close()
    assert (tmp_path / "record.db").exists()


def test_the_file_is_for_its_owner_only(tmp_path):
    ledger = reopen(tmp_path / "curtilage.db")
    ledger.append("retention/a", 0, [event(1)], by=CLERK)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
    ledger.close()


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(StoreError, match="cannot be opened"):
        reopen(tmp_path / "missing" / "curtilage.db")


@pytest.mark.parametrize(
    "content", [b"not a database at all, just words" * 40, b"SQLite format 3\0" + b"x" * 4096]
)
def test_a_file_that_is_something_else_is_told(tmp_path, content):
    path = tmp_path / "curtilage.db"
    path.write_bytes(content)
    with pytest.raises(DamagedStoreError):
        reopen(path)
    assert path.read_bytes() == content


def test_a_ledger_of_another_format_is_left_alone(tmp_path):
    path = tmp_path / "curtilage.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 7")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ForeignFormatError, match="7"):
        reopen(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("order", ["UPDATE ledger_entries SET kind = 'a.b'", "DELETE FROM ledger_entries"])
def test_the_database_itself_refuses_to_change_an_entry(tmp_path, order):
    ledger = reopen(tmp_path / "curtilage.db")
    ledger.append("retention/a", 0, [event(1)], by=CLERK)
    ledger.close()
    with sqlite3.connect(tmp_path / "curtilage.db") as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(order)
    connection.close()


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "order",
    [
        "UPDATE curtilage.ledger_entries SET kind = 'a.b'",
        "DELETE FROM curtilage.ledger_entries",
        "TRUNCATE curtilage.ledger_entries",
    ],
)
def test_postgresql_refuses_to_change_an_entry(postgresql_server, order):
    address = make_database(postgresql_server)
    ledger = reopen(address)
    ledger.append("retention/a", 0, [event(1)], by=CLERK)
    with psycopg.connect(address) as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute(order)
    assert ledger.count() == 1
    ledger.close()


REFUSED = {
    "no such database": ("postgres", "", "no_such_database", "no such database"),
    "no such user": ("nobody_here", "canary-secret", "postgres", "refused this user|knows no such user"),
}


@pytest.mark.postgresql
@pytest.mark.parametrize("case", REFUSED)
def test_a_server_that_lets_nobody_in_says_why_and_no_secret(postgresql_server, case):
    user, password, database, why = REFUSED[case]
    with pytest.raises(StoreError, match=why) as refused:
        reopen(postgresql_server.url(user, password, database))
    assert "canary-secret" not in str(refused.value)
    assert "nobody_here" not in str(refused.value)


def test_a_server_that_is_not_there_is_told(monkeypatch):
    from curtilage.ledger.stores import postgresql

    monkeypatch.setattr(postgresql, "OPENING_SECONDS", 0.05)
    with pytest.raises(StoreError, match="did not answer"):
        reopen("postgresql://ana:canary-secret@/city?host=/nowhere")


@pytest.mark.postgresql
def test_an_account_without_rights_is_told(postgresql_server):
    address = make_database(postgresql_server)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS only_reader")
        connection.execute("CREATE ROLE only_reader LOGIN PASSWORD 'canary-secret'")
    with pytest.raises(StoreError, match="may not do that"):
        reopen(address.replace("postgres:@", "only_reader:canary-secret@"))


GRANTS = re.search(
    r"```sql\n(.*?)```",
    (Path(__file__).parents[2] / "docs/how-to/keep-the-ledger-in-postgresql.md").read_text("utf-8"),
    re.DOTALL,
)[1]


@pytest.mark.postgresql
def test_the_rights_that_the_recipe_names_are_enough_and_cannot_change_an_entry(postgresql_server):
    address = make_database(postgresql_server)
    reopen(address).close()
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS curtilage_daily")
        owner.execute("CREATE ROLE curtilage_daily LOGIN PASSWORD 'daily'")
        owner.execute(GRANTS)
    daily = address.replace("postgres:@", "curtilage_daily:daily@")
    ledger = reopen(daily)
    (entry,) = ledger.append("retention/a", 0, [event(0, who="Ana")], by=CLERK)
    ledger.destroy_body(entry.bodies[0], by=CLERK, reason="Its time is over.")
    ledger.append("retention/a", 1, [event(number) for number in range(300)], by=CLERK)
    ledger.store.keep("checkpoint/1", b"signed")
    ledger.store.forget("checkpoint/1")
    assert verify_store(ledger.store).faults == ledger.store.inspect() == ()
    ledger.close()
    with psycopg.connect(daily) as thief, pytest.raises(psycopg.errors.InsufficientPrivilege):
        thief.execute("DROP TRIGGER ledger_entries_stay ON curtilage.ledger_entries")


@pytest.mark.postgresql
def test_a_server_that_forgets_commits_is_told_not_to(postgresql_server):
    address = make_database(postgresql_server)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            f"ALTER DATABASE {address.split('/')[3].partition('?')[0]} SET synchronous_commit = off"
        )
    ledger = reopen(address)
    assert ledger.store._ask("SHOW synchronous_commit") == [("on",)]
    ledger.close()


@pytest.mark.parametrize("kind", ["EXCLUSIVE", "IMMEDIATE"])
def test_a_file_that_another_program_keeps_locked_is_told(tmp_path, monkeypatch, kind):
    from curtilage.ledger.stores import sqlite

    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    ledger = reopen(tmp_path / "curtilage.db")
    other = sqlite3.connect(tmp_path / "curtilage.db", isolation_level=None)
    other.execute(f"BEGIN {kind}")
    with pytest.raises(StoreError, match="kept it locked"):
        ledger.append("retention/a", 0, [event(1)], by=CLERK)
    other.execute("ROLLBACK")
    other.close()
    ledger.append("retention/a", 0, [event(1)], by=CLERK)
    assert verify_store(ledger.store).faults == ()
    ledger.close()


def test_what_is_kept_is_found_listed_and_forgotten(ledger):
    store = ledger.store
    for name in ("checkpoint/2", "checkpoint/1", "snapshot/a"):
        store.keep(name, name.encode())
    store.keep("checkpoint/1", b"newer")
    assert store.list_kept("checkpoint/") == ("checkpoint/1", "checkpoint/2")
    assert (store.find_kept("checkpoint/1"), store.find_kept("checkpoint/9")) == (b"newer", None)
    store.forget("checkpoint/1")
    store.forget("checkpoint/1")
    assert store.list_kept() == ("checkpoint/2", "snapshot/a")


def test_bodies_are_listed_page_by_page(ledger):
    refs = [
        ledger.append(f"retention/{number}", 0, [event(number, who="Ana")], by=CLERK)[0].bodies[0]
        for number in range(5)
    ]
    first = ledger.store.list_bodies(limit=3)
    rest = ledger.store.list_bodies(after=first[-1].commitment, limit=3)
    assert [body.commitment for body in (*first, *rest)] == sorted(ref.commitment for ref in refs)


def test_a_damaged_file_is_evidence_and_no_traceback(tmp_path):
    path = tmp_path / "curtilage.db"
    ledger = reopen(path)
    for number in range(20):
        ledger.append("retention/a", 40 * number, [event(each) for each in range(40)], by=CLERK)
    ledger.close()
    whole = bytearray(path.read_bytes())
    whole[4096:] = bytes(len(whole) - 4096)
    path.write_bytes(whole)
    with pytest.raises((EvidenceError, StoreError)):
        list(reopen(path).read_all())
