"""Triage that lasts: a finding set aside stays aside, with a reason, until its end or until the place changes.

Dismissals live in ``triage.yml`` in the city's folder, so that they are reviewed like everything else
there. Rules:

* Each has a reason, a name, and an end of at most a year: nothing is set aside for ever.
* It belongs to a fingerprint, and remembers what the place looked like; when that changes it reopens.
* An entry that cannot be read dismisses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from curtilage.foundation.canonical import fingerprint
from curtilage.foundation.errors import DeclarationError, Problem, UsageError
from curtilage.foundation.files import write_atomically
from curtilage.foundation.finding import Finding

FILE: Final = "triage.yml"
LONGEST: Final = timedelta(days=366)

_HEADER: Final = """\
# Findings set aside. Written by `curtilage dismiss`; edit or delete entries by hand as you like.
# An entry ends by itself on its day, and when what was found there changes.
"""
CODES: Final[Mapping[str, str]] = {
    "triage.bad-entry": "A dismissal lacks a key, a day, or an end within a year.",
    "triage.not-a-list": "The file of dismissals is no list.",
    "triage.not-yaml": "The file of dismissals is no YAML.",
    "triage.unreadable": "The file of dismissals cannot be opened.",
}
"""Every code of a problem in ``triage.yml``, with its meaning."""

_KEYS: Final = ("fingerprint", "rule", "subject", "reason", "by", "dismissed", "until", "state")


@dataclass(frozen=True, slots=True)
class Dismissal:
    """One finding, set aside.

    Attributes:
        fingerprint: Of the finding.
        rule: Code of its rule, for readers.
        subject: Its subject, for readers.
        reason: Why, in a person's words. No resident's data belongs here.
        by: Who did it.
        dismissed: On which day, in the city's zone.
        until: Last day on which it holds.
        state: Hash of what was seen then.
    """

    fingerprint: str
    rule: str
    subject: str
    reason: str
    by: str
    dismissed: date
    until: date
    state: str


@dataclass(frozen=True, slots=True)
class Triaged:
    """A finding and what was said of it.

    Attributes:
        finding: The finding.
        open: Whether somebody has to act.
        why: For an open one that had been set aside: why it is open again; for a closed one, the
            reason that was given.
        dismissal: What was said, if anything.
    """

    finding: Finding
    open: bool
    why: str = ""
    dismissal: Dismissal | None = None


def state_of(finding: Finding) -> str:
    """Return a short hash of what was seen, which reopens the finding when it changes."""
    return fingerprint([finding.state])[:12]


def dismiss(finding: Finding, *, reason: str, by: str, today: date, until: date) -> Dismissal:
    """Return the dismissal of one finding; nothing is written.

    Raises:
        UsageError: No reason, nobody named, an end before today or beyond a year.
    """
    if len(reason.strip()) < 8:
        raise UsageError(
            "A reason that another reader understands is needed, eight letters at the least. Nothing was "
            "set aside. Add it: --reason 'removed in the June release'"
        )
    if not by.strip():
        raise UsageError("Nobody is named. Nothing was set aside. Add --by 'name or role'.")
    if not today <= until <= today + LONGEST:
        raise UsageError(
            f"The end {until} is not within a year from {today}. Nothing was set aside. "
            "Give --until a day within a year; it can be renewed."
        )
    rule, subject = finding.rule.code, finding.subject
    return Dismissal(
        finding.fingerprint, rule, subject, reason.strip(), by.strip(), today, until, state_of(finding)
    )


def triage(findings: Iterable[Finding], dismissals: Iterable[Dismissal], today: date) -> tuple[Triaged, ...]:
    """Return each finding with what was said of it, in the order given."""
    said = {dismissal.fingerprint: dismissal for dismissal in dismissals}
    return tuple(_weigh(finding, said.get(finding.fingerprint), today) for finding in findings)


def _weigh(finding: Finding, dismissal: Dismissal | None, today: date) -> Triaged:
    if dismissal is None:
        return Triaged(finding, open=True)
    if today < dismissal.dismissed:
        why = f"set aside from {dismissal.dismissed} on, which is still to come"
        return Triaged(finding, open=True, why=why, dismissal=dismissal)
    if dismissal.until < today:
        return Triaged(
            finding, open=True, why=f"set aside until {dismissal.until}, which is over", dismissal=dismissal
        )
    if dismissal.state != state_of(finding):
        return Triaged(finding, open=True, why="set aside, but the place has changed", dismissal=dismissal)
    return Triaged(finding, open=False, why=dismissal.reason, dismissal=dismissal)


def load_dismissals(city: Path) -> tuple[Dismissal, ...]:
    """Return what ``triage.yml`` says; nothing where there is no such file.

    Raises:
        DeclarationError: The file cannot be read; all problems at once.
    """
    path = city / FILE
    if not path.exists():
        return ()
    problems: list[Problem] = []
    found = [_read(line, entry, problems) for line, entry in _list_entries(path)]
    if problems:
        raise DeclarationError(problems)
    return tuple(dismissal for dismissal in found if dismissal)


def _list_entries(path: Path) -> list[tuple[int, object]]:
    """Return each entry with its line; every value is the text that stands there."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        if root is None:
            return []
        if isinstance(root, yaml.SequenceNode):
            reader = yaml.constructor.BaseConstructor()
            return [(node.start_mark.line + 1, reader.construct_document(node)) for node in root.value]
    except OSError as error:
        raise _refuse(
            0, f"It cannot be opened ({error.strerror}).", "Check its rights.", "unreadable"
        ) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        said = "This is not readable YAML."
        raise _refuse(mark.line + 1 if mark else 0, said, "Check brackets and quotes.", "not-yaml") from error
    raise _refuse(1, "A list of dismissals is expected.", "Begin each with '- '.", "not-a-list")


