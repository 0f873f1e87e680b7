"""The cells of MariaDB, a real one: all of them once, streamed, and none in a message."""

import logging
import threading
import time
from contextlib import closing
from datetime import UTC, datetime

import pymysql
import pytest

from curtilage.cli.assembly import connect, open_database_content
from curtilage.connectors.content.mysql import beneath
from curtilage.connectors.content.ports import ContentLimits, StoppedError
from curtilage.connectors.ports import NoAnswerError, SignInRefusedError

pytestmark = pytest.mark.mariadb

CANARY = "CANARY-7c2d-resident"
CELLS = f"""
CREATE DATABASE cells CHARACTER SET utf8mb4;
USE cells;
CREATE TABLE cells.people (
    id int PRIMARY KEY AUTO_INCREMENT, name varchar(60), code char(3), born date, at timestamp NULL,
    status enum('citizen','lpr'), notes text, doc json, photo varbinary(20), flags set('a','b'), number uuid,
    amount decimal(9,2), yes bit(1), spot point, loud varchar(60) AS (upper(name)) STORED, hid text INVISIBLE,
    written varchar(30)
);
INSERT INTO cells.people (name, code, born, at, status, notes, doc, photo, flags, number, amount, yes, spot, hid, written)
VALUES ('Ana \\'A\\' 🌴', 'US', '1980-02-29', '2017-02-22 12:00:00', 'lpr', 'no tiene papeles', '{{"a": "b"}}', x'ff00',
    'a,b', '00000000-0000-0000-0000-000000000001', 1.5, b'1', POINT(1, 2), 'hidden', '2016-01-31 seen');
INSERT INTO cells.people (name, born, written) VALUES (NULL, NULL, '2031-99-99'), ('{CANARY}', NULL, '2018-02-30T09:00');
CREATE TABLE cells.`Fälle ``x``.y` (`Über.name` text, `a b` varchar(9));
INSERT INTO cells.`Fälle ``x``.y` VALUES ('ü', 'b');
CREATE TABLE cells.empty (note text);
CREATE TABLE cells.many (i bigint unsigned PRIMARY KEY, note varchar(40), pad varchar(400));
INSERT INTO cells.many SELECT seq, concat('note ', seq), repeat('y', 300) FROM seq_1_to_80000;
CREATE TABLE cells.keyless AS SELECT concat('note ', seq) AS note FROM seq_1_to_3000;
CREATE TABLE cells.events (at date NOT NULL, note text) PARTITION BY RANGE (year(at))
    (PARTITION p16 VALUES LESS THAN (2017), PARTITION p17 VALUES LESS THAN (2018));
INSERT INTO cells.events VALUES ('2016-02-01', 'old'), ('2017-02-01', 'new');
CREATE TABLE cells.kept (note text) WITH SYSTEM VERSIONING;
INSERT INTO cells.kept VALUES ('what it was');
UPDATE cells.kept SET note = 'what it is';
CREATE TABLE cells.secret (ssn text);
INSERT INTO cells.secret VALUES ('{CANARY}');
CREATE TABLE cells.partly (open text, closed text);
INSERT INTO cells.partly VALUES ('open', '{CANARY}');
CREATE VIEW cells.plain AS SELECT name FROM cells.people;
CREATE VIEW cells.shown AS SELECT ssn FROM cells.secret;
CREATE VIEW cells.slow AS SELECT concat(note, sleep(0.5)) AS note FROM cells.many;
CREATE TABLE cells.`long` (id int PRIMARY KEY, note longtext, bytes longblob);
INSERT INTO cells.`long` VALUES (1, concat(repeat('é', 150000), 'END'), NULL), (2, 'short', repeat('b', 70000));
CREATE TABLE cells.latin (note text CHARACTER SET latin1);
INSERT INTO cells.latin VALUES ('año');
CREATE USER clerk@localhost IDENTIFIED BY 'clerk-secret';
GRANT REFERENCES ON cells.* TO clerk@localhost;
GRANT SELECT (open) ON cells.partly TO clerk@localhost;
GRANT SHOW VIEW ON cells.plain TO clerk@localhost;
GRANT SHOW VIEW ON cells.shown TO clerk@localhost;
ANALYZE TABLE cells.many
"""
READABLE = "people empty many keyless events kept plain shown slow long latin Fälle`x`.y".split()


