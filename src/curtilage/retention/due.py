"""Which records have had their time: a series and the place that holds it become a condition, or a question.

Rules of this file:

* It is pure: it reads declarations and a day, and no system.
* What is not said is not guessed. Each thing that is missing is an :class:`Undecided` that names it; nothing
  of it can be planned.
* A record may go once its legal minimum is over. The city keeps it longer only for a reason that it gives;
  then until its own limit. The legal minimum is never undercut, whatever the city's limit says.
* The minimum binds the record copy. A duplicate may go earlier, where the record itself is declared.
* A row that two declarations claim goes when both let it go; where they contradict, a person decides.

Source:
    oar-166-200, record copy; tx-local-retention, minimum periods; sunlight-2017, minimize retention.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Final

from curtilage.connectors.disposal.conditions import Any, Condition, IsNull, OneOf, all_of
from curtilage.foundation.periods import Period
from curtilage.inventory.clause import parse_clause
from curtilage.inventory.nouns import Authority, Copy, Disposal, Disposition, Holding, Inventory, Series
from curtilage.inventory.shapes import NONE_GIVEN
from curtilage.inventory.terms import START, Clause, NeedsPerson, Part, Permanent, Span, Which, Whichever
from curtilage.retention.logic import (
    Sides,
    count_slack,
    earlier_of,
    is_given,
    is_over,
    later_of,
    only,
)
from curtilage.retention.nouns import Due, Undecided

REASONS: Final[Mapping[str, str]] = {
    "no-place": "The series does not say where its records lie (held_in).",
    "no-clause": "The series has no retention clause.",
    "clause-needs-a-person": "Its clause cannot be read to its last word.",
    "no-authority": "The series names no authority, schedule or item that authorises a destruction.",
    "authority-not-in-force": "The authority that adopts its schedule is not in force, or not shown to be.",
    "no-signer": "Nobody is named who agrees to a destruction (authorised_by).",
    "disposition": "What happens at the end is missing, or contradicts the clause.",
    "other-way": "The schedule transfers the records and held_in destroys them, or the other way round.",
    "appraisal": "The archives appraise these records first.",
    "no-trigger": "No column is named for an event from which the time runs (trigger).",
    "wrong-event": "The clause counts from another event than the series names.",
    "no-dispose": "Nothing says how the records go (dispose), or something that it needs is missing.",
    "no-record-copy": "It is a duplicate, and no place is declared that holds the record itself.",
    "two-claims": "Two declarations claim the same records, and differ.",
    "along": "Rows that would go along belong to a series that keeps them for ever, or cannot be decided.",
    "partition": "The table is not parted by the column from which the time runs.",
    "not-asked": "The system could not be asked.",
    "unfit": "The system does not have what is declared of it.",
    "no-day": "The day from which the time runs is missing, is none, or is a placeholder.",
}
"""Every code of :class:`Undecided`, with its meaning."""

_YEAR_END: Final = "end of calendar year of "


class _UndecidedError(Exception):
    """Carries the code and the sentence of what a person must decide, within this file."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of every series alike."""

    declared: Inventory
    today: date
    warn_days: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the time of one place is told from."""

    series: Series
    holding: Holding
    clause: Clause
    columns: Mapping[str, str]
    zone: str

    def sides(self, today: date) -> Sides | None:
        """Return whose time is over by the clause; None for nobody's ever."""
        found = [self._part(part, today) for part in self.clause.parts]
        return None if None in found else later_of([each for each in found if each is not None])

    def _part(self, part: Part, today: date) -> Sides | None:
        match part.term:
            case Permanent():
                return None
            case Whichever(which, spans):
                sides = [self.span(span, today) for span in spans]
                return later_of(sides) if which is Which.LATER else earlier_of(sides)
            case Span() as span:
                return self.span(span, today)

    def span(self, span: Span, today: date) -> Sides:
        """Return whose span is over."""
        event = span.event or START
        year_end = event not in self.columns and event.startswith(_YEAR_END)
        column = self.columns.get(event.removeprefix(_YEAR_END) if year_end else event)
        if column is None:
            raise _UndecidedError("no-trigger", f"No column of {self.holding.place} is named for {event!r}.")
        slack = count_slack(self.zone, today)
        return is_over(column, span.period, today, slack_days=slack, year_end=year_end)

    def limit(self, period: Period, today: date) -> Sides | None:
        """Return whom a length of the city's own has passed; None where it is not known from which day."""
        named = event_of(self.series.trigger)
        events = self.clause.list_events()
        only_one = next(iter(events)) if len(events) == 1 else ""
        column = self.columns.get(START) or self.columns.get(named) or self.columns.get(only_one)
        if column is None:
            return None
        return is_over(column, period, today, slack_days=count_slack(self.zone, today))


