"""Words as papers carry them, and phrases that find them again.

* A text is folded: accents, fancy quotes and dashes, spaced-out letters and hyphens at a line's end are
  evened out, line by line, so that a scan and a clean file read alike.
* A phrase is written for people, not for programs: ``warrant (for|of) arrest``, ``[united states] district
  court``, ``served on * by``. Round brackets are a choice of words, square ones may be missing, ``*`` is up to five
  words of anything, ``#`` is a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

MOST_CHARACTERS: Final = 400_000
"""Characters of a paper that are looked at: some 150 pages. Chosen: what stands behind is no heading."""

COLUMN: Final = "|"
"""Stands between the columns of a form, where many blanks stood."""

_SIGNS_EVEN: Final = {
    **dict.fromkeys(map(ord, "‘’‚‛`´"), "'"),
    **dict.fromkeys(map(ord, "“”„«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
    **dict.fromkeys(map(ord, "[]"), " "),
    **dict.fromkeys((0x00AD, 0x200B), ""),
}
_SPACED: Final = re.compile(r"(?<!\S)(?:[A-Za-z] ){3,}[A-Za-z](?!\S)")
_HYPHENED: Final = re.compile(r"(?<=[a-z])-\n[ \t]*(?=[a-z])")
_COLUMNS: Final = re.compile(r"[^\S\n]{4,}|\t")
_BLANKS: Final = re.compile(r"[^\S\n\f]+")
_GAP: Final = r"[^\S\f]{1,6}"
_TOKEN: Final = re.compile(r"(?<!\S)\[[^\[\]()]+\](?!\S)|(?<!\S)\([^\[\]()]+\)(?!\S)|\S+")
_ANYTHING: Final = rf"(?:\S{{1,40}}{_GAP}){{0,5}}?"


@dataclass(frozen=True, slots=True)
class Folded:
    """A paper's text, evened out.

    Attributes:
        text: As it stands, pages parted by a form feed.
        lower: The same in small letters; each character stands at the same place.
    """

    text: str
    lower: str

    def line_at(self, position: int) -> tuple[int, int]:
        """Return page and line of a character, both from 1."""
        page = self.text.count("\f", 0, position) + 1
        line = self.text.count("\n", self.text.rfind("\f", 0, position) + 1, position) + 1
        return page, line


def fold(pages: tuple[str, ...]) -> Folded:
    r"""Return the text of a paper, evened out; only its first :data:`MOST_CHARACTERS`.

    >>> fold(("W A R R A N T  for\u00a0Arrest — “Alíen”",)).text
    'WARRANT for Arrest - "Alien"'
    """
    text = "\f".join(_fold_page(page) for page in pages)[:MOST_CHARACTERS]
    lower = text.lower()
    return Folded(text, lower if len(lower) == len(text) else text.translate(_SMALL))


_SMALL: Final = {ord(letter): ord(letter) + 32 for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def _fold_page(page: str) -> str:
    plain = unicodedata.normalize("NFKD", page[:MOST_CHARACTERS].translate(_SIGNS_EVEN))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    plain = plain.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    plain = _SPACED.sub(lambda found: found[0].replace(" ", ""), _HYPHENED.sub("", plain))
    return "\n".join(_fold_line(line) for line in plain.split("\n"))


def _fold_line(line: str) -> str:
    return _BLANKS.sub(" ", _COLUMNS.sub(f" {COLUMN} ", line.strip())).strip()


@cache
def compile_phrase(phrase: str) -> re.Pattern[str]:
    """Return what finds a phrase in small folded letters, as whole words, over the end of a line too.

    Raises:
        ValueError: It begins or ends with what may be missing or anything, or has brackets in brackets.

    >>> bool(compile_phrase("[united states] district court (of|for) * county").search("district court of the king county"))
    True
    """
    tokens = _TOKEN.findall(phrase)
    if any(_is_broken(token) for token in tokens):
        raise ValueError(f"A phrase has brackets within a word, or that do not close: {phrase!r}")
    if not tokens or tokens[0] == "*" or tokens[-1] == "*" or tokens[-1].startswith("["):
        raise ValueError(f"A phrase begins and ends with a word: {phrase!r}")
    return re.compile(rf"(?<![a-z0-9]){''.join(_join(tokens))}(?![a-z0-9])")


def _is_broken(token: str) -> bool:
    """Return whether a token is neither a word nor a whole group; ``287(g)`` is a word."""
    is_group = token[0] + token[-1] in {"[]", "()"}
    return token.count("(") != token.count(")") or (not is_group and any(sign in token for sign in "[]|"))


def _join(tokens: list[str]) -> Iterator[str]:
    for index, token in enumerate(tokens):
        is_last = index == len(tokens) - 1
        if token == "*":  # noqa: S105 - a token of a phrase
            yield _ANYTHING
        elif token.startswith("["):
            yield f"(?:{_alternatives(token)}{_GAP})?"
        else:
            yield (_alternatives(token) if token.startswith("(") else _literal(token)) + (
                "" if is_last else _GAP
            )


def _alternatives(token: str) -> str:
    choices = (_GAP.join(map(_literal, choice.split())) for choice in token[1:-1].split("|"))
    return f"(?:{'|'.join(choices)})"


def _literal(word: str) -> str:
    """Return one word: a dot or an apostrophe may be missing, blanks may stand around a hyphen or a slash."""
    return "".join(_SIGNS.get(sign, re.escape(sign)) for sign in word)


_SIGNS: Final = {
    ".": r"\.?\s?",
    "'": "'?",
    "-": r"\s?-\s?",
    "/": r"\s?/\s?",
    "(": r"\s?\(\s?",
    "#": r"[0-9]{1,9}",
    "§": r"(?:(?:§+|sections?|secs?\.?)\s?)?",
}