@pytest.fixture(scope="module")
def cells(mariadb_server):
    with closing(
        pymysql.connect(unix_socket=str(mariadb_server.socket), user="root", autocommit=True)
    ) as root:
        orders = [order for order in CELLS.split(";\n") if order.strip()]
        granted = [name.replace("Fälle`x`.y", "Fälle ``x``.y") for name in READABLE]
        orders += [f"GRANT SELECT ON cells.`{name}` TO clerk@localhost" for name in granted]
        with root.cursor() as cursor:
            for order in orders:
                cursor.execute(order)
    return mariadb_server


def opened_as(server, user="clerk", password="clerk-secret", **limits):
    return open_database_content(server.url(user, password, "cells"), ContentLimits(**limits))


@pytest.fixture
def content(cells):
    with closing(opened_as(cells)) as content:
        yield content


@pytest.fixture
def root(cells):
    with closing(pymysql.connect(unix_socket=str(cells.socket), user="root", autocommit=True)) as connection:
        yield connection.cursor()


def table(content, name):
    return next(each for each in content.tables() if each.name == name)


def read(content, name, columns=(), wanted=1):
    found = []
    for part in content.parts(table(content, name), wanted=wanted):
        for batch in content.read(part, columns=columns):
            found += batch.to_pylist()
    return found


def test_every_cell_comes_as_text_or_bytes(content):
    assert read(content, "people")[0] == {
        "people.name": "Ana 'A' 🌴",
        "people.code": "US",
        "people.status": "lpr",
        "people.notes": "no tiene papeles",
        "people.doc": '{"a": "b"}',
        "people.photo": b"\xff\0",
        "people.flags": "a,b",
        "people.loud": "ANA 'A' 🌴",
        "people.hid": "hidden",
        "people.written": "2016-01-31 seen",
    }
    assert read(content, "latin") == [{"latin.note": "año"}]


def test_numbers_and_dates_are_read_where_they_are_named(content):
    names = "id born at number amount yes spot".split()
    row = read(content, "people", tuple(f"people.{name}" for name in names))[0]
    assert [row[f"people.{name}"] for name in names] == [
        "1",
        "1980-02-29",
        row["people.at"],
        "00000000-0000-0000-0000-000000000001",
        "1.50",
        "1",
        "POINT(1 2)",
    ]


def test_names_are_those_that_the_shape_gives(cells, content):
    with closing(connect(cells.url("clerk", "clerk-secret", "cells"))) as database:
        known = {(place.name, place.locator) for place in database.shape()}
    named = {(column.name, column.locator) for each in content.tables() for column in each.columns}
    assert named <= known
    assert read(content, "Fälle `x`.y") == [{"Fälle `x`.y.Über.name": "ü", "Fälle `x`.y.a b": "b"}]


def test_where_no_database_is_named_tables_bear_its_name(cells):
    with closing(open_database_content(cells.url(), ContentLimits())) as content:
        assert read(content, "cells.empty") == []
        assert read(content, "cells.latin") == [{"cells.latin.note": "año"}]


def test_an_empty_table_gives_nothing(content):
    assert read(content, "empty") == []
    assert content.sample(table(content, "empty"), rows=10).num_rows == 0


def test_old_rows_of_a_table_that_keeps_them_are_read_too(content):
    notes = {row["kept.note"] for row in read(content, "kept")}
    assert notes == {"what it was", "what it is"}


def test_partitions_are_read_once(content):
    assert sorted(row["events.note"] for row in read(content, "events", wanted=4)) == ["new", "old"]


@pytest.mark.parametrize("wanted", [1, 2, 50])
def test_all_ranges_of_the_key_together_are_the_table(content, wanted):
    rows = read(content, "many", wanted=wanted)
    assert len(rows) == len({row["many.note"] for row in rows}) == 80_000


def test_parts_are_named_by_round_numbers_and_a_table_without_a_key_has_one(cells, content):
    parts = content.parts(table(content, "many"), wanted=3)
    assert parts[0].key == "key:..32768"
    assert [part.key for part in content.parts(table(content, "keyless"), wanted=3)] == ["all"]
    assert len(read(content, "keyless", wanted=3)) == 3000


