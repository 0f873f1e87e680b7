"""How a declaration names a column that was seen: what is drafted is what a check looks for."""

from __future__ import annotations

import re
from typing import Final

from curtilage.foundation.place import Place

_OF_A_FILE: Final = re.compile(r"(?:.*!)?(?:row:\d+ )?col:\d+")
"""Locators in files that are one table: their names of columns may hold dots of their own."""
_OTHER_LOCATOR: Final = re.compile("[:/]")


def name_column(place: Place) -> tuple[str, str]:
    """Return the table and the column that a place is.

    They stand in the locator of a live database, in the name where a schema was read; the columns of
    a plain file belong to a table named after the file.

    >>> name_column(Place("exports/cards.csv", "row:1 col:2", "column", "born on"))
    ('cards', 'born on')
    """
    for said in () if _OF_A_FILE.fullmatch(place.locator) else map(tidy_name, (place.locator, place.name)):
        parts = [part.strip() for part in said.split(".")]
        if len(parts) > 1 and all(parts) and not _OTHER_LOCATOR.search(said):
            return ".".join(parts[:-1]), parts[-1]
    # What has no table of its own: a plain file, or names with marks that a declaration cannot hold.
    stem = tidy_name(place.source).rstrip("/").rpartition("/")[2].partition(".")[0]
    column = " ".join(tidy_name(place.name).replace(".", " ").split())
    return stem.strip() or "table", column or "column"


def tidy_name(text: str) -> str:
    """Return what was found in a file as text that a declaration can hold: one line, no invisible marks."""
    visible = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(each if each.isprintable() else " " for each in visible).split())
