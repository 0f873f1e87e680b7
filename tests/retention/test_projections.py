"""State is a fold: with a snapshot, without one, or rebuilt from nothing it is the same, and names nobody."""

from dataclasses import replace
from datetime import date, timedelta

from curtilage.ledger.snapshots import load_state, rebuild
from curtilage.retention.authorise import give_consent
from curtilage.retention.events import BatchDone, Begun, PlanFinished, PlanStopped, plan_stream, to_event
from curtilage.retention.holds import HOLDS, read_holds, release_hold, review_hold
from curtilage.retention.nouns import Scope
from curtilage.retention.state import PLANS, list_states, read_state, record_plan
from curtilage.testing.clock import StoppedClock
from tests.retention.books import COUNSEL, RECORDS, open_book, people, put_hold
from tests.retention.plans import ITEM, plan_of

FIRST, SECOND = plan_of(), plan_of(city="Othertown")


def append(book, plan, *data):
    stream = plan_stream(plan.id)
    book.append(stream, len(book.read(stream)), [to_event(each) for each in data], by=RECORDS)


def half_a_history(clock):
    book = open_book(clock)
    record_plan(book, FIRST, by=RECORDS)
    give_consent(book, read_state(book, FIRST.id), "records officer", date(2017, 4, 1), by=RECORDS)
    put_hold(book, "h-1", Scope(subjects=people("p-1")), subjects=1)
    put_hold(book, "h-2", Scope(series=frozenset({"hsg-014"})))
    append(book, FIRST, Begun(FIRST.id), BatchDone(FIRST.id, ITEM.id, 1, 5, "0" * 64))
    return book


def the_rest(book, clock):
    clock.move(timedelta(days=1))
    record_plan(book, SECOND, by=RECORDS)
    review_hold(book, "h-2", date(2017, 8, 1), by=COUNSEL)
    release_hold(book, "h-1", "Order 17", by=COUNSEL)
    append(book, FIRST, BatchDone(FIRST.id, ITEM.id, 2, 3, "1" * 64), PlanFinished(FIRST.id, 8))
    append(book, SECOND, PlanStopped(SECOND.id, "restored", 0, final=True))


def test_what_a_snapshot_and_the_entries_since_give_is_the_whole_fold():
    clock = StoppedClock()
    book = half_a_history(clock)
    for projection in (HOLDS, PLANS):
        load_state(book, projection, often=1)
    the_rest(book, clock)
    with_snapshots = read_holds(book), list_states(book)

    assert [rebuild(book, projection).is_same for projection in (HOLDS, PLANS)] == [True, True]
    assert (read_holds(book), list_states(book)) == with_snapshots
    assert {state.plan.id: state for state in list_states(book)} == {
        each.id: read_state(book, each.id) for each in (FIRST, SECOND)
    }


def test_holds_that_are_read_at_once_are_those_that_were_read_step_by_step():
    clock = StoppedClock()
    book = half_a_history(clock)
    before = read_holds(book)
    the_rest(book, clock)

    assert read_holds(book, before) == read_holds(book)
    assert [hold.id for hold in read_holds(book).list_standing()] == ["h-2"]


def test_a_snapshot_of_holds_names_nobody():
    book = half_a_history(StoppedClock())
    load_state(book, HOLDS, often=1)
    kept = b"".join(book.store.find_kept(name) for name in book.store.list_kept("snapshot/"))

    assert b"h-1" in kept
    assert next(iter(people("p-1"))).encode() not in kept
    assert read_holds(book).holds[0].scope.subjects == people("p-1")


def test_an_empty_ledger_has_neither():
    book = open_book()

    assert (read_holds(book).holds, list_states(book)) == ((), ())
    assert replace(rebuild(book, PLANS), is_same=None).size == 0
