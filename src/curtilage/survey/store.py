"""Observations of a city, kept in its folder: one file each, whole or not at all, never a value.

* A file holds canonical lines: first what was looked at and how much, then a line for each place.
* It is written beside its final name and renamed, so a crash leaves the older ones as they were.
* The newest few are kept; older ones are removed only after the new one is safely there.
* A file of another version of the format, or one whose lines do not match its first, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from curtilage.detection.nouns import Match, Verdict
from curtilage.foundation.canonical import JSON, canonical_bytes
from curtilage.foundation.errors import SourceError
from curtilage.foundation.files import NotWrittenError, write_atomically
from curtilage.foundation.place import PassedOver, Place
from curtilage.inventory.nouns import Reveals
from curtilage.survey.nouns import Age, Cells, Extent, Observation, Observed, Tally

SCHEMA: Final = 2
FOLDER: Final = Path(".curtilage") / "observations"
KEPT: Final = 10
"""Chosen: enough to see what changed over some months of weekly surveys."""

_NAME: Final = "%Y%m%dT%H%M%S.%fZ"
_FILE: Final = re.compile(r"\d{8}T\d{6}\.\d{6}Z\.jsonl")
_THOUSANDTHS: Final = 1000


class ObservationNotReadableError(SourceError):
    """A stored observation cannot be used."""

    code = "survey.observation-not-readable"

    def __init__(self, *, path: Path, why: str) -> None:
        self.path = path
        super().__init__(
            f"The stored survey {path.name} cannot be used: {why}. It was left as it is. Run: curtilage survey"
        )


def save_observation(folder: Path, observation: Observation, *, keep: int = KEPT) -> Path:
    """Store an observation as the newest of a city.

    Args:
        folder: The city's folder.
        observation: What was seen; holds no value by its very type.
        keep: How many are kept in all, at least 1.

    Returns:
        The new file.

    Raises:
        NotWrittenError: It could not be written; the older ones are untouched.

    Effects:
        Writes below ``.curtilage/observations`` and removes the oldest files there.
    """
    place = folder / FOLDER
    path = place / f"{observation.taken.astimezone(UTC).strftime(_NAME)}.jsonl"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NotWrittenError(path=path, why=error.strerror or "unknown") from error
    write_atomically(path, b"".join(canonical_bytes(line) + b"\n" for line in _lines(observation)))
    for old in list_observations(folder)[: -max(1, keep)]:
        old.unlink(missing_ok=True)
    return path


def list_observations(folder: Path) -> list[Path]:
    """Return the files of a city's stored observations, the oldest first; may be empty."""
    place = folder / FOLDER
    return sorted(path for path in place.glob("*.jsonl") if _FILE.fullmatch(path.name))


def load_newest(folder: Path) -> Observation | None:
    """Return the newest stored observation of a city; None where it was never surveyed.

    Raises:
        ObservationNotReadableError: It is damaged, or of another version of the format.
    """
    stored = list_observations(folder)
    return load_observation(stored[-1]) if stored else None


def load_observation(path: Path) -> Observation:
    """Return a stored observation.

    Raises:
        ObservationNotReadableError: It is damaged, or of another version of the format.
    """
    import msgspec

    try:
        head, *lines = (msgspec.json.decode(line) for line in path.read_bytes().splitlines())
        _check_schema(path, head)
        observation = _observation(head, lines)
    except OSError as error:
        raise ObservationNotReadableError(path=path, why=error.strerror or "it cannot be opened") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ObservationNotReadableError(path=path, why="it is damaged") from error
    if len(lines) != head["observed"]:
        raise ObservationNotReadableError(path=path, why="lines are missing from it")
    return observation


def _check_schema(path: Path, head: Mapping[str, Any]) -> None:
    if head["schema"] != SCHEMA:
        why = f"it was written in version {head['schema']} of the format, and this program reads {SCHEMA}"
        raise ObservationNotReadableError(path=path, why=why)


