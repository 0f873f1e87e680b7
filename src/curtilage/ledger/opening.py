"""Open a ledger by its address."""

from __future__ import annotations

from pathlib import Path

from curtilage.foundation.clock import Clock
from curtilage.ledger.errors import StoreError
from curtilage.ledger.ports import Sealer, Store
from curtilage.ledger.record import Record


def open_ledger(address: str, *, clock: Clock, sealer: Sealer | None = None) -> Record:
    """Return an open ledger; the caller closes it.

    Args:
        address: Path of an SQLite file or ``sqlite:///PATH``, which is made where there is none;
            ``postgresql://…``, whose tables are made where there are none; ``memory:``.
        clock: Tells the time of recording.
        sealer: Seals and opens private bodies; without it, events with bodies are refused.

    Raises:
        SourceError: It cannot be reached or written.
        EvidenceError: It is damaged.
    """
    return Record(open_store(address), clock=clock, sealer=sealer)


def open_store(address: str) -> Store:
    """Return the open store at an address, as :func:`open_ledger` takes it."""
    if address == "memory:":
        from curtilage.ledger.stores.memory import MemoryStore

        return MemoryStore()
    if address.startswith(("postgresql://", "postgres://")):
        try:
            from curtilage.ledger.stores.postgresql import PostgresStore
        except ImportError as error:
            remedy = "Install it: pip install 'curtilage[databases]'"
            raise StoreError(where="PostgreSQL", what="its library is missing", next_step=remedy) from error
        return PostgresStore(address)
    from curtilage.ledger.stores.sqlite import SqliteStore

    return SqliteStore(Path(address.removeprefix("sqlite:///")))
