"""Where what access logs show and what practices declare part.

Rules of this file:

* A practice speaks for a log by naming it. Several practices may name one log: what any of them declares is declared.
* Nothing empty means yes: a practice that declares no purpose declares none, and every purpose seen is told. A
  ``*`` alone is as good as nothing.
* A grave reason (civil immigration enforcement, an immigration agency) is declared only by a practice that names it
  and cites an authority in force. What the law asks of a city differs by place; counsel reads it, not this file.
* What is older than a year is history, and no longer told: chosen, so that what a city ended can end here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from curtilage.foundation.periods import Period
from curtilage.inventory.nouns import Inventory, Practice
from curtilage.sharing.log import Declared
from curtilage.sharing.nouns import AccessLog, Difference, Use
from curtilage.sharing.reasons import compile_pattern, load_reasons

STANDING: Final = ("system-access", "network-sharing", "outbound-query", "data-broker")
"""Kinds of practices that share all the time, or whenever somebody asks: only a log tells how often."""

_YEARS: Final = 1
_STALE: Final = Period(months=2)
"""Chosen: a log is compared each month, and a month is left to get it."""


def practices_of(declared: Inventory, log: str) -> tuple[Practice, ...]:
    """Return the practices that name a log, in the order of the file."""
    return tuple(each for each in declared.practices if each.log == log)


def declare(practices: Iterable[Practice]) -> Declared:
    """Return what practices declare of the log that they name: recipients and purposes."""
    every = list(practices)
    recipients = [name for each in every for name in (each.recipients or (_literal(each.recipient),))]
    purposes = [purpose for each in every for purpose in each.purposes]
    return Declared(_list_telling(recipients), _list_telling(purposes))


def _list_telling(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return each pattern once, those that say nothing left out: ``*`` alone declares nobody."""
    return tuple(dict.fromkeys(each for each in patterns if any(map(str.isalnum, each))))


def _literal(recipient: str) -> str:
    """Return a recipient that is told in words for people; one that holds a star is no pattern."""
    return "" if "*" in recipient else recipient


def reconcile(declared: Inventory, logs: Sequence[AccessLog], *, today: date) -> tuple[Difference, ...]:
    """Compare every log with the practices that name it.

    Args:
        declared: The whole inventory.
        logs: What was read; see :func:`curtilage.sharing.books.list_logs`.
        today: Calendar date in the city's zone.

    Returns:
        The differences: log by log by name, the gravest first, the most frequent first.
    """
    by_name = {log.name: log for log in logs}
    named = {each.log for each in declared.practices if each.log}
    found: list[Difference] = []
    for name in sorted(by_name.keys() | named):
        log, practices = by_name.get(name, AccessLog(name)), practices_of(declared, name)
        found.extend(_compare(declared, log, practices, today))
    return tuple(found)


def _compare(
    declared: Inventory, log: AccessLog, practices: Sequence[Practice], today: date
) -> Iterator[Difference]:
    ids = tuple(each.id for each in practices)
    uses = log.list_uses(since=f"{today.year - _YEARS:04}-{today.month:02}")
    if not practices:
        if uses:
            yield _sum("nobody-declares", log.name, "", uses, ids)
        return
    yield from _find_grave(declared, log.name, practices, uses, today)
    said = declare(practices)
    yield from _find_undeclared("recipient", log.name, uses, said.recipients, ids)
    grave = {each.id for each in load_reasons().values() if each.grave}
    plain = [use for use in uses if use.purpose not in grave]
    yield from _find_undeclared("purpose", log.name, plain, said.purposes, ids)
    last = log.last
    if last is None or _STALE.after(last) < today:
        yield Difference("not-read", log.name, "", first=f"{last:%Y-%m-%d}" if last else "", practices=ids)
        return  # what a log does not tell of yet may still be used
    for practice in practices:
        patterns = [compile_pattern(name) for name in declare([practice]).recipients]
        if not any(pattern.fullmatch(use.recipient) for use in uses for pattern in patterns):
            yield Difference("not-seen", log.name, practice.id, practices=ids)


def _find_grave(
    declared: Inventory, log: str, practices: Sequence[Practice], uses: Sequence[Use], today: date
) -> Iterator[Difference]:
    current = {each.id for each in declared.authorities if each.is_current(today)}
    backed = {purpose for each in practices if each.authority in current for purpose in each.purposes}
    for reason in load_reasons().values():
        seen = [use for use in uses if use.purpose == reason.id]
        if reason.grave and seen and reason.id not in backed:
            yield _sum("grave-purpose", log, reason.id, seen, tuple(each.id for each in practices))


def _find_undeclared(
    kind: str, log: str, uses: Sequence[Use], declared: Sequence[str], practices: tuple[str, ...]
) -> Iterator[Difference]:
    patterns, seen = [compile_pattern(each) for each in declared], dict[str, list[Use]]()
    for use in uses:
        seen.setdefault(getattr(use, kind), []).append(use)
    undeclared = [
        _sum(kind, log, what, each, practices)
        for what, each in seen.items()
        if what not in declared and not any(pattern.fullmatch(what) for pattern in patterns)
    ]
    yield from sorted(undeclared, key=lambda each: (-each.count, each.what))


def _sum(kind: str, log: str, what: str, uses: Sequence[Use], practices: tuple[str, ...]) -> Difference:
    counts: dict[str, int] = {}
    for use in uses:
        counts[use.recipient] = counts.get(use.recipient, 0) + use.times
    months = sorted(use.month for use in uses)
    return Difference(
        kind,
        log,
        what,
        count=sum(counts.values()),
        first=months[0],
        last=months[-1],
        practices=practices,
        counts=dict(sorted(counts.items(), key=lambda each: (-each[1], each[0]))),
    )
