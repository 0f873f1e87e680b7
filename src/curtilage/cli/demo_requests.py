"""The five outside requests of the example city, each from the desk to its answer, by the rooms that a city uses.

An administrative warrant at a counter, a judge's warrant with a narrow scope, an administrative subpoena with a
return date, a records request, an emergency in the night. Nobody at a desk answers one of them.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from curtilage.cli.demo_requests_told import Requests, tell_case
from curtilage.foundation.errors import CurtilageError

if TYPE_CHECKING:
    from curtilage.cli.disclosure_case_desk import Room
    from curtilage.disclosure.case.desk import Acted
    from curtilage.disclosure.case.events import Data
    from curtilage.disclosure.case.nouns import Case
    from curtilage.disclosure.case.steps import Step

FOLDER: Final = "requests"
"""Where papers, letters, keys and packages of the example lie, in the city's folder."""

COUNSELS_KEY: Final = f"{FOLDER}/counsels-key.pem"
"""Counsel's key; a real city's counsel keeps it where nobody else comes."""

COURTS_KEY: Final = f"{FOLDER}/the-courts-key.txt"
"""The private half of the recipient's key, which only a recipient has; here the example plays the recipient, too."""

PAPER: Final = f"{FOLDER}/paper-at-the-counter.txt"

_DAYS_TO_ANSWER: Final = 14
_WARRANT: Final = """\
U.S. DEPARTMENT OF HOMELAND SECURITY          Warrant for Arrest of Alien
File No. EXAMPLE
To: Any immigration officer authorized pursuant to sections 236 and 287 of the Immigration and Nationality Act
I have determined that there is probable cause to believe that the person named is removable.
(Signature of Authorized Immigration Officer)
Form I-200
This paper is made up, and names nobody.
"""


def answer_example_requests(folder: Path) -> Requests:
    """Answer the five requests, unless they stand in the ledger already; return what became of them.

    Effects:
        Writes keys, letters and packages into ``folder``, and appends to its ledger.
    """
    from curtilage.cli.disclosure_case_desk import open_case_desk
    from curtilage.disclosure.case.state import list_cases

    with open_case_desk(folder) as room:
        if not list_cases(room.desk.ledger):
            try:
                _activate(room)
            except CurtilageError as error:
                return Requests((), missing=str(error))
            for answer in (_counter, _order, _subpoena, _records, _emergency):
                answer(room)
        cases = sorted(list_cases(room.desk.ledger), key=lambda case: case.received)
        return Requests(tuple(map(tell_case, cases)), _open_package(folder, cases))


# ---- The rules that decide --------------------------------------------------------------------------


def _activate(room: Room) -> None:
    """Sign the packs as counsel, prove the set, and let it decide."""
    from curtilage.cli.disclosure_desk import open_packs
    from curtilage.disclosure.policy.signatures import KEYS, sign_pack
    from curtilage.disclosure.proof.activate import carry_out, plan_activation
    from curtilage.disclosure.proof.audit import audit, open_prover
    from curtilage.encryption.age import read_recipients
    from curtilage.encryption.signing import make_key
    from curtilage.foundation.files import write_atomically
    from curtilage.ledger.keys import key_of

    folder, now, today = room.city.folder, room.desk.clock.now(), room.city.today
    packs = open_packs(folder, ())
    # Packs out of their time and libraries that are not installed stop here, before anything is signed.
    open_prover(room.rules()[0].rules)
    read_recipients(_make_recipient(folder))
    signer = make_key(folder / COUNSELS_KEY)
    for pack in packs:
        until = min(today + timedelta(days=300), pack.expires)
        sign_pack(folder, pack, "counsel.rivermark", signer, now=now, today=today, until=until)
    write_atomically(folder / KEYS, f"{key_of('counsel.rivermark', signer).to_vkey()}\n".encode())
    policies, _ = room.rules()
    planned = plan_activation(policies, list(audit(open_prover(policies.rules), policies.names)))
    carry_out(planned, room.desk.ledger, by=room.city.officer("attorney")[1])


