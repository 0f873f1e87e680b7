"""The one path by which anything leaves: read, encrypt, record, and only then give the package its name.

1. Nobody else carries the same case out: a lock by name, across processes and machines.
2. What was recorded as released is finished, never made again: the very bytes get their name, or it says so.
3. Who may, the ruling, holds and approvals are weighed on the case as it stands; policy is asked anew.
4. The plan is made anew, at one moment of each system; it must be, to its fingerprint, the one that was approved.
5. The intent is recorded. Then the records are read, at that same moment, and go encrypted into a hidden file.
6. The outcome is recorded with the hash of that file: weighed again, so that a hold that came meanwhile stops it.
7. The file gets its name, in one step of the file system.

A kill between two of these leaves either nothing but a hidden file that nobody can open, or what step 2
finishes. What is given up after its intent is recorded as stopped, and the hidden file is destroyed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from curtilage.connectors.retrieval.ports import Retriever
from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import Acted
from curtilage.disclosure.case.leaving import weigh_leaving
from curtilage.disclosure.case.nouns import Case, Gone
from curtilage.disclosure.case.roles import roles_of
from curtilage.disclosure.case.state import read_case
from curtilage.disclosure.case.steps import Step, weigh
from curtilage.disclosure.release.desk import Releasing, open_scope, read_plan, record
from curtilage.disclosure.release.nouns import ReleasePlan
from curtilage.disclosure.release.package import PlanMissedError, make_package
from curtilage.disclosure.release.plan import Ingredients, make_plan, reading
from curtilage.disclosure.release.reach import Draft
from curtilage.encryption.age import SealedFile, seal_stream
from curtilage.foundation.files import NotWrittenError
from curtilage.retention.nouns import Permission, Reason

_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Left:
    """What came of a release: true, asked as a truth, where the package is there and recorded.

    Attributes:
        case: The case afterwards.
        path: The package; None where there is none.
        digest: SHA-256 of the package, 64 hex digits; empty where there is none.
        is_again: Whether it had been made before, and nothing was made now.
        reasons: Why nothing left.
    """

    case: Case
    path: Path | None = None
    digest: str = ""
    is_again: bool = False
    reasons: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        """Return whether the package is there."""
        return self.path is not None and not self.reasons


def carry_out(release: Releasing, case: str, plan: str, out: Path) -> Left:
    """Release what a plan says, into a folder.

    Args:
        release: What a release needs; ``release.by`` hands it out.
        case: Id of the case, or how it begins.
        plan: Id of the plan, as it was approved.
        out: Folder for the package; must be there.

    Raises:
        UnknownCaseError: There is no such case.
        UndecidedError: A place is no more as the scope or the inventory says.
        SourceError: A system does not answer. The intent stands; run it again.
        EvidenceError: The plan or the scope is not what was recorded.
        NotWrittenError: The folder cannot be written.

    Effects:
        Reads from the city's systems; writes one encrypted file into ``out``; appends to the ledger.
    """
    found = read_case(release.desk.ledger, case)
    with release.desk.ledger.only_one(f"disclosure-release-{found.id}") as alone:
        if not alone:
            text = "Somebody else carries this release out at this moment. Wait, and look at the case."
            return Left(found, reasons=(Reason("taken", text),))
        found = read_case(release.desk.ledger, found.id)
        gone = next((each for each in found.gone if each.plan == plan), None)
        return _finish(release, found, gone, out) if gone else _begin(release, found, plan, out)


def part_of(path: Path) -> Path:
    """Return the hidden file that becomes a package; only ever encrypted bytes stand in it."""
    return path.with_name(f".{path.name}.part")


def _begin(release: Releasing, case: Case, plan: str, out: Path) -> Left:
    """Weigh, make the plan anew, and go on to the package."""
    now = release.desk.now()
    step = Step(ev.ReleaseIntended(plan, _package_name(case, plan)))
    allowed = weigh(case, step, release.by, now)
    if allowed:
        allowed = release.still(case)
    if not allowed:
        is_lasting = not weigh_leaving(case, now) or not release.still(case)
        return _give_up(release, case, allowed.reasons) if is_lasting else Left(case, reasons=allowed.reasons)
    approved = read_plan(release, case)
    path = out / approved.package
    if path.exists():
        text = f"{path.name} is there already, and the ledger does not know it. Look whose it is, and move it away."
        return Left(case, reasons=(Reason("in-the-way", text),))
    return _make(release, case, approved, path)


def _make(release: Releasing, case: Case, plan: ReleasePlan, path: Path) -> Left:
    """Make the plan anew and, at the same moment of the systems, the encrypted file; then record and name it."""
    given = Ingredients(
        case, open_scope(release, case), release.desk.declared, plan.recipients, plan.day, plan.expires
    )
    drafts = given.drafts()
    if isinstance(drafts, Permission):
        return _give_up(release, case, drafts.reasons)
    try:
        with _hidden(path) as part, reading(drafts, release.opener) as systems:
            fresh = make_plan(given, drafts, systems)
            if isinstance(fresh, Permission) or fresh.id != plan.id:
                return _give_up(release, case, _say_changed(fresh, plan))
            begun = record(release, case.id, ev.ReleaseIntended(plan.id, path.name))
            if not begun or begun.case is None:
                return Left(begun.case or case, reasons=begun.reasons)
            case = begun.case
            sealed = _seal(plan, drafts, systems, part)
    except PlanMissedError as error:
        return _give_up(release, case, (Reason(error.code, str(error)),))
    return _name(release, case, plan, path, sealed)


def _name(release: Releasing, case: Case, plan: ReleasePlan, path: Path, sealed: SealedFile) -> Left:
    """Record the outcome, and give the file its name.

    Where it is not known whether the outcome was recorded, the hidden file stays: the next run finds out.
    """
    said = ev.Released(
        plan=plan.id,
        package_hash=sealed.digest,
        subjects=case.plan.subjects if case.plan else 0,
        rows=plan.rows,
        fields=plan.count_tables(),
        left_out=plan.count_left_out(),
    )
    # To read may have taken a while: policy is asked once more, as the holds and approvals are by the desk.
    standing = read_case(release.desk.ledger, case.id)
    against = (*weigh_leaving(standing, release.desk.now()).reasons, *release.still(standing).reasons)
    acted = Acted(standing, against) if against else record(release, case.id, said)
    if not acted or acted.case is None:
        part_of(path).unlink(missing_ok=True)
        return _give_up(release, acted.case or case, acted.reasons)
    _rename(part_of(path), path)
    return Left(acted.case, path, sealed.digest)


def _finish(release: Releasing, case: Case, gone: Gone, out: Path) -> Left:
    """Give what was recorded as released its name, where a kill came between; never make it again."""
    if case.ruling is None or case.ruling.role not in roles_of(release.by):
        text = f"Your role is {release.by.role}. It is handed out by whoever releases."
        return Left(case, reasons=(Reason("not-your-role", text),))
    path = out / _package_name(case, gone.plan)
    if hash_file(path) == gone.package_hash:
        return Left(case, path, gone.package_hash, is_again=True)
    if path.exists():
        text = f"{path.name} is not the package that was recorded. Nothing is made a second time; tell oversight."
        return Left(case, reasons=(Reason("other-package", text),))
    if hash_file(part_of(path)) == gone.package_hash:
        _rename(part_of(path), path)
        return Left(case, path, gone.package_hash, is_again=True)
    text = (
        f"It was released on {gone.at:%Y-%m-%d}, and the package is not in this folder. Name the folder where it was "
        "made. Nothing is made a second time: where it is lost, open a new case."
    )
    return Left(case, reasons=(Reason("not-here", text),))


def _give_up(release: Releasing, case: Case, reasons: tuple[Reason, ...]) -> Left:
    """Record that a release that was begun is given up, where one was; and say why."""
    if case.releasing:
        stopped = record(release, case.id, ev.ReleaseStopped(case.releasing, reasons[0].code))
        case = stopped.case or case
    return Left(case, reasons=reasons)


def _say_changed(fresh: ReleasePlan | Permission, plan: ReleasePlan) -> tuple[Reason, ...]:
    if isinstance(fresh, Permission):
        return fresh.reasons
    before = {line.place: line for line in plan.lines}
    places = [line.place for line in fresh.lines if line != before.get(line.place)]
    where = f" in {', '.join(places)}" if places else ""
    text = f"What would leave is not what was approved: something changed{where}. Plan it again, and have it approved."
    return (Reason("plan-changed", text),)


def _package_name(case: Case, plan: str) -> str:
    return f"release-{case.id}-{plan[:12]}.zip.age"


def _seal(
    plan: ReleasePlan, drafts: Sequence[Draft], systems: Mapping[str, Retriever], part: Path
) -> SealedFile:
    """Write the encrypted file, durably."""
    pieces = make_package(plan, drafts, systems)
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            sealed = seal_stream(pieces, file, plan.recipients)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise NotWrittenError(path=part, why=error.strerror or "unknown") from error
    return sealed


@contextmanager
def _hidden(path: Path) -> Iterator[Path]:
    """Give the hidden file's path, with none there before, and none afterwards where an error came.

    What an earlier run left is destroyed: it was never recorded, so it never left.
    """
    part = part_of(path)
    try:
        part.unlink(missing_ok=True)
    except OSError as error:
        raise NotWrittenError(path=part, why=error.strerror or "unknown") from error
    try:
        yield part
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _rename(part: Path, path: Path) -> None:
    try:
        part.rename(path)
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise NotWrittenError(path=path, why=error.strerror or "unknown") from error


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file as the ledger has that of a package, 64 hex digits; empty where there is none."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()
