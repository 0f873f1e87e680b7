"""What reading for a release from any database has in common: the questions, and how they are written."""

# ruff: noqa: S608 - names are quoted, values are parameters: see disposal/sql.py

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from curtilage.connectors.disposal.conditions import Condition, Not, all_of
from curtilage.connectors.disposal.sql import (
    Column,
    Dialect,
    MisfitError,
    Sql,
    compile_condition,
    find_column,
)
from curtilage.connectors.retrieval.cells import write_cell
from curtilage.connectors.retrieval.nouns import Cell, Found, Wanted, others_than
from curtilage.connectors.retrieval.ports import UnfitWantedError


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table or view, as far as reading from it must know.

    Attributes:
        sql: For FROM: qualified and quoted.
        columns: By name, in the order of the table.
    """

    sql: str
    columns: Mapping[str, Column]


class SqlRetriever(ABC):
    """One database; a driver says how to speak to it."""

    dialect: ClassVar[Dialect]

    def __init__(self, source: str, system: str) -> None:
        self.source, self.system = source, system

    @abstractmethod
    def moment(self) -> AbstractContextManager[None]:
        """Let all that is asked within see one moment; see the port."""

    @abstractmethod
    def close(self) -> None:
        """End the connection."""

    @abstractmethod
    def _give(self, sql: Sql) -> Generator[tuple[Any, ...], None, None]:
        """Give the rows of a question as they come; closing it ends the question."""

    @abstractmethod
    def _read_shape(self, table: str) -> TableShape | None:
        """Return what a table or view is made of; None where there is none."""

    @abstractmethod
    def _explained(self, table: str) -> AbstractContextManager[None]:
        """Turn the library's errors into ours; their own words may quote a row."""

    def list_columns(self, table: str) -> tuple[str, ...]:
        """Return the names of a table's columns; see the port."""
        with self._explained(table):
            return tuple(self._shape(table).columns)

    def count(self, wanted: Wanted) -> Found:
        """Count what is there; see the port."""
        with self._explained(wanted.table), self._fitting():
            shape = self._shape(wanted.table)
            about = _about(wanted, shape)
            row = self._first(self._counting(wanted, shape, about))
            rows, people, there, outside, here, unshared = (int(each or 0) for each in row)
            others = self._where(shape, others_than(about, wanted.subject))
            has_others = self._first(Sql(f"SELECT 1 FROM {shape.sql} WHERE ") + others + " LIMIT 1")
        undated = here - rows - unshared - outside
        return Found(rows, people, there, outside, undated, unshared, has_others=bool(has_others))

    def read(self, wanted: Wanted) -> Iterator[tuple[Cell, ...]]:
        """Give the records; see the port."""
        with self._explained(wanted.table), self._fitting():
            shape = self._shape(wanted.table)
            names = ", ".join(self._selected(find_column(shape.columns, name)) for name in wanted.fields)
            parts = (_about(wanted, shape), wanted.within(), wanted.may_share())
            where = self._where(shape, all_of(*(part for part in parts if part is not None)))
            order = self._quoted(shape, wanted.subject)
            asked = Sql(f"SELECT {names} FROM {shape.sql} WHERE ") + where + f" ORDER BY {order}"
            with closing(self._give(asked)) as rows:
                for row in rows:
                    yield tuple(map(write_cell, row))

    def is_of_documents(self, table: str) -> bool:
        """Return False: a database holds rows."""
        return False

    def open_document(self, name: str) -> Iterator[bytes]:
        """Refuse: a database holds rows."""
        raise UnfitWantedError(system=self.system, what="it holds rows and no documents")

    def _counting(self, wanted: Wanted, shape: TableShape, about: Condition) -> Sql:
        """Return the question for the counts; what is no day counts as neither in nor out."""
        within, shared = wanted.within(), wanted.may_share()
        yes = Sql("1 = 1")
        inside = self._where(shape, within) if within is not None else yes
        outside = self._where(shape, Not(within)) if within is not None else Sql("1 = 0")
        goes = self._where(shape, shared) if shared is not None else yes
        subject = self._quoted(shape, wanted.subject)
        both = Sql("(") + inside + ") AND (" + goes + ")"
        # A row of which it is not known whether it may be shared is not shared: neither branch is true for it.
        kept = Sql("(") + inside + ") AND (CASE WHEN " + goes + " THEN 0 ELSE 1 END) = 1"
        pieces = [
            Sql("sum(CASE WHEN ") + both + " THEN 1 ELSE 0 END)",
            Sql("count(DISTINCT CASE WHEN ") + both + f" THEN {subject} END)",
            Sql(f"count(DISTINCT {subject})"),
            Sql("sum(CASE WHEN ") + outside + " THEN 1 ELSE 0 END)",
            Sql("count(*)"),
            Sql("sum(CASE WHEN ") + kept + " THEN 1 ELSE 0 END)",
        ]
        return (
            Sql("SELECT ") + Sql(", ").join(pieces) + f" FROM {shape.sql} WHERE " + self._where(shape, about)
        )

    def _selected(self, column: Column) -> str:
        """Return how a column is fetched; a driver may let the database write it as text."""
        return self.dialect.quote(column.name)

    def _quoted(self, shape: TableShape, name: str) -> str:
        return self.dialect.quote(find_column(shape.columns, name).name)

    def _where(self, shape: TableShape, condition: Condition) -> Sql:
        return compile_condition(condition, shape.columns, self.dialect)

    def _first(self, sql: Sql) -> tuple[Any, ...]:
        with closing(self._give(sql)) as rows:
            return next(rows, ())

    def _shape(self, table: str) -> TableShape:
        shape = self._read_shape(table)
        if shape is None:
            raise UnfitWantedError(system=self.system, what=f"there is no table {table}")
        return shape

    @contextmanager
    def _fitting(self) -> Iterator[None]:
        try:
            yield
        except MisfitError as error:
            raise UnfitWantedError(system=self.system, what=str(error)) from None


def _about(wanted: Wanted, shape: TableShape) -> Condition:
    return wanted.about(is_loose=find_column(shape.columns, wanted.subject).kind == "any")
