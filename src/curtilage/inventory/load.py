"""Load what a city declares: every file, every problem at once, or a whole inventory.

Rules of this file:

* A problem is something that cannot be read as it stands. What loads, but lacks a safeguard, is a
  finding, and findings are made by the rooms' ``checks.py``.
* Nothing is loaded by half: one problem anywhere, and there is no inventory.
* A file that cannot be read hides no problem of another, and invents none: an id that it may have
  declared is not called unknown.
* Nothing is passed over in silence: a YAML file under a name that is not read is a problem.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, Final

from curtilage.foundation.errors import DeclarationError, Problem
from curtilage.foundation.finding import Spot
from curtilage.foundation.settings import SETTINGS_FILE
from curtilage.inventory._building import build_list, build_noun, read_top
from curtilage.inventory._kinds import BAD, Scope
from curtilage.inventory._reading import Reading, Reference, nearest
from curtilage.inventory._settings import CityName, read_city_name
from curtilage.inventory._shape import File
from curtilage.inventory._yaml import LARGEST_BYTES, Node, RefusedYamlError, read_node
from curtilage.inventory.nouns import City, Inventory
from curtilage.inventory.shapes import CITY, FILES
from curtilage.inventory.vocabulary import load_vocabulary

INVENTORY: Final = "inventory"
"""Folder below the city's folder."""

Documents = Mapping[str, bytes]
"""A city's files: path below the city's folder, POSIX separators, to content."""

_NEXT_STEP: Final = "Mend the lines above, then run: curtilage inventory validate"


def load_inventory(folder: Path) -> Inventory:
    """Load everything that a city declares.

    Args:
        folder: The city's folder: it holds ``curtilage.toml`` and ``inventory/``.

    Returns:
        The whole inventory, in the order of files and lines; no id in it is dangling.

    Raises:
        DeclarationError: With every problem of every file.
    """
    documents, problems = read_folder(folder)
    return load_documents(documents, problems=problems)


def validate(folder: Path) -> list[Problem]:
    """Return every problem of a city's files, in the order of files and lines; empty when it loads."""
    try:
        load_inventory(folder)
    except DeclarationError as error:
        return list(error.problems)
    return []


