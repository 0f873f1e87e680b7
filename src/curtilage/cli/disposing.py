"""How the commands that plan and delete reach a city's systems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from curtilage.foundation.errors import SourceError

if TYPE_CHECKING:
    from curtilage.connectors.disposal.hashing import Hasher
    from curtilage.connectors.disposal.ports import Archive, Disposer
    from curtilage.foundation.settings import Settings
    from curtilage.inventory.nouns import Inventory


class NotConnectedError(SourceError):
    """A system has no connection through which it could be reached."""

    code = "disposal.not-connected"

    def __init__(self, *, system: str, why: str) -> None:
        self.system, self.why = system, why
        super().__init__(
            f"{system} cannot be reached: {why} Nothing was deleted there. "
            "Name its connection in systems.yml, and its address in curtilage.toml."
        )


def disposer_opener(
    folder: Path, settings: Settings, declared: Inventory, hasher: Hasher
) -> Callable[[str], Disposer]:
    """Return what opens a system by its id.

    Args:
        folder: The city's folder.
        settings: Its settings, with the addresses of its connections.
        declared: Its inventory.
        hasher: Computes keyed hashes.

    Returns:
        A function that raises NotConnectedError or another SourceError where a system cannot be reached.
    """
    archives = list_archives(folder, declared)

    def open_system(system: str) -> Disposer:
        from curtilage.cli.assembly import open_disposer

        address = find_address(system, settings, declared)
        return open_disposer(address, system=system, hasher=hasher, archives=archives, folder=folder)

    return open_system


def find_address(system: str, settings: Settings, declared: Inventory) -> str:
    """Return the address of a system, with its secrets.

    Raises:
        NotConnectedError: It has none.
    """
    found = next((each for each in declared.systems if each.id == system), None)
    if found is None or not found.connection:
        raise NotConnectedError(system=system, why="it names no connection.")
    connection = next((each for each in settings.connections if each.name == found.connection), None)
    if connection is None or connection.address is None:
        why = connection.missing if connection else f"curtilage.toml has no connection {found.connection}."
        raise NotConnectedError(system=system, why=why)
    return connection.address.unsafe_reveal()


def list_archives(folder: Path, declared: Inventory) -> Mapping[str, Archive]:
    """Return the archives that declarations name, by the name in them; a path is relative to the city's folder."""
    from curtilage.cli.assembly import open_archive

    names = {holding.to for series in declared.series for holding in series.held_in if holding.to}
    return {name: open_archive(folder / name) for name in sorted(names)}
