"""The cells of PostgreSQL, a real one: all of them once, at one moment, and none in a message."""

import logging
import os
import signal
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

import psycopg
import pytest

from curtilage.cli.assembly import connect, open_database_content
from curtilage.connectors.content.copying import explain_reading
from curtilage.connectors.content.ports import ContentLimits, StoppedError
from curtilage.connectors.ports import NoAnswerError, NoRightsError, SignInRefusedError

pytestmark = pytest.mark.postgresql

CANARY = "CANARY-3e0b-resident"
CELLS = f"""
CREATE SCHEMA "Köln.1";
CREATE EXTENSION IF NOT EXISTS plpgsql;
CREATE TYPE status AS ENUM ('citizen', 'lpr');
CREATE TYPE address AS (street text, zip text);
CREATE DOMAIN phone AS text CHECK (VALUE <> '');
CREATE DOMAIN mobile AS phone;
CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, code char(3), born date, at timestamptz,
    status status, tel phone, mobile mobile, notes text[], lives address, doc jsonb, raw json, photo bytea,
    number uuid, ip inet, amount numeric, flags status[], loud text GENERATED ALWAYS AS (upper(name)) STORED, written text
);
INSERT INTO people (name, code, born, at, status, tel, mobile, notes, lives, doc, raw, photo, number, ip, amount, flags, written)
VALUES ('Ana "A" O''Neil', 'US', '1980-02-29', '2017-02-22 12:00+00', 'lpr', '919-555-0100', '919-555-0101',
        ARRAY['no tiene, papeles', NULL], ROW('1 Main St', '27601'), '{{"a": "b"}}', '[1]', '\\xff00',
        '00000000-0000-0000-0000-000000000001', '192.0.2.1', 1.50, ARRAY['lpr'::status], '2016-01-31 seen');
INSERT INTO people (name, born, written) VALUES (NULL, 'infinity', '2031-99-99'), ('{CANARY}', '0044-03-15 BC', '2018-02-30T09:00');
CREATE TABLE "Köln.1"."Fälle ""x"".y" ("Über.name" text, "a b" varchar(9), UPPER text);
INSERT INTO "Köln.1"."Fälle ""x"".y" VALUES ('ü', 'b', 'c');
CREATE TABLE nothing ();
INSERT INTO nothing DEFAULT VALUES;
CREATE TABLE empty (note text);
CREATE TABLE events (at date NOT NULL, note text) PARTITION BY RANGE (at);
CREATE TABLE events_2016 PARTITION OF events FOR VALUES FROM ('2016-01-01') TO ('2017-01-01');
CREATE TABLE events_2017 (note text, gone int, at date NOT NULL);
ALTER TABLE events_2017 DROP COLUMN gone;
ALTER TABLE events ATTACH PARTITION events_2017 FOR VALUES FROM ('2017-01-01') TO ('2018-01-01');
INSERT INTO events SELECT '2016-02-01', 'old ' || i || repeat('x', 900) FROM generate_series(1, 20000) i;
INSERT INTO events SELECT '2017-02-01', 'new ' || i FROM generate_series(1, 500) i;
CREATE TABLE parent (note text);
CREATE TABLE child () INHERITS (parent);
INSERT INTO parent VALUES ('of the parent');
INSERT INTO child VALUES ('of the child');
CREATE TABLE many AS SELECT i, 'note ' || i AS note, repeat('y', 300) AS pad FROM generate_series(1, 80000) i;
CREATE VIEW plain AS SELECT name FROM people;
CREATE FUNCTION opened(text) RETURNS text LANGUAGE sql AS 'SELECT reverse($1)';
CREATE VIEW unsealed AS SELECT opened(name) AS name FROM people;
CREATE MATERIALIZED VIEW totals AS SELECT count(*)::text AS people FROM people;
CREATE MATERIALIZED VIEW later AS SELECT 'x'::text AS x WITH NO DATA;
CREATE TABLE secret (ssn text);
INSERT INTO secret VALUES ('{CANARY}');
CREATE VIEW shown AS SELECT ssn FROM secret;
CREATE TABLE partly (open text, closed text);
INSERT INTO partly VALUES ('open', '{CANARY}');
CREATE TABLE broken (note text);
INSERT INTO broken VALUES ('{CANARY}');
CREATE VIEW fails AS SELECT opened(note)::int::text AS n FROM broken;
CREATE VIEW slow AS SELECT opened(note) || pg_sleep(30)::text AS n FROM broken;
CREATE TABLE long (id int, note text, bytes bytea);
INSERT INTO long VALUES (1, repeat('é', 150000) || 'END', NULL), (2, 'short', convert_to(repeat('b', 70000), 'UTF8'));
ANALYZE;
CREATE ROLE clerk LOGIN PASSWORD 'clerk-secret';
GRANT USAGE ON SCHEMA "Köln.1" TO clerk;
GRANT SELECT ON ALL TABLES IN SCHEMA public, "Köln.1" TO clerk;
REVOKE ALL ON secret, partly, totals FROM clerk;
GRANT SELECT (open) ON partly TO clerk;
CREATE ROLE outsider LOGIN PASSWORD 'outsider-secret';
CREATE ROLE narrow LOGIN PASSWORD 'narrow-secret';
GRANT SELECT ON events TO narrow;
CREATE TABLE wards (ward text);
INSERT INTO wards VALUES ('narrow'), ('wide');
ALTER TABLE wards ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON wards USING (ward = current_user);
GRANT SELECT ON wards TO narrow;
"""


