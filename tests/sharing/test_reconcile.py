"""Where logs and practices part, and what is found of it."""

from datetime import date

import pytest

from curtilage.ledger.nouns import Event
from curtilage.sharing.books import BadLogNameError, check_name, list_logs
from curtilage.sharing.events import LogRead, UnknownSharingEventError
from curtilage.sharing.nouns import Difference
from curtilage.sharing.reconcile import declare, reconcile
from curtilage.sharing.recorded import find, say
from tests.sharing.logs import PRIVACY, TODAY, authority, city, open_book, practice, put


def differences(ledger, declared, today=TODAY):
    return [
        (each.kind, each.what, each.count) for each in reconcile(declared, list_logs(ledger), today=today)
    ]


def test_what_is_declared_and_seen_is_no_difference():
    ledger = open_book()
    put(ledger, "2017-01-31 Northfield IL PD|stolen", "2017-02-01 Beloit WI PD|yearly count")

    assert differences(ledger, city(practice())) == []


def test_a_recipient_and_a_purpose_that_nobody_declares_are_told():
    ledger = open_book()
    put(
        ledger,
        "2017-02-01 Danville IL PD|stolen",
        "2017-02-01 Northfield IL PD|robbery",
        "2017-02-02 Northfield IL PD|",
    )

    assert differences(ledger, city(practice())) == [
        ("recipient", "Danville IL PD", 1),
        ("purpose", "none-given", 1),
        ("purpose", "robbery-or-burglary", 1),
    ]


def test_a_practice_without_purposes_declares_none():
    ledger = open_book()
    put(ledger, "2017-02-01 Northfield IL PD|stolen")

    assert differences(ledger, city(practice(purposes=()))) == [("purpose", "stolen-vehicle", 1)]


def test_a_star_alone_declares_nobody():
    declared = declare([practice(recipients=("*", "**"), purposes=("*",))])

    assert (declared.recipients, declared.purposes) == ((), ())


def test_a_practice_that_names_no_recipients_of_the_log_means_its_own():
    assert declare([practice(recipients=(), recipient="County auditor")]).recipients == ("County auditor",)


def test_what_any_practice_of_the_log_declares_is_declared():
    ledger = open_book()
    put(ledger, "2017-02-01 Northfield IL PD|stolen", "2017-02-01 Madison WI PD|stolen")
    one, other = practice("one", recipients=("Northfield IL PD",)), practice("other", recipients=("* WI PD",))

    assert differences(ledger, city(one, other)) == []


IMMIGRATION = "2017-02-01 Northfield IL PD|Immigration (civil/administrative) -"


def test_an_immigration_purpose_is_told_even_of_a_declared_recipient():
    ledger = open_book()
    put(ledger, IMMIGRATION)

    assert differences(ledger, city(practice())) == [("grave-purpose", "civil-immigration", 1)]


@pytest.mark.parametrize(
    ("authorities", "told"),
    [
        ((authority(),), []),
        ((authority(expires=date(2016, 12, 31)),), [("grave-purpose", "civil-immigration", 1)]),
        ((authority(effective=None),), [("grave-purpose", "civil-immigration", 1)]),
        ((), [("grave-purpose", "civil-immigration", 1)]),
    ],
)
def test_an_immigration_purpose_is_declared_only_on_an_authority_in_force(authorities, told):
    ledger = open_book()
    put(ledger, IMMIGRATION)
    declared = city(practice(purposes=("civil-immigration",)), authorities=authorities)

    assert differences(ledger, declared) == told


def test_what_is_declared_and_not_seen_is_told():
    ledger = open_book()
    put(ledger, "2017-02-01 Northfield IL PD|stolen")

    assert differences(ledger, city(practice(), practice("save", recipients=("DHS SAVE",)))) == [
        ("not-seen", "save", 0)
    ]


