"""The ``[connections]`` and ``[limits]`` of ``curtilage.toml``: where a city's systems are reached.

::

    [connections]
    housing_db = "env:HOUSING_DB_URL"             the URL stands in a variable of the environment
    permits_db = "file:/run/secrets/permits_url"  or in a file, relative to the city's folder
    library_db = "sqlite:databases/library.db"    a SQLite file, relative to the city's folder
    exports    = "exports"                        a file or folder, relative to the city's folder

    [limits]
    seconds = 60                                  any attribute of Limits

A secret is read when it is needed, handed to the driver and never shown.
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from curtilage.connectors.ports import Limits
from curtilage.foundation.errors import DeclarationError, Problem

_FILE: Final = "curtilage.toml"


@dataclass(frozen=True, slots=True)
class Connections:
    """How a city's systems are reached.

    Attributes:
        addresses: By name: a URL, or a path relative to the city's folder. Holds secrets.
        missing: By name, why the address is not known (a variable that is not set).
        limits: The bounds for reading.
    """

    addresses: Mapping[str, str] = field(repr=False)
    missing: Mapping[str, str]
    limits: Limits


def read_connections(folder: Path) -> Connections:
    """Read a city's connections and limits.

    Args:
        folder: The city's folder.

    Raises:
        DeclarationError: ``curtilage.toml`` is missing or is not as above, with every problem.
    """
    problems: list[Problem] = []
    said = _load(folder / _FILE)
    given = said.get("connections", {})
    limits = _limits(said.get("limits", {}), problems)
    if not isinstance(given, dict):
        problems.append(_problem("[connections] is not a table.", 'Write: name = "address", a line each.'))
        given = {}
    addresses: dict[str, str] = {}
    missing: dict[str, str] = {}
    for name, address in given.items():
        if isinstance(address, str) and address:
            _resolve(folder, name, address, addresses, missing)
        else:
            problems.append(_problem(f"The connection {name} is no text.", 'Write: name = "address".'))
    if problems:
        raise DeclarationError(problems)
    return Connections(addresses, missing, limits)


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        what = f"It cannot be read ({error.strerror})."
        raise DeclarationError([_problem(what, "Begin a city's folder with: curtilage init DIR")]) from error
    except ValueError as error:
        raise DeclarationError([_problem("It is no TOML.", "Check quotes and brackets.")]) from error


def _resolve(
    folder: Path, name: str, address: str, addresses: dict[str, str], missing: dict[str, str]
) -> None:
    """Put the address, or why it is not known, under its name."""
    kind, _, rest = address.partition(":")
    if kind == "env":
        # An empty variable is none: it must not come to mean the city's own folder.
        secret = os.environ.get(rest, "").strip()
        why = f"The variable {rest} is not set."
    elif kind == "file":
        secret = _read_secret(folder / rest)
        why = f"The file {rest} cannot be read or is empty."
    else:
        secret, why = address, ""
    if not secret:
        missing[name] = why
    elif secret.startswith("sqlite:") and "://" not in secret:
        addresses[name] = secret.removeprefix("sqlite:")
    elif secret.lower().startswith("sqlite:///"):
        addresses[name] = secret[len("sqlite:///") :]
    else:
        addresses[name] = secret


def _read_secret(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""


def _limits(said: object, problems: list[Problem]) -> Limits:
    known: dict[str, Any] = dataclasses.asdict(Limits())
    if not isinstance(said, dict):
        problems.append(_problem("[limits] is not a table.", "Write: seconds = 60, a line each."))
        return Limits()
    for name, value in said.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            problems.append(
                _problem(f"There is no limit {name}.", f"Did you mean {near[0]}?" if near else "")
            )
        elif isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            problems.append(
                _problem(f"The limit {name} is no number above 0.", f"Write: {name} = {known[name]}")
            )
    if problems:
        return Limits()
    return Limits(**{name: type(known[name])(value) for name, value in said.items()})


def _problem(what: str, instead: str) -> Problem:
    return Problem(_FILE, 0, what, instead, "connections.not-valid")
