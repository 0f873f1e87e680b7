"""Make up requests by chance that repeats: half of them nearly right, or nothing would ever be released."""

import random
from dataclasses import replace

from curtilage.disclosure.nouns import ROLES, Request
from curtilage.disclosure.policy.facts import LISTS
from curtilage.disclosure.policy.facts import RECORDS as MADE
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.schema import FLAGS, RECORDS, RESOURCE

WORDS = {name: words for name, words in LISTS.items() if name != "acting_role"}
HELPS = {"authentic", "in_force", "confirmed_by_counsel"}


def make_requests(seed, count):
    """Return as many requests, the same for the same seed."""
    chance = random.Random(seed)
    return [_make(chance) for _ in range(count)]


def _make(chance):
    facts = {name: chance.choice(words) for name, words in WORDS.items()}
    facts |= {name: chance.random() < 0.5 for name in RESOURCE}
    facts |= {name: chance.random() < (0.8 if name in HELPS else 0.2) for name in FLAGS}
    facts |= {name: _record(chance, name) for name in RECORDS}
    made = Request(
        instrument=chance.choice(list(load_instruments())), acting_role=chance.choice(ROLES), **facts
    )
    calm = {name: False for name in FLAGS if name not in HELPS} | {"scope": "matched", "custody": "city"}
    return replace(made, **calm) if chance.random() < 0.5 else made


def _record(chance, name):
    if chance.random() < 0.6:
        return None
    return MADE[name](**{part: chance.random() < 0.8 for part in RECORDS[name]})
