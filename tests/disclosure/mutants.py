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


BESIDE = ("alone", "with a mandate", "with a careless permit")
CARELESS = """
@id("careless")
@row("15")
@says("Whatever a releaser is asked for leaves.")
@cite("")
@source("curtilage-disclosure-table")
@sure("chosen")
permit(principal in Curtilage::Role::"releaser", action == Curtilage::Action::"release", resource);
"""


@dataclass(frozen=True)
class Mutant:
    """A pack with one slip, in a rule that stops or permits."""

    pack: str
    rule: str
    name: str
    text: str
    stops: bool

    @property
    def places(self):
        """Return where the slip is looked for: a pack of a place stands by itself, and permits hide one another."""
        beside = BESIDE[: 3 if self.stops else 2] if self.pack in ALWAYS else BESIDE[:1]
        return [Place(self.pack, each) for each in beside]


@dataclass(frozen=True)
class Place:
    """Where a slip is looked for, since a rule may change nothing where others say the same.

    In ``pack`` alone; beside a mandate to cooperate, which selects other rules of the base; or beside a permit
    that somebody wrote without care, which only the floors then keep from opening everything.
    """

    pack: str
    beside: str

    @property
    def packs(self):
        chosen = () if self.pack in ALWAYS else (self.pack,)
        return (*chosen, "tx") if self.beside == "with a mandate" else chosen

    def select(self, pack, text):
        """Return the set of rules with ``text`` in the place of a pack's own rules."""
        texts = {pack: text}
        if self.beside == "with a careless permit":
            texts["base"] = texts.get("base", read_text("base")) + CARELESS
        packs = [_make(pack, texts.get(pack.id)) for pack in choose_packs(self.packs)]
        return select_policies(packs, DAY)


@cache
def read_text(pack):
    return (FOLDER / f"{pack}.cedar").read_text("utf-8")


def _make(pack, text):
    return pack if text is None else make_pack((FOLDER / f"{pack.id}.yml").read_bytes(), text.encode())


def list_mutants(pack):
    """Give the pack with each small slip: dropped, turned, widened, misspelt, unguarded, answered otherwise."""
    whole = read_text(pack)
    for block in re.split(r"(?=@id\()", whole)[1:]:
        rule = re.match(r'@id\("(.+?)"\)', block).group(1)
        for name, slip in _break(block):
            stops = "\nforbid(" in block
            yield Mutant(pack, rule, f"{pack}: {rule}: {name}", whole.replace(block, slip), stops)


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


def build(mutant, place):
    """Return the set of rules in which one pack has a slip; None where it is refused before it is proved."""
    try:
        policies = place.select(mutant.pack, mutant.text)
        open_prover(policies.rules)
    except (BadRulesError, NotModelledError):
        return None
    return policies


@cache
def as_it_ships(place):
    return place.select(place.pack, read_text(place.pack))


@cache
def kept(place):
    """Return the invariants that the set without a slip keeps; with a careless permit that is not every one."""
    ships = as_it_ships(place)
    return {proof.invariant.id for proof in audit(open_prover(ships.rules), ships.names) if proof}


def is_otherwise(policies, place):
    """Return whether some request is answered otherwise than by the pack as it ships; or leaves, where all may."""
    if place.beside == "with a careless permit":
        return is_wider(policies, place)
    return not open_prover(policies.rules).is_alike(as_it_ships(place).rules)


def is_wider(policies, place):
    """Return whether something leaves that the pack as it ships keeps."""
    return not open_prover(policies.rules).prove_within(load_floor(), as_it_ships(place).rules)


def breaks_an_invariant(policies, place):
    """Return whether such a set could not be activated, for an invariant that holds without the slip."""
    prover = open_prover(policies.rules)
    return any(not proof and proof.invariant.id in kept(place) for proof in audit(prover, policies.names))


def disagrees(policies, cases):
    """Return whether one of the cases is answered otherwise than is right."""
    answers = Engine(policies, unsigned_what_if=True).answer_many([asked for asked, _ in cases])
    return any(answer not in right for answer, (_, right) in zip(answers, cases, strict=True))


@cache
def agreeing(place, cases):
    """Return those of the cases that are answered rightly without the slip."""
    answers = Engine(as_it_ships(place), unsigned_what_if=True).answer_many([asked for asked, _ in cases])
    return tuple(case for answer, case in zip(answers, cases, strict=True) if answer in case[1])
