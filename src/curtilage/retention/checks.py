"""Findings about record series, as far as declarations tell: what has no end, and whose end is wrong.

Rules:

* The legal minimum is a floor that the city may not go under; the city's own maximum defaults to it.
* A clause that only a person can read sets no time: it is a finding, never a default.
* A limit that is shorter than the minimum from any day is shorter: 30 days are, for a month, in July.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from curtilage.foundation.finding import Finding, Rule, Severity
from curtilage.foundation.periods import DAYS_TO_COMPARE, Period
from curtilage.inventory.nouns import Disposition, Field, Necessity, Reveals, Series
from curtilage.inventory.terms import START, Clause, NeedsPerson, Permanent
from curtilage.retention import promises, recorded, worker
from curtilage.survey.situation import Situation

_ARTICLE: Final = "sunlight-2017, minimize retention"

NO_SERIES: Final = Rule(
    code="retention.no-series",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="Held data belongs to no record series",
    why="What belongs to no series has no end: it is kept until it is demanded, leaked or lost.",
    remedy="Assign a series from the adopted schedule.",
    source=_ARTICLE,
)
NO_CLAUSE: Final = Rule(
    code="retention.no-clause",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="A record series has no retention clause",
    why="Without a clause nothing says when the records may go.",
    remedy="Copy the clause from the adopted schedule into minimum.",
    source=_ARTICLE,
)
NEEDS_PERSON: Final = Rule(
    code="retention.clause-needs-a-person",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="A retention clause needs a person to read it",
    why="Nothing is deleted by guess, so records under this clause are never due.",
    remedy="Have the records officer restate the clause as durations and events.",
    source=_ARTICLE,
)
SHORTER: Final = Rule(
    code="retention.shorter-than-minimum",
    safeguard=3,
    severity=Severity.HIGH,
    title="The city's limit is shorter than the legal minimum",
    why="Destroying a record before its legal minimum is an offence in several states.",
    remedy="Raise city_maximum to the minimum, or cite the authority that shortens it.",
    source="tx-local-retention, minimum periods",
)
LONGER: Final = Rule(
    code="retention.longer-than-minimum",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="Records are kept longer than the law asks, without a reason",
    why="Each month beyond need is a month in which the record can be demanded, leaked or lost.",
    remedy="Lower city_maximum to the minimum, or write longer_reason.",
    source=_ARTICLE,
)
KEPT_FOR_EVER: Final = Rule(
    code="retention.telling-data-kept-for-ever",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="Telling data is kept permanently",
    why="A permanent record outlives the promise under which it was given.",
    remedy="Have the archivist confirm that the telling fields belong to the permanent record; otherwise separate them.",
    source=_ARTICLE,
)
NO_TRIGGER: Final = Rule(
    code="retention.no-trigger",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="Nothing says from which date the time runs",
    why="A period without a first day never ends.",
    remedy="Write trigger, and trigger_column with the column that holds its date.",
    source=_ARTICLE,
)
DISPOSITION: Final = Rule(
    code="retention.disposition-unclear",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="What happens at the end is missing or contradicts the clause",
    why="Destroying what should go to the archives cannot be undone; keeping what should go is no better.",
    remedy="Write the disposition that the schedule names.",
    source="oar-166-200, disposition",
)
UNSIGNED: Final = Rule(
    code="retention.nobody-signs",
    safeguard=3,
    severity=Severity.LOW,
    title="Nobody is named who authorises the destruction",
    why="Without a name it is either never done or done by whoever has access.",
    remedy="Write authorised_by with the roles that sign.",
    source="nyc-records-disposal, two offices consent",
)
NO_ITEM: Final = Rule(
    code="retention.no-schedule-item",
    safeguard=3,
    severity=Severity.LOW,
    title="A series does not name its schedule, item or authority",
    why="A certificate of destruction names the item that authorises it.",
    remedy="Write authority, schedule and item.",
    source="destruction-certificates, schedule and item number",
)
PAST_LIMIT: Final = Rule(
    code="retention.older-than-limit",
    safeguard=3,
    severity=Severity.MEDIUM,
    title="Records are older than the city's own limit",
    why="What should be gone can still be demanded, leaked or lost.",
    remedy="Ask the records officer whether a hold stands. If none does, plan their destruction under the schedule.",
    source=_ARTICLE,
)
RULES: Final = (
    PAST_LIMIT,
    NO_SERIES,
    NO_CLAUSE,
    NEEDS_PERSON,
    SHORTER,
    LONGER,
    KEPT_FOR_EVER,
    NO_TRIGGER,
    DISPOSITION,
    UNSIGNED,
    NO_ITEM,
    *promises.RULES,
    *recorded.RULES,
    *worker.RULES,
)
"""Those of ``recorded`` and ``worker`` are found in the ledger, which the door opens."""


def find(situation: Situation) -> Iterator[Finding]:
    """Give the findings about held fields, then about each series."""
    held: dict[str, list[Field]] = {}
    for _, field in situation.fields():
        if not field.stored_in or field.necessity in {Necessity.VERBAL, Necessity.PROHIBITED}:
            continue
        held.setdefault(field.series, []).append(field)
        if not field.series:
            yield Finding(
                NO_SERIES, field.spot, field.id, f"{field.id} is held and belongs to no record series."
            )
    for series in situation.declared.series:
        yield from _find_in_series(situation, series, held)
        yield from _find_past_limit(situation, series)
    yield from promises.find(situation.declared, situation.today)


def _find_in_series(
    situation: Situation, series: Series, held: Mapping[str, list[Field]]
) -> Iterator[Finding]:
    clause = series.minimum
    if isinstance(clause, Clause):
        yield from _find_in_limits(series, clause)
        yield from _find_in_ending(series, clause)
    elif isinstance(clause, NeedsPerson):
        message = f"The clause of {series.id} is not understood: {clause.reason} ({clause.rest!r})"
        yield _on(NEEDS_PERSON, series, message, state=series.minimum_text)
    else:
        yield _on(NO_CLAUSE, series, f"{series.id} has no retention clause.")
    telling = [f.id for f in held.get(series.id, ()) if situation.reveals(f).rank >= Reveals.STRONG.rank]
    if telling and _is_for_ever(series):
        message = f"{series.id} is permanent and holds {', '.join(telling)}."
        yield _on(KEPT_FOR_EVER, series, message, state=",".join(telling))
    in_places = bool(series.held_in) and all(holding.triggers for holding in series.held_in)
    if not (series.trigger and (series.trigger_column or in_places)) and not _is_for_ever(series):
        lacking = " and ".join(name for name in ("trigger", "trigger_column") if not getattr(series, name))
        yield _on(NO_TRIGGER, series, f"{series.id} has no {lacking}.", state=lacking)
    if not series.authorised_by and not _is_for_ever(series):
        yield _on(UNSIGNED, series, f"{series.id} names nobody in authorised_by.")
    if lacking := ", ".join(name for name in ("authority", "schedule", "item") if not getattr(series, name)):
        yield _on(NO_ITEM, series, f"{series.id} does not name its {lacking}.", state=lacking)


def _find_past_limit(situation: Situation, series: Series) -> Iterator[Finding]:
    """Compare the oldest date in the column that starts the time with the limit.

    The oldest record alone is judged; how many are past their time is for a plan to say, with holds.
    """
    oldest = situation.oldest_in(series.trigger_column) if series.trigger_column else None
    if oldest is None or _is_for_ever(series):
        return
    due = _due(series, oldest)
    if due and due < situation.today:
        years = (situation.today - due).days / 365.25
        message = (
            f"{series.id}: the oldest date in {series.trigger_column} is {oldest}, so the limit ended on {due}. "
            "A hold may stand; the survey does not know of holds."
        )
        yield _on(PAST_LIMIT, series, message, state=f"{years:.0f}")


def _due(series: Series, start: date) -> date | None:
    """Return when the time ends that began on a day: by the city's limit, else by the clause; None for no end."""
    try:
        if series.city_maximum is not None:
            return series.city_maximum.after(start)
        known = {START: start, series.trigger: start}
        if not isinstance(series.minimum, Clause) or set(series.minimum.list_events()) - set(known):
            return None
        due = series.minimum.due(known)
    except (OverflowError, ValueError):  # beyond the calendar
        return None
    return due if isinstance(due, date) else None


