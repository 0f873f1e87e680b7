"""Findings about who else holds the data: keys first, control next, geography last.

Rules:

* A host abroad is never simply green, and a host at home is not either: whoever holds the keys can be
  made to open the data, wherever it lies.
* What is not stated counts as the worst answer: who does not say that the city is the host has a vendor.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from curtilage.foundation.finding import Finding, Rule, Severity, Spot
from curtilage.inventory.nouns import Contract, KeyHolder, Reveals, System, Vendor
from curtilage.survey.situation import Situation
from curtilage.vendors.clauses import CLAUSES, NEEDED

_ARTICLE: Final = "sunlight-2017, be cautious with third-party hosts"

VENDOR_KEYS: Final = Rule(
    code="vendors.vendor-can-open-telling-data",
    safeguard=4,
    severity=Severity.HIGH,
    title="A vendor can open data that states or singles out",
    why="A demand served on the vendor reaches it without the city, and may forbid the vendor to say so.",
    remedy="Hold the keys in the city, or hold less there.",
    source=_ARTICLE,
)
SHARED_KEYS: Final = Rule(
    code="vendors.telling-data-with-vendor",
    safeguard=4,
    severity=Severity.LOW,
    title="Telling data lies with a vendor under the city's keys",
    why="The vendor cannot open it, yet holds it, and who reads what is visible to it.",
    remedy="Confirm once a year that the keys are the city's alone, or bring the data home.",
    source=_ARTICLE,
)
KEYS_UNKNOWN: Final = Rule(
    code="vendors.key-holder-unknown",
    safeguard=4,
    severity=Severity.MEDIUM,
    title="Nobody has said who can open the data",
    why="Who holds the keys decides who can be made to open the data.",
    remedy="Find out, and write key_holder in systems.yml.",
    source=_ARTICLE,
)
CONTROL_UNKNOWN: Final = Rule(
    code="vendors.control-unknown",
    safeguard=4,
    severity=Severity.MEDIUM,
    title="Under whose control the host stands is not stated",
    why="Legal process reaches the company that controls the data, not the place where the disk stands.",
    remedy="Write legal_entity, parent and control_jurisdiction in systems.yml.",
    source=_ARTICLE,
)
ABROAD: Final = Rule(
    code="vendors.host-abroad",
    safeguard=4,
    severity=Severity.MEDIUM,
    title="Data lies abroad",
    why="A foreign host does not put data out of reach, has its own state's process, and breaks common city terms.",
    remedy="Have counsel check funding and contract terms that ask for storage at home; hold the keys in the city.",
    source="city-storage-clauses",
)
NO_CONTRACT: Final = Rule(
    code="vendors.no-contract",
    safeguard=4,
    severity=Severity.HIGH,
    title="A vendor holds residents' data without a contract in force",
    why="Without a contract only the vendor's own terms say what becomes of the data.",
    remedy="Conclude a contract, or declare the one that is in force.",
    source=_ARTICLE,
)
REVIEW_DUE: Final = Rule(
    code="vendors.contract-review-due",
    safeguard=4,
    severity=Severity.LOW,
    title="A contract is due for review",
    why="Terms, owners and sub-processors change without notice.",
    remedy="Read it again against the list and set the next review.",
    source=_ARTICLE,
)
CLAUSE_MISSING: Final = Rule(
    code="vendors.clause-missing",
    safeguard=4,
    severity=Severity.MEDIUM,
    title="A contract lacks clauses that protect residents",
    why="What a contract does not settle, the vendor settles.",
    remedy="Negotiate the missing clauses, or record why the contract does without.",
    source="contract-reading-list",
)
RULES: Final = (
    VENDOR_KEYS,
    SHARED_KEYS,
    KEYS_UNKNOWN,
    CONTROL_UNKNOWN,
    ABROAD,
    NO_CONTRACT,
    REVIEW_DUE,
    CLAUSE_MISSING,
)

_OF_VENDORS: Final = frozenset({KeyHolder.VENDOR, KeyHolder.SHARED})
#: ISO 3166-1 codes: the United States, and its territories, which have codes of their own.
_AT_HOME: Final = frozenset({"US", "PR", "GU", "VI", "AS", "MP"})


def find(situation: Situation) -> Iterator[Finding]:
    """Give the findings about hosts, keys and contracts, in the order of the files."""
    for system in situation.declared.systems:
        yield from _find_in_keys(situation, system)
        if system.host != "city":
            yield from _find_in_host(system)
    holding = {system.host for system in situation.declared.systems}
    holding |= {channel.vendor for channel in situation.declared.channels}
    for vendor in situation.declared.vendors:
        if vendor.id in holding:
            yield from _find_in_contracts(vendor, situation.today)


def _on(rule: Rule, spot: Spot, subject: str, message: str, state: str = "") -> Finding:
    return Finding(rule, spot, subject, message, state=state)


def _find_in_keys(situation: Situation, system: System) -> Iterator[Finding]:
    subject, highest, keys = f"system {system.id}", situation.highest_in(system), system.key_holder
    telling, at_home = highest.rank >= Reveals.STRONG.rank, system.host == "city"
    if telling and (keys in _OF_VENDORS or not at_home):
        rule = SHARED_KEYS if keys is KeyHolder.CITY else VENDOR_KEYS
        message = f"{system.id} {_lies_with(system)} and holds {highest} data; keys: {keys}."
        yield _on(rule, system.spot, subject, message, state=f"{highest};{keys}")
    elif keys is KeyHolder.UNKNOWN:
        yield _on(KEYS_UNKNOWN, system.spot, subject, f"{system.id} does not say who holds its keys.")


def _lies_with(system: System) -> str:
    return f"lies with {system.host}" if system.host else "does not say who runs it"


def _find_in_host(system: System) -> Iterator[Finding]:
    subject = f"system {system.id}"
    stated = (
        ("host", system.host),
        ("legal_entity", system.legal_entity),
        ("location", system.location),
        ("control_jurisdiction", system.control_jurisdiction),
    )
    if lacking := [name for name, value in stated if not value]:
        said = f"{system.id} {_lies_with(system)} and does not state {', '.join(lacking)}."
        yield _on(CONTROL_UNKNOWN, system.spot, subject, said, state=",".join(lacking))
    abroad = [place for place in system.location if place.partition("-")[0] not in _AT_HOME]
    if abroad:
        message = f"{system.id} lies in {', '.join(abroad)}."
        yield _on(ABROAD, system.spot, subject, message, state=",".join(abroad))


def _find_in_contracts(vendor: Vendor, today: date) -> Iterator[Finding]:
    subject = f"vendor {vendor.id}"
    current = [contract for contract in vendor.contracts if _is_in_force(contract, today)]
    if not current:
        ended = max((c.expires for c in vendor.contracts if c.expires), default=None)
        why = f"the last ended on {ended}" if ended and ended < today else _why_none(vendor)
        yield _on(
            NO_CONTRACT, vendor.spot, subject, f"{vendor.id} has no contract in force: {why}.", state=why
        )
    for contract in current:
        yield from _find_in_contract(vendor, contract, today)


def _find_in_contract(vendor: Vendor, contract: Contract, today: date) -> Iterator[Finding]:
    subject = f"contract {contract.id}"
    if contract.review is None or contract.review < today:
        when = f"was due on {contract.review}" if contract.review else "has no date"
        yield _on(REVIEW_DUE, contract.spot, subject, f"The review of {contract.id} {when}.", state=when)
    missing = [clause for clause in NEEDED if clause not in contract.clauses]
    if missing:
        said = "; ".join(f"{clause} ({CLAUSES[clause]})" for clause in missing)
        message = f"{contract.id} with {vendor.id} does not show: {said}."
        yield _on(CLAUSE_MISSING, contract.spot, subject, message, state=",".join(missing))


def _why_none(vendor: Vendor) -> str:
    undated = [contract.id for contract in vendor.contracts if contract.effective is None]
    if undated:
        return f"{undated[0]} names no first day"
    return "none has begun" if vendor.contracts else "none is declared"


def _is_in_force(contract: Contract, today: date) -> bool:
    begun = contract.effective is not None and contract.effective <= today
    return begun and (contract.expires is None or today <= contract.expires)
