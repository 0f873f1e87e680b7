"""Packs: read, chosen for a day, selecting and never loosening."""

import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from curtilage.disclosure.nouns import ISSUERS, SIGNERS
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.packs import (
    FOLDER,
    ConflictingPacksError,
    NoSuchPackError,
    PackOutOfTimeError,
    choose_packs,
    list_packs,
    load_additions,
    load_pack,
    make_pack,
    select_policies,
)
from curtilage.disclosure.policy.rules import SURE, BadRulesError
from tests.disclosure.requests import DAY

SOURCES = tomllib.loads((Path(__file__).parents[2] / "docs/sources.toml").read_text("utf-8"))
RULES = [rule for name in list_packs() for rule in load_pack(name).rules]
DECLARED = {
    "pack": "xx",
    "title": {"en": "A place"},
    "binds": "Nobody.",
    "effective": date(2026, 1, 1),
    "expires": date(2027, 1, 1),
    "read": date(2026, 1, 1),
    "choices": {},
    "duties": [],
    "notes": [],
}
RULE = """@id("xx-stop")
@outcome("decline")
forbid(principal, action == Curtilage::Action::"release", resource)
when { context.gag };
"""


def make(rules="", **declared):
    return make_pack(yaml.safe_dump({**DECLARED, **declared}).encode(), rules.encode())


def with_packs(*packs):
    return select_policies((*choose_packs([]), *packs), DAY)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_one_sentence_and_has_a_source_and_how_sure_it_is(rule):
    assert re.fullmatch(r"[A-Z].*\.", rule.says)
    assert rule.source in SOURCES
    assert rule.sure in SURE
    assert rule.cite or rule.sure == "chosen"


@pytest.mark.parametrize("name", list_packs())
def test_a_duty_has_a_source_and_a_condition_that_can_hold(name):
    for duty in load_pack(name).duties:
        assert duty.source in SOURCES
        assert duty.sure in SURE
        assert duty.text.endswith(".")
        assert all(duty.when.values()) or "gag" in duty.when


@pytest.mark.parametrize("row", load_instruments().values(), ids=lambda row: row.id)
def test_an_instrument_has_its_law_its_issuer_its_signer_and_a_source(row):
    assert set(row.issuers) <= set(ISSUERS)
    assert set(row.signers) <= set(SIGNERS)
    assert row.issuers
    assert row.signers
    assert {"en", "es"} <= set(row.name)
    assert row.source in SOURCES
    assert row.sure in SURE


def test_no_paper_of_an_agency_is_judicial():
    judges = {"judge", "magistrate", "clerk-of-court"}
    judicial = [row for row in load_instruments().values() if row.judicial]

    assert judicial
    assert all(set(row.signers) <= judges and set(row.issuers) <= {"court", "grand-jury"} for row in judicial)


def test_no_rule_forbids_to_send_status_by_the_name_of_who_asks():
    named = [
        rule.id
        for rule in RULES
        if not rule.permits
        and "issuer" in rule.facts
        and "status" in rule.facts
        and rule.pack in {"base", "us-federal"}
        and "immigration-agency" in str(rule.node)
    ]

    assert named == []


def test_status_and_locator_are_kept_by_rules_of_their_own():
    looked = {rule.id: rule.facts for rule in RULES}

    assert "locator" not in looked["floor-status"]
    assert "status" not in looked["floor-locator"]


@pytest.mark.parametrize("name", list_packs())
def test_every_pack_can_be_chosen_and_has_a_title_in_two_languages(name):
    pack = load_pack(name)

    assert {"en", "es"} <= set(pack.title)
    assert select_policies(choose_packs([name]), DAY).rules


def test_a_citys_file_may_name_a_pack_as_its_jurisdiction():
    assert load_pack("us").id == "us-federal"
    assert load_pack("us-wa").id == "wa"


def test_a_pack_that_does_not_exist_is_told_with_those_that_do():
    with pytest.raises(NoSuchPackError, match="chicago"):
        load_pack("../base")


def test_a_mandate_selects_counsel_in_place_of_a_refusal():
    texas = {rule.id for rule in select_policies(choose_packs(["tx"]), DAY).rules}
    without = {rule.id for rule in select_policies(choose_packs([]), DAY).rules}

    assert without - texas == {
        "immigration-paper-decline",
        "immigration-subpoena-object",
        "civil-immigration-decline",
    }
    assert texas - without == {
        "immigration-paper-counsel",
        "immigration-subpoena-counsel",
        "civil-immigration-counsel",
    }