def weigh_all(
    declared: Inventory, today: date, *, warn_days: int = 0, only_series: str = ""
) -> tuple[tuple[Due, ...], tuple[Undecided, ...]]:
    """Return what is due in every place of every series, and what a person must decide.

    Args:
        declared: The whole inventory.
        today: Calendar date in the city's zone.
        warn_days: How many days ahead ``soon`` looks.
        only_series: Id of the one series to weigh; empty is all. Others still count where they claim the same records.

    Returns:
        What can be asked of the systems, and what cannot, both in the order of the files. A series that is
        kept for ever is in neither.
    """
    dues: list[Due] = []
    undecided: list[Undecided] = []
    question = _Question(declared, today, warn_days)
    for series in declared.series:
        found, open_ = _weigh_series(question, series)
        dues += found
        undecided += open_
    dues, claims = _settle_claims(declared, dues)
    undecided += claims
    wanted = {only_series} if only_series else {series.id for series in declared.series}
    return (
        tuple(due for due in dues if due.series.id in wanted),
        tuple(each for each in undecided if each.series in wanted),
    )


def _weigh_series(question: _Question, series: Series) -> tuple[list[Due], list[Undecided]]:
    if is_for_ever(series) and not any(each.copy is Copy.CONVENIENCE for each in series.held_in):
        return [], []
    try:
        clause = _check_series(question.declared, series, question.today)
    except _UndecidedError as stop:
        return [], [Undecided(series.id, "", stop.code, stop.reason)]
    dues, undecided = [], []
    for holding in series.held_in:
        try:
            due = _weigh_place(question, series, holding, clause)
        except _UndecidedError as stop:
            undecided.append(Undecided(series.id, holding.place, stop.code, stop.reason))
            continue
        if due is not None:
            dues.append(due)
    return dues, undecided


def _check_series(declared: Inventory, series: Series, today: date) -> Clause:
    """Return the clause of a series of which all is said that a destruction rests on."""
    if not series.held_in:
        raise _UndecidedError("no-place", f"{series.id} does not say where its records lie.")
    if isinstance(series.minimum, NeedsPerson):
        raise _UndecidedError(
            "clause-needs-a-person", f"The clause of {series.id} is not understood: {series.minimum.reason}"
        )
    if not isinstance(series.minimum, Clause):
        raise _UndecidedError("no-clause", f"{series.id} has no retention clause.")
    if lacking := [name for name in ("authority", "schedule", "item") if not said(series, name)]:
        raise _UndecidedError("no-authority", f"{series.id} does not name its {', '.join(lacking)}.")
    authority = find_authority(declared, series)
    if authority is None or not authority.is_current(today):
        raise _UndecidedError(
            "authority-not-in-force", f"The authority {series.authority} of {series.id} is not in force."
        )
    if not series.authorised_by:
        raise _UndecidedError("no-signer", f"{series.id} names nobody who agrees to a destruction.")
    return series.minimum


def said(series: Series, name: str) -> str:
    """Return what a series says under a key; empty where it says that there is none."""
    value = str(getattr(series, name))
    return "" if value == NONE_GIVEN else value


def find_authority(declared: Inventory, series: Series) -> Authority | None:
    """Return what adopts the schedule of a series; None where nothing is named."""
    return next((each for each in declared.authorities if each.id == series.authority), None)


def is_for_ever(series: Series) -> bool:
    """Return whether a series is kept permanently, by its clause or by what is declared."""
    parts = series.minimum.parts if isinstance(series.minimum, Clause) else ()
    return series.disposition is Disposition.PERMANENT or any(isinstance(p.term, Permanent) for p in parts)


def event_of(words: str) -> str:
    """Return the one name of an event that is said in words; the words themselves where they are none.

    >>> event_of("case is closed"), event_of("")
    ('case closed', '')
    """
    clause = parse_clause(f"Retain 1 day after {words}") if words else None
    events = clause.list_events() if isinstance(clause, Clause) else ()
    return events[0] if len(events) == 1 and events[0] != START else words