@pytest.fixture(scope="module")
def cells(postgresql_server):
    with psycopg.connect(host=str(postgresql_server.socket), user="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE cells")
    with psycopg.connect(host=str(postgresql_server.socket), user="postgres", dbname="cells") as connection:
        connection.execute(CELLS)
    return postgresql_server


def opened_as(server, user="clerk", password="clerk-secret", moment="", **limits):
    return open_database_content(server.url(user, password, "cells"), ContentLimits(**limits), moment=moment)


@pytest.fixture
def content(cells):
    with closing(opened_as(cells)) as content:
        yield content


@pytest.fixture
def administrator(cells):
    with psycopg.connect(
        host=str(cells.socket), user="postgres", dbname="cells", autocommit=True
    ) as connection:
        yield connection


def table(content, name):
    return next(each for each in content.tables() if each.name == name)


def read(content, name, columns=(), wanted=1):
    found = []
    for part in content.parts(table(content, name), wanted=wanted):
        for batch in content.read(part, columns=columns):
            found += batch.to_pylist()
    return found


def test_every_cell_comes_as_text_or_bytes(content):
    row = read(content, "people")[0]
    assert row == {
        "people.name": 'Ana "A" O\'Neil',
        "people.code": "US ",
        "people.status": "lpr",
        "people.tel": "919-555-0100",
        "people.mobile": "919-555-0101",
        "people.notes": '{"no tiene, papeles",NULL}',
        "people.lives": '("1 Main St",27601)',
        "people.doc": '{"a": "b"}',
        "people.raw": "[1]",
        "people.photo": b"\xff\0",
        "people.flags": "{lpr}",
        "people.loud": 'ANA "A" O\'NEIL',
        "people.written": "2016-01-31 seen",
    }


def test_nothing_is_nothing_and_not_an_empty_text(content):
    assert read(content, "people", ("people.name",))[1] == {"people.name": None}


def test_numbers_and_dates_are_read_where_they_are_named(content):
    columns = ("people.id", "people.born", "people.amount", "people.number", "people.ip", "people.at")
    first = read(content, "people", columns)[0]
    assert list(first.values()) == [
        "1", "1980-02-29", "2017-02-22 12:00:00+00",
        "00000000-0000-0000-0000-000000000001", "192.0.2.1/32", "1.50",
    ]  # fmt: skip


