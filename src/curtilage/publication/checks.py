"""Findings about what residents are told of sharing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.foundation.finding import Finding, Rule, Severity
from curtilage.inventory.nouns import Force, Practice
from curtilage.survey.situation import Situation

WITHHELD: Final = Rule(
    code="publication.withheld-without-reason",
    safeguard=7,
    severity=Severity.MEDIUM,
    title="A practice is kept from the register without a dated reason",
    why="Residents cannot judge, or opt out of, what they are not told.",
    remedy="Publish it, or write withheld_reason and withheld_until.",
    source="sunlight-2017, publicly document all sharing",
)
NO_OPT_OUT: Final = Rule(
    code="publication.no-opt-out-stated",
    safeguard=7,
    severity=Severity.LOW,
    title="Whether residents can opt out is not stated",
    why="An opt-out that is not told is none.",
    remedy="Write opt_out: how, or 'none, because ...'.",
    source="sunlight-2017, tell people how to opt out",
)
RULES: Final = (WITHHELD, NO_OPT_OUT)


def find(situation: Situation) -> Iterator[Finding]:
    """Give the findings about practices, in the order of the file."""
    for practice in situation.declared.practices:
        yield from _find_in_practice(situation, practice)


def _find_in_practice(situation: Situation, practice: Practice) -> Iterator[Finding]:
    subject = f"practice {practice.id}"
    ended = practice.withheld_until is None or practice.withheld_until < situation.today
    if not practice.public and (not practice.withheld_reason or ended):
        why = "without a reason" if not practice.withheld_reason else "past the date of its reason"
        yield Finding(WITHHELD, practice.spot, subject, f"{practice.id} is not public, {why}.", state=why)
    if practice.public and not practice.opt_out and practice.force is not Force.MANDATORY:
        yield Finding(
            NO_OPT_OUT, practice.spot, subject, f"{practice.id} does not say whether residents can opt out."
        )