def test_views_are_read_only_where_they_may_show_something_else(content):
    assert {each.name for each in content.tables()} & {"plain", "shown"} == {"shown"}
    assert read(content, "shown") == [{"shown.ssn": CANARY}]


def test_a_view_that_opens_what_is_sealed_shows_something_else():
    assert beneath("select aes_decrypt(`t`.`a`,'k') AS `a` from `c`.`t`") is None
    assert beneath("select 1 AS `a`") is None
    assert beneath("select `t`.`a` AS `a` from (`c`.`t` join `c`.`u``x` on(1))") == {("c", "t"), ("c", "u`x")}


def test_a_table_that_may_not_be_read_is_told_and_the_others_go_on(content):
    assert not {each.name for each in content.tables()} & {"secret"}
    told = {told.detail.partition(":")[0]: told for told in content.told()}
    assert told["secret"].reason == "no-rights"
    assert "GRANT SELECT ON secret" in told["secret"].detail
    assert "1 of its 2 columns" in told["partly"].detail
    assert read(content, "partly") == [{"partly.open": "open"}]


def test_a_sample_comes_from_all_over_the_table(content):
    batch = content.sample(table(content, "many"), rows=1000)
    numbers = sorted(int(note.removeprefix("note ")) for note in batch["many.note"].to_pylist())
    assert (batch.num_rows, numbers[0]) == (1000, 1)
    assert numbers[-1] > 75_000
    assert content.sample(table(content, "keyless"), rows=10).num_rows == 10


def test_oldest_and_newest_leave_out_what_is_no_day_of_ours(content):
    people = table(content, "people")
    assert content.extremes(people, "people.born") == (datetime(1980, 2, 29, tzinfo=UTC),) * 2
    assert content.extremes(people, "people.written") == (
        datetime(2016, 1, 31, tzinfo=UTC),
        datetime(2018, 2, 28, tzinfo=UTC),
    )
    assert content.extremes(people, "people.name") == (None, None)
    assert content.extremes(people, "people.photo") == (None, None)


def version(server, name):
    with closing(opened_as(server)) as content:
        return content.parts(table(content, name), wanted=1)[0].version


def test_a_version_changes_with_the_table_and_is_not_given_while_it_is_fresh(cells, root):
    root.execute("INSERT INTO cells.empty VALUES ('one')")
    assert version(cells, "empty") == ""
    time.sleep(3.1)
    first = version(cells, "empty")
    assert first
    assert version(cells, "empty") == first
    root.execute("DELETE FROM cells.empty")
    assert version(cells, "empty") == ""
    time.sleep(3.1)
    assert version(cells, "empty") not in {"", first}


def test_long_cells_are_read_in_pieces_that_overlap_and_are_told(cells):
    with closing(opened_as(cells, row_bytes=1)) as content:
        rows = read(content, "long")
        told = [told.detail for told in content.told() if told.reason == "cut"]
    notes = [row["long.note"] for row in rows if row.get("long.note")]
    assert [len(note) for note in notes] == [65_536, 5, 65_536, 20_979]
    assert notes[0] + notes[2][1024:] + notes[3][1024:] == "é" * 150_000 + "END"
    assert [len(row["long.bytes"]) for row in rows if row.get("long.bytes")] == [65_536, 5_488]
    assert [each.partition(":")[0] for each in told] == ["long.note", "long.bytes"]


def test_batches_are_small(cells):
    with closing(opened_as(cells, batch_rows=1000, batch_bytes=50_000)) as content:
        batches = list(content.read(content.parts(table(content, "many"), wanted=1)[0]))
    assert sum(batch.num_rows for batch in batches) == 80_000
    assert max(batch.num_rows for batch in batches) <= 1000


def is_idle(root):
    for _ in range(100):
        root.execute(
            "SELECT count(*) FROM information_schema.processlist WHERE user = 'clerk' AND info LIKE 'SELECT%'"
        )
        if root.fetchone()[0] == 0:
            return True
        time.sleep(0.05)
    return False


