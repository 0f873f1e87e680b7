"""A small plan, made by hand, for tests to change one thing of."""

from dataclasses import replace
from datetime import UTC, date, datetime

from curtilage.connectors.disposal.conditions import Compare, OneOf, all_of
from curtilage.connectors.disposal.nouns import Delete, Target
from curtilage.retention.nouns import Along, Ground, HeldBack, Plan, PlanItem, Undecided
from curtilage.retention.plan_file import seal_plan

NOON = datetime(2017, 2, 22, 12, tzinfo=UTC)
DUE = all_of(OneOf("outcome", ("denied",)), Compare("closed_on", "<", date(2011, 2, 23)))

ITEM = PlanItem(
    id="hsg-014@housing.applications",
    series="hsg-014",
    title="Applications",
    schedule="City schedule 2014",
    number="HSG-014",
    authority="City schedule 2014",
    approved=date(2014, 1, 1),
    trigger="case closed",
    column="closed_on",
    copy="record",
    target=Target("housing", "applications", DUE, subject="person", along=("notes",)),
    act=Delete(),
    along=(Along("notes", 12, "notes-1", Compare("made_on", "<", date(2012, 1, 1))), Along("tags", 1)),
    due=10,
    rows=8,
    overdue=3,
    held=(HeldBack("h-1", "2017-CV-0123", Ground.LITIGATION, 2),),
    oldest=date(2001, 5, 5),
    newest=date(2011, 2, 22),
    signers=("department head", "records officer"),
    basis="b" * 64,
)


def plan_of(*items, **changed):
    """Return a plan with these items, or the one above, under its right id."""
    plan = Plan(
        id="",
        city="Smalltown",
        day=date(2017, 2, 22),
        made=NOON,
        made_by="rec",
        not_before=date(2017, 3, 8),
        expires=date(2017, 5, 23),
        items=items or (ITEM,),
        undecided=(Undecided("hsg-099", "housing.visits", "no-day", "The day is missing.", 3),),
    )
    return seal_plan(replace(plan, **changed))
