"""Open the systems that a release reads from, as the settings say under ``[connections]``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from curtilage.foundation.errors import SourceError

if TYPE_CHECKING:
    from curtilage.connectors.retrieval.ports import Retriever
    from curtilage.foundation.settings import Connection, Settings
    from curtilage.inventory.nouns import Inventory


class NoReadingError(SourceError):
    """Nobody said where a system lies, so nothing can be read from it for a release."""

    code = "retrieval.no-address"

    def __init__(self, *, system: str, why: str) -> None:
        self.system, self.why = system, why
        super().__init__(
            f"Nothing can be read from {system}: {why} Nothing left. Write the address of an account that may read "
            "into curtilage.toml under [connections]."
        )


class Retrievers:
    """The systems of a city, opened one by one; the caller closes each."""

    def __init__(self, folder: Path, declared: Inventory, settings: Settings) -> None:
        """Take what tells where the systems are.

        Args:
            folder: The city's folder.
            declared: The inventory.
            settings: The city's settings.
        """
        self._folder = folder
        self._connections = {system.id: system.connection for system in declared.systems}
        self._addresses: dict[str, Connection] = {each.name: each for each in settings.connections}

    def open(self, system: str) -> Retriever:
        """Return an open system, which the caller closes.

        Raises:
            NoReadingError: No address is declared for it, or its secret is not set.
            SourceError: It does not answer.
        """
        from curtilage.cli.assembly import open_retriever

        connection = self._connections.get(system, "")
        found = self._addresses.get(connection)
        if found is None:
            name = connection or "its connection, which systems.yml does not name"
            raise NoReadingError(system=system, why=f"there is no address of {name}.")
        if found.address is None:
            raise NoReadingError(system=system, why=found.missing)
        return open_retriever(found.address.unsafe_reveal(), system=system, folder=self._folder)
