"""Findings about what access logs show and no practice declares, or the other way round. Reads the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from curtilage.foundation.finding import Finding, Rule, Severity, Spot
from curtilage.inventory.nouns import Inventory
from curtilage.ledger.ports import Ledger
from curtilage.sharing.books import list_logs
from curtilage.sharing.nouns import (
    MASKED,
    NONE_GIVEN,
    NOT_KEPT,
    NOT_NAMED,
    NOT_RECORDED,
    OTHER,
    Difference,
)
from curtilage.sharing.reasons import load_reasons
from curtilage.sharing.reconcile import practices_of, reconcile

_ARTICLE: Final = "sunlight-2017, inventory each formal and informal practice"

RECIPIENT: Final = Rule(
    code="sharing.recipient-not-declared",
    safeguard=6,
    severity=Severity.HIGH,
    title="A log shows a recipient that no practice declares",
    why="Somebody is given residents' data, and nobody has said who, why and by what right.",
    remedy="Ask who opened this access. Declare it with its authority, or have it closed.",
    source="uwchr-2025, front, back and side doors",
)
PURPOSE: Final = Rule(
    code="sharing.purpose-not-declared",
    safeguard=6,
    severity=Severity.MEDIUM,
    title="A log shows a purpose that no practice declares",
    why="Access that was opened for one purpose is used for another, or nobody says for which.",
    remedy="Ask the recipients what for. Declare the purpose, or have such use ended; have a purpose asked for each time.",
    source=_ARTICLE,
)
GRAVE: Final = Rule(
    code="sharing.immigration-purpose",
    safeguard=6,
    severity=Severity.HIGH,
    title="A log shows access for immigration enforcement that no authority in force backs",
    why="Residents' data reaches immigration enforcement past the one procedure, often through another agency's account.",
    remedy="Have counsel read the log with the law of the place: what it forbids is closed, what it demands is declared with its authority.",
    source="uwchr-2025, front, back and side doors",
)
NOT_SEEN: Final = Rule(
    code="sharing.declared-not-seen",
    safeguard=6,
    severity=Severity.LOW,
    title="A practice is declared and its log does not show it",
    why="Either nobody uses the access, and it should end, or the log does not tell of it.",
    remedy="End the access, or find out where its use is logged.",
    source=_ARTICLE,
)
NOT_READ: Final = Rule(
    code="sharing.log-not-read",
    safeguard=6,
    severity=Severity.MEDIUM,
    title="An access log has not been compared for months",
    why="Standing access discloses all the time; only its log tells to whom.",
    remedy="Get the export from whoever runs the system, and read it: curtilage sharing import-log.",
    source=_ARTICLE,
)
NOBODY: Final = Rule(
    code="sharing.log-of-no-practice",
    safeguard=6,
    severity=Severity.HIGH,
    title="A log shows access that no practice declares at all",
    why="A way in which residents' data leaves is not in the inventory.",
    remedy="Declare the practice, and name the log in it.",
    source=_ARTICLE,
)
RULES: Final = (RECIPIENT, PURPOSE, GRAVE, NOT_SEEN, NOT_READ, NOBODY)

_BY_KIND: Final[Mapping[str, Rule]] = {
    "recipient": RECIPIENT,
    "purpose": PURPOSE,
    "grave-purpose": GRAVE,
    "not-seen": NOT_SEEN,
    "not-read": NOT_READ,
    "nobody-declares": NOBODY,
}
_MOST: Final = 20
"""Recipients of one log that are told one by one; the others in one finding. Chosen: what a person reads through."""


def find(declared: Inventory, ledger: Ledger, *, today: date) -> Iterator[Finding]:
    """Give the findings about access logs, log by log.

    Args:
        declared: The whole inventory.
        ledger: The city's ledger.
        today: Calendar date in the city's zone.

    Raises:
        EvidenceError: An entry cannot be read.
    """
    told: dict[str, int] = {}
    rest: dict[str, list[Difference]] = {}
    for each in reconcile(declared, list_logs(ledger), today=today):
        if each.kind == "recipient":
            told[each.log] = told.get(each.log, 0) + 1
            if told[each.log] > _MOST:
                rest.setdefault(each.log, []).append(each)
                continue
        yield _finding(declared, each)
    for log, others in rest.items():
        times = sum(each.count for each in others)
        message = (
            f"{len(others):,} further recipients in {log} are declared by no practice ({times:,} accesses)."
        )
        yield Finding(
            RECIPIENT, _spot(declared, log), f"log {log} further recipients", message, state=str(len(others))
        )


def _finding(declared: Inventory, each: Difference) -> Finding:
    rule, subject = _BY_KIND[each.kind], f"log {each.log} {each.what}".strip()
    return Finding(rule, _spot(declared, each.log, each.what), subject, say(each), state=_state(each))


def _state(each: Difference) -> str:
    """Return what reopens a finding that was set aside: ten times as much, or other recipients of a grave purpose."""
    named = ",".join(each.counts) if each.kind == "grave-purpose" else ""
    return f"{len(str(each.count))};{named}" if each.count else each.first


def _spot(declared: Inventory, log: str, practice: str = "") -> Spot:
    named = practices_of(declared, log)
    chosen = next((each for each in named if each.id == practice), named[0] if named else None)
    return chosen.spot if chosen else Spot("ledger", 0, f"log {log}")


_WORDS: Final[Mapping[str, str]] = {
    NOT_KEPT: "recipients whose text is no body's name",
    NOT_NAMED: "access by nobody who is named",
    MASKED: "recipients that the export masks",
}
_PURPOSES: Final[Mapping[str, str]] = {
    OTHER: "purposes that are not understood here",
    NONE_GIVEN: "access for which no purpose was given",
    NOT_RECORDED: "access of which it records no purpose",
    MASKED: "purposes that the export masks",
}


def say(each: Difference) -> str:
    """Return a difference as one sentence for people.

    >>> say(Difference("recipient", "plates", "Northfield PD", 3, "2026-04", "2026-05"))
    'plates shows Northfield PD, which no practice declares: 3 accesses, 2026-04 to 2026-05.'
    """
    times = f"{each.count:,} access{'' if each.count == 1 else 'es'}, {each.first}"
    times += f" to {each.last}" if each.last != each.first else ""
    reasons = load_reasons()
    match each.kind:
        case "recipient":
            who = _WORDS.get(each.what, each.what)
            return f"{each.log} shows {who}, which no practice declares: {times}."
        case "purpose":
            what = _PURPOSES.get(each.what, f"the purpose {say_purpose(each.what)}")
            return f"{each.log} shows {what}, which no practice declares: {times}."
        case "grave-purpose":
            title = reasons[each.what].title.lower()
            return f"{each.log} shows this purpose: {title}. {times}, by {_name_some(each.counts)}."
        case "not-seen":
            return f"{each.log} does not show {each.what}, which is declared, within a year."
        case "not-read":
            until = f" since {each.first}" if each.first else ""
            return f"{each.log}, which {', '.join(each.practices)} names, was not read{until}."
    return f"{each.log} shows {times}, and no practice names that log."


def say_purpose(purpose: str) -> str:
    """Return the id of a reason with its title, or the words that a practice declares."""
    reason = load_reasons().get(purpose)
    return f"{purpose} ({reason.title.lower()})" if reason else purpose


def _name_some(counts: Mapping[str, int]) -> str:
    names = list(counts)
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