def test_names_are_those_that_the_shape_gives(cells, content):
    with closing(connect(cells.url("clerk", "clerk-secret", "cells"))) as database:
        known = {(place.name, place.locator) for place in database.shape()}
    named = {(column.name, column.locator) for table in content.tables() for column in table.columns}
    assert named <= known
    assert ('Köln.1.Fälle "x".y.Über.name',) * 2 in named


def test_names_with_dots_quotes_and_other_letters_are_read(content):
    name = 'Köln.1.Fälle "x".y'
    assert read(content, name) == [{f"{name}.Über.name": "ü", f"{name}.a b": "b", f"{name}.upper": "c"}]


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_a_table_without_columns_or_rows_gives_nothing(content, name):
    assert read(content, name) == []
    assert content.sample(table(content, name), rows=10).num_rows == 0


def test_rows_of_tables_that_inherit_are_read_once(content):
    assert read(content, "parent") == [{"parent.note": "of the parent"}]
    assert read(content, "child") == [{"child.note": "of the child"}]


def test_partitions_are_read_once_and_under_the_name_of_the_whole(content):
    rows = read(content, "events", wanted=4)
    assert len(rows) == len({row["events.note"] for row in rows}) == 20_500
    assert not [each for each in content.tables() if each.name.startswith("events_")]
    parts = content.parts(table(content, "events"), wanted=4)
    assert len(parts) > 2
    assert abs(sum(part.rows for part in parts) - 20_500) < len(parts)


@pytest.mark.parametrize("wanted", [1, 3, 50])
def test_all_ranges_of_pages_together_are_the_table(content, wanted):
    rows = read(content, "many", wanted=wanted)
    assert len(rows) == len({row["many.note"] for row in rows}) == 80_000


def test_parts_are_the_same_for_the_same_content_and_named_by_their_pages(cells, content):
    parts = content.parts(table(content, "many"), wanted=3)
    with closing(opened_as(cells)) as other:
        assert other.parts(table(other, "many"), wanted=3) == parts
    assert [part.key for part in parts] == ["ctid:0-2048", "ctid:2048-"]


def test_views_are_read_only_where_they_may_show_something_else(content):
    names = {each.name for each in content.tables()}
    assert names & {"plain", "unsealed", "shown"} == {"unsealed", "shown"}
    assert read(content, "unsealed")[2] == {"unsealed.name": CANARY[::-1]}
    assert "later" not in names


def test_a_table_that_may_not_be_read_is_told_and_the_others_go_on(content):
    assert not {each.name for each in content.tables()} & {"secret", "totals"}
    told = {told.detail.partition(":")[0]: told for told in content.told()}
    assert told["secret"].reason == "no-rights"
    assert "GRANT SELECT ON secret" in told["secret"].detail
    assert read(content, "empty") == []


def test_of_a_table_that_may_be_read_in_part_that_part_is_read(content):
    assert read(content, "partly") == [{"partly.open": "open"}]
    assert "1 of its 2 columns" in next(told.detail for told in content.told() if "partly" in told.detail)
    assert [part.version for part in content.parts(table(content, "partly"), wanted=4)] == [""]


def test_where_only_the_whole_may_be_read_it_is_read_instead_of_its_partitions(cells):
    with closing(opened_as(cells, "narrow", "narrow-secret")) as content:
        assert [part.key for part in content.parts(table(content, "events"), wanted=4)] == ["all"]
        assert len(read(content, "events", wanted=4)) == 20_500


def test_of_rows_with_rights_of_their_own_those_are_read_that_may_be(cells):
    with closing(opened_as(cells, "narrow", "narrow-secret")) as content:
        assert read(content, "wards") == [{"wards.ward": "narrow"}]


def test_an_account_without_any_right_is_told_of_every_table(cells):
    with closing(opened_as(cells, "outsider", "outsider-secret")) as content:
        assert content.tables() == ()
        assert len([told for told in content.told() if told.reason == "no-rights"]) > 10


