"""What a check found, as one value that every format is rendered from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from curtilage.foundation.finding import Finding, Rule, Severity
from curtilage.foundation.place import PassedOver
from curtilage.safeguards.baseline import Known, is_known
from curtilage.safeguards.run import SAFEGUARDS
from curtilage.safeguards.triage import Triaged
from curtilage.survey.nouns import Observation


@dataclass(frozen=True, slots=True)
class Standing:
    """How one safeguard stands.

    Attributes:
        number: 1 to 10.
        title: Its name.
        high: Open findings of that severity; likewise ``medium`` and ``low``.
        aside: Findings set aside.
        ruled: Whether any check speaks for it yet; a safeguard without checks is never green.
    """

    number: int
    title: str
    high: int
    medium: int
    low: int
    aside: int
    ruled: bool

    @property
    def open(self) -> int:
        """Return the number of open findings."""
        return self.high + self.medium + self.low


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one rule, open or set aside."""

    rule: Rule
    triaged: tuple[Triaged, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found in a city on one day.

    Attributes:
        city: The city's name.
        today: The day of the check, in the city's zone.
        surveyed: When the survey was taken, UTC; None where there is none.
        triaged: Every finding, gravest first, with what was said of it.
        known: Findings left out because a baseline holds them.
        rules: Every rule that was checked.
        places: Questions and columns that were looked at.
        not_read: What could not be read.
    """

    city: str
    today: date
    surveyed: datetime | None
    triaged: tuple[Triaged, ...]
    known: int
    rules: tuple[Rule, ...]
    places: int
    not_read: tuple[PassedOver, ...]

    @property
    def open(self) -> tuple[Triaged, ...]:
        """Return the findings on which somebody has to act."""
        return tuple(each for each in self.triaged if each.open)

    @property
    def aside(self) -> tuple[Triaged, ...]:
        """Return the findings that are set aside."""
        return tuple(each for each in self.triaged if not each.open)

    def count(self, severity: Severity) -> int:
        """Return the number of open findings of one severity."""
        return sum(each.finding.rule.severity == severity for each in self.open)

    def standings(self) -> tuple[Standing, ...]:
        """Return how each of the ten safeguards stands."""
        return tuple(self._stand(number) for number in SAFEGUARDS)

    def groups(self) -> tuple[Group, ...]:
        """Return the open findings by rule, gravest first, the most frequent first among equals."""
        found: dict[str, list[Triaged]] = {}
        for each in self.open:
            found.setdefault(each.finding.rule.code, []).append(each)
        groups = [Group(triaged[0].finding.rule, tuple(triaged)) for triaged in found.values()]
        order = list(Severity)
        return tuple(
            sorted(groups, key=lambda group: (order.index(group.rule.severity), -len(group.triaged)))
        )

    def _stand(self, number: int) -> Standing:
        mine = [each for each in self.triaged if each.finding.rule.safeguard == number]
        count = {s: sum(e.open and e.finding.rule.severity is s for e in mine) for s in Severity}
        return Standing(
            number,
            SAFEGUARDS[number],
            high=count[Severity.HIGH],
            medium=count[Severity.MEDIUM],
            low=count[Severity.LOW],
            aside=sum(not each.open for each in mine),
            ruled=any(rule.safeguard == number for rule in self.rules),
        )


def make_report(
    *,
    city: str,
    today: date,
    observation: Observation | None,
    triaged: Iterable[Triaged],
    baseline: Known,
    rules: tuple[Rule, ...],
) -> Report:
    """Put together what was found; findings that ``baseline`` knows are only counted."""
    everything = tuple(triaged)
    shown = tuple(each for each in everything if not is_known(each.finding, baseline))
    return Report(
        city=city,
        today=today,
        surveyed=observation.taken if observation else None,
        triaged=shown,
        known=len(everything) - len(shown),
        rules=rules,
        places=observation.tally.places if observation else 0,
        not_read=observation.passed_over if observation else (),
    )


def finding_row(each: Triaged) -> dict[str, object]:
    """Return one finding as a flat mapping, the same in JSON, JSON lines and tables."""
    finding: Finding = each.finding
    return {
        "fingerprint": finding.fingerprint,
        "code": finding.rule.code,
        "severity": str(finding.rule.severity),
        "safeguard": finding.rule.safeguard,
        "source": finding.spot.source,
        "line": finding.spot.line,
        "locator": finding.spot.locator,
        "subject": finding.subject,
        "message": finding.message,
        "remedy": finding.advice,
        "open": each.open,
        "why": each.why,
    }
