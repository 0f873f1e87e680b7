"""Who looked on, and whose copies are gone, come to a certificate in one that takes its place; nothing is changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.disposal.nouns import Remains
from curtilage.inventory.nouns import Officer
from curtilage.ledger.errors import StreamMovedError
from curtilage.ledger.nouns import Actor
from curtilage.ledger.record import Record
from curtilage.ledger.stores.memory import MemoryStore
from curtilage.ledger.tree import find_root
from curtilage.retention.attest import (
    Confirmation,
    list_unconfirmed,
    record_confirmation,
    record_witness,
    weigh_confirmation,
    weigh_witness,
)
from curtilage.retention.backups import name_copies
from curtilage.retention.certificate import Signature
from curtilage.retention.certify import list_certificates, record_certificate
from curtilage.retention.events import CopiesGone, Witnessed, plan_stream, read_kind
from curtilage.retention.proving import find_certificate, newest_certificates, prove_certificate
from curtilage.retention.sheet import lay_out_certificate
from curtilage.retention.verify import verify_paper
from tests.retention.papers import CERTIFICATE, CLERK, LINE, NOON, StoppedClock, checkpoint_text

COPIES = Remains("vendor", name_copies("playbook", "housing_db"), None, "No confirmation is recorded.")
OTHERS = Remains("vendor", name_copies("cloudshelf", "housing_db"), None, "No confirmation is recorded.")
ISSUED = replace(
    CERTIFICATE,
    id=f"certificate-{CERTIFICATE.plan[:16]}",
    lines=(replace(LINE, remains=(*LINE.remains, COPIES, OTHERS)),),
)
COUNSEL = Actor("law", "city counsel")
GONE = Confirmation("playbook", "housing_db", "Letter 2017-88", NOON.date(), "ab" * 32)


def officer(of, name):
    return Officer(of, "city counsel", name, "", None)


LAW = officer("law", "B. Reyes")


@pytest.fixture
def ledger():
    record = Record(MemoryStore(), clock=StoppedClock())
    record_certificate(record, ISSUED, 0, by=CLERK)
    return record


def codes(permission):
    return [reason.code for reason in permission.reasons]


def weigh(confirmed, certificate=ISSUED):
    found = weigh_confirmation(certificate, confirmed, today=NOON.date(), zone="America/Los_Angeles")
    return codes(found)


def test_a_witness_stands_in_a_certificate_that_takes_the_place_of_the_first(ledger):
    made = record_witness(ledger, ISSUED, NOON, by=COUNSEL)

    assert made == replace(ISSUED, id=made.id, witnessed=(Signature("law", "city counsel", NOON),))
    assert made.id == f"{ISSUED.id}-2"
    entries = ledger.read(plan_stream(ISSUED.plan))
    assert list(list_certificates(entries)) == [ISSUED, made]
    assert [said.fingerprint for _, said in read_kind(entries, Witnessed)] == [ISSUED.fingerprint]
    assert ("Witnessed by", "law, city counsel, 2017-02-22 12:00:00 UTC") in [
        row for section in lay_out_certificate(made).sections for row in section.rows
    ]


def test_whoever_carried_it_out_is_no_witness_of_it():
    clerk, twin = officer(ISSUED.carried_out.officer, "A. Soto"), officer("front", "a.  soto")

    assert codes(weigh_witness(ISSUED, clerk, (clerk, LAW))) == ["own-work"]
    assert codes(weigh_witness(ISSUED, twin, (clerk, LAW, twin))) == ["own-work"]
    assert weigh_witness(ISSUED, LAW, (clerk, LAW))


def test_nobody_is_a_witness_twice(ledger):
    made = record_witness(ledger, ISSUED, NOON, by=COUNSEL)

    assert codes(weigh_witness(made, LAW, (LAW,))) == ["witnessed"]


def test_a_holders_word_takes_the_place_of_none(ledger):
    made = record_confirmation(ledger, ISSUED, GONE, by=CLERK)

    told = "Copies that playbook made of housing_db are gone, as playbook confirmed (Letter 2017-88)."
    assert made.lines[0].remains == (*LINE.remains, Remains("vendor", told, NOON.date()), OTHERS)
    assert list_unconfirmed(made) == (OTHERS.what,)
    assert weigh(GONE, made) == ["no-such-copies"]
    (said,) = [said for _, said in read_kind(ledger.read(plan_stream(ISSUED.plan)), CopiesGone)]
    assert (said.holder, said.letter) == ("playbook", "ab" * 32)


def test_where_all_confirmed_the_words_tell_until_when(ledger):
    made = record_confirmation(ledger, ISSUED, GONE, by=CLERK)
    last = record_confirmation(ledger, made, replace(GONE, holder="cloudshelf"), by=CLERK)

    assert last.number == 3
    assert any("the last of it until 2017-03-29" in sentence for sentence in last.says)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"holder": "nobody"}, "no-such-copies"),
        ({"system": "other_db"}, "no-such-copies"),
        ({"reference": " "}, "no-reference"),
        ({"day": date(2017, 2, 21)}, "day"),
        ({"day": date(2017, 2, 23)}, "day"),
        ({"letter": "AB" * 32}, "letter"),
    ],
)
def test_what_cannot_be_so_is_refused(changed, code):
    assert weigh(GONE) == []
    assert weigh(replace(GONE, **changed)) == [code]


def test_the_day_is_the_citys_not_that_of_utc():
    late = replace(ISSUED, begun=NOON + timedelta(hours=19))  # 23 February in UTC, the 22nd in Los Angeles

    assert weigh(GONE, late) == []


def test_of_two_at_once_the_second_is_told(ledger):
    record_witness(ledger, ISSUED, NOON, by=COUNSEL)

    with pytest.raises(StreamMovedError):
        record_confirmation(ledger, ISSUED, GONE, by=CLERK)


def test_the_first_id_means_the_newest_and_a_fingerprint_that_very_one(ledger):
    made = record_witness(ledger, ISSUED, NOON, by=COUNSEL)

    assert newest_certificates(ledger) == (made,)
    assert find_certificate(ledger, ISSUED.id) == find_certificate(ledger, ISSUED.plan[:8]) == made
    assert find_certificate(ledger, ISSUED.fingerprint) == ISSUED
    assert find_certificate(ledger, made.id) == made


def test_the_one_that_took_its_place_is_proved_like_any_other(ledger):
    made = record_confirmation(ledger, ISSUED, GONE, by=CLERK)
    note = checkpoint_text(ledger.count(), find_root(ledger.store.hashes, ledger.count())).encode()
    for each in (ISSUED, made):
        assert verify_paper(prove_certificate(ledger, ledger.store, each, note), held=note).holds


@given(st.lists(st.sampled_from(["law", "clerk", "playbook", "cloudshelf"]), unique=True, max_size=4))
def test_in_whatever_order_it_comes_the_end_is_the_same(order):
    record = Record(MemoryStore(), clock=StoppedClock())
    newest = record_certificate(record, ISSUED, 0, by=CLERK)
    for each in order:
        if each in ("law", "clerk"):
            newest = record_witness(record, newest, NOON, by=Actor(each, "officer"))
        else:
            newest = record_confirmation(record, newest, replace(GONE, holder=each), by=CLERK)
    assert newest.number == len(order) + 1
    assert {each.officer for each in newest.witnessed} == {*order} & {"law", "clerk"}
    assert len(list_unconfirmed(newest)) == 2 - len({*order} & {"playbook", "cloudshelf"})
