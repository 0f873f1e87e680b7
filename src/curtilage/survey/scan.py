"""Look at a few targets once, names first and then cells, and give what is seen. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator

from curtilage.survey.nouns import Observed, Tally
from curtilage.survey.sweep import Sweep
from curtilage.survey.values.into import HowToLookInto, tally_cells
from curtilage.survey.values.join import join_cells


def scan(sweep: Sweep, into: HowToLookInto | None) -> Iterator[Observed]:
    """Give each place in which something was recognised, by its name or by its cells; or every place.

    Places are given as they are found, up to the first source whose cells are looked into: from there
    on they wait for what is counted, so that the order stays that of the targets.

    Args:
        sweep: Where to look; notes what can be looked into.
        into: How cells are looked into; None for names only.

    Raises:
        TargetMissingError: A target does not exist. Raised before anything is read.
        WorkerStartError: No worker process can be started.
        KeyboardInterrupt: Somebody stopped it. While cells were looked into, what was counted up to
            then is given first, and called a part.

    Effects:
        Starts processes that read the targets.
    """
    waiting: list[Observed] = []
    given = 0
    for observed in sweep:
        if into and sweep.looks:
            waiting.append(observed)
        else:
            given += 1
            yield observed
    if into is None or not sweep.looks:
        return
    stopped = _inspect(sweep, into)
    tables = into.inspection.tables if into.inspection else []
    for observed in join_cells(waiting, tables, into.rules(), before=given, classify=into.classify):
        if sweep.every_place or observed.verdict.matches:
            yield observed
    if stopped:
        raise KeyboardInterrupt


def _inspect(sweep: Sweep, into: HowToLookInto) -> bool:
    """Look into the cells; return whether somebody stopped it."""
    try:
        into.inspect(sweep.looks)
    except KeyboardInterrupt:
        if into.inspection:
            into.inspection.stop_here()
        return True
    return False


def tally(sweep: Sweep, into: HowToLookInto | None) -> Tally:
    """Return how much was looked at, cells included."""
    return tally_cells(sweep.tally, into.inspection) if into and into.inspection else sweep.tally