def read_folder(folder: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """Read the files of a city's folder that belong to its inventory.

    Returns:
        The files, by path below ``folder`` in order, and the problems of those that cannot be read
        at all. Both may be empty.
    """
    documents: dict[str, bytes] = {}
    problems: list[Problem] = []
    inside = folder / INVENTORY
    if not inside.is_dir():
        what = f"There is no folder `{INVENTORY}` in {folder.name or 'this folder'}."
        instead = "Give the city's folder with --city, or begin one with: curtilage init DIR"
        return {}, [Problem(INVENTORY, 0, what, instead, "inventory.no-folder")]
    for path in [folder / SETTINGS_FILE, *sorted(_list_inside(inside, folder, problems))]:
        name = path.relative_to(folder).as_posix()
        if path.suffix in {".yml", ".yaml", ".toml"} and not _is_hidden(path.relative_to(folder)):
            _read_file(path, name, documents, problems)
    return documents, problems


def _list_inside(inside: Path, folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """Give everything below the inventory's folder; a folder that cannot be listed is a problem."""

    def refuse(path: Path, why: str) -> None:
        name = path.relative_to(folder).as_posix()
        what = f"The folder cannot be read: {why}."
        instead = "Check its rights, or put the files themselves there."
        problems.append(Problem(name, 0, what, instead, "inventory.unreadable"))

    for above, folders, files in os.walk(
        inside, onerror=lambda error: refuse(Path(error.filename), error.strerror or "unknown reason")
    ):
        yield from (Path(above, name) for name in (*folders, *files))
        for path in (Path(above, name) for name in folders):
            if path.is_symlink() and not _is_hidden(path.relative_to(folder)):
                refuse(path, "it is a link")


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _read_file(path: Path, name: str, documents: dict[str, bytes], problems: list[Problem]) -> None:
    if not path.exists() and not path.is_symlink():
        return
    why = "it is no regular file"
    if path.is_file():
        try:
            with path.open("rb") as file:
                documents[name] = file.read(LARGEST_BYTES + 1)
        except OSError as error:
            why = error.strerror or "unknown reason"
    if name not in documents:
        what = f"The file cannot be opened: {why}."
        problems.append(Problem(name, 0, what, "Check its rights, or remove it.", "inventory.unreadable"))


def load_documents(documents: Documents, *, problems: list[Problem] | None = None) -> Inventory:
    """Load an inventory from files in memory, such as those of an earlier revision.

    Args:
        documents: The files; those outside of ``inventory/`` are left alone, but for the settings.
        problems: Problems of files that could not be read at all; may be empty.

    Returns:
        As :func:`load_inventory`.

    Raises:
        DeclarationError: With every problem of every file, ``problems`` included.
    """
    reading = Reading(problems=list(problems or ()))
    for problem in problems or ():
        _forgive(problem.path, reading)
    unopened = any(problem.path == SETTINGS_FILE for problem in problems or ())
    city_name = read_city_name(documents.get(SETTINGS_FILE), reading, told=unopened)
    found: dict[str, list[Any]] = {file.attribute: [] for file in FILES}
    for path in sorted(documents):
        if path.startswith(f"{INVENTORY}/"):
            _read_document(path, documents[path], city_name, found, reading)
    resolve(reading)
    if reading.problems:
        raise DeclarationError(reading.problems, next_step=_NEXT_STEP)
    return gather(found, city_name)


def gather(found: Mapping[str, list[Any]], name: CityName) -> Inventory:
    """Return the inventory of nouns that were read without a problem."""
    cities = found["city"] or [
        City(name.name, name.zone, name.languages, (), (), (), Spot(f"{INVENTORY}/city.yml", 0, "city"))
    ]
    lists = {attribute: tuple(nouns) for attribute, nouns in found.items() if attribute != "city"}
    return Inventory(city=cities[0], categories=tuple(load_vocabulary().values()), **lists)


def _read_document(
    path: str, content: bytes, name: CityName, found: dict[str, list[Any]], reading: Reading
) -> None:
    reading.path = path
    file = find_file(path)
    if file is None:
        _stray(path, reading)
        return
    try:
        node = read_node(path, content)
    except RefusedYamlError as error:
        reading.problems.append(error.problem)
        _forgive(path, reading)
        return
    if node is None:
        empty = f"`{file.key}: []` to say that there are none" if file.key else "its keys"
        reading.problem(0, "inventory.empty-file", "The file says nothing.", f"Write {empty}, or delete it.")
        return
    found[file.attribute].extend(build_file(file, node, name, reading))


def build_file(file: File, node: Node, name: CityName, reading: Reading) -> list[Any]:
    """Return the nouns of one file; problems are noted, and what has one is left out."""
    if not file.key:
        extras = name.extras() if file.shape is CITY else None
        noun = build_noun(file.shape, node, reading, scope=Scope(file.shape.name), extras=extras)
        return [] if noun is BAD else [noun]
    top = read_top(node, file.key, reading)
    if top is None:
        _forgive(reading.path, reading)
        return []
    nouns = build_list(file.shape, file.key, top, reading, scope=Scope(""))
    return [] if nouns is BAD else list(nouns)


def find_file(path: str) -> File | None:
    """Return what the file at a path below the city's folder declares; None where it is not read.

    >>> find_file("inventory/departments/housing.yml").shape.name
    'department'
    """
    inside = PurePosixPath(path)
    if not inside.parts or inside.parts[0] != INVENTORY:
        return None
    rest = "/".join(inside.parts[1:])
    for file in FILES:
        if fnmatchcase(rest, file.pattern) and rest.count("/") == file.pattern.count("/"):
            return file
    return None


def _stray(path: str, reading: Reading) -> None:
    rest = path.removeprefix(f"{INVENTORY}/")
    patterns = [file.pattern for file in FILES]
    near = nearest(rest.replace(".yaml", ".yml"), [pattern.replace("*", "any") for pattern in patterns])
    instead = f"Rename it to {near.replace('any', 'NAME')}" if near else f"Files are: {', '.join(patterns)}"
    if rest.endswith(".yaml") and find_file(path.removesuffix(".yaml") + ".yml"):
        instead = f"Rename it to {PurePosixPath(path).stem}.yml"
    what = "No file of this name is read, so what it says would be lost."
    reading.problem(0, "inventory.stray-file", what, f"{instead}, or move it out of {INVENTORY}/.")


def _forgive(path: str, reading: Reading) -> None:
    """Note that ids which this file, or the files of this folder, may declare are not known to be missing."""
    file = find_file(path)
    inside = path == INVENTORY or path.startswith(f"{INVENTORY}/")
    below = f"{path}/".removeprefix(f"{INVENTORY}/")
    files = [file] if file else [each for each in FILES if inside and each.pattern.startswith(below)]
    reading.unread.update(shape.name for each in files for shape in each.shape.with_inner())


def resolve(reading: Reading) -> None:
    """Look up every id that something points at; each that is not declared is a problem."""
    known: dict[str, Mapping[str, Any]] = {"category": load_vocabulary(), **reading.declared}
    for reference in reading.references:
        kinds = [f"{kind}:{reference.scope}" if kind == "purpose" else kind for kind in reference.kinds]
        if reading.unread.intersection(reference.kinds):
            continue
        if not any(reference.id in known.get(kind, {}) for kind in kinds):
            _dangling(reference, [word for kind in kinds for word in known.get(kind, {})], reading)


_WHERE: Final = {
    "authority": "authorities.yml",
    "category": "the vocabulary; `none` is for what fits no category",
    "connection": "curtilage.toml under [connections]",
    "field": "departments/ (DEPARTMENT.PROGRAM.COLLECTION.FIELD), nor is it a category",
    "officer": "city.yml",
    "purpose": "this program's purposes",
    "series": "series/",
    "system": "systems.yml",
    "vendor": "vendors.yml",
}


def _dangling(reference: Reference, known: list[str], reading: Reading) -> None:
    kind = reference.kinds[0]
    what = f"unknown {kind} `{reference.id}`;"
    instead = (
        reading.suggest(reference.id, known) or f"it is not in {_WHERE[kind]}. Declare it, or correct the id."
    )
    reading.problem_at(reference.path, reference.line, f"inventory.unknown-{kind}", what, instead)