def test_a_sample_comes_from_all_over_the_table(content):
    batch = content.sample(table(content, "many"), rows=1000)
    numbers = sorted(int(note.removeprefix("note ")) for note in batch["many.note"].to_pylist())
    assert 500 <= batch.num_rows <= 1000
    assert numbers[0] < 20_000
    assert numbers[-1] > 60_000
    assert content.sample(table(content, "many"), rows=1000) == batch


@pytest.mark.parametrize("name", ["people", "events", "unsealed", "parent"])
def test_a_sample_of_what_is_small_partitioned_or_a_view_is_taken_too(content, name):
    asked = table(content, name)
    batch = content.sample(asked, rows=100)
    assert 0 < batch.num_rows <= 100
    assert batch.schema.names == [column.name for column in asked.columns if column.textual]


def test_oldest_and_newest_leave_out_what_is_no_day_of_ours(content):
    people = table(content, "people")
    day = datetime(1980, 2, 29, tzinfo=UTC)
    assert content.extremes(people, "people.born") == (day, day)
    assert content.extremes(people, "people.at") == (datetime(2017, 2, 22, 12, tzinfo=UTC),) * 2
    assert content.extremes(people, "people.written") == (
        datetime(2016, 1, 31, tzinfo=UTC),
        datetime(2018, 2, 28, tzinfo=UTC),
    )
    assert content.extremes(people, "people.photo") == (None, None)
    assert content.extremes(people, "people.name") == (None, None)


def versions(server, name="many"):
    with closing(opened_as(server, "postgres", "")) as content:
        return [part.version for part in content.parts(table(content, name), wanted=3)]


def test_versions_change_with_the_rows_of_their_pages_only(cells, administrator):
    before = versions(cells)
    assert all(before)
    assert versions(cells) == before
    administrator.execute("UPDATE many SET note = 'note 1' WHERE i = 1")
    after = versions(cells)
    # The new version of a row is appended: the pages that it left and those that it went to have changed.
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False]
    administrator.execute("INSERT INTO many VALUES (0, 'note 0', '')")
    third = versions(cells)
    assert [old == new for old, new in zip(after, third, strict=True)] == [True, False]
    administrator.execute("DELETE FROM many WHERE i = 0")
    fourth = versions(cells)
    assert [old == new for old, new in zip(third, fourth, strict=True)] == [True, False]


def test_versions_change_with_what_a_table_shows_though_no_row_does(cells, administrator):
    administrator.execute("CREATE TABLE shows AS SELECT 'citizen'::status AS status")
    seen = {versions(cells, "shows")[0]}
    for change in (
        "ALTER TABLE shows ADD COLUMN note text DEFAULT 'added'",
        "ALTER TYPE status RENAME VALUE 'citizen' TO 'native'",
        "ALTER TYPE status RENAME VALUE 'native' TO 'citizen'",
        "VACUUM FULL shows",
    ):
        administrator.execute(change)
        seen.add(versions(cells, "shows")[0])
    assert len(seen) == 5
    administrator.execute("DROP TABLE shows")


def test_what_is_under_way_elsewhere_changes_no_version_until_it_is_done(cells, administrator):
    before = versions(cells, "child")
    with administrator.transaction():
        administrator.execute("INSERT INTO child VALUES ('not yet')")
        assert versions(cells, "child") == before
    assert versions(cells, "child") != before
    administrator.execute("DELETE FROM child WHERE note = 'not yet'")


def test_two_connections_see_one_moment(cells, administrator, content):
    parts = content.parts(table(content, "many"), wanted=3)
    administrator.execute("UPDATE many SET note = 'later ' || i WHERE i % 1000 = 0")
    with closing(opened_as(cells, moment=content.moment)) as other:
        halves = [content.read(parts[0]), other.read(parts[1])]
        notes = [note for half in halves for batch in half for note in batch["many.note"].to_pylist()]
        assert other.moment == content.moment
        assert "own-moment" not in {told.reason for told in other.told()}
    assert len(set(notes)) == len(notes) == 80_000
    assert not [note for note in notes if note.startswith("later")]
    administrator.execute("UPDATE many SET note = 'note ' || i WHERE i % 1000 = 0")


