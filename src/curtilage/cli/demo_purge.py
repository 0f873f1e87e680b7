"""The purge of the example city: a hold, a plan, two consents, the deletion, its certificate, and the check of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from curtilage.cli.retention_desk import Desk
    from curtilage.retention.carry_out import Result
    from curtilage.retention.nouns import Plan

CERTIFICATE: Final = "certificate.json"
PAGE: Final = "certificate.html"
HELD: Final = "the-boards-checkpoint.txt"
"""What stands for the copy that somebody other than the city holds."""

_HOLD: Final = "request-2017-31"
_SERIES: Final = "hsg-015"
_WAITING: Final = "hsg-014"
_FORGOTTEN: Final = "audit-2014-3"
_AUDITED: Final = "lib-002"
_WIDTH: Final = 96


@dataclass(frozen=True, slots=True)
class Purged:
    """What the purge of the example city came to.

    Attributes:
        due: Records whose time was over.
        held: Those that stay, for an open request for records.
        gone: Those that were deleted.
        left: What was found that should be gone; 0.
        certificate: Id of the certificate.
        until: The last day on which a backup may hold them; None where nobody knows.
        holds: Whether the certificate held against a checkpoint.
    """

    due: int
    held: int
    gone: int
    left: int
    certificate: str
    until: date | None
    holds: bool


def purge_example(folder: Path) -> Purged | None:
    """Carry one purge of the example city through from plan to proof; None where nothing has had its time.

    Effects:
        Deletes made-up records in the example city; writes its ledger, keys and certificate into ``folder``.
    """
    from curtilage.cli.retention_carry_out import carry_out_at
    from curtilage.cli.retention_desk import open_desk
    from curtilage.retention.carrying import Pace

    with open_desk(folder) as desk:
        _hold_one(desk)
        if _forget_one(desk):
            _plan(desk, _WAITING)  # nobody may agree to it: the city has named no records officer
        plan = _plan(desk, _SERIES)
        if not plan.rows:
            return None
        _agree(desk, plan)
        _, privacy = desk.officer("privacy")
        result = carry_out_at(desk, plan, privacy, Pace())
        return _certify(desk, plan, result)


def _hold_one(desk: Desk) -> None:
    """Place a hold for somebody's open request for records, as counsel does."""
    from curtilage.connectors.disposal.hashing import Hasher
    from curtilage.demo.databases import find_requester
    from curtilage.retention.events import HoldPlaced
    from curtilage.retention.holds import place_hold, read_holds
    from curtilage.retention.nouns import Scope

    if read_holds(desk.keeping.ledger).find(_HOLD):
        return
    _, counsel = desk.officer("attorney")
    name = find_requester(desk.folder / "databases")
    subject = Hasher(desk.keeping.subject_key).subject(name.unsafe_reveal())
    scope = Scope(series=frozenset({_SERIES}), subjects=frozenset({subject}))
    review = desk.today + timedelta(days=90)
    placed = HoldPlaced(
        _HOLD,
        "Request 2017-31",
        "records-request",
        "City Clerk",
        (_SERIES,),
        (),
        1,
        conditional=False,
        review=review,
    )
    place_hold(desk.keeping.ledger, placed, scope, by=counsel, kept_under=desk.settings.retention.scopes)


def _forget_one(desk: Desk) -> bool:
    """Place a hold that nobody looked at by its day, as `curtilage check` is to find; return whether it is new."""
    from curtilage.retention.events import HoldPlaced
    from curtilage.retention.holds import place_hold, read_holds
    from curtilage.retention.nouns import Scope

    if read_holds(desk.keeping.ledger).find(_FORGOTTEN):
        return False
    _, counsel = desk.officer("attorney")
    review = desk.today - timedelta(days=1)
    placed = HoldPlaced(
        _FORGOTTEN,
        "Audit 2014-3",
        "audit",
        "City Auditor",
        (_AUDITED,),
        (),
        0,
        conditional=False,
        review=review,
    )
    scope = Scope(series=frozenset({_AUDITED}))
    place_hold(desk.keeping.ledger, placed, scope, by=counsel, kept_under=desk.settings.retention.scopes)
    return True


