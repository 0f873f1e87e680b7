"""The folded text of one cell: its words, where sentences end, where identifiers may begin and end."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from curtilage.detection.values.nouns import DIGIT_WITHIN
from curtilage.detection.values.rules import WORD

_DIGIT: Final = re.compile(rb"[0-9<]")
_END: Final = re.compile(rb"(?=[^0-9A-Za-z\x80-\xff]|[\xe3-\xe9])(?![-./_][0-9])")
"""Behind an identifier: no word and no number goes on. A character that is a word by itself may stand there."""
_ALNUM: Final = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_DIGITS: Final = frozenset(b"0123456789")
UPPER: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_GLUE: Final = frozenset(b"-./_")
_IDEOGRAPHS: Final = range(0xE3, 0xEA)
"""First bytes of characters that are words by themselves."""
_MOST_SEPARATORS: Final = 3
_MOST_LOCAL, _MOST_DOMAIN = 64, 255
"""Source: RFC 5321, 4.5.3.1."""
_LOCAL: Final = frozenset(_ALNUM | set(b"._%+'-"))
_DOMAIN: Final = frozenset(_ALNUM | set(b".-"))
PARTICLES: Final = frozenset(b"de del la las los da das do dos di van von der bin al el y e".split())
"""Little words inside names."""
_MOST_NAMES, _MOST_PARTICLES = 4, 2


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a folded cell: its bytes in lower case and where it stands."""

    text: bytes
    start: int
    end: int


class Text:
    """The folded text of one cell, with its words and the ends of its sentences."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def words(self) -> list[Word]:
        """The words in order."""
        return [Word(found[0].lower(), found.start(), found.end()) for found in WORD.finditer(self.data)]

    @cached_property
    def stops(self) -> list[int]:
        """Where sentences end: ``! ? ;``, a break, a new line, and a full stop behind a word of three letters.

        A new line goes on with the sentence where a small letter follows, as in wrapped text.
        """
        return [at.start() for at in re.finditer(rb"[!?;\n\x00.]", self.data) if self._stops(at.start())]

    def _stops(self, at: int) -> bool:
        data = self.data
        if data[at] == ord("\n"):
            return not data[at + 1 : at + 2].islower()
        if data[at] != ord("."):
            return True
        behind = data[at + 1 : at + 2]
        return (not behind or behind.isspace()) and at >= 3 and all(map(_is_wordy, data[at - 3 : at]))

    def joins(self, place: int) -> bool:
        """Return whether the word behind the one at ``place`` belongs to the same phrase."""
        if place + 1 >= len(self.words):
            return False
        here, behind = self.words[place], self.words[place + 1]
        size = behind.start - here.end
        if size == 0:  # only characters that are words by themselves touch
            return True
        return size <= _MOST_SEPARATORS and not self.has_stop(here.end, behind.start)

    def has_stop(self, start: int, end: int) -> bool:
        """Return whether a sentence ends at one of the bytes from ``start`` up to ``end``."""
        return bisect_left(self.stops, start) < bisect_left(self.stops, end)

    def shape_starts(self) -> Iterator[int]:
        """Give where identifiers may begin."""
        data = self.data
        if not _DIGIT.search(data):
            return
        for found in WORD.finditer(data):
            start = found.start()
            if data[start] not in _ALNUM or not _DIGIT.search(data, start, start + DIGIT_WITHIN):
                continue
            if not (start > 1 and data[start - 1] in _GLUE and data[start - 2] in _DIGITS):
                yield start

    def list_ends(self, start: int, most: int) -> list[int]:
        """Return where an identifier from ``start`` on may end, up to ``most``, the furthest first.

        No word and no number goes on there.
        """
        last = min(most, len(self.data))
        ends = itertools.takewhile(
            lambda end: end <= last, (end.start() for end in _END.finditer(self.data, start + 1))
        )
        return [*ends, *([last] if last == len(self.data) else ())][::-1]

    def list_mail(self) -> Iterator[tuple[int, int]]:
        """Give the addresses of mail. Source: RFC 5321, without quoted local parts."""
        data, at = self.data, self.data.find(b"@")
        while at >= 0:
            start = at
            while start > 0 and data[start - 1] in _LOCAL and at - start <= _MOST_LOCAL:
                start -= 1
            end = at + 1
            while end < len(data) and data[end] in _DOMAIN and end - at - 1 <= _MOST_DOMAIN:
                end += 1
            fits = at - start <= _MOST_LOCAL and end - at - 1 <= _MOST_DOMAIN
            while start < at and data[start] not in _ALNUM:
                start += 1
            while end > at + 1 and data[end - 1] not in _ALNUM:
                end -= 1
            if fits and start < at and _is_domain(data[at + 1 : end]):
                yield start, end
            at = data.find(b"@", at + 1)

    def find_name(self, end: int, stop: frozenset[str]) -> tuple[int, int] | None:
        """Return where 1 to 4 capitalised words stand behind a phrase, little words among them allowed."""
        place = bisect_left(self.words, end, key=lambda word: word.start)
        if place >= len(self.words):
            return None
        first, last, names, particles = self.words[place], None, 0, 0
        if first.start - end > 2 or self.data[end : first.start].strip(b":., "):
            return None
        while names < _MOST_NAMES:
            word = self.words[place]
            if self.data[word.start] in UPPER and word.text.decode() not in stop:
                last, names = word, names + 1
            elif names and particles < _MOST_PARTICLES and word.text in PARTICLES:
                particles += 1
            else:
                break
            place += 1
            if place >= len(self.words) or not self._goes_on(word.end, self.words[place].start):
                break
        return (first.start, last.end) if last else None

    def _goes_on(self, end: int, start: int) -> bool:
        return self.data[end:start] in (b" ", b"-", b"'", b". ")


def _is_wordy(byte: int) -> bool:
    return byte in _ALNUM or byte >= 0x80


def _is_domain(domain: bytes) -> bool:
    labels = domain.split(b".")
    return (
        len(labels) > 1
        and all(labels)
        and domain[:1] != b"-"
        and labels[-1].isalpha()
        and 2 <= len(labels[-1]) <= 24
    )
