"""The certificate of a plan is made from what the ledger tells, once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from msgspec import structs

from curtilage.connectors.disposal.conditions import Compare
from curtilage.connectors.disposal.nouns import (
    Aggregate,
    Clear,
    Delete,
    DestroyKey,
    DropPartition,
    Remains,
    RemoveFiles,
    RewriteFile,
    Target,
)
from curtilage.foundation.finding import Spot
from curtilage.foundation.periods import Period
from curtilage.inventory.nouns import (
    Backup,
    City,
    Collection,
    Department,
    Encryption,
    Field,
    Inventory,
    KeyHolder,
    Program,
    System,
)
from curtilage.ledger.record import Record
from curtilage.ledger.stores.memory import MemoryStore
from curtilage.retention.backups import list_remains, purge_lag
from curtilage.retention.certificate import CertificateNotReadableError
from curtilage.retention.certify import Outcome, issue, list_certificates
from curtilage.retention.events import (
    Authorised,
    BatchDone,
    BatchIntended,
    Begun,
    CertificateIssued,
    plan_stream,
    to_event,
)
from curtilage.retention.manifest import join_roots, make_manifest
from curtilage.retention.nouns import Plan, PlanItem
from curtilage.retention.wording import describe_act, say
from tests.retention.papers import CLERK, LINE, NOON, StoppedClock

SPOT = Spot("inventory/systems.yml", 3)
TODAY = NOON.date()
ROOTS = [make_manifest([bytes([number]) * 16]).root for number in range(3)]


def backup(name, keep, verified=None):
    return Backup(f"housing_db.{name}", name, keep, verified, SPOT)


def system(*backups, host="city", sub=()):
    encryption = Encryption(in_transit=True, at_rest=True, fields=())
    return System(
        *("housing_db", "Housing", "housing_db", host, "City", "", sub, ("US-WA",), ("US",)),
        *(KeyHolder.CITY, encryption, "privacy", SPOT, backups),
    )


def inventory(*systems):
    field = Field(
        "housing.aid.form.name",
        (),
        "full_name",
        *[""] * 2,
        None,
        "",
        "",
        (),
        (),
        (),
        "hsg-015",
        None,
        "",
        SPOT,
    )
    collection = Collection("housing.aid.form", "Form", (), (), (), (field,), SPOT)
    program = Program("housing.aid", "Aid", "", (), (collection,), "", SPOT)
    city = City("Rivermark", "America/Los_Angeles", ("en",), (), (), (), SPOT)
    return Inventory(city, (), (Department("housing", "Housing", (program,), SPOT),), systems)


TARGET = Target("housing_db", "rental_requests", Compare("decided_on", "<", date(2016, 11, 24)), ("id",))
ITEM = PlanItem(
    id="hsg-015@housing_db.rental_requests",
    series="hsg-015",
    title="Rental assistance, denied",
    schedule="Rivermark Schedule 2021",
    number="HSG-015",
    authority="Ordinance 2021-7",
    approved=date(2016, 3, 1),
    trigger="decision",
    column="decided_on",
    copy="record",
    target=TARGET,
    act=Delete(),
    along=(),
    due=30,
    rows=25,
    overdue=0,
    held=(),
    oldest=date(2015, 1, 3),
    newest=date(2016, 11, 23),
    signers=("records officer",),
    basis="ef" * 32,
)
PLAN = Plan("01" * 32, "Rivermark", TODAY, NOON, "records", TODAY, TODAY, (ITEM,), ())
OUTCOME = Outcome(ITEM.id, held=5, left=0, asked=NOON, remains=(Remains("dead-tuples", "Dead rows.", TODAY),))


def intended(number, rows=10, root=0, along=()):
    return BatchIntended(PLAN.id, ITEM.id, number, rows, along, 5, ROOTS[root])


def done(number, rows=10, root=0):
    return BatchDone(PLAN.id, ITEM.id, number, rows, ROOTS[root])


DONE = (intended(1, along=(("notes", 4),)), done(1), intended(2, 15, 1), done(2, 15, 1))


def ledger_with(*events):
    record = Record(MemoryStore(), clock=StoppedClock())
    append(record, Authorised(PLAN.id, "records officer", TODAY), Begun(PLAN.id), *events)
    return record


def append(record, *events):
    stream = plan_stream(PLAN.id)
    record.append(stream, len(record.read(stream)), [to_event(each) for each in events], by=CLERK)


def issued(record, **changes):
    known = {"declared": inventory(system(backup("nightly", Period(days=35)))), "today": TODAY, "by": CLERK}
    return issue(record, PLAN, [OUTCOME], **(known | changes))


def test_it_counts_what_the_ledger_says_was_committed():
    (line,) = issued(ledger_with(*DONE)).lines

    assert (line.planned, line.disposed, line.dependants, line.held, line.batches) == (25, 25, 4, 5, 2)
    assert line.commitment == join_roots(ROOTS[:2])


def test_a_batch_that_was_intended_and_not_committed_does_not_count():
    (line,) = issued(ledger_with(*DONE, intended(3, 7, 2))).lines

    assert line.disposed == 25


def test_of_a_batch_that_was_tried_twice_the_last_counts():
    (line,) = issued(ledger_with(intended(1, 9, 2), intended(1, 10, 0), done(1))).lines

    assert (line.disposed, line.commitment) == (10, join_roots(ROOTS[:1]))


def test_it_tells_where_something_remains_and_until_when():
    (line,) = issued(ledger_with(*DONE)).lines

    assert [(each.where, each.until) for each in line.remains] == [
        ("dead-tuples", TODAY),
        ("backup", TODAY + timedelta(days=35)),
    ]


def test_it_names_who_agreed_and_which_department_made_the_records():
    certificate = issued(ledger_with(*DONE))

    assert [(each.officer, each.role) for each in certificate.authorised] == [("records", "records officer")]
    assert (certificate.lines[0].agency, certificate.lines[0].custodian) == ("Housing", "privacy")


def test_it_is_issued_once():
    record = ledger_with(*DONE)

    assert issued(record) == issued(record, by=replace(CLERK, id="other"))
    assert (
        len([each for each in record.read(plan_stream(PLAN.id)) if each.kind == CertificateIssued.KIND]) == 1
    )


def test_it_comes_back_from_the_ledger():
    record = ledger_with(*DONE)
    certificate = issued(record)

    assert list(list_certificates(record.read_all())) == [certificate]


def test_one_with_hundreds_of_lines_in_many_scripts_fits_into_entries():
    items = tuple(replace(ITEM, id=f"{number}", title="Обращения 住房援助 é" * 5) for number in range(300))
    plan = replace(PLAN, items=items)
    outcomes = [replace(OUTCOME, item=each.id) for each in items]
    record = ledger_with()
    certificate = issue(record, plan, outcomes, declared=inventory(), today=TODAY, by=CLERK)

    assert list(list_certificates(record.read_all())) == [certificate]


def test_words_that_are_not_those_of_the_fingerprint_are_refused():
    record = ledger_with(*DONE)
    issued(record)
    entries = [
        structs.replace(
            each, data={**each.data, "text": str(each.data["text"]).replace('"held":5', '"held":0')}
        )
        if each.kind == "retention.certificate-part"
        else each
        for each in record.read_all()
    ]

    with pytest.raises(CertificateNotReadableError, match="not those of its fingerprint"):
        list(list_certificates(entries))


def test_a_certificate_of_nothing_is_not_made():
    with pytest.raises(ValueError, match="at least one line"):
        issue(ledger_with(), PLAN, [], declared=inventory(), today=TODAY, by=CLERK)


def test_its_sentences_say_what_was_held_and_what_was_found():
    says = " ".join(issued(ledger_with(*DONE)).says)

    assert "5 records that were due are covered by a hold" in says
    assert "no record that should be gone was found" in says
    assert "the last of it until 2017-03-29" in says


def test_a_system_without_declared_backups_leaves_the_end_unknown():
    certificate = issued(ledger_with(*DONE), declared=inventory(system()))

    assert "of some places nobody knows until when" in " ".join(certificate.says)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Clear(("ssn", "birth_country")), "set to null: ssn, birth_country"),
        (Aggregate(("year",), "counts.rows"), "counted by year, then rows deleted"),
        (DropPartition("p2010"), "partition p2010 dropped, its records counted and in no list"),
        (RemoveFiles(), "files removed"),
        (RewriteFile(), "file written anew without the records"),
        (DestroyKey("k"), "key k destroyed, under which they were sealed"),
    ],
)
def test_an_act_is_said_in_words(act, words):
    assert describe_act(act) == words


def test_the_purge_lag_is_that_of_the_set_that_is_kept_longest():
    lag = purge_lag(
        system(backup("nightly", Period(days=35)), backup("yearly", Period(months=13))), today=TODAY
    )

    assert (lag.set, lag.gone(TODAY)) == ("housing_db.yearly", date(2018, 3, 22))


@pytest.mark.parametrize("backups", [(), (backup("nightly", None), backup("weekly", Period(days=60)))])
def test_a_lag_that_nobody_stated_is_not_known(backups):
    lag = purge_lag(system(*backups), today=TODAY)

    assert (lag.longest, lag.gone(TODAY)) == (None, None)
    assert lag.unknown


def test_a_vendor_that_confirmed_nothing_is_named():
    said = list(
        list_remains(system(backup("n", Period(days=1)), host="playbook", sub=("cloudshelf",)), today=TODAY)
    )

    assert [each.what for each in said if each.where == "vendor"] == [
        "Copies that playbook made of housing_db.",
        "Copies that cloudshelf made of housing_db.",
    ]


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"disposed": 1, "batches": 1}, ["The record below was", "In the one transaction"]),
        ({"disposed": 9, "batches": 2}, ["The records below were", "In each of 2 transactions"]),
        ({"disposed": 0, "batches": 0}, ["None of the records below was"]),
        ({"held": 1}, ["1 record that was due is covered"]),
        ({"held": 2}, ["2 records that were due are covered"]),
        ({"left": 0}, ["no record that should be gone was found"]),
        ({"left": 1}, ["1 record that should be gone was found"]),
        ({"left": 1234}, ["1,234 records that should be gone were found"]),
        ({"method": describe_act(DropPartition("p2010"))}, ["no list of them was made"]),
    ],
)
def test_what_is_certified_is_said_in_whole_sentences(numbers, words):
    said = " ".join(say([replace(LINE, **numbers)]))

    assert all(each in said for each in words)
    assert ("transaction" in said) == (numbers.get("batches") != 0)
