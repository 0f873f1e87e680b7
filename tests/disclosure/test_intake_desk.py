"""A desk's minute: the script, who is called, and what is recorded of somebody who asks."""

import re
from dataclasses import replace

import pytest

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import UndeclaredSeriesError, act, open_body
from curtilage.disclosure.case.nouns import CHANNELS, SEEN
from curtilage.disclosure.intake.front import (
    Arrival,
    BadDeskError,
    UnknownDepartmentError,
    add,
    add_details,
    attach_paper,
    find_person,
    receive,
)
from curtilage.disclosure.intake.paper import TEXT, unpack_paper
from curtilage.disclosure.intake.script import list_calls, load_scripts, make_script, say_script
from curtilage.disclosure.policy.card import NoCardError, load_cards
from curtilage.inventory.nouns import City, Department, Inventory, Officer
from tests.disclosure.casework import CITY, KEPT, LAW, OFFICERS, SPOT, make_desk

ADVICE = re.compile(
    r"\b(hide them|warn them|refuse to obey|resist|obstruct|citizens?|delete it)\b", re.IGNORECASE
)
HOUSING = Inventory(CITY, departments=(Department("housing", "Housing", (), SPOT),), series=(KEPT,))
AT_COUNTER = Arrival("counter", "housing", "agency")


def person(name, role, contact):
    return Officer(name, role, name, contact, SPOT)


def script(channel="counter", paper="agency", lang="en", **more):
    return make_script(channel, paper, lang=lang, calls=more.pop("calls", ("counsel: 555-0101",)), **more)


@pytest.mark.parametrize("lang", load_cards())
@pytest.mark.parametrize("paper", SEEN)
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_and_paper_has_a_script_in_every_language(channel, paper, lang):
    said = "\n".join(say_script(script(channel, paper, lang, case="abcdefgh", who="desk")))

    assert "555-0101" in said
    assert "abcdefgh" in said
    assert not ADVICE.search(said)


@pytest.mark.parametrize("lang", load_scripts().languages)
def test_a_language_of_the_scripts_has_a_line_for_every_channel_and_every_paper(lang):
    words = load_scripts().languages[lang]

    assert set(words.first) == set(CHANNELS)
    assert set(words.paper) == set(SEEN)
    assert all(words.first.values())
    assert all(words.paper.values())


def test_a_script_says_that_nothing_is_confirmed_or_denied():
    assert "neither confirm nor deny" in " ".join(say_script(script()))


def test_a_script_is_named_as_the_ledger_keeps_it():
    named = script("phone", "none", "es", danger=True).id

    assert named == f"desk.phone.none.danger.es@{load_scripts().version}"
    assert re.fullmatch(r"[a-z0-9.-]+@[0-9a-z.]+", named)


def test_danger_comes_before_everything_and_calls_the_supervisor_first():
    officers = (person("law", "counsel", "555-0101"), person("night", "night supervisor", "555-0103"))
    calls = list_calls(officers, danger=True)

    assert next(say_script(script(danger=True, calls=calls))).startswith("!! Somebody's life is in danger")
    assert calls[0] == "night supervisor: 555-0103"
    assert list_calls(officers, danger=False)[0] == "counsel: 555-0101"


def test_nobody_at_a_desk_and_nobody_without_a_number_is_called():
    officers = (person("law", "counsel", ""), person("window", "front desk supervisor", "555-0109"))

    assert list_calls(officers, danger=True) == ()


def test_a_city_that_names_nobody_is_told_so():
    assert "city.yml names nobody to call" in " ".join(say_script(script(calls=())))


def test_a_language_without_a_card_is_an_error_that_names_those_that_are_there():
    with pytest.raises(NoCardError, match="en, es"):
        script(lang="tlh")


def test_a_card_whose_language_has_no_script_of_its_own_is_enough(monkeypatch):
    monkeypatch.delitem(load_scripts().languages, "vi")
    said = " ".join(say_script(script(lang="vi", case="abcdefgh")))

    assert load_cards()["vi"].paper[0] in said


def test_a_translation_that_nobody_read_says_so():
    assert script(lang="en").checked
    assert not script(lang="zh").checked


# --- what is recorded ----------------------------------------------------------------------------


def test_a_desk_that_city_yml_does_not_name_records_a_case():
    desk = make_desk(declared=HOUSING)
    acted = receive(desk, AT_COUNTER, lang="en", by=find_person(desk, "housing-counter"))

    assert acted, acted.reasons
    assert acted.case.script == f"desk.counter.agency.en@{load_scripts().version}"
    assert acted.entries[0].actor.role == "front desk"


def test_an_officer_records_as_what_they_are():
    desk = make_desk()

    assert find_person(desk, "law").role == "city counsel"


@pytest.mark.parametrize("name", ["", "Maria Canary", "maria.canary@city", "x" * 41, "-desk"])
def test_a_name_that_is_no_desk_is_refused_and_not_repeated(name):
    with pytest.raises(BadDeskError) as raised:
        find_person(make_desk(), name)

    assert "Canary" not in str(raised.value)


