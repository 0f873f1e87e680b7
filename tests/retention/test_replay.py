"""After a restore, what had been deleted is deleted again, and nothing else."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from curtilage.connectors.disposal.conditions import Compare, OneOf, all_of
from curtilage.connectors.disposal.nouns import Delete, Target
from curtilage.inventory.nouns import Officer
from curtilage.ledger.nouns import Actor
from curtilage.retention.authorise import give_consent
from curtilage.retention.carry_out import carry_out
from curtilage.retention.carrying import Carrying, Pace, Recorder
from curtilage.retention.events import MANIFEST, BatchIntended, read_kind
from curtilage.retention.nouns import Permission, Reason, Scope
from curtilage.retention.replay import (
    NothingToReplayError,
    begin_replay,
    carry_out_replay,
    plan_replay,
    weigh_replay,
)
from curtilage.retention.state import list_states, read_state, record_plan
from curtilage.testing.clock import StoppedClock
from tests.retention.books import RECORDS, open_book, people, put_hold
from tests.retention.plans import ITEM, NOON, plan_of
from tests.retention.test_certify import inventory
from tests.retention.towns import build_town, open_town

TODAY = NOON.date()
DUE = all_of(OneOf("outcome", ("denied",)), Compare("closed_on", "<", NOON.date()))
LINE = replace(
    ITEM,
    target=Target("housing", "applications", DUE, key=("id",), subject="person", along=("notes",)),
    act=Delete(),
    along=(),
    due=4,
    rows=4,
)
PLAN = plan_of(LINE)


@pytest.fixture
def town(tmp_path):
    return build_town(tmp_path)


@pytest.fixture
def ledger():
    return open_book()


def carry(ledger, plan, town, by=RECORDS):
    carrying = Carrying(
        Recorder(ledger, plan.id, by), StoppedClock(), lambda _: open_town(town), lambda: Permission(())
    )
    return carry_out(plan, carrying, declared=inventory(), today=lambda: TODAY, by=by)


def purged(ledger, town, *, agreed=False):
    """Carry the plan out, and put the backup from before back."""
    shutil.copy(town, f"{town}.backup")
    record_plan(ledger, PLAN, by=RECORDS)
    if agreed:
        give_consent(ledger, read_state(ledger, PLAN.id), "records officer", TODAY, by=RECORDS)
    first = carry(ledger, PLAN, town)
    shutil.copy(f"{town}.backup", town)
    return first


def plan_again(ledger, now=NOON):
    return plan_replay(ledger, "housing", city="Smalltown", now=now, today=TODAY, by="rec")


def again(ledger, town):
    _, result = carry_out_replay(
        lambda: plan_again(ledger),
        lambda plan: Carrying(
            Recorder(ledger, plan, RECORDS), StoppedClock(), lambda _: open_town(town), lambda: Permission(())
        ),
        ledger=ledger,
        declared=inventory(),
        today=lambda: TODAY,
        by=RECORDS,
    )
    return result


def ids(town):
    with closing(sqlite3.connect(town)) as database:
        return [row[0] for row in database.execute("SELECT id FROM applications ORDER BY id")]


def change(town, sql):
    with closing(sqlite3.connect(town)) as database, database:
        database.execute(sql)


def test_what_a_backup_brought_back_goes_again(ledger, town):
    purged(ledger, town)
    assert ids(town) == [1, 2, 3, 4, 5, 6, 7, 8]

    result = again(ledger, town)

    assert ids(town) == [1, 4, 6, 7, 8]
    assert (result.rows, result.certificate.replays) == (3, "housing")


def test_its_certificate_names_who_agreed_to_what_went_before(ledger, town):
    purged(ledger, town, agreed=True)

    assert [each.role for each in again(ledger, town).certificate.authorised] == ["records officer"]


def test_a_record_goes_by_its_key_however_it_was_changed_before_the_backup(ledger, town):
    purged(ledger, town)
    change(town, "UPDATE applications SET outcome = 'approved', closed_on = NULL WHERE id = 2")

    again(ledger, town)

    assert ids(town) == [1, 4, 6, 7, 8]


def test_a_record_that_never_went_stays_though_it_would_be_due_now(ledger, town):
    purged(ledger, town)
    change(town, "INSERT INTO applications VALUES (9, 'p-9', '2001-01-01', 'denied', 1, 'x')")

    again(ledger, town)

    assert 9 in ids(town)


def test_a_hold_that_stands_now_is_heeded(ledger, town):
    purged(ledger, town)
    put_hold(ledger, scope=Scope(subjects=people("p-2")))

    again(ledger, town)

    assert ids(town) == [1, 2, 4, 6, 7, 8]


def test_a_hold_on_a_whole_series_keeps_all_that_came_back(ledger, town):
    purged(ledger, town)
    put_hold(ledger, scope=Scope(series=frozenset({"hsg-014"})))

    result = again(ledger, town)

    assert (ids(town), result.rows) == ([1, 2, 3, 4, 5, 6, 7, 8], 0)


def test_a_replay_can_be_done_after_each_restore(ledger, town):
    purged(ledger, town)
    again(ledger, town)
    shutil.copy(f"{town}.backup", town)

    again(ledger, town)

    assert ids(town) == [1, 4, 6, 7, 8]


def test_a_replay_that_was_interrupted_goes_on_under_its_id(ledger, town):
    purged(ledger, town)
    first = plan_again(ledger)
    begin_replay(ledger, first, by=RECORDS)
    second = plan_again(ledger, NOON.replace(hour=15))

    assert second.plan.id == first.plan.id
    assert (first.resumed, second.resumed) == (False, True)


def test_plans_are_listed_without_replays(ledger, town):
    purged(ledger, town)
    again(ledger, town)

    assert [state.plan.id for state in list_states(ledger)] == [PLAN.id]


def test_a_list_that_was_destroyed_is_told(ledger, town):
    purged(ledger, town)
    for entry, _ in read_kind(ledger.read_all(kinds=(BatchIntended.KIND,)), BatchIntended):
        ref = next(each for each in entry.bodies if each.name == MANIFEST)
        ledger.destroy_body(ref, by=Actor("worker", "worker"), reason="backups are gone")

    with pytest.raises(NothingToReplayError, match="lists of 3 records were destroyed"):
        again(ledger, town)


def test_a_system_from_which_nothing_went_has_nothing_to_replay(ledger, town):
    with pytest.raises(NothingToReplayError, match="Nothing was deleted from it"):
        again(ledger, town)


def test_who_agreed_to_none_of_the_lines_may_not_replay(ledger, town):
    purged(ledger, town)
    replay = plan_again(ledger)
    clerk, officer = (Officer(role, role, "", "", None) for role in ("clerk", "records officer"))

    assert not weigh_replay(replay, clerk)
    assert weigh_replay(replay, officer)


def test_a_plan_in_the_middle_ends_with_the_restore(ledger, town):
    """What the system remembers of it is from before the backup, so only a new plan can go on."""
    shutil.copy(town, f"{town}.backup")
    record_plan(ledger, PLAN, by=RECORDS)
    recorder = Recorder(ledger, PLAN.id, RECORDS)
    enough = Permission((Reason("until", "The time is over."),))

    def ask():
        return Permission(()) if recorder.rows + len(recorder.batches(LINE.id)[0]) < 1 else enough

    carrying = Carrying(recorder, StoppedClock(), lambda _: open_town(town), ask, Pace(batch_rows=1))
    carry_out(PLAN, carrying, declared=inventory(), today=lambda: TODAY, by=RECORDS)
    shutil.copy(f"{town}.backup", town)

    again(ledger, town)
    (state,) = list_states(ledger)

    assert (state.stopped, len(ids(town))) == ("restored", 7)


def test_two_replays_of_one_moment_are_two(ledger, town):
    purged(ledger, town)
    again(ledger, town)
    shutil.copy(f"{town}.backup", town)

    again(ledger, town)

    assert ids(town) == [1, 4, 6, 7, 8]
