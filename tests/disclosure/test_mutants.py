"""A small slip anywhere in the rules is caught: refused, an invariant breaks, or a what-if disagrees.

A slip that changes nothing where other rules say the same is looked for where they do not: beside a mandate,
which selects other rules, and beside a careless permit, which only the floors keep from opening everything. What lets more out must break an invariant, for that is what keeps such a set from being activated. What only
answers otherwise must be caught by an invariant or by a case.
"""

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.packs import (
    ALWAYS,
    FOLDER,
    choose_packs,
    list_packs,
    load_pack,
    select_policies,
)
from tests.disclosure import test_paper_cases, test_table_cases, test_what_ifs
from tests.disclosure.mutants import (
    Place,
    agreeing,
    breaks_an_invariant,
    build,
    disagrees,
    is_otherwise,
    is_wider,
    list_mutants,
)
from tests.disclosure.requests import DAY, request
from tests.soak import TIMES

PACKS = sorted(path.stem for path in FOLDER.glob("*.cedar"))
EVERY = max(1, 200 // TIMES)


@cache
def list_cases():
    """Return all cases that are data, by the packs they ask: a request, and the answers that are right."""
    cases = {}
    for packs, asked, right in [*_what_ifs(), *_matrix(), *_flaws(), *_table(), *_papers()]:
        cases.setdefault(frozenset(packs), []).append((asked, right))
    return cases


def _request(case):
    return request(case["instrument"], order=case.get("order", False), **case["facts"])


def _what_ifs():
    for case in test_what_ifs.CASES:
        if "without" not in case:
            right = set(Answer) - {Answer.RELEASE} if case["answer"] == "kept" else {Answer(case["answer"])}
            yield case.get("packs", ()), _request(case), right


def _matrix():
    for row, column, answer in test_what_ifs.MATRIX:
        case = test_what_ifs.at(row, column)
        yield case["packs"], _request(case), {answer}


def _flaws():
    for case, answer, _ in test_what_ifs.FLAWS:
        yield (), _request(test_what_ifs.in_hands(case)), {answer}


def _table():
    for case in test_table_cases.CASES:
        yield case.get("packs", ()), _request(case), {Answer(case["answer"])}


def _papers():
    for paper, column, answer in test_paper_cases.CASES:
        for packs, asked in test_paper_cases.ask(paper, column):
            yield packs, asked, {answer}


@cache
def cases_of(place):
    """Return the cases that hold a set; with a careless permit, those that it answers rightly all the same."""
    cases = tuple((asked, frozenset(right)) for asked, right in list_cases()[frozenset(place.packs)])
    return agreeing(place, cases)


def find_place(mutant):
    """Return where a slip changes an answer, and the set there; None where it is refused, or changes none."""
    for place in mutant.places:
        policies = build(mutant, place)
        if policies is None:
            return None  # refused before it is proved
        if is_otherwise(policies, place):
            return place, policies
    return None  # it says the same in other words


MUTANTS = {}
for each in (mutant for pack in PACKS for mutant in list_mutants(pack)):
    MUTANTS.setdefault((each.pack, each.rule), []).append(each)


@pytest.mark.soak
@pytest.mark.timeout(3600)  # every slip of the longest rule, under `make soak`
@pytest.mark.parametrize("rule", MUTANTS, ids=": ".join)
def test_every_small_slip_that_changes_an_answer_is_caught(rule):
    for mutant in MUTANTS[rule][::EVERY]:
        if found := find_place(mutant):
            place, policies = found
            if not breaks_an_invariant(policies, place):
                assert disagrees(policies, cases_of(place)), mutant.name
                assert not is_wider(policies, place), mutant.name


def test_hundreds_of_slips_are_made_in_the_base_and_in_every_pack_that_has_rules():
    counted = Counter(mutant.pack for mutants in MUTANTS.values() for mutant in mutants)

    assert sum(counted.values()) > 2000
    assert set(counted) == set(PACKS)
    assert min(counted.values()) >= 20


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("slip", ["misspelt context.", "misspelt resource."])
def test_a_misspelt_fact_is_refused_wherever_it_stands(pack, slip):
    every = [mutant for (of, _), mutants in MUTANTS.items() if of == pack for mutant in mutants]

    for mutant in [each for each in every if slip in each.name][::EVERY]:
        assert build(mutant, Place(pack, "alone")) is None, mutant.name


MANDATES = sorted(set(list_packs()) - set(ALWAYS))
SELECTED = [(name, choice) for name in MANDATES for choice in load_pack(name).choices]


@pytest.mark.parametrize(("pack", "choice"), SELECTED)
def test_a_pack_that_selects_less_is_caught(pack, choice):
    whole = load_pack(pack)
    less = replace(whole, choices={name: to for name, to in whole.choices.items() if name != choice})
    policies = select_policies([*choose_packs(()), less], DAY)

    assert disagrees(policies, list_cases()[frozenset({pack})])
