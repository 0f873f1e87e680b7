"""Markdown that describes fields: tables, lists and headed passages of a data dictionary.

Most Markdown describes no field, and a page that describes parameters of a program looks much alike.
So a table has to be a dictionary by the rules of every table, a list has to stand under a heading, a
sentence or in a file that speaks of fields, and a passage has to say "Column name:". Code is no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.office.dictionary import Table, describe, find_dictionary
from curtilage.connectors.reading.text import decode, join, plain, refuse_long_lines, shorten
from curtilage.foundation.place import Place

_SUFFIXES: Final = frozenset({"md", "markdown", "mdown", "mkd", "mdx", "rmd", "qmd"})
_TELLS: Final = re.compile(
    rb"^[ \t>]*+\|?[ \t]*+:?-{2,}+:?[ \t]*+\||^[ \t]*+[-*+][ \t]++[`*_]"
    rb"|^[ \t>*_#-]*+(?:[Cc]olumn|[Ff]ield|[Vv]ariable|[Aa]ttribute|[Ee]lement)(?:[ _]?[Nn]ame)?[*_]{0,2}[ \t]*:",
    re.MULTILINE,
)
_FENCE: Final = re.compile(r"\s{0,3}(?:>\s*)?(```+|~~~+)")
_RULE: Final = re.compile(r"[\s>]*+\|?(?:\s*+:?-++:?\s*+\|)++\s*+(?::?-++:?\s*+)?\Z")
_CELLS: Final = re.compile(r"(?<!\\)\|")
_HEADING: Final = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*\Z")
_SPEAKS: Final = re.compile(
    r"dictionar|codebook|data[ _-]?(?:element|model|definition)|schema|\bfields?\b|\bcolumns?\b|\bvariables?\b|\battributes\b"
    r"|questionnaire|\bquestions\b|diccionario|dictionnaire|\bcampos\b|\bchamps\b",
    re.IGNORECASE,
)
#: What pages of programs describe under the same words.
_PROGRAM: Final = re.compile(
    r"environment|\benv\b|config|option|argument|\bprops?\b|paramet|command|flag|install|setting|api key"
    r"|\bhooks?\b|plugin|event|selector|css|\bcli\b|usage|webpack|docker|changelog|release",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(
    r"\s*[-*+]\s+(?:`(?P<code>[^`]{1,80})`|\*\*(?P<bold>[^*]{1,120})\*\*|__(?P<line>[^_]{1,120})__)"
    r"\s*(?:[\(\[](?P<type>[^()\[\]]{1,80})[\)\]])?\s*(?:[:=–—-]\s*(?P<said>\S.*)?)?\Z"
)
_NAMED: Final = re.compile(
    r"[\s>*_-]*(?:column|field|variable|attribute|data element|element)(?:[ _]?name)?[*_]{0,2}\s*:[*_]{0,2}\s*`?(?P<name>[^\s`*|,;]{1,80})`?\s*\Z",
    re.IGNORECASE,
)
_SAID: Final = re.compile(
    r"[\s>*_-]*(?P<key>description|definition|label|question(?: text)?|meaning|notes?|(?:data[ _]?)?type|format"
    r"|(?:allowed|valid|possible|permitted)?[ _]?values|options|choices|codes|response options)[*_]{0,2}\s*:[*_]{0,2}\s*(?P<said>\S.*)\Z",
    re.IGNORECASE,
)
_LINK: Final = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?:\s[^()]{0,200})?\)")
_MARKS: Final = re.compile(
    r"`+|\*\*|__|~~|(?<=\w)\\(?=[_*|])|(?<!\S)\*(?=\w)|(?<=\w)\*(?=\W|\Z)|\\(?=[_*|<>\[\]])"
)


@dataclass(slots=True)
class _Passage:
    """A field that lines of ``Key: said`` describe, while they are read."""

    line: int
    name: str
    said: list[str]
    type: str = ""
    options: list[str] = field(default_factory=list)


class MarkdownReader:
    """Gives a column or question for each field that a page describes."""

    name = "markdown"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.4 for Markdown with a table, a list of terms or a passage about a column."""
        return 0.4 if document.suffix in _SUFFIXES and _TELLS.search(document.content) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the fields in the order of the file; most pages describe none.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: It is no text.
        """
        refuse_long_lines(document)
        lines = _without_code(decode(document).splitlines())
        yield from within_limits(_Page(document.source, lines).list_places(), document)


class _Page:
    """One page, line by line."""

    def __init__(self, source: str, lines: list[str]) -> None:
        self.source, self.lines = source, lines
        self.file = source.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("_", " ")
        self.heading = self.above = ""

    def list_places(self) -> Iterator[Place]:
        at, passage = 0, None
        while at < len(self.lines):
            line = self.lines[at]
            ends = at + 1
            if heading := _HEADING.match(line):
                self.heading = self.above = _clean(heading[2])
            if passage is not None and (heading or _NAMED.match(line)):
                yield self._described(passage)
                passage = None
            if at + 1 < len(self.lines) and "|" in line and _RULE.match(self.lines[at + 1]):
                ends = self._end_of_table(at)
                yield from self._table(at, ends)
            elif named := _NAMED.match(line):
                passage = _Passage(at + 1, _clean(named["name"]), [self.heading])
            elif passage is not None and (said := _SAID.match(line)):
                _tell(passage, said["key"].lower(), _clean(said["said"]))
            elif _BULLET.match(line):
                ends = self._end_of_list(at)
                yield from self._list(at, ends)
            elif line.strip() and not heading:
                self.above = _clean(line)
            at = ends
        if passage is not None:
            yield self._described(passage)

    def _speaks_of_fields(self, headings: str = "") -> bool:
        """Tell whether what stands above, or the file's name, speaks of fields and not of a program."""
        near = f"{self.heading} {self.above} {headings}"
        return bool(_SPEAKS.search(near) or _SPEAKS.search(self.file)) and not _PROGRAM.search(near)

    def _end_of_table(self, at: int) -> int:
        end = at + 2
        while end < len(self.lines) and "|" in self.lines[end]:
            end += 1
        return end

    def _table(self, at: int, end: int) -> Iterator[Place]:
        rows = [(number + 1, _row(self.lines[number])) for number in (at, *range(at + 2, end))]
        speaks = self._speaks_of_fields(" ".join(rows[0][1].values())[:300])
        table = Table(self.source, context=self.heading[:200], unit="line", sure=speaks)
        found = find_dictionary(table, rows[0][1], rows[1:201])
        if found and not _PROGRAM.search(f"{self.heading} {self.above}"):
            yield from describe(table, found, rows[1:])

    def _end_of_list(self, at: int) -> int:
        """Return where a list ends: blank lines and lines that are further in belong to it."""
        end = at + 1
        while end < len(self.lines) and (
            _BULLET.match(self.lines[end]) or not self.lines[end].strip() or self.lines[end][:1].isspace()
        ):
            end += 1
        return end

    def _list(self, at: int, end: int) -> Iterator[Place]:
        terms = [
            (number + 1, bullet) for number in range(at, end) if (bullet := _BULLET.match(self.lines[number]))
        ]
        if len(terms) < 2 or not self._speaks_of_fields():
            return
        for number, bullet in terms:
            name = _clean(bullet["code"] or bullet["bold"] or bullet["line"]).rstrip(":")
            yield self._place(number, name, _clean(bullet["said"] or ""), type_=_clean(bullet["type"] or ""))

    def _described(self, passage: _Passage) -> Place:
        text = join(*(said for said in passage.said if said != passage.name))
        return self._place(passage.line, passage.name, text, shorten(passage.options), passage.type)

    def _place(
        self, line: int, name: str, text: str, options: tuple[str, ...] = (), type_: str = ""
    ) -> Place:
        return Place(
            self.source,
            f"line:{line}",
            "column",
            name=name,
            text=text,
            options=options,
            context="" if self.heading in text else self.heading[:200],
            type=type_[:100],
        )