@pytest.mark.parametrize("day", [date(2026, 8, 31), date(2027, 9, 1)])
def test_a_pack_out_of_its_time_decides_nothing(day):
    with pytest.raises(PackOutOfTimeError, match="counsel review"):
        select_policies(choose_packs([]), day)


def test_a_pack_holds_on_its_first_day_and_not_on_its_last():
    pack = make()

    assert pack.effective == date(2026, 1, 1)
    with pytest.raises(PackOutOfTimeError):
        select_policies((*choose_packs([]), replace(pack, expires=DAY)), DAY)


def test_two_packs_that_select_differently_decide_nothing():
    one, other = load_pack("tx"), make(choices={"immigration-paper": "decline"})

    with pytest.raises(ConflictingPacksError, match="immigration-paper"):
        with_packs(one, other)


def test_two_packs_that_select_alike_are_fine():
    assert with_packs(load_pack("tx"), make(choices={"immigration-paper": "counsel"})).rules


def test_a_pack_cannot_select_what_is_not_there():
    with pytest.raises(BadRulesError, match="no option release"):
        with_packs(make(choices={"immigration-paper": "release"}))


def test_a_pack_cannot_select_a_floor_away():
    with pytest.raises(BadRulesError, match="no option none of floor-status"):
        with_packs(make(choices={"floor-status": "none"}))


def test_a_pack_cannot_add_an_option_that_stops_less():
    narrower = RULE.replace(
        '@outcome("decline")', '@outcome("decline")\n@choice("civil-immigration")\n@option("narrower")'
    )

    with pytest.raises(BadRulesError, match="do not stop the same requests"):
        with_packs(make(narrower, choices={"civil-immigration": "narrower"}))


def test_only_the_base_may_permit():
    with pytest.raises(BadRulesError, match="only the base pack may"):
        make('@id("xx-open") permit(principal, action, resource);')


def test_without_the_base_nothing_is_selected():
    with pytest.raises(BadRulesError, match="base pack first"):
        select_policies([load_pack("or")], DAY)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RULE.replace("context.gag", "context.gagged"), "not valid"),
        (RULE.replace("context.gag", "context.consent.revoked"), "not valid"),
        (RULE.replace("context.gag", "context.gag == 3"), "not valid"),
        (RULE.replace("forbid(", "forbid[", 1), "no Cedar text"),
        (RULE.replace('@id("xx-stop")', ""), "has no id"),
        (RULE.replace('@outcome("decline")', ""), "what is done instead"),
        (RULE.replace('"decline"', '"release"'), "what is done instead"),
        (RULE.replace("@outcome", '@row("16")\n@outcome'), "names no row"),
        (RULE.replace("@outcome", '@sure("certainly")\n@outcome'), "how sure"),
        (RULE.replace("@outcome", '@choice("x")\n@outcome'), "without an option"),
    ],
)
def test_a_rule_that_is_not_right_is_told_before_anything_is_decided(text, said):
    with pytest.raises(BadRulesError, match=said):
        make(text)


def test_a_problem_names_the_line_of_the_rule():
    with pytest.raises(BadRulesError) as caught:
        make("// a comment\n\n" + RULE.replace('"decline"', '"perhaps"'))

    assert [problem.line for problem in caught.value.problems] == [3]


def test_an_id_stands_once():
    with pytest.raises(BadRulesError, match="Two rules are called floor-held"):
        with_packs(make(RULE.replace("xx-stop", "floor-held")))


def test_one_byte_makes_another_pack_and_another_set():
    one, other = make(RULE), make(f"{RULE} ")

    assert one.hash != other.hash
    assert with_packs(one).hash != with_packs(other).hash


def test_an_unknown_key_of_a_pack_is_an_error():
    with pytest.raises(BadRulesError, match="cannot be read"):
        make(loosens=["floor-status"])


def test_the_citys_own_additions_stop_and_never_permit(tmp_path):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy/parks.cedar").write_text(RULE)
    found = load_additions(tmp_path)
    (tmp_path / "policy/parks.cedar").write_text('@id("open") permit(principal, action, resource);')

    assert [rule.pack for rule in with_packs(found).rules if rule.id == "xx-stop"] == ["city"]
    with pytest.raises(BadRulesError, match="only the base pack may"):
        load_additions(tmp_path)


def test_a_city_without_additions_has_none(tmp_path):
    assert load_additions(tmp_path) is None


def test_every_rules_file_belongs_to_a_pack():
    assert {path.stem for path in FOLDER.glob("*.cedar")} <= set(list_packs())
