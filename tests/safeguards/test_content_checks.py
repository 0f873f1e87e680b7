"""What the checks of cells rest on is there: rules for the categories that shape alone tells."""

from curtilage.collection.content import OPENING, SHAPED
from curtilage.detection.values.rules import load


def test_what_is_concluded_to_be_missing_would_have_been_found():
    shaped = {rule.category for rule in load().rules if rule.shapes or rule.builtin}

    assert SHAPED - shaped == set()


def test_what_opens_accounts_is_looked_for():
    assert OPENING - {rule.category for rule in load().rules} == set()
