"""Look at a whole city, or at a few targets, and give the observation: places, kinds, counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from curtilage.connectors.ports import Limits
from curtilage.connectors.walk import file_of, is_address
from curtilage.foundation.clock import Clock
from curtilage.foundation.errors import UsageError
from curtilage.foundation.place import PassedOver
from curtilage.foundation.progress import Progress, Quiet
from curtilage.inventory.nouns import Inventory
from curtilage.survey.nouns import Observation
from curtilage.survey.sweep import Sweep, Target
from curtilage.survey.values.into import HowToLookInto, tally_cells
from curtilage.survey.values.join import join_cells
from curtilage.survey.values.run import Inspection


@dataclass(frozen=True, slots=True)
class HowToLook:
    """What a survey works with.

    Attributes:
        tools: ``MODULE:FUNCTION`` that returns the tools of a worker.
        clock: Dates the observation.
        limits: Bounds for each file and worker.
        jobs: Worker processes at most; 0 for as many as there are cores to use.
        progress: Told of each file.
        into: How to look into the cells; None looks at names only.
    """

    tools: str
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    jobs: int = 0
    progress: Progress = field(default_factory=Quiet)
    into: HowToLookInto | None = None


def observe(targets: Iterable[Target], how: HowToLook, triggers: frozenset[str] = frozenset()) -> Observation:
    """Look at all targets; what does not exist or answer is told and the rest goes on.

    Args:
        targets: Files, folders and databases; those with a ``system`` count as that system.
        how: What to work with.
        triggers: ``SYSTEM.TABLE.COLUMN`` of the columns whose oldest and newest day are wanted, in lower case.

    Returns:
        Every place, in the order of the targets and then of each source. A system none of whose
        targets could be read is silent, with the reason.

    Raises:
        WorkerStartError: No worker process can be started.
        NotWrittenError: What was counted could not be kept.

    Effects:
        Starts processes that read the targets; keeps what is counted.
    """
    taken = how.clock.now()
    there, missing = _split(targets)
    sweep = Sweep(
        tuple(there),
        how.tools,
        limits=how.limits,
        jobs=how.jobs,
        every_place=True,
        progress=how.progress,
        holds=how.into.holds if how.into else None,
        list_stored=how.into.list_stored if how.into else None,
        triggers=triggers,
    )
    observed = tuple(sweep)
    systems = {target.system for target in (*there, *dict(missing)) if target.system}
    answered = {system for system in systems if sweep.answered[system]}
    reasons = {target.system: told.detail for target, told in missing} | sweep.silence
    seen = Observation(
        taken=taken,
        observed=observed,
        passed_over=tuple(sorted({*(told for target, told in missing if not target.system), *sweep.told})),
        tally=sweep.tally,
        systems=tuple(sorted(answered)),
        silent=tuple(
            (system, reasons.get(system, "Nothing there can be read."))
            for system in sorted(systems - answered)
        ),
    )
    return _look_into(seen, sweep, how.into) if how.into else seen


def _look_into(seen: Observation, sweep: Sweep, into: HowToLookInto) -> Observation:
    inspection = into.inspect(sweep.looks)
    return replace(
        seen,
        observed=join_cells(seen.observed, inspection.tables, into.rules(), classify=into.classify),
        tally=tally_cells(seen.tally, inspection),
        systems=_answered(seen, inspection),
        silent=tuple(pair for pair in seen.silent if pair[0] not in _systems_of(inspection)),
        extents=tuple(table.extent() for table in inspection.tables),
        not_looked_into=tuple(sorted(set(inspection.told))),
    )


def _systems_of(inspection: Inspection) -> set[str]:
    return {table.look.where.system for table in inspection.tables if table.look.where.system}


def _answered(seen: Observation, inspection: Inspection) -> tuple[str, ...]:
    """A system whose names nobody could read and whose cells somebody could has answered all the same."""
    return tuple(sorted({*seen.systems, *_systems_of(inspection)}))


def list_triggers(declared: Inventory) -> frozenset[str]:
    """Return ``SYSTEM.TABLE.COLUMN`` of the columns that start the time of a record series, in lower case."""
    return frozenset(series.trigger_column.lower() for series in declared.series if series.trigger_column)


def list_targets(declared: Inventory, connections: Mapping[str, str], folder: str) -> Iterator[Target]:
    """Give all that a city declares and that can be looked at: its forms, then its systems.

    Args:
        declared: The inventory. Forms with an address of the web are not fetched, and that is told.
        connections: By name: a database's URL with its secrets, or a file (of SQLite, of a table)
            or folder, relative to the city's folder.
        folder: The city's folder.
    """
    forms = dict.fromkeys(form for collection in declared.list_collections() for form in collection.forms)
    for form in forms:
        yield Target(form, base="" if is_address(form) else folder)
    for system in declared.systems:
        if system.connection in connections:
            address = file_of(connections[system.connection])
            yield Target(address, base="" if is_address(address) else folder, system=system.id)


def _split(targets: Iterable[Target]) -> tuple[list[Target], list[tuple[Target, PassedOver]]]:
    there: list[Target] = []
    missing: list[tuple[Target, PassedOver]] = []
    for target in targets:
        try:
            target.expand()
        except UsageError as error:
            missing.append((target, PassedOver(target.shown, "missing", _first_sentence(error, target))))
        else:
            there.append(target)
    return there, missing


def _first_sentence(error: UsageError, target: Target) -> str:
    said = str(error).removeprefix(f"{target.base}/").removeprefix(f"{target.shown}: ").partition(". ")[0]
    return f"{said[:1].upper()}{said[1:]}."