def test_reading_can_be_stopped_while_the_server_thinks(cells, root):
    wish = threading.Event()
    with closing(opened_as(cells, stopped=wish.is_set)) as content:
        part = content.parts(table(content, "slow"), wanted=1)[0]
        threading.Timer(0.5, wish.set).start()
        with pytest.raises(StoppedError):
            list(content.read(part))
        assert is_idle(root)


def test_reading_can_be_left_and_taken_up_again(cells, root):
    with closing(opened_as(cells, batch_bytes=100_000)) as content:
        part = content.parts(table(content, "many"), wanted=1)[0]
        for _ in content.read(part):
            break
        assert is_idle(root)
        assert sum(batch.num_rows for batch in content.read(part)) == 80_000


def test_a_question_that_takes_too_long_is_ended_by_the_server(cells):
    with closing(opened_as(cells, seconds=1.0)) as content:
        with pytest.raises(NoAnswerError, match="reading slow took longer"):
            content.sample(table(content, "slow"), rows=10)
        assert len(read(content, "latin")) == 1


def test_a_connection_that_is_killed_in_the_middle_is_told(cells, root):
    with closing(opened_as(cells, batch_bytes=100_000)) as content:
        batches = content.read(content.parts(table(content, "many"), wanted=1)[0])
        next(batches)
        root.execute("SELECT id FROM information_schema.processlist WHERE user = 'clerk'")
        for (number,) in root.fetchall():
            root.execute(f"KILL {number}")
        with pytest.raises(NoAnswerError, match="connection was lost"):
            list(batches)


def test_nobody_waits_for_a_table_that_has_been_looked_at(cells, root, content):
    many = table(content, "many")
    content.sample(many, rows=100)
    content.extremes(many, "many.note")
    assert len(read(content, "latin")) == 1
    assert len(read(content, "many", wanted=2)) == 80_000
    root.execute("SET SESSION lock_wait_timeout = 1")
    root.execute("ALTER TABLE cells.many COMMENT = 'looked at'")
    root.execute("ALTER TABLE cells.latin ADD COLUMN later int")
    root.execute("ALTER TABLE cells.latin DROP COLUMN later")


def test_all_parts_of_one_process_are_of_one_moment(content, root):
    parts = content.parts(table(content, "many"), wanted=3)
    first = sum(batch.num_rows for batch in content.read(parts[0]))
    root.execute("INSERT INTO cells.many VALUES (90000, 'later', '')")
    rest = [
        note for part in parts[1:] for batch in content.read(part) for note in batch["many.note"].to_pylist()
    ]
    root.execute("DELETE FROM cells.many WHERE i = 90000")
    assert first + len(rest) == 80_000
    assert "later" not in rest


def test_nothing_can_be_written_over_either_connection(cells):
    with closing(opened_as(cells, "root", "")) as content:
        read(content, "latin")
        for connection in (content._connection, content._reading):
            with pytest.raises(pymysql.Error, match="READ ONLY"):
                connection.cursor().execute("DELETE FROM cells.people")


def test_a_wrong_password_is_told_without_repeating_it(cells):
    with pytest.raises(SignInRefusedError) as refused:
        opened_as(cells, "clerk", "wrong-secret")
    assert "wrong-secret" not in repr(refused.value) + repr(refused.value.__cause__)


def test_no_cell_and_no_password_reaches_an_error_a_part_or_a_log(cells, root, caplog):
    caplog.set_level(logging.DEBUG)
    root.execute("CREATE OR REPLACE VIEW cells.fails AS SELECT exp(9999) + ssn AS n, ssn FROM cells.secret")
    with closing(opened_as(cells, "root", "")) as content:
        seen = repr([content.parts(each, wanted=2) for each in content.tables()]) + repr(content.tables())
        part = content.parts(table(content, "people"), wanted=1)[0]
        root.execute("RENAME TABLE cells.people TO cells.gone")
        with pytest.raises(NoAnswerError, match="people is not there any more") as failed:
            list(content.read(part))
        root.execute("RENAME TABLE cells.gone TO cells.people")
        seen += str(failed.value) + repr(failed.value.__cause__) + repr(content.told())
    assert CANARY not in seen + caplog.text
    assert "clerk-secret" not in seen + caplog.text