def _make_recipient(folder: Path) -> str:
    """Return the court's public key; its private half is written for the reader of the example, who plays the court."""
    from curtilage.encryption.age import NoAgeError
    from curtilage.foundation.files import write_atomically

    try:
        import pyrage
    except ImportError as error:
        raise NoAgeError from error
    identity = pyrage.x25519.Identity.generate()
    (folder / FOLDER / "outgoing").mkdir(parents=True, exist_ok=True)
    public = str(identity.to_public())
    write_atomically(folder / COURTS_KEY, f"# public key: {public}\n{identity}\n".encode())
    return public


def _court(folder: Path) -> str:
    return (folder / COURTS_KEY).read_text("utf-8").split()[3]


# ---- Five requests -----------------------------------------------------------------------------------


def _counter(room: Room) -> None:
    """An officer shows an administrative warrant at the housing counter: declined, in writing."""
    from curtilage.cli.city import find_limits
    from curtilage.cli.papers import read_paper
    from curtilage.disclosure.case import events as ev
    from curtilage.disclosure.intake.front import attach_paper, find_person
    from curtilage.disclosure.intake.hints import read_hints
    from curtilage.foundation.files import write_atomically

    raw = _WARRANT.encode()
    write_atomically(room.city.folder / PAPER, raw)
    reading = read_hints(read_paper(raw, find_limits(room.city.folder)), today=room.city.today)
    hints = tuple(hint.rule for hint in reading.hints)
    case = _receive(room, "counter", "agency", issuer="immigration-agency")
    desk = find_person(room.desk, "housing-counter")
    _act(room, case, attach_paper(raw, "text/plain", pages=1, hints=hints), by=desk.id)
    paper = _paper("i-200", civil=True, hints=hints)
    _act(
        room,
        case,
        ev.Identified("immigration-agency", "immigration-officer", "unknown", "none"),
        by="privacy",
    )
    _act(room, case, paper, *_asked(status="yes", locator="yes", motion_pending="no"), by="attorney")
    _rule(room, case)
    _write(room, case, "decline", ev.Refused)
    _act(room, case, ev.Closed("refused"), by="privacy")


def _order(room: Room) -> None:
    """A judge's warrant names one person and three fields: planned, approved by two, released to the court."""
    from curtilage.disclosure.case import events as ev

    name, year = _somebody(room)
    case = _receive(room, "counter", "court", issuer="court")
    _act(room, case, _paper("judicial-warrant", today=room.city.today, names=[name]), by="privacy")
    _act(room, case, ev.Identified("court", "judge", "yes", "clerk-of-court"), by="privacy")
    _act(room, case, *_asked(locator="yes", motion_pending="no", in_force="yes"), by="attorney")
    period = {"since": f"{year}-01-01", "until": f"{year}-12-31"}
    _narrow(room, case, [name], ["full_name", "phone", "case_no"], period, matched=True, by="attorney")
    _act(room, case, ev.Confirmed("order"), by="attorney")
    _rule(room, case)
    _release(room, case, planner="privacy", approvers=("releaser", "attorney"), releaser="releaser")


def _subpoena(room: Room) -> None:
    """An immigration subpoena with a return date: what it asks for is kept, and counsel objects in writing by then."""
    from curtilage.disclosure.case import events as ev
    from curtilage.disclosure.preserve import make_hold, preserve
    from curtilage.retention.nouns import Scope

    due = room.city.today + timedelta(days=_DAYS_TO_ANSWER)
    case = _receive(room, "paper", "agency", issuer="immigration-agency")
    paper = _paper("i-138", civil=True, today=room.city.today, due=due)
    _act(room, case, paper, by="privacy")
    _act(room, case, ev.Identified("immigration-agency", "agency-official", "yes", "call-back"), by="privacy")
    _act(room, case, *_asked(status="yes", locator="yes", motion_pending="no", in_force="yes"), by="attorney")
    days, scope = room.city.settings.retention.review_days, Scope(series=frozenset({"hsg-014"}))
    found = room.case(case)
    held = make_hold(found, scope, today=room.city.today, review_days=days)
    kept = room.city.settings.retention.scopes
    by = room.person("attorney")
    _check(preserve(room.desk, found, held, scope, by=by, review_days=days, kept_under=kept))
    _act(room, case, ev.Assigned("attorney"), by="privacy")
    _rule(room, case)
    _write(room, case, "object", lambda used: ev.Objected(used, due))