@pytest.mark.parametrize("moment", ["", "'; DROP TABLE people; --"])
def test_who_comes_too_late_reads_at_a_moment_of_its_own_and_says_so(cells, moment):
    with closing(opened_as(cells)) as first:
        moment = moment or first.moment
    with closing(opened_as(cells, moment=moment)) as late:
        assert late.moment not in {"", moment}
        part = late.parts(table(late, "parent"), wanted=1)[0]
        before = set(late.told())
        assert sum(batch.num_rows for batch in late.read(part)) == 1
        assert [told.reason for told in set(late.told()) - before] == ["own-moment"]


def test_long_cells_are_read_in_pieces_that_overlap_and_are_told(cells):
    with closing(opened_as(cells, row_bytes=1)) as content:
        rows = read(content, "long")
        told = [told.detail for told in content.told() if told.reason == "cut"]
    notes = [row["long.note"] for row in rows if row.get("long.note")]
    assert [len(note) for note in notes] == [65_536, 5, 65_536, 65_536, 40_931]
    assert notes[0].encode() + b"".join(note[1024:] for note in notes[2:]) == ("é" * 150_000 + "END").encode()
    assert [len(row["long.bytes"]) for row in rows if row.get("long.bytes")] == [65_536, 5_488]
    assert [each.partition(":")[0] for each in told] == ["long.note", "long.bytes"]


def test_batches_are_small_and_the_pace_is_kept(cells):
    with closing(opened_as(cells, batch_rows=1000, batch_bytes=50_000)) as content:
        part = content.parts(table(content, "many"), wanted=1)[0]
        batches = list(content.read(part))
    assert max(batch.num_rows for batch in batches) <= 1000
    with closing(opened_as(cells, batch_rows=10_000, rows_per_second=200_000)) as content:
        started = time.monotonic()
        assert len(read(content, "many")) == 80_000
        assert time.monotonic() - started >= 0.4


def busy(administrator):
    return administrator.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'curtilage' AND state = 'active'"
    ).fetchone()[0]


def wait_until_idle(administrator):
    for _ in range(100):
        if not busy(administrator):
            return True
        time.sleep(0.05)
    return False


def test_reading_can_be_stopped_while_the_server_thinks(cells, administrator):
    wish = threading.Event()
    with closing(opened_as(cells, stopped=wish.is_set)) as content:
        part = content.parts(table(content, "slow"), wanted=1)[0]
        threading.Timer(0.5, wish.set).start()
        with pytest.raises(StoppedError):
            list(content.read(part))
        assert wait_until_idle(administrator)


def test_ctrl_c_ends_the_question_on_the_server(cells, administrator, content):
    part = content.parts(table(content, "slow"), wanted=1)[0]
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        list(content.read(part))
    assert wait_until_idle(administrator)
    assert len(read(content, "parent")) == 1


def test_reading_can_be_left_and_taken_up_again(content, administrator):
    part = content.parts(table(content, "many"), wanted=1)[0]
    for _ in content.read(part):
        break
    assert wait_until_idle(administrator)
    assert sum(batch.num_rows for batch in content.read(part)) == 80_000


def test_a_question_that_takes_too_long_is_ended_by_the_server(cells):
    with closing(opened_as(cells, seconds=0.5)) as content:
        slow = table(content, "slow")
        with pytest.raises(NoAnswerError, match="reading slow took longer"):
            content.sample(slow, rows=10)
        assert content.extremes(slow, "slow.n") == (None, None)
        assert [told.reason for told in content.told() if "slow" in told.detail] == ["too-slow"]
        assert len(read(content, "parent")) == 1