def _tell(passage: _Passage, key: str, said: str) -> None:
    """Keep what one line of a passage says."""
    if key.endswith(("type", "format")):
        passage.type = passage.type or said[:100]
    elif key.endswith(("values", "options", "choices", "codes")):
        passage.options += re.split(r"[,;|]", said)
    else:
        passage.said.append(said)


def _without_code(lines: list[str]) -> list[str]:
    """Return the lines, those of fenced code and of the settings at the top blank."""
    fence, kept = "", []
    if lines and lines[0].strip() == "---":
        fence = "---"
    for before, line in pairwise(["", *lines]):
        marks = _FENCE.match(line)
        if fence:
            ended = line.strip() == fence if fence == "---" else marks and marks[1].startswith(fence)
            fence = "" if ended and (before or fence != "---") else fence
            kept.append("")
        elif marks:
            fence = marks[1][:3]
            kept.append("")
        else:
            kept.append(line)
    return kept


def _row(line: str) -> dict[int, str]:
    cells = _CELLS.split(line.strip().lstrip(">").strip().removeprefix("|").removesuffix("|"))
    return {index: said for index, cell in enumerate(cells[:200]) if (said := _clean(cell))}


def _clean(text: str) -> str:
    """Return text without the marks of Markdown; a link is its words.

    >>> _clean("**`birth_country`** [as told](#x)")
    'birth_country as told'
    """
    return plain(_MARKS.sub("", _LINK.sub(r"\1", text[:8000])))