def _records(room: Room) -> None:
    """Somebody asks for a public record that the city does not hold, and is told so."""
    from curtilage.disclosure.case import events as ev

    case = _receive(room, "portal", "none", issuer="public", department="library")
    _act(room, case, _paper("records-request"), by="privacy")
    _act(room, case, ev.Identified("public", "nobody", "yes", "call-back"), by="privacy")
    _act(room, case, *_asked(public_record="yes", exempt_fields="no", motion_pending="no"), by="attorney")
    _rule(room, case)
    _write(room, case, "no-such-record", lambda used: ev.Answered("no-such-record", used))
    _act(room, case, ev.Closed("no-such-record"), by="privacy")


def _emergency(room: Room) -> None:
    """The fire department calls at night: a supervisor releases one telephone number; the review stands open."""
    from curtilage.disclosure.case import events as ev

    name, _ = _somebody(room, after=1)
    case = _receive(room, "phone", "none", issuer="state-or-local-agency", danger=True)
    _act(room, case, _paper("emergency-request", names=[name]), by="supervisor")
    _act(room, case, ev.Identified("state-or-local-agency", "nobody", "yes", "call-back"), by="supervisor")
    _act(room, case, *_asked(locator="yes"), by="supervisor")
    review = room.desk.clock.now() + timedelta(hours=room.city.settings.disclosure.review_hours)
    _narrow(room, case, [name], ["phone"], "none named", by="supervisor")
    _act(room, case, ev.ExigentOpened("fire", True, True, review), by="supervisor")
    _rule(room, case, by="supervisor", confirmed=False)
    _release(room, case, planner="privacy", approvers=("supervisor",), releaser="supervisor")


# ---- Steps that several take --------------------------------------------------------------------------


def _receive(
    room: Room, channel: str, seen: str, *, issuer: str, department: str = "housing", danger: bool = False
) -> str:
    """Record at a desk that somebody asked, as anybody there does; return the case's id."""
    from curtilage.disclosure.intake.front import Arrival, find_person, receive

    desk = find_person(room.desk, f"{department}-counter")
    arrival = Arrival(channel, department, seen, issuer, danger)
    return _check(receive(room.desk, arrival, lang="en", by=desk)).id


def _paper(instrument: str, *, civil: bool = False, names: list[str] | None = None, **given: Any) -> Step:
    """Return the step that says what a paper is."""
    from curtilage.disclosure.case import events as ev
    from curtilage.disclosure.case.steps import Step
    from curtilage.foundation.guarded import Guarded

    today, names = given.get("today"), names or []
    said = ev.Classified(
        instrument=instrument,
        form="",
        revision="",
        issued=today and today - timedelta(days=2),
        served=today,
        return_by=given.get("due"),
        civil_immigration=civil,
        custody="city",
        holder="other",
        gag=False,
        subjects=len(names),
        hints=given.get("hints", ()),
    )
    return Step(said, {ev.SUBJECTS: Guarded(json.dumps(names))} if names else {})


def _asked(**changed: str) -> list[Data]:
    """Return what people state of the facts: only other information is asked, unless said otherwise."""
    from curtilage.disclosure.case import events as ev

    said = {"status": "no", "locator": "no", "other_personal": "yes"} | changed
    return [ev.FactStated(fact, word) for fact, word in said.items()]


def _narrow(
    room: Room,
    case: str,
    names: list[str],
    columns: list[str],
    period: Any,
    *,
    by: str,
    matched: bool = False,
) -> None:
    """Say how far an answer goes."""
    from curtilage.disclosure.case import events as ev
    from curtilage.disclosure.case.steps import Step
    from curtilage.disclosure.release.scope import read_scope
    from curtilage.foundation.canonical import canonical_bytes
    from curtilage.foundation.guarded import Guarded

    line = {"in": "housing_db.applicants", "about": names, "fields": columns}
    scope = read_scope(json.dumps({"period": period, "records": [line]}).encode())
    said = ev.Narrowed(scope.subjects, scope.fields, scope.systems, scope.since, scope.until)
    step = Step(said, {ev.SCOPE: Guarded(canonical_bytes(scope.to_json()).decode())})
    more = [ev.FactStated("scope", "matched")] if matched else []
    _act(room, case, step, *more, by=by)


