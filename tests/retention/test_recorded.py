"""What the ledger tells of deletion becomes findings: too long, too early, without a plan, without a look."""

from dataclasses import replace
from datetime import date, timedelta

from curtilage.connectors.disposal.conditions import Compare
from curtilage.retention.authorise import basis_of
from curtilage.retention.events import BatchDone, plan_stream, to_event
from curtilage.retention.holds import release_hold, review_hold
from curtilage.retention.nouns import Ground, HeldBack, Scope, Undecided
from curtilage.retention.recorded import RULES, find
from curtilage.retention.state import record_plan
from curtilage.testing.clock import StoppedClock
from tests.retention.books import COUNSEL, RECORDS, open_book, put_hold
from tests.retention.declared import load, series
from tests.retention.plans import ITEM, NOON, plan_of

LINE = replace(ITEM, due=10, rows=10, overdue=6, held=(), present=40, basis="b" * 64)


def found(book, *declared, today=date(2017, 2, 22), clock=None):
    now = (clock or StoppedClock()).now()
    return sorted(
        (each.rule.code, each.subject) for each in find(load(*declared), book, now=now, today=today)
    )


def book_with(*plans, gone=0, clock=None):
    book = open_book(clock)
    for plan in plans:
        record_plan(book, plan, by=RECORDS)
    if gone:
        stream = plan_stream(plans[0].id)
        done = to_event(BatchDone(plans[0].id, ITEM.id, 1, gone, "0" * 64))
        book.append(stream, len(book.read(stream)), [done], by=RECORDS)
    return book


def plan(line=LINE, *, days=0, undecided=()):
    made = NOON + timedelta(days=days)
    return plan_of(line, undecided=undecided, made=made, day=made.date())


def test_what_is_past_its_limit_is_kept_too_long_until_it_went():
    kept = ("retention.kept-beyond-limit", f"kept {ITEM.id}")

    assert found(book_with(plan())) == [kept]
    assert found(book_with(plan(), gone=5)) == [kept]
    assert found(book_with(plan(), gone=6)) == []


def test_what_a_hold_keeps_is_not_kept_too_long():
    held = replace(LINE, rows=3, held=(HeldBack("h-1", "2017-CV-1", Ground.AUDIT, 7),))

    assert found(book_with(plan(held))) == []


def test_how_many_and_how_old_is_told():
    message = next(find(load(), book_with(plan()), now=NOON, today=NOON.date())).message

    assert "6 records" in message
    assert "2001-05-05" in message


def test_records_without_a_day_are_told_by_the_newest_plan():
    unknown = Undecided("hsg-014", "housing.applications", "no-day", "3 records have no day.", 3)
    quiet = replace(LINE, overdue=0)
    first, second = plan(quiet, undecided=(unknown,)), plan(quiet, days=1)

    assert found(book_with(first)) == [("retention.no-trigger-date", "undated hsg-014 housing.applications")]
    assert found(book_with(first, second)) == []


def test_what_went_by_a_clause_that_was_too_short_went_early():
    declared = series(minimum="Retain 8 years after case closed, then destroy.")
    book = book_with(plan(replace(LINE, overdue=0)), gone=10)

    assert found(book) == []
    assert found(book, declared) == [
        ("retention.destroyed-early", f"early {ITEM.id} {plan(replace(LINE, overdue=0)).id[:12]}")
    ]


def test_what_is_less_than_plans_account_for_went_without_one():
    now = load()
    basis = basis_of(now, now.series[0], now.series[0].held_in[0])
    first = plan(replace(LINE, overdue=0, present=40, basis=basis))
    fewer = plan(replace(LINE, overdue=0, present=32, basis=basis), days=1)
    as_planned = plan(replace(LINE, overdue=0, present=33, basis=basis), days=1)

    assert [code for code, _ in found(book_with(first, fewer, gone=7))] == ["retention.gone-without-a-plan"]
    assert found(book_with(first, as_planned, gone=7)) == []


def test_another_declaration_counts_other_records():
    first, second = (
        plan(replace(LINE, overdue=0)),
        plan(replace(LINE, overdue=0, present=3, basis="c" * 64), days=1),
    )

    assert found(book_with(first, second)) == []


def test_a_hold_that_nobody_looked_at_is_told_until_somebody_does():
    clock = StoppedClock()
    book = open_book(clock)
    put_hold(book, review=date(2017, 3, 1))
    late = date(2017, 3, 2)

    assert found(book, today=date(2017, 3, 1)) == []
    assert found(book, today=late) == [("retention.hold-not-reviewed", "hold h-1")]
    review_hold(book, "h-1", date(2017, 8, 1), by=COUNSEL)
    assert found(book, today=late) == []
    release_hold(book, "h-1", "Order 17", by=COUNSEL)
    assert found(book, today=date(2018, 1, 1)) == []


def test_a_finding_about_a_hold_needs_no_key_and_names_nobody():
    book = open_book()
    put_hold(book, scope=Scope(condition=Compare("name", "=", "CANARY")), review=date(2017, 2, 1))
    told = list(find(load(), book, now=NOON, today=NOON.date()))

    assert len(told) == 1
    assert "CANARY" not in repr(told)


def test_a_city_without_plans_hears_nothing():
    assert found(open_book()) == []


def test_a_series_that_is_gone_is_passed_over():
    assert found(book_with(plan(), gone=1), series(id="other")) == []


def test_every_rule_says_why_and_what_to_do():
    assert all(rule.why and rule.remedy and rule.source for rule in RULES)
