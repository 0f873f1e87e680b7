"""Cells are looked into by real processes, part by part; what is done is kept and not done again."""

import os
import sqlite3
from contextlib import closing

import pytest

from curtilage.connectors.content.ports import ContentLimits
from curtilage.survey.values.engine import PoolEngine, is_large, share_pace
from curtilage.survey.values.kept import FILE, FOLDER, KeptParts
from curtilage.survey.values.nouns import Named, Task, Where
from curtilage.survey.values.plan import PART_BYTES
from curtilage.survey.values.run import Inspection, Look

TOOLS = "tests.survey.contents:tools"
CANARY = "canary-7391"


def write(folder, name="people.csv", *rows, header="phone,note"):
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n")
    return look(path)


def look(path, *named):
    return Look(Where(path.name, os.fsencode(path)), named)


def inspect(*looks, jobs=1, rows=0, **more):
    engine = PoolEngine(TOOLS, limits=ContentLimits(), memory_bytes=2**31, jobs=jobs)
    with engine:
        inspection = Inspection(looks, engine, rows, **more)
        inspection.run()
    return inspection


def hits(inspection, table=0):
    return inspection.tables[table].counted.hits


PEOPLE = ("555-0100,ok", "A123456789,is undocumented", "555-0101,", "555-0102,A123456789", "555-0103,x")


def test_every_cell_is_looked_at_and_counted_by_column_rule_and_category(tmp_path):
    done = inspect(write(tmp_path, "people.csv", *PEOPLE))
    [table] = done.tables

    assert (table.counted.rows, table.counted.seen) == (5, {"phone": 5, "note": 4})
    assert hits(done) == {
        "phone": {"a_number": 1, "=alien_number": 1},
        "note": {"undocumented": 1, "=immigration_status": 1, "a_number": 1, "=alien_number": 1},
    }
    assert (done.parts, done.done, done.carried, table.sampled) == (2, 2, 0, False)


def test_two_rules_of_one_category_in_one_cell_are_one_cell_of_it(tmp_path):
    done = inspect(write(tmp_path, "a.csv", "A123456789 alien number 987654321,", "A123456789,"))

    assert hits(done) == {"phone": {"a_number": 2, "bare_number": 1, "=alien_number": 2}}


def test_the_counts_do_not_depend_on_the_number_of_processes(tmp_path):
    looks = [write(tmp_path, f"f{number}.csv", *PEOPLE * (number + 1)) for number in range(4)]
    one, three = inspect(*looks), inspect(*looks, jobs=3)

    assert [(t.look, t.counted) for t in one.tables] == [(t.look, t.counted) for t in three.tables]


def test_what_a_column_is_called_speaks_for_its_cells(tmp_path):
    path = write(tmp_path, "a.csv", "123456789,").where.path
    named = Named("row:1 col:1", "phone", ("alien_number",))

    assert hits(inspect(look(tmp_path / "a.csv"))) == {}
    assert hits(inspect(Look(Where("a.csv", path), (named,)))) == {
        "phone": {"bare_number": 1, "=alien_number": 1}
    }


def test_a_plan_says_what_is_done_with_each_column_and_why(tmp_path):
    rows = [f"{number % 3},note {number}" for number in range(400)]
    [table] = inspect(write(tmp_path, "a.csv", *rows)).tables

    assert str(table.plan).splitlines() == [
        "table: 400 rows in 134 parts",
        "  phone: each distinct cell once (3 different among 400)",
        "  note: every cell (400 different among 400)",
    ]