def _find_in_limits(series: Series, clause: Clause) -> Iterator[Finding]:
    if series.city_maximum is None:
        return
    limit, beyond = series.city_maximum, list(_days_beyond(clause, series.city_maximum))
    said, state = f"{series.id}: the clause says {clause}; the city's limit is {limit}", str(limit)
    if any(days < 0 for days in beyond):
        yield _on(SHORTER, series, f"{said}, which is shorter.", state=state)
    elif beyond and min(beyond) > 0 and not series.longer_reason:
        yield _on(LONGER, series, f"{said}, which is longer, and no reason is given.", state=state)


def _days_beyond(clause: Clause, limit: Period) -> Iterator[int]:
    """Give by how many days the limit outlasts the clause, for each day on which all its events may fall.

    Nothing where the clause has no end.
    """
    events = (START, *clause.list_events())
    for day in DAYS_TO_COMPARE:
        least = clause.due(dict.fromkeys(events, day))
        if isinstance(least, date):
            yield (limit.after(day) - least).days


def _find_in_ending(series: Series, clause: Clause) -> Iterator[Finding]:
    named = {part.disposition for part in clause.parts if part.disposition}
    permanent = any(isinstance(part.term, Permanent) for part in clause.parts)
    if series.disposition is None and not named and not permanent:
        yield _on(DISPOSITION, series, f"Neither {series.id} nor its clause says what happens at the end.")
    elif permanent and series.disposition is Disposition.DESTROY:
        yield _on(
            DISPOSITION, series, f"The clause of {series.id} keeps records for ever; it declares destroy."
        )
    elif len(named) == 1 and series.disposition and series.disposition not in named:
        said = next(iter(named))
        message = f"The clause of {series.id} says {said}; it declares {series.disposition}."
        yield _on(DISPOSITION, series, message, state=f"{said};{series.disposition}")


def _is_for_ever(series: Series) -> bool:
    parts = series.minimum.parts if isinstance(series.minimum, Clause) else ()
    return series.disposition is Disposition.PERMANENT or any(isinstance(p.term, Permanent) for p in parts)


def _on(rule: Rule, series: Series, message: str, *, state: str = "") -> Finding:
    return Finding(rule, series.spot, f"series {series.id}", message, state=state)
