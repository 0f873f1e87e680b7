"""How places that were seen are printed, and what is said of those that could not be read."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from curtilage.cli.render import note, plural, shorten, write_lines, write_table

if TYPE_CHECKING:
    from curtilage.foundation.place import PassedOver
    from curtilage.survey.nouns import Observed, Tally
    from curtilage.survey.values.into import HowToLookInto

LEVELS: Final = ("none", "weak", "strong", "direct")
_MOST_TOLD: Final = 20
_LABEL_WIDTH: Final = 72

#: Format of ``scan``, and the function that prints places in it; each takes an iterator of
#: ``Observed`` and uses it up.
WRITERS: Final[dict[str, str]] = {
    "table": "curtilage.cli.places:write_places",
    "json": "curtilage.cli.places:write_places_json",
    "jsonl": "curtilage.cli.places:write_places_jsonl",
    "sarif": "curtilage.cli.scanned:write_places_sarif",
    "html": "curtilage.cli.scanned:write_places_page",
}


def write_with(form: str, places: Iterator[Observed], told: list[PassedOver]) -> None:
    """Print places in the format of that name; a page for people also lists what could not be read.

    Effects:
        Writes to standard output.
    """
    module, _, attribute = WRITERS[form].partition(":")
    write = getattr(importlib.import_module(module), attribute)
    if form == "html":
        write(places, told)
    else:
        write(places)


def write_places_jsonl(places: Iterable[Observed]) -> None:
    """Print a line of JSON for each place, as it is found.

    Effects:
        Writes to standard output.
    """
    from curtilage.survey.records import to_row

    write_lines(map(to_row, places))


def write_places_json(places: Iterable[Observed]) -> None:
    """Print one JSON array, a place on each line, as they are found.

    Effects:
        Writes to standard output.
    """
    from curtilage.cli.render import encode
    from curtilage.survey.records import to_row

    out, before = sys.stdout.buffer, b"[\n"
    for place in places:
        out.write(before + encode(to_row(place)))
        before = b",\n"
    out.write(b"[]\n" if before == b"[\n" else b"\n]\n")
    out.flush()


def write_places(places: Iterable[Observed]) -> None:
    """Print a table for each source: how much it tells, what it is, its words, where.

    Effects:
        Writes to standard output.
    """
    for source, group in groupby(places, key=lambda observed: observed.place.source):
        write_table(("", "", "", ""), map(row_of, group), title=source, indent=2)


def row_of(observed: Observed) -> tuple[str, str, str, str]:
    """Return how much a place tells, what it is with what was counted, its words, and where it is."""
    place, verdict = observed.place, observed.verdict
    return (
        str(verdict.reveals),
        describe(observed),
        shorten(place.text or place.name, _LABEL_WIDTH),
        place.locator,
    )


def describe(observed: Observed) -> str:
    """Return what a place is, in words, with the number of cells where a few hold something else.

    Of a category that most cells hold the number says nothing new.
    """
    counts = dict(observed.cells.matched) if observed.cells else {}
    seen = observed.cells.seen if observed.cells else 0
    said = []
    for category in observed.verdict.categories:
        cells, words = counts.get(category, 0), category.replace("_", " ")
        few = 0 < 2 * cells < seen
        said.append(f"{words} in {cells:,} of {seen:,} cells" if few else words)
    return ", ".join(said) or "-"


def count_levels(levels: Mapping[str, int]) -> str:
    """Return how many places tell how much, what tells most first; those that tell nothing left out."""
    return ", ".join(f"{levels.get(level, 0):,} {level}" for level in reversed(LEVELS[1:]))


def tell_unread(told: Sequence[PassedOver], count: int, *, quiet: bool, what: str = "Could not read") -> None:
    """Say one by one what could not be read, up to a number.

    Args:
        told: With the reasons.
        count: How many there are in all.
        quiet: Say nothing.
        what: What could not be done.

    Effects:
        Writes to standard error.
    """
    if not count:
        return
    note(f"{what} {count:,}:", quiet=quiet)
    for passed in told[:_MOST_TOLD]:
        line = f":{passed.line}" if passed.line else ""
        note(f"  {passed.source}{line}: {passed.detail or passed.reason} [{passed.reason}]", quiet=quiet)
    if count > _MOST_TOLD:
        note(f"  and {count - _MOST_TOLD:,} more.", quiet=quiet)


def tell_cells(tally: Tally, into: HowToLookInto | None, *, quiet: bool) -> None:
    """Say how many cells were looked at, what was carried over, and what was not looked into.

    Args:
        tally: How much was looked at.
        into: The look into cells; nothing is said where there was none.
        quiet: Say nothing.

    Effects:
        Writes to standard error.
    """
    done = into.inspection if into else None
    if into is None or done is None:
        return
    if done.slow:
        note(done.slow, quiet=quiet)
    if tally.rows:
        which = f" (a sample of {into.rows:,} rows a table)" if into.rows else ""
        note(f"Looked into {plural(tally.cells, 'cell')} of {plural(tally.rows, 'row')}{which}.", quiet=quiet)
    if tally.carried:
        parts = f"{tally.carried:,} of {plural(tally.parts, 'part')}"
        note(f"Not read again: {parts}, unchanged since they were counted.", quiet=quiet)
    tell_unread(done.told, len(done.told), quiet=quiet, what="Did not look into all cells of")
    tell_unread(done.odd, len(done.odd), quiet=quiet, what="Read, although it is not as it should be,")
    if done.passed:
        why = ", ".join(f"{count:,} {reason}" for reason, count in sorted(done.passed.items()))
        note(f"No cells in what is no table by its name: {why}.", quiet=quiet)
