"""A finding: a safeguard that is missing, where, why, and what to do.

Checks of every room give findings; triage, reports, oversight and publication are given them.
A finding says where, what kind, how many and why, and never a value from a record.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from curtilage.foundation.canonical import fingerprint


class Severity(StrEnum):
    """How soon somebody should act."""

    HIGH = "high"
    """A resident can be harmed, or the city breaks a rule that it cites."""

    MEDIUM = "medium"
    """A safeguard is missing or has run out."""

    LOW = "low"
    """Good order: a gap that will turn into one of the above."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a check looks for; the public page about it is made from this value.

    Attributes:
        code: ``ROOM.short-name``, stable for ever.
        safeguard: Number of the mission's safeguard, 1 to 10.
        severity: How soon to act when it is found.
        title: What is wrong, in under ten words.
        why: Why it matters to a resident, one or two sentences.
        remedy: What to do, one or two sentences, neutral before the law.
        source: Key in ``docs/sources.toml``, with the place in it.
    """

    code: str
    safeguard: int
    severity: Severity
    title: str
    why: str
    remedy: str
    source: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a finding points.

    Attributes:
        source: File or system, named as in ``Place.source``.
        line: 1-based line; 0 where there is none.
        locator: As in ``Place.locator``, or the id of a declared thing (``housing.intake.ssn``).
    """

    source: str
    line: int = 0
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule does not hold.

    Attributes:
        rule: The rule.
        spot: Where.
        subject: Stable id of what it is about (``housing.intake.ssn``, ``housing_db:people.ssn``);
            with the rule's code it makes the fingerprint, so it must outlive moved lines.
        message: What is wrong here, one or two sentences, without a value.
        remedy: What to do here; the rule's own remedy when empty.
        state: Short text of what was seen that, when it changes, reopens a dismissed finding
            (``category=ssn;type=varchar(9)``). Never a value.
    """

    rule: Rule
    spot: Spot
    subject: str
    message: str
    remedy: str = ""
    state: str = ""

    @property
    def fingerprint(self) -> str:
        """Return 16 hex digits that stay the same while rule and subject do."""
        return fingerprint([self.rule.code, self.subject])[:16]

    @property
    def advice(self) -> str:
        """Return what to do: here, or in general."""
        return self.remedy or self.rule.remedy
