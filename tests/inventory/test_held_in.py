"""How the records of a series lie in places: what is read, what is refused with a remedy, what a change loosens."""

from textwrap import indent

import pytest

from curtilage.foundation.errors import DeclarationError
from curtilage.foundation.periods import Period
from curtilage.inventory.diff import diff
from curtilage.inventory.nouns import Copy, Disposal, Outcome
from tests.inventory.smalltown import FILES, documents, load

SERIES = "inventory/series/housing.yml"


def with_held_in(text, systems=None):
    """Return the small city whose one series is held as ``text`` says."""
    said = documents()[SERIES].decode() + "    held_in:\n" + indent(text.strip("\n") + "\n", "      ")
    changed = {"inventory/systems.yml": systems.encode()} if systems else {}
    return documents() | {SERIES: said.encode()} | changed


def held(text):
    return load(with_held_in(text)).series[0].held_in


def problems(text):
    with pytest.raises(DeclarationError) as caught:
        load(with_held_in(text))
    return [(problem.code, problem.instead) for problem in caught.value.problems]


def test_a_place_says_all_that_a_plan_needs():
    (place,) = held(
        """
- in: housing_db.cases.applications
  trigger: closed_on
  subject: person
  key: [id, part]
  outcome: {column: outcome, is: [denied, withdrawn]}
  shared_where: {column: may_share, is: ["yes"]}
  copy: convenience
  keep: 30 days
  dispose: delete
  depends: [notes.application]
"""
    )

    assert (place.id, place.series) == ("hsg-014.housing_db.cases.applications", "hsg-014")
    assert (place.system, place.within) == ("housing_db", "cases.applications")
    assert (place.triggers, place.key) == ((("", "closed_on"),), ("id", "part"))
    assert place.outcome == Outcome("outcome", ("denied", "withdrawn"))
    assert place.shared_where == Outcome("may_share", ("yes",))
    assert (place.copy, place.keep, place.dispose) == (Copy.CONVENIENCE, Period(days=30), Disposal.DELETE)


def test_what_is_not_said_is_empty_and_means_nothing_good():
    (place,) = held("- {in: housing_db.visits}")

    assert (place.triggers, place.subject, place.outcome, place.dispose) == ((), "", None, None)
    assert place.copy is Copy.RECORD


def test_several_events_have_a_column_each_in_the_order_of_their_words():
    (place,) = held("- {in: housing_db.visits, trigger: {case closed: closed_on, audit complete: audited}}")

    assert place.triggers == (("audit complete", "audited"), ("case closed", "closed_on"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- {in: housing_db}", "inventory.bad-column"),
        ("- {in: housing_db.}", "inventory.bad-column"),
        ("- {in: housing_db./etc/passwd}", "inventory.bad-column"),
        ("- {in: housing_db.scans/../../keys}", "inventory.bad-column"),
        ("- {trigger: closed_on}", "inventory.missing-key"),
        ("- {in: houses_db.visits}", "inventory.unknown-system"),
        ("- {in: housing_db.visits, dispose: shred}", "inventory.unknown-choice"),
        ("- {in: housing_db.visits, partition: week}", "inventory.unknown-choice"),
        ("- {in: housing_db.visits, keep: a while}", "inventory.bad-length"),
        ("- {in: housing_db.visits, trigger: [a, b]}", "inventory.wrong-type"),
        ("- {in: housing_db.visits, outcome: {column: outcome}}", "inventory.missing-key"),
        ("- {in: housing_db.visits, outcome: {column: outcome, is: []}}", "inventory.missing-key"),
        ("- {in: housing_db.visits}\n- {in: housing_db.visits}", "inventory.duplicate-id"),
        ("- {in: housing_db.visits, subjct: person}", "inventory.unknown-key"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_write(text, code):
    found = problems(text)

    assert [each for each, _ in found] == [code]
    assert all(instead for _, instead in found)


@pytest.mark.parametrize(
    ("before", "after", "attribute"),
    [
        ("- {in: housing_db.visits, dispose: delete}", "- {in: housing_db.visits}", "dispose"),
        ("- {in: housing_db.visits, subject: person}", "- {in: housing_db.visits}", "subject"),
        ("- {in: housing_db.visits, trigger: day}", "- {in: housing_db.visits}", "trigger"),
        ("- {in: housing_db.visits, keep: 30 days}", "- {in: housing_db.visits, keep: 90 days}", "keep"),
        ("- {in: housing_db.visits, clear: [ssn, itin]}", "- {in: housing_db.visits, clear: [ssn]}", "clear"),
        ("- {in: housing_db.visits}\n- {in: housing_db.log}", "- {in: housing_db.visits}", ""),
    ],
)
def test_a_change_that_leaves_less_protection_says_why(before, after, attribute):
    (change,) = diff(load(with_held_in(before)), load(with_held_in(after)))

    assert (change.noun, change.attribute) == ("holding", attribute)
    assert change.loosens


def test_backups_and_a_second_office_are_declared_and_compared():
    systems = FILES["inventory/systems.yml"].replace(
        "key_holder: city",
        "key_holder: city\n    backups: [{set: nightly, keep: 35 days, verified: 2017-02-01}]",
    )
    longer = systems.replace("35 days", "7 years")
    place = "- {in: housing_db.visits}"
    first, second = (load(with_held_in(place, text.replace("        ", ""))) for text in (systems, longer))
    changes = diff(first, second)

    assert first.systems[0].backups[0].keep == Period(days=35)
    assert [(change.id, change.loosens) for change in changes] == [
        ("housing_db.nightly", "copies are kept longer")
    ]
