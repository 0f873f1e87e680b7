"""Set-up files of SPSS, Stata and SAS: the labels of variables, and of their values. Never run, no data is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.text import decode, plain, refuse_long_lines, shorten
from curtilage.foundation.place import Place

_QUOTED: Final = r"(?:\"([^\"]{0,500})\"|'([^']{0,500})')"
_SIGN: Final = re.compile(
    rb"^\s*(?:VARIABLE\s+LABELS?|VALUE\s+LABELS?|ATTRIB|LABEL)\b|^\s*la(?:b(?:el)?)?\s+var(?:iable)?\s",
    re.MULTILINE | re.IGNORECASE,
)
_STATA: Final = re.compile(rf"\s*la(?:b(?:el)?)?\s+var(?:iable)?\s+(\w+)\s+`?{_QUOTED}", re.IGNORECASE)
_STATA_SET: Final = re.compile(r"\s*la(?:b(?:el)?)?\s+def(?:ine)?\s+(\w+)\s+(.*)", re.IGNORECASE)
_STATA_USE: Final = re.compile(
    r"\s*la(?:b(?:el)?)?\s+val(?:ues?)?\s+([\w\s]{1,500}?)\s+(\w+)\s*(?:,.*)?\Z", re.IGNORECASE
)
_STATA_VALUE: Final = re.compile(rf"-?[\d.]+\s+`?{_QUOTED}")
_BEGIN: Final = re.compile(r"\s*(VARIABLE\s+LABELS?|VALUE\s+LABELS?|LABEL|ATTRIB)\b(.*)", re.IGNORECASE)
_LABELLED: Final = re.compile(
    rf"\s*/?\s*(?:label\s+)?([A-Za-z_]\w*)\s*(?:label)?\s*=?\s*{_QUOTED}", re.IGNORECASE
)
_VALUES_OF: Final = re.compile(r"\s*/?\s*([A-Za-z_][\w\s]{0,300}?)\s*\Z")
_VALUE: Final = re.compile(
    rf"\s*/?\s*([A-Za-z_]\w*)?\s*(?:-?[\d.]+|'[^']{{1,40}}'|\"[^\"]{{1,40}}\")\s*=?\s*{_QUOTED}"
)


class StatisticsReader:
    """Gives a column for each variable that has a label."""

    name = "statistics"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.9 for set-up files that label variables, 0 otherwise."""
        known = document.suffix in {"do", "ado", "sps", "sas"}
        return 0.9 if known and _SIGN.search(document.content) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the variables in the order of the file.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: It is no text.
        """
        refuse_long_lines(document)
        lines = decode(document).split("\n")
        stata = document.suffix in {"do", "ado"}
        labels, values = _of_stata(lines) if stata else _of_commands(lines)
        found = (
            Place(
                document.source,
                f"line:{line}",
                "column",
                name,
                text=plain(said),
                options=shorten(values.get(name, ())),
            )
            for name, (line, said) in labels.items()
        )
        yield from tag_language(within_limits(found, document), document)


_Labels = dict[str, tuple[int, str]]
_Values = dict[str, list[str]]


def _of_stata(lines: list[str]) -> tuple[_Labels, _Values]:
    """Read Stata, which names a list of labels and then says whose values it labels."""
    labels, sets, values = _Labels(), _Values(), _Values()
    for number, line in enumerate(lines, start=1):
        if found := _STATA.match(line):
            labels.setdefault(found[1], (number, found[2] or found[3] or ""))
        elif found := _STATA_SET.match(line):
            sets.setdefault(found[1], []).extend(
                one or other for one, other in _STATA_VALUE.findall(found[2])
            )
        elif found := _STATA_USE.match(line):
            values |= {name: sets.get(found[2], []) for name in found[1].split()}
    return labels, values


def _of_commands(lines: list[str]) -> tuple[_Labels, _Values]:
    """Read SPSS and SAS, whose commands go on over lines up to a full stop or a semicolon."""
    labels, values = _Labels(), _Values()
    command, names = "", list[str]()
    for number, line in enumerate(lines, start=1):
        begun = _BEGIN.match(line)
        if begun:
            command, names = begun[1].upper()[:3], []
        rest = begun[2] if begun else line
        if command == "VAL":
            names = _label_values(rest, names, values)
        elif command and (found := _LABELLED.match(rest)):
            labels.setdefault(found[1], (number, found[2] or found[3] or ""))
        if rest.rstrip().endswith((".", ";")):
            command = ""
    return labels, values


def _label_values(text: str, names: list[str], values: _Values) -> list[str]:
    """Keep the labels of values on one line; return the variables that they belong to."""
    if found := _VALUE.match(text):
        names = [found[1]] if found[1] else names
        for name in names:
            values.setdefault(name, []).extend(one or other for _, one, other in _VALUE.findall(text))
    elif found := _VALUES_OF.match(text):
        names = found[1].split()[:200]
    return names
