"""Rows go batch by batch, those that are due and no others, in every database alike."""

from datetime import date

import pytest

from curtilage.connectors.disposal.conditions import Any, Compare, HashIn, IsNull, KeyIn, Not, OneOf, all_of
from curtilage.connectors.disposal.nouns import Aggregate, Clear, Delete, TransferThen
from curtilage.connectors.disposal.ports import LockedError, LostClaimError, UnfitTargetError
from tests.connectors.disposal.worlds import DUE, HASHER, Free, due, take_all


def test_what_is_due_goes_and_nothing_else_does(world):
    world.fill(rows=20)
    batches = take_all(world.open(), due(), Delete())
    assert [batch.rows for batch in batches] == [4, 4, 2]
    assert world.ids() == list(range(2, 21, 2))


def test_batches_are_numbered_and_tell_a_hash_for_each_row(world):
    world.fill(rows=8)
    batches = take_all(world.open(), due(), Delete(), limit=3)
    assert [batch.number for batch in batches] == [1, 2]
    keys = [key for batch in batches for key in batch.keys]
    assert sorted(keys) == sorted(HASHER.keys("housing.applications", [(1,), (3,), (5,), (7,)]))


def test_a_day_that_is_missing_or_means_never_is_not_due(world):
    world.fill(rows=8)
    world.run("UPDATE applications SET closed_on = NULL WHERE id = 1")
    world.run("UPDATE applications SET closed_on = '1001-01-01' WHERE id = 3")
    take_all(world.open(), due(), Delete())
    assert world.ids() == [1, 2, 3, 4, 6, 8]


def test_what_is_not_surely_otherwise_stays_under_a_negation_too(world):
    world.fill(rows=6)
    world.run("UPDATE applications SET closed_on = NULL WHERE id = 1")
    target = due(condition=Not(Compare("closed_on", ">=", date(2016, 1, 1))))
    take_all(world.open(), target, Delete())
    assert world.ids() == [1]


def test_answers_are_compared_letter_by_letter(world):
    world.fill(rows=4)
    world.run("UPDATE applications SET outcome = 'Denied' WHERE id = 1")
    world.run("UPDATE applications SET outcome = 'denied ' WHERE id = 2")
    take_all(world.open(), due(), Delete())
    assert world.ids() == [1, 2, 4]


def test_a_number_compared_with_text_is_refused_where_the_database_would_guess(world):
    world.fill(rows=4)
    if world.name == "sqlite":
        assert world.open().count(due(condition=Compare("outcome", "=", 0))) == 0
    else:
        with pytest.raises(UnfitTargetError, match="holds none"):
            world.open().check(due(condition=Compare("outcome", "=", 0)), Delete())


def test_rows_of_a_held_person_stay_and_are_told(world):
    world.fill(rows=8)
    held = HashIn("person", frozenset({HASHER.subject("person-3")}))
    batches = take_all(world.open(), due(), Delete(), limit=10, guard=Free(held))
    assert world.ids() == [2, 3, 4, 6, 8]
    assert [(batch.rows, batch.spared, batch.hanging) for batch in batches] == [(3, 1, 0)]


def test_a_row_without_a_person_stays_under_a_hold_on_people(world):
    world.fill(rows=4)
    world.run("UPDATE applications SET person = NULL WHERE id = 1")
    held = HashIn("person", frozenset({HASHER.subject("person-99")}))
    take_all(world.open(), due(), Delete(), guard=Free(held))
    assert world.ids() == [1, 2, 4]


def test_a_hold_of_a_condition_and_people_spares_only_where_both_meet(world):
    world.fill(rows=8)
    people = HashIn("person", frozenset({HASHER.subject("person-3"), HASHER.subject("person-5")}))
    held = Any((all_of(people, Compare("id", "<", 4)), Compare("id", "=", 7)))
    take_all(world.open(), due(), Delete(), guard=Free(held))
    assert world.ids() == [2, 3, 4, 6, 7, 8]


def test_a_batch_that_is_not_permitted_leaves_everything_as_it_was(world):
    world.fill(rows=8)
    disposer = world.open()
    disposer.claim("line-1")

    def refuse(batch):
        raise RuntimeError("a hold came")

    with pytest.raises(RuntimeError, match="a hold came"):
        disposer.do_batch("line-1", due(), Delete(), limit=4, guard=Free(permit=refuse))
    assert len(world.ids()) == 8
    assert world.open().claim("line-1").number == 0


