"""Findings about outside requests that the ledger tells of: what waits, what stands half done, and by which rules.

Rules of this file:

* A finding names a case by its id and says what is open, never who asked or about whom. Of a case that is counsel's
  alone it says no more than that.
* Times that have passed, notices and reviews are found by :mod:`curtilage.disclosure.times.reminders`, reports that
  nobody handed in by :mod:`curtilage.disclosure.reports.handed_in`.
* A city that never received a request and activated no rules has no finding here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.proof.activate import Activation
from curtilage.disclosure.reports.handed_in import NOT_HANDED_IN
from curtilage.disclosure.times import reminders
from curtilage.foundation.finding import Finding, Rule, Severity, Spot

_ARTICLE: Final = "sunlight-2017, limit the discretion of individual employees"
_DAY: Final = timedelta(days=1)
"""Chosen: by the next day somebody knows that a request is theirs."""
_AHEAD: Final = timedelta(days=30)
"""Chosen: counsel needs weeks to read a pack anew."""
_YEAR: Final = timedelta(days=365)

NO_RULES: Final = Rule(
    code="disclosure.no-active-rules",
    safeguard=8,
    severity=Severity.HIGH,
    title="Requests arrive and no set of rules decides",
    why="Without rules in force nothing can be answered but by whoever stands there, or not at all.",
    remedy="Counsel signs the packs; then prove and activate the set: curtilage disclosure activate.",
    source=_ARTICLE,
)
OTHER_RULES: Final = Rule(
    code="disclosure.rules-changed",
    safeguard=8,
    severity=Severity.HIGH,
    title="The rules are not those that were activated",
    why="A case is decided by activated rules alone; until then every request is refused, also what law compels.",
    remedy="Look at what changed, prove it and activate it, or put the activated rules back.",
    source=_ARTICLE,
)
PACK_ENDS: Final = Rule(
    code="disclosure.pack-ends",
    safeguard=8,
    severity=Severity.MEDIUM,
    title="A pack of law ends soon, or has ended",
    why="A pack out of its time decides nothing: every request waits for counsel.",
    remedy="Counsel reads the law anew and signs the pack for another year.",
    source="sunlight-2017, review in light of legal change",
)
UNSIGNED: Final = Rule(
    code="disclosure.pack-not-signed",
    safeguard=8,
    severity=Severity.HIGH,
    title="A pack of law is not signed by counsel as it is today",
    why="What nobody read decides nothing: every request is refused, also what law compels.",
    remedy="Counsel reads what changed in the pack and signs it: curtilage disclosure sign-pack.",
    source="sunlight-2017, review in light of legal change",
)
BY_OTHER_RULES: Final = Rule(
    code="disclosure.decided-by-other-rules",
    safeguard=8,
    severity=Severity.MEDIUM,
    title="An open case was decided by rules that no longer stand",
    why="What was right by them may not be by today's.",
    remedy="Decide the case anew: curtilage disclosure rule.",
    source=_ARTICLE,
)
NOBODY: Final = Rule(
    code="disclosure.nobody-answers",
    safeguard=8,
    severity=Severity.MEDIUM,
    title="Nobody answers for a request",
    why="A request that is nobody's is answered by whoever is asked next, or misses its time.",
    remedy="Assign it to an officer: curtilage disclosure assign.",
    source=_ARTICLE,
)
HELD: Final = Rule(
    code="disclosure.hold-not-looked-at",
    safeguard=8,
    severity=Severity.MEDIUM,
    title="Nobody looked at the hold of a case by its day",
    why="What is held for ever is neither answered nor refused.",
    remedy="Counsel looks whether its ground still stands, and lifts it or gives it another day.",
    source=_ARTICLE,
)
VENDOR: Final = Rule(
    code="disclosure.vendor-not-answered",
    safeguard=4,
    severity=Severity.MEDIUM,
    title="A vendor was served, and no word to the vendor is recorded",
    why="The vendor will answer by its own date, with the city's data, unless the city takes it up.",
    remedy="Counsel tells the vendor what the city does, and records it: curtilage disclosure notify.",
    source="contract-reading-list, notice of legal process",
)
UNFINISHED: Final = Rule(
    code="disclosure.release-unfinished",
    safeguard=8,
    severity=Severity.HIGH,
    title="A release was begun and did not come to its end",
    why="Nobody knows whether a package was handed out.",
    remedy="Run the same release again: it goes on, or says that it is done.",
    source=_ARTICLE,
)
IMPROPER: Final = Rule(
    code="disclosure.improper-release",
    safeguard=8,
    severity=Severity.HIGH,
    title="A review found that an emergency release was improper",
    why="What left cannot be called back; whoever it is about may need to know, and the next one must not happen.",
    remedy="Have the oversight body say what follows, with counsel: notice, training, a change of the rules.",
    source="curtilage-disclosure-table, emergencies",
)
RULES: Final = (
    NO_RULES,
    OTHER_RULES,
    PACK_ENDS,
    UNSIGNED,
    BY_OTHER_RULES,
    NOBODY,
    HELD,
    VENDOR,
    UNFINISHED,
    IMPROPER,
    NOT_HANDED_IN,
    *reminders.RULES,
)
"""All of them are found in the ledger, which the door opens."""


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """By which rules a city decides, beside what its files hold today.

    Attributes:
        active: The activated set; None where none is.
        files: Hash of the set that the files select today; empty where they cannot be read here.
        ends: Id and last day of each pack of the files.
        unsigned: Ids of the packs of the files that counsel has not signed as they are.
    """

    active: Activation | None
    files: str = ""
    ends: tuple[tuple[str, date], ...] = ()
    unsigned: tuple[str, ...] = ()


def find(cases: Sequence[Case], rules: RulesInForce, *, now: datetime, today: date) -> Iterator[Finding]:
    """Give the findings about a city's rules and cases, but for those about times.

    Args:
        cases: Every case.
        rules: By which rules it decides.
        now: UTC.
        today: Calendar date in the city's zone.
    """
    if not cases and rules.active is None:
        return
    yield from _find_in_rules(rules, today)
    for case in cases:
        if case.is_open:
            yield from _find_in_open(case, rules.active, now, today)
        if case.releasing:
            yield _on(UNFINISHED, case, "has a release without an outcome", state=case.releasing[:12])
        stated = case.emergency
        if stated and stated.finding == "improper" and stated.reviewed and now - stated.reviewed < _YEAR:
            yield _on(IMPROPER, case, "was released in an emergency, improperly as its review found")


def _find_in_rules(rules: RulesInForce, today: date) -> Iterator[Finding]:
    spot = Spot("inventory/city.yml", 0, "packs")
    if rules.active is None:
        yield Finding(NO_RULES, spot, "active rules", "No set of rules was ever activated.")
    elif rules.files and rules.files != rules.active.policies:
        message = f"Active is the set {rules.active.policies[:12]}; the files select {rules.files[:12]}."
        yield Finding(OTHER_RULES, spot, "active rules", message, state=rules.files[:12])
    for pack in rules.unsigned:
        yield Finding(UNSIGNED, spot, f"pack {pack} signature", f"Pack {pack} is not signed as it is today.")
    for pack, last in rules.ends:
        if last - today <= _AHEAD:
            word = "ended" if last < today else "ends"
            yield Finding(PACK_ENDS, spot, f"pack {pack}", f"Pack {pack} {word} on {last}.", state=str(last))


def _find_in_open(case: Case, active: Activation | None, now: datetime, today: date) -> Iterator[Finding]:
    if not case.officer and now - case.received > _DAY:
        yield _on(NOBODY, case, "has nobody who answers for it")
    for hold in case.holds:
        if hold.until and hold.until < today:
            yield _on(
                HELD, case, f"is held ({hold.ground}), to be looked at by {hold.until}", state=str(hold.until)
            )
    is_vendors = (case.custody == "vendor" or case.instrument == "vendor-process") and not case.is_sealed
    if is_vendors and now - case.last > _DAY and not any(each.whom == "vendor" for each in case.notices):
        yield _on(VENDOR, case, "was served on a vendor, whom nobody told what the city does")
    if active and case.ruling and not case.gone and case.ruling.policy_hash != active.policies:
        yield _on(
            BY_OTHER_RULES, case, "was decided by rules that are not active", state=active.policies[:12]
        )


def _on(rule: Rule, case: Case, what: str, *, state: str = "") -> Finding:
    said = "is counsel's alone: counsel looks at it" if case.is_sealed else what
    spot = Spot("ledger", 0, f"disclosure/case-{case.id}")
    return Finding(rule, spot, f"case {case.id}", f"Case {case.id} {said}.", state=state)