def _weigh_place(question: _Question, series: Series, holding: Holding, clause: Clause) -> Due | None:
    """Return what is due in one place; None where nothing ever is."""
    _check_ways(holding)
    columns = _columns_of(series, holding, clause)
    asked = _Asked(series, holding, clause, columns, question.declared.city.zone)
    today = question.today
    sides = _over(asked, today)
    if sides is None:
        return None
    try:
        soon = _over(asked, today + timedelta(days=question.warn_days))
    except OverflowError:  # beyond the calendar
        soon = sides
    assert soon is not None
    mine = _mine(holding)
    limit = asked.limit(series.city_maximum, today) if series.city_maximum else sides
    return Due(
        series,
        holding,
        today,
        only(mine, sides.so),
        only(mine, sides.not_so),
        only(mine, soon.so),
        only(mine, limit.so) if limit else None,
        next(iter(columns.values())),
        mine,
    )


def _mine(holding: Holding) -> Condition | None:
    """Return which rows of the place belong to the series, and still hold what is to go."""
    parts: list[Condition] = []
    if holding.outcome is not None:
        parts.append(OneOf(holding.outcome.column, holding.outcome.among))
    if holding.dispose is Disposal.CLEAR:
        parts.append(is_given(holding.clear))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else only(parts[0], parts[1])


def _over(asked: _Asked, today: date) -> Sides | None:
    """Return whose time is over in a place, the city's reasons and the kind of copy considered."""
    series, holding = asked.series, asked.holding
    if holding.copy is Copy.CONVENIENCE:
        return _over_for_copy(asked, today)
    _check_disposition(series, holding)
    sides = asked.sides(today)
    if sides is None or not (series.longer_reason and series.city_maximum):
        return sides
    limit = asked.limit(series.city_maximum, today)
    if limit is None:
        raise _UndecidedError(
            "no-trigger",
            f"No column of {holding.place} is named for the event from which the city's limit runs.",
        )
    return later_of([sides, limit])


def _over_for_copy(asked: _Asked, today: date) -> Sides | None:
    series, holding = asked.series, asked.holding
    if holding.keep is None:
        return None if is_for_ever(series) else asked.sides(today)
    if not any(each.copy is Copy.RECORD for each in series.held_in):
        raise _UndecidedError(
            "no-record-copy", f"{holding.place} is a duplicate, and {series.id} names no place of the record."
        )
    kept = asked.limit(holding.keep, today)
    if kept is None:
        raise _UndecidedError(
            "no-trigger", f"No column of {holding.place} is named from which the duplicate's time runs."
        )
    return kept


def _columns_of(series: Series, holding: Holding, clause: Clause) -> dict[str, str]:
    """Return the column of each event, by the event's one name, and of START where one column is enough."""
    given = dict(holding.triggers)
    if not given and series.trigger_column.rpartition(".")[0].lower() == holding.place.lower():
        given = {"": series.trigger_column.rpartition(".")[2]}
    if not given:
        raise _UndecidedError("no-trigger", f"{holding.place} names no column from which the time runs.")
    events = [event for event in clause.list_events() if event != START]
    named = event_of(series.trigger)
    if "" not in given:
        columns = {event_of(event): column for event, column in given.items()}
        if named in columns:
            columns.setdefault(START, columns[named])
        return columns
    if len(events) > 1:
        raise _UndecidedError(
            "no-trigger",
            f"The clause of {series.id} counts from {len(events)} events; name a column for each.",
        )
    if events and named and named not in {events[0], events[0].removeprefix(_YEAR_END)}:
        raise _UndecidedError(
            "wrong-event",
            f"The clause of {series.id} counts from {events[0]!r}, its trigger is {series.trigger!r}.",
        )
    names = {START, named, *events, *(event.removeprefix(_YEAR_END) for event in events)} - {""}
    # What runs from the end of the year is told from the day itself.
    return {name: given[""] for name in names if not name.startswith(_YEAR_END)}


# --- what is declared of the ways in which records go --------------------------------------------

_NEEDS: Final[Mapping[Disposal, tuple[str, ...]]] = {
    Disposal.CLEAR: ("clear",),
    Disposal.AGGREGATE: ("group_by", "count_into"),
    Disposal.DROP_PARTITION: ("partition",),
    Disposal.TRANSFER: ("to",),
    Disposal.DESTROY_KEY: ("key_name",),
}


