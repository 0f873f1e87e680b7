"""How a value is written as text, so that nothing of it is lost and two systems write it alike."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal

from curtilage.connectors.retrieval.nouns import Cell


def write_cell(value: object) -> Cell:
    r"""Return a value as text; None where there is nothing.

    Texts stay as they are; days and moments are written by ISO 8601; bytes as ``\x`` and hex digits.

    >>> write_cell(b"\x00a"), write_cell(True), write_cell(date(2017, 2, 22)), write_cell(1.5)
    ('\\x0061', 'true', '2017-02-22', '1.5')
    """
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case bytes() | bytearray() | memoryview():
            return "\\x" + bytes(value).hex()
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return f"{value:f}" if value.is_finite() else str(value)
        case list() | dict() | tuple():
            return json.dumps(value, ensure_ascii=False, default=write_cell)
        case _:
            return str(value)
