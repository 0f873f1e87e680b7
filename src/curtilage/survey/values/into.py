"""How cells are looked into, as a door decides it, and the one call that does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from curtilage.connectors.walk import Found
from curtilage.detection.columns import TellingRule
from curtilage.foundation.place import PassedOver
from curtilage.foundation.progress import Progress, Quiet
from curtilage.survey.nouns import Tally
from curtilage.survey.values.engine import Engine
from curtilage.survey.values.kept import KeptParts
from curtilage.survey.values.nouns import Classify, say_nothing
from curtilage.survey.values.run import Inspection, Look


@dataclass(slots=True)
class HowToLookInto:
    """What a look into cells works with.

    Attributes:
        engine: Makes what runs the tasks; entered when there is something to look into.
        holds: Tells by a file's name whether its content can be looked into.
        rules: Gives every rule for values by id; asked when something was counted.
        classify: Says what a column is called that no reader of names gave.
        list_stored: Gives the files below an address of a store.
        rows: How many rows of each table to look at; 0 for all.
        kept: Where counts are kept from run to run; None keeps nothing.
        progress: Told of rows and bytes.
        inspection: The look under way or done; None before. Tells how far it is when it is stopped.
    """

    engine: Callable[[], AbstractContextManager[Engine]]
    holds: Callable[[str], bool]
    rules: Callable[[], Mapping[str, TellingRule]]
    classify: Classify = say_nothing
    list_stored: Callable[[str], Iterable[Found | PassedOver]] | None = None
    rows: int = 0
    kept: KeptParts | None = None
    progress: Progress = field(default_factory=Quiet)
    inspection: Inspection | None = None

    def inspect(self, looks: Sequence[Look]) -> Inspection:
        """Look into the cells of some sources.

        Raises:
            WorkerStartError: No worker process can be started.
            NotWrittenError: What was counted could not be kept.

        Effects:
            Starts processes that read the sources; keeps what is counted, unless it is a sample.
        """
        with self.engine() as engine:
            self.inspection = Inspection(looks, engine, self.rows, progress=self.progress)
            if looks and self.kept and not self.rows:
                self._inspect_and_keep(self.inspection, self.kept)
            elif looks:
                self.inspection.run()
        return self.inspection

    def _inspect_and_keep(self, inspection: Inspection, kept: KeptParts) -> None:
        with kept:
            inspection.kept = kept
            inspection.run()
            kept.tidy(inspection.list_parts(), inspection.list_sources())


def tally_cells(tally: Tally, inspection: Inspection) -> Tally:
    """Return how much was looked at, cells included."""
    return replace(
        tally,
        rows=sum(table.counted.rows for table in inspection.tables),
        cells=sum(sum(table.counted.seen.values()) for table in inspection.tables),
        parts=inspection.parts,
        carried=inspection.carried,
    )
