"""A column's name and its cells say together what it holds."""

from dataclasses import dataclass

import pytest

from curtilage.detection.columns import CellCounts, judge_column, judge_table
from curtilage.detection.nouns import Match, Verdict
from curtilage.detection.values.nouns import Relations
from curtilage.detection.values.profile import Profile
from curtilage.inventory.nouns import Reveals

NOTHING_ASKED = Relations()


@dataclass(frozen=True)
class Says:
    category: str
    reveals: Reveals
    asks: Relations = NOTHING_ASKED
    beside: tuple[str, ...] = ()
    before: str = ""


RULES = {
    "alien_number": Says("alien_number", Reveals.DIRECT),
    "phone_us": Says("phone", Reveals.NONE),
    "undocumented": Says("immigration_status", Reveals.DIRECT),
    "no_papers": Says("immigration_status", Reveals.DIRECT),
    "zip": Says("address", Reveals.NONE, Relations(near=("zip",)), ("address",)),
    "by_shape": Says("passport", Reveals.STRONG),
    "by_words": Says("passport", Reveals.STRONG, Relations(near=("passport",))),
}
PHONE = Verdict((Match("phone", Reveals.NONE, 0.9, ("name:phone",)),), Reveals.NONE, ("statement",))


NOTHING = Verdict()


def test_a_column_in_which_nothing_was_found_is_what_its_name_says():
    assert judge_column(PHONE, CellCounts(seen=10), RULES) == PHONE


def test_an_odd_cell_adds_its_category_with_its_count():
    judged = judge_column(PHONE, CellCounts(seen=1000, rules={"phone_us": 999, "alien_number": 1}), RULES)

    assert judged.categories == ("phone", "alien_number")
    assert judged.matches[0].reasons == ("name:phone", "value:phone_us in 999 of 1,000 cells")
    assert judged.matches[1].reasons == ("value:alien_number in 1 of 1,000 cells",)
    assert (judged.reveals, judged.reasons) == (Reveals.DIRECT, ("statement",))


def test_rules_of_one_category_are_one_match_the_most_frequent_first():
    judged = judge_column(Verdict(), CellCounts(seen=50, rules={"no_papers": 3, "undocumented": 4}), RULES)

    assert [match.category for match in judged.matches] == ["immigration_status"]
    assert judged.matches[0].reasons == (
        "value:undocumented in 4 of 50 cells",
        "value:no_papers in 3 of 50 cells",
    )


def test_a_rule_that_nobody_knows_says_nothing():
    assert judge_column(PHONE, CellCounts(seen=10, rules={"gone": 5}), RULES) == PHONE


def shaped(*, rule="by_shape", tried=100, filled=100, by_chance=100, named=NOTHING, beginnings=50):
    profile = Profile(
        tried=tried,
        different=tried,
        filled={rule: filled},
        chances=100,
        by_chance={rule: by_chance},
        beginnings=beginnings,
    )
    return judge_column(named, CellCounts(tried, {}, profile), RULES).matches


def test_a_column_that_is_full_of_one_identifier_holds_it():
    (match,) = shaped()
    assert match.category == "passport"
    assert match.score > 0.8
    assert match.reasons == ("content:by_shape fills 100 of 100 cells",)


@pytest.mark.parametrize(
    "change",
    [
        {"filled": 70},
        {"tried": 10, "filled": 10},
        {"rule": "by_words"},
        {"rule": "by_words", "by_chance": 70, "beginnings": 2},
    ],
)
def test_what_may_be_anything_is_not_said(change):
    assert not shaped(**change)


def test_a_check_digit_or_many_beginnings_say_what_a_bare_number_is():
    assert shaped(rule="by_words", by_chance=10)[0].score == 0.8
    assert shaped(rule="by_words", by_chance=70)[0].score == 0.6
    assert not shaped(rule="by_words", by_chance=90)


def test_name_and_cells_together_are_surer_than_either():
    named = Verdict((Match("passport", Reveals.STRONG, 0.6, ("name:passport",)),), Reveals.STRONG)
    (match,) = shaped(rule="by_words", named=named)
    assert match.score > 0.95
    assert match.reasons == ("name:passport", "content:by_words fills 100 of 100 cells")


def coded(named=NOTHING, **profile):
    profile = {"tried": 100, "different": 3, **profile}
    return judge_column(named, CellCounts(100, {}, Profile(**profile)), RULES)


def test_codes_that_tell_say_what_a_column_is():
    (match,) = coded(coded={"citizenship_codes": 100}, telling={"citizenship_codes": 2}).matches
    assert (match.category, match.reveals, match.score) == ("citizenship", Reveals.DIRECT, 0.85)


def test_codes_that_anything_may_have_need_a_name_that_says_it():
    named = Verdict((Match("citizenship", Reveals.DIRECT, 0.9, ("name:ctznshp",)),), Reveals.DIRECT)
    assert not coded(coded={"citizenship_codes": 100}, telling={"citizenship_codes": 0}).matches
    assert (
        len(
            coded(named, coded={"citizenship_codes": 100}, telling={"citizenship_codes": 0})
            .matches[0]
            .reasons
        )
        == 2
    )


def test_states_of_the_union_are_no_countries():
    assert not coded(
        coded={"countries": 98, "us_states": 100}, telling={"countries": 1, "us_states": 5}
    ).matches


def test_countries_are_birthplaces_only_beside_people():
    countries = coded(coded={"countries": 100}, telling={"countries": 3})
    people = Verdict((Match("full_name", Reveals.NONE, 0.9, ("name:name",)),))
    assert judge_table([countries])[0].matches == ()
    lifted = judge_table([countries, people])[0]
    assert lifted.reveals is Reveals.STRONG
    assert "beside people" in lifted.matches[0].reasons


def test_what_only_looks_sealed_is_said():
    verdict = coded(coats={"encoded": 100})
    assert verdict.reasons == ("content:encoded in 100 of 100 cells",)


def test_zip_codes_count_beside_an_address():
    zips = judge_column(
        Verdict(),
        CellCounts(100, {}, Profile(tried=100, filled={"zip": 100}, chances=100, by_chance={"zip": 100})),
        RULES,
    )
    street = Verdict((Match("address", Reveals.NONE, 0.9, ("name:street",)),))
    assert judge_table([zips])[0].matches == ()
    (match,) = judge_table([zips, street])[0].matches
    assert match.reasons == ("content:zip fills 100 of 100 cells", "beside address")


def test_many_capitalised_words_beside_given_names_are_family_names():
    given = judge_column(Verdict(), CellCounts(400, {}, Profile(tried=400, different=200, given=300)), RULES)
    family = judge_column(
        Verdict(), CellCounts(400, {}, Profile(tried=400, different=200, capitalised=400)), RULES
    )
    cities = judge_column(
        Verdict(), CellCounts(400, {}, Profile(tried=400, different=20, capitalised=400)), RULES
    )
    assert [judged.categories for judged in judge_table([given, family, cities])] == [
        ("given_name",),
        ("family_name",),
        (),
    ]
    assert judge_table([family])[0].matches == ()