def test_who_was_taken_over_from_commits_nothing_any_more(world):
    world.fill(rows=8)
    first, second = world.open(), world.open()
    first.claim("line-1")
    first.do_batch("line-1", due(), Delete(), limit=2, guard=Free())
    assert second.claim("line-1").number == 1
    with pytest.raises(LostClaimError):
        first.do_batch("line-1", due(), Delete(), limit=2, guard=Free())
    assert world.ids() == [2, 4, 5, 6, 7, 8]


def test_the_mark_tells_the_last_batch_that_stands(world):
    world.fill(rows=8)
    disposer = world.open()
    assert disposer.claim("line-1").number == 0
    disposer.do_batch("line-1", due(), Delete(), limit=3, guard=Free())
    mark = world.open().claim("line-1")
    assert (mark.number, mark.rows) == (1, 3)


def test_marks_are_forgotten_and_their_table_with_the_last(world):
    world.fill(rows=4)
    disposer = world.open()
    disposer.claim("line-1")
    disposer.claim("line-2")
    disposer.forget(["line-1"])
    assert world.one("SELECT count(*) FROM curtilage_marks") == 1
    disposer.forget(["line-2"])
    with pytest.raises(Exception, match="curtilage_marks"):
        world.run("SELECT * FROM curtilage_marks")


def test_columns_are_cleared_and_rows_stay(world):
    world.fill(rows=8)
    batches = take_all(world.open(), due(), Clear(("ssn", "note")))
    assert sum(batch.rows for batch in batches) == 4
    assert world.one("SELECT count(*) FROM applications WHERE ssn IS NULL AND note IS NULL") == 4
    assert world.one("SELECT count(*) FROM applications") == 8


def test_a_column_that_must_not_be_null_is_not_cleared(world):
    world.fill(rows=2)
    with pytest.raises(UnfitTargetError, match="cannot be cleared"):
        world.open().check(due(), Clear(("id",)))


def test_rows_are_counted_into_statistics_before_they_go(world):
    world.fill(rows=20)
    world.run("UPDATE applications SET note = NULL WHERE id > 10")
    world.run("CREATE TABLE figures (note varchar(200), outcome varchar(20), cases integer)")
    before = world.one("SELECT count(*) FROM applications")
    take_all(world.open(), due(), Aggregate(("note", "outcome"), "figures.cases"), limit=3)
    assert world.one("SELECT count(*) FROM figures") == 2
    assert world.one("SELECT sum(cases) FROM figures") + len(world.ids()) == before


class Box:
    """An archive in memory."""

    def __init__(self):
        self.taken = {}

    def take(self, item, number, rows):
        self.taken[item, number] = rows


def test_an_archive_has_whole_rows_before_they_go(world):
    world.fill(rows=4, notes=4)
    box = Box()
    take_all(world.open(archives={"city": box}), due(along=("notes",)), TransferThen(Delete(), "city"))
    ((applications, notes),) = box.taken.values()
    assert applications[0] == "applications"
    assert [row[0] for row in applications[2]] == [1, 3]
    assert notes[0] == "notes"
    assert sorted(row[2] for row in notes[2]) == ["NOTE-1", "NOTE-3"]
    assert world.ids() == [2, 4]


def test_a_table_without_a_key_is_refused(world):
    world.run("CREATE TABLE loose (closed_on date, outcome varchar(20))")
    with pytest.raises(UnfitTargetError, match="no primary key"):
        world.open().check(due(table="loose"), Delete())


def test_a_key_of_two_columns_is_walked_in_order(world):
    world.run(
        "CREATE TABLE visits (house integer, day integer, outcome varchar(20), PRIMARY KEY (house, day))"
    )
    for house in range(3):
        for day in range(4):
            world.run(f"INSERT INTO visits VALUES ({house}, {day}, '{'denied' if day % 2 else 'open'}')")
    target = due(table="visits", condition=OneOf("outcome", ("denied",)))
    held = all_of(Compare("house", "=", 1), Compare("day", "=", 3))
    batches = take_all(world.open(), target, Delete(), limit=2, guard=Free(held, table="visits"))
    assert [batch.rows for batch in batches] == [2, 2, 1]
    assert world.run("SELECT house, day FROM visits WHERE outcome = 'denied'") == [(1, 3)]