def _refuse(line: int, what: str, instead: str, code: str) -> DeclarationError:
    return DeclarationError([Problem(FILE, line, what, instead, f"triage.{code}")])


def _read(line: int, entry: object, problems: list[Problem]) -> Dismissal | None:
    try:
        return _dismissal(entry)
    except _BadEntryError as error:
        problems.append(Problem(FILE, line, error.what, error.instead, "triage.bad-entry"))
        return None


class _BadEntryError(Exception):
    """Ends the reading of one entry; never leaves this file."""

    def __init__(self, what: str, instead: str) -> None:
        self.what, self.instead = what, instead
        super().__init__(what)


def _dismissal(entry: object) -> Dismissal:
    if not isinstance(entry, Mapping):
        raise _BadEntryError("This is no dismissal.", f"Write the keys {', '.join(_KEYS)}.")
    said = {key: str(entry.get(key) or "").strip() for key in _KEYS}
    if missing := ", ".join(key for key, text in said.items() if not text):
        raise _BadEntryError(f"{missing} missing.", "Set it aside again with `curtilage dismiss`.")
    try:
        dismissed, until = (date.fromisoformat(said.pop(key)) for key in ("dismissed", "until"))
    except ValueError as error:
        raise _BadEntryError(
            "dismissed and until must be days of the calendar.", "Write them as 2017-02-22."
        ) from error
    if until - dismissed > LONGEST:
        raise _BadEntryError("It lasts longer than a year.", "Shorten until to a year at most.")
    return Dismissal(**said, dismissed=dismissed, until=until)


def save_dismissals(city: Path, dismissals: Iterable[Dismissal]) -> None:
    """Write ``triage.yml`` anew, whole or not at all.

    Effects:
        Replaces ``triage.yml`` in the city's folder.
    """
    entries: list[dict[str, Any]] = [
        {key: getattr(dismissal, key) for key in _KEYS}
        for dismissal in sorted(dismissals, key=lambda each: (each.rule, each.subject))
    ]
    body = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=110) if entries else ""
    write_atomically(city / FILE, (_HEADER + body).encode())
