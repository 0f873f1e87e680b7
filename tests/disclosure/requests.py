"""Lend requests and engines to the tests of this room."""

from datetime import date
from functools import cache

from hypothesis import strategies as st

from curtilage.disclosure.nouns import Consent, Exigency, MandatoryAuthority, Request
from curtilage.disclosure.policy.decide import Engine
from curtilage.disclosure.policy.facts import FLAGS, LISTS, RECORDS, blank
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.packs import choose_packs, select_policies

DAY = date(2026, 11, 23)
ORDER = {"authentic": True, "in_force": True, "confirmed_by_counsel": True, "scope": "matched"}
GOOD = {
    "mandatory_authority": MandatoryAuthority(compels=True, current=True, names_the_fields=True),
    "consent": Consent(written=True, specific=True, by_the_subject=True, revoked=False),
    "exigency": Exigency(serious_harm=True, minimum_only=True, called_back=True, review_opened=True),
}

RECORD = {
    name: st.none() | st.builds(kind, **{part: st.booleans() for part in kind.__dataclass_fields__})
    for name, kind in RECORDS.items()
}
REQUESTS = st.builds(
    Request,
    instrument=st.sampled_from(list(load_instruments())),
    **{name: st.booleans() for name in FLAGS},
    **{name: st.sampled_from(words) for name, words in LISTS.items()},
    **RECORD,
)


@cache
def engine(*packs):
    return Engine(select_policies(choose_packs(packs), DAY), unsigned_what_if=True)


def request(instrument, *, order=False, **facts):
    given = {name: _record(name, value) for name, value in facts.items()}
    row = load_instruments()[instrument]
    return Request(**{**_as_facts(blank(row)), **(ORDER if order else {}), **given})


def _record(name, value):
    if name not in GOOD or value is None:
        return value
    return GOOD[name] if value == "good" else type(GOOD[name])(**value)


def _as_facts(found):
    return {name: getattr(found, name) for name in Request.__dataclass_fields__}