def _lines(observation: Observation) -> Iterator[Mapping[str, JSON]]:
    tally = observation.tally
    yield {
        "schema": SCHEMA,
        "taken": observation.taken.astimezone(UTC).isoformat(),
        "systems": list(observation.systems),
        "silent": [list(pair) for pair in observation.silent],
        "files": tally.files,
        "tables": tally.tables,
        "places": tally.places,
        "counted": [list(pair) for pair in tally.passed_over],
        "cells": [tally.rows, tally.cells, tally.parts, tally.carried],
        "passed_over": list(map(_told, observation.passed_over)),
        "not_looked_into": list(map(_told, observation.not_looked_into)),
        "extents": list(map(_extent_row, observation.extents)),
        "observed": len(observation.observed),
    }
    yield from map(_row, observation.observed)


def _told(each: PassedOver) -> JSON:
    return [each.source, each.reason, each.detail, each.line]


def _extent_row(extent: Extent) -> Mapping[str, JSON]:
    return {
        "source": extent.source,
        "table": extent.table,
        "rows": extent.rows,
        "bytes": extent.size_bytes,
        "system": extent.system,
        "sampled": extent.sampled,
        "ages": [[age.column, _day_row(age.oldest), _day_row(age.newest)] for age in extent.ages],
    }


def _day_row(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _row(observed: Observed) -> Mapping[str, JSON]:
    place, verdict = observed.place, observed.verdict
    row: dict[str, JSON] = {
        "system": observed.system,
        "source": place.source,
        "locator": place.locator,
        "kind": place.kind,
        "name": place.name,
        "text": place.text,
        "options": list(place.options),
        "lang": place.lang,
        "translations": [list(pair) for pair in place.translations],
        "context": place.context,
        "type": place.type,
        "facts": list(place.facts),
        "reveals": str(verdict.reveals),
        "reasons": list(verdict.reasons),
        "matches": [
            [match.category, str(match.reveals), round(match.score * _THOUSANDTHS), list(match.reasons)]
            for match in verdict.matches
        ],
        "cells": _cells_row(observed.cells),
    }
    return {key: value for key, value in row.items() if value}


def _cells_row(cells: Cells | None) -> JSON:
    if cells is None:
        return None
    return {
        "seen": cells.seen,
        "matched": [list(pair) for pair in cells.matched],
        "rules": [list(pair) for pair in cells.rules],
        "sampled": cells.sampled,
        "version": cells.version,
    }


def _observation(head: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> Observation:
    counted = tuple((reason, count) for reason, count in head["counted"])
    return Observation(
        taken=datetime.fromisoformat(head["taken"]),
        observed=tuple(map(_observed, lines)),
        passed_over=tuple(PassedOver(*each) for each in head["passed_over"]),
        tally=Tally(head["files"], head["tables"], head["places"], counted, *head["cells"]),
        systems=tuple(head["systems"]),
        silent=tuple((system, why) for system, why in head["silent"]),
        extents=tuple(map(_extent, head["extents"])),
        not_looked_into=tuple(PassedOver(*each) for each in head["not_looked_into"]),
    )


def _extent(row: Mapping[str, Any]) -> Extent:
    ages = tuple(Age(column, _day(oldest), _day(newest)) for column, oldest, newest in row["ages"])
    return Extent(
        row["source"],
        row["table"],
        row["rows"],
        row["bytes"],
        row["system"],
        sampled=row["sampled"],
        ages=ages,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _cells(row: Mapping[str, Any] | None) -> Cells | None:
    if row is None:
        return None
    pairs = {key: tuple((name, count) for name, count in row[key]) for key in ("matched", "rules")}
    return Cells(row["seen"], **pairs, sampled=row["sampled"], version=row["version"])


def _observed(row: Mapping[str, Any]) -> Observed:
    place = Place(
        source=row["source"],
        locator=row.get("locator", ""),
        kind=row["kind"],
        name=row.get("name", ""),
        text=row.get("text", ""),
        options=tuple(row.get("options", ())),
        lang=row.get("lang", ""),
        translations=tuple((lang, text) for lang, text in row.get("translations", ())),
        context=row.get("context", ""),
        type=row.get("type", ""),
        facts=tuple(row.get("facts", ())),
    )
    matches = tuple(
        Match(category, Reveals(reveals), score / _THOUSANDTHS, tuple(reasons))
        for category, reveals, score, reasons in row.get("matches", ())
    )
    verdict = Verdict(matches, Reveals(row["reveals"]), tuple(row.get("reasons", ())))
    return Observed(place, verdict, row.get("system", ""), _cells(row.get("cells")))
