"""SQL files: what tables, views and columns they declare, in any dialect. Rows are never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError
from curtilage.connectors.reading.sql.columns import Shape, options_of, text_of
from curtilage.connectors.reading.sql.shape import declare
from curtilage.connectors.reading.sql.text import statements
from curtilage.connectors.reading.text import decode, join
from curtilage.foundation.place import Place

_SUFFIXES: Final = frozenset({"sql", "ddl", "pgsql", "psql", "mysql", "tsql", "tab", "dmp", "dump"})
#: Suffixes of other formats, whose text may well quote a statement.
_LOOSE: Final = frozenset({"", "txt", "bak", "in", "tpl", "tmpl", "j2", "template", "dist"})
_SHAPES: Final = re.compile(
    rb"\b(?:create\s+(?:\w+\s+){0,4}(?:table|view|type|domain)|alter\s+table|comment\s+on|sp_addextendedproperty)\b",
    re.IGNORECASE,
)
#: A statement of more tokens would declare more columns than any database lets a table have.
_MOST_TOKENS: Final = 200_000
_TABLE: Final = re.compile(
    rb"^[ \t]*+create\s++(?:\w++\s++){0,3}?table\s++[^\n(]{1,200}\(", re.IGNORECASE | re.MULTILINE
)


class SqlReader:
    """Reads ``CREATE``, ``ALTER`` and ``COMMENT`` statements of every dialect."""

    name = "sql"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return how sure this is SQL that declares tables, from name and content."""
        content = document.content
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            content = content.replace(b"\0", b"")  # SQL Server's own editor saves UTF-16
        if document.suffix in _SUFFIXES:
            return 0.95 if _SHAPES.search(content) else 0.2
        return 0.6 if document.suffix in _LOOSE and _TABLE.search(content[:65536]) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the columns of tables and views, table by table in the order of the file.

        Raises:
            LimitReachedError: The file is larger, slower or fuller than the limits.
            UnreadableError: It is no text.
        """
        text = decode(document).replace("\r\n", "\n")
        shape, count = Shape(), 0
        for statement in statements(text, document):
            declare(shape, statement, most=min(_MOST_TOKENS, document.limits.nodes))
        for table in shape.tables.values():
            for column in table.columns.values():
                count += 1
                if count > document.limits.places:
                    raise LimitReachedError(source=document.source, what="It declares too many columns")
                yield Place(
                    source=document.source,
                    locator=f"line:{column.line}",
                    kind="column",
                    name=f"{table.name}.{column.name}",
                    text=text_of(column),
                    options=options_of(column, shape),
                    context=join(*table.said)[:500],
                    type=column.type,
                    facts=tuple(sorted(column.facts | table.facts)),
                )
