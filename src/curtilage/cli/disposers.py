"""Open the systems that records are destroyed in, as the settings say under ``[disposal]``, and close them again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from curtilage.foundation.errors import SourceError

if TYPE_CHECKING:
    from curtilage.connectors.disposal.hashing import Hasher
    from curtilage.connectors.disposal.ports import Archive, Disposer
    from curtilage.foundation.settings import Connection, Settings
    from curtilage.inventory.nouns import Inventory


class NoDisposalError(SourceError):
    """Nobody said as whom records of a system may be deleted."""

    code = "disposal.no-address"

    def __init__(self, *, system: str, why: str) -> None:
        self.system, self.why = system, why
        super().__init__(
            f"Nothing can be deleted from {system}: {why} Nothing was deleted there. "
            f"Write the address of an account that may delete into curtilage.toml under [disposal]."
        )


class Disposers:
    """The systems of a city, each opened when it is first asked for; a context manager, which closes them."""

    def __init__(
        self,
        folder: Path,
        declared: Inventory,
        settings: Settings,
        hasher: Hasher,
        archives: Mapping[str, Archive] | None = None,
    ) -> None:
        """Take what tells where the systems are.

        Args:
            folder: The city's folder.
            declared: The inventory.
            settings: The city's settings.
            hasher: Computes keyed hashes.
            archives: Who takes over what is transferred, by name.
        """
        self._folder, self._hasher, self._archives = folder, hasher, archives
        self._connections = {system.id: system.connection for system in declared.systems}
        self._addresses: dict[str, Connection] = {each.name: each for each in settings.disposal}
        self._open: dict[str, Disposer] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def open(self, system: str) -> Disposer:
        """Return the disposer of a system; the same one each time.

        Raises:
            NoDisposalError: No address is declared for it, or its secret is not set.
            SourceError: It does not answer.
        """
        if system not in self._open:
            self._open[system] = self.open_anew(system)
            self._stack.callback(self._open[system].close)
        return self._open[system]

    def open_anew(self, system: str) -> Disposer:
        """Return a disposer of a system that the caller closes; for who must open it again after it was lost.

        Raises:
            NoDisposalError: No address is declared for it, or its secret is not set.
            SourceError: It does not answer.
        """
        from curtilage.cli.assembly import open_disposer

        return open_disposer(
            self._find(system),
            system=system,
            hasher=self._hasher,
            archives=self._archives,
            folder=self._folder,
        )

    def _find(self, system: str) -> str:
        connection = self._connections.get(system, "")
        found = self._addresses.get(connection)
        if found is None:
            name = connection or "its connection, which systems.yml does not name"
            raise NoDisposalError(system=system, why=f"there is no address of {name}.")
        if found.address is None:
            raise NoDisposalError(system=system, why=found.missing)
        return found.address.unsafe_reveal()
