"""The statements that are proved, held against the real engine: they must say the same of every request."""

import random

import pytest

from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.decide import Engine
from curtilage.disclosure.policy.packs import Policies, list_packs
from curtilage.disclosure.policy.rules import read_rules
from curtilage.disclosure.policy.schema import FLAGS, RECORDS, RESOURCE
from curtilage.disclosure.proof.audit import open_prover
from tests.disclosure.chance import WORDS, make_requests
from tests.disclosure.requests import DAY, engine
from tests.soak import TIMES

SETS = [(), *((name,) for name in list_packs()), ("chicago", "il"), ("tx", "or")]


def hold_against(built, prover, requests):
    """Return the answers, once engine and statements agree on each and on the rules that spoke."""
    answers = []
    for request, decision in zip(requests, built.decide_many(requests), strict=True):
        answer, spoken = prover.answer(request)
        stopped = {rule for rule in spoken if not prover.ruled.rules[rule].permits}
        assert not decision.failures
        assert set(decision.policies) == (stopped or set(spoken))
        assert answer is decision.outcome
        answers.append(decision.outcome)
    return answers


@pytest.mark.soak
@pytest.mark.parametrize("packs", SETS, ids="-".join)
def test_statements_and_engine_agree_on_requests_made_up_by_chance(packs):
    built = engine(*packs)

    hold_against(built, open_prover(built.policies.rules), make_requests(f"{packs}", 4 * TIMES))


def test_chance_makes_requests_that_get_each_answer():
    built = engine("tx")
    answers = set(built.answer_many(make_requests("each", 4000)))

    assert answers == set(Answer)


def condition(chance, depth):
    """Return a condition that the engine's strict check accepts, made up by chance."""
    if depth == 0:
        name, words = chance.choice(list(WORDS.items()))
        record, parts = chance.choice(list(RECORDS.items()))
        word, others = chance.choice(words), "".join(f', "{each}"' for each in words[:2])
        return chance.choice(
            [
                f"context.{chance.choice(FLAGS)}",
                f"resource.{chance.choice(RESOURCE)}",
                f'context.{name} == "{word}"',
                f'"{word}" != context.{name}',
                f'["{word}"{others}].contains(context.{name})',
                f"(context has {record} && context.{record}.{chance.choice(parts)})",
                f"(context has {record}.{parts[0]} && !context.{record}.{parts[0]})",
                'principal in Curtilage::Role::"releaser"',
                'principal in [Curtilage::Role::"counsel", Curtilage::Role::"supervisor"]',
                "context.instrument.judicial",
                'context.instrument.family == "court-order"',
                f"context.{chance.choice(FLAGS)} == resource.{chance.choice(RESOURCE)}",
            ]
        )
    one, two, three = (condition(chance, depth - 1) for _ in range(3))
    shapes = [
        f"({one} && {two})",
        f"({one} || {two})",
        f"!({one})",
        f"(if {one} then {two} else {three})",
    ]
    return chance.choice(shapes)


def write_rules(seed):
    chance = random.Random(seed)
    scopes = ["principal", "principal is Curtilage::Employee", 'principal in Curtilage::Role::"frontline"']
    text = ""
    for number in range(6):
        effect = (
            "permit" if number < 3 else f'@outcome("{chance.choice(["route", "narrow", "decline"])}") forbid'
        )
        clauses = "\n".join(
            f"{chance.choice(['when', 'unless'])} {{ {condition(chance, chance.randrange(3))} }}"
            for _ in range(chance.randrange(1, 3))
        )
        text += f'@id("r{number}") @row("{chance.choice([3, 8, 15])}") {effect}'
        text += f'({chance.choice(scopes)}, action == Curtilage::Action::"release", resource) {clauses};\n'
    return read_rules(text, pack="base", path="chance.cedar")


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_statements_and_engine_agree_on_rules_made_up_by_chance(part):
    for number in range(max(1, TIMES // 4)):
        rules = write_rules(f"{part} {number}")
        built = Engine(Policies((), rules, DAY, (), "0" * 64))

        hold_against(built, open_prover(rules), make_requests(f"{part} {number}", 12))
