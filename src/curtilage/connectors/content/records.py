"""Records of JSON as rows: keys become dotted paths, lists one text with a line for each item.

A key that looks like data (a number, an address, a name with digits in it) is not taken into the
name of a column, where it would be shown: there it is ``*``, and the key itself is read as content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

#: What people call a key. Anything else may be somebody's number or address.
_KEY: Final = re.compile(r"(?=.{1,100}$)[^\W\d][\w .\-:/$()#]*|[@_$][\w\-:.]{1,60}")
_MANY_DIGITS: Final = re.compile(r"(?:\d\D{0,2}){5}")
ANY_KEY: Final = "*"
LONE: Final = "value"
"""Column of what stands alone: a list of texts has no keys."""
_BETWEEN: Final = "\n"


class Flattener:
    """Makes rows of records, and keeps within a number of columns."""

    def __init__(self, *, deepest: int, widest: int) -> None:
        """Keep the bounds.

        Args:
            deepest: What is nested deeper is read as one text.
            widest: Columns; further keys are ``*``.
        """
        self._deepest, self._widest = deepest, widest
        self._names: set[str] = set()
        self._plain: dict[str, dict[str, str]] = {}

    def row(self, record: Any, under: str = "") -> dict[str, str]:
        """Return the texts of one record by column.

        Args:
            record: What JSON can say.
            under: The path that leads to it.
        """
        row: dict[str, str] = {}
        if record.__class__ is dict:
            # Most records are flat: their keys are looked up and nothing else is done.
            plain = self._plain.setdefault(under, {})
            nested: dict[str, Any] = {}
            for key, value in record.items():
                if value.__class__ is str and key in plain:
                    row[plain[key]] = value
                elif value is not None:
                    nested[key] = value
            record = nested
            self._learn(nested, under, plain)
        again: dict[str, list[str]] = {}
        for name, text in self._walk(record, under, 0) if record else ():
            name = self._known(name)  # noqa: PLW2901 - the name that is shown
            if name in row:
                again.setdefault(name, []).append(text)
            else:
                row[name] = text
        for name, texts in again.items():
            row[name] = _BETWEEN.join([row[name], *texts])
        return row

    def _learn(self, record: Mapping[str, Any], under: str, plain: dict[str, str]) -> None:
        for key, value in record.items():
            name = column_name(key)
            if value.__class__ is str and name != ANY_KEY and len(plain) < self._widest:
                path = f"{under}.{name}" if under else name
                if self._known(path) == path:
                    plain[key] = path

    def _known(self, name: str) -> str:
        if name not in self._names:
            if len(self._names) >= self._widest:
                return ANY_KEY
            self._names.add(name)
        return name

    def _walk(self, value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
        if depth > self._deepest:
            yield from ((path or LONE, text) for text in texts_in(value))
        elif isinstance(value, dict):
            for key, inner in value.items():
                name = column_name(key)
                inside = f"{path}.{name}" if path else name
                if name == ANY_KEY:
                    yield inside, str(key)
                if inner.__class__ is str:
                    yield inside, inner
                elif inner is not None:
                    yield from self._walk(inner, inside, depth + 1)
        elif isinstance(value, list):
            for inner in value:
                yield from self._walk(inner, path, depth + 1)
        elif (text := _text(value)) is not None:
            yield path or LONE, text


@lru_cache(maxsize=4096)
def column_name(key: str) -> str:
    """Return a key as a part of a column's name.

    >>> column_name("birth_country"), column_name("078-05-1120"), column_name("ana@example.org")
    ('birth_country', '*', '*')
    """
    return key if _KEY.fullmatch(key) and not _MANY_DIGITS.search(key) else ANY_KEY


def texts_in(value: Any) -> Iterator[str]:
    """Give all texts and keys in a value, however deep, without recursion."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Mapping):
            waiting += reversed([each for pair in here.items() for each in pair])
        elif isinstance(here, list):
            waiting += reversed(here)
        elif (text := _text(here)) is not None:
            yield text


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
