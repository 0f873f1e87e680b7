"""What every reader of text needs: bytes to characters, bounds, markup stripped.

Nothing here knows a format. Text is data: it is never run, and a template's placeholder is cut out,
never filled in.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError, UnreadableError
from curtilage.connectors.reading.encodings import MARKS, guess_encoding

_GUESSED_BYTES: Final = 2**20
_BREAKS: Final = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAGS: Final = re.compile(r"</?[A-Za-z][^<>]{0,2000}>|<!--.{0,2000}?-->", re.DOTALL)
_SPACES: Final = re.compile(r"\s+")
#: How much of one label is kept: a longer one is a page of text, not a question.
LONGEST_TEXT: Final = 4000
#: How deep a tree is read whatever the limits say: readers walk it by recursion, which Python bounds.
DEEPEST_TREE: Final = 200
#: How many options of one question are kept: a list of countries has 250, a list of towns no end.
MOST_OPTIONS: Final = 400


def decode(document: Document) -> str:
    """Return the characters of ``document``, its byte order mark removed.

    UTF-8 unless a mark says otherwise; what is not UTF-8 is read in an encoding of East Asia where it
    really looks so, else as Windows-1252, the other encoding that forms really have.

    Raises:
        LimitReachedError: It is larger than ``limits.file_bytes``.
        UnreadableError: It holds NUL characters, or follows neither encoding.
    """
    content = document.content
    if len(content) > document.limits.file_bytes:
        raise LimitReachedError(source=document.source, what="The file is larger than may be read")
    mark = next((name for start, name in MARKS if content.startswith(start)), "")
    try:
        text = content.decode(mark or "utf-8")
    except UnicodeDecodeError as error:
        if mark:
            raise UnreadableError(source=document.source, what=f"It does not follow {mark}") from error
        text = content.decode(
            guess_encoding(content[:_GUESSED_BYTES], whole=len(content) <= _GUESSED_BYTES), errors="replace"
        )
    if "\0" in text:
        raise UnreadableError(source=document.source, what="It holds NUL characters, so it is no text")
    return text


def has_any(content: bytes, words: Iterable[bytes]) -> bool:
    """Return whether one of ``words`` stands in ``content``: far cheaper than a pattern that asks more."""
    return any(word in content for word in words)


def refuse_long_lines(document: Document) -> None:
    """Stop where a line is longer than ``limits.line_bytes``.

    Raises:
        LimitReachedError: Names the first such line, counted from 1.
    """
    longest = document.limits.line_bytes
    if len(document.content) <= longest:
        return
    for number, line in enumerate(document.content.split(b"\n"), start=1):
        if len(line) > longest:
            raise LimitReachedError(
                source=document.source, what=f"A line is longer than {longest:,} bytes", line=number
            )


def plain(value: object) -> str:
    """Return ``value`` as one line of text without markup; empty for whatever is no text or number.

    >>> plain("<p>Are you a <b>citizen</b>?</p>")
    'Are you a citizen?'
    >>> plain({"en": "no text"})
    ''
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        return ""
    text = value[: LONGEST_TEXT * 4]
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAGS.sub("", _BREAKS.sub(" ", text))
    return _SPACES.sub(" ", text).strip()[:LONGEST_TEXT]


def join(*parts: object, by: str = " — ") -> str:
    """Join what is not empty, leaving out what an earlier part already says.

    >>> join("Name", "", "Name", "As on your ID")
    'Name — As on your ID'
    """
    said: list[str] = []
    for part in map(plain, parts):
        if part and part not in said:
            said.append(part)
    return by.join(said)


def shorten(options: Iterable[object]) -> tuple[str, ...]:
    """Return the distinct options that are not empty, in order, at most ``MOST_OPTIONS`` of them."""
    kept: dict[str, None] = {}
    for option in islice(options, 10 * MOST_OPTIONS):
        text = plain(option)[:300]
        if text:
            kept[text] = None
        if len(kept) >= MOST_OPTIONS:
            break
    return tuple(kept)
