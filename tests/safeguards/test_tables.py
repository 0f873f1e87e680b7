"""The tables that counsel can read name categories that there are."""

import pytest

from curtilage.collection import combinations, precision
from curtilage.inventory.vocabulary import load_vocabulary

VOCABULARY = set(load_vocabulary())
NAMED = {
    "points": set(combinations._POINTS),
    "names": set(combinations._NAMES_A_PERSON),
    "lives": set(combinations._LIVES),
    "sexes": set(combinations._SEXES),
    "coarser": {category for category, _, _ in precision._COARSER},
}


@pytest.mark.parametrize("table", NAMED)
def test_a_table_names_categories_that_the_vocabulary_has(table):
    assert NAMED[table] - VOCABULARY == set()
