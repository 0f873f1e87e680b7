"""``curtilage scan TARGET --explain PLACE``: why a column is said to hold what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curtilage.cli.city import find_address
from curtilage.cli.render import note, plural, write_json, write_table
from curtilage.foundation.errors import UsageError

if TYPE_CHECKING:
    from curtilage.connectors.content.ports import Content
    from curtilage.connectors.ports import Limits
    from curtilage.detection.nouns import Verdict
    from curtilage.survey.values.explain import Explanation


class NoSuchColumnError(UsageError):
    """A place that is to be explained is no column of the target, or of several tables of it."""

    code = "survey.no-such-column"

    def __init__(self, *, place: str, source: str, known: tuple[str, ...]) -> None:
        self.place, self.source = place, source
        some = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
        super().__init__(
            f"{source} has no column {place}, or has it more than once. Nothing was looked into. "
            f"Write it as a scan shows it: {some or 'there are none'}."
        )


def explain_place(target: str, place: str, limits: Limits, *, form: str, quiet: bool) -> int:
    """Print why a column is said to hold what it holds; return the exit status of ``scan``.

    Raises:
        NoSuchColumnError: The target has no such column.
        SourceError: It cannot be read.

    Effects:
        Reads the column to its end, in this process; writes to standard output.
    """
    from curtilage.cli.assembly import open_content
    from curtilage.cli.values import content_limits
    from curtilage.connectors.url import redact_url
    from curtilage.connectors.walk import is_address, name_source
    from curtilage.detection.classifier import Classifier
    from curtilage.detection.values.scanner import shipped_scanner
    from curtilage.foundation.place import Place
    from curtilage.survey.values.explain import explain_column, find_column

    address = find_address(target, Path())
    source = redact_url(address) if is_address(address) else name_source(address)
    scanner = shipped_scanner()
    if scanner.why:
        note(scanner.why, quiet=quiet)
    content = open_content(address, source, content_limits(limits))
    try:
        found = find_column(content, place)
        if found is None:
            raise NoSuchColumnError(place=place, source=source, known=_list_columns(content))
        table, column = found
        named = Classifier().classify(Place(source, column.locator, "column", column.name, type=column.type))
        carried = scanner.rules.groups_of(frozenset(named.categories))
        explanation = explain_column(content, table, column, scanner, carried)
    finally:
        content.close()
    if form in ("json", "jsonl"):
        write_json(_to_json(source, named, explanation))
    else:
        _write(source, named, explanation)
    return 1 if explanation.because or named.matches else 0


def _list_columns(content: Content) -> tuple[str, ...]:
    return tuple(column.name for table in content.tables() for column in table.columns)


def _write(source: str, named: Verdict, explanation: Explanation) -> None:
    click.echo(f"{explanation.column} in {source}: {plural(explanation.cells, 'cell')} looked at.")
    by_name = [
        (match.category.replace("_", " "), f"{match.score:.2f}", ", ".join(match.reasons))
        for match in named.matches
    ]
    write_table(("", "", ""), by_name, title="By its name", indent=2)
    rows = [
        (
            f"{because.cells:,}",
            because.rule.title,
            f"value:{because.rule.id}",
            "; ".join(f"{shape} ({times:,})" for shape, times in because.masks),
            "; ".join(because.around()),
        )
        for because in explanation.because
    ]
    write_table(("cells", "what", "rule", "written", "asks for"), rows, title="By its cells", indent=2)
    if not rows and not by_name:
        click.echo("Neither its name nor any of its cells says anything that is known.")


def _to_json(source: str, named: Verdict, explanation: Explanation) -> dict[str, object]:
    return {
        "source": source,
        "column": explanation.column,
        "locator": explanation.locator,
        "cells": explanation.cells,
        "by_name": [
            {"category": match.category, "score": round(match.score, 3), "reasons": list(match.reasons)}
            for match in named.matches
        ],
        "by_cells": [
            {
                "rule": because.rule.id,
                "title": because.rule.title,
                "category": because.rule.category,
                "reveals": str(because.rule.reveals),
                "cells": because.cells,
                "masks": dict(because.masks),
                "asks": list(because.around()),
            }
            for because in explanation.because
        ],
    }
