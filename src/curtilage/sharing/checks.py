"""Findings about how data is shared, written down or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.foundation.finding import Finding, Rule, Severity
from curtilage.foundation.periods import Period
from curtilage.inventory.nouns import Force, Practice, Reveals
from curtilage.sharing import recorded
from curtilage.sharing.reconcile import STANDING
from curtilage.survey.situation import Situation

_ARTICLE: Final = "sunlight-2017, inventory each formal and informal practice"

NO_AUTHORITY: Final = Rule(
    code="sharing.no-authority",
    safeguard=6,
    severity=Severity.HIGH,
    title="Data is shared on no authority",
    why="Residents told the city; nobody has said by what right somebody else is told.",
    remedy="Cite the authority, or end the practice.",
    source=_ARTICLE,
)
AUTHORITY_ENDED: Final = Rule(
    code="sharing.authority-not-in-force",
    safeguard=6,
    severity=Severity.HIGH,
    title="Data is shared on an authority that is not in force",
    why="The law that the practice rests on has ended or has not begun.",
    remedy="Have counsel review the practice; stop it meanwhile where law allows.",
    source="sunlight-2017, review in light of legal change",
)
INFORMAL: Final = Rule(
    code="sharing.informal-telling-practice",
    safeguard=6,
    severity=Severity.HIGH,
    title="Telling or locating data is shared informally",
    why="A favour between offices has no limit, no record and no end.",
    remedy="Route each such request through the one procedure, or put the practice in writing with limits.",
    source="sunlight-2017, limit individual discretion",
)
NOT_STATED: Final = Rule(
    code="sharing.not-stated",
    safeguard=6,
    severity=Severity.MEDIUM,
    title="A practice leaves open what, to whom or how",
    why="What is left open cannot be reviewed or told to residents.",
    remedy="Complete the practice in practices.yml.",
    source=_ARTICLE,
)
REVIEW_DUE: Final = Rule(
    code="sharing.review-due",
    safeguard=6,
    severity=Severity.MEDIUM,
    title="A practice has not been reviewed",
    why="Recipients, laws and uses change; a practice that nobody looks at outlives its reason.",
    remedy="Review it with its owner and set the next date.",
    source="sunlight-2017, review in light of legal change",
)
UNUSED: Final = Rule(
    code="sharing.unused",
    safeguard=6,
    severity=Severity.LOW,
    title="A practice has not been used for a year",
    why="Access that nobody uses still lets data out.",
    remedy="End it, or say why it stays.",
    source=_ARTICLE,
)
ONWARD_UNKNOWN: Final = Rule(
    code="sharing.onward-unknown",
    safeguard=6,
    severity=Severity.MEDIUM,
    title="Where shared data goes from there is not known",
    why="A state system or a vendor may pass it on, to federal agencies too.",
    remedy="Ask the recipient, and write onward (or 'none', with who said so).",
    source="sunlight-2017, what can reach the federal government",
)
NO_LOG: Final = Rule(
    code="sharing.no-log",
    safeguard=6,
    severity=Severity.MEDIUM,
    title="Nobody compares the log of a standing access",
    why="An account, a network or a query of the city's own discloses all the time; only its log tells to whom and why.",
    remedy="Get its export each month, name the log in the practice, and read it: curtilage sharing import-log.",
    source="uwchr-2025, front, back and side doors",
)
RULES: Final = (
    NO_AUTHORITY,
    AUTHORITY_ENDED,
    INFORMAL,
    NOT_STATED,
    REVIEW_DUE,
    UNUSED,
    ONWARD_UNKNOWN,
    NO_LOG,
    *recorded.RULES,
)
"""Those of ``recorded`` are found in the ledger, which the door opens."""

_YEAR: Final = Period(years=1)


def find(situation: Situation) -> Iterator[Finding]:
    """Give the findings about sharing practices, in the order of the file."""
    for practice in situation.declared.practices:
        yield from _find_without_authority(situation, practice)
        if practice.formal is not True and _is_delicate(situation, practice):
            yield _on(
                INFORMAL, practice, f"{practice.id} is not formal, and what it shares states or locates."
            )
        if lacking := _list_lacking(practice):
            message = f"{practice.id} does not state {', '.join(lacking)}."
            yield _on(NOT_STATED, practice, message, state=",".join(lacking))
        if practice.review is None or practice.review < situation.today:
            when = f"was due on {practice.review}" if practice.review else "has no date"
            yield _on(REVIEW_DUE, practice, f"The review of {practice.id} {when}.", state=when)
        used = practice.last_used
        if used and used < situation.today and _YEAR.after(used) < situation.today:
            yield _on(UNUSED, practice, f"{practice.id} was last used on {practice.last_used}.")
        if not practice.onward:
            yield _on(ONWARD_UNKNOWN, practice, f"{practice.id} does not say where the data goes from there.")
        if practice.kind in STANDING and not practice.log:
            yield _on(NO_LOG, practice, f"{practice.id} names no access log.")


def _on(rule: Rule, practice: Practice, message: str, *, state: str = "") -> Finding:
    return Finding(rule, practice.spot, f"practice {practice.id}", message, state=state)


def _find_without_authority(situation: Situation, practice: Practice) -> Iterator[Finding]:
    authority = situation.authorities.get(practice.authority)
    if authority is None:
        yield _on(NO_AUTHORITY, practice, f"{practice.id} cites no authority.")
    elif not authority.is_current(situation.today):
        message = f"{practice.id} rests on {authority.id}, which is not in force."
        yield _on(AUTHORITY_ENDED, practice, message, state=authority.id)
    elif practice.force is Force.MANDATORY and authority.force is not Force.MANDATORY:
        message = f"{practice.id} is called mandatory; {authority.id} only permits it."
        yield _on(NO_AUTHORITY, practice, message, state=authority.id)


def _list_lacking(practice: Practice) -> list[str]:
    stated = (
        ("fields", practice.fields),
        ("recipient", practice.recipient),
        ("route", practice.route),
        ("formal", practice.formal is not None),
        ("force", practice.force),
        ("frequency", practice.frequency),
        ("owner", practice.owner),
    )
    return [name for name, value in stated if not value]


def _is_delicate(situation: Situation, practice: Practice) -> bool:
    """A practice that does not say what it shares counts as delicate."""
    fields = {field.id: field.category for _, field in situation.fields()}
    if not practice.fields:
        return True
    for named in practice.fields:
        category = situation.categories.get(fields.get(named, named))
        if category is None or category.locator_information or category.reveals.rank >= Reveals.STRONG.rank:
            return True
    return False
