from curtilage.detection.nouns import Match, Verdict
from curtilage.inventory.nouns import Reveals

VERDICT = Verdict(
    (
        Match("country_of_birth", Reveals.STRONG, 0.9, ("name:pais",)),
        Match("ethnicity", Reveals.WEAK, 0.9, ("name:etnia",)),
        Match("nationality", Reveals.DIRECT, 0.8, ("text:nationality",)),
        Match("citizenship", Reveals.DIRECT, 0.7, ("text:citizen",)),
    ),
    Reveals.DIRECT,
)


def test_categories_stand_surest_first():
    assert VERDICT.categories == ("country_of_birth", "ethnicity", "nationality", "citizenship")


def test_what_reveals_most_stands_first_where_a_field_is_to_be_declared():
    assert VERDICT.most_telling == ("nationality", "citizenship", "country_of_birth", "ethnicity")


def test_a_verdict_of_nothing_has_no_category():
    assert (Verdict().categories, Verdict().most_telling) == ((), ())
