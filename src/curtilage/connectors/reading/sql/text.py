"""SQL files as statements and tokens, in any dialect, without reading the rows.

A dump is mostly rows. They are passed over in one sweep that knows strings, comments and ``COPY``
blocks, and never leave this module; only statements that shape a database become tokens.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from curtilage.connectors.ports import Document, LimitReachedError

#: Words that begin a statement which can name a column.
_SHAPING: Final = re.compile(r"(?:CREATE|ALTER|COMMENT|EXEC|EXECUTE)\b", re.IGNORECASE)
_COPY: Final = re.compile(r"COPY\b[^;]{1,20000}?\bFROM\s+STDIN\b[^;\n]*;[^\n]*\n", re.IGNORECASE)
#: Where the next statement begins although none was ended: GO, a lone slash, or a telling first word.
_BREAK: Final = (
    r"\n(?=[ \t]*(?:GO[ \t]*\d*[ \t]*\r?(?:\n|\Z)|/[ \t]*\r?(?:\n|\Z)"
    r"|(?:CREATE|ALTER|INSERT|COMMENT|EXEC|EXECUTE|COPY|GRANT|UPDATE|DELETE)[ \t]+[\w\[\"`@]))"
)
_NEXT: Final = re.compile(r"\n[ \t]*(?=(?:CREATE|ALTER|INSERT|COMMENT|EXEC|COPY|GO)\b)", re.IGNORECASE)
_GAP: Final = re.compile(
    r"(?:[\s;]++|--[^\n]*+|#[ \t][^\n]*+|(?:REM|PROMPT)\b[^\n]*+"
    r"|/\*(?!!)(?s:.*?)\*/|/\*!\d*|\*/|GO\b|/)*+",
    re.IGNORECASE,
)
_MYSQL: Final = re.compile(r"`\w|\bENGINE\s*=|\bAUTO_INCREMENT\b|\b(?:MySQL|MariaDB) dump\b", re.IGNORECASE)
#: A statement longer than this is no declaration that a person or a tool wrote.
_LONGEST: Final = 4 * 2**20


class Token(NamedTuple):
    """One token: ``word``, ``name`` (quoted), ``text``, ``number``, ``mark`` or ``note`` (a comment)."""

    kind: str
    value: str
    line: int

    @property
    def upper(self) -> str:
        """Return an unquoted word in capitals; empty for anything else, so quoting is respected."""
        return self.value.upper() if self.kind == "word" else ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that can name a column, with the comments right above it.

    Attributes:
        text: From its first word to its end.
        line: 1-based line of its first word.
        above: The comment block that touches it, markers removed.
    """

    text: str
    line: int
    above: str
    escapes: bool

    def tokens(self) -> Iterator[Token]:
        """Give the tokens, comments among them, spaces left out."""
        line = self.line
        for match in (_ESCAPED if self.escapes else _TOKEN).finditer(self.text):
            kind = match.lastgroup or "mark"
            found = match.group()
            if kind not in {"space", "pass"}:
                yield Token(kind, _bare(kind, found), line)
            if kind in {"space", "note", "text", "name"}:
                line += found.count("\n")


def statements(text: str, document: Document) -> Iterator[Statement]:
    """Give the statements of a file that can name a column, in order.

    Rows, queries and grants are passed over. A string that never ends costs its own statement: the
    next line that begins with a telling word is read again.

    Raises:
        LimitReachedError: It takes longer than ``limits.seconds``.
    """
    escapes = bool(_MYSQL.search(text, 0, 200_000))
    span = _span(text, escapes=escapes)
    deadline = time.monotonic() + document.limits.seconds
    at, line = 0, 1
    while at < len(text):
        if time.monotonic() > deadline:
            raise LimitReachedError(source=document.source, what="Reading it takes too long", line=line)
        gap = _GAP.match(text, at)
        start = gap.end() if gap else at
        line += text.count("\n", at, start)
        end = _end(text, start, span)
        if end - start <= _LONGEST and _SHAPING.match(text, start):
            yield Statement(text[start:end], line, _above(text, at, start), escapes)
        line += text.count("\n", start, end)
        at = end