def test_a_column_that_vanished_refuses_and_nothing_goes(world):
    world.fill(rows=4)
    with pytest.raises(UnfitTargetError, match="there is no column decided"):
        world.open().check(due(condition=IsNull("decided")), Delete())
    assert len(world.ids()) == 4


def test_a_table_that_vanished_refuses(world):
    with pytest.raises(UnfitTargetError, match="there is no table"):
        world.open().check(due(table="gone"), Delete())


def test_the_digest_of_what_is_due_is_that_of_what_went_and_what_stayed(world):
    world.fill(rows=10)
    disposer = world.open()
    planned = disposer.keys_digest(due())
    batches = take_all(disposer, due(), Delete(), guard=Free(Compare("id", "=", 5)))
    left = disposer.keys_digest(due())
    gone = sum(int.from_bytes(key, "big") for batch in batches for key in batch.keys)
    assert planned == (5, f"{gone + int(left[1], 16):064x}")


def test_rows_are_found_again_by_their_keyed_hashes(world):
    world.fill(rows=6)
    keys = HASHER.keys("housing.applications", [(2,), (5,)])
    target = due(condition=KeyIn(frozenset(key.hex() for key in keys)))
    assert world.open().count(target) == 2
    take_all(world.open(), target, Delete())
    assert world.ids() == [1, 3, 4, 6]


def test_one_scan_counts_by_several_conditions_and_tells_the_ends(world):
    world.fill(rows=10)
    world.run("UPDATE applications SET closed_on = NULL WHERE id = 1")
    measure = world.open().measure(due(), (DUE, Not(DUE), None), column="closed_on")
    assert measure.counts == (4, 5, 10)
    assert (measure.oldest, measure.newest) == (date(2015, 4, 1), date(2015, 10, 1))


def test_a_row_that_somebody_else_has_locked_is_waited_for_no_longer_than_the_limit(world):
    world.fill(rows=6)
    disposer = world.open(lock_seconds=1)
    disposer.claim("line-1")
    world.run("BEGIN IMMEDIATE" if world.name == "sqlite" else "BEGIN")
    world.run("UPDATE applications SET note = 'kept' WHERE id = 3")
    with pytest.raises(LockedError):
        disposer.do_batch("line-1", due(), Delete(), limit=4, guard=Free())
    world.run("COMMIT")
    assert disposer.do_batch("line-1", due(), Delete(), limit=4, guard=Free()).rows == 3


@pytest.mark.parametrize("column", ["text", "date", "timestamp", "datetime"])
def test_days_mean_the_same_whatever_type_they_lie_in(world, column):
    if column == "datetime" and world.name == "postgresql":
        column = "timestamp with time zone"
    world.run(
        f"CREATE TABLE cases (id integer PRIMARY KEY, day {column.replace('text', 'varchar(40)')} NULL)"
    )
    days = ["2015-12-31", "2016-01-01", "2016-01-02", None]
    for number, day in enumerate(days):
        world.run(f"INSERT INTO cases VALUES ({number}, {world.mark})", day)
    counts = {
        sign: world.open().count(due(table="cases", condition=Compare("day", sign, date(2016, 1, 1))))
        for sign in ("<", "<=", ">", ">=", "=", "<>")
    }
    assert counts == {"<": 1, "<=": 2, ">": 1, ">=": 2, "=": 1, "<>": 2}


def test_a_text_that_is_no_day_of_the_calendar_is_unknown_and_stays(world):
    wrong = "2015-02-29 2015-04-31 2015-13-01 2015-00-10 2015-01-00 2015-01-32 1900-02-29 1799-12-31 2200-01-01".split()
    wrong += ["2015-1-1", "01/02/2015", "2015-01-01x", "20150101", ""]
    right = ["2015-01-31", "2012-02-29", "2000-02-29", "2015-12-31T23:59:59", "1800-01-01 00:00"]
    world.run("CREATE TABLE cases (id integer PRIMARY KEY, day varchar(40))")
    for number, day in enumerate(right + wrong):
        world.run(f"INSERT INTO cases VALUES ({number}, {world.mark})", day)
    before = due(table="cases", condition=Compare("day", "<", date(2016, 1, 1)))
    assert world.open().count(before) == len(right)
    assert world.open().count(due(table="cases", condition=Not(before.condition))) == 0