def test_typed_columns_are_passed_over_and_each_table_is_one(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as db, db:
        db.execute("CREATE TABLE cases (id INTEGER, note TEXT)")
        db.execute("CREATE TABLE people (phone TEXT)")
        db.executemany("INSERT INTO cases VALUES (?, ?)", [(1, "undocumented"), (2, None)])
    done = inspect(look(tmp_path / "a.db"))

    assert [table.plan.table for table in done.tables] == ["cases", "people"]
    assert "cases.id: passed over (its type is INTEGER)" in str(done.tables[0].plan)
    assert done.tables[0].counted.seen == {"cases.note": 1}


def test_a_table_that_may_not_be_read_is_told_and_the_others_are_looked_into(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as db, db:
        db.execute("CREATE TABLE secret (note TEXT)")
        db.execute("CREATE TABLE people (note TEXT)")
        db.execute("INSERT INTO people VALUES ('undocumented')")
    done = inspect(look(tmp_path / "a.db"))

    assert [table.plan.table for table in done.tables] == ["people"]
    assert [(told.source, told.reason) for told in done.told] == [("a.db", "no-rights")]
    assert "secret" in done.told[0].detail


def test_a_source_that_cannot_be_opened_is_told_and_the_others_are_looked_into(tmp_path):
    done = inspect(look(tmp_path / "gone.csv"), write(tmp_path, "a.csv", *PEOPLE))

    assert [(told.source, told.reason) for told in done.told] == [("gone.csv", "unreadable")]
    assert done.tables[0].counted.rows == 5


def test_a_part_that_ended_its_worker_once_is_counted_all_the_same(tmp_path):
    done = inspect(write(tmp_path, "a.csv", *PEOPLE[:3], "read:crash-once,undocumented"))

    assert (done.told, done.tables[0].counted.rows, done.tables[0].sampled) == ([], 4, False)


@pytest.mark.parametrize(("verb", "reason"), [("crash", "crashed"), ("fail", "unreadable")])
def test_a_part_that_cannot_be_read_costs_itself_and_the_table_is_not_whole(tmp_path, verb, reason):
    rows = [*["555,ok"] * 6, f"read:{verb},{CANARY}", "555,undocumented"]
    done = inspect(write(tmp_path, "a.csv", *rows), jobs=2)
    [table] = done.tables

    assert [(told.source, told.reason) for told in done.told] == [("a.csv", reason)]
    assert CANARY not in repr(done)
    assert (table.sampled, table.version, table.counted.rows) == (True, "", 6)


def test_a_source_that_ends_its_worker_while_it_is_planned_costs_itself(tmp_path):
    bad = write(tmp_path, "bad.csv", header="plan:crash,note")
    done = inspect(bad, write(tmp_path, "a.csv", *PEOPLE))

    assert [(told.source, told.reason) for told in done.told] == [("bad.csv", "crashed")]
    assert [table.look.where.source for table in done.tables] == ["a.csv"]


def test_a_sample_reads_some_rows_and_says_so(tmp_path):
    done = inspect(write(tmp_path, "a.csv", *["555,undocumented"] * 50), rows=10)
    [table] = done.tables

    assert (table.counted.rows, table.sampled, done.parts) == (10, True, 0)
    assert hits(done)["note"]["undocumented"] == 10
    assert (table.extent().rows, table.extent().sampled) == (50, True)


def test_the_oldest_and_newest_day_of_a_trigger_are_told(tmp_path):
    path = tmp_path / "a.csv"
    write(tmp_path, "a.csv", "555,2004-02-29", "555,2016-01-01")
    done = inspect(look(path, Named("row:1 col:2", "note", is_trigger=True)))
    [age] = done.tables[0].extent().ages

    assert (age.column, str(age.oldest), str(age.newest)) == ("note", "2004-02-29", "2016-01-01")


def read_parts(folder):
    log = folder / "read.log"
    lines = log.read_text().split("\n")[:-1]
    log.write_text("")
    return sorted(lines)


@pytest.fixture
def logged(tmp_path):
    (tmp_path / "read.log").touch()
    return tmp_path


def keeping(folder, *looks, **more):
    with KeptParts(folder) as kept:
        done = inspect(*looks, kept=kept, **more)
        kept.tidy(done.list_parts(), done.list_sources())
    return done


def test_what_has_not_changed_is_not_read_again_and_counts_the_same(logged):
    people = write(logged, "people.csv", *PEOPLE)
    first = keeping(logged, people)
    assert read_parts(logged) == ["people.csv rows:0-3", "people.csv rows:3-6"]
    again = keeping(logged, people)

    assert read_parts(logged) == []
    assert again.tables[0].counted == first.tables[0].counted
    assert (again.parts, again.done, again.carried) == (2, 2, 2)
    assert again.tables[0].version == first.tables[0].version != ""


def test_what_has_changed_is_read_again(logged):
    people, other = write(logged, "people.csv", *PEOPLE), write(logged, "other.csv", *PEOPLE)
    keeping(logged, people, other)
    read_parts(logged)
    write(logged, "people.csv", *PEOPLE[:3])
    again = keeping(logged, people, other)

    assert read_parts(logged) == ["people.csv rows:0-3"]
    assert (again.parts, again.carried, again.tables[0].counted.rows) == (3, 2, 3)


def test_a_column_that_is_recognised_otherwise_is_read_again(logged):
    people = write(logged, "people.csv", "123456789,")
    keeping(logged, people)
    read_parts(logged)
    named = Named("row:1 col:1", "phone", ("alien_number",))
    again = keeping(logged, Look(people.where, (named,)))

    assert read_parts(logged) == ["people.csv rows:0-3"]
    assert hits(again) == {"phone": {"bare_number": 1, "=alien_number": 1}}


def test_a_source_that_cannot_tell_its_version_is_always_read(logged):
    people = write(logged, "unversioned.csv", *PEOPLE)
    keeping(logged, people)
    read_parts(logged)

    assert (keeping(logged, people).carried, len(read_parts(logged))) == (0, 2)


def test_what_is_gone_is_forgotten_and_what_was_silent_is_not(logged):
    looks = [write(logged, name, *PEOPLE) for name in ("a.csv", "b.csv")]
    keeping(logged, *looks)
    write(logged, "a.csv", *PEOPLE[:3])
    keeping(logged, looks[0], look(logged / "b-is-silent.csv"))
    kept = (logged / FOLDER / FILE).read_text().splitlines()

    assert len(kept) == 3
    assert [line.count('"source":"b.csv"') for line in kept] == [0, 1, 1] or sum(
        "b.csv" in x for x in kept
    ) == 2


def test_nobody_else_may_read_what_is_kept_and_it_holds_no_cell(logged):
    keeping(logged, write(logged, "people.csv", f"A123456789,{CANARY} is undocumented"))
    path = logged / FOLDER / FILE

    assert (path.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == (0, 0)
    assert "123456789" not in path.read_text()
    assert CANARY not in path.read_text()


@pytest.mark.parametrize("torn", ["", "{", '{"schema":9}', '{"schema":1,"source":', "\udcff"])
def test_what_a_crash_tore_is_left_out_and_counted_again(logged, torn):
    people = write(logged, "people.csv", *PEOPLE)
    keeping(logged, people)
    path = logged / FOLDER / FILE
    lines = path.read_bytes().splitlines()
    path.write_bytes(lines[0] + b"\n" + torn.encode("utf-8", "surrogateescape"))
    read_parts(logged)
    again = keeping(logged, people)

    assert (again.carried, len(read_parts(logged))) == (1, 1)
    assert again.tables[0].counted.rows == 5


def test_the_pace_is_shared_by_the_workers():
    shared = share_pace(ContentLimits(rows_per_second=1000, bytes_per_second=99), 4)

    assert (shared.rows_per_second, shared.bytes_per_second, shared.batch_rows) == (250, 25, 1250)
    assert share_pace(ContentLimits(), 4) == ContentLimits()


def test_a_large_source_is_known_before_it_is_planned(tmp_path):
    small, large = (Where(name, os.fsencode(tmp_path / name)) for name in ("small.csv", "large.csv"))
    (tmp_path / "small.csv").write_text("a")
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(PART_BYTES)

    assert [is_large(Task(where)) for where in (small, large, Where("db", url="sqlite:db"))] == [
        False,
        True,
        True,
    ]
    assert not is_large(Task(large, rows=100))
    assert not is_large(Task(Where("gone", os.fsencode(tmp_path / "gone"))))