def test_a_server_that_is_killed_in_the_middle_is_told(cells, administrator):
    with closing(opened_as(cells, batch_bytes=100_000)) as content:
        part = content.parts(table(content, "many"), wanted=1)[0]
        batches = content.read(part)
        next(batches)
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'curtilage'"
        )
        with pytest.raises(NoAnswerError, match="connection was"):
            list(batches)
        with pytest.raises(NoAnswerError):
            content.parts(table(content, "many"), wanted=1)


def test_a_table_that_is_locked_or_gone_costs_only_itself(cells, administrator):
    administrator.execute("CREATE TABLE passing (note text)")
    with closing(opened_as(cells, "postgres", "")) as content:
        part = content.parts(table(content, "passing"), wanted=1)[0]
        with administrator.transaction():
            administrator.execute("LOCK TABLE passing, events_2016")
            with pytest.raises(NoAnswerError, match="passing is locked"):
                list(content.read(part))
            with closing(opened_as(cells, "postgres", "")) as during:
                assert "passing" in {each.name for each in during.tables()}
    administrator.execute("DROP TABLE passing")
    with (
        closing(opened_as(cells, "postgres", "")) as later,
        pytest.raises(NoAnswerError, match="not there any"),
    ):
        list(later.read(part))


def test_nobody_waits_for_a_table_that_has_been_looked_at(cells, administrator, content):
    many = table(content, "many")
    content.sample(many, rows=100)
    content.extremes(many, "many.note")
    assert len(read(content, "many", wanted=2)) == 80_000
    administrator.execute("SET lock_timeout = 1000")
    administrator.execute("ALTER TABLE many ADD COLUMN later int")
    administrator.execute("ALTER TABLE many DROP COLUMN later")
    assert len(read(content, "many", wanted=2)) == 80_000


def test_nothing_can_be_written_over_either_connection(cells):
    with (
        closing(opened_as(cells, "postgres", "")) as content,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        content._connection.execute("DELETE FROM public.people")
    with closing(opened_as(cells, "postgres", "")) as content:
        query = "SELECT current_setting('transaction_read_only') AS c"
        assert [batch.to_pylist() for batch in content._rows.ask(query, what="it", seconds=9)] == [
            [{"c": "on"}]
        ]


def test_a_wrong_password_is_told_without_repeating_it(cells):
    with pytest.raises(SignInRefusedError) as refused:
        opened_as(cells, "clerk", "wrong-secret")
    assert "wrong-secret" not in repr(refused.value) + repr(refused.value.__cause__)


def test_no_cell_and_no_password_reaches_an_error_a_part_or_a_log(cells, caplog):
    caplog.set_level(logging.DEBUG)
    with closing(opened_as(cells)) as content:
        seen = repr([content.parts(each, wanted=2) for each in content.tables()]) + repr(content.tables())
        part = content.parts(table(content, "fails"), wanted=1)[0]
        with pytest.raises(NoAnswerError, match="could not compute fails") as failed:
            list(content.read(part))
        seen += (
            str(failed.value)
            + repr(failed.value.__cause__)
            + str(failed.value.__suppress_context__)
            + repr(content.told())
        )
    assert "fails" in seen
    assert CANARY not in seen + caplog.text
    assert CANARY[::-1] not in seen + caplog.text
    assert "clerk-secret" not in seen + caplog.text


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        ("ERROR: permission denied for table visits", NoRightsError, "GRANT SELECT ON visits"),
        ("canceling statement due to statement timeout", NoAnswerError, "took longer"),
        ("PQgetCopyData() failed: server closed the connection", NoAnswerError, "connection was lost"),
        ('invalid input syntax for type integer: "123-45-6789"', NoAnswerError, "could not compute visits"),
    ],
)
def test_words_of_the_server_become_ours(said, kind, told):
    error = explain_reading("city", "visits", OSError(said))
    assert isinstance(error, kind)
    assert told in str(error)
    assert "123-45" not in str(error)
