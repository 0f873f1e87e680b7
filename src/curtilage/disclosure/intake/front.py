"""What a desk does in under a minute: record that somebody asked, and be told what to say.

Rules of this file:

* The case is recorded first, with words of closed lists only; that cannot fail for what somebody typed.
* Who asks, and what they said, is added after, sealed; it is never needed to get the script.
* Nothing is looked up about anybody.

Source:
    sunlight-2017, limit the discretion of individual employees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import MOVED, Acted, CaseDesk, act, open_case
from curtilage.disclosure.case.steps import Step
from curtilage.disclosure.intake.script import name_script
from curtilage.foundation.canonical import canonical_bytes
from curtilage.foundation.errors import UsageError
from curtilage.foundation.finding import Spot
from curtilage.foundation.guarded import Guarded
from curtilage.inventory.nouns import Officer

ASKER_PARTS: Final = ("name", "agency", "badge", "call_back")
"""What is kept, sealed, of who asks."""

FRONT_DESK: Final = "front desk"
"""Role of somebody at a desk whom ``city.yml`` does not name."""

LONGEST: Final = 20_000
"""Characters of one answer about who asks, or of what was asked; chosen: ten pages."""

_TRIES: Final = 5
"""Chosen: more people than ever act on one case within a second."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class BadDeskError(UsageError):
    """The name of a desk cannot be recorded."""

    code = "disclosure.bad-desk"

    def __init__(self) -> None:
        super().__init__(
            "The name given with --as is no officer of city.yml and no name of a desk. Nothing was recorded. "
            "Name your desk in small letters, digits and hyphens, such as housing-counter; nobody's name."
        )


class UnknownDepartmentError(UsageError):
    """The city declares no department of that id."""

    code = "disclosure.unknown-department"

    def __init__(self, *, known: tuple[str, ...]) -> None:
        self.known = known
        instead = f"Choose from: {', '.join(known)}." if known else "Declare it in inventory/departments."
        super().__init__(f"There is no department of that id. Nothing was recorded. {instead}")


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a request came, in words of closed lists.

    Attributes:
        channel: One of ``case.nouns.CHANNELS``.
        department: Id of the department where it arrived.
        paper: One of ``case.nouns.SEEN``: what kind of paper the desk saw.
        issuer: One of ``disclosure.nouns.ISSUERS`` as the desk heard it, or ``unknown``.
        danger: Whether somebody says that a life is in danger.
    """

    channel: str
    department: str
    paper: str
    issuer: str = "unknown"
    danger: bool = False


def find_person(desk: CaseDesk, name: str) -> Officer:
    """Return who records: an officer or a seat of the city, or else a desk, which only receives.

    Raises:
        BadDeskError: It is neither.
    """
    found = desk.now().find(name)
    if found is not None:
        return found
    if not _NAME.fullmatch(name):
        raise BadDeskError
    return Officer(name, FRONT_DESK, name, "", Spot("inventory/city.yml", 0))


def check_department(desk: CaseDesk, department: str) -> None:
    """Refuse a department that the city does not declare; a city without departments takes any id.

    Raises:
        UnknownDepartmentError: It declares others.
    """
    known = tuple(each.id for each in desk.declared.departments)
    if known and department not in known:
        raise UnknownDepartmentError(known=known)


def receive(desk: CaseDesk, arrival: Arrival, *, lang: str, by: Officer) -> Acted:
    """Record that somebody asked.

    Args:
        desk: The desk for cases.
        arrival: How it came.
        lang: Language of the script that is shown.
        by: Who records it.

    Raises:
        UnknownDepartmentError: The city declares departments, and not this one.

    Effects:
        Appends to the ledger.
    """
    check_department(desk, arrival.department)
    script = name_script(arrival.channel, arrival.paper, lang, danger=arrival.danger)
    said = ev.Received("", arrival.channel, arrival.department, arrival.issuer, arrival.paper, script)
    return open_case(desk, Step(said), by=by)


def add_details(
    desk: CaseDesk, case: str, *, asker: Mapping[str, str], words: str, by: Officer
) -> Acted | None:
    """Seal who asks and what was asked into a case; None where nothing is given.

    Args:
        desk: The desk for cases.
        case: Its id.
        asker: By :data:`ASKER_PARTS`; empty parts are left out.
        words: What was asked, as it was said or written; may be empty.
        by: Who records it.

    Raises:
        UndeclaredSeriesError: The series for what is about people is not declared; the case stands.

    Effects:
        Appends to the ledger.
    """
    parts = {name: asker[name][:LONGEST].strip() for name in ASKER_PARTS if asker.get(name, "").strip()}
    steps = []
    if parts:
        steps.append(attach_text(ev.ASKER, Guarded(canonical_bytes(parts).decode())))
    if words.strip():
        steps.append(attach_text(ev.WORDS, Guarded(words[:LONGEST].strip())))
    return add(desk, case, *steps, by=by) if steps else None


def add(desk: CaseDesk, case: str, *steps: Step, by: Officer) -> Acted:
    """Add papers or words to a case, whatever others do to it at the same moment: they only add.

    Args:
        desk: The desk for cases.
        case: Its id, or how that begins.
        steps: Of ``ev.Attached`` only.
        by: Who adds them.

    Effects:
        Appends to the ledger; tries again where somebody else was quicker.
    """
    acted = act(desk, case, *steps, by=by)
    for _ in range(_TRIES):
        if not any(reason.code == MOVED for reason in acted.reasons):
            break
        acted = act(desk, case, *steps, by=by)
    return acted


def attach_text(what: str, text: Guarded) -> Step:
    """Return the step that adds something in words to a case, sealed: ``asker`` or ``words``."""
    size = len(text.unsafe_reveal().encode())
    return Step(ev.Attached(what, "", size, 0, ()), {what: text})


def attach_paper(raw: bytes, media: str, *, pages: int, hints: tuple[str, ...]) -> Step:
    """Return the step that adds a paper to a case, sealed.

    Args:
        raw: Its bytes.
        media: Its media type.
        pages: How many pages; 0 where that is not known.
        hints: Ids of the rules that spoke.
    """
    from curtilage.disclosure.intake.paper import pack_paper

    return Step(ev.Attached(ev.PAPER, media, len(raw), pages, hints), {ev.PAPER: pack_paper(raw, media)})