def _end(text: str, start: int, span: re.Pattern[str]) -> int:
    copy = _COPY.match(text, start)
    if copy:
        done = text.find("\n\\.", copy.end() - 1)
        return len(text) if done < 0 else done + 3
    match = span.match(text, start)
    end = match.end() if match else start
    if end == start:
        following = _NEXT.search(text, start + 1)
        end = following.start() if following else len(text)
    return max(end, start + 1)


def _span(text: str, *, escapes: bool) -> re.Pattern[str]:
    """Return what matches one statement up to its end, built for the dollar quotes of this text."""
    tags = Counter(re.findall(r"\$\w{0,60}\$", text)) if "$" in text else Counter()
    quoted = "".join(rf"|{re.escape(tag)}.*?{re.escape(tag)}" for tag, _ in tags.most_common(20))
    # An escaped quote outside a string is passed over too: that keeps a hostile file linear.
    escape = r"\\.|" if escapes else ""
    strings = _string(escapes=escapes)
    return re.compile(
        rf"""(?:{escape}[^;'"`$\-/\n\\\#]++|{strings}|"[^"]*+"|`[^`]*+`{quoted}
             |--[^\n]*+|\#[ \t][^\n]*+|/\*(?!!)(?s:.*?)\*/|(?!{_BREAK})[^;])*+;?""",
        re.VERBOSE | re.DOTALL | re.IGNORECASE,
    )


def _string(*, escapes: bool) -> str:
    return r"'(?:[^'\\]|''|\\.)*+'" if escapes else r"'(?:[^']|'')*+'"


def _token(*, escapes: bool) -> re.Pattern[str]:
    return re.compile(
        rf"""(?P<space>\s++)
           | (?P<note>--[^\n]*+|\#[ \t][^\n]*+|/\*(?!!)(?s:.*?)\*/)
           | (?P<pass>/\*!\d*|\*/)
           | (?P<text>[NnEeUu]?{_string(escapes=escapes)})
           | (?P<name>"(?:[^"]|"")*+"|`[^`]*+`|\[[^\W\d][^\]\n]*+\])
           | (?P<word>[^\W\d][\w$]*+)
           | (?P<number>\d[\w.]*+)
           | (?P<mark>::|.)""",
        re.VERBOSE | re.DOTALL,
    )


_TOKEN: Final = _token(escapes=False)
_ESCAPED: Final = _token(escapes=True)


def _bare(kind: str, found: str) -> str:
    if kind == "text":
        inner = found[found.index("'") + 1 : -1].replace("''", "'")
        return re.sub(r"\\(.)", r"\1", inner) if "\\'" in inner else inner
    if kind == "name":
        return found[1:-1].replace('""', '"')
    return note(found) if kind == "note" else found


def note(comment: str) -> str:
    """Return what a comment says, without its markers and rules of dashes.

    >>> note("-- born abroad?")
    'born abroad?'
    >>> note("/* ---------- */")
    ''
    """
    said = re.sub(r"^/\*+|\*+/$", "", comment)
    lines = (re.sub(r"^[\s*#-]+|[\s*=#-]+$", "", line) for line in said.split("\n"))
    return " ".join(line for line in lines if re.search(r"\w", line))


def _above(text: str, start: int, end: int) -> str:
    """Return the comment that touches the statement from above; a blank line parts them."""
    block = text[max(start, end - 4000) : end].rstrip(" \t")
    touching = re.split(r"\n[ \t]*\r?\n", block)[-1]
    if not touching.endswith("\n"):
        return ""
    notes = re.findall(r"--[^\n]*|/\*(?!!)(?:[^*]|\*(?!/))*\*/", touching)
    return " ".join(filter(None, map(note, notes)))[:500]