def test_a_log_that_was_never_read_or_long_ago_is_told_and_no_more():
    ledger = open_book()
    put(ledger, "2016-12-21 Northfield IL PD|stolen")

    assert differences(ledger, city(practice("save", log="save"))) == [
        ("nobody-declares", "", 1),
        ("not-read", "", 0),
    ]
    assert differences(ledger, city(practice())) == [("not-read", "", 0)]
    assert differences(ledger, city(practice()), today=date(2017, 2, 21)) == []


def test_what_a_city_ended_a_year_ago_is_history():
    ledger = open_book()
    put(ledger, "2016-01-31 Danville IL PD|ice", "2017-02-01 Northfield IL PD|stolen")

    assert differences(ledger, city(practice())) == []


def test_findings_point_at_the_practice_and_say_who_and_when():
    ledger = open_book()
    put(ledger, IMMIGRATION, "2017-02-02 Jane Canary|canary")

    found = list(find(city(practice()), ledger, today=TODAY))

    assert [each.rule.code for each in found] == [
        "sharing.immigration-purpose",
        "sharing.recipient-not-declared",
        "sharing.purpose-not-declared",
    ]
    assert {each.spot.source for each in found} == {"inventory/practices.yml"}
    assert "2017-02, by Northfield IL PD" in found[0].message
    assert "canary" not in repr(found).lower()


def test_a_network_of_hundreds_is_told_in_a_page():
    ledger = open_book()
    put(ledger, *(f"2017-02-01 Agency {number} PD|stolen" for number in range(60)))

    found = [each for each in find(city(practice()), ledger, today=TODAY) if "recipient" in each.rule.code]

    assert len(found) == 21
    assert found[-1].message == "40 further recipients in plates are declared by no practice (40 accesses)."


def test_a_finding_set_aside_opens_again_when_it_grows_tenfold():
    ledger = open_book()
    put(ledger, "2017-02-01 Danville IL PD|stolen")
    [before, *_] = find(city(practice()), ledger, today=TODAY)
    put(ledger, *["2017-02-02 Danville IL PD|stolen"] * 9)

    [after, *_] = find(city(practice()), ledger, today=TODAY)

    assert (before.fingerprint, before.state) == (after.fingerprint, "1;")
    assert after.state == "2;"


def test_an_entry_of_a_later_version_stops_the_comparison():
    ledger = open_book()
    ledger.append("sharing/log-plates", 0, [Event(LogRead.KIND, {"log": "plates"}, version=9)], by=PRIVACY)

    with pytest.raises(UnknownSharingEventError):
        list_logs(ledger)


@pytest.mark.parametrize("name", ["", "Plates", "a b", "-x", "a" * 61, "a/b"])
def test_a_log_has_a_name_that_streams_can_have(name):
    with pytest.raises(BadLogNameError):
        check_name(name)


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (
            Difference("not-seen", "plates", "save"),
            "plates does not show save, which is declared, within a year.",
        ),
        (
            Difference("not-read", "plates", "", practices=("save",)),
            "plates, which save names, was not read.",
        ),
        (
            Difference("not-read", "plates", "", first="2016-12-21", practices=("save",)),
            "plates, which save names, was not read since 2016-12-21.",
        ),
        (
            Difference("nobody-declares", "plates", "", 2, "2017-01", "2017-02"),
            "plates shows 2 accesses, 2017-01 to 2017-02, and no practice names that log.",
        ),
        (
            Difference("recipient", "plates", "(not kept)", 1, "2017-01", "2017-01"),
            "plates shows recipients whose text is no body's name, which no practice declares: 1 access, 2017-01.",
        ),
        (
            Difference("purpose", "plates", "none-given", 2, "2017-01", "2017-01"),
            "plates shows access for which no purpose was given, which no practice declares: 2 accesses, 2017-01.",
        ),
    ],
)
def test_a_difference_is_said_in_a_sentence(difference, said):
    assert say(difference) == said


def test_an_entry_of_another_shape_stops_the_comparison():
    ledger = open_book()
    ledger.append("sharing/log-plates", 0, [Event(LogRead.KIND, {"log": 7})], by=PRIVACY)

    with pytest.raises(UnknownSharingEventError):
        list_logs(ledger)
