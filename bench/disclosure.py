"""Decisions a second on one core, beside the engine alone on the same requests; and all proofs together.

    python -m bench.disclosure

The requests are made up by chance, no two alike, the same in every run. The engine alone gets them in its own
words and hands back its raw answers: once holding each to its schema, as its users are told to, and once not.
Ours reads a request, holds it to the schema by itself, asks, and names rules, citations, facts and duties.
Then every invariant is proved of every pack that ships, from its files. Seconds belong to the machine; the
ratio travels.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import cedarpy

from bench.speed import machine
from curtilage.disclosure.policy.decide import Engine
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.packs import choose_packs, list_packs, select_policies
from curtilage.disclosure.policy.schema import engine_schema, entities, to_engine
from curtilage.disclosure.proof.audit import audit, open_prover
from tests.disclosure.chance import make_requests

COUNT = 10_000
ROUNDS = 3
DAY = date(2026, 11, 23)
PACKS = ((), ("or",), ("il", "chicago"), ("tx",))


def measure(works: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Return how many are done in a second of the processor: the best of a few rounds, each in turn."""
    best = dict.fromkeys(works, float("inf"))
    for _ in range(ROUNDS):
        for name, work in works.items():
            began = time.process_time()
            work()
            best[name] = min(best[name], time.process_time() - began)
    return {name: COUNT / seconds for name, seconds in best.items()}


def decide() -> None:
    """Print how many requests are decided in a second."""
    rows = load_instruments()
    schema = engine_schema()
    known = cedarpy.Entities.from_json_str(json.dumps(entities()), schema)
    requests = list(dict.fromkeys(make_requests("bench", 2 * COUNT)))[:COUNT]
    asked = [to_engine(each, rows[each.instrument]) for each in requests]
    asked = [{**each, "context": json.dumps(each["context"])} for each in asked]
    names = ("engine, schema", "engine, none", "answers", "decisions")
    print(f"{'packs':15}{'rules':>6}", *(f"{name:>15}" for name in names), "  a second", sep="")
    for packs in PACKS:
        policies = select_policies(choose_packs(packs), DAY)
        engine = Engine(policies, unsigned_what_if=True)
        rules = cedarpy.PolicySet.from_pst(policies.to_pst())
        works = (
            lambda rules=rules: cedarpy.is_authorized_batch(asked, rules, known, schema),
            lambda rules=rules: cedarpy.is_authorized_batch(asked, rules, known),
            lambda engine=engine: engine.answer_many(requests),
            lambda engine=engine: engine.decide_many(requests),
        )
        figures = measure(dict(zip(names, works, strict=True)))
        print(f"{'+'.join(packs) or 'base, federal':15}{len(policies.rules):6}", end="")
        print(*(f"{figures[name]:15,.0f}" for name in names), sep="")


def prove() -> None:
    """Print how long it takes to prove every invariant of every pack that ships."""
    began, held, broken = time.process_time(), 0, 0
    for name in list_packs():
        policies = select_policies(choose_packs([name]), DAY)
        for proof in audit(open_prover(policies.rules), policies.names):
            held, broken = held + bool(proof), broken + (not proof)
    seconds = time.process_time() - began
    print(f"{len(list_packs())} packs: {held} proved, {broken} broken, in {seconds:.1f} s together")


def main() -> None:
    """Print the figures."""
    print(machine())
    decide()
    prove()


if __name__ == "__main__":
    main()