def _check_ways(holding: Holding) -> None:
    if holding.dispose is None:
        raise _UndecidedError("no-dispose", f"Nothing says how the records in {holding.place} go.")
    lacking = [name for name in _NEEDS.get(holding.dispose, ()) if not getattr(holding, name)]
    if lacking:
        raise _UndecidedError(
            "no-dispose", f"{holding.place} is to go by {holding.dispose}, and lacks {', '.join(lacking)}."
        )
    if holding.keep is not None and holding.copy is Copy.RECORD:
        raise _UndecidedError(
            "no-dispose", f"{holding.place} has keep, which is for duplicates, and holds the record itself."
        )


def _check_disposition(series: Series, holding: Holding) -> None:
    """Refuse what would be destroyed although the schedule has something else in mind."""
    parts = series.minimum.parts if isinstance(series.minimum, Clause) else ()
    named = {part.disposition for part in parts if part.disposition}
    wanted = {series.disposition} - {None} | named
    if len(wanted) != 1:
        what = "names no disposition" if not wanted else "contradicts itself in what happens at the end"
        raise _UndecidedError("disposition", f"{series.id} {what}.")
    if Disposition.APPRAISE in wanted:
        raise _UndecidedError("appraisal", f"The archives appraise the records of {series.id} first.")
    transfers = holding.dispose is Disposal.TRANSFER
    if transfers != (Disposition.TRANSFER in wanted):
        raise _UndecidedError(
            "other-way",
            f"{series.id} is to {next(iter(wanted))}; {holding.place} is declared to {holding.dispose}.",
        )


# --- records that two declarations claim ---------------------------------------------------------


def _settle_claims(declared: Inventory, dues: Sequence[Due]) -> tuple[list[Due], list[Undecided]]:
    """Combine what is cleared and later deleted; refuse what two declarations claim otherwise."""
    every = [holding for series in declared.series for holding in series.held_in]
    by_id = {due.holding.id: due for due in dues}
    settled: list[Due] = []
    undecided: list[Undecided] = []
    for due in dues:
        others = [each for each in every if each.id != due.holding.id and claims_same(each, due.holding)]
        if any(
            not _goes_before(each, due.holding) and not _goes_before(due.holding, each) for each in others
        ):
            names = ", ".join(sorted({each.series for each in others}))
            reason = f"{due.holding.place} is claimed by {due.series.id} and {names}, for the same records."
            undecided.append(Undecided(due.series.id, due.holding.place, "two-claims", reason))
            continue
        first = [each for each in others if _goes_before(each, due.holding)]
        if any(each.id not in by_id for each in first):
            reason = (
                f"Columns of {due.holding.place} belong to a series that is not decided, or kept for ever."
            )
            undecided.append(Undecided(due.series.id, due.holding.place, "two-claims", reason))
            continue
        settled.append(_after(due, [by_id[each.id] for each in first]))
    return settled, undecided


def claims_same(one: Holding, other: Holding) -> bool:
    """Return whether two holdings may be about the same records; by outcome they may be kept apart."""
    if one.system.lower() != other.system.lower() or not _meet(one.within.lower(), other.within.lower()):
        return False
    if one.outcome is None or other.outcome is None:
        return True
    same_column = one.outcome.column.lower() == other.outcome.column.lower()
    return not same_column or bool({*one.outcome.among} & {*other.outcome.among})


def _meet(one: str, other: str) -> bool:
    return one == other or fnmatchcase(one, other) or fnmatchcase(other, one)


def _goes_before(cleared: Holding, deleted: Holding) -> bool:
    """Return whether one only clears columns of rows that the other takes out as a whole."""
    return cleared.dispose is Disposal.CLEAR and deleted.dispose is not Disposal.CLEAR


def _after(due: Due, cleared: Sequence[Due]) -> Due:
    """Let rows go only when the time of each column that goes with them is over, or the column is empty."""
    later = due.later
    for each in cleared:
        empty = _empty(each.holding)
        due = replace(
            due, due=only(due.due, Any((each.due, empty))), soon=only(due.soon, Any((each.soon, empty)))
        )
        later = Any((later, only(due.mine, each.later)))
    return replace(due, later=later)


def _empty(holding: Holding) -> Condition:
    return all_of(*(IsNull(column) for column in holding.clear))


def list_claimants(declared: Inventory, system: str, table: str) -> Iterator[Holding]:
    """Give the holdings that claim rows of a table, in the order of the files."""
    for series in declared.series:
        for holding in series.held_in:
            if holding.system == system and _meet(holding.within.lower(), table.lower()):
                yield holding
