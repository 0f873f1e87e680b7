"""What conditions, keys and releases may ask of a document: it has no columns, so these stand for them.

``file_path`` below the root, ``file_name``, ``file_folder`` (the folder it lies in), ``file_modified`` (the day of
the last change, UTC), ``file_day`` (the first day that stands in the path as ISO 8601 has it, ``2016-11-24`` or
``2016/11/24``).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from curtilage.connectors.disposal.files.weigher import Row

DOCUMENT_COLUMNS: Final = ("file_path", "file_name", "file_folder", "file_modified", "file_day")
"""In the order in which :func:`describe` gives them."""

TABLES: Final = frozenset({"csv", "tsv", "tab", "psv", "parquet", "pq", "xlsx", "xls", "ods"})
"""Endings of files whose rows are the records; any other file is a document."""

_NAMED_DAY: Final = re.compile(r"(?<![0-9])([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})(?![0-9])", re.ASCII)


def describe(root: Path, path: Path) -> Row:
    """Return what is asked of a document, in the order of :data:`DOCUMENT_COLUMNS`.

    Args:
        root: The system's folder.
        path: The document, below it.

    Raises:
        OSError: It cannot be looked at.
    """
    name = path.relative_to(root).as_posix()
    folder = PurePosixPath(name).parent.as_posix()
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    day = _NAMED_DAY.search(name)
    return name, path.name, folder, changed, "-".join(day.groups()) if day else None


def has_rows(pattern: str) -> bool:
    """Return whether the files of a pattern are files of rows, by their ending."""
    return PurePosixPath(pattern).suffix.lower().removeprefix(".") in TABLES
