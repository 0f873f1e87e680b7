"""What must be offered by who reads a system for a release.

A retriever reads for one caller only: ``disclosure.release``. It decides nothing. It promises:

* It cannot write. Nothing of what it reads is kept: no temporary file, no log, no cache.
* No column is read that :class:`Wanted` does not name, and no row is given out but those of its people.
* Within one :meth:`Retriever.moment`, what is counted and what is read are the same rows.
* Errors tell of tables, columns and codes; never a value, never of whom.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from curtilage.connectors.retrieval.nouns import Cell, Found, Wanted
from curtilage.foundation.errors import SourceError, UndecidedError


class UnfitWantedError(UndecidedError):
    """A place is not as the scope or the inventory says, so nothing can be read from it for a release."""

    code = "retrieval.unfit"

    def __init__(self, *, system: str, what: str) -> None:
        self.system, self.what = system, what
        super().__init__(
            f"{system}: {what}. Nothing was read for the release, and nothing left. "
            "Mend the scope, or what the inventory says of this place, and plan again."
        )


class MovingSourceError(SourceError):
    """A file changed while it was read for a release."""

    code = "retrieval.moving"

    def __init__(self, *, system: str) -> None:
        self.system = system
        super().__init__(
            f"{system}: a file changed while it was read. Nothing left. Run the command again when nobody writes it."
        )


class Retriever(Protocol):
    """One open system from which can be read for a release."""

    source: str
    """Its address without user, password and query."""

    def moment(self) -> AbstractContextManager[None]:
        """Let everything that is asked within see the system as it is at one moment.

        Raises:
            SourceError: It does not answer.
            MovingSourceError: It has no moments, and changed meanwhile; raised at the end.
        """
        ...

    def list_columns(self, table: str) -> tuple[str, ...]:
        """Return the names of the columns of a table or file, in its order.

        Raises:
            UnfitWantedError: There is no such table.
            SourceError: The system does not answer.
        """
        ...

    def count(self, wanted: Wanted) -> Found:
        """Count what is there of what is wanted; no value is fetched.

        Raises:
            UnfitWantedError: A table or column is missing, or one does not fit what it is asked.
            SourceError: The system does not answer.
        """
        ...

    def read(self, wanted: Wanted) -> Iterator[tuple[Cell, ...]]:
        """Give the records, each with one cell for each of ``wanted.fields``, as they are found. Raises as :meth:`count`.

        The first record may be fetched only when it is asked for; who stops early closes the iterator.
        """
        ...

    def is_of_documents(self, table: str) -> bool:
        """Return whether the records of a place are documents, so that ``content`` stands for the document itself."""
        ...

    def open_document(self, name: str) -> Iterator[bytes]:
        """Give the bytes of a document in pieces; ``name`` is the cell that :meth:`read` gave for ``content``.

        Raises:
            UnfitWantedError: The system holds no documents, or nobody asked for that one.
            SourceError: It cannot be read any more.
        """
        ...

    def close(self) -> None:
        """End the connection; may be called twice."""
        ...
