"""Break rules in small ways, one at a time, and say what catches each: lent to the tests of this room."""

import re
from dataclasses import dataclass
from functools import cache

from curtilage.disclosure.policy.decide import Engine
from curtilage.disclosure.policy.packs import ALWAYS, FOLDER, choose_packs, make_pack, select_policies
from curtilage.disclosure.policy.rules import BadRulesError
from curtilage.disclosure.proof.audit import audit, open_prover
from curtilage.disclosure.proof.invariants import load_floor
from curtilage.disclosure.proof.translate import NotModelledError
from tests.disclosure.requests import DAY

TURNED = {
    " && ": " || ",
    " || ": " && ",
    "!": "",
    "==": "!=",
    "!=": "==",
    "unless": "when",
    "when": "unless",
}
SIGNS = re.compile(r" && | \|\| |!(?=context|resource|\[|\()|==|!=|\bunless\b|\bwhen\b")
FACTS = re.compile(r"\b(?:context|resource)\.[a-z_.]+[a-z]")
WORDS = re.compile(r'"[a-z-]+"')
GUARDS = re.compile(r"context has [a-z_]+ && ")
WHO = re.compile(r'principal in Curtilage::Role::"[a-z-]+"(?=,)')
ANSWERS = ("route", "counsel_review", "decline", "object_or_decline", "narrow")


@dataclass(frozen=True)
class Mutant:
    """A pack with one slip."""

    pack: str
    rule: str
    name: str
    text: str


def list_mutants(pack):
    """Give the pack with each small slip: dropped, turned, widened, misspelt, unguarded, answered otherwise."""
    whole = (FOLDER / f"{pack}.cedar").read_text("utf-8")
    for block in re.split(r"(?=@id\()", whole)[1:]:
        rule = re.match(r'@id\("(.+?)"\)', block).group(1)
        for name, slip in _break(block):
            yield Mutant(pack, rule, f"{pack}: {rule}: {name}", whole.replace(block, slip))


def _break(block):
    yield "dropped", ""
    said = re.search(r'@outcome\("(.+?)"\)', block)
    if said:
        for answer in sorted(set(ANSWERS) - {said.group(1)}):
            yield f"answers {answer}", block.replace(said.group(), f'@outcome("{answer}")')
    body = re.search(r"^(permit|forbid)\(", block, re.MULTILINE).start()
    yield from _replace(block, body, SIGNS, lambda sign: TURNED[sign], "turned")
    yield from _replace(block, body, FACTS, lambda fact: f"{fact}s", "misspelt")
    yield from _replace(block, body, WORDS, lambda word: f'{word[:-1]}x"', "misspelt")
    yield from _replace(block, body, GUARDS, lambda _: "", "unguarded")
    yield from _replace(block, body, WHO, lambda _: "principal", "widened")
    yield from _replace(block, body, FACTS, lambda _: "true", "taken for granted")


def _replace(block, body, pattern, turn, how):
    for found in pattern.finditer(block, body):
        start, end = found.span()
        yield (
            f"{how} {found.group().strip()} at {start - body}",
            block[:start] + turn(found.group()) + block[end:],
        )


def build(mutant):
    """Return the set of rules in which one pack has a slip; None where it is refused before it is proved."""
    declared = (FOLDER / f"{mutant.pack}.yml").read_bytes()
    try:
        broken = make_pack(declared, mutant.text.encode())
        packs = [broken if pack.id == broken.id else pack for pack in choose_packs(_beside(mutant.pack))]
        policies = select_policies(packs, DAY)
        open_prover(policies.rules)
    except (BadRulesError, NotModelledError):
        return None
    return policies


def _beside(pack):
    return () if pack in ALWAYS else (pack,)


@cache
def as_it_ships(pack):
    return select_policies(choose_packs(_beside(pack)), DAY)


def is_otherwise(policies, pack):
    """Return whether some request is answered otherwise than by the pack as it ships."""
    return not open_prover(policies.rules).is_alike(as_it_ships(pack).rules)


def is_wider(policies, pack):
    """Return whether something leaves that the pack as it ships keeps."""
    return not open_prover(policies.rules).prove_within(load_floor(), as_it_ships(pack).rules)


def breaks_an_invariant(policies):
    """Return whether such a set could not be activated."""
    return any(not proof for proof in audit(open_prover(policies.rules), policies.names))


def disagrees(policies, cases):
    """Return whether one of the cases is answered otherwise than is right."""
    answers = Engine(policies, unsigned_what_if=True).answer_many([asked for asked, _ in cases])
    return any(answer not in right for answer, (_, right) in zip(answers, cases, strict=True))
