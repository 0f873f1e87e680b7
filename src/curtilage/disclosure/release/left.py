"""What left, from the ledger alone: to be printed for counsel, a board, or a court that asks; and what is odd of a plan.

It holds counts, names of places and hashes. About whom, only the packages tell, which their recipients have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.release.nouns import COMPELLING, REASONS, ReleasePlan
from curtilage.foundation.canonical import JSON


@dataclass(frozen=True, slots=True)
class Departure:
    """One package that left.

    Attributes:
        case: Id of the case.
        at: When it was recorded, UTC.
        instrument: Id of the instrument.
        by: Id of who handed it out.
        approved_by: Ids of who approved it, each with the role.
        plan: The plan's fingerprint.
        package_hash: SHA-256 of the encrypted package.
        subjects: How many people it is about.
        rows: Records in it.
        fields: Values in it, by ``SYSTEM.TABLE``.
        left_out: What stayed, by reason.
    """

    case: str
    at: datetime
    instrument: str
    by: str
    approved_by: tuple[tuple[str, str], ...]
    plan: str
    package_hash: str
    subjects: int
    rows: int
    fields: tuple[tuple[str, int], ...]
    left_out: tuple[tuple[str, int], ...]

    @property
    def title(self) -> str:
        """Return the instrument's name in English."""
        row = load_instruments().get(self.instrument)
        return dict(row.name).get("en", self.instrument) if row else self.instrument

    def to_json(self) -> dict[str, JSON]:
        """Return it as JSON."""
        return {
            "case": self.case,
            "at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
            "instrument": self.instrument,
            "by": self.by,
            "approved_by": [{"officer": officer, "role": role} for officer, role in self.approved_by],
            "plan": self.plan,
            "package_sha256": self.package_hash,
            "people": self.subjects,
            "records": self.rows,
            "values": dict(self.fields),
            "left_out": dict(self.left_out),
        }


def list_doubts(plan: ReleasePlan) -> tuple[str, ...]:
    """Return what whoever reads a plan should think of before approving it: sentences; empty where nothing is odd.

    A court's order is complied with. What stays although the order may reach it is counsel's question, and is
    asked here rather than answered in silence.
    """
    return tuple(_doubts(plan))


def _doubts(plan: ReleasePlan) -> Iterator[str]:
    kept = {reason for line in plan.lines for _, reason in line.kept_fields}
    unsure = sum(line.undated + line.unreadable for line in plan.lines)
    if plan.basis in COMPELLING and kept - {"sealed"}:
        yield (
            "The scope asks for fields that stay. Does the order itself name one? Then it is complied with: counsel "
            "narrows the case anew, with the field under named_by_order. If it does not, leave the field out."
        )
    if plan.basis in COMPELLING and "sealed" in kept:
        yield "A field that the order may reach is sealed and is not opened here: counsel answers for it."
    if unsure:
        what = (
            "record that the scope may reach stays"
            if unsure == 1
            else "records that the scope may reach stay"
        )
        yield f"{unsure:,} {what}, because no day or no subject can be told. Somebody looks, and counsel decides."
    if any(line.people < line.asked and line.fields for line in plan.lines):
        yield "Of somebody who was asked for nothing was found in a place. Look how that system writes an identifier."


def list_departures(cases: Iterable[Case]) -> tuple[Departure, ...]:
    """Return every package that left, in the order in which they did; empty where nothing did."""
    found = (each for case in cases for each in _departures(case))
    return tuple(sorted(found, key=lambda each: (each.at, each.case)))


def _departures(case: Case) -> Iterator[Departure]:
    for gone in case.gone:
        yield Departure(
            case=case.id,
            at=gone.at,
            instrument=case.instrument,
            by=gone.by,
            approved_by=tuple((each.officer, each.role) for each in case.approvals.get(gone.plan, ())),
            plan=gone.plan,
            package_hash=gone.package_hash,
            subjects=gone.subjects,
            rows=gone.rows,
            fields=gone.fields,
            left_out=gone.left_out,
        )


def render_html(departures: Iterable[Departure], *, city: str) -> str:
    """Return a page of what left, to be printed.

    Args:
        departures: As :func:`list_departures` returns them.
        city: The city's name.
    """
    from curtilage.disclosure.policy.table import page

    return str(page("left.html").render(departures=tuple(departures), city=city, reasons=REASONS))
