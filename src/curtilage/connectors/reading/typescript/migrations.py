"""Migrations in TypeScript and JavaScript: columns that Knex and Sequelize add. Nothing is run."""

from __future__ import annotations

import re
from typing import Final

from curtilage.connectors.reading.trees import Node, text_of
from curtilage.connectors.reading.typescript.objects import Member
from curtilage.connectors.reading.typescript.values import Names, callee, listed, literal, told_by_chain

_KINDS: Final = frozenset(
    """string text integer bigInteger float decimal boolean date dateTime datetime timestamp time binary enu enum json jsonb uuid
    specificType smallint tinyint double geometry point char varchar""".split()
)
_TABLES: Final = frozenset({"createTable", "createTableIfNotExists", "alterTable", "table", "withSchema"})
#: How far out the table's call may stand: the function, its block, a statement, further calls.
_MOST_STEPS: Final = 40


def column_of(call: Node, names: Names) -> tuple[str, Member] | None:
    """Return full name and member of a column that a call adds; None where it adds none.

    ``table.string('born', 2).comment('…')`` within ``createTable('people', table => …)``, and
    ``addColumn('people', 'born', {…})``.
    """
    arguments = listed(call.child_by_field_name("arguments"))
    method, first = callee(call), literal(arguments[0]) if arguments else ""
    if method == "addColumn" and len(arguments) > 1 and first and literal(arguments[1]):
        said, options = told_by_chain(call, names)
        name = literal(arguments[1])
        return f"{first}.{name}", Member(name, call, tuple(filter(None, said)), tuple(options))
    if method not in _KINDS or not first or arguments[0].type != "string":
        return None
    table = _table_around(call)
    if not table:
        return None
    outer = _outermost(call)
    said, options = told_by_chain(outer, names)
    listing = arguments[1] if method in {"enu", "enum"} and len(arguments) > 1 else None
    options = names.options(listing) or options
    return f"{table}.{first}", Member(first, call, tuple(filter(None, said)), tuple(options), method)


def _outermost(call: Node) -> Node:
    """Return the last call of a chain that begins with ``call``."""
    node = call
    for _ in range(_MOST_STEPS):
        parent = node.parent
        if parent is None or parent.type not in {"member_expression", "call_expression"}:
            break
        node = parent
    return node if node.type == "call_expression" else call


def _table_around(call: Node) -> str:
    """Return the table whose call has a function that uses its parameter as ``call`` does."""
    receiver = text_of(call.child_by_field_name("function")).partition(".")[0].strip()
    node = call
    for _ in range(_MOST_STEPS):
        node = node.parent
        if node is None:
            return ""
        if node.type == "call_expression" and callee(node) in _TABLES:
            arguments = listed(node.child_by_field_name("arguments"))
            function = arguments[-1] if len(arguments) > 1 else node
            given = function.child_by_field_name("parameters") or function.child_by_field_name("parameter")
            is_own = receiver and receiver in re.findall(r"\w+", text_of(given))
            return literal(arguments[0]) if is_own else ""
    return ""
