"""Decisions a second on one core, beside the engine alone on the same requests, in the same run.

    python -m bench.disclosure

The engine alone gets requests that are already in its own words and hands back its raw answers. Ours reads a
request, asks, names rules, citations, facts and duties. Seconds belong to the machine; the ratio travels.
"""

from __future__ import annotations

import json
import time
from datetime import date

import cedarpy

from bench.speed import machine
from curtilage.disclosure.decide import Engine
from curtilage.disclosure.facts import blank
from curtilage.disclosure.instruments import load_instruments
from curtilage.disclosure.packs import choose_packs, select_policies
from curtilage.disclosure.schema import engine_schema, entities, to_engine

TIMES = 400
PACKS = ((), ("or",), ("il", "chicago"), ("tx",))


def measure(work, count):
    """Return how many of ``count`` are done in a second of the processor."""
    began = time.process_time()
    work()
    return count / (time.process_time() - began)


def main() -> None:
    """Print the figures."""
    print(machine())
    rows = load_instruments()
    known = cedarpy.Entities.from_json_str(json.dumps(entities()), engine_schema())
    requests = [blank(row) for row in rows.values()] * TIMES
    print(f"{'packs':14}{'rules':>6}{'engine alone':>14}{'answers':>10}{'decisions':>11}   a second")
    for packs in PACKS:
        policies = select_policies(choose_packs(packs), date(2026, 11, 23))
        engine = Engine(policies, unsigned_what_if=True)
        asked = [to_engine(each, rows[each.instrument]) for each in requests]
        ready = (asked, cedarpy.PolicySet.from_pst(policies.to_pst()), known, engine_schema())
        alone = measure(lambda ready=ready: cedarpy.is_authorized_batch(*ready), len(requests))
        answers = measure(lambda engine=engine: engine.answer_many(requests), len(requests))
        whole = measure(lambda engine=engine: engine.decide_many(requests), len(requests))
        name = "+".join(packs) or "base, federal"
        print(f"{name:14}{len(policies.rules):6}{alone:14,.0f}{answers:10,.0f}{whole:11,.0f}")


if __name__ == "__main__":
    main()