def _rule(room: Room, case: str, *, by: str = "privacy", confirmed: bool = True) -> None:
    """Ask policy, and have counsel confirm the answer by name."""
    from curtilage.disclosure.case import events as ev
    from curtilage.disclosure.case.desk import rule

    policies, active = room.rules()
    _check(rule(room.desk, case, policies, active, by=room.person(by)))
    if confirmed:
        _act(room, case, ev.Confirmed("outcome"), by="attorney")


def _release(room: Room, case: str, *, planner: str, approvers: tuple[str, ...], releaser: str) -> None:
    """Plan, have the plan approved, and write the package, encrypted to the court."""
    from curtilage.cli.disclosure_release import open_releasing
    from curtilage.disclosure.release.carry_out import carry_out
    from curtilage.disclosure.release.desk import approve, pick_role, plan_release

    folder = room.city.folder
    planned = plan_release(open_releasing(room, planner), case, [_court(folder)])
    assert planned.plan is not None, [reason.text for reason in planned.reasons]
    for name in approvers:
        role = pick_role(room.case(case), room.person(name))
        _check(approve(open_releasing(room, name), case, planned.plan.id, role))
    left = carry_out(open_releasing(room, releaser), case, planned.plan.id, folder / FOLDER / "outgoing")
    assert left, [reason.text for reason in left.reasons]


def _write(room: Room, case: str, kind: str, sent: Any) -> None:
    """Write the letter that a case needs, keep it sealed with the case, and record that it was sent."""
    from curtilage.disclosure.case import events as ev
    from curtilage.disclosure.case.steps import Step
    from curtilage.disclosure.letters.fill import fill as fill_in
    from curtilage.disclosure.letters.fill import gather
    from curtilage.disclosure.letters.render import render_text
    from curtilage.disclosure.letters.templates import find_template, load_templates
    from curtilage.foundation.files import write_atomically
    from curtilage.foundation.guarded import Guarded

    found = room.case(case)
    template = find_template(load_templates(room.city.folder), kind, instrument=found.instrument, lang="en")
    letter = fill_in(template, gather(found, room.desk.declared, today=room.city.today, lang="en"))
    text = render_text(letter)
    write_atomically(room.city.folder / FOLDER / f"{kind}.txt", text.encode())
    _act(room, case, Step(sent(letter.used), {ev.LETTER: Guarded(text)}), by="attorney")


def _act(room: Room, case: str, *steps: Step | Data, by: str) -> None:
    from curtilage.disclosure.case.desk import act
    from curtilage.disclosure.intake.front import find_person

    _check(act(room.desk, case, *steps, by=find_person(room.desk, by)))


def _check(acted: Acted) -> Case:
    assert acted.case is not None, [reason.text for reason in acted.reasons]
    assert acted, [reason.text for reason in acted.reasons]
    return acted.case


def _somebody(room: Room, after: int = 0) -> tuple[str, int]:
    """Return the name of a made-up applicant, and the year in which the case was closed."""
    from curtilage.demo.databases import find_applicant

    name, closed = find_applicant(room.city.folder / "databases", after=after)
    return name.unsafe_reveal(), closed.year


def _open_package(folder: Path, cases: list[Case]) -> int | None:
    """Open the package of the judge's warrant as its recipient does; return how many records it holds.

    Only here, where the example plays the court, and only in memory.
    """
    ids = [case.id for case in cases if case.instrument == "judicial-warrant" and case.gone]
    found = [path for each in ids for path in (folder / FOLDER / "outgoing").glob(f"release-{each}-*.age")]
    if not found:
        return None
    try:
        import pyrage
    except ImportError:
        return None
    identity = pyrage.x25519.Identity.from_str((folder / COURTS_KEY).read_text("utf-8").split()[4])
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(found[0].read_bytes(), [identity]))) as package:
        return sum(
            package.read(name).decode().count("\n") - 1
            for name in package.namelist()
            if name.endswith(".csv")
        )
