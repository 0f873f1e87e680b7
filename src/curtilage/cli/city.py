"""Which city's folder a command speaks of: the one given, or the nearest that holds ``curtilage.toml``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from curtilage.foundation.errors import UsageError

if TYPE_CHECKING:
    from curtilage.connectors.ports import Limits

Command = TypeVar("Command", bound=Callable[..., Any])

_NO_CITY: Final = 'name = "none"\nzone = "UTC"\n'
"""Settings of nothing, where a command needs only what has defaults."""


def city_option(command: Command) -> Command:
    """Give a command the option ``--city``."""
    return click.option(
        "--city",
        type=click.Path(file_okay=False, path_type=Path),
        default=None,
        help="The city's folder. Default: the nearest folder upwards that holds curtilage.toml.",
    )(command)


def find_city(given: Path | None) -> Path:
    """Return the city's folder.

    Args:
        given: What ``--city`` named; None to look upwards from where the command runs.

    Raises:
        UsageError: There is no such folder, or none upwards holds ``curtilage.toml``.
    """
    if given is not None:
        if not given.is_dir():
            raise UsageError(
                f"There is no folder {given}. Nothing was read. Make one with: curtilage init {given}"
            )
        return given
    from curtilage.foundation.settings import SETTINGS_FILE

    if (nearest := _nearest_city()) is not None:
        return nearest
    raise UsageError(
        f"Neither this folder nor one above it holds {SETTINGS_FILE}. Nothing was read. "
        "Go to the city's folder, name it with --city, or make one with: curtilage init my-city"
    )


def _nearest_city() -> Path | None:
    from curtilage.foundation.settings import SETTINGS_FILE

    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / SETTINGS_FILE).is_file()), None)


def find_limits(city: Path | None = None) -> Limits:
    """Return the bounds for each file: those of a city, or the defaults where there is none.

    A variable (``CURTILAGE_LIMITS_SECONDS``) stands over both.

    Args:
        city: The city's folder; None for the one in whose folder the command runs, if any.

    Raises:
        DeclarationError: The settings of that city, or a variable, cannot be read.
    """
    from curtilage.connectors.ports import Limits
    from curtilage.foundation.errors import DeclarationError
    from curtilage.foundation.settings import parse_settings, read_settings

    if (folder := city or _nearest_city()) is not None:
        return Limits(**asdict(read_settings(folder).limits))
    settings, problems = parse_settings(_NO_CITY, None)
    if settings is None:
        raise DeclarationError(problems)
    return Limits(**asdict(settings.limits))


def prefix_of(folder: Path) -> str:
    """Return what to put before a path in a city's folder so that it can be opened from here.

    Empty where the command runs in that folder; otherwise it ends with a slash.
    """
    try:
        shown = folder.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        shown = folder.as_posix()
    return "" if shown == "." else f"{shown}/"


def find_address(target: str, folder: Path) -> str:
    """Return what ``env:NAME`` or ``file:PATH`` stands for; anything else stands for itself.

    Args:
        target: What was typed.
        folder: What ``file:`` is relative to.

    Raises:
        UsageError: The variable is not set, or the file cannot be read.
    """
    if not target.startswith(("env:", "file:")) or target.startswith("file://") or Path(target).exists():
        return target
    from curtilage.foundation.settings import read_address

    found = read_address(target, folder)
    if found.address is None:
        raise UsageError(f"{found.missing} Nothing was looked at.")
    return found.address.unsafe_reveal()
