"""A column's name and its cells say together what it holds."""

from dataclasses import dataclass

from curtilage.detection.columns import CellCounts, judge_column
from curtilage.detection.nouns import Match, Verdict
from curtilage.inventory.nouns import Reveals


@dataclass(frozen=True)
class Says:
    category: str
    reveals: Reveals


RULES = {
    "alien_number": Says("alien_number", Reveals.DIRECT),
    "phone_us": Says("phone", Reveals.NONE),
    "undocumented": Says("immigration_status", Reveals.DIRECT),
    "no_papers": Says("immigration_status", Reveals.DIRECT),
}
PHONE = Verdict((Match("phone", Reveals.NONE, 0.9, ("name:phone",)),), Reveals.NONE, ("statement",))


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
