"""Keep count and time while a file is read."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from curtilage.connectors.ports import Document, LimitReachedError
from curtilage.foundation.place import Place


class Deadline:
    """The moment after which a file has taken too long.

    Made when reading starts; :meth:`check` is cheap enough to be asked at every step.
    """

    __slots__ = ("_document", "_end")

    def __init__(self, document: Document) -> None:
        self._document = document
        self._end = time.monotonic() + document.limits.seconds

    def check(self) -> None:
        """Stop when the time is over.

        Raises:
            LimitReachedError: Reading took longer than ``limits.seconds``.
        """
        if time.monotonic() > self._end:
            what = f"Reading it took longer than {self._document.limits.seconds:g} seconds"
            raise LimitReachedError(source=self._document.source, what=what)


def within_limits(places: Iterable[Place], document: Document) -> Iterator[Place]:
    """Give ``places`` as they come, as long as count and time of ``document.limits`` hold.

    Raises:
        LimitReachedError: More than ``limits.places`` came, or they took longer than ``limits.seconds``.
    """
    deadline = Deadline(document)
    for count, place in enumerate(places, start=1):
        if count > document.limits.places:
            what = f"It has more than {document.limits.places:,} questions or columns"
            raise LimitReachedError(source=document.source, what=what)
        if not count % 100:
            deadline.check()
        yield place
