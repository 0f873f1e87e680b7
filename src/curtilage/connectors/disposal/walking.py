"""Windows of a table's key, as SQL looks them up and takes them: see ``windows`` for how they follow each other."""

# ruff: noqa: S608 - names are quoted, values are parameters: see sql.py

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from curtilage.connectors.disposal.base import Work
from curtilage.connectors.disposal.dependants import SqlDependants
from curtilage.connectors.disposal.nouns import Delete
from curtilage.connectors.disposal.sql import Sql
from curtilage.connectors.disposal.windows import UnevenError, Window


class SqlWalking(SqlDependants):
    """Looks windows up and takes them."""

    def _is_plain(self, work: Work) -> bool:
        """Return whether nothing but the rows themselves is to be looked at, and their key is one number."""
        if not isinstance(work.act, Delete) or work.weighing or work.links:
            return False
        return len(work.columns) == 1 and work.shape.columns[work.key[0]].kind in ("number", "any")

    @contextmanager
    def _looking(self, work: Work) -> Iterator[Callable[[Window], Window] | None]:
        """Give what looks windows up at the very moment that this transaction sees; None where nothing can."""
        yield None

    def _take_window(self, work: Work, window: Window) -> Window:
        """Delete the due rows of a window; return it with their keys."""
        if window.rows is None:
            return self._take_telling(work, window)
        loosely = window.alike == window.rows
        gone = self._do(
            Sql(f"DELETE FROM {work.shape.sql} WHERE ") + self._within(work, window, loosely=loosely)
        )
        if gone != window.rows:
            raise UnevenError
        return window

    @abstractmethod
    def _take_telling(self, work: Work, window: Window) -> Window:
        """Do the same where nobody looked the keys up before."""

    def _within(self, work: Work, window: Window, *, loosely: bool = False) -> Sql:
        """Return what a row of a window must meet."""
        name, mark = self._names(work.key)[0], self.dialect.mark
        between = Sql(f"{name} > {mark} AND {name} <= {mark} AND ", (window.after, window.until))
        return between + (work.cheap if loosely else work.where)