def _plan(desk: Desk, series: str) -> Plan:
    from curtilage.retention.holds import read_holds
    from curtilage.retention.plan import make_plan
    from curtilage.retention.state import record_plan

    _, privacy = desk.officer("privacy")
    with desk.disposers() as systems:
        made = make_plan(
            desk.declared,
            read_holds(desk.keeping.ledger),
            systems.open,
            by=privacy.id,
            clock=desk.clock,
            settings=desk.settings.retention,
            only=(series,),
        )
    if made.rows:
        record_plan(desk.keeping.ledger, made, by=privacy)
    return made


def _agree(desk: Desk, plan: Plan) -> None:
    """Let the two officers whom the series names agree, each in their own role."""
    from curtilage.retention.authorise import find_role, give_consent
    from curtilage.retention.state import read_state

    expires = desk.today + timedelta(days=desk.settings.retention.consent_days)
    for name in ("privacy", "attorney"):
        officer, actor = desk.officer(name)
        state = read_state(desk.keeping.ledger, plan.id)
        give_consent(desk.keeping.ledger, state, find_role(state, officer), expires, by=actor)


def _certify(desk: Desk, plan: Plan, result: Result) -> Purged:
    """Sign the ledger, write the certificate, and check it as a stranger would."""
    from curtilage.cli.signers import open_signers, read_vkeys, sign_head
    from curtilage.foundation.files import write_atomically
    from curtilage.retention.paper import paper_to_bytes, read_paper
    from curtilage.retention.printing import render_certificate
    from curtilage.retention.proving import prove_certificate
    from curtilage.retention.verify import verify_paper

    certificate = result.certificate
    assert certificate is not None, [reason.code for reason in result.refusal]
    if not read_vkeys(desk.folder):
        open_signers(desk.folder, desk.settings, new=True)
    record = desk.keeping.ledger
    note = sign_head(desk.folder, desk.settings, record, desk.clock)
    paper = prove_certificate(record, record.store, certificate, note)
    write_atomically(desk.folder / HELD, note)
    write_atomically(desk.folder / CERTIFICATE, paper_to_bytes(paper))
    write_atomically(desk.folder / PAGE, render_certificate(paper).encode())
    verdict = verify_paper(read_paper((desk.folder / CERTIFICATE).read_bytes()), held=note)
    days = [each.until for line in certificate.lines for each in line.remains if each.until]
    return Purged(
        due=sum(item.due for item in plan.items),
        held=sum(line.held for line in certificate.lines),
        gone=certificate.disposed,
        left=sum(line.left for line in certificate.lines),
        certificate=certificate.id,
        until=max(days, default=None),
        holds=verdict.holds,
    )


def tell_purge(purged: Purged | None, folder: str, program: str) -> Iterator[str]:
    """Give the lines that tell of the purge.

    Args:
        purged: What it came to; None where nothing has had its time.
        folder: The city's folder, as the user would type it.
        program: The command, as the user would type it.
    """
    yield "What went on time"
    if purged is None:
        yield _fold("No record of rental assistance has had its time that is not held. Nothing was deleted.")
        yield ""
        return
    until = f", the last backup forgets them on {purged.until}" if purged.until else ""
    yield _fold(
        f"{purged.due:,} requests for rental assistance were past their time. {purged.held:,} of them "
        f"{'is held for an open request for records and stays' if purged.held == 1 else 'are held for open requests for records and stay'}. The privacy officer and counsel agreed to that very plan; "
        f"{purged.gone:,} went, {purged.left:,} were found again when asked{until}. The certificate "
        f"{'holds' if purged.holds else 'DOES NOT HOLD'} against a checkpoint that somebody else keeps."
    )
    yield f"  To read and print: {folder}/{PAGE}"
    yield f"  To check: {program} retention verify {folder}/{CERTIFICATE} --checkpoint {folder}/{HELD}"
    yield ""


def _fold(text: str) -> str:
    return fill(text, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