def test_a_department_that_is_not_declared_is_an_error_that_names_those_that_are():
    desk = make_desk(declared=HOUSING)
    with pytest.raises(UnknownDepartmentError, match="housing"):
        receive(desk, Arrival("counter", "hosing", "none"), lang="en", by=find_person(desk, "desk"))


def test_a_city_without_departments_takes_any_id():
    desk = make_desk()

    assert receive(desk, AT_COUNTER, lang="en", by=find_person(desk, "desk"))


def test_who_asks_is_sealed_and_in_no_entry():
    desk = make_desk()
    by = find_person(desk, "desk")
    case = receive(desk, AT_COUNTER, lang="en", by=by).case.id
    acted = add_details(desk, case, asker={"name": "Pat Canary", "badge": ""}, words="Where is he?", by=by)

    assert open_body(desk.ledger, acted.case, ev.ASKER).unsafe_reveal() == '{"name":"Pat Canary"}'
    assert open_body(desk.ledger, acted.case, ev.WORDS).unsafe_reveal() == "Where is he?"
    assert b"Canary" not in b"".join(entry.to_bytes() for entry in desk.ledger.read_all())


def test_where_nothing_is_said_nothing_is_added():
    desk = make_desk()
    by = find_person(desk, "desk")
    case = receive(desk, AT_COUNTER, lang="en", by=by).case.id

    assert add_details(desk, case, asker={"name": "  "}, words="", by=by) is None


def test_without_the_series_the_case_stands_and_what_is_about_people_is_not_kept():
    city = City("Rivermark", "America/Chicago", ("en",), (), (), OFFICERS, SPOT)
    desk = make_desk(declared=Inventory(city))
    by = find_person(desk, "desk")
    case = receive(desk, AT_COUNTER, lang="en", by=by).case.id
    with pytest.raises(UndeclaredSeriesError, match="Declare it"):
        add_details(desk, case, asker={"name": "Pat Canary"}, words="", by=by)

    assert len(list(desk.ledger.read_all())) == 1


def test_a_paper_is_sealed_whole_and_its_plain_hash_stands_nowhere():
    import hashlib

    desk = make_desk()
    by = find_person(desk, "desk")
    case = receive(desk, AT_COUNTER, lang="en", by=by).case.id
    raw = b"Warrant for Canary"
    acted = act(desk, case, attach_paper(raw, TEXT, pages=1, hints=("title-warrant",)), by=by)
    said = b"".join(entry.to_bytes() for entry in desk.ledger.read_all())

    assert acted, acted.reasons
    assert unpack_paper(open_body(desk.ledger, acted.case, ev.PAPER)) == (raw, TEXT)
    assert hashlib.sha256(raw).hexdigest().encode() not in said
    assert b"Canary" not in said


def test_two_of_the_same_paper_have_different_commitments():
    desk = make_desk()
    by = find_person(desk, "desk")
    refs = set()
    for _ in range(2):
        case = receive(desk, AT_COUNTER, lang="en", by=by).case.id
        acted = act(desk, case, attach_paper(b"the same form", TEXT, pages=1, hints=()), by=by)
        refs.add(acted.case.find_body(ev.PAPER).commitment)

    assert len(refs) == 2


def test_what_is_added_is_added_though_somebody_else_acts_at_the_same_moment():
    desk = make_desk()
    by = find_person(desk, "desk")
    case = receive(desk, AT_COUNTER, lang="en", by=by).case.id
    quicker = Quicker(desk.ledger, lambda: act(desk, case, ev.Assigned("privacy"), by=LAW))
    acted = add(replace(desk, ledger=quicker), case, attach_paper(b"words", TEXT, pages=1, hints=()), by=by)

    assert acted, acted.reasons
    assert (acted.case.number, acted.case.officer) == (3, "privacy")


def test_somebody_who_is_always_slower_is_told_so():
    desk = make_desk()
    by = find_person(desk, "desk")
    case = receive(desk, AT_COUNTER, lang="en", by=by).case.id
    quicker = Quicker(desk.ledger, lambda: act(desk, case, ev.Assigned("privacy"), by=LAW), again=True)
    acted = add(replace(desk, ledger=quicker), case, attach_paper(b"words", TEXT, pages=1, hints=()), by=by)

    assert [reason.code for reason in acted.reasons] == ["moved"]


class Quicker:
    """A ledger on which somebody acts between the first reading of a case and the appending to it."""

    def __init__(self, ledger, meanwhile, again=False):
        self._ledger, self._meanwhile, self._again = ledger, meanwhile, again

    def __getattr__(self, name):
        return getattr(self._ledger, name)

    def append(self, *arguments, **more):
        self._meanwhile()
        if not self._again:
            self._meanwhile = lambda: None
        return self._ledger.append(*arguments, **more)
