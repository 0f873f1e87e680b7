"""The columns that a view selects, where it does not list them: sqlglot reads the query."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

from curtilage.connectors.reading.sql.text import Statement, Token

#: A longer or deeper query is not parsed: its parser is recursive.
_LONGEST: Final = 100_000
_DEEPEST: Final = 60


def selected(statement: Statement) -> list[Token]:
    """Return the names that ``CREATE VIEW … AS SELECT …`` gives its columns, with their lines.

    Empty where sqlglot is not installed or does not understand the query: a view adds names to
    columns that its tables already show, so it is worth no failure.
    """
    if len(statement.text) > _LONGEST or _depth(statement.text) > _DEEPEST:
        return []
    try:
        import sqlglot
        from sqlglot.errors import SqlglotError
    except ImportError:
        return []
    try:
        # What it does not understand it quotes in a warning; nothing of a file is shown.
        logging.getLogger("sqlglot").setLevel(logging.CRITICAL + 1)
        tree = sqlglot.parse_one(statement.text, read=_dialect(statement.text))
    except (SqlglotError, RecursionError):
        return []
    query = getattr(tree, "expression", None)
    names = [] if query is None else [_named(one, statement) for one in getattr(query, "selects", [])]
    return [name for name in names if name.value and name.value != "*"]


def _named(expression: Any, statement: Statement) -> Token:
    name = str(expression.alias_or_name)
    own = expression.args.get("alias") or expression.args.get("this")
    line = own.meta.get("line") if hasattr(own, "meta") else None
    return Token("name", name, statement.line + (line or 1) - 1)


def _depth(text: str) -> int:
    depth = deepest = 0
    for mark in re.findall(r"[()]", text):
        depth += 1 if mark == "(" else -1
        deepest = max(deepest, depth)
    return deepest


def _dialect(text: str) -> str:
    if "`" in text:
        return "mysql"
    if re.search(r"\[[^\W\d]\w*\]", text):
        return "tsql"
    return "oracle" if re.search(r"\b(?:NVL|SYSDATE|DUAL)\b", text, re.IGNORECASE) else "postgres"
