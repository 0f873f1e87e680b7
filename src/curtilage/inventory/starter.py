"""Start a city's folder: an example that teaches, loads, and is meant to be replaced."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Final

from curtilage.foundation.errors import UsageError
from curtilage.foundation.files import NotWrittenError, one_at_a_time, write_atomically
from curtilage.inventory._emit import emit_text

_HIDDEN: Final = {"gitignore": ".gitignore"}
"""Files that ship under another name, so that packaging tools do not take them for their own."""


class NotEmptyError(UsageError):
    """A city's folder is to be started where something lies already."""

    code = "inventory.not-empty"

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"{folder} is not empty. Nothing was written. Name another folder, or empty this one yourself."
        )


def starter_documents(*, name: str, zone: str, languages: tuple[str, ...], today: date) -> dict[str, bytes]:
    """Return the files of a new city's folder, by path below it.

    Args:
        name: The city's name.
        zone: Its IANA time zone.
        languages: BCP 47 tags, the city's own first.
        today: Calendar date there; dates of review are counted from it.
    """
    later = {"today": today.isoformat(), "next_year": (today + timedelta(days=365)).isoformat()}
    in_toml = {
        key: json.dumps(value, ensure_ascii=False) for key, value in {"name": name, "zone": zone}.items()
    }
    in_toml["languages"] = json.dumps(list(languages))
    documents: dict[str, bytes] = {}
    for path, source in _list_files(files("curtilage.inventory").joinpath("data/starter"), ""):
        plain_name = name if path.endswith(".md") else emit_text(name)
        values = {**later, **(in_toml if path.endswith(".toml") else {"name": plain_name})}
        documents[path] = Template(source.read_text("utf-8")).substitute(values).encode()
    return documents


def _list_files(folder: Traversable, above: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        path = above + _HIDDEN.get(entry.name, entry.name)
        if entry.is_dir():
            yield from _list_files(entry, f"{path}/")
        else:
            yield path, entry


def start_city(
    folder: Path, *, name: str, zone: str, languages: tuple[str, ...], today: date
) -> tuple[str, ...]:
    """Write a new city's folder.

    Args:
        folder: Must not exist, or be empty.
        name: See :func:`starter_documents`, as for the others.
        zone: IANA time zone.
        languages: BCP 47 tags.
        today: Calendar date in ``zone``.

    Returns:
        The paths that were written, below ``folder``.

    Raises:
        NotEmptyError: Something lies in ``folder``.
        NotWrittenError: A file could not be written.

    Effects:
        Creates ``folder`` and writes the files into it.
    """
    documents = starter_documents(name=name, zone=zone, languages=languages, today=today)
    with one_at_a_time(folder.absolute().parent):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise NotEmptyError(folder=folder)
            for path in documents:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotWrittenError(path=folder, why=error.strerror or "unknown") from error
        try:
            for path, content in documents.items():
                write_atomically(folder / path, content)
        except NotWrittenError:
            _take_back(folder, documents)
            raise
    return tuple(documents)


def _take_back(folder: Path, paths: Iterable[str]) -> None:
    """Remove what was written, so that the command can be run again once there is space."""
    made = [folder / path for path in paths]
    for path in made:
        path.unlink(missing_ok=True)
    for place in sorted({above for path in made for above in path.parents}, reverse=True):
        if folder in place.parents:
            with suppress(OSError):
                place.rmdir()
