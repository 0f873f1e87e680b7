"""What a condition says of one row, worked out here in Python: three-valued, None is unknown."""

import operator
from datetime import date

from curtilage.connectors.disposal.conditions import All, Any, Compare, HashIn, IsNull, Not, OneOf

OPERATORS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(condition, row, hasher=None):
    """Return True, False, or None where it cannot be told."""
    match condition:
        case All(parts):
            found = [evaluate(part, row, hasher) for part in parts]
            return False if False in found else None if None in found else True
        case Any(parts):
            found = [evaluate(part, row, hasher) for part in parts]
            return True if True in found else None if None in found else False
        case Not(part):
            found = evaluate(part, row, hasher)
            return None if found is None else not found
        case IsNull(column):
            return row.get(column) is None
        case Compare(column, op, value):
            cell = row.get(column)
            return OPERATORS[op](cell, value) if type(cell) is type(value) else None
        case OneOf(column, values):
            return None if row.get(column) is None else row[column] in values
        case HashIn(column, hashes):
            return None if row.get(column) is None else hasher.subject(row[column]) in hashes
    raise AssertionError(condition)


def day(text):
    return date.fromisoformat(text)
