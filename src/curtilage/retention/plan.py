"""Make a plan: what is to go, where, how many, under which item of which schedule, and what is held and why.

Rules of this file:

* A plan rests on what was counted on one day; it names no record and holds no value of one.
* It may be carried out only after a time in which people can look at it, and only until a last day.
* What cannot be decided stands in it for a person. None of that goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from curtilage.foundation.clock import Clock
from curtilage.foundation.settings import RetentionSettings
from curtilage.inventory.nouns import Copy, Inventory
from curtilage.retention.authorise import basis_of, item_id, list_signers
from curtilage.retention.counting import Counted, OpenDisposer, count_all
from curtilage.retention.due import find_authority, weigh_all
from curtilage.retention.holds import Holds
from curtilage.retention.nouns import Plan, PlanItem, Undecided
from curtilage.retention.plan_file import seal_plan


@dataclass(frozen=True, slots=True)
class Making:
    """Who makes a plan, when, and how long people may look at it.

    Attributes:
        by: Id of the officer or machine.
        at: UTC.
        today: Calendar date in the city's zone.
        settings: How many days.
    """

    by: str
    at: datetime
    today: date
    settings: RetentionSettings


def make_plan(
    declared: Inventory,
    holds: Holds,
    open_disposer: OpenDisposer,
    *,
    by: str,
    clock: Clock,
    settings: RetentionSettings,
    only: Sequence[str] = (),
) -> Plan:
    """Ask the systems what is due, and plan it.

    Args:
        declared: The whole inventory.
        holds: What stands.
        open_disposer: Opens a system by its id.
        by: Id of the officer or machine that makes it.
        clock: Tells the day.
        settings: How long people may look at it.
        only: Ids of the series to plan for; empty is all.
    """
    making = Making(by, clock.now(), clock.today(declared.city.zone), settings)
    dues, open_ = weigh_all(declared, making.today, warn_days=settings.warn_days)
    counted, asked = count_all(declared, dues, holds, open_disposer, only=only)
    undecided = [each for each in (*open_, *asked) if not only or each.series in only]
    return plan_(declared, counted, undecided, making)


def plan_(
    declared: Inventory, counted: Sequence[Counted], undecided: Sequence[Undecided], making: Making
) -> Plan:
    """Return the plan of what was counted, under its id.

    Args:
        declared: The whole inventory.
        counted: Its lines, in any order.
        undecided: What a person must decide.
        making: Who makes it, and when.
    """
    not_before = making.today + timedelta(days=making.settings.grace_days)
    return seal_plan(
        Plan(
            id="",
            city=declared.city.name,
            day=making.today,
            made=making.at.replace(microsecond=0),
            made_by=making.by,
            not_before=not_before,
            expires=not_before + timedelta(days=making.settings.valid_days),
            items=tuple(sorted((_item(declared, each) for each in counted), key=lambda item: item.id)),
            undecided=tuple(sorted(undecided, key=lambda each: (each.series, each.place, each.code))),
        )
    )


def _item(declared: Inventory, counted: Counted) -> PlanItem:
    series, holding = counted.asked.series, counted.asked.holding
    authority = find_authority(declared, series)
    assert authority is not None  # a series without one is undecided
    return PlanItem(
        id=item_id(holding, counted.part),
        series=series.id,
        title=series.title,
        schedule=series.schedule,
        number=series.item,
        authority=authority.citation,
        approved=authority.effective,
        trigger=series.trigger or ", ".join(event for event, _ in holding.triggers if event),
        column=counted.asked.trigger,
        copy=str(holding.copy or Copy.RECORD),
        target=counted.target,
        act=counted.act,
        along=counted.along,
        due=counted.due,
        rows=counted.rows,
        overdue=counted.overdue,
        held=counted.held,
        oldest=counted.oldest,
        newest=counted.newest,
        signers=list_signers(declared, series),
        basis=basis_of(declared, series, holding),
        present=counted.present,
    )
