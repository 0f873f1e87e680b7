"""Findings about what the city cites: authorities that have run out or that nobody answers for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from curtilage.foundation.finding import Finding, Rule, Severity
from curtilage.foundation.periods import Period
from curtilage.inventory.nouns import Authority, Inventory

EXPIRED: Final = Rule(
    code="inventory.expired-authority",
    safeguard=1,
    severity=Severity.HIGH,
    title="Authority is no longer in force",
    why="What a program asks on the strength of a rule that has ended, it asks without one.",
    remedy="Have counsel review it: renew the citation, or stop what depends on it.",
    source="sunlight-2017, review in light of legal change",
)
NOT_YET: Final = Rule(
    code="inventory.authority-not-yet-in-force",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="Authority is cited that is not shown to be in force",
    why="Before its effective date, or without one, nothing may rest on it.",
    remedy="State or correct the effective date in authorities.yml, or do not begin before it.",
    source="sunlight-2017, review in light of legal change",
)
UNREVIEWED: Final = Rule(
    code="inventory.authority-without-reviewer",
    safeguard=6,
    severity=Severity.LOW,
    title="Nobody has reviewed this authority within a year",
    why="Law changes; a citation that nobody answers for is a guess.",
    remedy="Name the reviewer in authorities.yml and the day of the review.",
    source="chicago-2-173-030, annual review of forms",
)
RULES: Final = (EXPIRED, NOT_YET, UNREVIEWED)

_YEAR: Final = Period(years=1)


def find(declared: Inventory, today: date) -> Iterator[Finding]:
    """Give the findings about authorities, in the order of the file.

    Args:
        declared: The whole inventory.
        today: Calendar date in the city's zone.
    """
    cited = _count_citations(declared)
    for authority in declared.authorities:
        uses = cited.get(authority.id, 0)
        if authority.expires and authority.expires < today:
            yield _finding(EXPIRED, authority, f"expired on {authority.expires}", uses)
        elif authority.effective is None and uses:
            yield _finding(NOT_YET, authority, "names no day from which it is in force", uses)
        elif authority.effective and today < authority.effective and uses:
            yield _finding(NOT_YET, authority, f"takes effect on {authority.effective}", uses)
        if lacking := _why_unreviewed(authority, today):
            yield _finding(UNREVIEWED, authority, lacking, uses)


def _why_unreviewed(authority: Authority, today: date) -> str:
    if authority.reviewed is None:
        return "has no review"
    if today < authority.reviewed:
        return f"is said to be reviewed on {authority.reviewed}, which is still to come"
    if not authority.reviewer:
        return "names nobody who reviewed it"
    return f"was last reviewed on {authority.reviewed}" if _YEAR.after(authority.reviewed) < today else ""


def _finding(rule: Rule, authority: Authority, what: str, uses: int) -> Finding:
    said = f"{authority.citation or authority.id} {what}; {uses} declarations rest on it."
    return Finding(rule, authority.spot, f"authority {authority.id}", said, state=what)


def _count_citations(declared: Inventory) -> dict[str, int]:
    cited: dict[str, int] = {}
    ids = [
        *(field.authority for field in declared.list_fields()),
        *(program.authority for program in declared.list_programs()),
        *(purpose.authority for program in declared.list_programs() for purpose in program.purposes),
        *(series.authority for series in declared.series),
        *(practice.authority for practice in declared.practices),
    ]
    for found in ids:
        cited[found] = cited.get(found, 0) + 1
    return cited
