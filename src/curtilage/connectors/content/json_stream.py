"""JSON of any size, a record at a time: what is held is one record, never the file.

* Lines of JSON: a record a line; a line that is broken costs itself.
* A list of records: its items. An object: each list in it gives its items, the rest of it is one record.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

_BLOCK_BYTES: Final = 256 * 2**10
_SPACE: Final = " \t\r\n"


class BrokenJsonError(ValueError):
    """The text does not follow JSON from some place on; says nothing about it."""


class TooLargeError(ValueError):
    """One record is larger than may be held."""


class _Text:
    """A text that is read as far as somebody asks, and forgotten behind the place that was reached."""

    def __init__(self, file: BinaryIO, longest: int) -> None:
        self._file, self._longest = file, longest
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.held, self.at, self.is_whole = "", 0, False
        # Numbers stay as they were written: "007", or ten thousand digits.
        self._json = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)

    def more(self) -> bool:
        """Read on, twice as much as is held, so that trying again costs little."""
        if self.is_whole:
            return False
        rest = self.held[self.at :]
        if len(rest) > self._longest:
            raise TooLargeError
        data = self._file.read(max(_BLOCK_BYTES, len(rest)))
        self.is_whole = not data
        self.held, self.at = rest + self._decoder.decode(data, final=not data), 0
        return bool(data)

    def peek(self) -> str:
        """Return the next character that is no space; empty at the end."""
        while True:
            while self.at < len(self.held) and self.held[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.held):
                return self.held[self.at]
            if not self.more():
                return ""

    def take(self, expected: str) -> bool:
        """Go behind the next character where it is ``expected``."""
        if self.peek() != expected:
            return False
        self.at += 1
        return True

    def value(self) -> Any:
        """Return the next value and go behind it."""
        if not self.peek():
            raise BrokenJsonError
        while True:
            try:
                value, end = self._json.raw_decode(self.held, self.at)
            except ValueError:
                value, end = None, -1
            # A number at the end may go on.
            if end >= 0 and (end < len(self.held) or self.is_whole):
                self.at = end
                return value
            if not self.more() and self.is_whole and end < 0:
                raise BrokenJsonError


def stream_records(file: BinaryIO, *, largest: int) -> Iterator[tuple[str, Any]]:
    """Give the records of a JSON text with the key of the list that they stand in; empty where there is none.

    Args:
        file: UTF-8, without a byte order mark.
        largest: Characters of one record.

    Raises:
        BrokenJsonError: It does not follow JSON; what stood before was given.
        RecursionError: A record is nested too deeply.
        TooLargeError: A record is larger than ``largest``.
    """
    text = _Text(file, largest)
    while text.peek():
        if text.take("["):
            yield from (("", item) for item in _items(text))
        elif text.peek() == "{":
            yield from _members(text)
        else:
            yield "", text.value()
        text.take(",")


def _items(text: _Text) -> Iterator[Any]:
    if text.take("]"):
        return
    while True:
        yield text.value()
        if text.take("]"):
            return
        if not text.take(","):
            raise BrokenJsonError


def _members(text: _Text) -> Iterator[tuple[str, Any]]:
    """Give the items of the lists in an object as they come, and the rest of it as one record."""
    text.take("{")
    rest: dict[str, Any] = {}
    is_done = text.take("}")
    while not is_done:
        key = text.value()
        if not isinstance(key, str) or not text.take(":"):
            raise BrokenJsonError
        if text.take("["):
            yield from ((key, item) for item in _items(text))
        else:
            rest[key] = text.value()
        is_done = text.take("}")
        if not is_done and not text.take(","):
            raise BrokenJsonError
    if rest:
        yield "", rest
